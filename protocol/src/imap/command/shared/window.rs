//! Windows of a list of messages: the first twenty, the last fifty. RFC 9394 section 3.1, RFC 5267 section 4.4.

use crate::imap::writer::Writer;
use crate::imap::{Uid, UidSet};
use std::fmt;

/// Places in a list, counted from its start or from its end; both are among them.
///
/// ```
/// use postern_protocol::imap::command::Window;
///
/// assert_eq!(Window::first(20).unwrap().to_string(), "1:20");
/// assert_eq!(Window::last(20).unwrap().to_string(), "-1:-20");
/// assert_eq!(Window::from_start(21, 40).unwrap().to_string(), "21:40");
/// assert_eq!(Window::from_start(0, 40), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    end: End,
    near: u32,
    far: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Start,
    End,
}

impl Window {
    /// From one place to another, where 1 is the first of the list. None where the first place is 0 or past the
    /// second.
    #[must_use]
    pub fn from_start(first: u32, last: u32) -> Option<Self> {
        Self::new(End::Start, first, last)
    }

    /// From one place to another, where 1 is the last of the list. None where the first place is 0 or past the
    /// second.
    #[must_use]
    pub fn from_end(first: u32, last: u32) -> Option<Self> {
        Self::new(End::End, first, last)
    }

    /// So many from the start; none for 0.
    #[must_use]
    pub fn first(count: u32) -> Option<Self> {
        Self::from_start(1, count)
    }

    /// So many from the end; none for 0.
    #[must_use]
    pub fn last(count: u32) -> Option<Self> {
        Self::from_end(1, count)
    }

    fn new(end: End, near: u32, far: u32) -> Option<Self> {
        (1..=far).contains(&near).then_some(Self { end, near, far })
    }

    /// Counted from the end of the list, as only RFC 9394 has it.
    pub(crate) fn is_from_end(self) -> bool {
        self.end == End::End
    }

    /// How many places it has.
    pub(crate) fn size(self) -> u64 {
        u64::from(self.far - self.near) + 1
    }

    /// Whether a server means this one, in whichever direction it wrote it.
    pub(crate) fn is(self, (first, last): (i64, i64)) -> bool {
        let sign = if self.end == End::End { -1 } else { 1 };
        let [near, far] = [self.near, self.far].map(|place| sign * i64::from(place));
        [(near, far), (far, near)].contains(&(first, last))
    }

    pub(crate) fn write(self, line: &mut Writer) {
        let sign = if self.end == End::End { "-" } else { "" };
        line.words(sign).number(self.near).words(":").words(sign).number(self.far);
    }

    /// What stands in it, of a list that is at hand, in the order of the list.
    pub(crate) fn pick(self, list: &UidSet) -> UidSet {
        let (near, far) = (u64::from(self.near), u64::from(self.far));
        let count = list.count();
        // The first place and the one past the last, counted from 0.
        let (first, end) = match self.end {
            End::Start => (near - 1, far.min(count)),
            End::End => (count.saturating_sub(far), (count + 1).saturating_sub(near)),
        };
        let mut picked = UidSet::new();
        let mut place = 0;
        for range in list.ranges() {
            let size = u64::from(range.end().value() - range.start().value()) + 1;
            // In places of this range.
            let (from, to) = (first.saturating_sub(place), end.saturating_sub(place).min(size));
            let number = |at: u64| {
                u32::try_from(at).ok().and_then(|at| range.start().value().checked_add(at)).and_then(Uid::new)
            };
            if from < to
                && let (Some(from), Some(to)) = (number(from), number(to - 1))
            {
                picked.push_range(from, to);
            }
            place += size;
        }
        picked
    }
}

/// As the wire has it: `1:20`, and `-1:-20` from the end.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.end == End::End { "-" } else { "" };
        write!(f, "{sign}{}:{sign}{}", self.near, self.far)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(window: Option<Window>, expected: &str) {
        let list = [3, 4, 5, 9, 2, 20].into_iter().filter_map(Uid::new).collect();
        assert_eq!(window.unwrap().pick(&list).to_string(), expected);
    }

    #[test]
    fn picks_places_of_the_list_in_its_order() {
        check(Window::first(2), "3:4");
        check(Window::from_start(3, 5), "5,9,2");
        check(Window::from_start(6, 100), "20");
        check(Window::from_start(7, 8), "");
        check(Window::last(1), "20");
        check(Window::from_end(2, 4), "5,9,2");
        check(Window::last(100), "3:5,9,2,20");
        check(Window::from_end(7, 8), "");
    }

    /// S5: a window of everything that there could be costs nothing.
    #[test]
    fn s5_a_hostile_list_stays_ranges() {
        assert_eq!(Window::last(10).unwrap().pick(&UidSet::all()).to_string(), "4294967286:4294967295");
    }
}
