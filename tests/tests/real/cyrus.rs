//! Another server than Dovecot: what a person does, over TCP and over TLS to Cyrus, by the sans-IO connection.

use crate::session::{Over, Session, cyrus};
use postern_protocol::imap::command::{
    Authenticate, Command, Fetch, FetchAttribute, Idle, List, Login, Mechanism, Mode, Select,
};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{CommandError, Done, Event, Item, MailboxName, State, Uid, UidSet};
use postern_tests::{Cyrus, PASSWORD};

/// Signs in, looks around, reads, and waits for more.
fn check(cyrus: &Cyrus, over: Over, user: &str, sign_in: impl Into<Command>) {
    let mut session = Session::new(cyrus, over);
    session.run(sign_in);
    assert_eq!(session.connection.state(), State::Authenticated);

    let (items, _) = session.run(List::all());
    let name = |item: &Item| {
        if let Item::Mailbox(mailbox) = item { mailbox.name.to_string() } else { String::new() }
    };
    let folders: Vec<_> = items.iter().map(name).collect();
    assert_eq!(folders, ["INBOX", "Archive", "Drafts", "Sent", "Trash"]);

    let mut other = cyrus.other_client(user).unwrap();
    other.append("INBOX", "\\Flagged", b"From: ada@example.com\r\nSubject: Tea\r\n\r\nAt four?\r\n").unwrap();
    let (_, done) = session.run(Select::new(MailboxName::inbox(), Mode::ReadWrite));
    let Done::Selected(selected) = done else { panic!("{done:?}") };
    assert!(selected.exists == 1 && selected.highest_mod_seq.is_some(), "{selected:?}");

    let items = vec![FetchAttribute::Flags, FetchAttribute::Envelope, FetchAttribute::BodyStructure];
    let (items, _) = session.run(Fetch::new(UidSet::all(), items));
    let [Item::Message(message)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(message.uid, Uid::new(1));
    assert_eq!(message.envelope.as_ref().unwrap().subject().as_deref(), Some(b"Tea".as_slice()));

    let idle = session.send(Idle);
    while !matches!(session.next(), Event::Item(id, Item::Idling) if id == idle) {}
    other.append("INBOX", "", b"Subject: More tea\r\n\r\n").unwrap();
    while !matches!(session.next(), Event::Exists(2)) {}
}

#[test]
fn cyrus_is_read_over_tcp_and_over_tls() {
    let Some(cyrus) = cyrus(&["ada", "bea"]) else { return };
    let (user, password) = ("ada".to_owned(), PASSWORD.to_owned());
    check(&cyrus, Over::Tcp, "ada", Login { user, password });
    check(&cyrus, Over::Tls, "bea", Authenticate(Mechanism::Plain(Account::new("bea", PASSWORD))));
}

#[test]
fn cyrus_refuses_a_wrong_password_at_once() {
    let Some(cyrus) = cyrus(&["ada"]) else { return };
    let mut session = Session::new(&cyrus, Over::Tcp);
    let (user, password) = ("ada".to_owned(), "guess".to_owned());
    let (_, done) = session.attempt(Login { user, password });
    assert!(matches!(done, Err(CommandError::Refused(_))), "{done:?}");
    assert_eq!(session.connection.state(), State::NotAuthenticated);
}
