//! Header texts in the form in which they are compared: encoded words decoded, spaces made one, case set aside.
//!
//! RFC 5256 section 2.1 step 1. No decoder is at hand here, so words in a charset that this crate has no table of stay as
//! they came: equal ones are still equal, and different ones never become the same row of U+FFFD.

use crate::words;

/// A header's text, decoded, with every run of spaces, tabs and line ends made one space.
pub fn text(raw: &[u8]) -> String {
    let decoded = words::decode_known(raw);
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
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).collect()
}

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
        check("=?koi8-r?b?0MnT2M3P?= =?x", "письмо =?x");
        check("=?utf-8?x?a?= =?utf-8?q?a b?=", "=?utf-8?x?a?= a b");
        check("=?utf-8?q?=C3=zz?= = ?", "\u{fffd}=zz = ?");
    }

    /// Decoded without a table, "你好" and "再见" would be the same.
    #[test]
    fn words_in_a_charset_without_a_table_stay_as_they_came() {
        check("Re: =?gbk?b?xOM=?=  =?GBK?b?usM=?= !", "Re: =?gbk?b?xOM=?= =?GBK?b?usM=?= !");
        assert_ne!(text(b"=?gbk?b?xOO6ww==?="), text(b"=?gbk?b?1Nm8+w==?="));
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
