//! Cancelling costs no connection, whatever is cancelled and whenever: against a server that answers what it reads.

use super::*;
use crate::imap::command::{
    Copy, Enable, Expunge, Id, Logout, Move, Replace, Search, SearchKey, SearchReturn, Sort, SortBy, SortKey,
    Store, StoreAction, Thread, ThreadBy, Unselect, Window,
};
use crate::imap::{Capability, Flag, Uid};

/// Reads as much of IMAP as it takes to answer: lines, literals, the words that a command begins with.
#[derive(Default)]
struct Peer {
    capabilities: &'static str,
    input: Vec<u8>,
    /// The command so far, up to a literal.
    head: String,
    /// Octets of a literal that are still to come.
    literal: usize,
    /// The tag of the command that waits for a line.
    talking: Option<String>,
    answers: Vec<u8>,
}

impl Peer {
    fn say(&mut self, line: &str) {
        self.answers.extend_from_slice(line.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        loop {
            let skipped = self.literal.min(self.input.len());
            self.input.drain(..skipped);
            self.literal -= skipped;
            let end = self.input.windows(2).position(|pair| pair == b"\r\n");
            let (0, Some(end)) = (self.literal, end) else { return };
            let line: Vec<u8> = self.input.drain(..end + 2).collect();
            self.take(std::str::from_utf8(&line[..end]).unwrap());
        }
    }

    fn take(&mut self, line: &str) {
        if let Some(tag) = self.talking.take() {
            let status = if line == "*" { "BAD called off" } else { "OK in" };
            return self.say(&format!("{tag} {status}"));
        }
        self.head += line;
        let size = line.strip_suffix('}').and_then(|line| line.rsplit_once('{')).map(|(_, size)| size);
        if let Some(size) = size {
            self.literal = size.trim_end_matches('+').parse().unwrap();
            if !size.ends_with('+') {
                self.say("+ go on");
            }
            return;
        }
        let command = std::mem::take(&mut self.head);
        let (tag, words) = command.split_once(' ').unwrap();
        self.answer(tag, words);
    }

    fn answer(&mut self, tag: &str, words: &str) {
        let has = |word: &str| words.contains(word);
        if words == "IDLE" || words.starts_with("AUTHENTICATE") {
            self.talking = Some(tag.into());
            return self.say("+ ");
        }
        if has("CAPABILITY") {
            self.say(&format!("* CAPABILITY {}", self.capabilities));
        } else if words.starts_with("LIST") {
            self.say("* LIST () \"/\" a");
            self.say("* LIST () \"/\" b");
        } else if words.starts_with("STATUS") {
            let name = words.split(' ').nth(1).unwrap();
            self.say(&format!("* STATUS {name} (MESSAGES 1)"));
        } else if words.starts_with("SELECT") || words.starts_with("EXAMINE") {
            self.say("* 2 EXISTS");
            self.say("* OK [UIDVALIDITY 7] valid");
        } else if has("SEARCH") {
            self.say("* SEARCH 4 5");
        } else if has("BODY.PEEK") {
            self.say("* 1 FETCH (UID 4 FLAGS () BODY[]<0> {40}\r\n0123456789012345678901234567890123456789)");
        } else if has("UID FETCH") {
            self.say("* 1 FETCH (UID 4 FLAGS () RFC822.SIZE 9 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")");
        }
        self.say(&format!("{tag} OK done"));
    }
}

/// One session, all asked for at once.
fn commands() -> Vec<Command> {
    let inbox = MailboxName::inbox;
    let set = || UidSet::from(Uid::new(4).unwrap()..=Uid::new(5).unwrap());
    let body = FetchAttribute::window(Section::whole(), 0, 40);
    let message = || NewMessage::from(b"a longer message".to_vec());
    let two = Append { mailbox: inbox(), messages: vec![message(), message()] };
    vec![
        Authenticate(Mechanism::Plain(Account::new("ann", "x"))).into(),
        Id { fields: vec![] }.into(),
        Enable { capabilities: vec![Capability::Utf8Accept] }.into(),
        List { status: vec![StatusAttribute::Messages], ..List::all() }.into(),
        two.into(),
        Select::new(inbox(), Mode::ReadWrite).into(),
        Fetch::new(set(), vec![body, FetchAttribute::Flags]).into(),
        Fetch { partial: Window::first(1), ..Fetch::new(set(), vec![FetchAttribute::Size]) }.into(),
        Search { returns: vec![SearchReturn::Count], ..Search::new(SearchKey::Subject("ä".into())) }.into(),
        Sort::new(vec![SortKey::ascending(SortBy::Size)], SearchKey::All).into(),
        Thread { by: ThreadBy::References, search: SearchKey::All }.into(),
        Store::new(set(), StoreAction::Add, vec![Flag::Seen]).into(),
        Copy { set: set(), mailbox: inbox() }.into(),
        Move { set: set(), mailbox: inbox() }.into(),
        Replace { uid: Uid::new(4).unwrap(), mailbox: inbox(), message: message() }.into(),
        Expunge { set: None }.into(),
        Unselect.into(),
        Idle.into(),
    ]
}

/// A session in which one command is cancelled once so much was exchanged. Gives whether there was that much.
fn check_cancelled(capabilities: &'static str, victim: usize, step: usize) -> bool {
    let mut peer = Peer { capabilities, ..Peer::default() };
    peer.say(&format!("* OK [CAPABILITY {capabilities}] hi"));
    let mut harness = Harness::new();
    let commands = commands();
    let idle = commands.len() - 1;
    commands.into_iter().for_each(|command| harness.send(command));
    let mut at = 0;
    loop {
        if at == step {
            harness.cancel(victim);
        }
        let said = std::mem::take(&mut peer.answers);
        let sent = std::mem::take(&mut harness.sent);
        if said.is_empty() && sent.is_empty() {
            break;
        }
        // In pieces, so that a step falls between the lines and into the bodies, too.
        let (now, later) = said.split_at(said.len().min(64));
        peer.answers = later.to_vec();
        harness.hear(now);
        peer.hear(&sent);
        at += 1;
    }
    let context = format!("command {victim} at {step} on {capabilities}");
    assert_eq!(harness.closed, None, "{context}");
    // What is asked next is answered as ever.
    harness.cancel(idle);
    harness.send(Noop.into());
    while !harness.sent.is_empty() || !peer.answers.is_empty() {
        peer.hear(&std::mem::take(&mut harness.sent));
        harness.hear(&std::mem::take(&mut peer.answers));
    }
    let id = harness.asked.last().copied().unwrap();
    assert_eq!(harness.succeeded.get(&id), Some(&true), "{context}");
    harness.send(Logout.into());
    harness.close();
    harness.check_settled();
    at > step
}

#[test]
fn any_command_can_be_cancelled_at_any_time() {
    let much = "IMAP4rev1 AUTH=PLAIN SASL-IR ENABLE UTF8=ACCEPT IDLE ID LITERAL+ UIDPLUS MOVE REPLACE ESEARCH UNSELECT";
    let mut cancelled = 0;
    for capabilities in ["IMAP4rev1 AUTH=PLAIN", "IMAP4rev1 AUTH=PLAIN IDLE UIDPLUS LITERAL+", much] {
        for victim in 0..commands().len() {
            cancelled += (0..).take_while(|&step| check_cancelled(capabilities, victim, step)).count();
        }
    }
    assert!(cancelled > 2000, "{cancelled} sessions");
}
