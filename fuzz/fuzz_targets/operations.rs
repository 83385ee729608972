//! Commands, cancellations, time and a server that says anything, in any order: every command is settled exactly
//! once, nothing goes out after the end, and whatever goes out comes to an end.

#![no_main]

use std::collections::HashMap;
use std::time::Duration;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use postern_protocol::Time;
use postern_protocol::imap::command::{
    Capability, Create, Expunge, Fetch, FetchAttribute, Id, Idle, List, Login, Logout, Move, Noop, Search,
    SearchKey, Select, Sequence, Status, Store, StoreAction,
};
use postern_protocol::imap::{
    Command, CommandId, Config, Connection, Event, Flag, MailboxName, Output, Section, Uid, UidSet,
};

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Send(u8),
    Cancel(u8),
    /// One of the answers that a server may give.
    Say(u8),
    /// The end of the oldest command that is not answered.
    Answer(u8),
    /// Of a command that is not the oldest.
    AnswerOther(u8, u8),
    Bytes(&'a [u8]),
    Wait(u16),
    Due,
    Close,
}

fuzz_target!(|steps: Vec<Step<'_>>| {
    let mut run = Run::new();
    for step in steps.iter().take(60) {
        run.step(step);
        run.drain();
    }
    run.connection.handle_closed(run.now);
    run.drain();
    assert!(run.closed, "no end");
    assert!(run.settled.values().all(|&times| times == 1), "{:?} after {steps:?}", run.settled);
});

struct Run {
    connection: Connection,
    now: Time,
    ids: Vec<CommandId>,
    settled: HashMap<CommandId, usize>,
    /// Tags that the client sent and that were not answered.
    tags: Vec<String>,
    closed: bool,
}

impl Run {
    fn new() -> Self {
        let now = Time::ZERO;
        Self {
            connection: Connection::new(Config::default(), now),
            now,
            ids: Vec::new(),
            settled: HashMap::new(),
            tags: Vec::new(),
            closed: false,
        }
    }

    fn step(&mut self, step: &Step<'_>) {
        let now = self.now;
        match *step {
            Step::Send(kind) => {
                let id = self.connection.send(command(kind), now);
                assert!(self.settled.insert(id, 0).is_none(), "an id twice");
                self.ids.push(id);
            }
            Step::Cancel(which) => {
                if let Some(&id) = self.ids.get(usize::from(which) % self.ids.len().max(1)) {
                    self.connection.cancel(id, now);
                }
            }
            Step::Say(which) => {
                let line = LINES[usize::from(which) % LINES.len()];
                self.connection.handle_input(line.as_bytes(), now);
            }
            Step::Answer(how) => self.answer(0, how),
            Step::AnswerOther(which, how) => self.answer(usize::from(which), how),
            Step::Bytes(bytes) => self.connection.handle_input(bytes, now),
            Step::Wait(seconds) => {
                self.now = now + Duration::from_secs(u64::from(seconds));
                self.connection.handle_timeout(self.now);
            }
            Step::Due => {
                if let Some(due) = self.connection.poll_timeout() {
                    self.now = self.now.max(due);
                    self.connection.handle_timeout(self.now);
                }
            }
            Step::Close => self.connection.handle_closed(now),
        }
    }

    fn answer(&mut self, which: usize, how: u8) {
        if self.tags.is_empty() {
            return;
        }
        let tag = self.tags.remove(which % self.tags.len());
        let line = format!("{tag} {}\r\n", ENDS[usize::from(how) % ENDS.len()]);
        self.connection.handle_input(line.as_bytes(), self.now);
    }

    fn drain(&mut self) {
        let mut outputs = 0;
        while let Some(output) = self.connection.poll_output() {
            outputs += 1;
            assert!(outputs < 100_000, "no end of outputs");
            match output {
                Output::Transmit(bytes) => {
                    assert!(!self.closed, "bytes after the end");
                    self.tags.extend(tags(&bytes));
                }
                Output::Event(Event::Done(id, _)) => {
                    let times = self.settled.get_mut(&id).expect("a command that was sent");
                    *times += 1;
                    assert_eq!(*times, 1, "settled again");
                }
                Output::Event(Event::Closed(_)) => {
                    assert!(!self.closed, "closed twice");
                    self.closed = true;
                }
                Output::Event(_) | Output::Close => {}
            }
        }
    }
}

/// The tags of the lines in it.
fn tags(bytes: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let is_tag = |word: &str| {
        word.strip_prefix('A')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let first = |line: &str| line.split(' ').next().filter(|word| is_tag(word)).map(str::to_owned);
    text.split("\r\n").filter_map(first).collect::<Vec<_>>().into_iter()
}

fn command(kind: u8) -> Command {
    let mailbox = || MailboxName::try_from(if kind < 128 { "INBOX" } else { "Büro \"x\"" }).expect("a name");
    let one = || -> UidSet { Uid::new(7).into_iter().collect() };
    match kind % 18 {
        0 => Login { user: "ann".into(), password: "se\"cret\\".into() }.into(),
        1 => Capability.into(),
        2 => Select { mailbox: mailbox(), mode: Default::default() }.into(),
        3 => {
            Fetch { set: Sequence::Uid(one()), items: vec![FetchAttribute::Flags, FetchAttribute::Envelope] }
                .into()
        }
        4 => {
            let body = FetchAttribute::Body { section: Section::whole(), peek: true, partial: None };
            Fetch { set: Sequence::Uid(one()), items: vec![body] }.into()
        }
        5 => Store { set: one(), action: StoreAction::Add, flags: vec![Flag::Seen], silent: false }.into(),
        6 => Move { set: one(), mailbox: mailbox() }.into(),
        7 => Search { key: SearchKey::Subject("grün".into()) }.into(),
        8 => Idle.into(),
        9 => Noop.into(),
        10 => Logout.into(),
        11 => List { pattern: mailbox(), which: Default::default(), status: Vec::new() }.into(),
        12 => Status { mailbox: mailbox(), attributes: Vec::new() }.into(),
        13 => Expunge { set: Some(one()) }.into(),
        14 => Id { fields: vec![("name".into(), "x".into())] }.into(),
        15 => Create { mailbox: mailbox(), special_use: None }.into(),
        16 => Expunge { set: None }.into(),
        _ => Search { key: SearchKey::All }.into(),
    }
}

const ENDS: [&str; 8] = [
    "OK done",
    "NO not now",
    "BAD what?",
    "OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ESEARCH] in",
    "OK [READ-WRITE] open",
    "OK [COPYUID 1 7 9] moved",
    "NO [TRYCREATE] where?",
    "BYE no",
];

const LINES: [&str; 26] = [
    "* OK hello\r\n",
    "* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ESEARCH CONDSTORE] hello\r\n",
    "* PREAUTH [CAPABILITY IMAP4rev1] ann\r\n",
    "* BYE enough\r\n",
    "+ go on\r\n",
    "+\r\n",
    "* CAPABILITY IMAP4rev1 IDLE\r\n",
    "* 5 EXISTS\r\n",
    "* 1 EXPUNGE\r\n",
    "* VANISHED 7\r\n",
    "* FLAGS (\\Seen)\r\n",
    "* OK [UIDVALIDITY 1] ok\r\n",
    "* OK [UIDNEXT 9] ok\r\n",
    "* OK [CLOSED] left\r\n",
    "* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n",
    "* 1 FETCH (UID 7 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\n",
    "* 1 FETCH (UID 7 BODY[] {6}\r\nabc\r\nd)\r\n",
    "* 1 FETCH (UID 7 BODY[] {4097}\r\n",
    "* SEARCH 7 8\r\n",
    "* ESEARCH (TAG \"A3\") UID ALL 7:9\r\n",
    "* LIST () \"/\" INBOX\r\n",
    "* STATUS INBOX (MESSAGES 4)\r\n",
    "* ID (\"name\" \"y\")\r\n",
    "* 1 FETCH (FLAGS\r\n",
    "A1 OK unasked\r\n",
    "* OK [ALERT] look\r\n",
];
