//! Links that break: what the user is told, how soon they are tried again, and what is in step afterwards.

use crate::mail::Mail;
use crate::world::{Admit, World};
use postern_engine::border::{Intent, Password, ProblemCode, Session};
use std::time::Duration;

#[test]
fn a_lost_link_is_told_and_made_again() {
    let mut world = World::with_inbox(2);
    world.cut(1006, "");
    let Session::Reconnecting { problem, retry_in } = world.view.session() else {
        panic!("{:?}", world.view.sessions)
    };
    assert_eq!(problem.code, ProblemCode::ConnectionLost);
    assert!((500..=1000).contains(retry_in), "{retry_in}");
    assert_eq!(world.view.list(), ["m2", "m1"], "what was read stays");
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.pass(Duration::from_secs(2));
    assert_eq!(*world.view.session(), Session::Online);
    assert_eq!(world.view.list(), ["new", "m2", "m1"]);
}

#[test]
fn what_happened_meanwhile_shows_after_the_reconnect() {
    let mut world = World::with_inbox(4);
    let generation = world.view.generation;
    world.cut(1006, "");
    let inbox = world.server.mailbox("INBOX");
    inbox.flag(3, "\\Flagged", true);
    inbox.expunge(1);
    inbox.append(Mail::plain("new", "text"));
    world.pass(Duration::from_secs(2));
    assert_eq!(world.view.list(), ["new", "m4 flagged", "m3", "m1"]);
    assert_eq!(world.view.generation, generation, "the list went on");
    assert_eq!(world.view.mailbox("INBOX").unread, Some(4));
}

#[test]
fn tries_grow_apart_up_to_a_minute() {
    let mut world = World::with_inbox(1);
    world.admit = Box::new(|_| Admit::Close(4502, "refused: port 993"));
    world.cut(1006, "");
    world.pass(Duration::from_secs(600));
    let waits: Vec<_> = world
        .view
        .sessions
        .iter()
        .filter_map(|session| match session {
            Session::Reconnecting { retry_in, problem } if *retry_in > 0 => Some((*retry_in, problem.code)),
            _ => None,
        })
        .collect();
    assert!(waits.len() > 10, "{waits:?}");
    assert!(waits.iter().all(|(wait, _)| *wait <= 60_000));
    assert!(waits.last().expect("waits").0 >= 30_000);
    assert_eq!(waits.last().expect("waits").1, ProblemCode::ServerUnreachable);
}

#[test]
fn reconnect_tries_at_once() {
    let mut world = World::with_inbox(1);
    world.cut(1006, "");
    world.intend(Intent::Reconnect);
    assert_eq!(*world.view.session(), Session::Online);
}

#[test]
fn a_proxy_that_goes_away_is_tried_at_once() {
    let mut world = World::with_inbox(1);
    world.cut(1001, "going-away: restarting");
    assert_eq!(*world.view.session(), Session::Online);
}

#[test]
fn a_proxy_that_is_full_is_not_tried_before_half_a_minute() {
    let mut world = World::with_inbox(1);
    world.cut(4429, "too-many: retry in a minute");
    let connects = world.connects;
    world.pass(Duration::from_secs(29));
    assert_eq!(world.connects, connects);
    world.pass(Duration::from_secs(31));
    assert!(world.connects > connects);
}

#[test]
fn an_alert_is_told_once_whoever_hears_it() {
    let mut world = World::with_inbox(1);
    world.server.refusals.insert("NOOP".to_owned(), "[ALERT] The disk is almost full".to_owned());
    for _ in 0..3 {
        world.intend(Intent::Refresh);
        world.pass(Duration::from_secs(5));
    }
    assert!(world.server.count("NOOP") > 1);
    assert_eq!(world.view.alerts, ["The disk is almost full"]);
}

#[test]
fn a_password_that_was_changed_meanwhile_is_asked_for_with_all_that_was_read() {
    let mut world = World::with_inbox(2);
    let message = world.message(0);
    world.intend(Intent::OpenMessage { message });
    world.server.password = "another".to_owned();
    world.cut(1006, "");
    world.pass(Duration::from_secs(600));
    let Session::Locked { problem } = world.view.session() else { panic!("{:?}", world.view.sessions) };
    assert_eq!(
        (problem.code, problem.detail.as_str()),
        (ProblemCode::WrongPassword, "wrong user or password")
    );
    assert_eq!(
        world.server.count("AUTHENTICATE") + world.server.count("LOGIN"),
        3,
        "a wrong one is tried once"
    );
    assert_eq!(world.view.list(), ["m2", "m1"]);
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.messages.len(), 2, "what was read can be read");

    world.intend(Intent::Unlock { password: Password("still wrong".to_owned()) });
    assert!(matches!(world.view.session(), Session::Locked { .. }));
    let generation = world.view.generation;
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.intend(Intent::Unlock { password: Password("another".to_owned()) });
    assert_eq!(*world.view.session(), Session::Online);
    assert_eq!(world.view.list(), ["new", "m2", "m1"]);
    assert_eq!(world.view.generation, generation, "the list went on");
}

/// A laptop that slept: the link looks alive, and nothing comes.
#[test]
fn a_silent_server_is_noticed() {
    let mut world = World::with_inbox(1);
    world.is_silent = true;
    world.intend(Intent::Refresh);
    world.pass(Duration::from_secs(70));
    let is_lost = |session: &Session| matches!(session, Session::Reconnecting { problem, .. } if problem.code == ProblemCode::ConnectionLost);
    assert!(world.view.sessions.iter().any(is_lost), "{:?}", world.view.sessions);
}

/// The browser came back from sleep: a dead link must not be found out by a minute's silence.
#[test]
fn reconnect_probes_a_link_that_looks_alive() {
    let mut world = World::with_inbox(1);
    world.is_silent = true;
    world.intend(Intent::Reconnect);
    world.pass(Duration::from_secs(11));
    assert!(matches!(world.view.session(), Session::Reconnecting { .. }), "{:?}", world.view.sessions);
    let mut world = World::with_inbox(1);
    world.intend(Intent::Reconnect);
    world.pass(Duration::from_secs(11));
    assert_eq!(*world.view.session(), Session::Online);
}

#[test]
fn where_idle_is_refused_the_first_link_polls() {
    let mut world = World::new();
    world.server.refusals.insert("IDLE".to_owned(), "not today".to_owned());
    world.sign_in();
    world.open("INBOX");
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.pass(Duration::from_secs(61));
    assert_eq!(world.view.list(), ["new"]);
    assert_eq!(world.server.count("IDLE"), 1);
}

#[test]
fn the_second_link_idles_and_its_end_is_nobodys_business() {
    let mut world = World::with_inbox(1);
    assert_eq!((world.connects, world.server.count("IDLE")), (2, 1));
    let side = *world.links.keys().last().expect("two links");
    world.links.remove(&side);
    let close = postern_engine::LinkClose { code: 1006, reason: String::new() };
    world.engine.handle_closed(side, &close, world.now);
    world.settle();
    world.run();
    assert_eq!(*world.view.session(), Session::Online);
    world.pass(Duration::from_secs(2));
    assert_eq!((world.connects, world.server.count("IDLE")), (3, 2));
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.wake();
    assert_eq!(world.view.list(), ["new", "m1"]);
}

#[test]
fn where_a_second_link_is_refused_the_first_one_polls() {
    let mut world = World::new();
    world.admit =
        Box::new(
            |number| if number == 0 { Admit::Open } else { Admit::Close(4429, "too-many: one is enough") },
        );
    world.sign_in();
    world.open("INBOX");
    world.server.mailbox("INBOX").append(Mail::plain("new", "text"));
    world.pass(Duration::from_secs(61));
    assert_eq!(world.view.list(), ["new"]);
    assert_eq!(*world.view.session(), Session::Online);
}

#[test]
fn late_words_of_an_old_link_change_nothing() {
    let mut world = World::with_inbox(1);
    let old = *world.links.keys().next().expect("a link");
    world.cut(1006, "");
    world.engine.handle_input(old, b"* 0 EXISTS\r\n* 1 EXPUNGE\r\n", world.now);
    world.settle();
    world.run();
    assert_eq!(world.view.list(), ["m1"]);
}
