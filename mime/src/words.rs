//! Encoded words (RFC 2047) in subjects, names and file names. Never fails: what is no encoded word stays.
//!
//! mail-parser has a decoder of its own, but it decodes word by word, and many mailers cut a multi-byte
//! character in two: here neighbours of one charset are joined before they are decoded.

use crate::base64::Base64;
use crate::charset::{self, DecodeCharset};
use crate::quoted_printable::QuotedPrintable;
use crate::{guess, label, stateful};
use std::ops::Range;

/// Decodes the encoded words of a header value. Raw 8-bit text is UTF-8 where nearly all of it is, else guessed.
pub fn decode(raw: &[u8], decoder: Option<DecodeCharset>) -> String {
    decode_beside(raw, "", decoder)
}

/// Like [`decode`], of a message whose body says that it is in the charset `beside`: raw 8-bit text that is not UTF-8
/// is most likely in the same.
pub fn decode_beside(raw: &[u8], beside: &str, decoder: Option<DecodeCharset>) -> String {
    let text = raw_text(raw, beside, decoder);
    decode_text(&text, |_, run, out| out.push_str(&charset::decode(run.charset, &run.bytes, decoder).text))
}

/// Decodes the encoded words whose charset is known without a decoder; the others stay as they came.
pub(crate) fn decode_known(raw: &[u8]) -> String {
    decode_text(&raw_text(raw, "", None), |as_it_came, run, out| {
        let decoded = charset::decode(run.charset, &run.bytes, None);
        out.push_str(if decoded.known { &decoded.text } else { as_it_came });
    })
}

/// Encoded words of one charset that stand side by side.
struct Run<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// From where the first begins to where the last ends.
    place: Range<usize>,
}

/// Copies `text`, and has `write` write each run of encoded words, which it is also given as it came.
fn decode_text(text: &str, write: impl Fn(&str, &Run<'_>, &mut String)) -> String {
    let mut out = String::new();
    let mut pending: Option<Run<'_>> = None;
    let flush = |run: Option<Run<'_>>, out: &mut String| {
        if let Some(run) = run {
            write(&text[run.place.clone()], &run, out);
        }
    };
    // Behind the last end there is no word. Looked for once: else each beginning without an end would look through all.
    let (head, tail) = text.split_at(text.rfind("?=").map_or(0, |end| end + 2));
    let mut rest = head;
    while let Some((before, word, after)) = next_word(rest) {
        let place = head.len() - rest.len() + before.len()..head.len() - after.len();
        // RFC 2047 6.2: white space between two encoded words is not shown.
        if pending.is_none() || !before.trim().is_empty() {
            flush(pending.take(), &mut out);
            out.push_str(before);
        }
        match &mut pending {
            Some(run) if run.charset.eq_ignore_ascii_case(word.charset) => {
                match label::canonical(run.charset).as_str() {
                    "iso-2022-jp" => stateful::join_iso_2022_jp(&mut run.bytes, &word.bytes),
                    _ => run.bytes.extend(word.bytes),
                }
                run.place.end = place.end;
            }
            _ => {
                flush(pending.take(), &mut out);
                pending = Some(Run { charset: word.charset, bytes: word.bytes, place });
            }
        }
        rest = after;
    }
    flush(pending, &mut out);
    out.push_str(rest);
    out.push_str(tail);
    out
}

/// A header's bytes as text, with its encoded words left as they are.
pub(crate) fn raw_text(raw: &[u8], beside: &str, decoder: Option<DecodeCharset>) -> String {
    // Text in UTF-16 and its like can't be a header's.
    let is_usable = !raw.is_ascii() && !guess::is_utf_8(raw) && !label::canonical(beside).starts_with("utf-");
    charset::decode(if is_usable { beside } else { "" }, raw, decoder).text
}

/// One line fit for a list or a title: no line break, control or bidi-override character, no outer space.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !is_deceptive(*c)));
    }
    out
}

/// Characters that reorder or hide what stands around them (bidi embeddings, overrides and isolates, zero-width
/// and byte-order marks): a sender's name or a file's extension must not be dressed up with them.
pub fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

/// The first encoded word of `text`, with what stands before and after it.
fn next_word(text: &str) -> Option<(&str, Word<'_>, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("=?") {
        let start = from + found;
        if let Some((word, after)) = parse_word(&text[start..]) {
            return Some((&text[..start], word, after));
        }
        from = start + 2;
    }
    None
}

/// `encoded-word = "=?" charset "?" encoding "?" encoded-text "?="`, the charset with an optional `*language`
/// (RFC 2231 section 5). Spaces inside the text are forgiven: many mailers leave them.
fn parse_word(text: &str) -> Option<(Word<'_>, &str)> {
    let rest = text.strip_prefix("=?")?;
    let (charset, rest) = rest.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let is_base64 = encoding.eq_ignore_ascii_case("b");
    let is_known = is_base64 || encoding.eq_ignore_ascii_case("q");
    if !is_known || charset.is_empty() || charset.contains(char::is_whitespace) {
        return None;
    }
    let (data, after) = rest.split_once("?=")?;
    let charset = charset.split('*').next().unwrap_or(charset);
    let bytes = match is_base64 {
        true => Base64::decode_all(data.as_bytes()),
        false => QuotedPrintable::decode_all(data.replace(['_', ' '], "=20").as_bytes()),
    };
    Some((Word { charset, bytes }, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn check(raw: &[u8], expected: &str) {
        assert_eq!(decode(raw, Some(text_decoder)), expected);
    }

    #[test]
    fn decodes_what_mailers_send() {
        check(b"Hello", "Hello");
        check(b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße");
        check(b"=?iso-8859-1?Q?Keld_J=F8rn_Simonsen?= <k>", "Keld Jørn Simonsen <k>");
        check(b"=?UTF-8?B?R3LDvMOfZQ==?= =?UTF-8?B?IGF1cw==?=", "Grüße aus");
        check(b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c");
        check(b"=?iso-2022-jp?b?GyRCJU8lbSE8GyhC?=", "ハロー");
        check(b"=?ISO-8859-1*en?Q?a?=", "a");
        check(b"=?utf-8?q?left open", "=?utf-8?q?left open");
        check(b"=?utf-8?q?a_?= =?utf-8?q?b?=", "a b");
        check(b"=?utf-8?x?what?=", "=?utf-8?x?what?=");
        check(b"1 =? 2 =?utf-8?q?=E2=82=AC?=", "1 =? 2 €");
        check(b"caf\xe9", "café");
    }

    #[test]
    fn a_character_cut_between_two_words_is_joined() {
        check(b"=?utf-8?q?=E2=82?= =?utf-8?q?=AC?=", "€");
        check(b"=?gbk?b?xOM=?=\r\n =?GBK?b?usM=?=", "你好");
    }

    #[test]
    fn words_of_iso_2022_jp_have_their_own_escapes() {
        check(b"=?ISO-2022-JP?B?GyRCJU8bKEI=?= =?ISO-2022-JP?B?GyRCJW0bKEI=?=", "ハロ");
        // A character cut between them.
        check(b"=?ISO-2022-JP?B?GyRCJU8l?= =?ISO-2022-JP?B?bRsoQg==?=", "ハロ");
        // The first does not switch back.
        check(b"=?ISO-2022-JP?B?GyRCJU8=?= =?ISO-2022-JP?Q?a?=", "ハa");
    }

    #[test]
    fn raw_text_is_in_the_charset_of_the_body() {
        let beside = |raw: &[u8], charset| decode_beside(raw, charset, Some(text_decoder));
        assert_eq!(beside(b"\xd1\xf7\xb8\xf2", "windows-1251"), "Счёт");
        assert_eq!(beside("Счёт".as_bytes(), "windows-1251"), "Счёт");
        assert_eq!(beside(b"caf\xe9", "utf-8"), "café");
        assert_eq!(beside(b"caf\xe9", "us-ascii"), "café");
        assert_eq!(beside(b"\xb1=?utf-8?q?=C3=A9?=", "iso-8859-2"), "ąé");
    }

    #[test]
    fn one_line_hides_what_deceives() {
        assert_eq!(one_line(" a\r\n\tb\0c "), "a b c");
        assert_eq!(one_line("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(one_line("\u{200b}"), "");
    }
}
