//! A whole account, from sign-in to sign-out: engine, proxy and Dovecot, with another client changing things.

use crate::account::Account;
use postern_engine::border::{DownloadId, Intent, ListState, MailboxRole, Notice, ProblemCode, Session};
use postern_tests::seed::{self, charsets::SAMPLES};
use postern_tests::{Dovecot, Proxy};

/// Dovecot with Robin's mail, and the proxy before it.
fn robins() -> (Dovecot, Proxy) {
    let mailboxes = seed::person(seed::now());
    let dovecot = Dovecot::start(&[(seed::USER, &mailboxes)]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    (dovecot, proxy)
}

/// Dovecot with nobody's mail, and the proxy before it.
fn empty() -> (Dovecot, Proxy) {
    let dovecot = Dovecot::start(&[]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    (dovecot, proxy)
}

const LETTER: &[u8] =
    b"From: Ada <ada@example.com>\r\nTo: bea@example.com\r\nSubject: Tea at four\r\n\r\nIn the garden.\r\n";

#[tokio::test]
async fn signs_in_and_reads_over_implicit_tls_and_over_starttls() {
    let (_dovecot, proxy) = robins();
    for upstream in [None, Some("starttls")] {
        let mut account = Account::signed_in(&proxy, upstream, seed::USER).await;
        let roles: Vec<_> = account.view.mailboxes.iter().filter_map(|mailbox| mailbox.role).collect();
        assert_eq!(roles.first(), Some(&MailboxRole::Inbox), "{roles:?}");
        assert!(roles.contains(&MailboxRole::Sent) && roles.contains(&MailboxRole::Junk), "{roles:?}");
        for name in ["Österreich", "日本の庭"] {
            assert!(account.view.mailbox(name).selectable, "{name}");
        }

        account.open("INBOX").await;
        let newest = account.row("Re: Plans for the courtyard, two variants");
        assert_eq!(newest.correspondent, "Lena Brandt");
        assert!(!newest.flags.seen);
        let message = account.read(&newest).await;
        assert!(message.body.text.is_some_and(|text| text.contains("evening sun")));
        assert_eq!(account.view.told(), [], "a server in good health brings no trouble");
    }
}

#[tokio::test]
async fn pictures_and_alternatives_arrive_decoded() {
    let (_dovecot, proxy) = robins();
    let mut account = Account::signed_in(&proxy, None, seed::USER).await;
    account.open("INBOX").await;
    let row = account.row("初霜 First frost in the garden");
    assert!(row.flags.flagged);
    let message = account.read(&row).await;
    assert!(message.body.html.is_some_and(|html| html.contains("cid:frost.1@hanamizu.example")));
    let kinds: Vec<_> =
        message.inline_images.iter().map(|image| (image.mime_type.as_str(), &image.bytes[..4])).collect();
    assert_eq!(kinds, [("image/png", b"\x89PNG".as_slice()), ("image/jpeg", b"\xff\xd8\xff\xdb")]);
}

#[tokio::test]
async fn every_charset_reads_as_it_was_written() {
    let (_dovecot, proxy) = robins();
    let mut account = Account::signed_in(&proxy, None, seed::USER).await;
    let inbox = account.open("INBOX").await;
    let rows = account.rows(inbox).await;
    for sample in SAMPLES {
        let row = rows.iter().find(|row| row.subject == sample.subject);
        let row = row.unwrap_or_else(|| panic!("no subject {:?} ({})", sample.subject, sample.charset));
        let message = account.read(row).await;
        assert_eq!(message.body.text.as_deref().map(str::trim_end), Some(sample.text), "{}", sample.charset);
        assert!(!message.notices.contains(&Notice::UnknownCharset), "{}", sample.charset);
    }
}

#[tokio::test]
async fn no_message_of_a_real_mailbox_is_unreadable() {
    let (_dovecot, proxy) = robins();
    let mut account = Account::signed_in(&proxy, None, seed::USER).await;
    let mut read = 0;
    for mailbox in account.view.mailboxes.clone().iter().filter(|mailbox| mailbox.selectable) {
        let opened = account.open(&mailbox.name).await;
        for row in account.rows(opened).await {
            account.read(&row).await;
            read += 1;
        }
    }
    assert!(read >= 200, "{read}");
}

#[tokio::test]
async fn flags_go_both_ways() {
    let (dovecot, proxy) = empty();
    let mut other = dovecot.other_client("bea").unwrap();
    other.append("INBOX", "", LETTER).unwrap();
    let mut account = Account::signed_in(&proxy, None, "bea").await;
    account.open("INBOX").await;

    let message = account.row("Tea at four").id;
    account.ask(Intent::SetFlags { messages: vec![message], seen: Some(true), flagged: Some(true) });
    assert_eq!(account.view.list(), ["Tea at four seen flagged"], "at once");
    other.command("SELECT INBOX").unwrap();
    // The other client looks again whenever something happened here.
    account
        .until("the server knows", |_| {
            let seen = other.command("FETCH 1 FLAGS").unwrap().join("\n");
            seen.contains(r"\Flagged") && seen.contains(r"\Seen")
        })
        .await;

    other.command(r"STORE 1 -FLAGS (\Flagged)").unwrap();
    account.until("the flag is gone", |view| view.list() == ["Tea at four seen"]).await;
    assert_eq!(account.view.refused, []);
}

#[tokio::test]
async fn what_another_client_appends_appears_by_itself() {
    let (dovecot, proxy) = empty();
    let mut account = Account::signed_in(&proxy, None, "bea").await;
    let inbox = account.open("INBOX").await;
    assert_eq!(account.view.list(), [""; 0]);

    let mut other = dovecot.other_client("bea").unwrap();
    other.append("INBOX", "", LETTER).unwrap();
    account.until("new mail", |view| !view.news.is_empty() && view.list() == ["Tea at four"]).await;
    account
        .until("its count", |view| view.mailboxes.iter().any(|row| row.id == inbox && row.unread == Some(1)))
        .await;

    other.command("SELECT INBOX").unwrap();
    other.command(r"STORE 1 +FLAGS (\Deleted)").unwrap();
    other.command("EXPUNGE").unwrap();
    account.until("it is gone", |view| view.rows.is_empty()).await;
}

#[tokio::test]
async fn the_server_goes_and_comes_back_with_news() {
    let (mut dovecot, proxy) = empty();
    let mut account = Account::signed_in(&proxy, None, "bea").await;
    account.open("INBOX").await;

    dovecot.stop().unwrap();
    let is_reconnecting = |session: Option<&Session>| matches!(session, Some(Session::Reconnecting { .. }));
    account.until("reconnecting", |view| is_reconnecting(view.sessions.last())).await;
    dovecot.start_again().unwrap();
    dovecot.other_client("bea").unwrap().append("INBOX", "", LETTER).unwrap();
    account.until("online again", |view| view.sessions.last() == Some(&Session::Online)).await;
    account
        .until("the news", |view| view.list_state == Some(ListState::Ready) && view.list() == ["Tea at four"])
        .await;
}

#[tokio::test]
async fn each_reason_not_to_get_in_has_its_code() {
    let (mut dovecot, proxy) = empty();
    check_refused(&proxy, None, "guess", ProblemCode::WrongPassword).await;
    check_refused(&proxy, Some("starttls"), "guess", ProblemCode::WrongPassword).await;
    check_refused(&proxy, Some("untrusted"), "guess", ProblemCode::CertificateUntrusted).await;
    check_refused(&proxy, Some("nowhere"), "guess", ProblemCode::NotAllowed).await;
    dovecot.stop().unwrap();
    check_refused(&proxy, None, "guess", ProblemCode::ServerUnreachable).await;
}

async fn check_refused(proxy: &Proxy, upstream: Option<&str>, password: &str, expected: ProblemCode) {
    let mut account = Account::new(proxy);
    account.sign_in(upstream, "bea", password);
    account
        .until("a refusal", |view| {
            matches!(view.sessions.last(), Some(Session::SignedOut { problem: Some(_) }))
        })
        .await;
    let Session::SignedOut { problem: Some(problem) } = account.view.session() else { unreachable!() };
    assert_eq!(problem.code, expected, "{problem:?}");
}

#[tokio::test]
async fn a_large_attachment_arrives_whole() {
    let (_dovecot, proxy) = robins();
    let mut account = Account::signed_in(&proxy, None, seed::USER).await;
    let inbox = account.open("INBOX").await;
    let rows = account.rows(inbox).await;
    let row = rows.iter().find(|row| row.subject == "Point cloud of the hillside").unwrap();
    assert!(row.has_attachment);
    let message = account.read(row).await;
    let [attachment] = message.attachments.as_slice() else { panic!("{:?}", message.attachments) };
    assert_eq!(attachment.name, seed::LARGE_NAME);

    let download = DownloadId(7);
    account.ask(Intent::Download { download, message: row.id, part: attachment.part.clone() });
    let mut taken = 0;
    loop {
        let so_far = move |view: &crate::account::View| {
            view.downloads.get(&download).map_or(0, |download| download.bytes.len())
        };
        account
            .until("more of it", |view| {
                so_far(view) > taken
                    || view.downloads.get(&download).is_some_and(|download| download.end.is_some())
            })
            .await;
        let bytes = so_far(&account.view) - taken;
        taken += bytes;
        account.ask(Intent::DownloadTaken { download, bytes: u32::try_from(bytes).unwrap() });
        if let Some(end) = &account.view.downloads[&download].end {
            assert_eq!(end, &Ok(()));
            break;
        }
    }
    // Not `assert_eq!`: nobody wants to read 25 MB.
    assert!(
        account.view.downloads[&download].bytes == seed::large_file(),
        "{taken} bytes, not the right ones"
    );
}
