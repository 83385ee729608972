//! A body on its way in windows: what to ask for next, what of the answers goes on from where the last one ended, and
//! whether it is whole. Knows no connection and keeps nothing but the window that is just coming.
//!
//! A window counts once it is whole: what a broken link leaves of one is asked for again. A server may send less than
//! was asked for (RFC 9051 section 6.4.5 lets only the last window be short); it is asked on from there.

/// One body.
#[derive(Debug)]
pub(crate) struct Octets {
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

impl Octets {
    /// Nothing came yet of so many octets, in windows of this size.
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

    /// The next window to ask for, where not more than `most` are under way: its offset and its size. Past the expected
    /// end only one is asked for at a time: the one that shows that nothing is there.
    pub(crate) fn next(&mut self, most: u32) -> Option<(u32, u32)> {
        let is_within = self.asked < self.expected || self.asked == self.whole;
        if self.is_at_end || self.in_flight >= most || !is_within {
            return None;
        }
        let offset = self.asked;
        self.asked = offset.saturating_add(self.window);
        self.in_flight += 1;
        Some((offset, self.window))
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

    /// A window begins that was asked for from this offset. One that does not go on from the last is dropped.
    pub(crate) fn start(&mut self, offset: u32) {
        self.coming = (offset == self.whole && !self.is_at_end).then(Vec::new);
    }

    /// Its next octets.
    pub(crate) fn chunk(&mut self, bytes: &[u8]) {
        if let Some(coming) = &mut self.coming {
            coming.extend_from_slice(bytes);
        }
    }

    /// It is whole. Gives the octets that follow those given before.
    pub(crate) fn end(&mut self) -> Option<Vec<u8>> {
        let coming = self.coming.take()?;
        let length = length(&coming);
        self.whole = self.whole.saturating_add(length);
        // Past an end that was told wrong only an empty window shows the true one.
        self.is_at_end = length == 0 || self.whole == self.expected;
        if length < self.window && !self.is_at_end {
            // What the server gives at most: windows of that size can be under way together.
            self.window = length.max(SMALLEST_WINDOW);
        }
        Some(coming)
    }

    /// There is nothing in it, as some servers say by NIL.
    pub(crate) fn is_nil(&mut self) {
        self.is_at_end = true;
        self.expected = self.whole;
    }

    /// A window that was asked for from this offset is answered.
    pub(crate) fn answered(&mut self, offset: u32) -> Answered {
        let is_empty = offset == self.whole && !self.is_at_end;
        self.given_back();
        if !is_empty {
            self.empty_answers = 0;
            return Answered::Something;
        }
        self.empty_answers += 1;
        if self.empty_answers > 1 { Answered::Nothing } else { Answered::NothingOnce }
    }

    /// A window was refused or cancelled: one less is under way. Once none is, what is missing is asked for again.
    pub(crate) fn given_back(&mut self) {
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

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// Windows never become smaller than this: a server that sends a few octets each time would cost a command for each.
const SMALLEST_WINDOW: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a body of `len` octets, told to have `expected`, from a server that gives at most `most` at once. Gives what
    /// came and how many windows that took.
    fn read(len: usize, expected: u32, most: usize) -> (Vec<u8>, usize) {
        let body: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut octets = Octets::new(expected, 10_000);
        let (mut came, mut windows) = (Vec::new(), 0);
        loop {
            let asked: Vec<_> = std::iter::from_fn(|| octets.next(3)).collect();
            assert!(!asked.is_empty(), "it stands still");
            windows += asked.len();
            for (offset, size) in asked {
                let from = (offset as usize).min(len);
                octets.start(offset);
                octets.chunk(&body[from..len.min(from + most.min(size as usize))]);
                came.extend(octets.end().unwrap_or_default());
                octets.answered(offset);
            }
            if octets.is_at_end() && octets.is_quiet() {
                assert!(came == body[..came.len()], "in order");
                return (came, windows);
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
        let mut octets = Octets::new(900, 10_000);
        octets.next(1);
        octets.start(0);
        octets.chunk(&[0; 500]);
        octets.end();
        assert_eq!(octets.answered(0), Answered::Something);
        assert!(!octets.is_at_end());
        octets.next(1);
        octets.start(500);
        octets.end();
        assert!(octets.is_at_end() && octets.is_short());
    }

    #[test]
    fn what_a_broken_link_left_of_a_window_is_asked_for_again() {
        let mut octets = Octets::new(30_000, 10_000);
        assert_eq!(octets.next(2), Some((0, 10_000)));
        octets.start(0);
        octets.chunk(&[0; 4000]);
        assert_eq!(octets.received(), 4000);
        octets.restart();
        assert_eq!((octets.received(), octets.next(2)), (0, Some((0, 10_000))));
    }

    #[test]
    fn an_answer_without_anything_is_asked_for_once_more() {
        let mut octets = Octets::new(30_000, 10_000);
        octets.next(1);
        assert_eq!(octets.answered(0), Answered::NothingOnce);
        assert_eq!(octets.next(1), Some((0, 10_000)));
        assert_eq!(octets.answered(0), Answered::Nothing);
    }
}
