//! Commands, cancellations, time and a server that says anything, in any order: every command is settled exactly
//! once, nothing goes out after the end, and whatever goes out comes to an end.

#![no_main]

use std::collections::HashMap;
use std::time::Duration;

use libfuzzer_sys::arbitrary::{self, Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use postern_fuzz::any_command;
use postern_protocol::Time;
use postern_protocol::imap::{Command, CommandId, Config, Connection, Event, Item, Output};

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Send(Sent),
    /// So many octets of a message that is handed in.
    Upload(u8, u8),
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

#[derive(Debug)]
struct Sent(Command);

impl<'a> Arbitrary<'a> for Sent {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        any_command(u).map(Self)
    }
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
        match step {
            Step::Send(Sent(command)) => {
                let id = self.connection.send(command.clone(), now);
                assert!(self.settled.insert(id, 0).is_none(), "an id twice");
                self.ids.push(id);
            }
            Step::Cancel(which) => {
                if let Some(id) = self.id(*which) {
                    self.connection.cancel(id, now);
                }
            }
            Step::Upload(which, count) => {
                let Some(id) = self.id(*which) else { return };
                // What is not wanted is refused, and costs at most the connection.
                let _ = self.connection.append_chunk(id, &vec![b'x'; usize::from(*count)], now);
            }
            Step::Say(which) => {
                let line = LINES[usize::from(*which) % LINES.len()];
                self.connection.handle_input(line.as_bytes(), now);
            }
            Step::Answer(how) => self.answer(0, *how),
            Step::AnswerOther(which, how) => self.answer(usize::from(*which), *how),
            Step::Bytes(bytes) => self.connection.handle_input(bytes, now),
            Step::Wait(seconds) => {
                self.now = now + Duration::from_secs(u64::from(*seconds));
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

    fn id(&self, which: u8) -> Option<CommandId> {
        self.ids.get(usize::from(which) % self.ids.len().max(1)).copied()
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
                Output::Event(Event::Item(id, Item::Wanted(count))) => {
                    assert!(self.settled.get(&id) == Some(&0), "octets wanted for what is settled");
                    assert!(count > 0, "no octets wanted");
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

const ENDS: [&str; 14] = [
    "OK done",
    "NO not now",
    "BAD what?",
    "OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ESEARCH] in",
    "OK [READ-WRITE] open",
    "OK [COPYUID 1 7 9] moved",
    "NO [TRYCREATE] where?",
    "BYE no",
    "OK [APPENDUID 1 9] stored",
    "OK [MODIFIED 7] some",
    "OK [MESSAGELIMIT 5 7] some",
    "NO [MESSAGELIMIT 5 7] too many",
    "NO [METADATA TOOMANY] no",
    "OK [NOTIFICATIONOVERFLOW] ok",
];

const LINES: [&str; 46] = [
    "* OK hello\r\n",
    "* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS LITERAL+ ESEARCH CONDSTORE] hello\r\n",
    "* OK [CAPABILITY IMAP4rev2 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=OAUTHBEARER COMPRESS=DEFLATE QRESYNC SORT \
     THREAD=REFERENCES LITERAL- CATENATE MULTIAPPEND REPLACE PARTIAL METADATA ACL QUOTA NOTIFY MULTISEARCH SEARCHRES \
     CONTEXT=SEARCH ESORT UIDBATCHES OBJECTID SAVEDATE PREVIEW UNAUTHENTICATE UIDONLY MESSAGELIMIT=5] hello\r\n",
    "* PREAUTH [CAPABILITY IMAP4rev1] ann\r\n",
    "* BYE enough\r\n",
    "+ go on\r\n",
    "+\r\n",
    "+ c2VydmVy\r\n",
    "+ cj1hYmMscz1RU1hDUiticT09LGk9NDA5Ng==\r\n",
    "* CAPABILITY IMAP4rev1 IDLE\r\n",
    "* ENABLED QRESYNC UTF8=ACCEPT\r\n",
    "* 5 EXISTS\r\n",
    "* 1 EXPUNGE\r\n",
    "* VANISHED 7\r\n",
    "* VANISHED (EARLIER) 1:6\r\n",
    "* FLAGS (\\Seen)\r\n",
    "* OK [UIDVALIDITY 1] ok\r\n",
    "* OK [UIDNEXT 9] ok\r\n",
    "* OK [HIGHESTMODSEQ 99] ok\r\n",
    "* OK [CLOSED] left\r\n",
    "* OK [INPROGRESS (\"A3\" 5 10)] slow\r\n",
    "* OK [COPYUID 1 7 9] moved\r\n",
    "* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n",
    "* 1 FETCH (UID 7 MODSEQ (12) FLAGS ())\r\n",
    "* 7 UIDFETCH (FLAGS ())\r\n",
    "* 1 FETCH (UID 7 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\n",
    "* 1 FETCH (UID 7 INTERNALDATE \"01-Jan-2026 00:00:00 +0000\" RFC822.SIZE 5 ENVELOPE (NIL \"a\" NIL NIL NIL NIL NIL NIL NIL \
     \"<a@b>\") BODY[HEADER.FIELDS (REFERENCES)] \"\")\r\n",
    "* 1 FETCH (UID 7 BODY[] {6}\r\nabc\r\nd)\r\n",
    "* 1 FETCH (UID 7 BODY[] {4097}\r\n",
    "* 1 FETCH (UID 7 BINARY[1] ~{3}\r\na\0b)\r\n",
    "* SEARCH 7 8\r\n",
    "* SEARCH 7 8 (MODSEQ 12)\r\n",
    "* SORT 8 7\r\n",
    "* THREAD (7 8)(9)\r\n",
    "* ESEARCH (TAG \"A3\") UID ALL 7:9\r\n",
    "* ESEARCH (TAG \"A2\") UID PARTIAL (1:5 7:9) COUNT 3\r\n",
    "* LIST () \"/\" INBOX\r\n",
    "* STATUS INBOX (MESSAGES 4)\r\n",
    "* QUOTA \"\" (STORAGE 1 2)\r\n",
    "* ACL INBOX ann lrs\r\n",
    "* METADATA \"\" (/private/comment \"x\")\r\n",
    "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
    "* ID (\"name\" \"y\")\r\n",
    "* 1 FETCH (FLAGS\r\n",
    "A1 OK unasked\r\n",
    "* OK [ALERT] look\r\n",
];
