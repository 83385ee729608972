//! Signing in and out, and every way in which that fails.

use crate::faults::Fault;
use crate::world::{Admit, World};
use postern_engine::border::{Intent, MailboxId, MailboxRole, ProblemCode, Session};
use std::time::Duration;

#[test]
fn sign_in_lists_the_mailboxes_and_counts_them() {
    let mut world = World::new();
    world.server.mailbox("INBOX").append(crate::mail::Mail::plain("one", "text"));
    world.sign_in();
    assert_eq!(world.view.sessions, [Session::SigningIn, Session::Online]);
    let rows: Vec<_> = world.view.mailboxes.iter().map(|row| (row.role, row.total, row.unread)).collect();
    assert_eq!(
        rows,
        [(Some(MailboxRole::Inbox), Some(1), Some(1)), (Some(MailboxRole::Sent), Some(0), Some(0))]
    );
}

/// Every intent is answered.
#[test]
fn opening_a_mailbox_before_signing_in_is_answered() {
    let mut world = World::new();
    world.intend(Intent::OpenMailbox { mailbox: MailboxId(1) });
    assert_eq!(*world.view.session(), Session::SignedOut { problem: None });
    world.sign_in();
    world.intend(Intent::OpenMailbox { mailbox: MailboxId(999) });
    let codes: Vec<_> = world.view.refused.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::Gone]);
}

#[test]
fn counts_that_come_with_the_list_are_not_asked_again() {
    let mut world = World::new();
    world.server.capabilities += " LIST-EXTENDED LIST-STATUS";
    world.server.mailbox("Sent").append(crate::mail::Mail::plain("one", "text"));
    world.sign_in();
    assert_eq!(world.view.mailbox("Sent").total, Some(1));
    assert_eq!(world.server.count("STATUS"), 0);
}

/// 163.com opens no mailbox for those who don't say who they are.
#[test]
fn id_comes_before_select() {
    let world = World::with_inbox(1);
    let position = |command: &str| world.server.log.iter().position(|line| line.starts_with(command));
    assert!(position("ID").expect("an ID") < position("SELECT").expect("a SELECT"));
}

/// Dovecot tells them inside the OK, others only to those who ask.
#[test]
fn capabilities_that_come_late_are_waited_for() {
    let mut world = World::new();
    world.server.tells_capabilities = false;
    world.sign_in();
    assert_eq!(*world.view.session(), Session::Online);
    assert_eq!(world.server.count("ID"), 1);
    assert_eq!(world.server.count("CAPABILITY"), 2, "before and after the login");
}

#[test]
fn login_stands_in_for_authenticate() {
    let mut world = World::new();
    world.server.capabilities = "IMAP4rev1".to_owned();
    world.sign_in();
    assert_eq!(*world.view.session(), Session::Online);
    assert_eq!(world.server.count("LOGIN"), 1);
}

#[test]
fn a_wrong_password_is_told_and_not_tried_again() {
    let mut world = World::new();
    world.sign_in_with("guess");
    check_signed_out(&world, ProblemCode::WrongPassword, "wrong user or password");
    world.pass(Duration::from_secs(600));
    assert_eq!(world.connects, 1);
    assert_eq!(world.server.count("AUTHENTICATE"), 1);
}

#[test]
fn a_refusal_of_another_kind_has_the_servers_words() {
    for (words, code) in [
        ("[UNAVAILABLE] down for maintenance", ProblemCode::SignInRefused),
        ("[EXPIRED] your password is too old", ProblemCode::SignInRefused),
        ("[CONTACTADMIN] ask the postmaster", ProblemCode::SignInRefused),
        ("[LIMIT] too many sessions", ProblemCode::TooMany),
        ("no", ProblemCode::WrongPassword),
    ] {
        let mut world = World::new();
        for command in ["AUTHENTICATE", "LOGIN"] {
            world.server.refusals.insert(command.to_owned(), words.to_owned());
        }
        world.sign_in();
        check_signed_out(&world, code, words.split("] ").last().expect("some words"));
    }
}

#[test]
fn an_alert_in_a_refusal_is_told() {
    let mut world = World::new();
    let words = "[ALERT] Application-specific password required";
    world.server.refusals.insert("AUTHENTICATE".to_owned(), words.to_owned());
    world.sign_in();
    assert_eq!(world.view.alerts, ["Application-specific password required"]);
    assert!(matches!(world.view.session(), Session::SignedOut { problem: Some(_) }));
}

#[test]
fn where_login_is_disabled_no_password_goes_out() {
    let mut world = World::new();
    world.server.capabilities = "IMAP4rev1 LOGINDISABLED".to_owned();
    world.sign_in();
    let Session::SignedOut { problem: Some(problem) } = world.view.session() else {
        panic!("still signed in")
    };
    assert_eq!(problem.code, ProblemCode::SignInRefused);
    assert!(!String::from_utf8_lossy(&world.sent).contains("secret"));
}

#[test]
fn a_link_that_cannot_be_made_is_told_by_its_reason() {
    let cases = [
        (1006, "", ProblemCode::ProxyUnreachable),
        (4502, "refused: port 993", ProblemCode::ServerUnreachable),
        (4525, "tls-expired: since May", ProblemCode::CertificateUntrusted),
        (4525, "tls-failed: no common version", ProblemCode::TlsFailed),
        (4526, "starttls-missing: not offered", ProblemCode::StarttlsMissing),
        (4429, "too-many: come back in 30 s", ProblemCode::TooMany),
        (4403, "origin-refused: not this page", ProblemCode::NotAllowed),
        (4400, "unknown-upstream: no such name", ProblemCode::NotAllowed),
    ];
    for (close, reason, code) in cases {
        let mut world = World::new();
        world.admit = Box::new(move |_| Admit::Close(close, reason));
        world.sign_in();
        let Session::SignedOut { problem: Some(problem) } = world.view.session() else {
            panic!("not {code:?}")
        };
        assert_eq!(problem.code, code);
        world.pass(Duration::from_secs(600));
        assert_eq!(world.connects, 1, "{code:?} is not tried again before anybody was in");
    }
}

#[test]
fn a_proxy_or_server_that_never_answers_is_given_up() {
    let mut world = World::new();
    world.admit = Box::new(|_| Admit::Never);
    world.sign_in();
    world.pass(Duration::from_secs(60));
    let Session::SignedOut { problem: Some(problem) } = world.view.session() else { panic!("still waiting") };
    assert_eq!(problem.code, ProblemCode::ProxyUnreachable);
}

#[test]
fn an_answer_to_nothing_is_the_servers_fault() {
    let mut world = World::new();
    world.admit = Box::new(|_| Admit::Never);
    world.sign_in();
    let mut lines = World::new();
    lines.sign_in();
    lines.inject("a9 OK an answer to nothing\r\n");
    let Session::Reconnecting { problem, .. } = &lines.view.sessions[2] else {
        panic!("{:?}", lines.view.sessions)
    };
    assert_eq!(problem.code, ProblemCode::ServerMisbehaved);
}

#[test]
fn signing_out_says_good_bye_and_forgets() {
    let mut world = World::with_inbox(3);
    let message = world.message(0);
    world.intend(Intent::SignOut);
    assert_eq!(*world.view.session(), Session::SignedOut { problem: None });
    assert_eq!(world.server.count("LOGOUT"), 1);
    assert!(world.links.is_empty());
    world.intend(Intent::OpenMessage { message });
    assert_eq!(world.view.failed.last().expect("a failure").1.code, ProblemCode::Gone);
    world.pass(Duration::from_secs(600));
    assert!(world.links.is_empty());
    world.sign_in();
    assert_eq!(*world.view.session(), Session::Online);
}

/// K1: the password lives in the engine and goes to the server, nowhere else.
#[test]
fn the_password_shows_nowhere() {
    let mut world = World::new();
    world.server.password = "correct horse".to_owned();
    world.sign_in_with("correct horse");
    world.open("INBOX");
    let encoded = crate::server::base64(b"\0ada@example.com\0correct horse");
    for text in [format!("{:?}", world.engine), format!("{:?}", world.view.updates)] {
        assert!(!text.contains("correct horse"));
        assert!(!text.contains(&encoded));
    }
}

fn check_signed_out(world: &World, code: ProblemCode, detail: &str) {
    let Session::SignedOut { problem: Some(problem) } = world.view.session() else {
        panic!("still signed in")
    };
    assert_eq!((problem.code, problem.detail.as_str()), (code, detail));
}

/// PLAIN is offered and does not work, for whatever reason.
#[test]
fn login_is_tried_where_plain_is_refused_for_another_reason_than_the_password() {
    for words in
        ["NO", "NO not supported", "BAD unknown mechanism", "NO [CANNOT] no", "NO AUTHENTICATE failed"]
    {
        let mut world = World::new();
        world.server.faults.add(Fault::says(&["AUTHENTICATE"], words));
        world.sign_in();
        world.open("INBOX");
        assert_eq!(*world.view.session(), Session::Online, "{words}");
        // The next links know better.
        world.cut(1006, "");
        world.pass(Duration::from_secs(30));
        assert_eq!(*world.view.session(), Session::Online, "{words}");
        assert_eq!(world.server.count("AUTHENTICATE"), 1, "{words}");
    }
}

/// Each failed login more may be the one that locks the account.
#[test]
fn a_wrong_password_costs_one_failed_login() {
    for words in [
        "NO [AUTHENTICATIONFAILED] Authentication failed",
        "NO Invalid password",
        "NO bad username or password",
    ] {
        let mut world = World::new();
        world.server.faults.add(Fault::says(&["AUTHENTICATE"], words));
        world.sign_in();
        assert_eq!(world.server.count("AUTHENTICATE") + world.server.count("LOGIN"), 1, "{words}");
        let Session::SignedOut { problem: Some(problem) } = world.view.session() else { panic!("{words}") };
        assert_eq!(problem.code, ProblemCode::WrongPassword);
    }
    // Where nothing tells that it is the password, LOGIN is tried as well, once: from then on it is the only one.
    let mut world = World::new();
    for command in ["AUTHENTICATE", "LOGIN"] {
        world.server.faults.add(Fault::says(&[command], "NO Login failed."));
    }
    for tries in 1..=4 {
        world.sign_in_with("guess");
        assert_eq!(world.server.count("AUTHENTICATE") + world.server.count("LOGIN"), tries + 1);
        check_signed_out(&world, ProblemCode::WrongPassword, "Login failed.");
    }
}

#[test]
fn a_server_that_hangs_up_after_a_refusal_is_told_by_its_refusal() {
    let mut world = World::new();
    world.server.faults.add(Fault::says(&["AUTHENTICATE"], "NO Login failed."));
    world.server.faults.add(Fault::hangs_up(&["LOGIN"]));
    world.sign_in();
    check_signed_out(&world, ProblemCode::WrongPassword, "Login failed.");
}

#[test]
fn a_server_that_takes_only_tokens_is_said_to() {
    for (capabilities, words) in [
        ("IMAP4rev1 SASL-IR AUTH=XOAUTH2 LOGINDISABLED", ""),
        ("IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2", "NO LOGIN failed."),
        ("IMAP4rev1 AUTH=XOAUTH2", "BAD LOGIN is disabled"),
        ("IMAP4rev1 AUTH=XOAUTH2", "NO [AUTHENTICATIONFAILED] Authentication failed"),
    ] {
        let mut world = World::new();
        world.server.capabilities = capabilities.to_owned();
        world.server.faults.add(Fault::says(&["LOGIN"], words));
        world.sign_in();
        let Session::SignedOut { problem: Some(problem) } = world.view.session() else {
            panic!("{capabilities}")
        };
        assert_eq!(problem.code, ProblemCode::NeedsOauth, "{capabilities}");
    }
}

/// A server that never comes to the end of its greeting.
#[test]
fn an_endless_greeting_is_given_up() {
    let mut world = World::new();
    world.server.greeting = Some("* OK ".to_owned() + &"x".repeat(500));
    world.sign_in();
    for _ in 0..100 {
        world.inject_if_open("more and more and more ");
        world.pass(Duration::from_secs(1));
    }
    let Session::SignedOut { problem: Some(problem) } = world.view.session() else { panic!("still waiting") };
    assert!(
        matches!(problem.code, ProblemCode::ConnectionLost | ProblemCode::ServerMisbehaved),
        "{problem:?}"
    );
    assert_eq!(world.connects, 1);
}
