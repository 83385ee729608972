//! Texts of the wire as JavaScript's strings.

use crate::charset;
use postern_mime::decode_words;

/// Text that is ASCII by its nature.
pub(crate) fn plain(text: &[u8]) -> String {
    match str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(text).into_owned(),
    }
}

pub(crate) fn lower(text: &[u8]) -> String {
    let mut text = plain(text);
    text.make_ascii_lowercase();
    text
}

/// Text with RFC 2047 words in it.
pub(crate) fn decoded(text: &[u8]) -> String {
    if is_bare(text) { plain(text) } else { decode_words(text, Some(charset::decode)) }
}

/// Whether there is nothing in it to decode: nearly always, and to look is much cheaper than to decode. ASCII alone is no
/// proof, since a shift (ESC) may begin another charset.
pub(crate) fn is_bare(text: &[u8]) -> bool {
    text.is_ascii() && !text.contains(&0x1b) && !text.windows(2).any(|pair| pair == b"=?")
}

/// Flags and attributes as the wire has them, backslash and all.
pub(crate) fn names_of<T: ToString>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(|name| name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_text_is_what_decoding_leaves_alone() {
        for text in ["", "Lunch?", "a = b?", "tab\t\u{1}", "100%25", "~{<:Ky2;S{#,NpJ)l6HK!#~}", "+AOk-"] {
            assert!(is_bare(text.as_bytes()), "{text}");
            assert_eq!(decoded(text.as_bytes()), decode_words(text.as_bytes(), None), "{text}");
        }
        for text in ["=?utf-8?Q?=C3=A9?=", "\x1b$B$\"\x1b(B", "é"] {
            assert!(!is_bare(text.as_bytes()), "{text}");
        }
    }
}
