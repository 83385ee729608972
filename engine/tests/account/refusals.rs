//! A temporary no stays temporary: what a server refuses is waited out, asked again, and told in its own words.

use crate::faults::{Fault, Outcome, Poison};
use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{DownloadId, Intent, ListState, MailboxRole, ProblemCode, Session};
use postern_protocol::Time;
use std::time::Duration;

fn at(seconds: u64) -> Time {
    Time::from_millis(seconds * 1000)
}

fn world(messages: usize) -> World {
    let mut world = World::new();
    for number in 1..=messages {
        world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), "text"));
    }
    world
}

fn start(world: &mut World) {
    world.sign_in();
    world.open("INBOX");
}

#[test]
fn throttling_is_waited_out_for_as_long_as_the_server_names() {
    let mut world = world(60);
    let words = "BAD Request is throttled. Suggested Backoff Time: 4000 ms";
    world.server.faults.add(Fault::says(&["FETCH"], words).until(at(6)));
    start(&mut world);
    let asked = world.server.count("FETCH");
    world.pass(Duration::from_millis(3900));
    assert_eq!(world.server.count("FETCH"), asked, "nothing is asked meanwhile");
    assert!(world.view.rows.iter().all(Option::is_none), "no row is given up");
    world.pass(Duration::from_millis(4200));
    let newest_first: Vec<_> = (1..=60).rev().map(|number| format!("m{number}")).collect();
    assert_eq!(world.view.list(), newest_first);
    assert!(world.view.told().is_empty() && world.view.refused.is_empty());
    assert!(world.server.count("FETCH") <= 6, "{}", world.server.count("FETCH"));
}

#[test]
fn long_throttling_is_told_in_the_servers_words() {
    let mut world = world(3);
    let words = "NO [LIMIT] Too many commands, try again in 5 minutes";
    world.server.faults.add(Fault::says(&["FETCH"], words).until(at(290)));
    start(&mut world);
    assert_eq!(world.view.told(), [(ProblemCode::NotNow, "Too many commands, try again in 5 minutes")]);
    world.pass(Duration::from_secs(299));
    let asked = world.server.log.len();
    assert_eq!(world.view.rows, [None, None, None]);
    world.pass(Duration::from_secs(2));
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    assert!(asked < 12, "{:?}", world.server.log);
    assert_eq!(world.view.troubles.len(), 1, "it is told once");
}

/// Whatever is refused, and in whatever words, it is there once the server gives it.
#[test]
fn every_command_is_asked_again_after_a_temporary_no() {
    let words = [
        "NO Server error",
        "NO [UNAVAILABLE] try again",
        "NO [INUSE] mailbox in use",
        "NO [SERVERBUG] Internal error occurred",
        "NO no",
        "BAD User is authenticated but not connected.",
        "NO Too many simultaneous connections. (Failure)",
        "NO Account exceeded command or bandwidth limits. (Failure)",
        "NO [THROTTLED] slow down",
    ];
    for words in words {
        for command in ["LIST", "SELECT", "FETCH", "STATUS", "UID FETCH"] {
            let mut world = world(30);
            world.server.faults.add(Fault::says(&[command], words).until(at(8)));
            world.sign_in();
            world.pass(Duration::from_secs(20));
            world.open("INBOX");
            world.pass(Duration::from_secs(50));
            let newest_first: Vec<_> = (1..=30).rev().map(|number| format!("m{number}")).collect();
            assert_eq!(world.view.list(), newest_first, "{command}: {words}");
            assert_eq!(world.view.list_state, Some(ListState::Ready), "{command}: {words}");
            assert_eq!(world.view.mailboxes.len(), 2, "{command}: {words}");
            assert!(world.view.refused.is_empty(), "{command}: {words}");
            world.intend(Intent::OpenMessage { message: world.message(0) });
            world.pass(Duration::from_secs(10));
            assert_eq!(world.view.messages.len(), 1, "{command}: {words}");
            assert_eq!(*world.view.session(), Session::Online, "{command}: {words}");
            assert_eq!(world.connects, 2, "{command}: {words}");
        }
    }
}

#[test]
fn a_list_that_was_refused_once_comes_by_itself() {
    let mut world = world(1);
    world.server.faults.add(Fault::says(&["LIST"], "NO [UNAVAILABLE] not yet").times(1));
    world.sign_in();
    assert!(world.view.mailboxes.is_empty());
    world.pass(Duration::from_secs(3));
    assert_eq!(world.view.mailboxes.len(), 2);
    assert!(world.view.told().is_empty(), "a moment is not worth telling");
}

#[test]
fn a_list_that_stays_refused_is_told_and_inbox_is_there() {
    let mut world = world(2);
    world.server.faults.add(Fault::says(&["LIST"], "NO [NOPERM] no folders for you"));
    world.sign_in();
    world.pass(Duration::from_secs(10));
    assert_eq!(world.view.told(), [(ProblemCode::NotNow, "no folders for you")]);
    assert_eq!(world.view.mailboxes[0].role, Some(MailboxRole::Inbox));
    world.open("INBOX");
    assert_eq!(world.view.list(), ["m2", "m1"]);
    world.server.faults.clear();
    world.intend(Intent::Refresh);
    assert_eq!(world.view.mailboxes.len(), 2);
}

#[test]
fn a_list_with_counts_that_is_refused_is_asked_for_without() {
    let mut world = world(1);
    world.server.capabilities += " LIST-EXTENDED LIST-STATUS";
    world.server.faults.add(Fault::says(&["LIST", "STATUS"], "BAD what is RETURN?"));
    world.sign_in();
    world.pass(Duration::from_secs(3));
    assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
}

#[test]
fn a_folder_that_is_refused_is_asked_for_again_and_never_said_to_be_gone() {
    let mut world = world(2);
    world
        .server
        .faults
        .add(Fault::says(&["SELECT INBOX"], "NO Unsafe Login. Please contact kefu@188.com for help"));
    start(&mut world);
    world.pass(Duration::from_secs(30));
    let words = "Unsafe Login. Please contact kefu@188.com for help";
    assert_eq!(world.view.told(), [(ProblemCode::NotNow, words)]);
    assert!(world.view.refused.is_empty());
    assert!(world.server.count("SELECT") <= 6, "{}", world.server.count("SELECT"));
    // Another folder opens meanwhile.
    world.open("Sent");
    assert_eq!(world.view.list_state, Some(ListState::Ready));
    world.open("INBOX");
    world.server.faults.clear();
    world.intend(Intent::Refresh);
    assert_eq!(world.view.list(), ["m2", "m1"]);
}

/// 163.com: ID is offered before the login alone, and without it no mailbox opens.
#[test]
fn id_is_sent_after_the_login_where_it_was_offered_before_it() {
    let mut world = world(2);
    world.server.capabilities_after = Some("IMAP4rev1 IDLE".to_owned());
    world.server.wants_id = true;
    start(&mut world);
    assert_eq!(world.view.list(), ["m2", "m1"]);
}

#[test]
fn rows_that_are_refused_are_had_but_for_the_one_that_fails() {
    for words in ["NO UID FETCH failed", "NO [UNAVAILABLE] a message is damaged", "BAD cannot parse"] {
        for word in ["ENVELOPE", "RFC822.SIZE"] {
            let mut world = world(60);
            let outcome = Outcome::Say(words.to_owned());
            world.server.faults.poison = Some(Poison { uid: 37, word, outcome, comes_in_order: false });
            start(&mut world);
            world.pass(Duration::from_secs(40));
            let row = |position: usize| world.view.rows[position].as_ref().expect("a row");
            for position in (0..60).filter(|position| *position != 60 - 37) {
                assert_eq!(row(position).subject, format!("m{}", 60 - position), "{words}");
            }
            assert_eq!(row(60 - 37).is_blank, word == "RFC822.SIZE", "{words}");
            assert!(world.view.refused.is_empty());
            // What was given up is asked for again once a person wants news.
            world.server.faults.clear();
            world.intend(Intent::Refresh);
            world.pass(Duration::from_secs(5));
            if word == "RFC822.SIZE" {
                assert_eq!(world.view.list()[60 - 37], "m37", "{words}");
            }
        }
    }
}

/// The only row that is asked for is refused for a moment: its sender and subject come by themselves.
#[test]
fn a_new_row_that_is_refused_for_a_moment_has_its_details_soon() {
    for idles in [true, false] {
        let mut world = world(3);
        if !idles {
            world.server.capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN".to_owned();
        }
        start(&mut world);
        let until = world.now + Duration::from_secs(2);
        world.server.faults.add(Fault::says(&["ENVELOPE"], "NO [UNAVAILABLE] not now").until(until));
        world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
        world.intend(Intent::Refresh);
        world.pass(Duration::from_secs(30));
        assert_eq!(world.view.list(), ["new", "m3", "m2", "m1"], "idles: {idles}");
    }
}

/// P02: the rows come, and the tagged answer is NO because of one of them.
#[test]
fn rows_that_came_before_a_no_are_shown() {
    let mut world = world(10);
    let outcome = Outcome::Say("NO [UNAVAILABLE] one could not be read".to_owned());
    world.server.faults.poison = Some(Poison { uid: 10, word: "ENVELOPE", outcome, comes_in_order: true });
    start(&mut world);
    assert_eq!(world.view.rows.iter().flatten().filter(|row| !row.subject.is_empty()).count(), 9);
}

#[test]
fn a_text_that_is_refused_for_now_comes_by_itself() {
    let mut world = world(2);
    start(&mut world);
    world.server.faults.add(Fault::says(&["BODY.PEEK[1]"], "NO [INUSE] busy with an index").until(at(5)));
    world.intend(Intent::OpenMessage { message: world.message(0) });
    assert!(world.view.messages.is_empty() && world.view.failed.is_empty());
    world.pass(Duration::from_secs(10));
    assert_eq!(world.view.messages.len(), 1);
}

#[test]
fn a_text_that_stays_refused_fails_in_the_servers_words() {
    for (words, code) in [
        ("[UNAVAILABLE] the disk is away", ProblemCode::NotNow),
        ("cannot read", ProblemCode::Unreadable),
        ("[CANNOT] cannot read", ProblemCode::Unreadable),
    ] {
        let mut world = world(2);
        start(&mut world);
        world.server.faults.add(Fault::says(&["BODY.PEEK[1]"], &format!("NO {words}")));
        world.intend(Intent::OpenMessage { message: world.message(0) });
        world.pass(Duration::from_secs(60));
        let detail = words.split("] ").last().expect("words");
        let failed = &world.view.failed[0].1;
        assert_eq!((failed.code, failed.detail.as_str()), (code, detail));
        assert!(world.server.count("UID FETCH 2") <= 5);
    }
}

#[test]
fn a_download_that_is_refused_for_now_comes_by_itself() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &[7; 500_000]));
    start(&mut world);
    world.server.faults.add(Fault::says(&["BODY.PEEK[2]"], "NO throttled").until(at(5)));
    let (message, download) = (world.message(0), DownloadId(1));
    world.intend(Intent::Download { download, message, part: "2".to_owned() });
    world.pass(Duration::from_secs(20));
    assert_eq!(world.view.downloads[&download].end, Some(Ok(())));
    assert_eq!(world.view.downloads[&download].bytes.len(), 500_000);
}

/// Some servers let only one session have a mailbox.
#[test]
fn a_download_that_the_second_link_can_t_have_goes_over_the_first() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &[7; 500]));
    world.server.faults.add(Fault::says(&["EXAMINE"], "NO [INUSE] opened elsewhere"));
    start(&mut world);
    let (message, download) = (world.message(0), DownloadId(1));
    world.intend(Intent::Download { download, message, part: "2".to_owned() });
    assert_eq!(world.view.downloads[&download].end, Some(Ok(())));
    world.pass(Duration::from_secs(120));
    assert!(world.connects <= 6, "{} connections", world.connects);
}

#[test]
fn a_mark_that_is_refused_for_now_is_set_in_the_end() {
    let mut world = world(2);
    start(&mut world);
    world.server.faults.add(Fault::says(&["UID STORE"], "NO [INUSE] locked by another session").until(at(5)));
    let messages = vec![world.message(0)];
    world.intend(Intent::SetFlags { messages, seen: Some(true), flagged: None });
    assert_eq!(world.view.list(), ["m2 seen", "m1"]);
    // The other folder opens meanwhile.
    world.open("Sent");
    assert_eq!(world.view.list_state, Some(ListState::Ready));
    world.pass(Duration::from_secs(20));
    assert_eq!(world.server.mailbox("INBOX").unseen(), 1);
    assert!(world.view.refused.is_empty());
}

#[test]
fn on_reconnecting_a_refusal_that_passes_signs_nobody_out() {
    for words in [
        "NO Temporary authentication failure",
        "NO [UNAVAILABLE] Temporary authentication failure",
        "NO [INUSE] mailbox locked",
        "NO Too many simultaneous connections",
        "NO Login failed",
        "BAD internal error",
    ] {
        let mut world = world(2);
        start(&mut world);
        for command in ["AUTHENTICATE", "LOGIN"] {
            world.server.faults.add(Fault::says(&[command], words).until(at(5)));
        }
        world.cut(1000, "closed: the server closed the connection");
        world.pass(Duration::from_secs(3));
        assert!(
            matches!(world.view.session(), Session::Reconnecting { .. }),
            "{words}: {:?}",
            world.view.session()
        );
        assert_eq!(world.view.list(), ["m2", "m1"], "{words}");
        world.pass(Duration::from_secs(117));
        assert_eq!(*world.view.session(), Session::Online, "{words}");
    }
}

#[test]
fn a_wait_that_is_named_at_sign_in_is_kept() {
    let mut world = world(2);
    start(&mut world);
    let words = "NO [LIMIT] Too many logins, try again in 10 minutes";
    world.server.faults.add(Fault::says(&["AUTHENTICATE"], words).until(at(590)));
    world.cut(1000, "closed: the server closed the connection");
    world.pass(Duration::from_secs(590));
    assert_eq!(world.server.count("AUTHENTICATE"), 3, "two at first, and one that was refused");
    world.pass(Duration::from_secs(30));
    assert_eq!(*world.view.session(), Session::Online);
}

#[test]
fn a_password_that_is_refused_without_a_reason_is_tried_once_more_and_then_asked_for() {
    let mut world = world(2);
    start(&mut world);
    for command in ["AUTHENTICATE", "LOGIN"] {
        world.server.faults.add(Fault::says(&[command], "NO Login failed"));
    }
    world.cut(1000, "closed: the server closed the connection");
    world.pass(Duration::from_secs(600));
    assert!(matches!(world.view.session(), Session::Locked { .. }), "{:?}", world.view.session());
    let failed = world.server.count("AUTHENTICATE") + world.server.count("LOGIN ") - 2;
    assert!(failed <= 3, "{failed} failed logins");
    world.server.faults.clear();
    world.intend(Intent::Reconnect);
    assert_eq!(*world.view.session(), Session::Online);
    assert_eq!(world.view.list(), ["m2", "m1"]);
}
