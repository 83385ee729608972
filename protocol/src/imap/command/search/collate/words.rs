//! Header texts as people read them: encoded words decoded, spaces made one, case set aside.
//!
//! RFC 2047; RFC 5256 section 2.1 step 1. UTF-8, US-ASCII and ISO-8859-1 are decoded; words in other charsets stay
//! as they came, which still brings equal ones together. Tables of charsets are the business of whoever shows mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::borrow::Cow;

/// A header's text, decoded, with every run of spaces, tabs and line ends made one space.
pub(crate) fn text(raw: &[u8]) -> String {
    let decoded = decode(raw);
    let mut text = String::with_capacity(decoded.len());
    for word in decoded.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The form in which texts are compared: i;unicode-casemap (RFC 5051), without its decompositions.
pub(crate) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

/// RFC 2047 section 6.2: white space between two encoded words is not part of the text.
fn decode(raw: &[u8]) -> Cow<'_, str> {
    let Some(first) = memchr::memmem::find(raw, b"=?") else { return String::from_utf8_lossy(raw) };
    let mut text = String::from_utf8_lossy(&raw[..first]).into_owned();
    let mut rest = &raw[first..];
    // Spaces behind an encoded word, which count only if no other one follows.
    let mut spaces: &[u8] = &[];
    while let Some(&byte) = rest.first() {
        if let Some((word, behind)) = rest.starts_with(b"=?").then(|| encoded_word(rest)).flatten() {
            text.push_str(&word);
            let blank = behind.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            (spaces, rest) = behind.split_at(blank);
            continue;
        }
        text.push_str(&String::from_utf8_lossy(std::mem::take(&mut spaces)));
        let from = usize::from(byte == b'=');
        let next = memchr::memmem::find(&rest[from..], b"=?").map_or(rest.len(), |at| at + from);
        text.push_str(&String::from_utf8_lossy(&rest[..next]));
        rest = &rest[next..];
    }
    Cow::Owned(text)
}

/// `encoded-word = "=?" charset "?" encoding "?" encoded-text "?="`, and what stands behind it.
fn encoded_word(raw: &[u8]) -> Option<(String, &[u8])> {
    // RFC 2047 section 2: at most 75 octets. Mailers write longer ones, but none without end.
    let raw_head = &raw[..raw.len().min(LONGEST)];
    let mut parts = raw_head.strip_prefix(b"=?")?.splitn(3, |&byte| byte == b'?');
    let (charset, encoding, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let end = memchr::memmem::find(encoded, b"?=")?;
    let behind = &raw[2 + charset.len() + 1 + encoding.len() + 1 + end + 2..];
    let encoded = &encoded[..end];
    if encoded.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let bytes = match encoding {
        b"B" | b"b" => STANDARD_NO_PAD.decode(without_padding(encoded)).ok()?,
        b"Q" | b"q" => unquoted(encoded),
        _ => return None,
    };
    // RFC 2231 section 5: a language may follow the charset.
    let charset = charset.split(|&byte| byte == b'*').next()?;
    let is = |name: &str| charset.eq_ignore_ascii_case(name.as_bytes());
    let text = if is("utf-8") || is("us-ascii") {
        String::from_utf8_lossy(&bytes).into_owned()
    } else if is("iso-8859-1") {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        return None;
    };
    Some((text, behind))
}

/// Some mailers leave it out, so it counts for nothing.
fn without_padding(encoded: &[u8]) -> &[u8] {
    let end = encoded.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    &encoded[..end]
}

/// RFC 2047 section 4.2.
fn unquoted(encoded: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'_', _) => bytes.push(b' '),
            (b'=', [high, low, behind @ ..]) if digit(*high).is_some() && digit(*low).is_some() => {
                bytes.push(digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0));
                rest = behind;
            }
            _ => bytes.push(byte),
        }
    }
    bytes
}

/// Longer ones are taken as plain text, so that many beginnings without an end cost little.
const LONGEST: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(text(raw.as_bytes()), expected);
    }

    #[test]
    fn encoded_words_and_spaces() {
        check("plain", "plain");
        check("  a \t b\r\n c ", "a b c");
        check("=?UTF-8?Q?Entw=C3=BCrfe_1?=", "Entwürfe 1");
        check("=?utf-8?b?RW50d8O8cmZl?= =?iso-8859-1*de?q?_f=FCr?= dich", "Entwürfe für dich");
        check("a =?utf-8?b?YQ==?= b", "a a b");
        check("=?koi8-r?b?YQ==?= =?x", "=?koi8-r?b?YQ==?= =?x");
        check("=?utf-8?x?a?= =?utf-8?q?a b?= =?utf-8?b?!?=", "=?utf-8?x?a?= =?utf-8?q?a b?= =?utf-8?b?!?=");
        check("=?utf-8?q?=C3=zz?= = ?", "\u{fffd}=zz = ?");
    }

    /// S3: many beginnings, none of them a word.
    #[test]
    fn s3_beginnings_without_end_stay_linear() {
        let raw = "=?utf-8?q?x".repeat(100_000);
        assert!(text(raw.as_bytes()) == raw);
    }

    #[test]
    fn case_is_set_aside() {
        assert_eq!(folded("Grüße_"), "GRÜSSE_");
        assert!(folded("b") > folded("A"));
    }
}
