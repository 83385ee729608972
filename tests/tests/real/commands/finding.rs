//! Sorting and joining messages: by the server, and by the client where the server can't. Searching several mailboxes,
//! and being told what changes in what was found.

use super::accounts::where_it_can;
use super::{Case, Visit, set};
use postern_protocol::imap::command::{
    Append, CancelUpdate, Context, MailboxFilter, MultiSearch, NewMessage, Noop, Search, SearchKey,
    SearchReturn, Sort, SortBy, SortKey, Thread, ThreadBy,
};
use postern_protocol::imap::{CommandError, DateTime, Done, Event, Item, Uid, UidSet};

pub(super) const CASES: &[Case] = &[
    Case::new("sorting", sort).and_without(&[&["ESORT"], &["SORT"], &["SORT", "SORT=DISPLAY", "ESEARCH"]]),
    Case::new("joining", thread).and_without(&[&["THREAD=REFERENCES"]]),
    Case::new("several", search_several).and_without(&[&["MULTISEARCH"]]),
    Case::new("kept", keep_up_to_date).and_without(&[&["CONTEXT=SEARCH"]]),
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
    for (letter, unix_seconds) in
        LETTERS.iter().zip([1_700_000_000, 1_700_000_060, 1_700_000_120, 1_700_000_180])
    {
        let received = DateTime { unix_seconds, offset_minutes: 0 };
        let message = NewMessage::from(letter.replace('\n', "\r\n").into_bytes()).received(received);
        visit.session.run(Append::new(visit.name("INBOX"), message));
    }
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

fn search_several(visit: &mut Visit<'_>) {
    visit.fill("Archive", LETTERS);
    let mailboxes = vec![MailboxFilter::Mailboxes(vec![visit.name("Archive")])];
    let returns = vec![SearchReturn::All, SearchReturn::Count];
    let command = MultiSearch { mailboxes, key: SearchKey::Subject("tea".into()), returns };
    let Some(items) = where_it_can(visit, "MULTISEARCH", command) else { return };
    let [Item::Found { mailbox, result, .. }] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(
        (mailbox, result.all.clone(), result.count),
        (&visit.name("Archive"), Some(set(&[1, 3, 4])), Some(3))
    );
}

/// What goes out of the result is told without asking again.
fn keep_up_to_date(visit: &mut Visit<'_>) {
    visit.fill("INBOX", LETTERS);
    visit.open("INBOX");
    let returns = vec![SearchReturn::All, SearchReturn::Update];
    let (_, done) = visit.session.run(Search { returns, ..Search::new(SearchKey::Unflagged) });
    let Done::Found(found) = done else { panic!("{done:?}") };
    assert_eq!(found.all, Some(set(&[1, 2, 3, 4])));
    assert_eq!(found.context.is_some(), visit.has("CONTEXT=SEARCH"));
    let Some(context) = found.context else {
        let contexts = vec![Context::of_tag("A1")];
        let (_, done) = visit.session.attempt(CancelUpdate { contexts });
        return assert!(matches!(done, Err(CommandError::Unsupported(_))), "{done:?}");
    };
    let mut other = visit.other();
    other.command("SELECT INBOX").unwrap();
    other.command("STORE 2 +FLAGS.SILENT (\\Flagged)").unwrap();
    assert_eq!(removed(visit, &context), [set(&[2])]);
    visit.session.run(CancelUpdate { contexts: vec![context] });
}

/// What the server tells to have gone out of a result.
fn removed(visit: &mut Visit<'_>, context: &Context) -> Vec<UidSet> {
    let noop = visit.session.send(Noop);
    let mut removed = Vec::new();
    loop {
        match visit.session.next() {
            Event::SearchUpdate(update) if context.is_meant_by(&update) => {
                removed.extend(update.removed.into_iter().map(|(_, uids)| uids));
            }
            Event::Done(of, done) if of == noop => {
                assert!(done.is_ok(), "{done:?}");
                return removed;
            }
            _ => {}
        }
    }
}
