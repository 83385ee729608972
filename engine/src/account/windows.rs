//! A body on its way in windows: what to ask for next, what of the answers goes on from where the last one ended, and
//! whether it is whole. Knows no connection and keeps nothing but the window that is just coming. Both what is read and
//! what is downloaded comes this way.
//!
//! A window counts once it is whole: what a broken link leaves of one is asked for again. A server may send less than
//! was asked for (RFC 9051 section 6.4.5 lets only the last window be short); it is asked on from there.

use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{BodyData, FetchItem, Item, Section, Uid, UidSet};

/// One body.
#[derive(Debug)]
pub(crate) struct Windows {
    /// How many it has, as the server's structure says; servers are wrong about that.
    expected: u32,
    /// How many are asked for at once.
    window: u32,
    /// Where the next window begins that is not asked for yet.
    asked: u32,
    /// Octets of the windows that came whole.
    whole: u32,
    /// Windows that are asked for and not answered.
    in_flight: u32,
    is_at_end: bool,
    /// The window that goes on from `whole`, as far as it came.
    coming: Option<Vec<u8>>,
    /// How often an answer in a row held nothing.
    empty_answers: u8,
}

/// What an answer to a window brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    Something,
    /// The server said OK and sent nothing. It is worth asking again.
    NothingOnce,
    /// The same again.
    Nothing,
}

impl Windows {
    /// Nothing came yet of `expected` octets, in windows of this size.
    pub(crate) fn new(expected: u32, window: u32) -> Self {
        Self {
            expected,
            window,
            asked: 0,
            whole: 0,
            in_flight: 0,
            is_at_end: false,
            coming: None,
            empty_answers: 0,
        }
    }

    /// The next window to ask for: its offset and its size. Past the expected end only one is asked for at a time: the one
    /// that shows that nothing is there.
    pub(crate) fn next(&self) -> Option<(u32, u32)> {
        let is_within = self.asked < self.expected || self.asked == self.whole;
        if self.is_at_end || self.in_flight >= MOST_IN_FLIGHT || !is_within {
            return None;
        }
        Some((self.asked, self.window))
    }

    /// The next window is asked for.
    pub(crate) fn ask(&mut self) -> Option<(u32, u32)> {
        let (offset, size) = self.next()?;
        self.asked = offset.saturating_add(size);
        self.in_flight += 1;
        Some((offset, size))
    }

    /// Where the next octets belong.
    pub(crate) fn offset(&self) -> u32 {
        self.whole
    }

    /// How many came, those of a window that is not whole yet among them.
    pub(crate) fn received(&self) -> u32 {
        self.whole.saturating_add(self.coming.as_ref().map_or(0, |coming| length(coming)))
    }

    /// Octets that the windows under way may bring.
    pub(crate) fn under_way(&self) -> u64 {
        u64::from(self.in_flight) * u64::from(self.window)
    }

    /// Takes in a part of the answer to the window that was asked for from `offset` of the message `uid`. Gives the octets
    /// that follow those given before, once a window is whole.
    pub(crate) fn accept(&mut self, item: &Item, uid: Uid, offset: u32) -> Option<Vec<u8>> {
        match item {
            // Another message's body is none of this one's.
            Item::BodyStart(start) if start.uid.is_some_and(|other| other != uid) => {}
            Item::BodyStart(_) => self.start(offset),
            Item::BodyChunk(chunk) => self.chunk(chunk),
            Item::BodyEnd => return self.end(),
            Item::Message(message) if message.items.iter().any(is_nil) => self.set_empty(),
            _ => {}
        }
        None
    }

    /// A window that does not go on from the last is dropped.
    fn start(&mut self, offset: u32) {
        self.coming = (offset == self.whole && !self.is_at_end).then(Vec::new);
    }

    fn chunk(&mut self, bytes: &[u8]) {
        if let Some(coming) = &mut self.coming {
            coming.extend_from_slice(bytes);
        }
    }

    fn end(&mut self) -> Option<Vec<u8>> {
        let coming = self.coming.take()?;
        let length = length(&coming);
        self.whole = self.whole.saturating_add(length);
        // Past an end that was reported wrong only an empty window shows the true one.
        self.is_at_end = length == 0 || self.whole == self.expected;
        if length < self.window && !self.is_at_end {
            // What the server gives at most: windows of that size can be under way together.
            self.window = length.max(SMALLEST_WINDOW);
        }
        Some(coming)
    }

    /// There is nothing in it, as some servers say by NIL.
    fn set_empty(&mut self) {
        self.is_at_end = true;
        self.expected = self.whole;
    }

    /// A window that was asked for from this offset is answered.
    pub(crate) fn answered(&mut self, offset: u32) -> Answered {
        let is_empty = offset == self.whole && !self.is_at_end;
        self.give_back();
        if !is_empty {
            self.empty_answers = 0;
            return Answered::Something;
        }
        self.empty_answers += 1;
        if self.empty_answers > 1 { Answered::Nothing } else { Answered::NothingOnce }
    }

    /// A window was refused or cancelled: one less is under way. Once none is, what is missing is asked for again.
    pub(crate) fn give_back(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if self.in_flight == 0 {
            self.asked = self.whole;
        }
    }

    /// The link broke: go on from the last window that came whole.
    pub(crate) fn restart(&mut self) {
        (self.asked, self.in_flight, self.coming) = (self.whole, 0, None);
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Windows that are asked for and not answered.
    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.in_flight == 0
    }

    /// Whether it ended before its time.
    pub(crate) fn is_short(&self) -> bool {
        self.is_at_end && self.whole < self.expected
    }

    /// How many octets the server said that there are.
    pub(crate) fn expected(&self) -> u32 {
        self.expected
    }
}

/// What asks for one window of the part with this section number; the whole message has the empty one.
pub(crate) fn fetch(uid: Uid, section: &str, offset: u32, size: u32) -> Fetch {
    Fetch::new(UidSet::from(uid), vec![FetchAttribute::Uid, attribute(section, offset, size)])
}

/// The window alone.
pub(crate) fn attribute(section: &str, offset: u32, size: u32) -> FetchAttribute {
    // Section numbers come from `mime::part` alone, so that each piece is a number.
    let part = section.split('.').filter_map(|number| number.parse().ok()).collect();
    FetchAttribute::window(Section { part, ..Section::whole() }, offset, size)
}

fn is_nil(item: &FetchItem<'_>) -> bool {
    matches!(item, FetchItem::Body { data: BodyData::Nil, .. })
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// Windows under way at once: enough to keep a long line busy.
const MOST_IN_FLIGHT: u32 = 3;

/// Windows never become smaller than this: a server that sends a few octets each time would cost a command for each.
const SMALLEST_WINDOW: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a body of `len` octets, reported to have `expected`, from a server that gives at most `most` at once. Gives what
    /// came and how many windows that took.
    fn read(len: usize, expected: u32, most: usize) -> (Vec<u8>, usize) {
        let body: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut windows = Windows::new(expected, 10_000);
        let (mut came, mut count) = (Vec::new(), 0);
        loop {
            let asked: Vec<_> = std::iter::from_fn(|| windows.ask()).collect();
            assert!(!asked.is_empty(), "it stands still");
            count += asked.len();
            for (offset, size) in asked {
                let from = (offset as usize).min(len);
                windows.start(offset);
                windows.chunk(&body[from..len.min(from + most.min(size as usize))]);
                came.extend(windows.end().unwrap_or_default());
                windows.answered(offset);
            }
            if windows.is_at_end() && windows.is_quiet() {
                assert!(came == body[..came.len()], "in order");
                return (came, count);
            }
        }
    }

    #[test]
    fn a_body_is_whole_however_short_its_windows_are() {
        for (len, expected) in
            [(0, 0), (1, 1), (10_000, 10_000), (35_000, 35_000), (35_000, 100), (35_000, 0)]
        {
            for most in [10_000, 9_999, 5_000, 64, 12_345] {
                assert_eq!(read(len, expected, most).0.len(), len, "{len} of {expected} by {most}");
            }
        }
    }

    #[test]
    fn a_short_window_is_no_end_and_an_empty_one_is() {
        assert_eq!(read(35_000, 35_000, 10_000).1, 4);
        assert_eq!(read(500, 900, 10_000).0.len(), 500);
        let mut windows = Windows::new(900, 10_000);
        windows.ask();
        windows.start(0);
        windows.chunk(&[0; 500]);
        windows.end();
        assert_eq!(windows.answered(0), Answered::Something);
        assert!(!windows.is_at_end());
        windows.ask();
        windows.start(500);
        windows.end();
        assert!(windows.is_at_end() && windows.is_short());
    }

    #[test]
    fn what_a_broken_link_left_of_a_window_is_asked_for_again() {
        let mut windows = Windows::new(30_000, 10_000);
        assert_eq!(windows.ask(), Some((0, 10_000)));
        windows.start(0);
        windows.chunk(&[0; 4000]);
        assert_eq!(windows.received(), 4000);
        windows.restart();
        assert_eq!((windows.received(), windows.ask()), (0, Some((0, 10_000))));
    }

    #[test]
    fn an_answer_without_anything_is_asked_for_once_more() {
        let mut windows = Windows::new(30_000, 10_000);
        windows.ask();
        assert_eq!(windows.answered(0), Answered::NothingOnce);
        assert_eq!(windows.ask(), Some((0, 10_000)));
        assert_eq!(windows.answered(0), Answered::Nothing);
    }
}
