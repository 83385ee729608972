//! The harness itself: a Dovecot starts, answers, goes and comes back.

use postern_tests::seed::{Mailbox, Mark, Message};
use postern_tests::{Dovecot, PASSWORD};
use std::net::TcpStream;

#[test]
fn dovecot_has_the_mail_it_was_given() {
    let message = Message {
        arrived: 1_700_000_000,
        marks: vec![Mark::Seen, Mark::Flagged],
        bytes: b"From: Ada <ada@example.com>\r\nSubject: Tea\r\n\r\nAt four?\r\n".to_vec(),
    };
    let inbox = Mailbox { name: "INBOX".into(), messages: vec![message] };
    let nested = Mailbox { name: "Reisen/Österreich".into(), messages: vec![] };
    let dovecot = Dovecot::start(&[("ada", &[inbox, nested])]).unwrap();

    let mut client = dovecot.other_client("ada").unwrap();
    let folders = client.command("LIST \"\" * RETURN (SPECIAL-USE)").unwrap().join("\n");
    assert!(folders.contains("Reisen/&ANY-sterreich"), "{folders}");
    assert!(folders.contains("\\Sent"), "{folders}");
    client.command("SELECT INBOX").unwrap();
    let answer = client.command("FETCH 1 (FLAGS INTERNALDATE ENVELOPE)").unwrap().join("\n");
    assert!(answer.contains(r"\Flagged \Seen"), "{answer}");
    assert!(answer.contains("14-Nov-2023"), "{answer}");
    assert!(answer.contains("Tea"), "{answer}");
}

#[test]
fn dovecot_goes_and_comes_back_with_its_mail() {
    let mut dovecot = Dovecot::start(&[]).unwrap();
    let mut client = dovecot.other_client("bea@example.com").unwrap();
    client.append("INBOX", "\\Seen", b"Subject: Kept\r\n\r\nStill here.\r\n").unwrap();
    let folder = dovecot.authority().to_owned();

    dovecot.stop().unwrap();
    assert!(client.command("NOOP").is_err());
    assert!(TcpStream::connect(dovecot.imap_address()).is_err());

    dovecot.start_again().unwrap();
    let mut client = dovecot.other_client("bea@example.com").unwrap();
    let status = client.command("STATUS INBOX (MESSAGES UNSEEN)").unwrap().join("\n");
    assert!(status.contains("MESSAGES 1 UNSEEN 0"), "{status}");

    drop(dovecot);
    assert!(!folder.exists(), "the folder is gone with it");
}

#[test]
fn dovecot_refuses_a_wrong_password_at_once() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let mut client = postern_tests::imap::Client::connect(dovecot.imap_address()).unwrap();
    let refusal = client.login("cy", "guess").unwrap_err().to_string();
    assert!(refusal.contains("AUTHENTICATIONFAILED"), "{refusal}");
    client.login("cy", PASSWORD).unwrap();
}
