//! Sorting and joining messages: by the server, and by the client where the server can't.

use super::{Case, Visit};
use postern_protocol::imap::command::{SearchKey, Sort, SortBy, SortKey, Thread, ThreadBy};
use postern_protocol::imap::{Done, Uid};

pub(super) const CASES: &[Case] = &[
    Case::new("sorting", sort).and_without(&[&["ESORT"], &["SORT"], &["SORT", "SORT=DISPLAY", "ESEARCH"]]),
    Case::new("joining", thread).and_without(&[&["THREAD=REFERENCES"]]),
    Case::new("subjects", thread_by_subject).and_without(&[&["THREAD=ORDEREDSUBJECT"]]),
];

const LETTERS: &[&str] = &[
    "From: cy@example.com\nSubject: Tea\nDate: Mon, 1 Jun 2026 10:00:00 +0000\nMessage-ID: <1@x>\n\nAt four?\n",
    "From: ada@example.com\nSubject: Apples\nDate: Mon, 1 Jun 2026 12:00:00 +0000\nMessage-ID: <2@x>\n\nGreen ones, many.\n",
    "From: bea@example.com\nSubject: Re: Tea\nDate: Mon, 1 Jun 2026 11:00:00 +0000\nMessage-ID: <3@x>\n\
     In-Reply-To: <1@x>\nReferences: <1@x>\n\nYes.\n",
    "From: cy@example.com\nSubject: Re: Tea\nDate: Mon, 1 Jun 2026 13:00:00 +0000\nMessage-ID: <4@x>\n\
     In-Reply-To: <3@x>\nReferences: <1@x> <3@x>\n\nGood.\n",
];

fn sort(visit: &mut Visit<'_>) {
    visit.fill("INBOX", LETTERS);
    visit.open("INBOX");
    for (keys, expected) in [
        (vec![SortKey::ascending(SortBy::Arrival)], [1, 2, 3, 4]),
        (vec![SortKey::ascending(SortBy::Date)], [1, 3, 2, 4]),
        (vec![SortKey::descending(SortBy::Date)], [4, 2, 3, 1]),
        // Without `Re:`, three are the same, and then the next key counts.
        (vec![SortKey::ascending(SortBy::Subject), SortKey::descending(SortBy::Date)], [2, 4, 3, 1]),
        (vec![SortKey::ascending(SortBy::From), SortKey::ascending(SortBy::Date)], [2, 3, 1, 4]),
        (vec![SortKey::ascending(SortBy::DisplayFrom), SortKey::ascending(SortBy::Date)], [2, 3, 1, 4]),
    ] {
        let (_, done) = visit.session.run(Sort::new(keys.clone(), SearchKey::All));
        let Done::Found(found) = done else { panic!("{done:?}") };
        let uids: Vec<u32> = found.all.unwrap().ranges().flat_map(numbers).collect();
        assert_eq!(uids, expected, "{keys:?}");
    }
}

fn numbers(range: std::ops::RangeInclusive<Uid>) -> impl Iterator<Item = u32> {
    range.start().value()..=range.end().value()
}

fn thread(visit: &mut Visit<'_>) {
    visit.fill("INBOX", LETTERS);
    visit.open("INBOX");
    check_threads(visit, ThreadBy::References, &[(1, 0), (3, 1), (4, 2), (2, 0)]);
}

fn thread_by_subject(visit: &mut Visit<'_>) {
    visit.fill("INBOX", LETTERS);
    visit.open("INBOX");
    check_threads(visit, ThreadBy::OrderedSubject, &[(1, 0), (3, 1), (4, 1), (2, 0)]);
}

/// Each message and how deep it stands.
fn check_threads(visit: &mut Visit<'_>, by: ThreadBy, expected: &[(u32, u32)]) {
    let (_, done) = visit.session.run(Thread { by, search: SearchKey::All });
    let Done::Threads(threads) = done else { panic!("{done:?}") };
    let found: Vec<_> = threads.nodes.iter().map(|node| (node.number.unwrap(), node.depth)).collect();
    assert_eq!(found, expected);
}
