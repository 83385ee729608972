//! Notes on mailboxes. RFC 5464.

use postern_protocol::imap::Entry;

/// A note's name and its text.
pub(crate) fn note(entry: Entry) -> (String, Option<String>) {
    let text = |value: Box<[u8]>| String::from_utf8_lossy(&value).into_owned();
    (entry.name.into(), entry.value.map(text))
}
