//! What the extensions add: finding in windows, sorting, threading, catching up with changes, rights, notes and room.
//! Each case that a fallback stands in for runs without the extension, too, and must come to the same.

use super::{Case, Visit, messages, set};
use crate::nature::Oddity;
use postern_protocol::imap::command::{
    ChangedSince, Depth, Fetch, FetchAttribute, GetAcl, GetMetadata, GetQuotaRoot, List, Mode, MyRights,
    Resync, Search, SearchKey, SearchResult, SearchReturn, Select, SetAcl, SetMetadata, Sort, SortBy,
    SortKey, Store, StoreAction, Thread, ThreadBy, UidBatches, Window,
};
use postern_protocol::imap::{Done, Entry, Flag, Item, MailboxName, ModSeq, Rights, Uid, UidSet};

pub(super) const CASES: &[Case] = &[
    Case::new("window", search_windows)
        .and_without(&[&["PARTIAL", "CONTEXT=SEARCH"], &["ESEARCH", "PARTIAL", "CONTEXT=SEARCH"]]),
    Case::new("page", fetch_window).and_without(&[&["PARTIAL"]]),
    Case::new("sort", sort).and_without(&[&["ESORT"], &["SORT=DISPLAY"], &["SORT", "SORT=DISPLAY", "ESORT"]]),
    Case::new("thread", thread).and_without(&[&[
        "THREAD=REFERENCES",
        "THREAD=REFS",
        "THREAD=ORDEREDSUBJECT",
    ]]),
    Case::new("resync", resync).and_without(&[&["QRESYNC"], &["QRESYNC", "CONDSTORE"]]),
    Case::new("changes", changes).and_without(&[&["QRESYNC"]]),
    Case::new("conditional", store_unless_changed),
    Case::new("decoded", decoded).and_without(&[&["BINARY"]]),
    Case::new("batches", batches).and_without(&[&["UIDBATCHES"]]),
    Case::new("rights", rights),
    Case::new("notes", notes),
    Case::new("room", room),
    Case::new("annotated", list_with_rights).and_without(&[&["LIST-MYRIGHTS", "LIST-METADATA"]]),
];

/// Subjects, senders, dates and sizes in different orders; UIDs from 1.
const LETTERS: [&str; 5] = [
    "From: \"Zoe\" <zoe@example.com>\nSubject: Re: tea\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\
     Message-ID: <1@example.com>\n\nShort.\n",
    "From: ann@example.com\nSubject: coffee\nDate: Tue, 3 Nov 2026 09:00:00 +0000\n\
     Message-ID: <2@example.com>\nIn-Reply-To: <1@example.com>\nReferences: <1@example.com>\n\nA little longer.\n",
    "From: \"Bob\" <yak@example.com>\nSubject: [list] Tea (fwd)\nDate: Wed, 4 Nov 2026 23:00:00 -0500\n\
     Message-ID: <3@example.com>\nReferences: <1@example.com>\n <2@example.com>\n\nNow this one is longer again.\n",
    "From: mia@example.com\nSubject: =?UTF-8?Q?Caf=C3=A9?=\nDate: Fri, 6 Nov 2026 10:00:00 +0100\n\
     Message-ID: <4@example.com>\n\nAnd this is the longest one of all of them, by a good many words and lines, so that nobody takes another for it.\n",
    "From: \"ann b\" <ann@example.com>\nSubject: Re: Tea\nDate: Sat, 7 Nov 2026 10:00:00 +0100\n\
     Message-ID: <5@example.com>\n\nEnd.\n",
];

fn fill(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &LETTERS);
    visit.open("INBOX");
}

fn numbers(set: Option<&UidSet>) -> Vec<u32> {
    set.into_iter().flat_map(UidSet::numbers).map(Uid::value).collect()
}

fn found(done: Done) -> SearchResult {
    let Done::Found(found) = done else { panic!("{done:?}") };
    found
}

fn search_windows(visit: &mut Visit<'_>) {
    fill(visit);
    let mut search = |key, returns: &[SearchReturn]| {
        found(visit.session.run(Search { returns: returns.to_vec(), ..Search::new(key) }).1)
    };
    let window = SearchReturn::Partial(Window::from_start(2, 3).unwrap());
    let newest = SearchReturn::Partial(Window::last(2).unwrap());
    let ends = [SearchReturn::Min, SearchReturn::Max, SearchReturn::Count];
    assert_eq!(numbers(search(SearchKey::All, &[window]).partial.as_ref()), [2, 3]);
    assert_eq!(numbers(search(SearchKey::All, &[newest]).partial.as_ref()), [4, 5]);
    let all = search(SearchKey::All, &ends);
    assert_eq!((all.min, all.max, all.count), (Uid::new(1), Uid::new(5), Some(5)));
    let none = search(SearchKey::Flagged, &ends);
    assert_eq!((none.min, none.max, none.count), (None, None, Some(0)));
    assert_eq!(numbers(search(SearchKey::Unseen, &[SearchReturn::All]).all.as_ref()), [1, 2, 3, 4, 5]);
}

fn fetch_window(visit: &mut Visit<'_>) {
    fill(visit);
    let partial = Window::last(2);
    let newest = Fetch { partial, ..Fetch::new(UidSet::all(), vec![FetchAttribute::Size]) };
    let (items, _) = visit.session.run(newest);
    let mut uids: Vec<_> = messages(items).iter().filter_map(|message| message.uid).map(Uid::value).collect();
    uids.sort_unstable();
    assert_eq!(uids, [4, 5]);
}

/// The client must come to the order that the servers come to.
fn sort(visit: &mut Visit<'_>) {
    fill(visit);
    let backwards = visit.has("SORT") && visit.is_odd(Oddity::SortsTiesBackwards);
    let mut sorted = |keys: &[SortKey]| {
        let sort = Sort::new(keys.to_vec(), SearchKey::All);
        numbers(found(visit.session.run(sort).1).all.as_ref())
    };
    assert_eq!(sorted(&[SortKey::ascending(SortBy::Date)]), [1, 2, 3, 4, 5]);
    assert_eq!(sorted(&[SortKey::descending(SortBy::Size)])[0], 4);
    // Two are from the same person.
    let by_sender = sorted(&[SortKey::ascending(SortBy::From)]);
    assert!(by_sender == [2, 5, 4, 3, 1] || (backwards && by_sender == [5, 2, 4, 3, 1]), "{by_sender:?}");
    let by_subject = [SortKey::ascending(SortBy::Subject), SortKey::descending(SortBy::Date)];
    assert_eq!(sorted(&by_subject), [4, 2, 5, 3, 1]);
    assert_eq!(sorted(&[SortKey::ascending(SortBy::DisplayFrom)]), [5, 2, 3, 4, 1]);
    let page = [SearchReturn::Count, SearchReturn::Partial(Window::first(2).unwrap())];
    let newest = Sort::new(vec![SortKey::descending(SortBy::Date)], SearchKey::All);
    let newest = found(visit.session.run(Sort { returns: page.to_vec(), ..newest }).1);
    assert_eq!((newest.count, numbers(newest.partial.as_ref())), (Some(5), vec![5, 4]));
}

fn thread(visit: &mut Visit<'_>) {
    fill(visit);
    let mut threads = |by| {
        let (_, done) = visit.session.run(Thread { by, search: SearchKey::All });
        let Done::Threads(threads) = done else { panic!("{done:?}") };
        threads.nodes.iter().map(|node| (node.number.unwrap_or(0), node.depth)).collect::<Vec<_>>()
    };
    let by_references = [(1, 0), (2, 1), (3, 2)];
    assert_eq!(threads(ThreadBy::Refs), [&by_references[..], &[(4, 0), (5, 0)]].concat());
    let by_subject = [(1, 0), (3, 1), (5, 1), (2, 0), (4, 0)];
    assert_eq!(threads(ThreadBy::OrderedSubject), by_subject);
    // Both begin with an answer, so that a message that nobody has stands above them.
    let joined = [(0, 0), (1, 1), (2, 2), (3, 3), (5, 1), (4, 0)];
    assert_eq!(threads(ThreadBy::References), joined);
}

/// What happened to the mailbox while nobody looked.
fn resync(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &LETTERS);
    let before = visit.open("INBOX");
    visit.open("Archive");
    let mut other = visit.other();
    other.command("SELECT INBOX").unwrap();
    other.command("STORE 2:3 +FLAGS.SILENT (\\Deleted)").unwrap();
    other.command("EXPUNGE").unwrap();
    other.command("STORE 2 +FLAGS.SILENT (\\Flagged)").unwrap();
    // Not every server keeps what was done before.
    other.command("CLOSE").unwrap();

    visit.session = visit.again();
    visit.sign_in();
    let mod_seq = before.highest_mod_seq.unwrap_or(ModSeq(1));
    let known = UidSet::from(Uid::new(1).unwrap()..=Uid::new(5).unwrap());
    let resync = Resync { known: Some(known), ..Resync::new(before.uid_validity.unwrap(), mod_seq) };
    let select = Select { resync: Some(resync), ..Select::new(MailboxName::inbox(), Mode::ReadWrite) };
    let (items, done) = visit.session.run(select);
    assert!(matches!(done, Done::Selected(selected) if selected.exists == 3));
    let vanished =
        items.iter().filter_map(|item| if let Item::Vanished(uids) = item { Some(uids) } else { None });
    assert_eq!(vanished.flat_map(|uids| numbers(Some(uids))).collect::<Vec<_>>(), [2, 3]);
    let changed = messages(items);
    let flagged =
        |uid| changed.iter().find(|message| message.uid == Uid::new(uid)).and_then(|it| it.flags.as_ref());
    assert!(flagged(4).unwrap().contains(&Flag::Flagged), "{changed:?}");
    // Without CONDSTORE nobody can tell which did not change.
    assert_eq!(flagged(1).is_none(), visit.has("CONDSTORE"), "{changed:?}");
}

fn changes(visit: &mut Visit<'_>) {
    fill(visit);
    if !visit.has("CONDSTORE") {
        return;
    }
    let mod_seq = |items| messages(items).iter().filter_map(|message| message.mod_seq).max();
    let (items, _) = visit.session.run(Fetch::new(UidSet::all(), vec![FetchAttribute::ModSeq]));
    let mod_seq = mod_seq(items).unwrap();
    visit.session.run(Store::new(set(&[2]), StoreAction::Add, vec![Flag::Seen]));
    let changed_since = Some(ChangedSince { mod_seq, vanished: true });
    let known = UidSet::from(Uid::new(1).unwrap()..=Uid::new(7).unwrap());
    let fetch = Fetch { changed_since, ..Fetch::new(known, vec![FetchAttribute::Flags]) };
    let (items, _) = visit.session.run(fetch);
    let gone =
        items.iter().find_map(|item| if let Item::Vanished(uids) = item { Some(uids.clone()) } else { None });
    // QRESYNC is not on, so that the client works it out.
    assert_eq!(numbers(gone.as_ref()), [6, 7]);
    let uids: Vec<_> = messages(items).iter().filter_map(|message| message.uid).map(Uid::value).collect();
    assert_eq!(uids, [2]);
}

fn store_unless_changed(visit: &mut Visit<'_>) {
    fill(visit);
    if !visit.has("CONDSTORE") {
        return;
    }
    let (items, _) = visit.session.run(Fetch::new(UidSet::all(), vec![FetchAttribute::ModSeq]));
    let before = messages(items).iter().filter_map(|message| message.mod_seq).max();
    visit.session.run(Store::new(set(&[2]), StoreAction::Add, vec![Flag::Seen]));
    let store = Store::new(set(&[2, 3]), StoreAction::Add, vec![Flag::Flagged]);
    let (items, _) = visit.session.run(Store { unchanged_since: before, ..store });
    let left = items.iter().find_map(|item| if let Item::Modified(uids) = item { Some(uids) } else { None });
    assert_eq!(numbers(left), [2]);
    assert_eq!((visit.flags(2), visit.flags(3)), (vec![Flag::Seen], vec![Flag::Flagged]));
}

/// Decoded where the server can, as it travels where not.
fn decoded(visit: &mut Visit<'_>) {
    let letter = "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
                  Content-Transfer-Encoding: base64\n\naGVsbG8=\n";
    visit.fill("INBOX", &[letter]);
    visit.open("INBOX");
    let (items, _) = visit.session.run(Fetch::new(set(&[1]), vec![FetchAttribute::decoded(&[1])]));
    let chunk = |item| if let Item::BodyChunk(bytes) = item { Some(bytes) } else { None };
    let body: Vec<u8> = items.into_iter().filter_map(chunk).flatten().collect();
    assert_eq!(body.trim_ascii_end(), if visit.has("BINARY") { b"hello".as_slice() } else { b"aGVsbG8=" });
}

fn batches(visit: &mut Visit<'_>) {
    fill(visit);
    let (_, done) = visit.session.run(UidBatches { size: 2, batches: None });
    let Done::Batches(batches) = done else { panic!("{done:?}") };
    let ends: Vec<_> = batches.iter().map(|batch| (batch.start().value(), batch.end().value())).collect();
    assert_eq!(ends, [(4, 5), (2, 3), (1, 1)]);
}

fn rights(visit: &mut Visit<'_>) {
    if !visit.has("ACL") {
        return;
    }
    let mailbox = MailboxName::inbox();
    let (items, _) = visit.session.run(MyRights { mailbox: mailbox.clone() });
    let [Item::MyRights(mine)] = items.as_slice() else { panic!("{items:?}") };
    assert!(mine.rights.contains('r') && mine.rights.contains('a'), "{mine:?}");
    for (action, expected) in [(StoreAction::Add, true), (StoreAction::Remove, false)] {
        let (identifier, rights) = ("anyone".into(), Rights("r".into()));
        visit.session.run(SetAcl { mailbox: mailbox.clone(), identifier, action, rights });
        let (items, _) = visit.session.run(GetAcl { mailbox: mailbox.clone() });
        let [Item::Acl(acl)] = items.as_slice() else { panic!("{items:?}") };
        let reads = acl.entries.iter().any(|(who, rights)| &**who == "anyone" && rights.contains('r'));
        assert_eq!(reads, expected, "{acl:?}");
    }
}

fn notes(visit: &mut Visit<'_>) {
    if !visit.has("METADATA") {
        return;
    }
    let mailbox = MailboxName::inbox();
    let comment = "/private/comment";
    for value in [Some("für Ada"), None] {
        let entry = Entry { name: comment.into(), value: value.map(|value| value.as_bytes().into()) };
        visit.session.run(SetMetadata { mailbox: mailbox.clone(), entries: vec![entry] });
        let (entries, depth) = (vec![comment.to_owned()], Depth::Entry);
        let get = GetMetadata { mailbox: mailbox.clone(), entries, max_size: None, depth };
        let (items, _) = visit.session.run(get);
        let told = items.iter().find_map(|item| match item {
            Item::Metadata(metadata) => metadata.entries.iter().find_map(|entry| entry.value.as_deref()),
            _ => None,
        });
        assert_eq!(told, value.map(str::as_bytes));
    }
}

fn room(visit: &mut Visit<'_>) {
    if !visit.has("QUOTA") {
        return;
    }
    let (items, _) = visit.session.run(GetQuotaRoot { mailbox: MailboxName::inbox() });
    assert!(matches!(&items[0], Item::QuotaRoot(root) if root.mailbox.is_inbox()), "{items:?}");
}

/// The rights come with LIST or behind it.
fn list_with_rights(visit: &mut Visit<'_>) {
    let (items, _) = visit.session.run(List { rights: true, ..List::all() });
    let rights =
        |item: &Item| matches!(item, Item::MyRights(rights) if rights.mailbox == visit.name("INBOX"));
    assert_eq!(items.iter().any(rights), visit.has("ACL"), "{items:?}");
}
