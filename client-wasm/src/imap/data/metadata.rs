//! METADATA entries. RFC 5464.

use postern_protocol::imap::Entry;

/// An entry's name and its value as text.
pub(crate) fn name_and_text(entry: Entry) -> (String, Option<String>) {
    let text = |value: Box<[u8]>| String::from_utf8_lossy(&value).into_owned();
    (entry.name.into(), entry.value.map(text))
}
