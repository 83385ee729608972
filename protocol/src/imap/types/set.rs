//! Sets of message numbers. They stay ranges from the wire to the last use and are never expanded, so that
//! `1:4294967295` costs as little as `1`.
//!
//! RFC 9051 section 9 (`sequence-set`, `uid-set`).

use std::fmt;
use std::ops::RangeInclusive;

use super::ids::{Number, SeqNo, Uid};

/// A set of UIDs.
pub type UidSet = Set<Uid>;

/// A set of sequence numbers.
pub type SeqSet = Set<SeqNo>;

/// Ranges of message numbers, in the order in which they were given.
///
/// The order matters to COPYUID, where two sets are read side by side (RFC 4315 section 3). A neighbour that
/// continues the last range joins it; nothing else is rearranged.
///
/// ```
/// use postern_protocol::imap::{Uid, UidSet};
///
/// let set: UidSet = [3, 4, 5, 9].into_iter().filter_map(Uid::new).collect();
/// assert_eq!(set.to_string(), "3:5,9");
/// assert!(set.contains(Uid::new(4).unwrap()));
/// assert_eq!(set.count(), 4);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Set<T> {
    ranges: Vec<Range<T>>,
}

/// Both ends belong to it, and `first <= last`. No `last` is the grammar's `*`: the largest number in use.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Range<T> {
    first: T,
    last: Option<T>,
}

impl<T: Number> Set<T> {
    /// The set with no number in it. It cannot be sent: the grammar has no empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self { ranges: Vec::new() }
    }

    /// Everything from `first` to the largest number in use: `first:*`.
    ///
    /// Where `first` is past the largest, the server takes it as the largest alone (RFC 9051 section 9).
    #[must_use]
    pub fn from_first(first: T) -> Self {
        Self { ranges: vec![Range { first, last: None }] }
    }

    /// Every message: `1:*`.
    #[must_use]
    pub fn all() -> Self {
        T::new(1).map_or_else(Self::new, Self::from_first)
    }

    /// Adds a range at the end. Its ends may come in either order, as in the grammar.
    pub fn push_range(&mut self, a: T, b: T) {
        let (first, last) = if a <= b { (a, b) } else { (b, a) };
        if let Some(previous) = self.ranges.last_mut()
            && let Some(end) = previous.last
            && end.value().checked_add(1) == Some(first.value())
        {
            previous.last = Some(last);
            return;
        }
        self.ranges.push(Range { first, last: Some(last) });
    }

    /// Adds one number at the end.
    pub fn push(&mut self, number: T) {
        self.push_range(number, number);
    }

    /// True if nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// True if `number` is in one of the ranges. Linear in the number of ranges.
    #[must_use]
    pub fn contains(&self, number: T) -> bool {
        self.ranges().any(|range| range.contains(&number))
    }

    /// How many numbers the ranges span; one that is in two ranges counts twice. A `*` counts as 4294967295.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.ranges().map(|range| u64::from(range.end().value()) - u64::from(range.start().value()) + 1).sum()
    }

    /// Those of its numbers that are at most `last`, in the same order.
    ///
    /// ```
    /// use postern_protocol::imap::{Uid, UidSet};
    ///
    /// let set = UidSet::from_first(Uid::new(5).unwrap());
    /// assert_eq!(set.up_to(Uid::new(9).unwrap()).to_string(), "5:9");
    /// ```
    #[must_use]
    pub fn up_to(&self, last: T) -> Self {
        let mut set = Self::new();
        for range in self.ranges().filter(|range| *range.start() <= last) {
            set.push_range(*range.start(), last.min(*range.end()));
        }
        set
    }

    /// Those of its numbers that are not in `other`, ascending and each once. The size of a range costs nothing.
    ///
    /// ```
    /// use postern_protocol::imap::UidSet;
    /// # use postern_protocol::imap::Uid;
    /// # let set = |numbers: &[u32]| -> UidSet { numbers.iter().filter_map(|&n| Uid::new(n)).collect() };
    ///
    /// assert_eq!(set(&[1, 2, 3, 4, 9]).without(&set(&[3, 9])).to_string(), "1:2,4");
    /// ```
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let holes = other.spans();
        let mut holes = holes.iter().peekable();
        let mut left = Self::new();
        // A hole may reach into the next span, so where it ends is kept.
        let mut next = 0;
        for span in self.spans() {
            next = span.start.max(next);
            while let Some(hole) = holes.next_if(|hole| hole.start < span.end) {
                left.push_span(next..hole.start);
                next = next.max(hole.end);
            }
            left.push_span(next..span.end);
        }
        left
    }

    /// The numbers one by one, in the order of the ranges. A hostile set may hold 4294967295 of them: take only
    /// as many as are wanted.
    pub fn numbers(&self) -> impl Iterator<Item = T> + '_ {
        self.ranges().flat_map(|range| (range.start().value()..=range.end().value()).filter_map(T::new))
    }

    fn push_span(&mut self, span: std::ops::Range<u64>) {
        let number = |value| u32::try_from(value).ok().and_then(T::new);
        if !span.is_empty()
            && let (Some(first), Some(last)) = (number(span.start), number(span.end - 1))
        {
            self.push_range(first, last);
        }
    }

    /// Its ranges without their types, ascending, those that meet joined. The end of each is one past its last.
    fn spans(&self) -> Vec<std::ops::Range<u64>> {
        let mut spans: Vec<_> = self
            .ranges()
            .map(|range| u64::from(range.start().value())..u64::from(range.end().value()) + 1)
            .collect();
        spans.sort_unstable_by_key(|span| span.start);
        spans.dedup_by(|next, before| {
            let meet = next.start <= before.end;
            if meet {
                before.end = before.end.max(next.end);
            }
            meet
        });
        spans
    }

    /// The ranges as they were given. A `*` appears as 4294967295, which no number exceeds.
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = RangeInclusive<T>> + '_ {
        self.ranges.iter().map(|range| range.first..=range.last.or(T::new(u32::MAX)).unwrap_or(range.first))
    }
}

impl Set<SeqNo> {
    /// The same messages by the numbers that they have once `gone` is expunged: RFC 9051 section 7.5.1. `*` stays.
    pub(crate) fn after_expunge(&self, gone: SeqNo) -> Self {
        let below = |number: SeqNo| SeqNo::new(number.value() - 1);
        let moved = |range: &Range<SeqNo>| {
            let first = if range.first > gone { below(range.first)? } else { range.first };
            let last = match range.last {
                Some(last) if last >= gone => Some(below(last)?),
                other => other,
            };
            (last.is_none_or(|last| first <= last)).then_some(Range { first, last })
        };
        Self { ranges: self.ranges.iter().filter_map(moved).collect() }
    }
}

impl<T: Number> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Number> From<T> for Set<T> {
    fn from(number: T) -> Self {
        Self::from_iter([number])
    }
}

impl<T: Number> From<RangeInclusive<T>> for Set<T> {
    fn from(range: RangeInclusive<T>) -> Self {
        let mut set = Self::new();
        set.push_range(*range.start(), *range.end());
        set
    }
}

impl<T: Number> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        let mut set = Self::new();
        numbers.into_iter().for_each(|number| set.push(number));
        set
    }
}

impl<T: Number> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, numbers: I) {
        numbers.into_iter().for_each(|number| self.push(number));
    }
}

/// As the wire has it: `3:5,9,12:*`.
impl<T: Number> fmt::Display for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Range { first, last }) in self.ranges.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match last {
                None => write!(f, "{}:*", first.value())?,
                Some(last) if last == first => write!(f, "{}", first.value())?,
                Some(last) => write!(f, "{}:{}", first.value(), last.value())?,
            }
        }
        Ok(())
    }
}

impl<T: Number> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Set({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uid(value: u32) -> Uid {
        Uid::new(value).unwrap()
    }

    #[test]
    fn neighbours_join_and_order_stays() {
        let mut set = UidSet::new();
        set.push(uid(9));
        set.push_range(uid(5), uid(3));
        set.push(uid(6));
        assert_eq!(set.to_string(), "9,3:6");
        assert_eq!(set.count(), 5);
    }

    /// RFC 9051 section 7.5.1: "the message sequence number for each successive message [...] is immediately
    /// decremented by 1".
    #[test]
    fn numbers_move_down_behind_what_is_gone() {
        let set = |ranges: &[(u32, u32)]| {
            let mut set = SeqSet::new();
            let number = |value| SeqNo::new(value).unwrap();
            ranges.iter().for_each(|&(a, b)| set.push_range(number(a), number(b)));
            set
        };
        let after = |set: &SeqSet, gone| set.after_expunge(SeqNo::new(gone).unwrap()).to_string();
        assert_eq!(after(&set(&[(3, 5), (9, 9)]), 1), "2:4,8");
        assert_eq!(after(&set(&[(3, 5), (9, 9)]), 3), "3:4,8");
        assert_eq!(after(&set(&[(3, 5), (9, 9)]), 5), "3:4,8");
        assert_eq!(after(&set(&[(3, 5), (9, 9)]), 9), "3:5");
        assert_eq!(after(&set(&[(3, 5), (9, 9)]), 10), "3:5,9");
        assert_eq!(after(&set(&[(1, 1)]), 1), "");
        assert_eq!(after(&SeqSet::all(), 1), "1:*");
        assert_eq!(after(&SeqSet::from_first(SeqNo::new(7).unwrap()), 3), "6:*");
    }

    /// S5: the size of a range costs nothing.
    #[test]
    fn a_range_of_everything_is_one_range() {
        let set = UidSet::from(uid(1)..=uid(u32::MAX));
        assert_eq!(set.ranges().len(), 1);
        assert_eq!(set.count(), u64::from(u32::MAX));
        assert!(set.contains(uid(77)));
        assert_eq!(SeqSet::all().to_string(), "1:*");
        let last = UidSet::from(uid(u32::MAX));
        assert_eq!(set.without(&last).to_string(), "1:4294967294");
        assert!(set.without(&UidSet::all()).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn holds_what_was_pushed(numbers in proptest::collection::vec(1u32..500, 0..60), other in 1u32..500) {
            let set: UidSet = numbers.iter().map(|&n| uid(n)).collect();
            proptest::prop_assert_eq!(set.contains(uid(other)), numbers.contains(&other));
            proptest::prop_assert_eq!(set.count(), numbers.len() as u64);
            proptest::prop_assert!(set.ranges().len() <= numbers.len());
        }

        #[test]
        fn what_is_left_is_in_one_and_not_in_the_other(
            mine in proptest::collection::vec((1u32..60, 1u32..60), 0..8),
            its in proptest::collection::vec((1u32..60, 1u32..60), 0..8),
            last in 1u32..60,
        ) {
            let set = |ranges: &[(u32, u32)]| {
                let mut set = UidSet::new();
                ranges.iter().for_each(|&(a, b)| set.push_range(uid(a), uid(b)));
                set
            };
            let (mine, its) = (set(&mine), set(&its));
            let left = mine.without(&its);
            for number in (1..61).map(uid) {
                proptest::prop_assert_eq!(left.contains(number), mine.contains(number) && !its.contains(number));
                let is_low = number <= uid(last);
                proptest::prop_assert_eq!(mine.up_to(uid(last)).contains(number), mine.contains(number) && is_low);
            }
            proptest::prop_assert_eq!(left.numbers().count() as u64, left.count());
            proptest::prop_assert!(left.numbers().is_sorted());
        }
    }
}
