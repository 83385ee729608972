//! Putting messages into mailboxes: in memory or as a stream, one or many, in the place of another.

use super::accounts::where_it_can;
use super::{Case, Visit, set};
use crate::nature::Oddity;
use postern_protocol::imap::command::{
    Append, CatenatePart, Fetch, FetchAttribute, NewMessage, Octets, Replace,
};
use postern_protocol::imap::{
    Appended, CommandError, DateTime, Done, Event, Flag, Item, Section, Uid, UidSet,
};

pub(super) const CASES: &[Case] = &[
    Case::new("append", append).and_without(&[&["LITERAL+"], &["LITERAL+", "UIDPLUS", "APPENDLIMIT"]]),
    Case::new("many", append_many).and_without(&[&["MULTIAPPEND"], &["MULTIAPPEND", "LITERAL+"]]),
    Case::new("stream", append_stream).and_without(&[&["LITERAL+"]]),
    Case::new("nowhere", append_nowhere).and_without(&[&["LITERAL+"]]),
    Case::new("catenate", catenate).and_without(&[&["LITERAL+"], &["CATENATE"]]),
    Case::new("replace", replace).and_without(&[&["REPLACE"]]),
];

const MESSAGE: &[u8] = b"Subject: Tea\r\n\r\nAt four?\r\n";

fn append(visit: &mut Visit<'_>) {
    let received = DateTime { unix_seconds: 1_700_000_000, offset_minutes: 120 };
    let message = NewMessage::from(MESSAGE.to_vec()).flags([Flag::Seen, Flag::Draft]).received(received);
    let appended = stored(visit.session.run(Append::new(visit.name("Drafts"), message)).1);
    assert_eq!((appended.count, appended.uids), (1, told(visit, &[1])));

    let uid_validity = visit.open("Drafts").uid_validity;
    assert!(appended.uid_validity.is_none() || appended.uid_validity == uid_validity);
    let flags = visit.flags(1);
    assert!(flags.len() == 2 && flags.contains(&Flag::Seen) && flags.contains(&Flag::Draft), "{flags:?}");
    let (items, _) = visit.session.run(Fetch::new(set(&[1]), vec![FetchAttribute::InternalDate]));
    let date = super::messages(items).remove(0).internal_date.unwrap();
    let off = date.unix_seconds - received.unix_seconds;
    assert!(off == 0 || (off == 7200 && visit.is_odd(Oddity::LosesTimeZones)), "{date:?}");
}

fn append_many(visit: &mut Visit<'_>) {
    let messages = vec![NewMessage::from(MESSAGE.to_vec()); 3];
    let appended = stored(visit.session.run(Append { mailbox: visit.name("INBOX"), messages }).1);
    assert_eq!((appended.count, appended.uids), (3, told(visit, &[1, 2, 3])));
}

/// More than any buffer on the way holds.
fn append_stream(visit: &mut Visit<'_>) {
    let line = [b"x".repeat(1022), b"\r\n".to_vec()].concat();
    let size = 18 + 2048 * line.len();
    let message = [b"Subject: Large\r\n\r\n".to_vec(), line.repeat(2048)].concat();
    let mut rest = message.as_slice();
    let id = visit.session.send(Append::new(visit.name("INBOX"), NewMessage::stream(size as u64)));
    let done = loop {
        match visit.session.next() {
            Event::Item(of, Item::Wanted(octets)) if of == id => {
                let (chunk, left) = rest.split_at(octets.min(rest.len()));
                let now = visit.session.now();
                visit.session.connection.append_chunk(id, chunk, now).unwrap();
                rest = left;
            }
            Event::Done(of, done) if of == id => break done.unwrap(),
            _ => {}
        }
    };
    assert_eq!(stored(done).count, 1);
    visit.open("INBOX");
    let (items, _) = visit.session.run(Fetch::new(set(&[1]), vec![FetchAttribute::Size]));
    let told = super::messages(items).remove(0).size.unwrap();
    assert!(told == size as u64 || (told > size as u64 && visit.is_odd(Oddity::KeepsUidsInHeader)), "{told}");
}

/// A refusal, before or behind the bytes, costs no connection.
fn append_nowhere(visit: &mut Visit<'_>) {
    let (_, done) = visit.session.attempt(Append::new(visit.name("No such mailbox"), MESSAGE.to_vec()));
    assert!(matches!(done, Err(CommandError::Refused(_))), "{done:?}");
    assert_eq!(visit.open("INBOX").exists, 0);
}

/// A header that the server has, and a body from here.
fn catenate(visit: &mut Visit<'_>) {
    visit.fill("Drafts", &["Subject: Tea\n\nAt four?\n"]);
    let uid_validity = visit.open("Drafts").uid_validity.unwrap().value();
    let header = CatenatePart::Url(format!("/Drafts;UIDVALIDITY={uid_validity}/;UID=1/;SECTION=HEADER"));
    let body = CatenatePart::Text(Octets::Here(b"At five, then.\r\n".to_vec()));
    let command = Append::new(visit.name("Drafts"), NewMessage::catenate([header, body]));
    if where_it_can(visit, "CATENATE", command).is_none() {
        return;
    }
    let whole = FetchAttribute::section(Section::whole());
    let (items, _) = visit.session.run(Fetch::new(set(&[2]), vec![whole]));
    let chunk = |item| if let Item::BodyChunk(bytes) = item { Some(bytes) } else { None };
    let message: Vec<u8> = items.into_iter().filter_map(chunk).flatten().collect();
    assert_eq!(message, b"Subject: Tea\r\n\r\nAt five, then.\r\n");
}

fn replace(visit: &mut Visit<'_>) {
    visit.fill("Drafts", &["Subject: One\n\n", "Subject: Two\n\n"]);
    visit.open("Drafts");
    let message = NewMessage::from(MESSAGE.to_vec()).flags([Flag::Draft]);
    let command = Replace { uid: Uid::new(1).unwrap(), mailbox: visit.name("Drafts"), message };
    let appended = stored(visit.session.run(command).1);
    assert_eq!((appended.count, appended.uids), (1, told(visit, &[3])));
    if visit.has("UIDPLUS") || visit.has("REPLACE") {
        assert_eq!(visit.uids(), [2, 3]);
    } else {
        assert_eq!((visit.uids(), visit.flags(1)), (vec![1, 2, 3], vec![Flag::Deleted]));
    }
}

/// These UIDs, of a server that tells any.
fn told(visit: &Visit<'_>, uids: &[u32]) -> UidSet {
    if visit.tells_uids() { set(uids) } else { UidSet::new() }
}

fn stored(done: Done) -> Appended {
    let Done::Appended(appended) = done else { panic!("{done:?}") };
    appended
}
