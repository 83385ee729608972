//! What came over the links and was not given to the machine yet. Looks at no byte.

use super::LinkClose;
use js_sys::Uint8Array;
use std::collections::VecDeque;

/// One thing that happened on a link. What was received stays in JavaScript's memory until it is its turn: a server may be
/// ahead by megabytes, and WebAssembly's memory never shrinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happened<B = Uint8Array> {
    Opened,
    Received(B),
    /// The last one.
    Closed(LinkClose),
}

/// What a person waits for comes first. What happened on one link stays in its order.
#[derive(Debug)]
pub(super) struct Queue<L, B = Uint8Array> {
    foreground: VecDeque<(L, Happened<B>)>,
    bulk: VecDeque<(L, Happened<B>)>,
}

/// Bytes, wherever they lie.
pub(super) trait Bytes: Sized {
    fn count(&self) -> usize;

    /// Those from `start` to before `end`, which is not past the last.
    fn part(&self, start: usize, end: usize) -> Self;
}

impl Bytes for Uint8Array {
    fn count(&self) -> usize {
        self.length() as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "its own length has 32 bits")]
    fn part(&self, start: usize, end: usize) -> Self {
        self.subarray(start as u32, end as u32)
    }
}

impl<L, B> Default for Queue<L, B> {
    fn default() -> Self {
        Self { foreground: VecDeque::new(), bulk: VecDeque::new() }
    }
}

impl<L: Copy + Eq, B: Bytes> Queue<L, B> {
    /// Something happened. Nobody looks at what comes over a bulk link.
    pub(super) fn push(&mut self, link: L, is_bulk: bool, happened: Happened<B>) {
        let queue = if is_bulk { &mut self.bulk } else { &mut self.foreground };
        match happened {
            Happened::Received(bytes) if bytes.count() > PIECE => {
                let starts = (0..bytes.count()).step_by(PIECE);
                let piece = |start| bytes.part(start, (start + PIECE).min(bytes.count()));
                queue.extend(starts.map(|start| (link, Happened::Received(piece(start)))));
            }
            happened => queue.push_back((link, happened)),
        }
    }

    /// What the machine is given next; never more than 32 KiB of bytes at once.
    pub(super) fn pop(&mut self) -> Option<(L, Happened<B>)> {
        self.foreground.pop_front().or_else(|| self.bulk.pop_front())
    }

    /// Nothing that happened on this link is of interest any more.
    pub(super) fn forget(&mut self, link: L) {
        for queue in [&mut self.foreground, &mut self.bulk] {
            queue.retain(|(other, _)| *other != link);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Bytes given at once: what a machine makes of them is to fit into one slice.
const PIECE: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    impl Bytes for Vec<u8> {
        fn count(&self) -> usize {
            self.len()
        }

        fn part(&self, start: usize, end: usize) -> Self {
            self[start..end].to_vec()
        }
    }

    fn received(byte: u8) -> Happened<Vec<u8>> {
        Happened::Received(vec![byte])
    }

    #[test]
    fn the_foreground_comes_first_and_each_link_in_its_order() {
        let mut queue = Queue::default();
        queue.push(2, true, Happened::Opened);
        queue.push(2, true, received(1));
        queue.push(1, false, received(2));
        assert_eq!(queue.pop(), Some((1, received(2))));
        assert_eq!(queue.pop(), Some((2, Happened::Opened)));
        queue.push(1, false, received(3));
        assert_eq!(queue.pop(), Some((1, received(3))));
        assert_eq!(queue.pop(), Some((2, received(1))));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn large_messages_are_given_in_pieces() {
        let mut queue = Queue::default();
        queue.push(1, false, Happened::Received(vec![7; PIECE * 2 + 1]));
        let lengths: Vec<_> = std::iter::from_fn(|| queue.pop())
            .map(|(_, happened)| if let Happened::Received(bytes) = happened { bytes.len() } else { 0 })
            .collect();
        assert_eq!(lengths, [PIECE, PIECE, 1]);
    }

    #[test]
    fn a_link_that_is_hung_up_is_heard_of_no_more() {
        let mut queue = Queue::default();
        queue.push(1, false, received(1));
        queue.push(2, false, received(2));
        queue.push(1, true, received(3));
        queue.forget(1);
        assert_eq!(queue.pop(), Some((2, received(2))));
        assert_eq!(queue.pop(), None);
    }
}
