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

use crate::nature::{Nature, Oddity};
use crate::session::{Host, Over, Session, courier, cyrus, imap4d, pymap};
use postern_protocol::imap::command::{self, Enable, Fetch, FetchAttribute, Login, Mode, Select};
use postern_protocol::imap::{Capability, CommandError, Done, State};
use postern_protocol::imap::{Flag, Item, MailboxName, MessageData, Selected, Uid, UidSet};
use postern_tests::{Dovecot, PASSWORD, imap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

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

/// Runs them all, some at the same time since most of it is waiting, and goes on after a failure: one run tells which.
fn check(host: &impl Host, over: Over) {
    let runs = Mutex::new(cases().flat_map(|case| case.runs().map(move |run| (case, run))));
    let next = || runs.lock().unwrap().next();
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let Some((case, Run { user, means })) = next() {
            let hidden: &[&str] = if let Means::Without(words) = means { words } else { &[] };
            let run = || {
                let connect = || Session::new(host, over).hiding(hidden);
                let mut visit = Visit { session: connect(), connect: &connect, host, user: &user, hidden };
                visit.sign_in();
                if means != Means::Unicode || visit.enables_unicode() {
                    (case.run)(&mut visit);
                }
            };
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                failed.lock().unwrap().push(format!("{} with {means:?}", case.name));
            }
        }
    };
    thread::scope(|scope| (0..AT_THE_SAME_TIME).for_each(|_| drop(scope.spawn(work))));
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "over {over:?}: {failed:#?}");
}

const AT_THE_SAME_TIME: usize = 4;

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
    let users = users();
    if let Some(cyrus) = cyrus(&users.iter().map(String::as_str).collect::<Vec<_>>()) {
        check(&cyrus, over);
    }
}

#[test]
fn every_command_on_courier_over_tcp() {
    check_courier(Over::Tcp);
}

#[test]
fn every_command_on_courier_over_tls() {
    check_courier(Over::Tls);
}

fn check_courier(over: Over) {
    let users = users();
    if let Some(courier) = courier(&users.iter().map(String::as_str).collect::<Vec<_>>()) {
        check(&courier, over);
    }
}

#[test]
fn every_command_on_pymap_over_tcp() {
    let users = users();
    if let Some(pymap) = pymap(&users.iter().map(String::as_str).collect::<Vec<_>>()) {
        check(&pymap, Over::Tcp);
    }
}

#[test]
fn every_command_on_imap4d_over_tcp() {
    check_imap4d(Over::Tcp);
}

#[test]
fn every_command_on_imap4d_over_tls() {
    check_imap4d(Over::Tls);
}

fn check_imap4d(over: Over) {
    let users = users();
    if let Some(imap4d) = imap4d(&users.iter().map(String::as_str).collect::<Vec<_>>()) {
        check(&imap4d, over);
    }
}

/// Those that must be known before.
fn users() -> Vec<String> {
    cases().flat_map(Case::runs).map(|run| run.user).collect()
}

/// One signed-in user at one server.
struct Visit<'a> {
    session: Session,
    connect: &'a (dyn Fn() -> Session + Sync),
    host: &'a dyn Host,
    user: &'a str,
    /// The capabilities that the machine is not to know of.
    hidden: &'static [&'static str],
}

impl Visit<'_> {
    fn sign_in(&mut self) {
        self.session.run(Login { user: self.user.to_owned(), password: PASSWORD.to_owned() });
        assert_eq!(self.session.connection.state(), State::Authenticated);
        // Not every server tells them unasked; then the machine asks.
        while self.session.connection.capabilities().is_empty() {
            self.session.next();
        }
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

    /// Whether the machine believes that the server has this. It must not where that is hidden, and must where the server
    /// is not known to lack it.
    fn has(&self, capability: &str) -> bool {
        self.is_had(&self.session, capability)
    }

    /// Whether the server tells the UIDs of what it stored, also where the machine is not to know that it can.
    fn tells_uids(&self) -> bool {
        if self.hidden.contains(&"UIDPLUS") {
            return !self.host.nature().may_lack("UIDPLUS");
        }
        self.has("UIDPLUS")
    }

    fn is_odd(&self, oddity: Oddity) -> bool {
        self.host.nature().has(oddity)
    }

    /// What [`Visit::has`] says before anyone has signed in.
    fn has_before(&self, capability: &str) -> bool {
        let mut session = self.again();
        session.run(command::Capability);
        self.is_had(&session, capability)
    }

    fn is_had(&self, session: &Session, capability: &str) -> bool {
        let capabilities = session.connection.capabilities();
        let has = capabilities.iter().any(|one| one.to_string().eq_ignore_ascii_case(capability));
        if self.hidden.contains(&capability) {
            assert!(!has, "{capability} is hidden");
        } else {
            assert!(has || self.host.nature().may_lack(capability), "{capability}");
        }
        has
    }

    /// The same user's other program.
    fn other(&self) -> imap::Client {
        self.host.other_client(self.user).unwrap()
    }

    /// A mailbox as this server names it; a `/` parts its levels.
    fn name(&self, mailbox: &str) -> MailboxName {
        let Nature { prefix, delimiter, .. } = self.host.nature();
        let prefix = if mailbox == "INBOX" { "" } else { prefix };
        let levels = mailbox.replace('/', &delimiter.to_string());
        MailboxName::try_from(format!("{prefix}{levels}").as_str()).unwrap()
    }

    /// Puts these messages into a mailbox, behind the machine's back.
    fn fill(&self, mailbox: &str, messages: &[&str]) {
        let mut other = self.other();
        for message in messages {
            other.append(self.name(mailbox).as_str(), "", message.replace('\n', "\r\n").as_bytes()).unwrap();
        }
    }

    fn open(&mut self, mailbox: &str) -> Selected {
        let (_, done) = self.session.run(Select::new(self.name(mailbox), Mode::ReadWrite));
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

fn set(uids: &[u32]) -> UidSet {
    uids.iter().map(|&uid| Uid::new(uid).unwrap()).collect()
}

fn messages(items: Vec<Item>) -> Vec<MessageData> {
    let message = |item| if let Item::Message(message) = item { Some(message) } else { None };
    items.into_iter().filter_map(message).collect()
}
