//! Transcripts: sessions as a stranger would write them down, run against a [`Connection`].
//!
//! | line | meaning |
//! | --- | --- |
//! | `S: …` | the server sends this line |
//! | `C: …` | the client must have sent this line |
//! | `E: …` | this event must have come; `#0` is the first command of the test |
//! | `U: send` | the test sends its next command |
//! | `U: cancel 0` | it cancels its first command |
//! | `U: chunk 0 ab\|` | it hands in octets of its first command's message, where `\|` is a line end |
//! | `U: wait 60` | so many seconds go by, and the driver calls when it should |
//! | `U: closed` | the link ends |
//!
//! Whatever the client sends and tells must stand there, in order. Each transcript runs whole and with the
//! server's lines cut at every byte: the outcome may not depend on the borders of packets.

use super::command::{Command, SearchResult, Select};
use super::{
    CommandId, Config, Connection, Done, Entry, Event, Item, Limits, MailboxName, MessageData, Namespace,
    Output, QuotaResource, Rights, ThreadNode, Uid,
};
use crate::Time;
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

/// A session from its greeting on.
pub(crate) fn check(commands: &[Command], transcript: &str) {
    run_at_every_cut(&[], commands, transcript);
}

/// A session that is signed in, to a server with these capabilities.
pub(crate) fn check_authenticated(capabilities: &str, commands: &[Command], transcript: &str) {
    let greeting = format!("* PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n");
    run_at_every_cut(&[&greeting], commands, transcript);
}

/// A session with the INBOX open, on a server with these capabilities. Its commands begin with the tag `A2`.
pub(crate) fn check_selected(capabilities: &str, commands: &[Command], transcript: &str) {
    let greeting = format!("* PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n");
    run_at_every_cut(&[&greeting, "* 9 EXISTS\r\nA1 OK [READ-WRITE] open\r\n"], commands, transcript);
}

fn run_at_every_cut(prelude: &[&str], commands: &[Command], transcript: &str) {
    Run::new(prelude, commands, None).play(transcript);
    let sent = transcript.lines().filter_map(|line| line.trim().strip_prefix("S: "));
    let total: usize = sent.map(|line| line.len() + 2).sum();
    for cut in 1..total {
        Run::new(prelude, commands, Some(cut)).play(transcript);
    }
}

struct Run {
    connection: Connection,
    commands: VecDeque<Command>,
    ids: Vec<CommandId>,
    now: Time,
    /// Bytes that the server still sends before the cut.
    cut: Option<usize>,
    sent: String,
    events: VecDeque<String>,
}

impl Run {
    fn new(prelude: &[&str], commands: &[Command], cut: Option<usize>) -> Self {
        let now = Time::ZERO;
        // Bodies stream from 17 octets on, so that a test need not be long to see it.
        let limits = Limits { stream_over: 16, ..Limits::default() };
        let mut connection = Connection::new(Config { limits, ..Config::default() }, now);
        for (at, said) in prelude.iter().enumerate() {
            if at == 1 {
                connection.send(Select::new(MailboxName::inbox(), super::command::Mode::ReadWrite), now);
                while connection.poll_output().is_some() {}
            }
            connection.handle_input(said.as_bytes(), now);
            while connection.poll_output().is_some() {}
        }
        let commands = commands.iter().cloned().collect();
        Self { connection, commands, ids: vec![], now, cut, sent: String::new(), events: VecDeque::new() }
    }

    fn play(mut self, transcript: &str) {
        let mut segment = String::new();
        for line in transcript.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let context = format!("at {line:?}, cut {:?}, of:\n{transcript}", self.cut);
            let (who, what) = line.split_at(2);
            let what = what.strip_prefix(' ').unwrap_or(what);
            if who == "S:" {
                self.check_empty(&context);
                segment.push_str(what);
                segment.push_str("\r\n");
                continue;
            }
            self.hear(&std::mem::take(&mut segment));
            match who {
                "C:" => {
                    let line = format!("{what}\r\n");
                    assert!(
                        self.sent.starts_with(&line),
                        "sent {:?}, events {:?} {context}",
                        self.sent,
                        self.events
                    );
                    self.sent.drain(..line.len());
                }
                "E:" => assert_eq!(
                    self.events.pop_front().as_deref(),
                    Some(what),
                    "sent {:?} {context}",
                    self.sent
                ),
                "U:" => {
                    self.check_empty(&context);
                    self.act(what);
                }
                _ => panic!("what is {line:?}?"),
            }
        }
        self.hear(&segment);
        self.check_empty(&format!("at the end, cut {:?}, of:\n{transcript}", self.cut));
    }

    fn check_empty(&self, context: &str) {
        assert!(
            self.sent.is_empty() && self.events.is_empty(),
            "left: {:?} {:?} {context}",
            self.sent,
            self.events
        );
    }

    fn hear(&mut self, said: &str) {
        let here = self.cut.map_or(said.len(), |cut| cut.min(said.len()));
        let (first, second) = said.as_bytes().split_at(here);
        self.cut = self.cut.map(|cut| cut.saturating_sub(said.len())).filter(|&cut| cut > 0);
        for part in [first, second] {
            if !part.is_empty() {
                self.connection.handle_input(part, self.now);
            }
            self.drain();
        }
    }

    fn act(&mut self, what: &str) {
        let (action, argument) = what.split_once(' ').unwrap_or((what, "0"));
        let (number, octets) = argument.split_once(' ').unwrap_or((argument, ""));
        let number: u64 = number.parse().unwrap();
        match action {
            "send" => {
                let command = self.commands.pop_front().expect("a command to send");
                self.ids.push(self.connection.send(command, self.now));
            }
            "cancel" => self.connection.cancel(self.ids[usize::try_from(number).unwrap()], self.now),
            "chunk" => {
                let id = self.ids[usize::try_from(number).unwrap()];
                let chunk = octets.replace('|', "\r\n");
                let taken = self.connection.append_chunk(id, chunk.as_bytes(), self.now);
                self.drain();
                self.events.extend(taken.err().map(|misuse| misuse.to_string()));
            }
            "wait" => {
                let end = self.now + Duration::from_secs(number);
                while let Some(next) = self.connection.poll_timeout().filter(|&next| next <= end) {
                    self.now = next;
                    self.connection.handle_timeout(next);
                    self.drain();
                }
                self.now = end;
            }
            "closed" => self.connection.handle_closed(self.now),
            _ => panic!("what is {what:?}?"),
        }
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.connection.poll_output() {
            match output {
                Output::Transmit(bytes) => self.sent.push_str(std::str::from_utf8(&bytes).unwrap()),
                Output::Event(event) => self.note(&event),
                Output::Close => self.events.push_back("hang up".into()),
            }
        }
    }

    /// Chunks of one body are joined: where they are cut is the network's doing.
    fn note(&mut self, event: &Event) {
        let text = show(event, &self.ids);
        if matches!(event, Event::Item(_, Item::BodyChunk(_)))
            && let Some(last) = self.events.back_mut().filter(|last| last.contains("BodyChunk"))
        {
            last.push_str(text.split_once("BodyChunk ").unwrap().1);
            return;
        }
        self.events.push_back(text);
    }
}

fn show(event: &Event, ids: &[CommandId]) -> String {
    // A command may be settled before its number is known to the test.
    let number = |id: &CommandId| ids.iter().position(|it| it == id).unwrap_or(ids.len());
    match event {
        Event::Greeting(greeting) => format!("Greeting {}", greeting.text.text),
        Event::Capabilities => "Capabilities".into(),
        Event::Alert(text) => format!("Alert {text}"),
        Event::Bye(text) => format!("Bye {}", text.text),
        Event::Exists(count) => format!("Exists {count}"),
        Event::Expunge(seq) => format!("Expunge {seq}"),
        Event::Vanished { uids, .. } => format!("Vanished {uids}"),
        Event::Flags(flags) => {
            format!("Flags {}", join(flags.iter()))
        }
        Event::Fetch(message) => format!("Fetch {}", show_message(message)),
        Event::Unhandled(response) => {
            let text = format!("{response:?}");
            format!("Unhandled {}", text.split(['(', ' ']).next().unwrap())
        }
        Event::Progress { command, done, total } => {
            let command = command.map_or("?".into(), |id| format!("#{}", number(&id)));
            format!("Progress {command} {done:?} {total:?}")
        }
        Event::Mailbox(mailbox) => format!("Mailbox {} {:?}", mailbox.name, mailbox.attributes),
        Event::Status(status) => {
            format!("Status {} messages={:?} unseen={:?}", status.mailbox, status.messages, status.unseen)
        }
        Event::Metadata(metadata) => {
            format!("Metadata {} {}", metadata.mailbox, join(metadata.entries.iter().map(|it| &it.name)))
        }
        Event::SearchUpdate(found) => {
            format!("SearchUpdate {:?} +{:?} -{:?}", found.tag, found.added, found.removed)
        }
        Event::NotificationOverflow => "NotificationOverflow".into(),
        Event::Item(id, item) => format!("#{} {}", number(id), show_item(item)),
        Event::Done(id, Ok(done)) => format!("#{} {}", number(id), show_done(done)),
        Event::Done(id, Err(error)) => format!("#{} Error {error}", number(id)),
        Event::Closed(error) => format!("Closed {error}"),
    }
}

fn show_done(done: &Done) -> String {
    match done {
        Done::Ok(text) => format!("Ok {}", text.text).trim_end().into(),
        Done::Selected(it) => format!(
            "Selected exists={} validity={:?} next={:?} read_only={}",
            it.exists,
            it.uid_validity.map(u32::from),
            it.uid_next.map(u32::from),
            it.read_only
        ),
        Done::Appended(it) => {
            let validity = it.uid_validity.map_or("?".into(), |it| u32::from(it).to_string());
            format!("Appended {} validity={validity} {}", it.count, it.uids).trim_end().into()
        }
        Done::Namespaces(it) => {
            let prefixes =
                |list: &[Namespace]| list.iter().map(|it| format!(" {:?}", it.prefix)).collect::<String>();
            let [own, others, shared] =
                [&it.personal, &it.other_users, &it.shared].map(|list| prefixes(list));
            format!("Namespaces personal:{own} other:{others} shared:{shared}")
        }
        Done::Enabled(capabilities) => format!("Enabled {}", join(capabilities.iter())),
        Done::Languages(tags) => format!("Languages {}", join(tags.iter())),
        Done::Comparators(names) => format!("Comparators {}", join(names.iter())),
        Done::Batches(batches) => {
            let show = |batch: &RangeInclusive<Uid>| format!("{}-{}", batch.start(), batch.end());
            format!("Batches {}", join(batches.iter().map(show))).trim_end().into()
        }
        Done::Found(result) => show_result(result),
        Done::Threads(threads) => {
            let show = |node: &ThreadNode| {
                let number = node.number.map_or("?".into(), |number| number.to_string());
                format!("{}{number}", ".".repeat(node.depth as usize))
            };
            format!("Threads {}", join(threads.nodes.iter().map(show))).trim_end().into()
        }
        Done::Id(fields) => format!("Id {fields:?}"),
    }
}

fn show_result(result: &SearchResult) -> String {
    let mut words = vec!["Found".to_owned()];
    words.extend(result.all.as_ref().filter(|all| !all.is_empty()).map(ToString::to_string));
    words.extend(result.min.map(|min| format!("min={min}")));
    words.extend(result.max.map(|max| format!("max={max}")));
    words.extend(result.count.map(|count| format!("count={count}")));
    words.extend(result.partial.as_ref().map(|partial| format!("partial={partial}")));
    words.extend(result.mod_seq.map(|mod_seq| format!("modseq={mod_seq}")));
    words.extend((!result.relevancy.is_empty()).then(|| format!("relevancy={:?}", result.relevancy)));
    words.extend(result.context.as_ref().map(|context| format!("context={}", context.0)));
    words.join(" ")
}

fn show_item(item: &Item) -> String {
    match item {
        Item::Mailbox(mailbox) => format!("Mailbox {} {:?}", mailbox.name, mailbox.attributes),
        Item::Status(status) => {
            format!("Status {} messages={:?} unseen={:?}", status.mailbox, status.messages, status.unseen)
        }
        Item::Message(message) => format!("Message {}", show_message(message)),
        Item::Found { mailbox, uid_validity, result } => {
            let result = show_result(result);
            format!(
                "Found in {mailbox} {:?}{}",
                uid_validity.map(u32::from),
                result.trim_start_matches("Found")
            )
        }
        Item::Quota(quota) => {
            let show = |it: &QuotaResource| format!("{} {}/{}", it.name, it.usage, it.limit);
            format!("Quota {:?} {}", quota.root, join(quota.resources.iter().map(show)))
        }
        Item::QuotaRoot(root) => format!("QuotaRoot {} {}", root.mailbox, join(root.roots.iter())),
        Item::Acl(acl) => {
            let show = |(who, rights): &(Box<str>, Rights)| format!("{who}={}", rights.0);
            format!("Acl {} {}", acl.mailbox, join(acl.entries.iter().map(show)))
        }
        Item::ListRights(it) => {
            let optional: String = it.optional.iter().map(|rights| format!("+{}", rights.0)).collect();
            format!("ListRights {} {} {}{optional}", it.mailbox, it.identifier, it.required.0)
        }
        Item::MyRights(it) => format!("MyRights {} {}", it.mailbox, it.rights.0),
        Item::Metadata(it) => {
            let show = |entry: &Entry| {
                let value = entry.value.as_ref().map(|value| format!("={}", String::from_utf8_lossy(value)));
                format!("{}{}", entry.name, value.unwrap_or_default())
            };
            format!("Metadata {} {}", it.mailbox, join(it.entries.iter().map(show)))
        }
        Item::JmapAccess(address) => format!("JmapAccess {address}"),
        Item::Vanished(uids) => format!("Vanished {uids}"),
        Item::Modified(uids) => format!("Modified {uids}"),
        Item::Unreadable { seq, uid } => format!("Unreadable {seq:?} {uid:?}"),
        Item::BodyStart(body) => {
            let origin = body.origin.map_or(String::new(), |origin| format!("<{origin}>"));
            let uid = body.uid.map_or("?".into(), |uid| uid.to_string());
            let seq = body.seq.map_or("-".into(), |seq| seq.to_string());
            format!("BodyStart {seq} uid={uid} {}{origin} {}", body.section, body.size)
        }
        Item::BodyChunk(bytes) => {
            format!("BodyChunk {}", String::from_utf8_lossy(bytes).replace("\r\n", "|"))
        }
        Item::BodyEnd => "BodyEnd".into(),
        Item::Wanted(octets) => format!("Wanted {octets}"),
        Item::Idling => "Idling".into(),
    }
}

/// The message's number and UID, its flags, and the names of what else came.
fn show_message(message: &MessageData) -> String {
    let mut words = vec![message.seq.map_or("-".into(), |seq| seq.to_string())];
    words.extend(message.uid.map(|uid| format!("uid={uid}")));
    words.extend(message.flags.as_ref().map(|flags| format!("flags=({})", join(flags.iter()))));
    words.extend(message.mod_seq.map(|mod_seq| format!("modseq={mod_seq}")));
    words.extend(message.size.map(|size| format!("size={size}")));
    words.extend(message.internal_date.as_ref().map(|_| "date".into()));
    words.extend(message.envelope.as_ref().map(|_| "envelope".into()));
    words.extend(message.body_structure.as_ref().map(|_| "structure".into()));
    words.extend((!message.items.is_empty()).then(|| format!("{:?}", message.items)));
    words.join(" ")
}

fn join<T: ToString>(words: impl Iterator<Item = T>) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}
