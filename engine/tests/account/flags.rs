//! What the user marks is shown at once, kept through breaks, and taken back where the server refuses.

use crate::world::World;
use postern_engine::border::{Intent, MessageId, ProblemCode};
use std::time::Duration;

fn mark_seen(messages: Vec<MessageId>) -> Intent {
    Intent::SetFlags { messages, seen: Some(true), flagged: None }
}

#[test]
fn a_mark_is_shown_before_the_server_answers() {
    let mut world = World::with_inbox(2);
    world.is_silent = true;
    world.intend(mark_seen(vec![world.message(1)]));
    assert_eq!(world.view.list(), ["m2", "m1 seen"]);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
}

#[test]
fn the_server_keeps_it() {
    let mut world = World::with_inbox(2);
    let messages = vec![world.message(0), world.message(1)];
    world.intend(Intent::SetFlags { messages, seen: Some(true), flagged: Some(true) });
    let inbox = world.server.mailbox("INBOX");
    assert!(inbox.messages.iter().all(|message| message.flags.len() == 2));
    assert_eq!(world.view.list(), ["m2 seen flagged", "m1 seen flagged"]);
    assert_eq!(world.server.count("UID STORE"), 2);
}

#[test]
fn a_refusal_takes_it_back() {
    let mut world = World::with_inbox(1);
    world.server.refusals.insert("UID STORE".to_owned(), "read-only".to_owned());
    world.intend(mark_seen(vec![world.message(0)]));
    assert_eq!(world.view.list(), ["m1"]);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
    assert_eq!(world.view.refused[0].code, ProblemCode::Refused);
    assert_eq!(world.view.refused[0].detail, "read-only");
}

#[test]
fn what_was_marked_offline_is_sent_after_the_reconnect() {
    let mut world = World::with_inbox(2);
    world.cut(1006, "");
    world.intend(mark_seen(vec![world.message(0)]));
    assert_eq!(world.view.list(), ["m2 seen", "m1"]);
    world.pass(Duration::from_secs(10));
    assert_eq!(world.server.mailbox("INBOX").unseen(), 1);
    assert_eq!(world.view.list(), ["m2 seen", "m1"]);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
}

#[test]
fn a_store_whose_answer_was_lost_is_sent_again() {
    let mut world = World::with_inbox(1);
    world.is_silent = true;
    world.intend(mark_seen(vec![world.message(0)]));
    world.cut(1006, "");
    world.is_silent = false;
    world.pass(Duration::from_secs(10));
    assert_eq!(world.server.mailbox("INBOX").unseen(), 0);
}

#[test]
fn a_mark_in_a_mailbox_that_was_left_is_carried_out_there() {
    let mut world = World::with_inbox(1);
    let message = world.message(0);
    world.open("Sent");
    world.intend(mark_seen(vec![message]));
    assert_eq!(world.server.mailbox("INBOX").unseen(), 0);
    assert_eq!(world.view.mailbox("INBOX").unread, Some(0));
    assert_eq!(
        world.server.log.iter().rfind(|line| line.starts_with("SELECT")).map(String::as_str),
        Some("SELECT Sent")
    );
}
