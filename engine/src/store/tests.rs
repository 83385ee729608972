//! What a write notes, and what it makes of the unread counts.

use super::*;
use crate::border::{Flags, MailboxId, MessageId};
use postern_protocol::imap::{Uid, UidValidity};

const INBOX: MailboxId = MailboxId(1);

/// Does something to the store and gives what it touched.
fn write(store: &mut Store, act: impl FnOnce(&mut Tx<'_>)) -> Changes {
    let mut tx = Tx::begin(store);
    act(&mut tx);
    tx.commit()
}

/// INBOX is open and in step; it has three messages with the UIDs 1 to 3, of which the last is read.
fn store() -> (Store, [MessageId; 3]) {
    let mut store = Store::default();
    let mut ids = [MessageId(0); 3];
    write(&mut store, |tx| {
        tx.put_mailboxes(vec![Listed::inbox()]);
        tx.open_mailbox(INBOX);
        let uid_validity = UidValidity::new(7);
        tx.set_identity(INBOX, Identity { uid_validity, uid_next: 4, keeps_seen: true });
        tx.adopt(INBOX, &Order::with_len(3));
        tx.set_counts(INBOX, Counts { total: Some(3), unread: Some(2) });
        for (index, id) in ids.iter_mut().enumerate() {
            let number = u32::try_from(index).unwrap() + 1;
            *id = tx.put_message(message(number, number == 3));
            assert!(tx.place(INBOX, number, *id));
        }
    });
    (store, ids)
}

fn message(uid: u32, seen: bool) -> Message {
    Message {
        mailbox: INBOX,
        uid: Uid::new(uid).unwrap(),
        flags: Flags { seen, ..Flags::default() },
        head: Head::default(),
        size: 1,
        structure: None,
        has_attachment: false,
        preview: None,
        preview_is_ours: false,
        preview_asked: false,
        is_misread: false,
    }
}

fn unread(store: &Store) -> Option<u32> {
    store.mailboxes().counts(INBOX).unread
}

fn positions(store: &Store, ids: &[MessageId]) -> Vec<u32> {
    let ids = ids.iter().copied().collect();
    store.order(INBOX).unwrap().positions(&ids).into_iter().map(|(position, _)| position).collect()
}

#[test]
fn a_row_is_found_by_its_message_whatever_moved_meanwhile() {
    let (mut store, [first, second, third]) = store();
    assert_eq!(positions(&store, &[first, third]), [0, 2]);
    let changes = write(&mut store, |tx| {
        tx.grow(INBOX, 5);
        tx.expunge(INBOX, 2);
    });
    assert_eq!(positions(&store, &[first, second, third]), [2, 3]);
    let splice = |at, removed, inserted| Splice { at, removed, inserted };
    assert_eq!(changes.lists[&INBOX].splices, [splice(0, 0, 2), splice(3, 1, 0)]);
    assert!(changes.messages[&second].gone);
    assert_eq!(store.folder(INBOX).unwrap().new_on_top(), 2);
}

#[test]
fn unread_counts_follow_each_write_and_are_doubted_where_the_server_may_know_more() {
    let (mut store, [first, second, third]) = store();
    let seen = Flags { seen: true, ..Flags::default() };
    let changes = write(&mut store, |tx| tx.set_server_flags(first, seen));
    assert_eq!((unread(&store), changes.doubted.contains(&INBOX)), (Some(1), true));
    assert!(changes.counts.contains(&INBOX) && changes.messages[&first].flags);
    // The same again changes nothing.
    let changes = write(&mut store, |tx| tx.set_server_flags(first, seen));
    assert!(changes.messages.is_empty() && changes.counts.is_empty());
    // What the user does is no reason for doubt.
    let action = PendingAction::new(INBOX, &[second, third], Mark::Seen, true);
    let changes = write(&mut store, |tx| tx.push_action(action));
    assert_eq!((unread(&store), changes.doubted.is_empty()), (Some(0), true));
    assert!(changes.messages[&second].flags && !changes.messages.contains_key(&third));
    // A message that is gone and was shown as read was counted before.
    write(&mut store, |tx| assert!(tx.expunge(INBOX, 2)));
    assert_eq!(unread(&store), Some(0));
    let changes = write(&mut store, |tx| {
        tx.grow(INBOX, 3);
        let id = tx.put_message(message(4, false));
        tx.place(INBOX, 3, id);
    });
    assert_eq!((unread(&store), changes.arrived.is_empty()), (Some(1), true));
    let changes = write(&mut store, |tx| tx.finish_arrivals(INBOX));
    assert_eq!(changes.arrived[&INBOX].len(), 1);
    assert_eq!(store.folder(INBOX).unwrap().new_on_top(), 0);
}

#[test]
fn a_reverted_action_shows_what_the_server_last_said() {
    let (mut store, [first, ..]) = store();
    write(&mut store, |tx| tx.push_action(PendingAction::new(INBOX, &[first], Mark::Flagged, true)));
    let number = store.actions().next_unsent(INBOX, |_| true).unwrap();
    assert!(store.shown_flags(first).unwrap().flagged);
    let changes = write(&mut store, |tx| tx.revert_action(number));
    assert!(!store.shown_flags(first).unwrap().flagged && changes.messages[&first].flags);
    write(&mut store, |tx| tx.push_action(PendingAction::new(INBOX, &[first], Mark::Flagged, true)));
    let number = store.actions().next_unsent(INBOX, |_| true).unwrap();
    let changes = write(&mut store, |tx| tx.confirm_action(number));
    assert!(store.message(first).unwrap().flags.flagged && changes.messages.is_empty());
}

#[test]
fn a_reset_forgets_what_was_noted_before_it() {
    let (mut store, [first, ..]) = store();
    let changes = write(&mut store, |tx| {
        tx.expunge(INBOX, 3);
        tx.reset_mailbox(INBOX);
        tx.adopt(INBOX, &Order::with_len(9));
    });
    let delta = &changes.lists[&INBOX];
    assert!(delta.is_reset && delta.is_in_step);
    assert_eq!(delta.splices, [Splice { at: 0, removed: 0, inserted: 9 }]);
    assert!(changes.messages[&first].gone && store.message(first).is_none());
}

#[test]
fn an_order_that_agrees_keeps_its_blanks() {
    let (mut store, [first, second, third]) = store();
    let same = [(1, first), (2, second), (3, third)];
    let order = |len, known: &[(u32, MessageId)]| {
        let mut order = Order::with_len(len);
        for (seq, id) in known {
            order.place(*seq, *id);
        }
        order
    };
    write(&mut store, |tx| {
        tx.grow(INBOX, 4);
        let blank = tx.put_blank(INBOX, 4);
        assert!(!tx.adopt(INBOX, &order(4, &same)), "nothing moved");
        assert_eq!(tx.order(INBOX).unwrap().at_seq(4), Some(blank));
        assert!(tx.adopt(INBOX, &order(3, &[(1, first), (2, third)])), "the second went");
        assert!(!tx.folder(INBOX).unwrap().is_blank(blank));
    });
    assert!(store.message(second).is_none());
}

#[test]
fn no_number_comes_twice() {
    let (mut store, ids) = store();
    write(&mut store, |tx| {
        tx.forget_account();
        assert!(tx.order(INBOX).is_none() && tx.message(ids[0]).is_none());
        tx.put_mailboxes(vec![Listed::inbox()]);
        assert!(!ids.contains(&tx.put_message(message(1, false))));
    });
    assert_eq!(store.mailboxes().rows()[0].id, MailboxId(2));
}

#[test]
fn mailboxes_that_were_not_opened_for_long_are_forgotten() {
    let (mut store, [first, ..]) = store();
    for number in 2..=9 {
        write(&mut store, |tx| tx.open_mailbox(MailboxId(number)));
    }
    assert!(store.order(INBOX).is_none() && store.message(first).is_none());
}
