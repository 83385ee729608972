//! Leaving a mailbox, and what happened in it meanwhile.

use super::{Case, Visit, messages, set};
use postern_protocol::imap::command::{
    Check, Close, Expunge, Mode, Resync, Select, Store, StoreAction, Unselect,
};
use postern_protocol::imap::{Done, Flag, Item, Selected, State, Uid, UidSet, UidValidity};

pub(super) const CASES: &[Case] = &[
    Case::new("resynced", resync).and_without(&[&["QRESYNC"], &["QRESYNC", "CONDSTORE"]]),
    Case::new("anew", resync_with_another),
    Case::new("unselect", unselect).and_without(&[&["UNSELECT"]]),
    Case::new("close", close),
    Case::new("check", check),
];

const LETTERS: [&str; 4] = ["Subject: 1\n\n", "Subject: 2\n\n", "Subject: 3\n\n", "Subject: 4\n\n"];

/// The same is told by VANISHED, by CHANGEDSINCE and a search, and by reading all flags.
fn resync(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &LETTERS);
    let before = visit.open("INBOX");
    visit.session.run(Store::new(set(&[2]), StoreAction::Add, vec![Flag::Flagged]));
    visit.session.run(Store::new(set(&[3]), StoreAction::Add, vec![Flag::Deleted]));
    visit.session.run(Expunge { set: None });
    visit.open("Archive");

    let (items, after) = open_again(visit, before.uid_validity.unwrap(), &before);
    assert_eq!((after.exists, after.uid_validity), (3, before.uid_validity));
    let gone: Vec<u32> = items.iter().filter_map(vanished).flat_map(numbers).collect();
    assert_eq!(gone, [3]);
    let changed = messages(items);
    let flagged = changed.iter().find(|message| message.uid == Uid::new(2)).unwrap();
    assert!(flagged.flags.as_ref().unwrap().contains(&Flag::Flagged), "{flagged:?}");
}

/// Where the mailbox is another one, nothing of it is told.
fn resync_with_another(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &LETTERS);
    let before = visit.open("INBOX");
    visit.open("Archive");
    let other = UidValidity::new(before.uid_validity.unwrap().value() - 1).unwrap();
    let (items, after) = open_again(visit, other, &before);
    assert!(items.is_empty(), "{items:?}");
    assert_eq!(after.exists, 4);
}

fn open_again(visit: &mut Visit<'_>, uid_validity: UidValidity, before: &Selected) -> (Vec<Item>, Selected) {
    // A server that keeps none is asked for everything.
    let mod_seq = before.highest_mod_seq.unwrap_or(postern_protocol::imap::ModSeq(1));
    let known = Some(set(&[1, 2, 3, 4]));
    let resync = Some(Resync { known, ..Resync::new(uid_validity, mod_seq) });
    let (items, done) =
        visit.session.run(Select { resync, ..Select::new(visit.name("INBOX"), Mode::ReadWrite) });
    let Done::Selected(selected) = done else { panic!("{done:?}") };
    (items, selected)
}

fn vanished(item: &Item) -> Option<&UidSet> {
    if let Item::Vanished(uids) = item { Some(uids) } else { None }
}

fn numbers(set: &UidSet) -> impl Iterator<Item = u32> + '_ {
    set.ranges().flat_map(|range| range.start().value()..=range.end().value())
}

/// What is marked as deleted stays.
fn unselect(visit: &mut Visit<'_>) {
    mark_first(visit);
    visit.session.run(Unselect);
    assert_eq!(visit.session.connection.state(), State::Authenticated);
    visit.open("INBOX");
    assert_eq!(visit.uids(), [1, 2, 3, 4]);
}

/// What is marked as deleted goes.
fn close(visit: &mut Visit<'_>) {
    mark_first(visit);
    visit.session.run(Close);
    assert_eq!(visit.session.connection.state(), State::Authenticated);
    visit.open("INBOX");
    assert_eq!(visit.uids(), [2, 3, 4]);
}

/// Whatever it is to the server, everything stays.
fn check(visit: &mut Visit<'_>) {
    mark_first(visit);
    visit.session.run(Check);
    assert_eq!(visit.uids(), [1, 2, 3, 4]);
}

fn mark_first(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &LETTERS);
    visit.open("INBOX");
    visit.session.run(Store::new(set(&[1]), StoreAction::Add, vec![Flag::Deleted]));
}
