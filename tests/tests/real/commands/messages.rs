//! Reading, marking, finding, copying, moving and removing messages.

use super::{Case, Visit, messages, set};
use crate::nature::Oddity;
use postern_protocol::imap::command::{
    Copy, Expunge, Fetch, FetchAttribute, Move, Search, SearchKey, Store, StoreAction,
};
use postern_protocol::imap::{Capability, Code, CommandError, Done, Flag, Item, Section, SeqNo, Uid, UidSet};

pub(super) const CASES: &[Case] = &[
    Case::new("fetch", fetch),
    Case::new("body", fetch_body).and_without(&[&["BINARY"]]),
    Case::new("store", store),
    Case::new("search", search).and_without(&[&["ESEARCH"]]),
    Case::new("unicode", search_in_unicode).and_without(&[&["ESEARCH"]]),
    Case::new("copy", copy).and_without(&[&["UIDPLUS"]]),
    Case::new("move", move_messages).and_without(&[&["MOVE"]]),
    Case::new("expunge", expunge),
    Case::new("chosen", expunge_chosen),
];

/// Two parts, a name and a subject beyond ASCII.
const LETTER: &str = "\
From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.com>
To: ada@example.com
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= aus Wien
Date: Mon, 1 Jun 2026 10:00:00 +0200
Message-ID: <one@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Schöne Grüße!
--x
Content-Type: image/png; name=dot.png
Content-Transfer-Encoding: base64

aGVsbG8=
--x--
";

const PLAIN: &str = "From: bea@example.com\nSubject: Tea\n\nAt four?\n";

fn fetch(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER, PLAIN]);
    visit.open("INBOX");
    let attributes = vec![
        FetchAttribute::Flags,
        FetchAttribute::InternalDate,
        FetchAttribute::Size,
        FetchAttribute::Envelope,
        FetchAttribute::BodyStructure,
    ];
    let (items, _) = visit.session.run(Fetch::new(UidSet::all(), attributes));
    let found = messages(items);
    let [letter, plain] = found.as_slice() else { panic!("{found:?}") };
    let envelope = letter.envelope.as_ref().unwrap();
    assert_eq!(envelope.message_id().as_deref(), Some(b"<one@example.com>".as_slice()));
    let body = letter.body_structure.as_ref().unwrap();
    assert_eq!(body.root().children().count(), 2);
    let (told, size) = (letter.size.unwrap(), LETTER.replace('\n', "\r\n").len() as u64);
    assert!(told == size || (told > size && visit.is_odd(Oddity::KeepsUidsInHeader)), "{told}");
    assert!(letter.internal_date.is_some() && letter.flags.is_some(), "{letter:?}");
    assert_eq!((plain.uid, plain.seq.map(SeqNo::value)), (Uid::new(2), Some(2)));
}

/// Whole, and in windows that don't divide it.
fn fetch_body(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER]);
    visit.open("INBOX");
    let expected = LETTER.replace('\n', "\r\n");
    let whole = FetchAttribute::Body { section: Section::whole(), peek: true, partial: None };
    let whole = body(visit, whole);
    if visit.is_odd(Oddity::KeepsUidsInHeader) {
        let text = String::from_utf8(whole.clone()).unwrap();
        let is_own = |line: &&str| !line.starts_with("X-IMAPbase:") && !line.starts_with("X-UID:");
        assert_eq!(text.split_inclusive('\n').filter(is_own).collect::<String>(), expected);
    } else {
        assert_eq!(whole, expected.as_bytes());
    }
    let windows = (0..=600).step_by(100);
    let joined: Vec<u8> =
        windows.flat_map(|at| body(visit, FetchAttribute::window(Section::whole(), at, 100))).collect();
    assert_eq!(joined, whole);
    assert!(!visit.flags(1).contains(&Flag::Seen), "reading is not marking as read");
}

fn body(visit: &mut Visit<'_>, what: FetchAttribute) -> Vec<u8> {
    let (items, _) = visit.session.run(Fetch::new(set(&[1]), vec![what]));
    let chunk = |item| if let Item::BodyChunk(bytes) = item { Some(bytes) } else { None };
    items.into_iter().filter_map(chunk).flatten().collect()
}

fn store(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[PLAIN]);
    let permanent = visit.open("INBOX").permanent_flags;
    if visit.is_odd(Oddity::NoKeywords) {
        return store_without_keywords(visit);
    }
    let work = Flag::from("Work");
    // RFC 9051 7.1: without `\*` no keyword is kept that is not there yet.
    let is_kept = |flag: &Flag| *flag != work || permanent.as_ref().is_none_or(|it| it.contains(&Flag::Any));
    for (action, flags, expected) in [
        (StoreAction::Add, vec![Flag::Seen, work.clone()], vec![Flag::Seen, work.clone()]),
        (StoreAction::Remove, vec![Flag::Seen], vec![work.clone()]),
        (StoreAction::Replace, vec![Flag::Flagged], vec![Flag::Flagged]),
        (StoreAction::Replace, vec![], vec![]),
    ] {
        let (items, _) = visit.session.run(Store::new(set(&[1]), action, flags));
        let told = messages(items).remove(0).flags.unwrap();
        let kept = visit.flags(1);
        let expected: Vec<Flag> = expected.into_iter().filter(is_kept).collect();
        assert!(expected.iter().all(|flag| told.contains(flag) && kept.contains(flag)), "{told:?} {kept:?}");
        assert_eq!(kept.len(), expected.len(), "{kept:?}");
    }
}

/// One is refused, and the flags of the system's are stored all the same.
fn store_without_keywords(visit: &mut Visit<'_>) {
    let (_, done) = visit.session.attempt(Store::new(set(&[1]), StoreAction::Add, vec![Flag::from("Work")]));
    assert!(matches!(done, Err(CommandError::Bad(_))), "{done:?}");
    visit.session.run(Store::new(set(&[1]), StoreAction::Replace, vec![Flag::Flagged]));
    assert_eq!(visit.flags(1), [Flag::Flagged]);
    visit.session.run(Store::new(set(&[1]), StoreAction::Remove, vec![Flag::Flagged]));
    assert_eq!(visit.flags(1), []);
}

fn search(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER, PLAIN, "Subject: Tea again\n\nPlease.\n"]);
    visit.open("INBOX");
    visit.session.run(Store::new(set(&[2]), StoreAction::Add, vec![Flag::Flagged]));
    let subject = |text: &str| SearchKey::Subject(text.to_owned());
    for (key, expected) in [
        (SearchKey::All, vec![1, 2, 3]),
        (SearchKey::Flagged, vec![2]),
        (SearchKey::Deleted, vec![]),
        (subject("tea"), vec![2, 3]),
        (SearchKey::From("bea@example.com".into()), vec![2]),
        (SearchKey::Body("please".into()), vec![3]),
        (SearchKey::Not(Box::new(subject("tea"))), vec![1]),
        (SearchKey::Or(Box::new(SearchKey::Flagged), Box::new(SearchKey::Larger(200))), vec![1, 2]),
        (SearchKey::And(vec![subject("tea"), SearchKey::Unflagged]), vec![3]),
        (SearchKey::Uid(set(&[1, 3, 99])), vec![1, 3]),
        (SearchKey::Header("Message-ID".into(), "one@".into()), vec![1]),
    ] {
        assert_eq!(found(visit, key.clone()), expected, "{key:?}");
    }
}

fn search_in_unicode(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER, PLAIN]);
    visit.open("INBOX");
    assert_eq!(found(visit, SearchKey::Subject("Grüße".into())), [1]);
    assert_eq!(found(visit, SearchKey::Body("schöne".into())), [1]);
}

fn found(visit: &mut Visit<'_>, key: SearchKey) -> Vec<u32> {
    let (_, done) = visit.session.run(Search::new(key));
    let Done::Found(found) = done else { panic!("{done:?}") };
    let uids = found.all.unwrap_or_default();
    uids.ranges().flat_map(|range| range.start().value()..=range.end().value()).collect()
}

fn copy(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER, PLAIN]);
    visit.open("INBOX");
    let (_, done) = visit.session.run(Copy { set: set(&[2]), mailbox: visit.name("Archive") });
    let Done::Ok(text) = done else { panic!("{done:?}") };
    // Told by itself, whether or not the machine knows that the server can.
    assert!(!visit.tells_uids() || matches!(text.code, Some(Code::CopyUid { .. })), "{text:?}");
    assert_eq!(visit.uids(), [1, 2]);
    visit.open("Archive");
    assert_eq!(visit.uids(), [1]);
}

/// The flags go along, and whatever else is marked as deleted stays.
fn move_messages(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[LETTER, PLAIN, PLAIN]);
    visit.open("INBOX");
    visit.session.run(Store::new(set(&[2]), StoreAction::Add, vec![Flag::Flagged]));
    visit.session.run(Store::new(set(&[3]), StoreAction::Add, vec![Flag::Deleted]));
    let (_, done) = visit.session.run(Move { set: set(&[2]), mailbox: visit.name("Archive") });
    let Done::Ok(text) = done else { panic!("{done:?}") };
    assert!(!visit.tells_uids() || matches!(text.code, Some(Code::CopyUid { .. })), "{text:?}");
    if visit.has("MOVE") || visit.has("UIDPLUS") {
        assert_eq!(visit.uids(), [1, 3]);
    } else {
        // Nobody may remove it without the other that is marked.
        assert_eq!(visit.uids(), [1, 2, 3]);
        assert!(visit.flags(2).contains(&Flag::Deleted));
    }
    visit.open("Archive");
    assert_eq!(visit.uids(), [1]);
    let flags = visit.flags(1);
    assert!(
        flags == [Flag::Flagged] || (flags.is_empty() && visit.is_odd(Oddity::CopiesWithoutFlags)),
        "{flags:?}"
    );
}

fn expunge(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[PLAIN, PLAIN, PLAIN]);
    visit.open("INBOX");
    visit.session.run(Store::new(set(&[1, 3]), StoreAction::Add, vec![Flag::Deleted]));
    visit.session.run(Expunge { set: None });
    assert_eq!(visit.uids(), [2]);
}

/// RFC 4315 section 2.1: only these, whatever else is marked.
fn expunge_chosen(visit: &mut Visit<'_>) {
    visit.fill("INBOX", &[PLAIN, PLAIN, PLAIN]);
    visit.open("INBOX");
    visit.session.run(Store::new(set(&[1, 3]), StoreAction::Add, vec![Flag::Deleted]));
    let (_, done) = visit.session.attempt(Expunge { set: Some(set(&[3])) });
    if visit.has("UIDPLUS") {
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(visit.uids(), [1, 2]);
    } else {
        assert_eq!(done, Err(CommandError::Unsupported(Capability::UidPlus)));
        assert_eq!(visit.uids(), [1, 2, 3]);
    }
}
