//! Bytes in some character set to Unicode. Never fails: what can't be read becomes U+FFFD, and the caller is
//! told.
//!
//! The order is: UTF-8 where the bytes are valid UTF-8, the driver's decoder (the browser's `TextDecoder` knows
//! every charset of the WHATWG Encoding Standard), then mail-parser's built-in tables. Those come last because
//! without its `full_encoding` feature (96 KB of tables that each browser has already) mail-parser takes
//! ISO-2022-JP, GBK and their like for UTF-8.

use mail_parser::decoders::charsets::map::charset_decoder;

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

/// Decodes `bytes`. An empty label means "nothing was said": UTF-8 where valid, else Windows-1252.
pub fn decode(label: &str, bytes: &[u8], decoder: Option<DecodeCharset>) -> Decoded {
    let label = label.trim().to_ascii_lowercase();
    // ISO-2022-JP, HZ and UTF-7 look like ASCII, so that "valid UTF-8" says nothing about them.
    if !is_seven_bit(&label)
        && let Ok(text) = str::from_utf8(bytes)
        && (is_ascii_or_utf8(&label) || text.is_ascii())
    {
        return Decoded { text: text.to_owned(), known: true };
    }
    let label = if is_ascii(&label) { "windows-1252" } else { label.as_str() };
    if let Some(text) = decoder.and_then(|decode| decode(label, bytes)) {
        return Decoded { text, known: true };
    }
    if let Some(decode) = charset_decoder(label.as_bytes()).filter(|_| !needs_tables(label)) {
        return Decoded { text: decode(bytes), known: true };
    }
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), known: is_ascii_or_utf8(label) }
}

fn is_ascii_or_utf8(label: &str) -> bool {
    is_ascii(label) || matches!(label, "utf-8" | "utf8" | "unicode-1-1-utf-8")
}

fn is_ascii(label: &str) -> bool {
    matches!(label, "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "7bit" | "8bit" | "default")
}

fn is_seven_bit(label: &str) -> bool {
    label.starts_with("iso-2022-")
        || label.starts_with("csiso2022")
        || matches!(label, "hz-gb-2312" | "utf-7")
}

/// The charsets whose mail-parser decoder needs `full_encoding` to be right.
fn needs_tables(label: &str) -> bool {
    const STEMS: [&str; 14] = [
        "iso-2022",
        "csiso2022",
        "gb",
        "csgb",
        "cp936",
        "big5",
        "csbig5",
        "euc-",
        "cseuc",
        "ks_c",
        "shift",
        "sjis",
        "hz-",
        "chinese",
    ];
    STEMS.iter().any(|stem| label.starts_with(stem)) || matches!(label, "windows-31j" | "ms_kanji" | "korean")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What a browser's `TextDecoder` does.
    pub(crate) fn text_decoder(label: &str, bytes: &[u8]) -> Option<String> {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
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
        check("x-nonsense", b"a\xffb", "a\u{fffd}b", false);
        check("x-nonsense", b"ascii all the same", "ascii all the same", true);
    }

    #[test]
    fn without_a_decoder_the_single_byte_tables_still_work() {
        let decoded = decode("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", None);
        assert_eq!(decoded, Decoded { text: "Привет".to_owned(), known: true });
        assert!(!decode("gbk", b"\xc4\xe3\xba\xc3", None).known);
    }
}
