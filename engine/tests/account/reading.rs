//! Opening messages.

use crate::faults::Fault;
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

/// A server that sends half of each window that is asked for.
#[test]
fn windows_that_come_short_are_asked_on_from_where_they_ended() {
    let text = (0..7000).map(|line| format!("line {line} of the text\n")).collect::<String>();
    for most in [65_536, 100_000, 1000] {
        let mut world = World::new();
        world.server.mailbox("INBOX").append(Mail::plain("long", &text));
        world.server.faults.most_octets = Some(most);
        world.sign_in();
        world.open("INBOX");
        let message = world.message(0);
        world.intend(Intent::OpenMessage { message });
        let message = &world.view.messages[0];
        assert!(message.body.text.as_deref() == Some(text.as_str()), "windows of {most}");
        assert!(message.notices.is_empty());
    }
}

#[test]
fn a_text_without_an_origin_is_read_whole_and_once() {
    for lines in [10, 7000, 20_000] {
        let text = (0..lines).map(|line| format!("line {line} of the text\n")).collect::<String>();
        let mut world = World::new();
        world.server.mailbox("INBOX").append(Mail::plain("long", &text));
        world.server.faults.ignores_windows = true;
        world.sign_in();
        world.open("INBOX");
        let message = world.message(0);
        world.intend(Intent::OpenMessage { message });
        assert!(world.view.messages[0].body.text.as_deref() == Some(text.as_str()), "{lines} lines");
    }
}

#[test]
fn a_text_that_ends_before_its_time_is_said_to_be_damaged() {
    let mut mail = Mail::plain("short", "0123456789");
    mail.sections.insert("1".to_owned(), b"01234".to_vec());
    let world = open(mail);
    let message = &world.view.messages[0];
    assert_eq!(message.body.text.as_deref(), Some("01234"));
    assert_eq!(message.notices, [Notice::BrokenStructure]);
}

/// The message is there, and the server says OK and nothing else.
#[test]
fn an_answer_without_a_text_is_no_message_that_is_gone() {
    let mut world = World::with_inbox(2);
    let words = &["UID FETCH 2", "BODY.PEEK[1]"];
    world.server.faults.add(Fault::says(words, "OK completed").times(1));
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.messages.len(), 1, "it is asked for once more");
    let mut world = World::with_inbox(2);
    world.server.faults.add(Fault::says(words, "OK completed"));
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.failed[0].1.code, ProblemCode::NothingCame);
    assert_eq!(world.view.list(), ["m2", "m1"]);
}

#[test]
fn a_break_in_the_midst_of_a_window_leaves_no_gap() {
    let text = (0..30_000).map(|line| format!("line {line} of the text\n")).collect::<String>();
    for pieces in [3, 10, 40] {
        let mut world = World::new();
        world.server.mailbox("INBOX").append(Mail::plain("long", &text));
        world.sign_in();
        world.open("INBOX");
        world.slice = 10_000;
        world.fuse = Some(pieces);
        let message = world.message(0);
        world.intend(Intent::OpenMessage { message });
        world.pass(Duration::from_secs(20));
        assert!(world.view.messages[0].body.text.as_deref() == Some(text.as_str()), "{pieces} pieces");
    }
}

/// Reading is no error where nothing can be changed.
#[test]
fn in_a_mailbox_that_can_only_be_read_nothing_is_marked_as_read() {
    for (access, flags) in
        [("READ-ONLY", None), ("READ-WRITE", Some("\\Flagged \\Deleted")), ("READ-ONLY", Some(""))]
    {
        let mut world = World::new();
        world.server.mailbox("INBOX").append(Mail::plain("one", "text"));
        (world.server.access, world.server.permanent_flags) = (access, flags);
        world.sign_in();
        world.open("INBOX");
        let message = world.message(0);
        world.intend(Intent::OpenMessage { message });
        world.intend(Intent::SetFlags { messages: vec![message], seen: Some(true), flagged: None });
        assert_eq!(world.server.count("UID STORE"), 0, "{access} {flags:?}");
        assert!(world.view.refused.is_empty() && world.view.messages.len() == 1);
        assert_eq!(world.view.mailbox("INBOX").unread, Some(1));
    }
}

#[test]
fn a_mark_as_read_that_may_not_be_set_is_no_error() {
    let mut world = World::with_inbox(2);
    world.server.refusals.insert("UID STORE".to_owned(), "[NOPERM] not yours".to_owned());
    for position in [0, 1] {
        let messages = vec![world.message(position)];
        world.intend(Intent::SetFlags { messages, seen: Some(true), flagged: None });
    }
    assert!(world.view.refused.is_empty());
    assert_eq!(world.server.count("UID STORE"), 1, "it is tried once");
    assert_eq!(world.view.list(), ["m2", "m1"]);
}
