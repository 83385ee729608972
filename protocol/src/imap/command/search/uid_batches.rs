//! UIDBATCHES: part a mailbox into ranges of UIDs that hold as many messages each. RFC 10022.

use crate::imap::command::shared::{Answer, Answers, Footprint, Lookup, Server, Step, Task, Touch};
use crate::imap::types::UidSet;
use crate::imap::writer::Writer;
use crate::imap::{Capability, Code, CommandError, Done, Misuse, Response, ResponseText, State, Uid};
use std::ops::RangeInclusive;

/// Parts the open mailbox into batches, so that each command need act on so many messages only.
///
/// [`Done::Batches`] ends it: ranges of UIDs, the newest messages first. Every UID from the highest down to 1 is in
/// one of them, and each but the last holds `size` messages.
///
/// Source: [RFC 10022].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::UidBatches;
///
/// let newest_ten = UidBatches { size: 1000, batches: Some(1..=10) };
/// assert_eq!(sent("UIDBATCHES", newest_ten.clone())[0], "UIDBATCHES 1000 1:10");
/// assert_eq!(sent("ESEARCH", newest_ten)[0], "UID SEARCH RETURN (ALL) ALL");
/// ```
///
/// # Where the server lacks it
/// A SEARCH for all messages follows, and the batches are worked out from what it finds; the same for batches that are
/// smaller than the server makes them (500, or as its capability says), and where it has too many messages for it
/// (`TOOMANY`).
///
/// [RFC 10022]: https://www.rfc-editor.org/rfc/rfc10022
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UidBatches {
    /// Messages in each.
    pub size: u32,
    /// Which batches, counted from 1, the newest; none for all.
    pub batches: Option<RangeInclusive<u32>>,
}

impl UidBatches {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Parting { command: self, lookup: None, told: None })
    }

    /// The first and the last batch, counted from 1.
    fn wanted(&self) -> (u32, u32) {
        self.batches.as_ref().map_or((1, u32::MAX), |batches| (*batches.start(), *batches.end()))
    }

    /// RFC 10022 section 3.1: the last batch of all begins at UID 1, each other one behind the one below it.
    fn part(&self, found: &UidSet) -> Vec<RangeInclusive<Uid>> {
        let (size, count) = (u64::from(self.size), found.count());
        let (first, last) = self.wanted();
        let mut batches = Vec::new();
        // Places are counted from the end: the newest message has place 0.
        let mut place = 0;
        let mut high = None;
        let ranges: Vec<_> = found.ranges().collect();
        for range in ranges.iter().rev() {
            let (mut start, end) = (u64::from(range.start().value()), u64::from(range.end().value()));
            start = start.max(1);
            high = high.or(Some(end));
            // The lowest messages of batches, as far as they are in this range.
            let mut next = size - place % size - 1;
            while end >= start + next && batches.len() < MOST {
                let at = place + next;
                let low = if at + 1 >= count { 1 } else { end - next };
                batches.push((low, high.unwrap_or(end)));
                high = Some(low.saturating_sub(1));
                next += size;
            }
            place += end - start + 1;
        }
        if !count.is_multiple_of(size) && batches.len() < MOST {
            batches.extend(high.map(|high| (1, high)));
        }
        let skip = usize::try_from(first - 1).unwrap_or(usize::MAX);
        let take = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        batches.into_iter().skip(skip).take(take).filter_map(|(low, high)| range(high, low)).collect()
    }
}

fn range(high: u64, low: u64) -> Option<RangeInclusive<Uid>> {
    let uid = |value| u32::try_from(value).ok().and_then(Uid::new);
    Some(uid(low)?..=uid(high)?)
}

#[derive(Debug)]
struct Parting {
    command: UidBatches,
    /// The SEARCH, where the server can't.
    lookup: Option<Lookup>,
    /// What the server told; none before it told anything.
    told: Option<Vec<(u32, u32)>>,
}

impl Task for Parting {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("UIDBATCHES")), Lookup::TOUCH])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let (first, last) = self.command.wanted();
        if self.command.size == 0 || first == 0 || last < first {
            return Err(Misuse::EmptySet.into());
        }
        let smallest = server.capabilities.iter().find_map(|capability| match capability {
            Capability::UidBatches(smallest) => Some(smallest.unwrap_or(SMALLEST)),
            _ => None,
        });
        if smallest.is_none_or(|smallest| self.command.size < smallest) {
            self.lookup.get_or_insert_default();
        }
        if let Some(lookup) = &mut self.lookup {
            return lookup.write(line, server, &UidSet::all());
        }
        line.arg("UIDBATCHES ").number(self.command.size);
        if self.command.batches.is_some() {
            line.words(" ").number(first).words(":").number(last);
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match (&self.lookup, response) {
            (Some(_), response) => Lookup::wants(response),
            (None, response) => matches!(response, Response::UidBatches { .. }),
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match (&mut self.lookup, response) {
            (Some(lookup), response) => lookup.take(response),
            (None, Response::UidBatches { batches, .. }) => self.told.get_or_insert_default().extend(batches),
            _ => {}
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        if let Some(lookup) = &mut self.lookup {
            return lookup
                .ask_again()
                .unwrap_or_else(|| Step::Done(Ok(Done::Batches(self.command.part(&lookup.found)))));
        }
        // RFC 10022 section 3.1: where there is no batch, the answer says so.
        let Some(told) = self.told.take() else {
            self.lookup = Some(Lookup::default());
            return Step::Again;
        };
        let told =
            told.into_iter().filter_map(|(high, low)| range(high.max(low).into(), high.min(low).into()));
        Step::Done(Ok(Done::Batches(told.collect())))
    }

    fn fail(&mut self, error: CommandError) -> Step {
        let too_many =
            matches!(&error, CommandError::Refused(ResponseText { code: Some(Code::TooMany), .. }));
        if self.lookup.is_some() || !too_many {
            return Step::Done(Err(error));
        }
        self.lookup = Some(Lookup::default());
        Step::Again
    }
}

/// RFC 10022 section 3.1.2.
const SMALLEST: u32 = 500;

/// More are not worked out, whatever the server claims to have found (S5).
const MOST: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check_selected;

    fn batches(size: u32, batches: Option<RangeInclusive<u32>>) -> Command {
        UidBatches { size, batches }.into()
    }

    #[test]
    fn the_server_parts_where_it_can() {
        check_selected(
            "UIDBATCHES",
            &[batches(2000, None), batches(500, Some(2..=3))],
            "U: send
             C: A2 UIDBATCHES 2000
             S: * UIDBATCHES (TAG \"A2\") 215295:99696,99695:1
             S: A2 OK done
             E: #0 Batches 99696-215295 1-99695
             U: send
             C: A3 UIDBATCHES 500 2:3
             S: * UIDBATCHES (TAG \"A3\")
             S: A3 OK done
             E: #1 Batches",
        );
    }

    #[test]
    fn and_the_client_where_it_cannot() {
        check_selected(
            "UIDBATCHES",
            &[batches(3, None), batches(3, Some(2..=2)), batches(500, None)],
            "U: send
             C: A2 UID SEARCH ALL
             S: * SEARCH 2 3 4 8 9 10 11 20
             S: A2 OK done
             E: #0 Batches 10-20 4-9 1-3
             U: send
             C: A3 UID SEARCH ALL
             S: * SEARCH 2 3 4 8 9 20
             S: A3 OK done
             E: #1 Batches 1-7
             U: send
             C: A4 UIDBATCHES 500
             S: A4 NO [TOOMANY] too many
             C: A5 UID SEARCH ALL
             S: * SEARCH
             S: A5 OK done
             E: #2 Batches",
        );
        check_selected("", &[batches(0, None)], "U: send\nE: #0 Error nothing was asked for");
    }

    #[test]
    fn batches_that_are_not_told_are_worked_out() {
        check_selected(
            "UIDBATCHES ESEARCH",
            &[batches(500, None)],
            "U: send
             C: A2 UIDBATCHES 500
             S: A2 OK done
             C: A3 UID SEARCH RETURN (ALL) ALL
             S: * ESEARCH (TAG \"A3\") UID COUNT 2
             S: A3 OK done
             C: A4 UID SEARCH ALL
             S: * SEARCH 4 9
             S: A4 OK done
             E: #0 Batches 1-9",
        );
    }

    /// S5: what a hostile server claims costs little.
    #[test]
    fn s5_four_thousand_million_messages() {
        let command = UidBatches { size: 1, batches: None };
        assert_eq!(command.part(&UidSet::all()).len(), MOST);
        let whole = UidBatches { size: u32::MAX, batches: None };
        assert_eq!(whole.part(&UidSet::all()), [Uid::new(1).unwrap()..=Uid::new(u32::MAX).unwrap()]);
    }
}
