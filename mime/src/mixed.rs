//! Text that is said to be in base64, and of which some lines are not: a list server put its footer below base64
//! without padding, a gateway a line above it, or nobody has encoded anything.

use crate::base64::Base64;

/// What the lines are. All bytes as they came, but `data`, which is decoded.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mixed {
    /// The lines above the encoded ones.
    pub(crate) before: Vec<u8>,
    /// The encoded lines, decoded.
    pub(crate) data: Vec<u8>,
    /// The lines from the first one on that is not encoded.
    pub(crate) behind: Vec<u8>,
}

/// Tells the lines apart. None where each may be encoded.
pub(crate) fn read(raw: &[u8]) -> Option<Mixed> {
    let lines: Vec<&[u8]> = raw.split_inclusive(|byte| *byte == b'\n').collect();
    if !lines.iter().any(|line| is_plain(line.trim_ascii())) {
        return None;
    }
    let start = lines.iter().position(|line| is_encoded(line.trim_ascii())).unwrap_or(lines.len());
    let is_data = |line: &[u8]| line.is_empty() || is_encoded(line) || !is_plain(line) && line.len() >= 4;
    let length = lines[start..].iter().position(|line| !is_data(line.trim_ascii()));
    let end = length.map_or(lines.len(), |length| start + length);
    // A word of a footer that could be encoded too.
    let end = match lines[start..end].iter().rposition(|line| line.trim_ascii().is_empty()) {
        Some(blank) if !lines[start + blank..end].iter().any(|line| is_encoded(line.trim_ascii())) => {
            start + blank
        }
        _ => end,
    };
    let data = Base64::decode_all(&lines[start..end].concat());
    Some(Mixed { before: lines[..start].concat(), data, behind: lines[end..].concat() })
}

/// Whether no mailer writes this line within base64: words, an address, a rule.
fn is_plain(line: &[u8]) -> bool {
    let foreign = line.iter().filter(|byte| !is_of_alphabet(**byte)).count();
    let is_rule = line.len() >= 2 && line.iter().all(|byte| b"-_*~#".contains(byte));
    // White space alone is no sign: some fold anywhere.
    let is_foreign = |byte: &u8| !is_of_alphabet(*byte) && !byte.is_ascii_whitespace();
    is_rule || foreign >= 2 && foreign * 12 > line.len() && line.iter().any(is_foreign)
}

/// Whether it is a line of base64 beyond doubt: long enough to be no word.
fn is_encoded(line: &[u8]) -> bool {
    let is_long = line.len() >= 16 || line.ends_with(b"=");
    let is_whole = line.len() >= 60 || line.len().is_multiple_of(4) || line.iter().any(u8::is_ascii_digit);
    is_long && is_whole && line.iter().all(|byte| is_of_alphabet(*byte))
}

fn is_of_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: Option<(&str, &str, &str)>) {
        let owned = |text: &str| text.as_bytes().to_vec();
        let expected = expected.map(|(before, data, behind)| Mixed {
            before: owned(before),
            data: owned(data),
            behind: owned(behind),
        });
        assert_eq!(read(raw.as_bytes()), expected, "{raw}");
    }

    #[test]
    fn lines_are_told_apart() {
        check("R3LDvMOfZSBhbiBhbGxlIGlu\n", None);
        check("aGkg*dGhlcmU", None);
        check("R3 LD\n\n vM Of\tZQ = =\n", None);
        let footer = "-- \nfooter of the list\nhttp://x/\n";
        check(&format!("R3LDvMOfZSBhbiBhbGxlIGluOg\n{footer}"), Some(("", "Grüße an alle in:", footer)));
        check("A line above:\nR3LDvMOfZSBhbiBhbGxl\n", Some(("A line above:\n", "Grüße an alle", "")));
        let plain = "Hello\nThis is really plain text, said to be encoded.\nlist\n";
        check(plain, Some((plain, "", "")));
        let word = "R3LDvMOfZSBhbiBhbGxl\n\nList\nlist@x.example\n";
        check(word, Some(("", "Grüße an alle", "\nList\nlist@x.example\n")));
    }
}
