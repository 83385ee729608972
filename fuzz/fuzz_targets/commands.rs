//! Whatever a command is given, what goes out is IMAP: no string breaks out of its place, and every literal has
//! the octets that it announces (S12). A server that reads no more than lines, quotes and literals gets the same
//! strings back.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use postern_protocol::Time;
use postern_protocol::imap::command::{
    Create, Delete, Fetch, FetchAttribute, Id, List, Login, Rename, Search, SearchKey, Select, Sequence,
    Status, Store, StoreAction, Subscribe, Which,
};
use postern_protocol::imap::{
    Command, Config, Connection, Event, Flag, MailboxEncoding, MailboxName, Output, Uid, UidSet,
};

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    capabilities: u8,
    commands: Vec<Asked<'a>>,
}

#[derive(Arbitrary, Debug)]
enum Asked<'a> {
    Login(&'a str, &'a str),
    Create(&'a str),
    Delete(&'a str),
    Rename(&'a str, &'a str),
    Subscribe(&'a str),
    Status(&'a str),
    Select(&'a str),
    List(&'a str),
    Id(&'a str, &'a str),
    Search(u8, &'a str, &'a str),
    Store(&'a str, u32),
    FetchHeaders(u32),
}

const CAPABILITIES: [&str; 4] =
    ["", " LITERAL+", " LITERAL- ESEARCH LIST-EXTENDED LIST-STATUS", " ID UIDPLUS MOVE"];

fuzz_target!(|case: Case<'_>| {
    let mut connection = Connection::new(Config::default(), Time::ZERO);
    let capabilities = CAPABILITIES[usize::from(case.capabilities) % CAPABILITIES.len()];
    let mut open = Vec::new();
    for asked in case.commands.iter().take(8) {
        let Some((command, strings)) = asked.command() else { continue };
        open.push((connection.send(command, Time::ZERO), strings));
    }
    connection
        .handle_input(format!("* OK [CAPABILITY IMAP4rev1{capabilities}] hi\r\n").as_bytes(), Time::ZERO);
    let mut server = Server::default();
    let mut quiet = 0;
    while !open.is_empty() && quiet < 3 {
        quiet += 1;
        while let Some(output) = connection.poll_output() {
            match output {
                Output::Transmit(bytes) => {
                    quiet = 0;
                    server.input.extend(bytes);
                }
                Output::Event(Event::Done(id, result)) => {
                    let at = open.iter().position(|(other, _)| *other == id).expect("settled once");
                    let (_, strings) = open.remove(at);
                    // The server says OK to all that it gets, so this one was sent.
                    if result.is_ok() {
                        let lost = strings.iter().find(|string| !server.strings.contains(string));
                        assert_eq!(lost, None, "{:?}", server.lines);
                    }
                }
                Output::Event(_) | Output::Close => {}
            }
        }
        let answer = server.answer();
        connection.handle_input(&answer, Time::ZERO);
    }
    assert!(open.is_empty(), "not settled: {open:?} after {:?}", server.lines);
});

impl Asked<'_> {
    /// The command, and the strings that must reach the server as they are.
    fn command(&self) -> Option<(Command, Vec<Vec<u8>>)> {
        let name = |name: &str| MailboxName::try_from(name).ok();
        let plain = |text: &str| text.as_bytes().to_vec();
        Some(match *self {
            Self::Login(user, password) => (
                Login { user: user.into(), password: password.into() }.into(),
                vec![plain(user), plain(password)],
            ),
            Self::Create(mailbox) => {
                (Create { mailbox: name(mailbox)?, special_use: None }.into(), vec![wire(&name(mailbox)?)])
            }
            Self::Delete(mailbox) => (Delete { mailbox: name(mailbox)? }.into(), vec![wire(&name(mailbox)?)]),
            Self::Rename(from, to) => (
                Rename { from: name(from)?, to: name(to)? }.into(),
                vec![wire(&name(from)?), wire(&name(to)?)],
            ),
            Self::Subscribe(mailbox) => (Subscribe { mailbox: name(mailbox)? }.into(), Vec::new()),
            Self::Status(mailbox) => {
                (Status { mailbox: name(mailbox)?, attributes: Vec::new() }.into(), Vec::new())
            }
            Self::Select(mailbox) => {
                (Select { mailbox: name(mailbox)?, mode: Default::default() }.into(), Vec::new())
            }
            Self::List(pattern) => {
                (List { pattern: name(pattern)?, which: Which::All, status: Vec::new() }.into(), Vec::new())
            }
            Self::Id(key, value) => (Id { fields: vec![(key.into(), value.into())] }.into(), Vec::new()),
            Self::Search(kind, one, two) => (Search { key: key(kind, one, two) }.into(), Vec::new()),
            Self::Store(flag, uid) => (
                Store {
                    set: set(uid)?,
                    action: StoreAction::Add,
                    flags: vec![Flag::from(flag)],
                    silent: true,
                }
                .into(),
                Vec::new(),
            ),
            Self::FetchHeaders(uid) => (
                Fetch { set: Sequence::Uid(set(uid)?), items: vec![FetchAttribute::Envelope] }.into(),
                Vec::new(),
            ),
        })
    }
}

fn set(uid: u32) -> Option<UidSet> {
    Uid::new(uid).map(|uid| std::iter::once(uid).collect())
}

fn key(kind: u8, one: &str, two: &str) -> SearchKey {
    match kind % 6 {
        0 => SearchKey::Subject(one.into()),
        1 => SearchKey::Keyword(one.into()),
        2 => SearchKey::Header(one.into(), two.into()),
        3 => SearchKey::Not(Box::new(SearchKey::From(one.into()))),
        4 => SearchKey::Or(Box::new(SearchKey::Text(one.into())), Box::new(SearchKey::Body(two.into()))),
        _ => SearchKey::And(vec![SearchKey::To(one.into()), SearchKey::Cc(two.into())]),
    }
}

fn wire(name: &MailboxName) -> Vec<u8> {
    name.to_wire(MailboxEncoding::default()).into_owned()
}

/// Reads as much of IMAP as it takes to find the end of a command: lines, quoted strings, literals.
#[derive(Default)]
struct Server {
    input: Vec<u8>,
    /// How far of the input was read.
    at: usize,
    /// Where the command that is being read begins.
    start: usize,
    lines: Vec<String>,
    /// Words, quoted strings and literals.
    strings: Vec<Vec<u8>>,
}

impl Server {
    /// What to say to all that has arrived.
    fn answer(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        while let Some(end) = self.input[self.at..].windows(2).position(|two| two == b"\r\n") {
            let line = &self.input[self.at..self.at + end];
            assert!(!line.iter().any(|byte| b"\r\n\0".contains(byte)), "{line:?}");
            self.lines.push(String::from_utf8_lossy(line).into_owned());
            quoted(line, &mut self.strings);
            self.strings.extend(line.split(|&byte| byte == b' ').map(<[u8]>::to_vec));
            if let Some((size, waits)) = literal(line) {
                let body = self.at + end + 2;
                if waits && self.input.len() == body {
                    answer.extend(b"+ go on\r\n");
                    // The same line is read again once its literal is here.
                    self.lines.pop();
                    return answer;
                }
                let Some(octets) = self.input.get(body..body + size) else { return answer };
                self.strings.push(octets.to_vec());
                self.at = body + size;
                continue;
            }
            let first = &self.input[self.start..];
            let tag: String = first
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .map(|&byte| char::from(byte))
                .collect();
            assert!(!tag.is_empty(), "a command without a tag: {:?}", self.lines);
            self.at += end + 2;
            self.start = self.at;
            answer.extend(format!("{tag} OK done\r\n").into_bytes());
        }
        answer
    }
}

/// `{5}` or `{5+}` at the end of a line.
fn literal(line: &[u8]) -> Option<(usize, bool)> {
    let inside = line.strip_suffix(b"}")?;
    let (inside, waits) = inside.strip_suffix(b"+").map_or((inside, true), |inside| (inside, false));
    let brace = inside.iter().rposition(|&byte| byte == b'{')?;
    Some((std::str::from_utf8(&inside[brace + 1..]).ok()?.parse().ok()?, waits))
}

/// The quoted strings of a line, without their escapes. None is open at its end.
fn quoted(line: &[u8], strings: &mut Vec<Vec<u8>>) {
    let mut bytes = line.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'"' {
            continue;
        }
        let mut text = Vec::new();
        loop {
            match bytes.next() {
                Some(b'"') => break,
                Some(b'\\') => text.push(*bytes.next().expect("something behind a backslash")),
                Some(&byte) => text.push(byte),
                None => panic!("a quoted string without an end: {:?}", String::from_utf8_lossy(line)),
            }
        }
        strings.push(text);
    }
}
