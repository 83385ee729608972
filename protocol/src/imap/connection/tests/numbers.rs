//! A mailbox from which messages go while a client names others by number: whatever is asked when, the server is
//! asked for the messages that were meant.

use super::*;
use crate::imap::command::Sequence;
use crate::imap::{SeqNo, SeqSet};
use std::collections::VecDeque;

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// The client asks for messages by the numbers that it knows them by.
    ByNumber(u32, u32),
    /// It asks for something during which messages may go.
    ByUid,
    Noop,
    /// The server answers its oldest command; where that allows it, a message goes first.
    Answer(Option<u32>),
}

/// Both sides of one session. Messages are told apart by their UIDs, which no number shows.
struct Mailbox {
    connection: Connection,
    /// The UIDs by number, as the client has heard of them, and as they are.
    known: Vec<u32>,
    real: Vec<u32>,
    /// What is meant by each FETCH by number that the server has not seen yet, oldest first.
    meant: VecDeque<(CommandId, Vec<u32>)>,
    /// What the server has not answered yet.
    asked: VecDeque<String>,
}

impl Mailbox {
    fn new() -> Self {
        let mut connection = Connection::new(Config::default(), Time::ZERO);
        connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n", Time::ZERO);
        connection.send(Select::new(MailboxName::inbox(), Mode::ReadWrite), Time::ZERO);
        while connection.poll_output().is_some() {}
        connection.handle_input(b"* 12 EXISTS\r\nA1 OK open\r\n", Time::ZERO);
        while connection.poll_output().is_some() {}
        let uids: Vec<u32> = (101..113).collect();
        let (meant, asked) = (VecDeque::new(), VecDeque::new());
        Self { connection, known: uids.clone(), real: uids, meant, asked }
    }

    fn take(&mut self, turn: Turn) {
        match turn {
            Turn::ByNumber(first, last) => self.ask_by_number(first.min(last), first.max(last)),
            Turn::ByUid => {
                self.connection.send(Fetch::new(UidSet::all(), vec![FetchAttribute::Flags]), Time::ZERO);
            }
            Turn::Noop => {
                self.connection.send(Noop, Time::ZERO);
            }
            Turn::Answer(gone) => self.answer(gone),
        }
        self.drain();
    }

    fn ask_by_number(&mut self, first: u32, last: u32) {
        let last = last.min(u32::try_from(self.known.len()).unwrap());
        let (Some(low), Some(high)) = (SeqNo::new(first), SeqNo::new(last)) else { return };
        if low > high {
            return;
        }
        let meant = self.known[first as usize - 1..last as usize].to_vec();
        let set = Sequence::Seq(SeqSet::from(low..=high));
        let id = self.connection.send(Fetch::new(set, vec![FetchAttribute::Envelope]), Time::ZERO);
        self.meant.push_back((id, meant));
    }

    fn answer(&mut self, gone: Option<u32>) {
        let Some(command) = self.asked.pop_front() else { return };
        let (tag, words) = command.split_once(' ').unwrap();
        let mut said = String::new();
        // RFC 9051 section 7.5.1: never while FETCH, STORE or SEARCH without UID is under way.
        let by_number = |words: &str| words.starts_with("FETCH");
        let may_expunge =
            !by_number(words) && !self.asked.iter().any(|it| by_number(&it[it.find(' ').unwrap() + 1..]));
        if let Some(gone) = gone.filter(|&gone| may_expunge && gone as usize <= self.real.len()) {
            said += &format!("* {gone} EXPUNGE\r\n");
            self.real.remove(gone as usize - 1);
        }
        said += &format!("{tag} OK done\r\n");
        self.connection.handle_input(said.as_bytes(), Time::ZERO);
    }

    /// What goes out stands before the events of what was not sent.
    fn drain(&mut self) {
        let mut lines = String::new();
        while let Some(output) = self.connection.poll_output() {
            match output {
                Output::Transmit(bytes) => lines += std::str::from_utf8(&bytes).unwrap(),
                Output::Event(Event::Expunge(seq)) => {
                    self.known.remove(seq.value() as usize - 1);
                }
                Output::Event(Event::Done(id, Err(error))) => {
                    let at = self.meant.iter().position(|(it, _)| *it == id).unwrap();
                    let (_, meant) = self.meant.remove(at).unwrap();
                    assert_eq!(error, CommandError::Renumbered);
                    assert!(meant.iter().all(|uid| !self.real.contains(uid)), "{meant:?} of {:?}", self.real);
                }
                Output::Event(Event::Closed(error)) => panic!("{error}"),
                _ => {}
            }
        }
        lines.lines().for_each(|line| self.hear(line));
    }

    /// The server reads a command: the numbers in it are those of now.
    fn hear(&mut self, line: &str) {
        self.asked.push_back(line.into());
        let Some((_, rest)) = line.split_once(" FETCH ").filter(|(tag, _)| !tag.contains("UID")) else {
            return;
        };
        let set = rest.split(' ').next().unwrap();
        let (first, last) = set.split_once(':').unwrap_or((set, set));
        let [first, last] = [first, last].map(|number| number.parse::<usize>().unwrap());
        let (_, meant) = self.meant.pop_front().expect("somebody asked for this");
        let there: Vec<u32> = meant.into_iter().filter(|uid| self.real.contains(uid)).collect();
        assert_eq!(self.real[first - 1..last], there[..], "{line} of {:?}", self.real);
    }
}

fn any_turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        3 => (1..13u32, 1..13u32).prop_map(|(first, last)| Turn::ByNumber(first, last)),
        2 => Just(Turn::ByUid),
        1 => Just(Turn::Noop),
        5 => proptest::option::of(1..13u32).prop_map(Turn::Answer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn numbers_name_what_was_meant(turns in prop::collection::vec(any_turn(), 0..60)) {
        let mut mailbox = Mailbox::new();
        turns.into_iter().for_each(|turn| mailbox.take(turn));
        while !mailbox.asked.is_empty() {
            mailbox.take(Turn::Answer(None));
        }
        prop_assert!(mailbox.meant.is_empty());
    }
}
