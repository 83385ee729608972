//! The open mailbox's list stays in step with the server's.

use crate::faults::Fault;
use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{Intent, ListState};
use std::time::Duration;

#[test]
fn newest_first() {
    let world = World::with_inbox(3);
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    assert_eq!(world.view.list_state, Some(ListState::Ready));
    let row = world.view.rows[0].as_ref().expect("a row");
    assert_eq!(
        (row.correspondent.as_str(), row.has_attachment, row.date),
        ("Ada Lovelace", false, Some(1_793_613_600_000))
    );
}

#[test]
fn an_empty_mailbox_is_ready() {
    let world = World::with_inbox(0);
    assert_eq!((world.view.list_state, world.view.rows.len()), (Some(ListState::Ready), 0));
}

#[test]
fn what_is_on_screen_is_fetched_and_the_rest_is_not() {
    let mut world = World::with_inbox(1000);
    let known = |world: &World| world.view.rows.iter().flatten().count();
    assert!((50..=200).contains(&known(&world)), "{}", known(&world));
    assert!(world.view.rows[..50].iter().all(Option::is_some));
    let mailbox = world.mailbox("INBOX");
    world.intend(Intent::ShowRows { mailbox, first: 600, count: 30 });
    assert!(world.view.rows[600..630].iter().all(Option::is_some));
    assert!(known(&world) < 400);
    assert_eq!(world.view.list()[600], "m400");
}

#[test]
fn new_mail_comes_on_top_and_is_told() {
    let mut world = World::with_inbox(2);
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.wake();
    assert_eq!(world.view.list(), ["new", "m2", "m1"]);
    let (rows, count) = world.view.news.last().expect("news");
    assert_eq!((rows[0].subject.as_str(), *count), ("new", 1));
    assert_eq!((world.view.mailbox("INBOX").total, world.view.mailbox("INBOX").unread), (Some(3), Some(3)));
}

#[test]
fn a_message_that_gave_nothing_makes_no_other_row_poorer() {
    let mut world = World::with_inbox(25);
    let mailbox = world.mailbox("INBOX");
    world.intend(Intent::ShowRows { mailbox, first: 22, count: 20 });
    world.cut(1006, "");
    let inbox = world.server.mailbox("INBOX");
    inbox.append(Mail::plain("gone", "text"));
    inbox.append(Mail::plain("m26", "text"));
    world.pass(Duration::from_millis(742));
    // The first is expunged before it was fetched, and the answer to FETCH must not say so.
    world.server.mailbox("INBOX").expunge(25);
    world.server.mailbox("INBOX").append(Mail::plain("m27", "text"));
    world.intend(Intent::ShowRows { mailbox, first: 0, count: 20 });
    assert_eq!(world.view.list()[..3], ["m27", "m26", "m25"]);
}

#[test]
fn what_was_there_at_sign_in_is_no_news() {
    assert!(World::with_inbox(5).view.news.is_empty());
}

#[test]
fn an_expunge_takes_its_row_away() {
    let mut world = World::with_inbox(4);
    world.server.mailbox("INBOX").expunge(1);
    world.wake();
    assert_eq!(world.view.list(), ["m4", "m3", "m1"]);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(3));
}

#[test]
fn exists_before_expunge_keeps_the_window() {
    let mut world = World::with_inbox(4);
    world.server.exists_first = true;
    let inbox = world.server.mailbox("INBOX");
    inbox.append(Mail::plain("new", "text"));
    inbox.expunge(1);
    world.wake();
    assert_eq!(world.view.list(), ["new", "m4", "m3", "m1"]);
}

#[test]
fn mail_that_arrives_behind_rows_leaves_them_in_place() {
    let mut world = World::with_inbox(300);
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    let mailbox = world.mailbox("INBOX");
    world.intend(Intent::ShowRows { mailbox, first: 200, count: 20 });
    assert_eq!(world.view.rows.len(), 301);
    let expected: Vec<_> = (200..=220).map(|position| format!("m{}", 301 - position)).collect();
    assert_eq!(world.view.list()[200..=220], expected);
}

#[test]
fn flags_that_another_client_set_are_shown() {
    let mut world = World::with_inbox(2);
    world.server.mailbox("INBOX").flag(0, "\\Seen", true);
    world.wake();
    assert_eq!(world.view.list(), ["m2", "m1 seen"]);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
}

#[test]
fn a_mailbox_that_was_open_before_shows_at_once() {
    let mut world = World::with_inbox(3);
    world.open("Sent");
    assert_eq!(world.view.rows.len(), 0);
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.is_silent = true;
    world.open("INBOX");
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    assert_eq!(world.view.list_state, Some(ListState::Loading));
}

#[test]
fn going_back_to_a_mailbox_brings_it_in_step() {
    let mut world = World::with_inbox(3);
    world.open("Sent");
    let inbox = world.server.mailbox("INBOX");
    inbox.append(Mail::plain("new", "text"));
    inbox.expunge(0);
    inbox.flag(0, "\\Flagged", true);
    world.open("INBOX");
    assert_eq!(world.view.list(), ["new", "m3", "m2 flagged"]);
    assert_eq!(world.view.list_state, Some(ListState::Ready));
}

#[test]
fn another_uid_validity_makes_the_list_anew() {
    let mut world = World::with_inbox(3);
    let old = world.message(0);
    world.open("Sent");
    let inbox = world.server.mailbox("INBOX");
    inbox.uid_validity = 8;
    inbox.messages[2].mail = Mail::plain("other", "text");
    world.open("INBOX");
    assert_eq!(world.view.list(), ["other", "m2", "m1"]);
    assert_ne!(world.message(0), old);
}

#[test]
fn without_idle_news_come_within_a_minute() {
    let mut world = World::new();
    world.server.capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN".to_owned();
    world.sign_in();
    world.open("INBOX");
    assert_eq!(world.connects, 1);
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.pass(Duration::from_secs(61));
    assert_eq!(world.view.list(), ["new"]);
}

#[test]
fn refresh_asks_at_once() {
    let mut world = World::with_inbox(0);
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.server.mailbox("Sent").append(Mail::plain("sent", "text"));
    world.intend(Intent::Refresh);
    assert_eq!(world.view.list(), ["new"]);
    assert_eq!(world.view.mailbox("Sent").total, Some(1));
}

#[test]
fn a_mailbox_that_is_gone_is_told() {
    let mut world = World::with_inbox(1);
    world.server.mailboxes.remove("Sent");
    world.open("Sent");
    assert_eq!(world.view.refused.len(), 1);
    world.open("INBOX");
    assert_eq!(world.view.list(), ["m1"]);
}

/// Whatever the packets, the same list comes of it.
#[test]
fn the_result_does_not_depend_on_packet_borders() {
    for slice in [1, 2, 7, 64] {
        let mut world = World::new();
        world.slice = slice;
        for number in 0..3 {
            world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), "text"));
        }
        world.sign_in();
        world.open("INBOX");
        assert_eq!(world.view.list(), ["m2", "m1", "m0"], "{slice} bytes at a time");
    }
}

/// Some servers send each item of a row in a response of its own.
#[test]
fn a_row_in_several_responses_is_one_row() {
    for slice in [usize::MAX, 7] {
        let mut world = World::new();
        (world.slice, world.server.faults.splits_rows) = (slice, true);
        for number in 0..3 {
            world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), "text"));
        }
        world.server.mailbox("INBOX").flag(0, "\\Seen", true);
        world.sign_in();
        world.open("INBOX");
        assert_eq!(world.view.list(), ["m2", "m1", "m0 seen"]);
        let row = world.view.rows[0].as_ref().expect("a row");
        assert_eq!((row.correspondent.as_str(), row.date), ("Ada Lovelace", Some(1_793_613_600_000)));
        world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
        world.wake();
        assert_eq!(world.view.list(), ["new", "m2", "m1", "m0 seen"]);
    }
}

/// Names as servers list them: twice, in any case, with separators where they don't belong.
#[test]
fn odd_names_make_no_odd_folders() {
    let mut world = World::new();
    world.server.faults.list = Some(vec![
        "() \"/\" \"/\"",
        "() \"/\" \"\"",
        "(\\HasNoChildren) \"/\" INBOX",
        "() \"/\" Inbox",
        "() \"/\" Inbox/x",
        "() \"/\" Work",
        "() \"/\" Work",
        "(\\Noselect) \"/\" Lists/",
        "() \"/\" Lists/rust",
        "() \"/\" /abs",
        "() NIL alone",
        "() \"/\" Archive/Sent",
        "() \"/\" Archive",
        "() \"/\" Projects/Spam",
        "() \"/\" Sent",
    ]);
    world.server.capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN".to_owned();
    world.sign_in();
    let rows: Vec<_> = world
        .view
        .mailboxes
        .iter()
        .map(|row| format!("{}{} {:?}", "  ".repeat(row.depth as usize), row.name, row.role))
        .collect();
    assert_eq!(
        rows,
        [
            "INBOX Some(Inbox)",
            "  x None",
            "Sent Some(Sent)",
            "Archive Some(Archive)",
            "  Sent None",
            "Spam Some(Junk)",
            "abs None",
            "alone None",
            "Lists None",
            "  rust None",
            "Work None",
        ]
    );
}

/// A mailbox that was selected for a mark alone, while another one was open: what came meanwhile is taken in.
#[test]
fn a_mailbox_that_was_selected_for_an_errand_is_compared_when_it_is_opened() {
    let mut world = World::with_inbox(3);
    let message = world.message(0);
    world.cut(1006, "");
    world.server.mailbox("INBOX").flag(1, "\\Seen", true);
    world.open("Sent");
    world.server.faults.add(Fault::says(&["UID STORE"], "NO throttled").times(1));
    world.intend(Intent::SetFlags { messages: vec![message], seen: None, flagged: Some(true) });
    world.pass(Duration::from_millis(1500));
    world.open("INBOX");
    world.pass(Duration::from_secs(10));
    assert_eq!(world.view.list(), ["m3 flagged", "m2 seen", "m1"]);
}

#[test]
fn a_row_that_a_broken_link_left_half_is_asked_for_again() {
    for pieces in 20..60 {
        let mut world = World::new();
        (world.slice, world.server.faults.splits_rows) = (14, true);
        for number in 1..=3 {
            world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), "text"));
        }
        world.sign_in();
        world.fuse = Some(pieces);
        world.open("INBOX");
        world.pass(Duration::from_secs(20));
        assert_eq!(world.view.list(), ["m3", "m2", "m1"], "{pieces} pieces");
    }
}
