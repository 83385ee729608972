//! Texts of the wire as JavaScript's strings.

use crate::charset;
use postern_mime::decode_words;

/// Text that is ASCII by its nature.
pub(crate) fn plain(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

pub(crate) fn lower(text: &[u8]) -> String {
    plain(text).to_ascii_lowercase()
}

/// Text with RFC 2047 words in it.
pub(crate) fn decoded(text: &[u8]) -> String {
    decode_words(text, Some(charset::decode))
}

/// Flags and attributes as the wire has them, backslash and all.
pub(crate) fn names_of<T: ToString>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(|name| name.to_string()).collect()
}
