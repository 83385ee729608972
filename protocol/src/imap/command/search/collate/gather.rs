//! The steps before the client sorts or threads by itself: a SEARCH for the messages, then a FETCH of what is
//! compared.

use super::Facts;
use crate::imap::command::message::{Fetch, FetchAttribute};
use crate::imap::command::search::key;
use crate::imap::command::search::{Search, SearchKey};
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task};
use crate::imap::types::{SeqNo, UidSet};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, Done, Item, Response, ResponseText};

/// Those steps under way.
#[derive(Debug)]
pub(crate) struct Gather {
    step: Box<dyn Task>,
    items: Vec<FetchAttribute>,
    /// What is found and not yet asked for.
    left: UidSet,
    /// The `References:` header of the message that comes next.
    references: Vec<u8>,
    facts: Vec<Facts>,
}

/// What follows a step.
#[derive(Debug)]
pub(crate) enum Next {
    Again,
    /// All is there, in no order.
    Ready(Vec<Facts>),
    Failed(CommandError),
}

impl Gather {
    pub(crate) fn new(key: SearchKey, items: Vec<FetchAttribute>) -> Self {
        let step = Search::new(key).into_task();
        Self { step, items, left: UidSet::new(), references: Vec::new(), facts: Vec::new() }
    }

    /// Of a command that goes this way, or has the server do the work, which is then searched for in the same way.
    pub(crate) fn footprint(own: Option<&Self>, search: &SearchKey) -> Footprint {
        own.map_or_else(|| key::footprint(search), |own| own.step.footprint())
    }

    /// What is found once is asked for by UID.
    pub(crate) fn expunged(&mut self, gone: SeqNo) {
        self.step.expunged(gone);
    }

    pub(crate) fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.step.write(line, server)
    }

    pub(crate) fn wants(&self, response: &Response<'_>) -> bool {
        self.step.wants(response)
    }

    pub(crate) fn take(&mut self, response: Response<'_>) {
        let mut answers = Answers::default();
        self.step.take(response, &mut answers);
        for item in answers.items {
            match item {
                Item::BodyChunk(bytes) => self.references = bytes,
                Item::Message(message) => {
                    let references = std::mem::take(&mut self.references);
                    self.facts.extend(Facts::of(&message, &references));
                }
                _ => {}
            }
        }
    }

    pub(crate) fn succeed(&mut self, text: ResponseText) -> Next {
        match self.step.succeed(text) {
            Step::Again => Next::Again,
            Step::Done(Err(error)) => Next::Failed(error),
            Step::Done(Ok(Done::Found(result))) => {
                self.left = result.all.unwrap_or_default();
                self.read_on()
            }
            Step::Done(Ok(_)) | Step::Then(..) => self.read_on(),
        }
    }

    pub(crate) fn fail(&mut self, error: CommandError) -> Next {
        match self.step.fail(error) {
            Step::Done(Err(error)) => Next::Failed(error),
            _ => Next::Again,
        }
    }

    /// Asks for the next messages. Servers read lines into buffers, so a set of many ranges goes in pieces.
    fn read_on(&mut self) -> Next {
        let mut piece = UidSet::new();
        let mut rest = UidSet::new();
        for (at, range) in self.left.ranges().enumerate() {
            let set = if at < RANGES { &mut piece } else { &mut rest };
            set.push_range(*range.start(), *range.end());
        }
        self.left = rest;
        if piece.is_empty() {
            return Next::Ready(std::mem::take(&mut self.facts));
        }
        self.step = Fetch::new(piece, self.items.clone()).into_task();
        Next::Again
    }
}

/// RFC 7162 section 4 asks for lines of 8,192 octets; a range takes 22 at most.
const RANGES: usize = 350;
