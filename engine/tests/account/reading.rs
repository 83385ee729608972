//! Opening messages.

use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{Intent, Notice, ProblemCode};
use std::time::Duration;

fn open(mail: Mail) -> World {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(mail);
    world.sign_in();
    world.open("INBOX");
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    world
}

#[test]
fn a_letter_of_plain_text() {
    let mut world = open(Mail::plain("hello", "Grüße\r\n"));
    let message = &world.view.messages[0];
    assert_eq!((message.subject.as_str(), message.body.text.as_deref()), ("hello", Some("Grüße\n")));
    assert_eq!(message.from[0].address, "ada@example.com");
    assert_eq!(world.server.mailbox("INBOX").unseen(), 1, "opening marks nothing");
}

#[test]
fn html_with_its_image() {
    let world = open(Mail::with_image("look"));
    let message = &world.view.messages[0];
    assert!(message.body.html.as_ref().is_some_and(|html| html.contains("cid:logo@example")));
    assert_eq!(message.inline_images[0].bytes, b"\x89PNG\r\n\x1a\nimage");
    let listed: Vec<_> =
        message.attachments.iter().map(|file| (file.part.as_str(), file.hide_if_drawn)).collect();
    assert_eq!(listed, [("2", true)]);
}

#[test]
fn an_attachment_is_named_and_not_read() {
    let world = open(Mail::with_attachment("files", "a.bin", "BASE64", &vec![b'A'; 780_000]));
    let message = &world.view.messages[0];
    assert_eq!(message.body.text.as_deref(), Some("hello"));
    let attachment = &message.attachments[0];
    assert_eq!(
        (attachment.name.as_str(), attachment.part.as_str(), attachment.size),
        ("a.bin", "2", 570_000)
    );
    assert_eq!(world.server.log.iter().filter(|line| line.contains("BODY.PEEK[2]")).count(), 0);
    assert!(world.view.rows[0].as_ref().is_some_and(|row| row.has_attachment));
}

#[test]
fn opening_again_asks_nothing() {
    let mut world = open(Mail::plain("hello", "text"));
    let asked = world.server.log.len();
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.messages.len(), 2);
    assert_eq!(world.server.log.len(), asked);
}

#[test]
fn a_long_text_comes_in_windows_and_is_cut() {
    let world = open(Mail::plain("long", &"0123456789abcde\n".repeat(100_000)));
    let message = &world.view.messages[0];
    assert_eq!(message.body.text.as_ref().map(String::len), Some(1024 * 1024));
    assert_eq!(message.notices, [Notice::Truncated]);
    assert_eq!(message.attachments[0].part, "1");
}

#[test]
fn a_message_without_a_structure_is_taken_apart_here() {
    let mut mail = Mail::plain("odd", "text of it");
    mail.structure = "NIL".to_owned();
    let world = open(mail);
    let message = &world.view.messages[0];
    assert_eq!(message.body.text.as_deref(), Some("text of it"));
    assert_eq!(message.notices, [Notice::BrokenStructure]);
}

/// Some servers say NIL where they mean nothing.
#[test]
fn an_empty_part_that_is_nil_is_empty() {
    let mut mail = Mail::plain("empty", "");
    mail.sections.remove("1");
    let world = open(mail);
    assert_eq!(world.view.messages[0].body.text.as_deref(), Some(""));
    assert!(world.view.failed.is_empty());
}

#[test]
fn nests_of_parts_are_cut() {
    let mut mail = Mail::plain("bomb", "text");
    for _ in 0..100 {
        mail.structure = format!(r#"({} "MIXED" NIL NIL NIL NIL)"#, mail.structure);
    }
    let world = open(mail);
    let message = &world.view.messages[0];
    assert_eq!(message.notices, [Notice::TooManyParts]);
    assert_eq!(message.attachments[0].name, "message.eml", "nothing is lost");
}

#[test]
fn a_thousand_parts_are_enough() {
    let mut mail = Mail::plain("bomb", "text");
    mail.structure = format!(r#"({} "MIXED" NIL NIL NIL NIL)"#, mail.structure.repeat(3000));
    let world = open(mail);
    let message = &world.view.messages[0];
    assert_eq!(message.notices, [Notice::TooManyParts]);
    assert!(message.attachments.len() < 1000);
}

#[test]
fn a_message_that_takes_long_shows_how_far_it_is() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::plain("long", &"0123456789abcde\n".repeat(20_000)));
    world.sign_in();
    world.open("INBOX");
    (world.slice, world.pace) = (10_000, Duration::from_millis(100));
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    assert!(world.view.progress.len() > 5, "{:?}", world.view.progress);
    assert!(world.view.progress.iter().all(|(received, total)| received <= total && *total == 320_000));
    assert_eq!(world.view.messages.len(), 1);
}

#[test]
fn a_message_that_went_is_told_and_the_session_goes_on() {
    let mut world = World::with_inbox(2);
    world.server.mailbox("INBOX").expunge(0);
    let message = world.message(1);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.failed[0].1.code, ProblemCode::Gone);
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.messages.len(), 1);
}

#[test]
fn a_break_while_reading_is_made_good() {
    let mut world = World::with_inbox(1);
    world.is_silent = true;
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    world.cut(1006, "");
    world.is_silent = false;
    world.pass(Duration::from_secs(10));
    assert_eq!(world.view.messages.len(), 1);
}

#[test]
fn a_message_of_another_mailbox_is_read_there() {
    let mut world = World::with_inbox(1);
    let message = world.message(0);
    world.open("Sent");
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.messages.len(), 1);
}
