//! Which messages of a set there are: a step that several fallbacks take.

use crate::imap::command::shared::{Answer, Server, Step, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Found, Response, Uid, UidSet};

/// What a `UID SEARCH UID …` found so far.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    pub(crate) found: UidSet,
    /// How many there are, where the server told.
    count: Option<u32>,
    way: Way,
    is_told: bool,
}

/// How the server is asked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it can.
    #[default]
    First,
    /// The server has ESEARCH.
    Extended,
    /// The same once more, without ESEARCH.
    Again,
}

impl Lookup {
    /// What a command touches that takes this step.
    pub(crate) const TOUCH: Touch = Touch::Answer(Answer::Search);

    /// Writes the whole step.
    pub(crate) fn write(
        &mut self,
        line: &mut Writer,
        server: &Server<'_>,
        set: &UidSet,
    ) -> Result<(), CommandError> {
        *self = Self { way: self.way, ..Self::default() };
        line.arg("UID SEARCH ");
        if self.way != Way::Again && server.has_or_rev2(&Capability::ESearch) {
            self.way = Way::Extended;
            line.words("RETURN (ALL) ");
        }
        write_uids(line, set)?;
        Ok(())
    }

    pub(crate) fn wants(response: &Response<'_>) -> bool {
        match response {
            Response::Search(_) => true,
            Response::ESearch(found) => found.mailbox.is_none() && !found.is_update(),
            _ => false,
        }
    }

    pub(crate) fn take(&mut self, response: Response<'_>) {
        self.is_told |= Self::wants(&response);
        match response {
            Response::Search(found) => extend(&mut self.found, found),
            Response::ESearch(found) => {
                self.count = found.count.or(self.count);
                for range in found.all.iter().flat_map(UidSet::ranges) {
                    self.found.push_range(*range.start(), *range.end());
                }
            }
            _ => {}
        }
    }

    /// What to do after an OK that came without an answer, or with one that contradicts itself: from these, nobody may
    /// conclude that messages are gone. The second time it is an error. None where it was answered.
    pub(crate) fn ask_again(&mut self) -> Option<Step> {
        let is_whole = self.count.is_none_or(|count| u64::from(count) == self.found.count());
        match self.way {
            _ if self.is_told && is_whole => None,
            Way::First => None,
            Way::Extended => {
                self.way = Way::Again;
                Some(Step::Again)
            }
            Way::Again => Some(Step::Done(Err(CommandError::Malformed("no SEARCH")))),
        }
    }
}

/// Adds what SEARCH found. In order, neighbours join to ranges.
pub(crate) fn extend(set: &mut UidSet, mut found: Found) {
    found.numbers.sort_unstable();
    found.numbers.dedup();
    set.extend(found.numbers.into_iter().filter_map(Uid::new));
}

/// `"UID" SP sequence-set`; ALL where that is the same, since imap4d of GNU Mailutils finds nothing by `UID 1:*`.
pub(crate) fn write_uids<'a>(line: &'a mut Writer, set: &UidSet) -> Result<&'a mut Writer, CommandError> {
    if *set == UidSet::all() { Ok(line.words("ALL")) } else { Ok(line.words("UID ").set(set)?) }
}
