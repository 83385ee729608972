//! Servers that end their connection over one command or one message: two minutes of each cost few connections, and
//! everything else can be read.

use crate::faults::{Fault, Outcome, Poison};
use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{DownloadId, Intent, ProblemCode, Session};
use std::time::Duration;

/// INBOX has so many messages, Sent and Reports one each.
fn world(messages: usize) -> World {
    let mut world = World::new();
    for number in 1..=messages {
        world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), &format!("text {number}")));
    }
    let reports = crate::server::Mailbox { uid_validity: 7, ..Default::default() };
    world.server.mailboxes.insert("Reports".to_owned(), reports);
    for name in ["Sent", "Reports"] {
        world.server.mailbox(name).append(Mail::plain(name, "text"));
    }
    world
}

fn start(world: &mut World) {
    world.sign_in();
    if !world.view.mailboxes.is_empty() {
        world.open("INBOX");
    }
}

fn two_minutes(world: &mut World) {
    world.pass(Duration::from_secs(120));
    assert!(world.connects <= 10, "{} connections", world.connects);
    assert_eq!(*world.view.session(), Session::Online);
}

/// Opens each message but that at `bad`, and sees its text.
fn check_readable(world: &mut World, bad: Option<usize>) {
    for position in (0..world.view.rows.len()).filter(|position| Some(*position) != bad) {
        let (message, before) = (world.message(position), world.view.messages.len());
        world.intend(Intent::OpenMessage { message });
        world.pass(Duration::from_secs(15));
        assert_eq!(world.view.messages.len(), before + 1, "the message at {position}");
    }
}

fn lists_all_but(world: &World, bad: &str) -> bool {
    let total = world.view.rows.len();
    let right = |position: usize| format!("m{}", total - position);
    world
        .view
        .list()
        .iter()
        .enumerate()
        .all(|(position, line)| *line == right(position) || right(position) == bad)
}

#[test]
fn a_count_that_ends_the_link_is_set_aside() {
    let mut world = world(3);
    world.server.faults.add(Fault::hangs_up(&["STATUS", "Reports"]));
    start(&mut world);
    two_minutes(&mut world);
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    assert!(world.server.count("STATUS Reports") <= 3, "{}", world.server.count("STATUS Reports"));
    assert_eq!(world.view.told(), [(ProblemCode::SetAside, "the number of messages in “Reports”")]);
    check_readable(&mut world, None);
    // The mailbox itself can be opened.
    world.open("Reports");
    assert_eq!(world.view.list(), ["Reports"]);
    // Whoever asks for news asks for all of them.
    world.server.faults.clear();
    world.intend(Intent::Refresh);
    assert_eq!(world.view.mailbox("Reports").unread, Some(1));
}

/// Every command that the engine sends by itself, one at a time.
#[test]
fn no_command_ends_more_than_a_few_links() {
    let commands: [&[&str]; 9] = [
        &["ID ("],
        &["LIST"],
        &["STATUS", "INBOX"],
        &["STATUS", "Sent"],
        &["IDLE"],
        &["EXAMINE"],
        &["NOOP"],
        &["RETURN"],
        &["UID FETCH", "(UID FLAGS)"],
    ];
    for words in commands {
        let mut world = world(3);
        world.server.capabilities += " LIST-EXTENDED LIST-STATUS";
        world.server.faults.add(Fault::hangs_up(words));
        start(&mut world);
        world.pass(Duration::from_secs(30));
        if world.view.generation == 0 {
            world.open("INBOX");
        }
        world.pass(Duration::from_secs(90));
        assert!(world.connects <= 10, "{words:?}: {} connections", world.connects);
        assert_eq!(world.view.list(), ["m3", "m2", "m1"], "{words:?}");
        if words != ["NOOP"] {
            assert_eq!(*world.view.session(), Session::Online, "{words:?}");
            check_readable(&mut world, None);
        }
    }
}

/// The same where nothing is answered instead.
#[test]
fn a_command_that_is_never_answered_leaves_the_rest_to_be_read() {
    for words in [&["ID ("][..], &["STATUS", "Sent"], &["EXAMINE"]] {
        let mut world = world(3);
        world.server.faults.add(Fault::new(words, Outcome::Silence));
        start(&mut world);
        two_minutes(&mut world);
        assert_eq!(world.view.list(), ["m3", "m2", "m1"], "{words:?}");
        world.pass(Duration::from_secs(60));
        check_readable(&mut world, None);
    }
}

#[test]
fn a_folder_that_ends_the_link_is_set_aside_and_the_others_open() {
    let mut world = world(3);
    world.server.faults.add(Fault::hangs_up(&["SELECT Sent"]));
    start(&mut world);
    world.open("Sent");
    two_minutes(&mut world);
    assert_eq!(world.server.count("SELECT Sent"), 2);
    assert_eq!(world.view.told(), [(ProblemCode::SetAside, "opening the folder “Sent”")]);
    world.open("INBOX");
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    check_readable(&mut world, None);
    // It is tried again when a person asks for it.
    world.server.faults.clear();
    world.open("Sent");
    assert_eq!(world.view.list(), ["Sent"]);
}

#[test]
fn a_mark_that_ends_the_link_is_put_back() {
    let mut world = world(3);
    world.server.faults.add(Fault::hangs_up(&["UID STORE"]));
    start(&mut world);
    let messages = vec![world.message(0)];
    world.intend(Intent::SetFlags { messages, seen: Some(true), flagged: None });
    two_minutes(&mut world);
    assert_eq!(world.view.list(), ["m3", "m2", "m1"]);
    assert_eq!(world.view.refused[0].code, ProblemCode::SetAside);
    assert_eq!(world.server.count("UID STORE"), 2);
}

#[test]
fn one_message_whose_row_ends_the_link_leaves_all_others() {
    for word in ["ENVELOPE", "BODYSTRUCTURE", "RFC822.SIZE"] {
        for comes_in_order in [true, false] {
            let mut world = world(60);
            let poison = Poison { uid: 37, word, outcome: Outcome::End(None), comes_in_order };
            world.server.faults.poison = Some(poison);
            start(&mut world);
            two_minutes(&mut world);
            let case = format!("{word} {comes_in_order}");
            assert!(lists_all_but(&world, "m37"), "{case}: {:?}", world.view.list());
            let row = world.view.rows[60 - 37].as_ref().expect("a row");
            assert_eq!((row.subject.as_str(), row.is_blank), ("", word == "RFC822.SIZE"), "{case}");
            assert!(!world.view.told().is_empty(), "{case}");
            assert!(world.view.told().iter().all(|(code, _)| *code == ProblemCode::SetAside));
            check_readable(&mut world, Some(60 - 37));
            let connects = world.connects;
            world.pass(Duration::from_secs(300));
            assert!(world.connects <= connects + 1, "{case} is not asked again");
        }
    }
}

/// Its row came without its structure; its text can be read all the same.
#[test]
fn a_message_whose_structure_ends_the_link_can_be_read() {
    let mut world = world(20);
    let outcome = Outcome::End(None);
    world.server.faults.poison =
        Some(Poison { uid: 7, word: "BODYSTRUCTURE", outcome, comes_in_order: false });
    start(&mut world);
    two_minutes(&mut world);
    let message = world.message(20 - 7);
    world.intend(Intent::OpenMessage { message });
    assert!(world.view.messages[0].body.text.as_ref().is_some_and(|text| text.contains("text 7")));
}

#[test]
fn a_text_that_ends_the_link_is_set_aside() {
    let mut world = world(3);
    let poison =
        Poison { uid: 2, word: "BODY.PEEK[1]<0.131072>", outcome: Outcome::End(None), comes_in_order: false };
    world.server.faults.poison = Some(poison);
    start(&mut world);
    let message = world.message(1);
    world.intend(Intent::OpenMessage { message });
    two_minutes(&mut world);
    assert_eq!(
        world.view.failed.last().map(|(id, problem)| (*id, problem.code)),
        Some((message, ProblemCode::SetAside))
    );
    check_readable(&mut world, Some(1));
    // Opened again it is tried again: the server may have been mended.
    world.server.faults.clear();
    world.intend(Intent::OpenMessage { message });
    world.pass(Duration::from_secs(15));
    assert_eq!(world.view.messages.last().expect("a message").body.text.as_deref(), Some("text 2"));
}

/// A literal that announces more octets than come swallows whatever comes behind it.
#[test]
fn a_literal_that_never_ends_keeps_no_other_message_from_being_read() {
    let mut world = world(3);
    let outcome = Outcome::Raw("* 2 FETCH (UID 2 BODY[1]<0> {4006}\r\ntext 2)\r\nA99 OK done\r\n".to_owned());
    let word = "BODY.PEEK[1]<0.131072>";
    world.server.faults.poison = Some(Poison { uid: 2, word, outcome, comes_in_order: false });
    start(&mut world);
    let bad = world.message(1);
    world.intend(Intent::OpenMessage { message: bad });
    world.pass(Duration::from_secs(6));
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    world.pass(Duration::from_secs(2));
    assert_eq!(world.view.messages.len(), 1, "another message is read at once");
    two_minutes(&mut world);
    assert_eq!(
        world.view.failed.last().map(|(id, problem)| (*id, problem.code)),
        Some((bad, ProblemCode::SetAside))
    );
    assert!(world.view.messages.iter().all(|message| message.id != bad), "no half of it is shown");
    check_readable(&mut world, Some(1));
}

/// The same where a person opens the next message before it is clear that the first is stuck.
#[test]
fn messages_that_wait_behind_a_stuck_one_are_read_soon() {
    let mut world = world(3);
    let outcome = Outcome::Silence;
    let word = "BODY.PEEK[1]<0.131072>";
    world.server.faults.poison = Some(Poison { uid: 2, word, outcome, comes_in_order: false });
    start(&mut world);
    for position in [1, 0] {
        let message = world.message(position);
        world.intend(Intent::OpenMessage { message });
    }
    world.pass(Duration::from_secs(20));
    assert_eq!(world.view.messages.len(), 1);
    assert_eq!(world.view.messages[0].body.text.as_deref(), Some("text 3"));
}

#[test]
fn a_download_that_ends_its_link_fails_in_words() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &[7; 500]));
    world.server.faults.add(Fault::hangs_up(&["BODY.PEEK[2]"]));
    start(&mut world);
    let (message, download) = (world.message(0), DownloadId(1));
    world.intend(Intent::Download { download, message, part: "2".to_owned() });
    two_minutes(&mut world);
    let end = world.view.downloads[&download].end.clone();
    assert_eq!(end.expect("an end").expect_err("a failure").code, ProblemCode::SetAside);
    assert!(world.view.downloads[&download].bytes.is_empty());
}

#[test]
fn bye_soon_after_idle_means_polling() {
    let mut world = world(1);
    world.idle_limit = Some(Duration::from_secs(3));
    start(&mut world);
    two_minutes(&mut world);
    assert!(world.connects <= 4, "{} connections", world.connects);
    assert_eq!(world.view.sessions, [Session::SigningIn, Session::Online], "nobody is told");
    world.server.mailbox("INBOX").append(Mail::plain("m2", "text 2"));
    world.pass(Duration::from_secs(61));
    assert_eq!(world.view.list(), ["m2", "m1"]);
    // It is tried again, less and less often.
    let connects = world.connects;
    world.pass(Duration::from_secs(3600));
    assert!(world.connects - connects <= 4, "{} connections in an hour", world.connects - connects);
}

#[test]
fn a_server_with_one_session_is_used_with_one() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::with_attachment("m1", "a.bin", "7BIT", &[7; 500]));
    world.server.mailbox("Sent").append(Mail::plain("Sent", "text"));
    world.server.faults.one_session = Some("Signed in from elsewhere".to_owned());
    start(&mut world);
    two_minutes(&mut world);
    assert!(world.connects <= 6, "{} connections", world.connects);
    check_readable(&mut world, None);
    world.server.mailbox("INBOX").append(Mail::plain("m2", "text 2"));
    world.pass(Duration::from_secs(61));
    assert_eq!(world.view.list(), ["m2", "m1"]);
    // The one link carries downloads too, also of a mailbox that is no longer open.
    let (message, download) = (world.message(1), DownloadId(1));
    world.open("Sent");
    world.intend(Intent::Download { download, message, part: "2".to_owned() });
    assert_eq!(world.view.downloads[&download].end, Some(Ok(())));
    assert_eq!(world.view.list(), ["Sent"]);
    world.pass(Duration::from_secs(600));
    assert!(world.connects <= 6, "{} connections", world.connects);
}

/// A server that hangs up a few seconds into whatever is done, and leaves nothing to blame.
#[test]
fn a_link_must_live_before_the_next_tries_are_quick_again() {
    let mut world = world(3);
    start(&mut world);
    for _ in 0..40 {
        world.pass(Duration::from_secs(3));
        if !world.links.is_empty() {
            world.cut(1000, "closed: the server closed the connection");
        }
    }
    assert!(world.connects <= 10, "{} connections", world.connects);
    // One that lives a minute makes the next try a quick one.
    world.pass(Duration::from_secs(180));
    world.cut(1006, "");
    world.pass(Duration::from_secs(1));
    assert_eq!(*world.view.session(), Session::Online);
}

/// Nobody else can ask for them where the server bears no second link.
#[test]
fn details_that_may_end_the_only_link_come_when_a_person_asks() {
    let mut world = world(3);
    world.server.faults.one_session = Some("Signed in from elsewhere".to_owned());
    start(&mut world);
    two_minutes(&mut world);
    world.server.faults.add(Fault::hangs_up(&["ENVELOPE"]).times(1));
    world.server.mailbox("INBOX").append(Mail::plain("m4", "text 4"));
    world.pass(Duration::from_secs(120));
    assert_eq!(world.view.list(), ["", "m3", "m2", "m1"]);
    world.intend(Intent::Refresh);
    assert_eq!(world.view.list(), ["m4", "m3", "m2", "m1"]);
}
