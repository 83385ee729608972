//! Which messages of a set there are: a step that several fallbacks take.

use super::super::connection::{Answer, Touch};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Found, Response, Uid, UidSet};
use super::Server;
use super::search::write_uids;

/// What a `UID SEARCH UID …` found so far.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    pub(super) found: UidSet,
}

impl Lookup {
    /// What a command touches that takes this step.
    pub(super) const TOUCH: Touch = Touch::Answer(Answer::Search);

    /// Writes the whole step.
    pub(super) fn write(
        &mut self,
        line: &mut Writer,
        server: &Server<'_>,
        set: &UidSet,
    ) -> Result<(), CommandError> {
        self.found = UidSet::new();
        line.arg("UID SEARCH ");
        if server.has_or_rev2(&Capability::ESearch) {
            line.words("RETURN (ALL) ");
        }
        write_uids(line, set)?;
        Ok(())
    }

    pub(super) fn wants(response: &Response<'_>) -> bool {
        match response {
            Response::Search(_) => true,
            Response::ESearch(found) => found.mailbox.is_none() && !found.is_update(),
            _ => false,
        }
    }

    pub(super) fn take(&mut self, response: Response<'_>) {
        match response {
            Response::Search(found) => extend(&mut self.found, found),
            Response::ESearch(found) => {
                for range in found.all.iter().flat_map(UidSet::ranges) {
                    self.found.push_range(*range.start(), *range.end());
                }
            }
            _ => {}
        }
    }
}

/// Adds what SEARCH found. In order, neighbours join to ranges.
pub(super) fn extend(set: &mut UidSet, mut found: Found) {
    found.numbers.sort_unstable();
    found.numbers.dedup();
    set.extend(found.numbers.into_iter().filter_map(Uid::new));
}
