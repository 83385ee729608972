//! Parameters of `Content-Type` and `Content-Disposition`: charset, file name. RFC 2231's continuations and
//! charsets, and the encoded words that most mailers use instead (against RFC 2047 section 5).

use crate::charset::{self, DecodeCharset};
use crate::words;

/// Parameters as they came: name and value.
pub type Parameters = Vec<(String, Vec<u8>)>;

/// The value of the parameter `name`, decoded.
pub fn value(parameters: &Parameters, name: &str, decoder: Option<DecodeCharset>) -> Option<String> {
    extended(parameters, name, decoder).or_else(|| {
        let raw = find(parameters, name)?;
        Some(words::decode(raw, decoder))
    })
}

/// A name fit for a file: no path, no control or bidi character, no leading dot, never empty. `mime_type` gives
/// the extension where there is no name at all.
pub(crate) fn file_name(
    disposition: &Parameters,
    content_type: &Parameters,
    mime_type: &str,
    decoder: Option<DecodeCharset>,
) -> String {
    let given = value(disposition, "filename", decoder).or_else(|| value(content_type, "name", decoder));
    let name = safe(&given.unwrap_or_default());
    if name.is_empty() { format!("attachment.{}", extension(mime_type)) } else { name }
}

/// Whether a file name was given.
pub(crate) fn has_file_name(disposition: &Parameters, content_type: &Parameters) -> bool {
    let named = |parameters: &Parameters, name: &str| {
        parameters
            .iter()
            .any(|(key, _)| key.split('*').next().is_some_and(|key| key.eq_ignore_ascii_case(name)))
    };
    named(disposition, "filename") || named(content_type, "name")
}

fn safe(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line = words::one_line(base);
    let allowed: String = line.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let trimmed = allowed.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    shorten(trimmed)
}

/// At most 200 characters, the extension kept: file systems allow 255 bytes.
fn shorten(name: &str) -> String {
    const LONGEST: usize = 200;
    let count = name.chars().count();
    if name.len() <= LONGEST || count <= LONGEST / 4 {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').filter(|(_, ext)| ext.len() <= 16).unwrap_or((name, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let mut room = LONGEST - extension.len() - dot.len();
    let kept: String = stem
        .chars()
        .take_while(|c| {
            let fits = c.len_utf8() <= room;
            room = room.saturating_sub(c.len_utf8());
            fits
        })
        .collect();
    format!("{kept}{dot}{extension}")
}

fn extension(mime_type: &str) -> &str {
    match mime_type {
        "message/rfc822" | "message/global" => "eml",
        "text/plain" => "txt",
        "text/calendar" => "ics",
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        "application/pdf" | "application/zip" | "text/html" | "image/png" | "image/gif" | "image/webp" => {
            mime_type.split('/').nth(1).unwrap_or("bin")
        }
        _ => "bin",
    }
}

fn find<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a [u8]> {
    parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
}

/// `name*=charset'language'value`, or `name*0*=`, `name*1=` … joined (RFC 2231 sections 3 and 4).
fn extended(parameters: &Parameters, name: &str, decoder: Option<DecodeCharset>) -> Option<String> {
    if let Some(raw) = find(parameters, &format!("{name}*")) {
        let (charset, value) = split_charset(raw);
        return Some(charset::decode(&charset, &percent_decoded(value), decoder).text);
    }
    let mut label = String::new();
    let mut bytes = Vec::new();
    for number in 0..MOST_PIECES {
        let plain = find(parameters, &format!("{name}*{number}"));
        let encoded = find(parameters, &format!("{name}*{number}*"));
        match (encoded, plain) {
            (Some(raw), _) if number == 0 => {
                let (charset, value) = split_charset(raw);
                label = charset;
                bytes.extend(percent_decoded(value));
            }
            (Some(raw), _) => bytes.extend(percent_decoded(raw)),
            (None, Some(raw)) => bytes.extend_from_slice(raw),
            (None, None) => break,
        }
    }
    // Some mailers cut encoded words into continuations.
    match label.as_str() {
        "" if bytes.is_empty() => None,
        "" => Some(words::decode(&bytes, decoder)),
        label => Some(charset::decode(label, &bytes, decoder).text),
    }
}

/// Continuations read at most.
const MOST_PIECES: usize = 100;

fn split_charset(raw: &[u8]) -> (String, &[u8]) {
    let mut pieces = raw.splitn(3, |&byte| byte == b'\'');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(charset), Some(_language), Some(value)) => {
            (String::from_utf8_lossy(charset).into_owned(), value)
        }
        _ => (String::new(), raw),
    }
}

fn percent_decoded(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        match digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn check(pairs: &[(&str, &str)], expected: &str) {
        let parameters =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        assert_eq!(
            file_name(&parameters, &Parameters::new(), "application/pdf", Some(text_decoder)),
            expected
        );
    }

    #[test]
    fn file_names_as_mailers_write_them() {
        check(&[("filename", "a.pdf")], "a.pdf");
        check(&[("FileName", "Grüße.pdf")], "Grüße.pdf");
        check(&[("filename", "=?utf-8?q?=E2=82=AC.pdf?=")], "€.pdf");
        check(&[("filename*", "UTF-8''%e2%82%ac%20rates.pdf")], "€ rates.pdf");
        check(&[("filename*", "iso-8859-1'en'%A3.pdf"), ("filename", "x.pdf")], "£.pdf");
        check(
            &[("filename*0*", "utf-8''%E2%82"), ("filename*1*", "%AC a"), ("filename*2", ".pdf")],
            "€ a.pdf",
        );
        check(&[("filename*0", "long "), ("filename*1", "name.pdf")], "long name.pdf");
        check(&[("filename*", "100%.pdf")], "100%.pdf");
        check(&[], "attachment.pdf");
    }

    #[test]
    fn file_names_that_lie() {
        check(&[("filename", "../../etc/passwd")], "passwd");
        check(&[("filename", "C:\\Windows\\x.exe")], "x.exe");
        check(&[("filename", "..")], "attachment.pdf");
        check(&[("filename", ".bashrc")], "bashrc");
        check(&[("filename", "a\r\nb\0.pdf")], "a b .pdf");
        check(&[("filename", "in\u{202e}fdp.exe")], "infdp.exe");
        check(&[("filename", "a?b*c:d.pdf")], "a_b_c_d.pdf");
        let long = format!("{}.pdf", "é".repeat(300));
        check(&[("filename", &long)], &format!("{}.pdf", "é".repeat(98)));
    }
}
