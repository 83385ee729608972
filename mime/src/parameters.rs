//! Parameters of `Content-Type` and `Content-Disposition`: charset, file name. RFC 2231's continuations and
//! charsets, and the encoded words that most mailers use instead (against RFC 2047 section 5).

use crate::charset::{self, DecodeCharset};
use crate::{label, words};

/// Parameters as they came: name and value.
pub type Parameters = Vec<(String, Vec<u8>)>;

/// The value of the parameter `name`, decoded.
///
/// ```
/// let parameters = vec![("filename*".to_owned(), b"UTF-8''%E2%82%AC.pdf".to_vec())];
/// assert_eq!(postern_mime::parameter(&parameters, "filename", None).as_deref(), Some("€.pdf"));
/// ```
pub fn value(parameters: &Parameters, name: &str, decoder: Option<DecodeCharset>) -> Option<String> {
    extended(parameters, name, decoder).or_else(|| Some(plain(find(parameters, name)?, decoder)))
}

fn find<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a [u8]> {
    parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
}

/// A value without RFC 2231: encoded words, or percent escapes as in a URL, which are meant where they make UTF-8
/// beyond ASCII: a file may well be called `100%25.pdf`.
fn plain(raw: &[u8], decoder: Option<DecodeCharset>) -> String {
    let unescaped = percent_decoded(raw);
    match String::from_utf8(unescaped) {
        Ok(text) if raw.is_ascii() && !text.is_ascii() => text,
        _ => words::decode(raw, decoder),
    }
}

/// `name*=charset'language'value`, or `name*0*=`, `name*1=` … joined (RFC 2231 sections 3 and 4).
fn extended(parameters: &Parameters, name: &str, decoder: Option<DecodeCharset>) -> Option<String> {
    // Nearly always so: no piece needs to be looked for.
    if !parameters.iter().any(|(key, _)| key.contains('*')) {
        return None;
    }
    let (mut bytes, mut charset) = (Vec::new(), String::new());
    if let Some(raw) = find(parameters, &format!("{name}*")) {
        append_encoded(raw, &mut charset, &mut bytes);
    } else {
        // Some count from 1.
        let first = usize::from(continuation(parameters, name, 0).is_none());
        for number in first..MOST_PIECES {
            match continuation(parameters, name, number) {
                Some((raw, Encoding::Percent)) => append_encoded(raw, &mut charset, &mut bytes),
                Some((raw, Encoding::None)) => bytes.extend_from_slice(raw),
                // One was lost on the way; what follows is no less of the name.
                None => {}
            }
        }
    }
    match charset.as_str() {
        "" if bytes.is_empty() => None,
        // Some mailers cut encoded words into continuations, or put them where an extended value belongs.
        _ if bytes.is_ascii() && bytes.starts_with(b"=?") => Some(words::decode(&bytes, decoder)),
        "" => Some(words::decode(&bytes, decoder)),
        charset => Some(charset::decode(charset, &bytes, decoder).text),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    Percent,
}

/// The piece of this number: `name*1*`, `name*1`, or `name*01`.
fn continuation<'a>(parameters: &'a Parameters, name: &str, number: usize) -> Option<(&'a [u8], Encoding)> {
    parameters.iter().find_map(|(key, value)| {
        let (stem, rest) = key.split_once('*')?;
        let (digits, encoding) = match rest.strip_suffix('*') {
            Some(digits) => (digits, Encoding::Percent),
            None => (rest, Encoding::None),
        };
        let is_it = stem.eq_ignore_ascii_case(name) && digits.parse() == Ok(number);
        is_it.then_some((value.as_slice(), encoding))
    })
}

/// An extended value: the first one brings the charset, and some mailers repeat it on each piece.
fn append_encoded(raw: &[u8], charset: &mut String, bytes: &mut Vec<u8>) {
    let raw = raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\"")).unwrap_or(raw);
    let (label, value) = match split_charset(raw) {
        Some((label, value)) if bytes.is_empty() => (label, value),
        Some((label, value)) if !label.is_empty() && label.eq_ignore_ascii_case(charset) => (label, value),
        _ => ("", raw),
    };
    if bytes.is_empty() {
        *charset = label.to_owned();
    }
    bytes.extend(percent_decoded(value));
}

/// Takes `charset'language'` off. A value whose text has apostrophes has none: before the first one there must be the
/// name of a charset, or nothing; some leave the language out with its apostrophe.
fn split_charset(raw: &[u8]) -> Option<(&str, &[u8])> {
    let first = raw.iter().position(|&byte| byte == b'\'')?;
    let (charset, rest) = (str::from_utf8(&raw[..first]).ok()?, &raw[first + 1..]);
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.:+".contains(c);
    if !charset.chars().all(is_token) || charset.len() > 40 {
        return None;
    }
    let second = rest.iter().position(|&byte| byte == b'\'');
    let is_language = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_';
    match second.filter(|end| rest[..*end].iter().all(is_language) && *end <= 20) {
        Some(end) => Some((charset, &rest[end + 1..])),
        None if is_charset(charset) => Some((charset, rest)),
        None => None,
    }
}

/// Whether it is the name of a charset for sure.
fn is_charset(label: &str) -> bool {
    let canonical = label::canonical(label);
    canonical != label.to_ascii_lowercase() || canonical.starts_with("utf") || canonical.starts_with("iso-")
}

fn percent_decoded(raw: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, behind @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                out.push(high << 4 | low);
                rest = &behind[2..];
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

/// Continuations read at most.
const MOST_PIECES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn check(pairs: &[(&str, &str)], expected: &str) {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        let found = value(&pairs.collect(), "filename", Some(text_decoder));
        assert_eq!(found.as_deref(), Some(expected));
    }

    #[test]
    fn extended_values() {
        check(&[("filename*", "UTF-8''%e2%82%ac%20rates.pdf")], "€ rates.pdf");
        check(&[("filename*", "iso-8859-1'en'%A3.pdf"), ("filename", "x.pdf")], "£.pdf");
        check(&[("FILENAME*", "''plain.pdf")], "plain.pdf");
        check(&[("filename*", "\"utf-8''%c3%a9.pdf\"")], "é.pdf");
        check(&[("filename*", "utf-8'%c3%a9.pdf")], "é.pdf");
        check(&[("filename*", "Rock 'n' Roll.pdf")], "Rock 'n' Roll.pdf");
        check(&[("filename*", "utf-8''=?utf-8?q?=C3=A9?=.pdf")], "é.pdf");
        check(&[("filename*", "x-klingon''%e9.pdf")], "é.pdf");
    }

    #[test]
    fn continuations() {
        check(
            &[("filename*0*", "utf-8''%E2%82"), ("filename*1*", "%AC a"), ("filename*2", ".pdf")],
            "€ a.pdf",
        );
        check(&[("filename*0", "long "), ("filename*1", "name.pdf")], "long name.pdf");
        check(&[("filename*1", "name.pdf"), ("filename*0", "long ")], "long name.pdf");
        check(&[("filename*1", "from "), ("filename*2", "one.pdf")], "from one.pdf");
        check(&[("filename*00", "two "), ("filename*01", "digits.pdf")], "two digits.pdf");
        check(&[("filename*0*", "utf-8''%C3%A9"), ("filename*1*", "utf-8''%C3%A8")], "éè");
        check(&[("filename*0", "it's 'a' "), ("filename*1", "'test'")], "it's 'a' 'test'");
        check(&[("filename*0*", "it's 'a' "), ("filename*1*", "'test'")], "it's 'a' 'test'");
        check(&[("filename*0", "=?utf-8?q?=C3"), ("filename*1", "=A9?=")], "é");
        check(&[("filename*0*", "iso-2022-jp''%1B$B%25O"), ("filename*1*", "%25m%1B(B.txt")], "ハロ.txt");
    }

    #[test]
    fn percent_escapes_with_faults_stay() {
        check(&[("filename*", "utf-8''100%")], "100%");
        check(&[("filename*", "utf-8''100%2")], "100%2");
        check(&[("filename*", "utf-8''%zz%c3%a9%+1")], "%zzé%+1");
    }

    #[test]
    fn plain_values_may_be_escaped_as_in_a_url() {
        check(&[("filename", "%E4%BD%A0.pdf")], "你.pdf");
        check(&[("filename", "100%25.pdf")], "100%25.pdf");
        check(&[("filename", "=?utf-8?q?=E2=82=AC.pdf?=")], "€.pdf");
    }
}
