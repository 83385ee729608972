//! Mail as strangers and servers write it, through the whole engine: what `postern_mime` reads has to be asked for first.

use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{Intent, MessageRow, MessageView, Notice};

/// A signed-in account that has looked at its one message's row.
fn listed(mail: Mail, capabilities: &str) -> World {
    let mut world = World::new();
    world.server.capabilities.push_str(capabilities);
    world.server.mailbox("INBOX").append(mail);
    world.sign_in();
    world.open("INBOX");
    world
}

fn row(world: &World) -> &MessageRow {
    world.view.rows[0].as_ref().expect("a row")
}

fn read(world: &mut World) -> &MessageView {
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    world.view.messages.last().expect("a message")
}

/// As Dovecot tells of `From: Abend, Noemi <noemi@mail.example>`.
fn misread() -> Mail {
    let mut mail = Mail::plain("hello", "text");
    let from = r#"((NIL NIL "Abend" "MISSING_DOMAIN")("Noemi" NIL "noemi" "mail.example"))"#;
    mail.envelope = format!(
        r#"("Mon, 2 Nov 2026 10:00:00 +0000" "hello" {from} {from} {from} (("Bob" NIL "bob" "example.com")) NIL NIL NIL NIL)"#
    );
    let header = "From: Abend, Noemi <noemi@mail.example>\r\nTo: Bob <bob@example.com>\r\n\r\n";
    mail.sections.insert("HEADER".to_owned(), header.as_bytes().to_vec());
    mail
}

#[test]
fn stand_ins_of_a_server_are_replaced_by_what_the_header_says() {
    let mut world = listed(misread(), "");
    assert_eq!(row(&world).correspondent, "Abend, Noemi");
    let asked = world.server.log.iter().filter(|line| line.contains("HEADER.FIELDS")).count();
    let message = read(&mut world);
    let from: Vec<_> = message.from.iter().map(|one| (one.name.as_str(), one.address.as_str())).collect();
    assert_eq!(from, [("Abend, Noemi", "noemi@mail.example")]);
    assert_eq!((message.sender.len(), message.reply_to.len(), message.to.len()), (0, 0, 1));
    assert_eq!(asked, 1);
}

#[test]
fn a_header_that_says_nothing_leaves_the_servers_addresses() {
    let mut mail = misread();
    mail.sections.remove("HEADER");
    let world = listed(mail, "");
    assert!(row(&world).correspondent.contains("Abend"));
}

#[test]
fn a_date_with_a_named_zone_and_no_seconds() {
    let mut mail = Mail::plain("hello", "text");
    mail.envelope = mail.envelope.replace("Mon, 2 Nov 2026 10:00:00 +0000", "Sun, 13 Feb 22 00:04 EST");
    assert_eq!(row(&listed(mail, "")).date, Some(1_644_728_640_000));
}

#[test]
fn without_a_date_of_its_own_the_arrival_is_shown() {
    let mut mail = Mail::plain("hello", "text");
    mail.envelope = mail.envelope.replace("\"Mon, 2 Nov 2026 10:00:00 +0000\"", "NIL");
    assert_eq!(row(&listed(mail, "")).date, Some(1_793_613_600_000));
}

#[test]
fn a_date_that_the_server_does_not_tell_is_read_in_the_header() {
    let mut mail = Mail::plain("hello", "text");
    mail.envelope = mail.envelope.replace("\"Mon, 2 Nov 2026 10:00:00 +0000\"", "NIL");
    mail.sections.insert("HEADER".to_owned(), b"Date: Sun, 13 Feb 22 00:04 EST\r\n\r\n".to_vec());
    let mut world = listed(mail, "");
    assert_eq!(row(&world).date, Some(1_644_728_640_000));
    let read = read(&mut world);
    assert_eq!((read.date, read.from.len()), (Some(1_644_728_640_000), 1));
}

#[test]
fn html_alone_has_a_preview() {
    let html = "<style>p { color: red }</style><p>Guten&nbsp;Tag</p>";
    let world = listed(Mail::of_type("hello", "TEXT", "HTML", html), "");
    assert_eq!(row(&world).preview.as_deref(), Some("Guten Tag"));
}

#[test]
fn a_calendar_has_no_preview() {
    let world = listed(Mail::of_type("come", "TEXT", "CALENDAR", "BEGIN:VCALENDAR\r\n"), "");
    assert_eq!(row(&world).preview.as_deref().unwrap_or_default(), "");
    let mut world = world;
    assert_eq!(read(&mut world).notices, [Notice::Invitation]);
}

/// Dovecot makes one empty part of a message with two `Content-Type` fields.
#[test]
fn a_structure_that_comes_to_nothing_makes_the_message_itself_be_read() {
    let mut mail = Mail::plain("twice", "");
    let whole = "Content-Type: multipart/mixed; boundary=old\r\nContent-Type: multipart/mixed; boundary=new\r\n\r\n\
        --new\r\n\r\nGuten Morgen\r\n--new--\r\n";
    mail.sections.insert(String::new(), whole.as_bytes().to_vec());
    let mut world = listed(mail, "");
    let message = read(&mut world);
    assert_eq!(message.body.text.as_deref(), Some("Guten Morgen"));
    assert_eq!(message.attachments[0].part, "message");
    assert_eq!(message.notices, [Notice::BrokenStructure]);
}

#[test]
fn a_picture_that_is_an_attachment_is_read_only_if_the_html_names_it() {
    let attached = |html: &str| {
        let mut mail = Mail::with_image("look");
        mail.structure = mail.structure.replace("INLINE", "ATTACHMENT");
        mail.sections.insert("1".to_owned(), html.as_bytes().to_vec());
        let mut world = listed(mail, "");
        let images = read(&mut world).inline_images.len();
        let hides = world.view.messages[0].attachments[0].hide_if_drawn;
        let asked = world.server.log.iter().filter(|line| line.contains("BODY.PEEK[2]")).count();
        (images, hides, asked)
    };
    assert_eq!(attached("<img src=cid:LOGO%40example>"), (1, false, 1));
    assert_eq!(attached("<p>no picture</p>"), (0, false, 0));
}

#[test]
fn six_hundred_recipients_are_six_hundred() {
    let mut mail = Mail::plain("hello", "text");
    let people: String = (0..600).map(|number| format!(r#"(NIL NIL "p{number}" "example.com")"#)).collect();
    mail.envelope = mail.envelope.replace(r#"(("Bob" NIL "bob" "example.com"))"#, &format!("({people})"));
    assert_eq!(read(&mut listed(mail, "")).to.len(), 600);
}
