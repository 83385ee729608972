//! Which message has which position in one mailbox. Never asks for anything and knows no rows: only numbers.
//!
//! IMAP counts from the oldest (sequence number 1), the view from the newest (position 0). Only messages that
//! were fetched are known; between them lie gaps, so that a server that claims four billion messages
//! costs nothing.

use crate::border::MessageId;
use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;

/// The order of a mailbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    len: u32,
    /// Sequence number and message, by ascending sequence number.
    known: VecDeque<(u32, MessageId)>,
}

/// A change to a list as a screen sees it: at position `at`, `removed` rows go and `inserted` ones come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) at: u32,
    pub(crate) removed: u32,
    pub(crate) inserted: u32,
}

impl Order {
    /// A list of which only the length is known.
    pub(crate) fn with_len(len: u32) -> Self {
        Self { len, known: VecDeque::new() }
    }

    /// How many messages the mailbox has.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// The known messages with their positions, newest first.
    pub(crate) fn known(&self) -> impl Iterator<Item = (u32, MessageId)> + '_ {
        self.known.iter().rev().map(|&(seq, id)| (self.len - seq, id))
    }

    /// The known messages with their sequence numbers, oldest first.
    pub(crate) fn known_by_seq(&self) -> impl Iterator<Item = (u32, MessageId)> + '_ {
        self.known.iter().copied()
    }

    /// The message of this sequence number, if it is known.
    pub(crate) fn at_seq(&self, seq: u32) -> Option<MessageId> {
        self.find(seq).ok().map(|index| self.known[index].1)
    }

    /// The position of a sequence number; none outside the mailbox.
    pub(crate) fn position(&self, seq: u32) -> Option<u32> {
        (1..=self.len).contains(&seq).then(|| self.len - seq)
    }

    /// `EXISTS`: the mailbox has this many messages now. It only ever grows by this (RFC 9051 section 7.4.1);
    /// a server that lets it shrink has lost the count, and so have we: [`Grown::Shrunk`].
    pub(crate) fn exists(&mut self, len: u32) -> Grown {
        if len < self.len {
            return Grown::Shrunk;
        }
        let inserted = len - self.len;
        self.len = len;
        match inserted {
            0 => Grown::Same,
            _ => Grown::By(Splice { at: 0, removed: 0, inserted }),
        }
    }

    /// `EXPUNGE`: one message went, and all after it move down. None if there is no such message.
    pub(crate) fn expunge(&mut self, seq: u32) -> Option<(Splice, Option<MessageId>)> {
        let at = self.position(seq)?;
        let found = self.find(seq);
        let gone = found.ok().and_then(|index| self.known.remove(index)).map(|(_, id)| id);
        let behind = found.unwrap_or_else(|index| index);
        for (seq, _) in self.known.range_mut(behind..) {
            *seq -= 1;
        }
        self.len -= 1;
        Some((Splice { at, removed: 1, inserted: 0 }, gone))
    }

    /// This message stands at this sequence number. Gives its position; none outside the mailbox.
    pub(crate) fn place(&mut self, seq: u32, id: MessageId) -> Option<u32> {
        let position = self.position(seq)?;
        match self.find(seq) {
            Ok(index) => self.known[index].1 = id,
            Err(index) => self.known.insert(index, (seq, id)),
        }
        Some(position)
    }

    /// These messages are no longer known to stand anywhere: their places are gaps.
    pub(crate) fn remove(&mut self, ids: &BTreeSet<MessageId>) {
        self.known.retain(|(_, known)| !ids.contains(known));
    }

    /// Where these messages stand, by ascending position. One pass, however many they are; those that stand nowhere are
    /// left out.
    pub(crate) fn positions(&self, ids: &BTreeSet<MessageId>) -> Vec<(u32, MessageId)> {
        if ids.is_empty() {
            return Vec::new();
        }
        self.known().filter(|(_, id)| ids.contains(id)).collect()
    }

    /// The first run of unknown messages among `count` positions from `first` on, as sequence numbers, newest
    /// ones first, at most `limit` of them.
    pub(crate) fn first_gap(&self, first: u32, count: u32, limit: u32) -> Option<RangeInclusive<u32>> {
        let newest = self.len.checked_sub(first).filter(|&seq| seq > 0)?;
        let oldest = newest.saturating_sub(count.saturating_sub(1)).max(1);
        let mut high = newest;
        while high >= oldest {
            match self.find(high) {
                Ok(_) => high -= 1,
                Err(index) => {
                    let known_below = index.checked_sub(1).map_or(0, |index| self.known[index].0);
                    let low = oldest.max(known_below + 1).max(high.saturating_sub(limit.saturating_sub(1)));
                    return Some(low..=high);
                }
            }
        }
        None
    }

    /// The mailbox was looked at anew: it has `len` messages, and of the known ones these are left, at these
    /// sequence numbers (ascending). Gives the splices that lead there, and which messages are gone.
    pub(crate) fn reconcile(
        &mut self,
        len: u32,
        left: Vec<(u32, MessageId)>,
    ) -> (Vec<Splice>, Vec<MessageId>) {
        let old = std::mem::replace(self, Self { len, known: left.into() });
        let mut splices = Vec::new();
        let mut gone = Vec::new();
        // Position after the last message that both have: in the new list, and in the old one.
        let (mut new_at, mut old_at) = (0, 0);
        let mut left = self.known().peekable();
        let mut vanished_in_gap = false;
        for (old_position, id) in old.known() {
            match left.next_if(|&(_, next)| next == id) {
                None => {
                    gone.push(id);
                    vanished_in_gap = true;
                }
                Some((new_position, _)) => {
                    splices.extend(gap(
                        new_at,
                        old_position - old_at,
                        new_position - new_at,
                        vanished_in_gap,
                    ));
                    (new_at, old_at, vanished_in_gap) = (new_position + 1, old_position + 1, false);
                }
            }
        }
        splices.extend(gap(new_at, old.len - old_at, len - new_at, vanished_in_gap));
        (splices, gone)
    }

    /// The index of `seq` among the known, or where it would stand.
    fn find(&self, seq: u32) -> Result<usize, usize> {
        self.known.binary_search_by_key(&seq, |&(seq, _)| seq)
    }
}

/// What `EXISTS` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grown {
    Same,
    By(Splice),
    /// Only an expunge may do that: the list must be made anew.
    Shrunk,
}

/// What becomes of the rows between two that stayed. Unknown rows are all alike: if only those are there, as
/// many as before, nothing happens.
fn gap(at: u32, removed: u32, inserted: u32, vanished: bool) -> Option<Splice> {
    (removed != inserted || vanished).then_some(Splice { at, removed, inserted })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u32) -> MessageId {
        MessageId(number)
    }

    fn list(len: u32, known: &[(u32, u32)]) -> Order {
        Order { len, known: known.iter().map(|&(seq, number)| (seq, id(number))).collect() }
    }

    #[test]
    fn new_messages_come_on_top() {
        let mut list = list(3, &[(3, 30)]);
        assert_eq!(list.exists(5), Grown::By(Splice { at: 0, removed: 0, inserted: 2 }));
        assert_eq!(list.known().collect::<Vec<_>>(), [(2, id(30))]);
        assert_eq!(list.exists(5), Grown::Same);
        assert_eq!(list.exists(4), Grown::Shrunk);
    }

    #[test]
    fn an_expunge_moves_what_is_newer() {
        let mut list = list(5, &[(1, 10), (3, 30), (5, 50)]);
        assert_eq!(list.expunge(3), Some((Splice { at: 2, removed: 1, inserted: 0 }, Some(id(30)))));
        assert_eq!(list.expunge(2), Some((Splice { at: 2, removed: 1, inserted: 0 }, None)));
        assert_eq!(list.known().collect::<Vec<_>>(), [(0, id(50)), (2, id(10))]);
        assert_eq!(list.expunge(4), None);
        assert_eq!(list.expunge(0), None);
    }

    #[test]
    fn gaps_are_found_newest_first() {
        let list = list(10, &[(5, 3), (9, 2), (10, 1)]);
        assert_eq!(list.first_gap(0, 4, 50), Some(7..=8));
        assert_eq!(list.first_gap(0, 10, 50), Some(6..=8));
        assert_eq!(list.first_gap(0, 10, 2), Some(7..=8));
        assert_eq!(list.first_gap(5, 99, 50), Some(1..=4));
        assert_eq!(list.first_gap(0, 2, 50), None);
        assert_eq!(list.first_gap(10, 5, 50), None);
    }

    #[test]
    fn four_thousand_million_messages_cost_nothing() {
        let mut list = Order::default();
        list.exists(u32::MAX);
        assert_eq!(list.first_gap(0, u32::MAX, 100), Some(u32::MAX - 99..=u32::MAX));
        assert_eq!(list.place(u32::MAX, id(1)), Some(0));
        assert_eq!(list.first_gap(0, 3, 100), Some(u32::MAX - 2..=u32::MAX - 1));
    }

    /// Applies the splices to the old rows as a view would, and compares with the new ones.
    fn check_reconcile(old: &Order, len: u32, left: &[(u32, u32)], expected_gone: &[u32]) {
        let mut rows = vec![None; old.len as usize];
        old.known().for_each(|(position, id)| rows[position as usize] = Some(id));
        let mut new = old.clone();
        let (splices, gone) =
            new.reconcile(len, left.iter().map(|&(seq, number)| (seq, id(number))).collect());
        for Splice { at, removed, inserted } in splices {
            let (at, removed) = (at as usize, removed as usize);
            rows.splice(at..at + removed, vec![None; inserted as usize]);
        }
        let mut expected = vec![None; len as usize];
        new.known().for_each(|(position, id)| expected[position as usize] = Some(id));
        assert_eq!(rows, expected);
        assert_eq!(gone, expected_gone.iter().map(|&number| id(number)).collect::<Vec<_>>());
    }

    #[test]
    fn reconciling_keeps_what_stayed() {
        let old = list(6, &[(2, 20), (4, 40), (6, 60)]);
        check_reconcile(&old, 6, &[(2, 20), (4, 40), (6, 60)], &[]);
        check_reconcile(&old, 8, &[(2, 20), (4, 40), (6, 60)], &[]);
        check_reconcile(&old, 6, &[(2, 20), (5, 60)], &[40]);
        check_reconcile(&old, 5, &[(1, 20), (3, 40), (5, 60)], &[]);
        check_reconcile(&old, 6, &[(3, 60)], &[40, 20]);
        check_reconcile(&old, 0, &[], &[60, 40, 20]);
        check_reconcile(&list(0, &[]), 3, &[], &[]);
    }
}
