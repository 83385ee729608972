//! The sans-IO connection on its own, without proxy or engine: over TCP, TLS and STARTTLS to Dovecot.

use crate::session::{Over, Session, tcp, tls};
use postern_protocol::imap::command::{
    Authenticate, Command, Fetch, FetchAttribute, Idle, List, Login, Logout, Mechanism, Mode, Select, Store,
    StoreAction,
};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{
    ConnectionError, Done, Event, Flag, Item, MailboxName, Section, State, Uid, UidSet,
};
use postern_protocol::starttls::Dialogue;
use postern_tests::{Dovecot, PASSWORD, seed};
use std::io::{Read, Write};
use std::net::TcpStream;

/// The talk before TLS. Dovecot greets again after it for nobody: the proxy would write a greeting of its own.
pub(crate) fn upgraded(mut stream: TcpStream) -> TcpStream {
    let mut dialogue = Dialogue::imap();
    while !dialogue.is_ready() {
        while let Some(bytes) = dialogue.poll_transmit() {
            stream.write_all(&bytes).unwrap();
        }
        if !dialogue.is_ready() {
            let mut bytes = [0; 512];
            let count = stream.read(&mut bytes).unwrap();
            dialogue.handle_input(&bytes[..count]).unwrap();
        }
    }
    stream
}

/// What any person does, from sign-in to sign-out.
fn check_session(mut session: Session, sign_in: impl Into<Command>) {
    session.run(sign_in);
    assert_eq!(session.connection.state(), State::Authenticated);

    let (items, _) = session.run(List::all());
    let name = |item| if let Item::Mailbox(mailbox) = item { Some(mailbox.name) } else { None };
    let folders: Vec<_> = items.into_iter().filter_map(name).collect();
    for name in ["INBOX", "Reisen/Österreich", "日本の庭", "Projects/Hospital garden"] {
        assert!(folders.contains(&MailboxName::try_from(name).unwrap()), "{name} in {folders:?}");
    }

    let (_, done) = session.run(Select::new(MailboxName::inbox(), Mode::ReadOnly));
    let Done::Selected(selected) = done else { panic!("{done:?}") };
    assert!(selected.exists > 100 && selected.read_only, "{selected:?}");
    let everything = Fetch::new(
        UidSet::all(),
        vec![
            FetchAttribute::Flags,
            FetchAttribute::InternalDate,
            FetchAttribute::Size,
            FetchAttribute::Envelope,
            FetchAttribute::BodyStructure,
        ],
    );
    let (items, _) = session.run(everything);
    assert_eq!(items.len(), selected.exists as usize);
    for item in &items {
        let Item::Message(message) = item else { panic!("{item:?}") };
        assert!(message.envelope.is_some() && message.body_structure.is_some(), "{message:?}");
    }

    session.send(Logout);
    while !matches!(session.next(), Event::Closed(ConnectionError::LoggedOut)) {}
}

#[test]
fn a_session_runs_over_tcp_and_over_tls() {
    let dovecot = Dovecot::start(&[(seed::USER, &seed::person(seed::now()))]).unwrap();
    let login = Login { user: seed::USER.to_owned(), password: PASSWORD.to_owned() };
    check_session(Session::new(&dovecot, Over::Tcp), login);

    let plain = Authenticate(Mechanism::Plain(Account::new(seed::USER, PASSWORD)));
    check_session(Session::new(&dovecot, Over::Tls), plain);
}

#[test]
fn the_dialogue_leads_into_tls() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let mut link = tls(upgraded(tcp(dovecot.imap_address())), dovecot.authority());
    link.write_all(b"a CAPABILITY\r\n").unwrap();
    let mut answer = String::new();
    while !answer.contains("a OK") {
        let mut bytes = [0; 512];
        let count = link.read(&mut bytes).unwrap();
        assert_ne!(count, 0, "{answer}");
        answer += std::str::from_utf8(&bytes[..count]).unwrap();
    }
    assert!(answer.contains("AUTH=PLAIN") && !answer.contains("STARTTLS"), "{answer}");
}

#[test]
fn a_large_body_comes_in_windows_and_is_never_held_whole() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let body = "0123456789abcdef".repeat(64 * 1024);
    let letter = format!("Subject: Large\r\n\r\n{body}\r\n");
    dovecot.other_client("bea").unwrap().append("INBOX", "", letter.as_bytes()).unwrap();

    let mut session = signed_in(&dovecot);
    session.run(Select::new(MailboxName::inbox(), Mode::ReadWrite));
    let mut whole = Vec::new();
    let mut largest = 0;
    for offset in (0..).step_by(WINDOW as usize) {
        let items = vec![FetchAttribute::window(Section::whole(), offset, WINDOW)];
        let (items, _) = session.run(Fetch::new(first(), items));
        let before = whole.len();
        for item in items {
            if let Item::BodyChunk(bytes) = item {
                largest = largest.max(bytes.len());
                whole.extend(bytes);
            }
        }
        if whole.len() - before < WINDOW as usize {
            break;
        }
    }
    assert!(whole == letter.as_bytes(), "{} of {} bytes", whole.len(), letter.len());
    assert!(largest <= 4096, "no chunk is larger than what was read at once: {largest}");
}

#[test]
fn news_come_while_idling_and_a_cancelled_idle_leaves_the_connection() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let mut session = signed_in(&dovecot);
    session.run(Select::new(MailboxName::inbox(), Mode::ReadWrite));
    let idle = session.send(Idle);
    while !matches!(session.next(), Event::Item(id, Item::Idling) if id == idle) {}
    dovecot.other_client("bea").unwrap().append("INBOX", "", b"Subject: Now\r\n\r\n").unwrap();
    while !matches!(session.next(), Event::Exists(1)) {}

    session.connection.cancel(idle, session.now());
    let flags = vec![Flag::Seen, Flag::Flagged];
    let store = Store::new(first(), StoreAction::Add, flags.clone());
    let (items, _) = session.run(store);
    let [Item::Message(message)] = items.as_slice() else { panic!("{items:?}") };
    let now = message.flags.as_ref().unwrap();
    assert!(flags.iter().all(|flag| now.contains(flag)), "{now:?}");
}

fn signed_in(dovecot: &Dovecot) -> Session {
    let mut session = Session::new(dovecot, Over::Tcp);
    session.run(Login { user: "bea".to_owned(), password: PASSWORD.to_owned() });
    session
}

fn first() -> UidSet {
    let mut set = UidSet::new();
    set.push(Uid::new(1).unwrap());
    set
}

const WINDOW: u32 = 300_000;
