//! Bytes in some character set to Unicode. Never fails: what can't be read becomes U+FFFD, and the caller is
//! told.
//!
//! What a label says counts, by `label`; where it says nothing the bytes are looked at (`guess`). Then decoders are
//! asked in this order: our own for what no browser has, the driver's (the browser's `TextDecoder` knows every
//! charset of the WHATWG Encoding Standard), then mail-parser's built-in tables. Those come last because without
//! its `full_encoding` feature (96 KB of tables that each browser has already) mail-parser takes ISO-2022-JP, GBK
//! and their like for UTF-8.

use crate::{guess, label, stateful, tables};
use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;

/// Turns bytes in the charset of this label into text, or gives none where it doesn't know the label.
pub type DecodeCharset = fn(label: &str, bytes: &[u8]) -> Option<String>;

/// Text, and whether its charset was known.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text; what can't be read is U+FFFD.
    pub text: String,
    /// Whether the label was known, or nothing depended on it.
    pub known: bool,
}

/// Decodes `bytes`. An empty label means "nothing was said": then UTF-8 where nearly all of it is, else what the
/// bytes look like.
pub fn decode(label: &str, bytes: &[u8], decoder: Option<DecodeCharset>) -> Decoded {
    let label = label::canonical(label);
    if label.is_empty() {
        return Decoded { text: undeclared(bytes, decoder), known: true };
    }
    if let Some(text) = declared(&label, bytes, decoder) {
        return Decoded { text: without_mark(text), known: true };
    }
    // Nobody knows the label. ASCII and UTF-8 are beyond doubt; all else is most likely Windows-1252.
    match str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_owned(), known: true },
        Err(_) if has_decoder_elsewhere(&label) => {
            Decoded { text: String::from_utf8_lossy(bytes).into_owned(), known: false }
        }
        Err(_) => Decoded { text: windows_1252(bytes, decoder), known: false },
    }
}

/// The text of bytes in a charset of this canonical name.
fn declared(label: &str, bytes: &[u8], decoder: Option<DecodeCharset>) -> Option<String> {
    match label {
        "utf-8" if is_of_another_charset(bytes) => return Some(undeclared(bytes, decoder)),
        "utf-8" => return Some(String::from_utf8_lossy(bytes).into_owned()),
        // Some mailers call UTF-8 "unicode". In UTF-16 every line end has a NUL.
        "utf-16" if is_of_bytes(bytes) => return Some(String::from_utf8_lossy(bytes).into_owned()),
        "utf-16" | "utf-16le" | "utf-16be" => return Some(utf_16(label, bytes)),
        "utf-32" | "utf-32le" => return Some(utf_32(label, bytes)),
        "utf-7" => return charset_decoder(b"utf-7").map(|decode| decode(bytes)),
        _ => {}
    }
    let (label, bytes) = match label {
        "iso-2022-jp" => (label, Cow::Owned(stateful::without_idle_escapes(bytes))),
        "iso-2022-kr" => ("euc-kr", Cow::Owned(stateful::iso_2022_kr(bytes))),
        "hz-gb-2312" => ("gbk", Cow::Owned(stateful::hz(bytes))),
        _ => (label, Cow::Borrowed(bytes)),
    };
    if let Some(text) = tables::decode(label, &bytes).or_else(|| decoder?(label, &bytes)) {
        return Some(text);
    }
    let hyphens = label.replace('_', "-");
    if let Some(text) = decoder.and_then(|decode| decode(&hyphens, &bytes)) {
        return Some(text);
    }
    charset_decoder(label.as_bytes()).filter(|_| !has_decoder_elsewhere(label)).map(|decode| decode(&bytes))
}

/// The text of bytes whose charset nobody told.
fn undeclared(bytes: &[u8], decoder: Option<DecodeCharset>) -> String {
    match guess::charset(bytes) {
        "utf-8" => without_mark(String::from_utf8_lossy(bytes).into_owned()),
        label => match declared(label, bytes, decoder) {
            Some(text) if guess::is_sure(label) || !text.contains('\u{fffd}') => without_mark(text),
            _ => windows_1252(bytes, decoder),
        },
    }
}

fn windows_1252(bytes: &[u8], decoder: Option<DecodeCharset>) -> String {
    // Latin-1 is what is left without any table.
    declared("windows-1252", bytes, decoder)
        .unwrap_or_else(|| bytes.iter().copied().map(char::from).collect())
}

/// A byte-order mark is no text.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Whether none of what is beyond ASCII is UTF-8, and there is more of it than an accident: then the label is wrong.
fn is_of_another_charset(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += usize::from(!chunk.valid().is_ascii());
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid == 0 && invalid >= 2
}

/// Whether it is a text of lines or words in UTF-8, and so not in UTF-16.
fn is_of_bytes(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && bytes.iter().any(|byte| b" \n".contains(byte)) && str::from_utf8(bytes).is_ok()
}

/// RFC 2781 section 4.3: the mark decides, and without one big-endian; but most who leave it out write little-endian,
/// and in nearly all text one half of the bytes says which.
fn utf_16(label: &str, bytes: &[u8]) -> String {
    let is_little = match (label, bytes) {
        (_, [0xff, 0xfe, ..]) => true,
        (_, [0xfe, 0xff, ..]) => false,
        ("utf-16", _) => guess::is_little_endian(bytes),
        (label, _) => label == "utf-16le",
    };
    let unit = |pair: &[u8]| match *pair {
        [first, second] if is_little => u16::from_le_bytes([first, second]),
        [first, second] => u16::from_be_bytes([first, second]),
        // Half a character at the end.
        _ => 0xfffd,
    };
    char::decode_utf16(bytes.chunks(2).map(unit)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf_32(label: &str, bytes: &[u8]) -> String {
    let is_little = label == "utf-32le" || bytes.starts_with(&[0xff, 0xfe, 0, 0]);
    let one = |four: &[u8]| {
        let four = <[u8; 4]>::try_from(four).unwrap_or([0xff; 4]);
        let code = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    bytes.chunks(4).map(one).collect()
}

/// The charsets that are known, but only to the driver's decoder.
fn has_decoder_elsewhere(label: &str) -> bool {
    matches!(label, "iso-2022-jp" | "gbk" | "gb18030" | "big5" | "euc-jp" | "euc-kr" | "shift_jis")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What a browser's `TextDecoder` does: it has no decoder for what the standard replaces.
    pub(crate) fn text_decoder(label: &str, bytes: &[u8]) -> Option<String> {
        let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
        Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
    }

    fn check(label: &str, bytes: &[u8], expected: &str, known: bool) {
        let expected = Decoded { text: expected.to_owned(), known };
        assert_eq!(decode(label, bytes, Some(text_decoder)), expected, "{label}");
    }

    #[test]
    fn decodes_with_the_drivers_decoder() {
        check("", b"plain", "plain", true);
        check("us-ascii", "Grüße".as_bytes(), "Grüße", true);
        check("us-ascii", b"caf\xe9", "café", true);
        check("UTF-8", "Łódź".as_bytes(), "Łódź", true);
        check("utf-8", b"a\xffb", "a\u{fffd}b", true);
        check("iso-8859-1", b"caf\xe9", "café", true);
        check("ISO-2022-JP", b"\x1b$B%O%m!<\x1b(B", "ハロー", true);
        check("gbk", b"\xc4\xe3\xba\xc3", "你好", true);
        check("Shift_JIS", b"\x83n\x83\x8D", "ハロ", true);
        check("euc-kr", b"\xbe\xc8\xb3\xe7", "안녕", true);
        check("utf-7", b"+ZYeB9FH6ckg-", "文致出版", true);
        check("x-nonsense", b"a\xffb", "aÿb", false);
        check("x-nonsense", "Grüße".as_bytes(), "Grüße", true);
        check("x-nonsense", b"ascii all the same", "ascii all the same", true);
    }

    #[test]
    fn charsets_that_no_browser_has() {
        check("ibm850", b"Gr\x81\xe1e", "Grüße", true);
        check("cp-850", b"Gr\x81\xe1e", "Grüße", true);
        check("iso-2022-kr", b"\x1b$)C\x0e>H3g\x0f hi", "안녕 hi", true);
        check("hz-gb-2312", b"~{Dc:C~} ~~", "你好 ~", true);
        check("x-mac-cyrillic", b"\x8f\xf0\xe8\xe2\xe5\xf2", "Привет", true);
        check("unicode-1-1-utf-7", b"+ZYeB9FH6ckg-", "文致出版", true);
    }

    #[test]
    fn byte_order_marks_are_read_and_dropped() {
        check("utf-8", b"\xef\xbb\xbfhi", "hi", true);
        check("", b"\xef\xbb\xbfhi", "hi", true);
        check("utf-16", b"\xff\xfeh\0i\0", "hi", true);
        check("utf-16", b"\xfe\xff\0h\0i", "hi", true);
        check("", b"\xff\xfeh\0i\0", "hi", true);
        check("utf-16", b"h\0i\0", "hi", true);
        check("utf-16", b"\0h\0i", "hi", true);
        check("utf-16le", b"h\0i\0", "hi", true);
        check("utf-32", b"\0\0\0h\0\0\0i", "hi", true);
    }

    #[test]
    fn one_foreign_byte_leaves_utf_8_readable() {
        let text =
            [b"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 ".as_slice(), b"\xfc", b" mir"].concat();
        check("", &text, "Привет \u{fffd} mir", true);
        check("us-ascii", &text, "Привет \u{fffd} mir", true);
    }

    #[test]
    fn undeclared_utf_8_may_be_cut_in_a_character() {
        let greek = "Καλημέρα".as_bytes();
        check("", &greek[..greek.len() - 1], "Καλημέρ\u{fffd}", true);
        check("", &"é".as_bytes()[..1], "Ã", true);
    }

    #[test]
    fn undeclared_text_is_guessed() {
        check("", b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0", "Привет, мир", true);
        check("", b"\xf0\xd2\xc9\xd7\xc5\xd4, \xcd\xc9\xd2", "Привет, мир", true);
        check("", b"\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7", "你好世界", true);
        check("", b"Fr\xe9d\xe9ric \xe0 No\xebl", "Frédéric à Noël", true);
        check("", b"\x1b$B%O%m!<\x1b(B", "ハロー", true);
    }

    #[test]
    fn without_a_decoder_the_single_byte_tables_still_work() {
        let decoded = decode("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", None);
        assert_eq!(decoded, Decoded { text: "Привет".to_owned(), known: true });
        assert!(!decode("gbk", b"\xc4\xe3\xba\xc3", None).known);
    }
}
