//! Signing in and out, and what belongs to the session as a whole.

use super::accounts::where_it_can;
use super::{Case, Visit};
use crate::session::Session;
use postern_protocol::imap::command::{
    Authenticate, Capability, Compress, Enable, Id, Idle, Login, Logout, Mechanism, Noop,
};
use postern_protocol::imap::sasl::{Account, Credentials, Nonce, Token};
use postern_protocol::imap::{self, Code, CommandError, ConnectionError, Done, Event, Item, State};
use postern_tests::PASSWORD;
use postern_tests::token::{Validity, access_token};

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

/// Each mechanism by itself; the server has them all.
fn authenticate(visit: &mut Visit<'_>) {
    for mechanism in mechanisms(visit.user, PASSWORD) {
        let mut session = visit.again();
        session.run(Authenticate(mechanism));
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
    for mechanism in mechanisms(visit.user, "guess") {
        let mut session = visit.again();
        let (_, done) = session.attempt(Authenticate(mechanism));
        assert!(matches!(done, Err(CommandError::Refused(_) | CommandError::Sasl(_))), "{done:?}");
        assert_eq!(session.connection.state(), State::NotAuthenticated);
    }
}

/// By each of the two mechanisms, and by the one that the server prefers.
fn token(visit: &mut Visit<'_>) {
    let token = Token::new(visit.user, access_token(visit.user, Validity::Current).unwrap());
    for mechanism in by_token(&token) {
        if let Some((session, done)) = attempt_by_token(visit, mechanism) {
            assert!(done.is_ok(), "{done:?}");
            assert_eq!(session.connection.state(), State::Authenticated);
        }
    }
}

/// RFC 7628 section 3.2.2: the reason comes as a challenge, before the NO.
fn refused_token(visit: &mut Visit<'_>) {
    let expired = access_token(visit.user, Validity::Expired).unwrap();
    let forged = access_token("somebody-else", Validity::Current).unwrap() + "AAAA";
    for token in [expired, forged, "no token at all".to_owned()] {
        for mechanism in by_token(&Token::new(visit.user, token)) {
            let Some((mut session, done)) = attempt_by_token(visit, mechanism) else { continue };
            let Err(CommandError::TokenRefused { refusal, text }) = done else { panic!("{done:?}") };
            // By RFC 7628, and as XOAUTH2 has it: HTTP's number.
            assert!(["invalid_token", "401"].contains(&refusal.status.as_str()), "{refusal:?}");
            assert_eq!(text.code, Some(Code::AuthenticationFailed));
            // The connection is as good as before.
            session.run(Login { user: visit.user.to_owned(), password: PASSWORD.to_owned() });
            assert_eq!(session.connection.state(), State::Authenticated);
        }
    }
}

fn by_token(token: &Token) -> [Mechanism; 3] {
    [
        Mechanism::OAuthBearer(token.clone()),
        Mechanism::XOAuth2(token.clone()),
        Mechanism::Bearer(token.clone()),
    ]
}

/// None where the server lacks the mechanism and it was said so.
fn attempt_by_token(
    visit: &Visit<'_>,
    mechanism: Mechanism,
) -> Option<(Session, Result<Done, CommandError>)> {
    let mut session = visit.again();
    session.run(Capability);
    let offers: Vec<&str> = session.connection.capabilities().iter().filter_map(offered).collect();
    let is_offered = match &mechanism {
        Mechanism::OAuthBearer(_) => offers.contains(&"OAUTHBEARER"),
        Mechanism::XOAuth2(_) => offers.contains(&"XOAUTH2"),
        _ => offers.contains(&"OAUTHBEARER") || offers.contains(&"XOAUTH2"),
    };
    let (_, done) = session.attempt(Authenticate(mechanism));
    if is_offered {
        return Some((session, done));
    }
    assert!(matches!(done, Err(CommandError::Unsupported(_))), "{done:?}");
    None
}

fn offered(capability: &imap::Capability) -> Option<&str> {
    if let imap::Capability::Auth(mechanism) = capability { Some(mechanism) } else { None }
}

fn mechanisms(user: &str, password: &str) -> [Mechanism; 5] {
    [
        Mechanism::ScramSha256(credentials(user, password)),
        Mechanism::ScramSha1(credentials(user, password)),
        Mechanism::Plain(Account::new(user, password)),
        Mechanism::Login(Account::new(user, password)),
        Mechanism::CramMd5(Account::new(user, password)),
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
    assert!(server.is_some_and(|name| name.contains("Dovecot") || name.contains("Cyrus")), "{fields:?}");
}

fn enable(visit: &mut Visit<'_>) {
    let (_, done) = visit.session.attempt(Enable { capabilities: vec![imap::Capability::CondStore] });
    if !visit.has("ENABLE") {
        assert!(done.is_err(), "{done:?}");
        return;
    }
    let Ok(Done::Enabled(enabled)) = done else { panic!("{done:?}") };
    assert!(enabled.contains(&imap::Capability::CondStore), "{enabled:?}");
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
    wait_for(&mut visit.session, |event| *event == Event::Exists(1));
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
