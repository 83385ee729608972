//! Attachments: streamed, decoded, bounded, and never short.

use crate::faults::Fault;
use crate::mail::Mail;
use crate::server::base64;
use crate::world::World;
use postern_engine::border::{DownloadId, Intent, ProblemCode};
use std::time::Duration;

const ONE: DownloadId = DownloadId(1);

fn content(len: usize) -> Vec<u8> {
    let mut content = Vec::from_iter(0..=250).repeat(len / 251 + 1);
    content.truncate(len);
    content
}

/// Base64 in lines of 76, as it travels.
fn encoded(content: &[u8]) -> Vec<u8> {
    base64(content).as_bytes().chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..])
}

fn world(mail: Mail) -> World {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(mail);
    world.sign_in();
    world.open("INBOX");
    world
}

fn download(world: &mut World) {
    let message = world.message(0);
    world.intend(Intent::Download { download: ONE, message, part: "2".to_owned() });
}

#[test]
fn arrives_whole_and_decoded() {
    for len in [0, 1, 1000, 3_000_000] {
        let content = content(len);
        let mut world = world(Mail::with_attachment("file", "a.bin", "BASE64", &encoded(&content)));
        download(&mut world);
        let download = &world.view.downloads[&ONE];
        assert_eq!(download.end, Some(Ok(())), "{len} bytes");
        assert!(download.bytes == content, "{len} bytes");
    }
}

#[test]
fn an_exact_number_of_windows_is_whole_too() {
    let content = content(2 * 256 * 1024);
    let mut world = world(Mail::with_attachment("file", "a.bin", "7BIT", &content));
    download(&mut world);
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
}

#[test]
fn never_runs_ahead_of_the_view() {
    let content = content(5_000_000);
    let mut world = world(Mail::with_attachment("file", "a.bin", "7BIT", &content));
    world.takes_downloads = false;
    download(&mut world);
    let ahead = world.view.downloads[&ONE].bytes.len();
    assert!(ahead <= 1024 * 1024, "{ahead} bytes ahead");
    assert!(ahead >= 512 * 1024, "{ahead} bytes ahead");
    world.intend(Intent::DownloadTaken { download: ONE, bytes: 300_000 });
    assert!(world.view.downloads[&ONE].bytes.len() > ahead);
    assert_eq!(world.view.downloads[&ONE].end, None);
}

#[test]
fn shorter_than_the_server_said_is_a_failure() {
    let mut mail = Mail::with_attachment("file", "a.bin", "7BIT", &content(1000));
    mail.sections.insert("2".to_owned(), content(900));
    let mut world = world(mail);
    download(&mut world);
    let end = world.view.downloads[&ONE].end.clone();
    assert_eq!(end.expect("an end").expect_err("a failure").code, ProblemCode::Unreadable);
}

#[test]
fn cancel_ends_it_and_the_connection_stays() {
    let mut world = world(Mail::with_attachment("file", "a.bin", "7BIT", &content(5_000_000)));
    world.takes_downloads = false;
    download(&mut world);
    world.intend(Intent::CancelDownload { download: ONE });
    let bytes = world.view.downloads[&ONE].bytes.len();
    world.intend(Intent::DownloadTaken { download: ONE, bytes: 900_000 });
    world.pass(Duration::from_secs(5));
    assert_eq!(world.view.downloads[&ONE].bytes.len(), bytes);
    assert_eq!(world.connects, 2, "no new link");
}

#[test]
fn goes_on_where_it_broke() {
    let content = content(2_000_000);
    let mut world = world(Mail::with_attachment("file", "a.bin", "BASE64", &encoded(&content)));
    world.takes_downloads = false;
    download(&mut world);
    world.cut(1006, "");
    world.takes_downloads = true;
    let bytes = u32::try_from(world.view.downloads[&ONE].bytes.len()).expect("few");
    world.intend(Intent::DownloadTaken { download: ONE, bytes });
    world.pass(Duration::from_secs(30));
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
}

#[test]
fn goes_on_while_another_mailbox_is_opened() {
    let content = content(2_000_000);
    let mut world = world(Mail::with_attachment("file", "a.bin", "7BIT", &content));
    world.takes_downloads = false;
    download(&mut world);
    world.open("Sent");
    world.takes_downloads = true;
    let bytes = u32::try_from(world.view.downloads[&ONE].bytes.len()).expect("few");
    world.intend(Intent::DownloadTaken { download: ONE, bytes });
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
}

#[test]
fn a_part_that_the_message_lacks_is_gone() {
    let mut world = World::with_inbox(1);
    download(&mut world);
    let end = world.view.downloads[&ONE].end.clone();
    assert_eq!(end.expect("an end").expect_err("a failure").code, ProblemCode::Gone);
}

/// A world with a download whose windows are in flight on the first link, since every second link is cut. From the
/// link with this number on none is.
fn world_with_windows_on_the_first_link(content: &[u8], allowed_from: usize) -> World {
    let mut world = World::new();
    world.admit = Box::new(move |number| {
        if number == 0 || number >= allowed_from {
            crate::world::Admit::Open
        } else {
            crate::world::Admit::Close(4502, "reset: the server cut the connection")
        }
    });
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", content));
    world.sign_in();
    world.open("INBOX");
    world.holds_work_link = true;
    download(&mut world);
    assert_eq!(windows(&world), 3, "all that may be under way");
    world
}

/// How many windows the server was asked for.
fn windows(world: &World) -> usize {
    String::from_utf8_lossy(&world.sent).matches("BODY.PEEK[2]<").count()
}

#[test]
fn a_second_link_cut_again_does_not_disturb_the_windows_of_the_first() {
    let content = content(2_000_000);
    let mut world = world_with_windows_on_the_first_link(&content, usize::MAX);
    let connects = world.connects;
    world.pass(Duration::from_secs(20));
    assert!(world.connects > connects, "no other try");
    world.holds_work_link = false;
    world.run();
    world.pass(Duration::from_secs(60));
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
    assert_eq!(windows(&world), 8, "each is asked for once");
}

#[test]
fn a_second_link_that_opens_late_waits_for_the_windows_of_the_first() {
    let content = content(2_000_000);
    let mut world = world_with_windows_on_the_first_link(&content, 3);
    world.pass(Duration::from_secs(20));
    assert_eq!(world.links.len(), 2, "the second link is open");
    world.holds_work_link = false;
    world.run();
    world.pass(Duration::from_secs(60));
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
    assert_eq!(windows(&world), 8, "each is asked for once");
}

#[test]
fn without_a_second_link_the_first_carries_it() {
    let content = content(600_000);
    let mut world = World::new();
    world.admit = Box::new(|number| {
        if number == 0 {
            crate::world::Admit::Open
        } else {
            crate::world::Admit::Close(4429, "too-many: one")
        }
    });
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &content));
    world.sign_in();
    world.open("INBOX");
    download(&mut world);
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
}

#[test]
fn windows_that_come_short_leave_no_gap_in_a_file() {
    let content = content(1_000_000);
    for most in [100_000, 262_143] {
        let mut world = World::new();
        world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &content));
        world.server.faults.most_octets = Some(most);
        world.sign_in();
        world.open("INBOX");
        download(&mut world);
        assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
        assert!(world.view.downloads[&ONE].bytes == content, "windows of {most}");
    }
}

#[test]
fn a_file_without_an_origin_is_whole() {
    let content = content(1_000_000);
    let mut world = World::new();
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &content));
    world.server.faults.ignores_windows = true;
    world.sign_in();
    world.open("INBOX");
    download(&mut world);
    assert_eq!(world.view.downloads[&ONE].end, Some(Ok(())));
    assert!(world.view.downloads[&ONE].bytes == content);
}

#[test]
fn an_answer_without_a_file_is_no_message_that_is_gone() {
    let mut world = world(Mail::with_attachment("file", "a.bin", "7BIT", &content(1000)));
    world.server.faults.add(Fault::says(&["BODY.PEEK[2]"], "OK completed"));
    download(&mut world);
    let end = world.view.downloads[&ONE].end.clone();
    assert_eq!(end.expect("an end").expect_err("a failure").code, ProblemCode::NothingCame);
}
