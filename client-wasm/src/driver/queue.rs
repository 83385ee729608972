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

/// What a person waits for comes first. What happened on one link stays in its order, whoever waits for it meanwhile.
#[derive(Debug)]
pub(super) struct Queue<L, B = Uint8Array> {
    /// Those on which something happened, none of them empty, in the order in which they take turns.
    links: VecDeque<(L, VecDeque<Happened<B>>)>,
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
        Self { links: VecDeque::new() }
    }
}

impl<L: Copy + Eq, B: Bytes> Queue<L, B> {
    /// Something happened.
    pub(super) fn push(&mut self, link: L, happened: Happened<B>) {
        let at = self.links.iter().position(|(other, _)| *other == link).unwrap_or_else(|| {
            self.links.push_back((link, VecDeque::new()));
            self.links.len() - 1
        });
        let queue = &mut self.links[at].1;
        match happened {
            Happened::Received(bytes) if bytes.count() > PIECE => {
                let starts = (0..bytes.count()).step_by(PIECE);
                let piece = |start| bytes.part(start, (start + PIECE).min(bytes.count()));
                queue.extend(starts.map(|start| Happened::Received(piece(start))));
            }
            happened => queue.push_back(happened),
        }
    }

    /// What the machine is given next; never more than 32 KiB of bytes at once. Of a link that `is_bulk` only if nothing
    /// happened on another one.
    pub(super) fn pop(&mut self, is_bulk: impl Fn(L) -> bool) -> Option<(L, Happened<B>)> {
        let at = self.links.iter().position(|(link, _)| !is_bulk(*link)).unwrap_or(0);
        let (link, mut queue) = self.links.remove(at)?;
        let next = queue.pop_front()?;
        if !queue.is_empty() {
            self.links.push_back((link, queue));
        }
        Some((link, next))
    }

    /// Nothing that happened on this link is of interest any more.
    pub(super) fn forget(&mut self, link: L) {
        self.links.retain(|(other, _)| *other != link);
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
        let is_bulk = |link| link == 2;
        let mut queue = Queue::default();
        queue.push(2, Happened::Opened);
        queue.push(2, received(1));
        queue.push(1, received(2));
        assert_eq!(queue.pop(is_bulk), Some((1, received(2))));
        assert_eq!(queue.pop(is_bulk), Some((2, Happened::Opened)));
        queue.push(1, received(3));
        assert_eq!(queue.pop(is_bulk), Some((1, received(3))));
        assert_eq!(queue.pop(is_bulk), Some((2, received(1))));
        assert_eq!(queue.pop(is_bulk), None);
    }

    #[test]
    fn a_link_that_somebody_waits_for_meanwhile_keeps_its_order() {
        let mut queue = Queue::default();
        queue.push(2, received(1));
        queue.push(2, received(2));
        assert_eq!(queue.pop(|_| true), Some((2, received(1))));
        queue.push(2, received(3));
        assert_eq!(queue.pop(|_| false), Some((2, received(2))));
        assert_eq!(queue.pop(|_| false), Some((2, received(3))));
    }

    #[test]
    fn links_that_are_waited_for_take_turns() {
        let mut queue = Queue::default();
        for (link, byte) in [(1, 1), (1, 2), (2, 3), (2, 4)] {
            queue.push(link, received(byte));
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop(|_| false)).map(|(link, _)| link).collect();
        assert_eq!(order, [1, 2, 1, 2]);
    }

    #[test]
    fn large_messages_are_given_in_pieces() {
        let mut queue = Queue::default();
        queue.push(1, Happened::Received(vec![7; PIECE * 2 + 1]));
        let lengths: Vec<_> = std::iter::from_fn(|| queue.pop(|_| false))
            .map(|(_, happened)| if let Happened::Received(bytes) = happened { bytes.len() } else { 0 })
            .collect();
        assert_eq!(lengths, [PIECE, PIECE, 1]);
    }

    #[test]
    fn a_link_that_is_hung_up_is_heard_of_no_more() {
        let mut queue = Queue::default();
        queue.push(1, received(1));
        queue.push(2, received(2));
        queue.push(1, received(3));
        queue.forget(1);
        assert_eq!(queue.pop(|_| false), Some((2, received(2))));
        assert_eq!(queue.pop(|_| false), None);
    }
}
