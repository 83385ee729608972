//! Anything may happen to a mailbox, in any order, with links that break anywhere: at rest the view, which is built
//! from the updates alone, shows what the server has.

use crate::faults::Fault;
use crate::mail::Mail;
use crate::world::World;
use postern_engine::Budget;
use postern_engine::border::{Intent, MessageView, ProblemCode};
use proptest::prelude::*;
use std::time::Duration;

/// One thing that happens. Indices are taken modulo what is there.
#[derive(Debug, Clone)]
enum Happening {
    Append,
    Expunge(usize),
    /// Another client sets or clears a flag.
    Flag(usize, Mark, bool),
    /// The user does.
    Wish(usize, Mark, bool),
    Wake,
    Cut,
    /// The links break in the midst of what comes next.
    CutAfter(usize),
    Pass(u16),
    Look(u32),
    OpenSent,
    OpenInbox,
    /// The mailbox is made anew under the same name.
    NewValidity,
    /// The server refuses what has this word in it, in these words, for so many milliseconds.
    Refuse(&'static str, &'static str, u16),
    /// It hangs up over it, so often.
    HangUp(&'static str, usize),
    /// It ends every session with BYE.
    Bye,
    /// No window has more octets than this from now on.
    Short(usize),
    SplitRows(bool),
    Read(usize),
}

#[derive(Debug, Clone, Copy)]
enum Mark {
    Seen,
    Flagged,
}

fn happening() -> impl Strategy<Value = Happening> {
    let mark = prop_oneof![Just(Mark::Seen), Just(Mark::Flagged)];
    prop_oneof![
        4 => Just(Happening::Append),
        3 => any::<usize>().prop_map(Happening::Expunge),
        3 => (any::<usize>(), mark.clone(), any::<bool>()).prop_map(|(at, mark, on)| Happening::Flag(at, mark, on)),
        3 => (any::<usize>(), mark, any::<bool>()).prop_map(|(at, mark, on)| Happening::Wish(at, mark, on)),
        3 => Just(Happening::Wake),
        2 => Just(Happening::Cut),
        3 => (0usize..60).prop_map(Happening::CutAfter),
        2 => (0u16..5000).prop_map(Happening::Pass),
        1 => (0u32..100).prop_map(Happening::Look),
        1 => Just(Happening::OpenSent),
        2 => Just(Happening::OpenInbox),
        1 => Just(Happening::NewValidity),
        3 => (command(), refusal(), 0u16..9000).prop_map(|(command, words, millis)| Happening::Refuse(command, words, millis)),
        2 => (command(), 1usize..4).prop_map(|(command, times)| Happening::HangUp(command, times)),
        1 => Just(Happening::Bye),
        1 => (1usize..2000).prop_map(Happening::Short),
        1 => any::<bool>().prop_map(Happening::SplitRows),
        2 => any::<usize>().prop_map(Happening::Read),
    ]
}

fn command() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "LIST",
        "SELECT",
        "EXAMINE",
        "STATUS",
        "FETCH",
        "UID FETCH",
        "ENVELOPE",
        "BODY.PEEK",
        "UID STORE",
        "IDLE",
        "NOOP",
        "ID",
    ])
}

fn refusal() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "BAD throttled. Suggested Backoff Time: 1500 ms",
        "NO [UNAVAILABLE] not now",
        "NO [LIMIT] too many commands",
        "NO [INUSE] locked",
    ])
}

fn happen(world: &mut World, happening: &Happening, appended: &mut usize) {
    let messages = world.server.mailbox("INBOX").messages.len();
    match *happening {
        Happening::Append => {
            *appended += 1;
            let mail = Mail::plain(&format!("m{appended}"), "text");
            world.server.mailbox("INBOX").append(mail);
        }
        Happening::Expunge(at) if messages > 0 => world.server.mailbox("INBOX").expunge(at % messages),
        Happening::Flag(at, mark, on) if messages > 0 => {
            world.server.mailbox("INBOX").flag(at % messages, name(mark), on);
        }
        Happening::Wish(at, mark, on) => wish(world, at, mark, on),
        Happening::Wake => world.wake(),
        Happening::Cut => world.cut(1006, ""),
        Happening::CutAfter(pieces) => world.fuse = Some(pieces),
        Happening::Pass(millis) => world.pass(Duration::from_millis(u64::from(millis))),
        Happening::Look(first) => {
            let mailbox = world.mailbox("INBOX");
            world.intend(Intent::ShowRows { mailbox, first, count: 20 });
        }
        Happening::OpenSent => world.open("Sent"),
        Happening::OpenInbox => world.open("INBOX"),
        Happening::NewValidity => {
            world.cut(1006, "");
            world.server.mailbox("INBOX").uid_validity += 1;
        }
        Happening::Refuse(command, words, millis) => {
            let until = world.now + Duration::from_millis(u64::from(millis));
            world.server.faults.add(Fault::says(&[command], words).until(until));
        }
        Happening::HangUp(command, times) => {
            world.server.faults.add(Fault::hangs_up(&[command]).times(times));
        }
        Happening::Bye => world.bye("shutting down"),
        Happening::Short(octets) => world.server.faults.most_octets = Some(octets),
        Happening::SplitRows(are_split) => world.server.faults.splits_rows = are_split,
        Happening::Read(at) => {
            let known: Vec<_> = world.view.rows.iter().flatten().map(|row| row.id).collect();
            if !known.is_empty() {
                world.intend(Intent::OpenMessage { message: known[at % known.len()] });
            }
        }
        Happening::Expunge(_) | Happening::Flag(..) => {}
    }
}

fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Seen => "\\Seen",
        Mark::Flagged => "\\Flagged",
    }
}

fn wish(world: &mut World, at: usize, mark: Mark, on: bool) {
    let known: Vec<_> = world.view.rows.iter().flatten().map(|row| row.id).collect();
    if known.is_empty() {
        return;
    }
    let messages = vec![known[at % known.len()]];
    let (seen, flagged) = match mark {
        Mark::Seen => (Some(on), None),
        Mark::Flagged => (None, Some(on)),
    };
    world.intend(Intent::SetFlags { messages, seen, flagged });
}

/// The server's INBOX as the view's list should show it.
fn expected(world: &mut World) -> Vec<String> {
    let line = |message: &crate::server::Message| {
        let subject = message.mail.envelope.split('"').nth(3).expect("a subject").to_owned();
        let mark = |flag, word| if message.flags.contains(flag) { word } else { "" };
        subject + mark("\\Seen", " seen") + mark("\\Flagged", " flagged")
    };
    world.server.mailbox("INBOX").messages.iter().rev().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_rest_the_view_shows_what_the_server_has(
        start in 0usize..150,
        exists_first in any::<bool>(),
        slice in prop_oneof![Just(usize::MAX), 1usize..40],
        events in prop_oneof![Just(usize::MAX), 1usize..6],
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut world = World::with_inbox(start);
        (world.server.exists_first, world.slice) = (exists_first, slice);
        world.budget = Budget { events };
        let mut appended = start;
        for happening in &happenings {
            happen(&mut world, happening, &mut appended);
        }
        world.fuse = None;
        world.server.faults.clear();
        world.open("INBOX");
        world.pass(Duration::from_secs(130));
        // An idling session hears nothing of a message that came and went between two wakes; the other may know it.
        world.intend(Intent::Refresh);
        let mailbox = world.mailbox("INBOX");
        let total = u32::try_from(world.view.rows.len()).expect("few rows");
        world.intend(Intent::ShowRows { mailbox, first: 0, count: total.max(1) });
        world.pass(Duration::from_secs(5));

        let expected = expected(&mut world);
        prop_assert_eq!(world.view.list(), expected);
        let unseen = u32::try_from(world.server.mailbox("INBOX").unseen()).expect("few");
        prop_assert_eq!(world.view.mailbox("INBOX").unread, Some(unseen));
        prop_assert_eq!(world.view.mailbox("INBOX").total, Some(total));
        // A mark that ended two links is put back, and said to be.
        prop_assert!(world.view.refused.iter().all(|problem| problem.code == ProblemCode::SetAside));
        let whole = |view: &MessageView| view.body.text.as_deref() == Some("text") || view.body.text.as_deref() == Some("hello");
        prop_assert!(world.view.messages.iter().all(whole), "no text has a gap");
    }
}
