//! A model of an IMAP server: small, strict, and right. It keeps mailboxes in memory and speaks to any number of
//! sessions, each with its own view of the sequence numbers.

use crate::faults::{Faults, Outcome};
use crate::mail::Mail;
use postern_protocol::Time;
use std::collections::{BTreeMap, BTreeSet};

/// What all sessions share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) password: String,
    pub(crate) capabilities: String,
    pub(crate) mailboxes: BTreeMap<String, Mailbox>,
    /// Words to refuse a command with, by its name: `LOGIN`, `UID STORE`.
    pub(crate) refusals: BTreeMap<String, String>,
    /// `LIST` attributes by mailbox.
    pub(crate) attributes: BTreeMap<String, String>,
    /// The greeting and the answer to a login hold the capabilities.
    pub(crate) tells_capabilities: bool,
    /// News are told with EXISTS before EXPUNGE, as some servers do.
    pub(crate) exists_first: bool,
    /// Every command that came, without its tag.
    pub(crate) log: Vec<String>,
    pub(crate) faults: Faults,
    /// What it says first, as it is.
    pub(crate) greeting: Option<String>,
    /// What it offers after the login, where that is another thing.
    pub(crate) capabilities_after: Option<String>,
    /// No mailbox opens before ID came after the login.
    pub(crate) wants_id: bool,
    /// The access that SELECT grants, and the flags that last there.
    pub(crate) access: &'static str,
    pub(crate) permanent_flags: Option<&'static str>,
    pub(crate) now: Time,
    /// Sessions that signed in.
    sign_ins: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    pub(crate) uid_validity: u32,
    pub(crate) last_uid: u32,
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) uid: u32,
    pub(crate) flags: BTreeSet<String>,
    pub(crate) mail: Mail,
}

impl Server {
    /// A server with an INBOX and a Sent.
    pub(crate) fn new() -> Self {
        let capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN ID IDLE SPECIAL-USE".to_owned();
        let mut server = Self {
            password: "secret".to_owned(),
            capabilities,
            mailboxes: BTreeMap::new(),
            refusals: BTreeMap::new(),
            attributes: BTreeMap::from([("Sent".to_owned(), "\\Sent".to_owned())]),
            tells_capabilities: true,
            exists_first: false,
            log: Vec::new(),
            faults: Faults::default(),
            greeting: None,
            capabilities_after: None,
            wants_id: false,
            access: "READ-WRITE",
            permanent_flags: None,
            now: Time::ZERO,
            sign_ins: 0,
        };
        for name in ["INBOX", "Sent"] {
            let mailbox = Mailbox { uid_validity: 7, ..Mailbox::default() };
            server.mailboxes.insert(name.to_owned(), mailbox);
        }
        server
    }

    pub(crate) fn mailbox(&mut self, name: &str) -> &mut Mailbox {
        self.mailboxes.get_mut(name).expect("a mailbox of the model")
    }

    fn capability_code(&self, signed_in: bool) -> String {
        let after = self.capabilities_after.as_ref().filter(|_| signed_in);
        match self.tells_capabilities {
            true => format!("[CAPABILITY {}] ", after.unwrap_or(&self.capabilities)),
            false => String::new(),
        }
    }

    /// How often a command that begins like this came.
    pub(crate) fn count(&self, command: &str) -> usize {
        self.log.iter().filter(|line| line.starts_with(command)).count()
    }
}

impl Mailbox {
    /// A message arrives. Gives its UID.
    pub(crate) fn append(&mut self, mail: Mail) -> u32 {
        self.last_uid += 1;
        self.messages.push(Message { uid: self.last_uid, flags: BTreeSet::new(), mail });
        self.last_uid
    }

    /// The message at this index goes.
    pub(crate) fn expunge(&mut self, index: usize) {
        self.messages.remove(index);
    }

    pub(crate) fn flag(&mut self, index: usize, flag: &str, is_set: bool) {
        let flags = &mut self.messages[index].flags;
        if is_set {
            flags.insert(flag.to_owned());
        } else {
            flags.remove(flag);
        }
    }

    pub(crate) fn unseen(&self) -> usize {
        self.messages.iter().filter(|message| !message.flags.contains("\\Seen")).count()
    }
}

/// One connection to the server.
#[derive(Debug, Default)]
pub(crate) struct Session {
    input: Vec<u8>,
    output: Vec<u8>,
    signed_in: bool,
    is_introduced: bool,
    /// The how-manieth it is of those that signed in.
    number: usize,
    selected: Option<String>,
    /// The UIDs with the flags that this session was told, by sequence number.
    told: Vec<(u32, BTreeSet<String>)>,
    idle_tag: Option<String>,
    pub(crate) is_over: bool,
}

impl Session {
    pub(crate) fn open(&mut self, server: &Server) {
        if let Some(greeting) = &server.greeting {
            return self.output.extend_from_slice(greeting.as_bytes());
        }
        self.line(&format!("* OK {}ready", server.capability_code(false)));
    }

    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    pub(crate) fn handle_input(&mut self, bytes: &[u8], server: &mut Server) {
        self.input.extend_from_slice(bytes);
        while let Some(end) = self.input.windows(2).position(|pair| pair == b"\r\n") {
            let line: Vec<u8> = self.input.drain(..end + 2).collect();
            let line = String::from_utf8(line).expect("commands in UTF-8");
            self.command(line.trim_end(), server);
        }
    }

    /// Something changed: an idling session hears of it at once.
    pub(crate) fn wake(&mut self, server: &Server) {
        if self.idle_tag.is_some() {
            self.tell_news(server, Expunges::Allowed);
        }
    }

    fn command(&mut self, line: &str, server: &mut Server) {
        if line == "DONE" {
            let tag = self.idle_tag.take().expect("DONE ends an IDLE");
            return self.line(&format!("{tag} OK done"));
        }
        let (tag, rest) = line.split_once(' ').expect("a tag and a command");
        server.log.push(rest.to_owned());
        let (name, arguments) = rest.split_once(' ').unwrap_or((rest, ""));
        let (name, arguments) = match name {
            "UID" => {
                let (second, arguments) = arguments.split_once(' ').expect("UID and a command");
                (format!("UID {second}"), arguments)
            }
            name => (name.to_owned(), arguments),
        };
        if let Some(words) = server.refusals.get(&name) {
            return self.line(&format!("{tag} NO {words}"));
        }
        match server.faults.meets(rest, server.now) {
            Some(outcome) => self.go_wrong(tag, &outcome),
            None => self.run(tag, &name, arguments, server),
        }
    }

    fn go_wrong(&mut self, tag: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Say(words) => self.line(&format!("{tag} {words}")),
            Outcome::Raw(words) => self.output.extend_from_slice(words.as_bytes()),
            Outcome::Silence => {}
            Outcome::End(words) => {
                if let Some(words) = words {
                    self.line(&format!("* BYE {words}"));
                }
                self.is_over = true;
            }
        }
    }

    /// Another session signed in: where the server bears only one, this one ends.
    pub(crate) fn make_way(&mut self, server: &Server) {
        if let Some(words) = &server.faults.one_session
            && self.signed_in
            && self.number < server.sign_ins
            && !self.is_over
        {
            self.go_wrong("*", &Outcome::End(Some(words.clone())));
        }
    }

    pub(crate) fn is_idling(&self) -> bool {
        self.idle_tag.is_some()
    }

    /// The server ends the session by itself.
    pub(crate) fn end(&mut self, words: &str) {
        self.go_wrong("*", &Outcome::End(Some(words.to_owned())));
    }

    fn run(&mut self, tag: &str, name: &str, arguments: &str, server: &mut Server) {
        match name {
            "CAPABILITY" => self.line(&format!("* CAPABILITY {}", server.capabilities)),
            "ID" => {
                self.is_introduced = self.signed_in;
                self.line("* ID NIL");
            }
            "AUTHENTICATE" | "LOGIN" => return self.sign_in(tag, arguments, server),
            "NOOP" => self.tell_news(server, Expunges::Allowed),
            "LOGOUT" => {
                self.line("* BYE bye");
                self.is_over = true;
            }
            _ if !self.signed_in => return self.line(&format!("{tag} BAD sign in first")),
            "LIST" => self.list(arguments, server),
            "STATUS" => self.status(arguments, server),
            "SELECT" | "EXAMINE" if server.wants_id && !self.is_introduced => {
                return self.line(&format!("{tag} NO Unsafe Login. Please contact us"));
            }
            "SELECT" | "EXAMINE" => return self.select(tag, name, arguments, server),
            "FETCH" | "UID FETCH" if self.is_poisoned(tag, name, arguments, server) => return,
            "FETCH" => {
                self.fetch(arguments, false, server);
                // RFC 9051 section 7.5.1: no EXPUNGE here, or the numbers would mean other messages.
                self.tell_news(server, Expunges::Forbidden);
            }
            "UID FETCH" => {
                self.fetch(arguments, true, server);
                self.tell_news(server, Expunges::Allowed);
            }
            "UID STORE" => {
                self.store(arguments, server);
                self.tell_news(server, Expunges::Allowed);
            }
            "IDLE" => {
                self.line("+ idling");
                self.idle_tag = Some(tag.to_owned());
                return self.tell_news(server, Expunges::Allowed);
            }
            other => return self.line(&format!("{tag} BAD what is {other}?")),
        }
        self.line(&format!("{tag} OK {name} completed"));
    }

    fn sign_in(&mut self, tag: &str, arguments: &str, server: &mut Server) {
        let plain = format!("\0ada@example.com\0{}", server.password);
        let login = format!("ada@example.com {}", server.password);
        let is_right =
            arguments == format!("PLAIN {}", base64(plain.as_bytes())) || arguments.replace('"', "") == login;
        self.signed_in = is_right;
        if is_right {
            server.sign_ins += 1;
            self.number = server.sign_ins;
        }
        match is_right {
            true => self.line(&format!("{tag} OK {}in", server.capability_code(true))),
            false => self.line(&format!("{tag} NO [AUTHENTICATIONFAILED] wrong user or password")),
        }
    }

    /// With `RETURN (STATUS …)` also LIST-STATUS (RFC 5819).
    fn list(&mut self, arguments: &str, server: &Server) {
        if let Some(lines) = &server.faults.list {
            return lines.iter().for_each(|line| self.line(&format!("* LIST {line}")));
        }
        for name in server.mailboxes.keys() {
            let attributes = server.attributes.get(name).map_or("", String::as_str);
            self.line(&format!("* LIST ({attributes}) \"/\" {name}"));
            if arguments.contains("STATUS") {
                self.status(name, server);
            }
        }
    }

    fn status(&mut self, arguments: &str, server: &Server) {
        let name = match arguments.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((name, _)) => name,
            None => arguments.split(' ').next().expect("a mailbox"),
        };
        let Some(mailbox) = server.mailboxes.get(name) else { return };
        self.line(&format!(
            "* STATUS {name} (MESSAGES {} UNSEEN {})",
            mailbox.messages.len(),
            mailbox.unseen()
        ));
    }

    fn select(&mut self, tag: &str, command: &str, name: &str, server: &Server) {
        self.selected = None;
        let Some(mailbox) = server.mailboxes.get(name) else {
            return self.line(&format!("{tag} NO [NONEXISTENT] no such mailbox"));
        };
        self.selected = Some(name.to_owned());
        self.told = mailbox.messages.iter().map(|message| (message.uid, message.flags.clone())).collect();
        self.line(&format!("* {} EXISTS", self.told.len()));
        self.line("* FLAGS (\\Seen \\Flagged \\Answered \\Draft \\Deleted)");
        self.line(&format!("* OK [UIDVALIDITY {}] valid", mailbox.uid_validity));
        self.line(&format!("* OK [UIDNEXT {}] next", mailbox.last_uid + 1));
        if let Some(flags) = server.permanent_flags {
            self.line(&format!("* OK [PERMANENTFLAGS ({flags})] what lasts"));
        }
        let access = if command == "SELECT" { server.access } else { "READ-ONLY" };
        self.line(&format!("{tag} OK [{access}] {command} completed"));
    }

    /// Whether a FETCH is one that the server fails over, and did.
    fn is_poisoned(&mut self, tag: &str, name: &str, arguments: &str, server: &Server) -> bool {
        let Some(poison) = server.faults.poison.clone() else { return false };
        let (set, items) = arguments.split_once(' ').expect("a set and items");
        let by_uid = name == "UID FETCH";
        let Some(at) = self.told.iter().position(|(uid, _)| *uid == poison.uid) else { return false };
        let highest =
            if by_uid { self.told.last().map_or(0, |last| last.0) } else { number(self.told.len()) };
        let named = if by_uid { poison.uid } else { number(at + 1) };
        if !items.contains(poison.word) || !contains(set, named, highest) {
            return false;
        }
        if poison.comes_in_order {
            let others = self.told.split_off(at);
            self.fetch(arguments, by_uid, server);
            self.told.extend(others);
        }
        self.go_wrong(tag, &poison.outcome);
        true
    }

    fn fetch(&mut self, arguments: &str, by_uid: bool, server: &Server) {
        let (set, items) = arguments.split_once(' ').expect("a set and items");
        let mailbox = &server.mailboxes[self.selected.as_ref().expect("a selected mailbox")];
        let highest =
            if by_uid { self.told.last().map_or(0, |last| last.0) } else { number(self.told.len()) };
        for seq in 1..=self.told.len() {
            let uid = self.told[seq - 1].0;
            let named = if by_uid { uid } else { number(seq) };
            if !contains(set, named, highest) {
                continue;
            }
            let Some(message) = mailbox.messages.iter().find(|message| message.uid == uid) else { continue };
            let answers = answers(message, items, by_uid, &server.faults);
            if items.contains("FLAGS") {
                self.told[seq - 1].1 = message.flags.clone();
            }
            let responses = match server.faults.splits_rows {
                true => answers,
                false => vec![answers.join(&b' ')],
            };
            for response in responses {
                self.output.extend_from_slice(format!("* {seq} FETCH (").as_bytes());
                self.output.extend_from_slice(&response);
                self.output.extend_from_slice(b")\r\n");
            }
        }
    }

    fn store(&mut self, arguments: &str, server: &mut Server) {
        let (set, rest) = arguments.split_once(' ').expect("a set and flags");
        let (action, flags) = rest.split_once(' ').expect("an action and flags");
        let highest = self.told.last().map_or(0, |last| last.0);
        let mailbox = server.mailbox(self.selected.as_ref().expect("a selected mailbox"));
        for message in mailbox.messages.iter_mut().filter(|message| contains(set, message.uid, highest)) {
            for flag in flags.trim_matches(['(', ')']).split(' ') {
                match action.starts_with('+') {
                    true => message.flags.insert(flag.to_owned()),
                    false => message.flags.remove(flag),
                };
            }
            let Some(seq) = self.told.iter().position(|(uid, _)| *uid == message.uid) else { continue };
            self.told[seq].1 = message.flags.clone();
            let flags = message.flags.iter().cloned().collect::<Vec<_>>().join(" ");
            let line = format!("* {} FETCH (UID {} FLAGS ({flags}))\r\n", seq + 1, message.uid);
            self.output.extend_from_slice(line.as_bytes());
        }
    }

    /// What this session was not told yet.
    fn tell_news(&mut self, server: &Server, expunges: Expunges) {
        let Some(mailbox) = self.selected.as_ref().and_then(|name| server.mailboxes.get(name)) else {
            return;
        };
        if server.exists_first {
            self.tell_exists(mailbox);
        }
        if expunges == Expunges::Allowed {
            let mut seq = 1;
            while let Some((uid, _)) = self.told.get(seq - 1) {
                if mailbox.messages.iter().any(|message| message.uid == *uid) {
                    seq += 1;
                } else {
                    self.told.remove(seq - 1);
                    self.line(&format!("* {seq} EXPUNGE"));
                }
            }
        }
        self.tell_exists(mailbox);
        for seq in 0..self.told.len() {
            let Some(message) = mailbox.messages.iter().find(|message| message.uid == self.told[seq].0)
            else {
                continue;
            };
            if message.flags != self.told[seq].1 {
                self.told[seq].1 = message.flags.clone();
                let flags = message.flags.iter().cloned().collect::<Vec<_>>().join(" ");
                self.line(&format!("* {} FETCH (FLAGS ({flags}))", seq + 1));
            }
        }
    }

    fn tell_exists(&mut self, mailbox: &Mailbox) {
        let last = self.told.last().map_or(0, |last| last.0);
        let new = mailbox.messages.iter().filter(|message| message.uid > last);
        let before = self.told.len();
        self.told.extend(new.map(|message| (message.uid, message.flags.clone())));
        if self.told.len() > before {
            self.line(&format!("* {} EXISTS", self.told.len()));
        }
    }

    fn line(&mut self, line: &str) {
        self.output.extend_from_slice(line.as_bytes());
        self.output.extend_from_slice(b"\r\n");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expunges {
    Allowed,
    Forbidden,
}

/// The items of one FETCH answer.
fn answers(message: &Message, items: &str, by_uid: bool, faults: &Faults) -> Vec<Vec<u8>> {
    let mut answers: Vec<Vec<u8>> = Vec::new();
    if by_uid && !items.contains("UID") {
        answers.push(format!("UID {}", message.uid).into_bytes());
    }
    // The one item with blanks in it.
    if let Some((_, rest)) = items.split_once("BODY.PEEK[HEADER.FIELDS ") {
        let (fields, _) = rest.split_once(']').expect("a section's end");
        let header = message.mail.sections.get("HEADER").map_or(&[][..], Vec::as_slice);
        let start = format!("BODY[HEADER.FIELDS {fields}]<0> {{{}}}\r\n", header.len());
        answers.push([start.as_bytes(), header].concat());
        return answers;
    }
    for item in items.trim_start_matches('(').trim_end_matches(')').split(' ') {
        answers.push(match item {
            "UID" => format!("UID {}", message.uid).into_bytes(),
            "FLAGS" => format!("FLAGS ({})", message.flags.iter().cloned().collect::<Vec<_>>().join(" "))
                .into_bytes(),
            "INTERNALDATE" => b"INTERNALDATE \"02-Nov-2026 10:00:00 +0000\"".to_vec(),
            "RFC822.SIZE" => format!("RFC822.SIZE {}", message.mail.sections[""].len()).into_bytes(),
            "ENVELOPE" => format!("ENVELOPE {}", message.mail.envelope).into_bytes(),
            "BODYSTRUCTURE" => format!("BODYSTRUCTURE {}", message.mail.structure).into_bytes(),
            body => body_answer(message, body, faults),
        });
    }
    answers
}

/// `BODY.PEEK[1.2]<0.100>`
fn body_answer(message: &Message, item: &str, faults: &Faults) -> Vec<u8> {
    let rest =
        item.strip_prefix("BODY.PEEK[").unwrap_or_else(|| panic!("an item that the model knows: {item}"));
    let (section, rest) = rest.split_once(']').expect("a closed section");
    let (offset, count) = rest.trim_matches(['<', '>']).split_once('.').expect("a window");
    let (offset, count): (usize, usize) =
        (offset.parse().expect("a number"), count.parse().expect("a number"));
    let Some(bytes) = message.mail.sections.get(section) else {
        return format!("BODY[{section}] NIL").into_bytes();
    };
    if faults.ignores_windows {
        let mut answer = format!("BODY[{section}] {{{}}}\r\n", bytes.len()).into_bytes();
        answer.extend_from_slice(bytes);
        return answer;
    }
    let count = faults.most_octets.map_or(count, |most| count.min(most));
    let from = offset.min(bytes.len());
    let piece = &bytes[from..(from + count).min(bytes.len())];
    let mut answer = format!("BODY[{section}]<{offset}> {{{}}}\r\n", piece.len()).into_bytes();
    answer.extend_from_slice(piece);
    answer
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a small mailbox")
}

/// Whether a sequence set contains a number; `*` is the highest.
fn contains(set: &str, number: u32, highest: u32) -> bool {
    let value = |text: &str| if text == "*" { highest } else { text.parse().expect("a number") };
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last) = (value(first), value(last));
        (first.min(last)..=first.max(last)).contains(&number)
    })
}

/// RFC 4648 section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= three.len() { alphabet[sextet as usize] as char } else { '=' });
        }
    }
    text
}
