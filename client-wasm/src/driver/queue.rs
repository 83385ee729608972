//! What came over the links and was not given to the machine yet. Looks at no byte.

use super::LinkClose;
use std::collections::VecDeque;

/// One thing that happened on a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happened {
    Opened,
    Received(Vec<u8>),
    /// The last one.
    Closed(LinkClose),
}

/// What a person waits for comes first. What happened on one link stays in its order.
#[derive(Debug)]
pub(super) struct Queue<L> {
    foreground: VecDeque<(L, Happened)>,
    bulk: VecDeque<(L, Happened)>,
}

impl<L> Default for Queue<L> {
    fn default() -> Self {
        Self { foreground: VecDeque::new(), bulk: VecDeque::new() }
    }
}

impl<L: Copy + Eq> Queue<L> {
    /// Something happened. Nobody looks at what comes over a bulk link.
    pub(super) fn push(&mut self, link: L, is_bulk: bool, happened: Happened) {
        let queue = if is_bulk { &mut self.bulk } else { &mut self.foreground };
        match happened {
            Happened::Received(bytes) if bytes.len() > PIECE => {
                queue.extend(bytes.chunks(PIECE).map(|piece| (link, Happened::Received(piece.to_vec()))));
            }
            happened => queue.push_back((link, happened)),
        }
    }

    /// What the machine is given next; never more than 32 KiB of bytes at once.
    pub(super) fn pop(&mut self) -> Option<(L, Happened)> {
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

    fn received(byte: u8) -> Happened {
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
