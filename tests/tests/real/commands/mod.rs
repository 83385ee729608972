//! Every command of the protocol crate against every real server, natively, over TCP and over TLS.
//!
//! One table of cases for all servers. A case says what must come of a command, whatever the server can do for it:
//! it runs with all that the server offers, again with capabilities hidden from the machine, so that each fallback
//! does the same to a real mailbox as the extension, and once more with `IMAP4rev2` and `UTF8=ACCEPT` enabled, where
//! the server has one of them.

mod accounts;
mod changes;
mod extensions;
mod finding;
mod mailboxes;
mod messages;
mod sessions;
mod storing;

use crate::session::{Host, Over, Session, cyrus};
use postern_protocol::imap::command::{Enable, Fetch, FetchAttribute, Login, Mode, Select};
use postern_protocol::imap::{Capability, CommandError, Done, State};
use postern_protocol::imap::{Flag, Item, MailboxName, MessageData, Selected, Uid, UidSet};
use postern_tests::{Dovecot, PASSWORD, imap};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One case: what it is called, how it runs, and which capabilities are hidden in which run of it.
struct Case {
    name: &'static str,
    run: fn(&mut Visit<'_>),
    /// One more run for each, without these words of the server's capabilities.
    without: &'static [&'static [&'static str]],
}

impl Case {
    const fn new(name: &'static str, run: fn(&mut Visit<'_>)) -> Self {
        Self { name, run, without: &[] }
    }

    const fn and_without(self, without: &'static [&'static [&'static str]]) -> Self {
        Self { without, ..self }
    }

    fn runs(&self) -> impl Iterator<Item = Run> {
        let hidden = [Means::All].into_iter().chain(self.without.iter().copied().map(Means::Without));
        let means = hidden.chain([Means::Unicode]);
        means.enumerate().map(|(number, means)| Run { user: format!("{}{number}", self.name), means })
    }
}

/// One run of a case.
struct Run {
    /// Of this run alone: none sees what another did.
    user: String,
    means: Means,
}

/// What the machine has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// All that the server offers.
    All,
    /// The same without these words of its capabilities.
    Without(&'static [&'static str]),
    /// All, in the words of `IMAP4rev2` or `UTF8=ACCEPT`.
    Unicode,
}

/// All of them, each file's in one list.
fn cases() -> impl Iterator<Item = &'static Case> {
    let all = [
        sessions::CASES,
        mailboxes::CASES,
        messages::CASES,
        storing::CASES,
        finding::CASES,
        changes::CASES,
        accounts::CASES,
        extensions::CASES,
    ];
    all.into_iter().flatten()
}

/// Runs them all, and goes on after a failure: one run tells which.
fn check(host: &impl Host, over: Over) {
    let mut failed = Vec::new();
    for case in cases() {
        for Run { user, means } in case.runs() {
            let hidden: &[&str] = if let Means::Without(words) = means { words } else { &[] };
            let run = || {
                let connect = || Session::new(host, over).hiding(hidden);
                let mut visit = Visit { session: connect(), connect: &connect, host, user: &user };
                visit.sign_in();
                if means != Means::Unicode || visit.enables_unicode() {
                    (case.run)(&mut visit);
                }
            };
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                failed.push(format!("{} with {means:?}", case.name));
            }
        }
    }
    assert!(failed.is_empty(), "over {over:?}: {failed:#?}");
}

#[test]
fn every_command_on_dovecot_over_tcp() {
    check(&Dovecot::start(&[]).unwrap(), Over::Tcp);
}

#[test]
fn every_command_on_dovecot_over_tls() {
    check(&Dovecot::start(&[]).unwrap(), Over::Tls);
}

#[test]
fn every_command_on_cyrus_over_tcp() {
    check_cyrus(Over::Tcp);
}

#[test]
fn every_command_on_cyrus_over_tls() {
    check_cyrus(Over::Tls);
}

fn check_cyrus(over: Over) {
    let users: Vec<String> = cases().flat_map(Case::runs).map(|run| run.user).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    if let Some(cyrus) = cyrus(&users) {
        check(&cyrus, over);
    }
}

/// One signed-in user at one server.
struct Visit<'a> {
    session: Session,
    connect: &'a dyn Fn() -> Session,
    host: &'a dyn Host,
    user: &'a str,
}

impl Visit<'_> {
    fn sign_in(&mut self) {
        self.session.run(Login { user: self.user.to_owned(), password: PASSWORD.to_owned() });
        assert_eq!(self.session.connection.state(), State::Authenticated);
    }

    /// Whether the server has anything of the kind, which is enabled then.
    fn enables_unicode(&mut self) -> bool {
        let capabilities = vec![Capability::Imap4Rev2, Capability::Utf8Accept];
        let (_, done) = self.session.attempt(Enable { capabilities });
        match done {
            Ok(_) => true,
            Err(CommandError::Unsupported(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Another connection of the same kind, where nobody is signed in yet.
    fn again(&self) -> Session {
        (self.connect)()
    }

    /// Whether the machine believes that the server has this.
    fn has(&self, capability: &str) -> bool {
        let capabilities = self.session.connection.capabilities();
        capabilities.iter().any(|one| one.to_string().eq_ignore_ascii_case(capability))
    }

    /// The same user's other program.
    fn other(&self) -> imap::Client {
        self.host.other_client(self.user).unwrap()
    }

    /// Puts these messages into a mailbox, behind the machine's back.
    fn fill(&self, mailbox: &str, messages: &[&str]) {
        let mut other = self.other();
        for message in messages {
            other.append(mailbox, "", message.replace('\n', "\r\n").as_bytes()).unwrap();
        }
    }

    fn open(&mut self, mailbox: &str) -> Selected {
        let (_, done) = self.session.run(Select::new(name(mailbox), Mode::ReadWrite));
        let Done::Selected(selected) = done else { panic!("{done:?}") };
        selected
    }

    /// The UIDs in the open mailbox, as the server tells them.
    fn uids(&mut self) -> Vec<u32> {
        let (items, _) = self.session.run(Fetch::new(UidSet::all(), vec![FetchAttribute::Uid]));
        messages(items).iter().map(|message| message.uid.unwrap().value()).collect()
    }

    /// A message's flags, as the server tells them.
    fn flags(&mut self, uid: u32) -> Vec<Flag> {
        let (items, _) = self.session.run(Fetch::new(set(&[uid]), vec![FetchAttribute::Flags]));
        messages(items).remove(0).flags.unwrap().iter().filter(|flag| *flag != Flag::Recent).collect()
    }
}

fn name(mailbox: &str) -> MailboxName {
    MailboxName::try_from(mailbox).unwrap()
}

fn set(uids: &[u32]) -> UidSet {
    uids.iter().map(|&uid| Uid::new(uid).unwrap()).collect()
}

fn messages(items: Vec<Item>) -> Vec<MessageData> {
    let message = |item| if let Item::Message(message) = item { Some(message) } else { None };
    items.into_iter().filter_map(message).collect()
}
