//! Rows that the server would not give as they were asked for: how they are asked for next. A range that fails is split
//! until the one message is found that it fails over; that one is asked for with less, and given up in the end.

use std::ops::RangeInclusive;

/// How much of each row is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    #[default]
    Full,
    /// Without ENVELOPE and BODYSTRUCTURE: for messages whose full row the server could not give.
    Lean,
}

/// The ranges of the open list, by sequence numbers, that failed.
#[derive(Debug, Default)]
pub(crate) struct Stubborn {
    ranges: Vec<Range>,
}

#[derive(Debug, Clone)]
struct Range {
    seqs: RangeInclusive<u32>,
    detail: Detail,
    refusals: u32,
    links_ended: u32,
}

/// How a range is asked for next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// At once, in another way or in parts.
    Otherwise,
    /// The same after a while.
    Later,
    /// Not at all.
    GiveUp,
}

impl Stubborn {
    /// How much of a gap to ask for at once, from its upper end, and with how much detail.
    pub(crate) fn plan(&self, gap: RangeInclusive<u32>) -> (RangeInclusive<u32>, Detail) {
        if let Some(range) = self.ranges.iter().find(|range| range.seqs.contains(gap.end())) {
            return (*gap.start().max(range.seqs.start())..=*gap.end(), range.detail);
        }
        let below = self.ranges.iter().map(|range| *range.seqs.end()).filter(|end| end < gap.end()).max();
        (below.map_or(*gap.start(), |end| (end + 1).max(*gap.start()))..=*gap.end(), Detail::Full)
    }

    /// The server said OK and gave no row. Others are not held to blame for it.
    pub(crate) fn gave_nothing(&mut self, seqs: &RangeInclusive<u32>) -> Next {
        let range = self.range(seqs);
        match range.detail {
            Detail::Full => {
                range.detail = Detail::Lean;
                Next::Otherwise
            }
            Detail::Lean => Next::GiveUp,
        }
    }

    /// The server refused the range as a whole; after `patience` refusals that is no passing trouble.
    pub(crate) fn refused(&mut self, seqs: &RangeInclusive<u32>, patience: u32) -> Next {
        let is_single = seqs.start() == seqs.end();
        let range = self.range(seqs);
        range.refusals += 1;
        match (is_single, range.detail) {
            (false, _) if range.refusals <= patience => Next::Later,
            (false, _) => {
                range.refusals = patience;
                self.split(seqs);
                Next::Otherwise
            }
            (true, Detail::Full) => {
                range.detail = Detail::Lean;
                Next::Otherwise
            }
            (true, Detail::Lean) => Next::GiveUp,
        }
    }

    /// A link ended over the range. Most often it is one message's ENVELOPE or BODYSTRUCTURE that does it: without them
    /// all of the range may be had.
    pub(crate) fn ended_link(&mut self, seqs: &RangeInclusive<u32>) -> Next {
        let is_single = seqs.start() == seqs.end();
        let range = self.range(seqs);
        range.links_ended += 1;
        match (is_single, range.detail) {
            (_, Detail::Full) => {
                range.detail = Detail::Lean;
                Next::Otherwise
            }
            (true, Detail::Lean) if range.links_ended > 1 => Next::GiveUp,
            (true, Detail::Lean) => Next::Otherwise,
            (false, Detail::Lean) => {
                self.split(seqs);
                Next::Otherwise
            }
        }
    }

    /// Whether rows of this range were asked for with less since a link ended over them.
    pub(crate) fn is_over_a_link(&self, seqs: &RangeInclusive<u32>) -> bool {
        self.ranges.iter().any(|range| range.seqs.contains(seqs.end()) && range.links_ended > 0)
    }

    /// The sequence numbers mean other messages now, or a person asks anew.
    pub(crate) fn forget(&mut self) {
        self.ranges.clear();
    }

    /// What is known of exactly this range. What its messages had part in before stays theirs.
    fn range(&mut self, seqs: &RangeInclusive<u32>) -> &mut Range {
        let at = match self.ranges.iter().position(|range| range.seqs == *seqs) {
            Some(at) => at,
            None => {
                let fresh = Range { seqs: seqs.clone(), detail: Detail::Full, refusals: 0, links_ended: 0 };
                let around = self.ranges.iter().find(|range| range.seqs.contains(seqs.end())).cloned();
                let range = Range { seqs: seqs.clone(), ..around.unwrap_or(fresh) };
                self.cut_out(seqs);
                self.ranges.push(range);
                self.ranges.len() - 1
            }
        };
        &mut self.ranges[at]
    }

    /// No two ranges hold the same message.
    fn cut_out(&mut self, seqs: &RangeInclusive<u32>) {
        let parts = |range: Range| {
            let below = *range.seqs.start()..=(*range.seqs.end()).min(seqs.start().saturating_sub(1));
            let above = (*range.seqs.start()).max(seqs.end().saturating_add(1))..=*range.seqs.end();
            [below, above].map(|seqs| Range { seqs, ..range.clone() })
        };
        let all = std::mem::take(&mut self.ranges);
        self.ranges = all.into_iter().flat_map(parts).filter(|range| !range.seqs.is_empty()).collect();
    }

    fn split(&mut self, seqs: &RangeInclusive<u32>) {
        let Some(at) = self.ranges.iter().position(|range| range.seqs == *seqs) else { return };
        let whole = self.ranges.swap_remove(at);
        let size = (seqs.end() - seqs.start() + 1).div_ceil(PARTS).max(1);
        let mut first = *seqs.start();
        while first <= *seqs.end() {
            let last = first.saturating_add(size - 1).min(*seqs.end());
            self.ranges.push(Range { seqs: first..=last, ..whole.clone() });
            let Some(next) = last.checked_add(1) else { break };
            first = next;
        }
    }
}

/// A range that fails is split into this many: the fewer links end until the one message is found, the better.
const PARTS: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for 1..=100 until all was given or given up, if message 42 makes each answer fail. Gives the ranges
    /// that failed, and those that were given up.
    fn run(
        fails: impl Fn(Detail) -> bool,
        fail: impl Fn(&mut Stubborn, &RangeInclusive<u32>) -> Next,
    ) -> [Vec<String>; 2] {
        let (mut stubborn, mut high) = (Stubborn::default(), 100);
        let (mut failed, mut given_up) = (vec![], vec![]);
        while high > 0 {
            let (seqs, detail) = stubborn.plan(1..=high);
            assert_eq!(*seqs.end(), high);
            if !(seqs.contains(&42) && fails(detail)) {
                high = seqs.start() - 1;
                continue;
            }
            failed.push(format!("{}-{} {detail:?}", seqs.start(), seqs.end()));
            assert!(failed.len() < 20, "{failed:?}");
            if fail(&mut stubborn, &seqs) == Next::GiveUp {
                given_up.push(format!("{seqs:?}"));
                high = seqs.start() - 1;
            }
        }
        [failed, given_up]
    }

    #[test]
    fn a_range_that_is_refused_is_split_until_the_one_message_is_found() {
        let [failed, given_up] = run(|_| true, |stubborn, seqs| stubborn.refused(seqs, 1));
        assert_eq!(
            failed,
            ["1-100 Full", "1-100 Full", "40-52 Full", "42-43 Full", "42-42 Full", "42-42 Lean"]
        );
        assert_eq!(given_up, ["42..=42"]);
    }

    #[test]
    fn a_range_that_ends_a_link_is_asked_for_with_less() {
        let is_full = |detail| detail == Detail::Full;
        let [failed, given_up] = run(is_full, Stubborn::ended_link);
        assert_eq!((failed, given_up), (vec!["1-100 Full".to_owned()], vec![]));
        let [failed, given_up] = run(|_| true, Stubborn::ended_link);
        assert_eq!(failed, ["1-100 Full", "1-100 Lean", "40-52 Lean", "42-43 Lean", "42-42 Lean"]);
        assert_eq!(given_up, ["42..=42"]);
    }

    #[test]
    fn a_gap_beside_a_stubborn_range_is_asked_for_as_ever() {
        let mut stubborn = Stubborn::default();
        stubborn.gave_nothing(&(10..=12));
        assert_eq!(stubborn.plan(1..=20), (13..=20, Detail::Full));
        assert_eq!(stubborn.plan(1..=12), (10..=12, Detail::Lean));
        assert_eq!(stubborn.plan(1..=9), (1..=9, Detail::Full));
        assert_eq!(stubborn.plan(11..=11), (11..=11, Detail::Lean));
        // A part of it fails by itself: the rest is no worse for it.
        assert_eq!(stubborn.gave_nothing(&(11..=11)), Next::GiveUp);
        assert_eq!(stubborn.plan(1..=12), (12..=12, Detail::Lean));
    }
}
