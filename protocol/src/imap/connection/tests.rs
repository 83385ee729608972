//! What must hold whatever a server does: security.md S8, S9 and S10, and that every command is settled once.
//! How each command goes stands in its own file.

mod cancel;
mod deadlines;
mod hostile;
mod numbers;
mod pipelining;

use super::*;
use crate::imap::command::{
    Append, Authenticate, Fetch, FetchAttribute, Idle, List, Login, Logout, Mechanism, NewMessage, Noop,
    Select,
};
use crate::imap::command::{Mode, Status, StatusAttribute};
use crate::imap::sasl::Account;
use crate::imap::transcript::{check, check_authenticated, check_selected};
use crate::imap::{BodyStart, Command, Limits, Misbehaviour, Section, Security, UidSet};
use proptest::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

fn login() -> Command {
    Login { user: "ann".into(), password: "x".into() }.into()
}

/// How a session of `said` ends that has this greeting and one NOOP on its way.
fn check_end(said: &str, end: &str) {
    let transcript = format!(
        "U: send
         C: A1 NOOP
         S: {said}
         E: #0 Error {end}
         E: Closed {end}
         E: hang up"
    );
    check_authenticated("", &[Noop.into()], &transcript);
}

fn check_greeting(said: &str, end: &str) {
    check(&[], &format!("S: {said}\nE: Closed the server broke the protocol: {end}\nE: hang up"));
}

#[test]
fn nst10_a_first_line_that_is_no_greeting() {
    for said in
        ["A1 OK hi", "+ hi", "* CAPABILITY IMAP4rev1", "* 3 EXISTS", "* NO hi", "220 hi", "HTTP/1.1 400 Bad"]
    {
        check_greeting(said, "the first line is not a greeting");
    }
}

#[test]
fn a_server_that_turns_us_away() {
    check(
        &[login()],
        "U: send
         S: * BYE too many connections
         E: Bye too many connections
         E: #0 Error the connection is closed
         E: Closed the server ended the session: too many connections
         E: hang up",
    );
}

#[test]
fn a_session_that_is_signed_in_already() {
    check(
        &[login(), Noop.into()],
        "S: * PREAUTH [CAPABILITY IMAP4rev1] hi ann
         E: Greeting hi ann
         E: Capabilities
         U: send
         E: #0 Error the command is not for a session in which no mailbox is open
         U: send
         C: A1 NOOP
         S: A1 OK done
         E: #1 Ok done",
    );
}

#[test]
fn commands_wait_for_the_greeting_and_for_each_other() {
    let select = Select::new(MailboxName::inbox(), Mode::ReadWrite);
    check(
        &[login(), select.into(), Noop.into()],
        "U: send
         U: send
         U: send
         S: * OK [CAPABILITY IMAP4rev1] hi
         E: Greeting hi
         E: Capabilities
         C: A1 LOGIN \"ann\" \"x\"
         S: A1 NO wrong
         E: #0 Error the server refused: wrong
         E: #1 Error the command is not for a session in which nobody is signed in
         C: A2 NOOP
         S: A2 OK done
         E: #2 Ok done",
    );
}

#[test]
fn an_alert_is_told_wherever_it_stands() {
    check_authenticated(
        "",
        &[Noop.into()],
        "U: send
         C: A1 NOOP
         S: * OK [ALERT] the disk is full
         S: A1 OK [ALERT] really full
         E: Alert the disk is full
         E: Unhandled Status
         E: Alert really full
         E: #0 Ok really full",
    );
}

#[test]
fn a_connection_that_nobody_uses_is_kept_alive() {
    check_authenticated(
        "",
        &[],
        "U: wait 300
         C: A1 NOOP
         S: A1 OK done
         U: wait 299
         U: wait 1
         C: A2 NOOP",
    );
}

/// S8.
#[test]
fn s8_an_answer_to_a_tag_that_was_never_sent() {
    for said in ["A2 OK done", "A01 OK done", "A0 OK done", "B1 OK done", "a1 OK done"] {
        check_end(said, "the server broke the protocol: an answer to a command that was never sent");
    }
    check_end("+ go on", "the server broke the protocol: a continuation that nothing waits for");
}

/// S8, CVE-2026-42246: the driver has not even taken the command yet.
#[test]
fn s8_an_answer_before_the_command_was_written() {
    let mut connection = Connection::new(Config::default(), Time::ZERO);
    connection.handle_input(b"* OK [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
    let id = connection.send(login(), Time::ZERO);
    connection.handle_input(b"A1 OK welcome\r\n", Time::ZERO);
    let how = Misbehaviour::EarlyAnswer;
    let outputs: Vec<_> = std::iter::from_fn(|| connection.poll_output()).collect();
    assert!(outputs.contains(&Output::Event(Event::Done(id, Err(CommandError::Misbehaved(how))))));
    assert!(!outputs.iter().any(|output| matches!(output, Output::Transmit(_))), "no credential goes out");
    assert_eq!(connection.state(), State::LoggedOut);
}

/// The same where a literal still waits for leave: NO is an answer to that, OK is not.
#[test]
fn s8_an_answer_before_the_literal_was_written() {
    check(
        &[Login { user: "ä".into(), password: "x".into() }.into()],
        "U: send
         S: * OK [CAPABILITY IMAP4rev1] hi
         E: Greeting hi
         E: Capabilities
         C: A1 LOGIN {2}
         S: A1 OK in
         E: #0 Error the server broke the protocol: an answer before the command was written
         E: Closed the server broke the protocol: an answer before the command was written
         E: hang up",
    );
}

/// S8: whatever else a server says, a command that it does not answer is over in time, and nothing piles up.
#[test]
fn s8_an_endless_flood_holds_nothing_up() {
    let mut connection = Connection::new(Config::default(), Time::ZERO);
    connection.handle_input(b"* OK [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
    let id = connection.send(login(), Time::ZERO);
    for second in 0..60 {
        let flood = b"* OK still here\r\n".repeat(1000);
        connection.handle_input(&flood, Time::ZERO + Duration::from_secs(second));
        while connection.poll_output().is_some() {}
    }
    connection.handle_timeout(Time::ZERO + Duration::from_secs(60));
    let timed_out = Output::Event(Event::Done(id, Err(CommandError::TimedOut)));
    assert_eq!(connection.poll_output(), Some(timed_out));
}

/// S9.
#[test]
fn s9_mail_data_before_authentication() {
    for said in [
        "* LIST () \"/\" INBOX",
        "* STATUS INBOX (MESSAGES 1)",
        "* SEARCH 1",
        "* FLAGS (\\Seen)",
        "* 1 EXISTS",
        "* 1 EXPUNGE",
        "* 1 FETCH (FLAGS ())",
        "* 1 FETCH (BODY[] {5000}",
        "* VANISHED 1:9",
    ] {
        check(
            &[login()],
            &format!(
                "U: send
                 S: * OK [CAPABILITY IMAP4rev1] hi
                 E: Greeting hi
                 E: Capabilities
                 C: A1 LOGIN \"ann\" \"x\"
                 S: {said}
                 E: #0 Error the server broke the protocol: mail data before authentication
                 E: Closed the server broke the protocol: mail data before authentication
                 E: hang up"
            ),
        );
    }
}

#[test]
fn s9_a_fetch_of_nothing_is_harmless() {
    check_selected(
        "",
        &[Noop.into()],
        "U: send
         C: A2 NOOP
         S: * 1 FETCH ()
         S: A2 OK done
         E: Fetch 1
         E: #0 Ok done",
    );
}

/// One message that can't be read is set aside by its number; the others arrive, and so does the answer.
#[test]
fn an_unreadable_message_is_set_aside() {
    let fetch = Fetch::new(UidSet::all(), vec![FetchAttribute::Flags]);
    check_selected(
        "",
        &[fetch.into()],
        "U: send
         C: A2 UID FETCH 1:* (FLAGS)
         S: * 1 FETCH (UID 5 FLAGS (\\Seen))
         S: * 2 FETCH [UID 6 FLAGS ((((
         S: * 3 FETCH (UID 7 FLAGS ())
         S: A2 OK done
         E: #0 Message 1 uid=5 flags=(\\Seen)
         E: #0 Unreadable Some(SeqNo(2)) None
         E: #0 Message 3 uid=7 flags=()
         E: #0 Ok done",
    );
}

/// S10.
#[test]
fn s10_a_silent_server() {
    check(
        &[login()],
        "U: send
         U: wait 30
         E: #0 Error the connection is closed
         E: Closed the server did not answer in time
         E: hang up",
    );
    check_authenticated(
        "",
        &[Noop.into()],
        "U: send
         C: A1 NOOP
         U: wait 59
         U: wait 1
         E: #0 Error the server did not answer in time
         E: Closed the server did not answer in time
         E: hang up",
    );
}

/// S10: a body that trickles in is not progress, one that flows is.
#[test]
fn s10_a_byte_a_minute() {
    let body = FetchAttribute::window(Section::whole(), 0, 1 << 20);
    let fetch = Fetch::new(UidSet::all(), vec![body]);
    let start = |now| {
        let mut connection = Connection::new(Config::default(), now);
        connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", now);
        connection.send(Select::new(MailboxName::inbox(), Mode::ReadOnly), now);
        while connection.poll_output().is_some() {}
        connection.handle_input(b"A1 OK open\r\n", now);
        connection.send(fetch.clone(), now);
        while connection.poll_output().is_some() {}
        connection.handle_input(b"* 1 FETCH (UID 1 BODY[]<0> {1000000}\r\n", now);
        connection
    };
    for (bytes, survives) in [(1, false), (8192, true)] {
        let mut now = Time::ZERO;
        let mut connection = start(now);
        for _ in 0..10 {
            now = now + Duration::from_secs(50);
            connection.handle_timeout(now);
            connection.handle_input(&vec![b'x'; bytes], now);
        }
        assert_eq!(connection.state() == State::Selected, survives, "{bytes} bytes at a time");
    }
}

/// S10: wherever the link breaks, everything is settled, once, and the end is told last.
#[test]
fn s10_a_cut_at_every_byte() {
    let said = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE] hi\r\n+ \r\nA1 OK in\r\n\
        * CAPABILITY IMAP4rev1 IDLE\r\nA2 OK done\r\n* LIST () \"/\" INBOX\r\nA3 OK done\r\n\
        * STATUS INBOX (MESSAGES 1)\r\nA4 OK done\r\n* 1 EXISTS\r\nA5 OK open\r\n\
        * 1 FETCH (UID 1 BODY[] {20}\r\n";
    let said = [said.as_bytes(), &[b'x'; 20], b")\r\nA6 OK done\r\n+ idling\r\n* 2 EXISTS\r\n"].concat();
    for cut in 0..=said.len() {
        let mut harness = Harness::new();
        let body = FetchAttribute::window(Section::whole(), 0, 20);
        harness.send(Authenticate(Mechanism::Plain(Account::new("ann", "x"))).into());
        harness.send(List { status: vec![StatusAttribute::Messages], ..List::all() }.into());
        harness.send(Select::new(MailboxName::inbox(), Mode::ReadWrite).into());
        harness.send(Fetch::new(UidSet::all(), vec![body]).into());
        harness.send(Idle.into());
        // A byte at a time: what follows an answer must have been written before it is answered itself.
        for byte in &said[..cut] {
            harness.hear(std::slice::from_ref(byte));
        }
        assert!(harness.closed.is_none(), "cut at {cut}: {:?}", harness.closed);
        harness.close();
        harness.check_settled();
    }
}

#[test]
fn a_full_queue_and_a_closed_connection_refuse() {
    let config = Config { queued: 2, ..Config::default() };
    let mut connection = Connection::new(config, Time::ZERO);
    let ids = [(); 3].map(|()| connection.send(Noop, Time::ZERO));
    let full = Output::Event(Event::Done(ids[2], Err(Misuse::QueueFull.into())));
    assert_eq!(connection.poll_output(), Some(full));
    connection.handle_closed(Time::ZERO);
    while connection.poll_output().is_some() {}
    let late = connection.send(Noop, Time::ZERO);
    assert_eq!(connection.poll_output(), Some(Output::Event(Event::Done(late, Err(CommandError::Closed)))));
    assert_eq!(connection.poll_output(), None);
    assert_eq!(connection.poll_timeout(), None);
}

#[test]
fn no_credentials_go_over_an_unprotected_link() {
    let config = Config { login_over: Security::Cleartext, ..Config::default() };
    let mut connection = Connection::new(config, Time::ZERO);
    connection.handle_input(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", Time::ZERO);
    while connection.poll_output().is_some() {}
    let id = connection.send(login(), Time::ZERO);
    let refused = Output::Event(Event::Done(id, Err(Misuse::Unprotected.into())));
    assert_eq!(connection.poll_output(), Some(refused));
    assert_eq!(connection.poll_output(), None);
}

#[test]
fn only_so_many_are_in_flight() {
    let config = Config { in_flight: 2, ..Config::default() };
    let mut connection = Connection::new(config, Time::ZERO);
    connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
    for _ in 0..3 {
        connection.send(Noop, Time::ZERO);
    }
    assert_eq!(connection.poll_output(), Some(Output::Transmit(b"A1 NOOP\r\nA2 NOOP\r\n".to_vec())));
    while connection.poll_output().is_some() {}
    connection.handle_input(b"A1 OK done\r\n", Time::ZERO);
    assert_eq!(connection.poll_output(), Some(Output::Transmit(b"A3 NOOP\r\n".to_vec())));
}

/// Drives a connection and keeps the books that it must not break.
struct Harness {
    connection: Connection,
    now: Time,
    asked: Vec<CommandId>,
    settled: HashMap<CommandId, usize>,
    succeeded: HashMap<CommandId, bool>,
    closed: Option<ConnectionError>,
    /// What was sent and nobody took yet.
    sent: Vec<u8>,
}

impl Harness {
    fn new() -> Self {
        let limits = Limits { stream_over: 16, ..Limits::default() };
        Self {
            connection: Connection::new(Config { limits, ..Config::default() }, Time::ZERO),
            now: Time::ZERO,
            asked: Vec::new(),
            settled: HashMap::new(),
            succeeded: HashMap::new(),
            closed: None,
            sent: Vec::new(),
        }
    }

    fn send(&mut self, command: Command) {
        let was_closed = self.closed.is_some();
        self.asked.push(self.connection.send(command, self.now));
        // What is asked of a closed connection is refused after the end was told.
        let end = if was_closed { self.closed.take() } else { None };
        self.drain();
        self.closed = end.or(self.closed.take());
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.connection.handle_input(bytes, self.now);
        self.drain();
    }

    fn pass(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
        self.connection.handle_timeout(self.now);
        self.drain();
    }

    fn cancel(&mut self, at: usize) {
        if let Some(&id) = self.asked.get(at) {
            self.connection.cancel(id, self.now);
            self.drain();
        }
    }

    /// Whether it was wanted or not.
    fn hand_in(&mut self, at: usize, size: usize) {
        if let Some(&id) = self.asked.get(at) {
            let _ = self.connection.append_chunk(id, &vec![b'x'; size], self.now);
            self.drain();
        }
    }

    fn close(&mut self) {
        self.connection.handle_closed(self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.connection.poll_output() {
            assert!(self.closed.is_none() || output == Output::Close, "after the end: {output:?}");
            match output {
                Output::Transmit(bytes) => self.sent.extend(bytes),
                Output::Event(Event::Done(id, result)) => {
                    *self.settled.entry(id).or_default() += 1;
                    self.succeeded.insert(id, result.is_ok());
                }
                Output::Event(Event::Item(id, item)) => {
                    assert!(!self.settled.contains_key(&id), "{item:?} for one that is settled");
                }
                Output::Event(Event::Closed(error)) => self.closed = Some(error),
                _ => {}
            }
        }
    }

    fn check_settled(&self) {
        assert!(self.closed.is_some(), "the end is told");
        for id in &self.asked {
            assert_eq!(self.settled.get(id), Some(&1), "{id:?} is settled once");
        }
        assert_eq!(self.settled.len(), self.asked.len());
    }
}

#[derive(Debug, Clone)]
enum Step {
    Send(Command),
    Hear(Vec<u8>),
    Pass(u64),
    Cancel(usize),
    Chunk(usize, usize),
    Close,
}

fn any_command() -> impl Strategy<Value = Command> {
    let mailbox = || prop_oneof![Just(MailboxName::inbox()), Just(MailboxName::try_from("ä").unwrap())];
    let body = FetchAttribute::window(Section::whole(), 0, 9000);
    let plain = Mechanism::Plain(Account::new("ann", "x"));
    prop_oneof![
        Just(Noop.into()),
        Just(Logout.into()),
        Just(Idle.into()),
        Just(command::Capability.into()),
        Just(Authenticate(plain).into()),
        ("[a-zä\r]{0,3}", "[a-zä\"]{0,3}").prop_map(|(user, password)| Login { user, password }.into()),
        mailbox().prop_map(|mailbox| Select::new(mailbox, Mode::ReadWrite).into()),
        mailbox().prop_map(|mailbox| Status { mailbox, attributes: vec![StatusAttribute::Messages] }.into()),
        (1..9u64, mailbox())
            .prop_map(|(size, mailbox)| Append::new(mailbox, NewMessage::stream(size)).into()),
        Just(List { status: vec![StatusAttribute::Messages], ..List::all() }.into()),
        Just(Fetch::new(UidSet::all(), vec![body, FetchAttribute::Flags]).into()),
    ]
}

/// Mostly what a server would say, at times what none would.
fn any_words() -> impl Strategy<Value = Vec<u8>> {
    let tagged = (1..12u64, prop_oneof![Just("OK"), Just("NO"), Just("BAD")])
        .prop_map(|(tag, status)| format!("A{tag} {status} done\r\n"));
    let untagged = prop::sample::select(vec![
        "* OK [CAPABILITY IMAP4rev1 IDLE LITERAL+] hi\r\n",
        "* PREAUTH hi\r\n",
        "* BYE enough\r\n",
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
        "* LIST () \"/\" INBOX\r\n",
        "* LIST () \"/\" &AOQ-\r\n",
        "* STATUS INBOX (MESSAGES 1)\r\n",
        "* 1 EXISTS\r\n",
        "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n",
        "* 1 FETCH (UID 1 BODY[]<0> {3}\r\nabc)\r\n",
        "* 1 FETCH (UID 1 BODY[]<0> {9000}\r\nabc)\r\n",
        "* 1 FETCH (UID\r\n",
        "+ \r\n",
    ]);
    prop_oneof![
        4 => tagged.prop_map(String::into_bytes),
        8 => untagged.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any_command().prop_map(Step::Send),
        8 => any_words().prop_map(Step::Hear),
        1 => (0..700u64).prop_map(Step::Pass),
        1 => (0..8usize).prop_map(Step::Cancel),
        2 => (0..8usize, 0..10usize).prop_map(|(at, size)| Step::Chunk(at, size)),
        1 => Just(Step::Close),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    /// Whatever is asked, said, cancelled and cut, in whatever order: each command is settled exactly once.
    #[test]
    fn every_command_is_settled_once(polite in any::<bool>(), steps in prop::collection::vec(any_step(), 0..40)) {
        let mut harness = Harness::new();
        if polite {
            harness.hear(b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n");
        }
        for step in steps {
            match step {
                Step::Send(command) => harness.send(command),
                Step::Hear(bytes) => harness.hear(&bytes),
                Step::Pass(seconds) => harness.pass(seconds),
                Step::Cancel(at) => harness.cancel(at),
                Step::Chunk(at, size) => harness.hand_in(at, size),
                Step::Close => harness.close(),
            }
        }
        harness.close();
        harness.check_settled();
    }
}

/// RFC 9585: a server that says how far it is is not gone.
#[test]
fn progress_is_told_and_begins_the_wait_anew() {
    check_authenticated(
        "INPROGRESS",
        &[Noop.into()],
        "U: send
         C: A1 NOOP
         U: wait 50
         S: * OK [INPROGRESS (\"A1\" 3 10)] at it
         E: Progress #0 Some(3) Some(10)
         U: wait 50
         S: * OK [INPROGRESS] at it
         E: Progress ? None None
         U: wait 50
         S: A1 OK done
         E: #0 Ok done
         U: wait 60",
    );
}

/// RFC 5465: what NOTIFY lets the server tell is no part of any answer.
#[test]
fn news_of_other_mailboxes_are_told() {
    check_authenticated(
        "NOTIFY",
        &[],
        "S: * STATUS a (MESSAGES 3 UNSEEN 1)
         S: * LIST (\\NonExistent) \"/\" b
         S: * METADATA a /shared/comment
         S: * ESEARCH (TAG \"A9\") UID ADDTO (0 5:7)
         S: * OK [NOTIFICATIONOVERFLOW] too much
         E: Status a messages=Some(3) unseen=Some(1)
         E: Mailbox b [NonExistent]
         E: Metadata a /shared/comment
         E: SearchUpdate Some(\"A9\") +[(0, Set(5:7))] -[]
         E: NotificationOverflow",
    );
}
