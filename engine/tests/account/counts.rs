//! What the usual things cost, held exactly: commands, bytes each way, links and updates. A change of this table is a
//! change that somebody decided on; clocks are for benches.

use crate::mail::Mail;
use crate::world::World;
use postern_engine::border::{DownloadId, Intent, Password};
use std::time::Duration;

/// What was counted since the last look.
#[derive(Default)]
struct Counts {
    commands: usize,
    sent: usize,
    received: usize,
    links: usize,
    updates: usize,
}

fn counted(world: &World) -> Counts {
    Counts {
        commands: world.server.log.len(),
        sent: world.sent.len(),
        received: world.received,
        links: world.connects,
        updates: world.view.updates.len(),
    }
}

/// Does something and gives what it cost as one line.
fn cost(world: &mut World, name: &str, act: impl FnOnce(&mut World)) -> String {
    let before = counted(world);
    act(world);
    let after = counted(world);
    format!(
        "{name}: {} commands, {} bytes out, {} in, {} links, {} updates",
        after.commands - before.commands,
        after.sent - before.sent,
        after.received - before.received,
        after.links - before.links,
        after.updates - before.updates
    )
}

fn append(world: &mut World, numbers: std::ops::Range<usize>) {
    for number in numbers {
        world.server.mailbox("INBOX").append(Mail::plain(&format!("m{number}"), &format!("text {number}")));
    }
}

fn read(world: &mut World) {
    world.intend(Intent::OpenMessage { message: world.message(1) });
}

#[test]
fn usual_things_cost_what_they_are_known_to_cost() {
    let mut world = World::new();
    append(&mut world, 0..300);
    let file = vec![7; 600_000];
    world.server.mailbox("INBOX").append(Mail::with_attachment("file", "a.bin", "7BIT", &file));
    let mut lines = vec![
        cost(&mut world, "sign in", World::sign_in),
        cost(&mut world, "open a mailbox", |world| world.open("INBOX")),
        cost(&mut world, "look further down", |world| {
            let mailbox = world.mailbox("INBOX");
            world.intend(Intent::ShowRows { mailbox, first: 150, count: 50 });
        }),
        cost(&mut world, "read", read),
        cost(&mut world, "read again", read),
        cost(&mut world, "mark 20 as read", |world| {
            let messages = (0..20).map(|position| world.message(position)).collect();
            world.intend(Intent::SetFlags { messages, seen: Some(true), flagged: None });
        }),
        cost(&mut world, "save 600 KB", |world| {
            let (message, download) = (world.message(0), DownloadId(1));
            world.intend(Intent::Download { download, message, part: "2".to_owned() });
        }),
        cost(&mut world, "100 new messages", |world| {
            append(world, 300..400);
            world.wake();
            world.pass(Duration::from_secs(1));
        }),
        cost(&mut world, "reconnect and compare", |world| {
            world.cut(1006, "");
            append(world, 400..403);
            world.server.mailbox("INBOX").expunge(350);
            world.pass(Duration::from_secs(2));
        }),
        cost(&mut world, "another mailbox and back", |world| {
            world.open("Sent");
            world.open("INBOX");
        }),
        cost(&mut world, "an hour of nothing", |world| world.pass(Duration::from_secs(3600))),
        cost(&mut world, "refresh", |world| world.intend(Intent::Refresh)),
        cost(&mut world, "sign out", |world| world.intend(Intent::SignOut)),
    ];
    lines.push(cost(&mut world, "a wrong password", |world| {
        let (address, password) = ("ada@example.com".to_owned(), Password("wrong".to_owned()));
        world.intend(Intent::SignIn { upstream: None, address, password });
    }));
    insta::assert_snapshot!(lines.join("\n"), @r"
    sign in: 5 commands, 167 bytes out, 371 in, 1 links, 5 updates
    open a mailbox: 9 commands, 528 bytes out, 45038 in, 1 links, 8 updates
    look further down: 4 commands, 473 bytes out, 65205 in, 0 links, 7 updates
    read: 1 commands, 48 bytes out, 76 in, 0 links, 1 updates
    read again: 0 commands, 0 bytes out, 0 in, 0 links, 1 updates
    mark 20 as read: 1 commands, 38 bytes out, 768 in, 0 links, 21 updates
    save 600 KB: 6 commands, 186 bytes out, 600873 in, 0 links, 4 updates
    100 new messages: 4 commands, 362 bytes out, 44470 in, 0 links, 11 updates
    reconnect and compare: 9 commands, 324 bytes out, 12330 in, 1 links, 10 updates
    another mailbox and back: 5 commands, 383 bytes out, 14896 in, 0 links, 11 updates
    an hour of nothing: 61 commands, 1041 bytes out, 2120 in, 1 links, 0 updates
    refresh: 4 commands, 97 bytes out, 216 in, 0 links, 1 updates
    sign out: 1 commands, 12 bytes out, 0 in, 0 links, 1 updates
    a wrong password: 1 commands, 56 bytes out, 127 in, 1 links, 2 updates
    ");
}
