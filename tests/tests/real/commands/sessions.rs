//! Signing in and out, and what belongs to the session as a whole.

use super::accounts::where_it_can;
use super::{Case, Visit};
use crate::nature::Oddity;
use crate::session::Session;
use postern_protocol::imap::command::{
    Authenticate, Capability, Compress, Enable, Id, Idle, Login, Logout, Mechanism, Noop,
};
use postern_protocol::imap::sasl::{Account, Credentials, Nonce, Token};
use postern_protocol::imap::{self, Code, CommandError, ConnectionError, Done, Event, Item, State};
use postern_tests::PASSWORD;
use postern_tests::token::{Validity, access_token};
use std::thread::ScopedJoinHandle;

pub(super) const CASES: &[Case] = &[
    Case::new("capability", capability),
    Case::new("authenticate", authenticate).and_without(&[&["SASL-IR"]]),
    Case::new("strongest", authenticate_strongest).and_without(&[
        &["AUTH=SCRAM-SHA-256"],
        &["AUTH=SCRAM-SHA-256", "AUTH=SCRAM-SHA-1"],
        &["AUTH=SCRAM-SHA-256", "AUTH=SCRAM-SHA-1", "AUTH=PLAIN"],
        &["AUTH=SCRAM-SHA-256", "AUTH=SCRAM-SHA-1", "AUTH=PLAIN", "AUTH=LOGIN"],
    ]),
    Case::new("token", token).and_without(&[&["AUTH=OAUTHBEARER"], &["SASL-IR"]]),
    Case::new("stale", refused_token).and_without(&[&["AUTH=OAUTHBEARER"], &["SASL-IR"]]),
    Case::new("wrong", wrong_password).and_without(&[&["SASL-IR"]]),
    Case::new("id", id).and_without(&[&["ID"]]),
    Case::new("enable", enable).and_without(&[&["ENABLE"]]),
    Case::new("noop", noop),
    Case::new("idle", idle),
    Case::new("compress", compress).and_without(&[&["COMPRESS=DEFLATE"]]),
    Case::new("logout", logout),
];

fn capability(visit: &mut Visit<'_>) {
    let before: Vec<_> = visit.session.connection.capabilities().iter().cloned().collect();
    visit.session.run(Capability);
    let after: Vec<_> = visit.session.connection.capabilities().iter().cloned().collect();
    assert!(visit.has("IMAP4rev1") && visit.has("IDLE"), "{after:?}");
    assert_eq!(before, after, "asked or told, the same");
}

/// Each mechanism by itself.
fn authenticate(visit: &mut Visit<'_>) {
    for (session, done) in attempt_each(visit, mechanisms(visit.user, PASSWORD)) {
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(session.connection.state(), State::Authenticated);
    }
}

/// However few the server offers, LOGIN at last.
fn authenticate_strongest(visit: &mut Visit<'_>) {
    let mut session = visit.again();
    session.run(Authenticate(Mechanism::Strongest(credentials(visit.user, PASSWORD))));
    assert_eq!(session.connection.state(), State::Authenticated);
}

fn wrong_password(visit: &mut Visit<'_>) {
    for (session, done) in attempt_each(visit, mechanisms(visit.user, "guess")) {
        assert!(matches!(done, Err(CommandError::Refused(_) | CommandError::Sasl(_))), "{done:?}");
        assert_eq!(session.connection.state(), State::NotAuthenticated);
    }
}

/// By each of the two mechanisms, and by the one that the server prefers.
fn token(visit: &mut Visit<'_>) {
    let token = access_token(visit.user, Validity::Current).unwrap();
    for (session, done) in attempt_each(visit, by_token(visit.user, token)) {
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(session.connection.state(), State::Authenticated);
    }
}

/// RFC 7628 section 3.2.2: the reason comes as a challenge, before the NO.
fn refused_token(visit: &mut Visit<'_>) {
    let expired = access_token(visit.user, Validity::Expired).unwrap();
    let forged = access_token("somebody-else", Validity::Current).unwrap() + "AAAA";
    let tokens = [expired, forged, "no token at all".to_owned()];
    let mechanisms = tokens.into_iter().flat_map(|token| by_token(visit.user, token));
    for (mut session, done) in attempt_each(visit, mechanisms) {
        let Err(CommandError::TokenRefused { refusal, text }) = done else { panic!("{done:?}") };
        // By RFC 7628, and as XOAUTH2 has it: HTTP's number.
        assert!(["invalid_token", "401"].contains(&refusal.status.as_str()), "{refusal:?}");
        assert_eq!(text.code, Some(Code::AuthenticationFailed));
        // The connection is as good as before.
        session.run(Login { user: visit.user.to_owned(), password: PASSWORD.to_owned() });
        assert_eq!(session.connection.state(), State::Authenticated);
    }
}

/// A mechanism, and the capabilities any of which offers it.
type Offer = (&'static [&'static str], Mechanism);

/// A connection, and how signing in on it ended.
type Attempt = (Session, Result<Done, CommandError>);

/// Tries them all at the same time, since a server is slow to refuse. Of those that it does not offer the machine must
/// say so; the others come back.
fn attempt_each(visit: &Visit<'_>, mechanisms: impl IntoIterator<Item = Offer>) -> Vec<Attempt> {
    let connect = visit.connect;
    std::thread::scope(|scope| {
        let attempt = |(capabilities, mechanism): Offer| {
            let attempt = scope.spawn(move || {
                let mut session = connect();
                let (_, done) = session.attempt(Authenticate(mechanism));
                (session, done)
            });
            (capabilities, attempt)
        };
        let attempts: Vec<_> = mechanisms.into_iter().map(attempt).collect();
        let is_offered = |capabilities: &[&str]| capabilities.iter().any(|it| visit.has_before(it));
        let ended = |(capabilities, attempt): (_, ScopedJoinHandle<'_, Attempt>)| {
            let (session, done) = attempt.join().unwrap();
            if is_offered(capabilities) {
                return Some((session, done));
            }
            assert!(matches!(done, Err(CommandError::Unsupported(_))), "{capabilities:?}: {done:?}");
            None
        };
        attempts.into_iter().filter_map(ended).collect()
    })
}

fn by_token(user: &str, token: String) -> [Offer; 3] {
    let token = Token::new(user, token);
    [
        (&["AUTH=OAUTHBEARER"], Mechanism::OAuthBearer(token.clone())),
        (&["AUTH=XOAUTH2"], Mechanism::XOAuth2(token.clone())),
        (&["AUTH=OAUTHBEARER", "AUTH=XOAUTH2"], Mechanism::Bearer(token)),
    ]
}

fn mechanisms(user: &str, password: &str) -> [Offer; 5] {
    [
        (&["AUTH=SCRAM-SHA-256"], Mechanism::ScramSha256(credentials(user, password))),
        (&["AUTH=SCRAM-SHA-1"], Mechanism::ScramSha1(credentials(user, password))),
        (&["AUTH=PLAIN"], Mechanism::Plain(Account::new(user, password))),
        (&["AUTH=LOGIN"], Mechanism::Login(Account::new(user, password))),
        (&["AUTH=CRAM-MD5"], Mechanism::CramMd5(Account::new(user, password))),
    ]
}

fn credentials(user: &str, password: &str) -> Credentials {
    Credentials::new(Account::new(user, password), Nonce::from_random([7; 18]))
}

fn id(visit: &mut Visit<'_>) {
    let fields = vec![("name".to_owned(), "Postern".to_owned())];
    let (_, done) = visit.session.attempt(Id { fields });
    if !visit.has("ID") {
        assert_eq!(done, Err(CommandError::Unsupported(imap::Capability::Id)));
        return;
    }
    let Ok(Done::Id(fields)) = done else { panic!("{done:?}") };
    let server = fields.iter().find(|(name, _)| name == "name").and_then(|(_, value)| value.as_deref());
    let nature = visit.host.nature();
    let is_named = server.is_some_and(|name| name.contains(nature.name));
    assert!(is_named || nature.has(Oddity::IsNameless), "{fields:?}");
}

fn enable(visit: &mut Visit<'_>) {
    let capability =
        if visit.has("CONDSTORE") { imap::Capability::CondStore } else { imap::Capability::Utf8Accept };
    let (_, done) = visit.session.attempt(Enable { capabilities: vec![capability.clone()] });
    if !visit.has("ENABLE") {
        assert!(done.is_err(), "{done:?}");
        return;
    }
    let Ok(Done::Enabled(enabled)) = done else { panic!("{done:?}") };
    assert!(enabled.contains(&capability), "{enabled:?}");
}

fn noop(visit: &mut Visit<'_>) {
    assert_eq!(visit.open("INBOX").exists, 0);
    visit.fill("INBOX", &["Subject: One\n\n"]);
    let id = visit.session.send(Noop);
    let mut exists = None;
    loop {
        match visit.session.next() {
            Event::Exists(count) => exists = Some(count),
            Event::Done(of, done) if of == id => break assert!(done.is_ok(), "{done:?}"),
            _ => {}
        }
    }
    assert_eq!(exists, Some(1));
}

/// News come by themselves, and another command needs no end of IDLE.
fn idle(visit: &mut Visit<'_>) {
    visit.open("INBOX");
    let idle = visit.session.send(Idle);
    wait_for(&mut visit.session, |event| matches!(event, Event::Item(id, Item::Idling) if *id == idle));
    visit.fill("INBOX", &["Subject: One\n\n"]);
    if !visit.is_odd(Oddity::IdlesInSilence) {
        wait_for(&mut visit.session, |event| *event == Event::Exists(1));
    }
    assert_eq!(visit.uids(), [1]);
    let now = visit.session.now();
    visit.session.connection.cancel(idle, now);
    assert_eq!(visit.uids(), [1]);
}

fn wait_for(session: &mut Session, mut found: impl FnMut(&Event) -> bool) {
    while !found(&session.next()) {}
}

/// Both ways, and whatever follows.
fn compress(visit: &mut Visit<'_>) {
    if where_it_can(visit, "COMPRESS=DEFLATE", Compress).is_some() {
        visit.fill("INBOX", &["Subject: One\n\n"]);
        visit.open("INBOX");
        assert_eq!(visit.uids(), [1]);
    }
}

fn logout(visit: &mut Visit<'_>) {
    visit.session.run(Logout);
    wait_for(&mut visit.session, |event| *event == Event::Closed(ConnectionError::LoggedOut));
    let (_, done) = visit.session.attempt(Noop);
    assert!(done.is_err(), "{done:?}");
}
