//! The header of a message or a part (RFC 5322 section 2.2), as it stands in the bytes, and the values of its
//! structured fields (RFC 2045 section 5.1, RFC 2183). Nothing fails: a line that is no field is skipped.

use crate::address::{self, Mailbox};
use crate::charset::DecodeCharset;
use crate::parameters::Parameters;
use crate::{date, words};

/// A header's fields, unfolded.
///
/// ```
/// use postern_mime::Header;
///
/// let (header, body) = Header::split(b"From: Abend, Noemi <noemi@mail.example>\r\n\r\nHello");
/// let from = header.addresses("from", "", None);
/// assert_eq!((from[0].name.as_str(), from[0].address.as_str()), ("Abend, Noemi", "noemi@mail.example"));
/// assert_eq!(body, b"Hello");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Names in lower case, with the values as they came, without line ends.
    fields: Vec<(String, Vec<u8>)>,
}

impl Header {
    /// Takes the header off what begins with one, and gives the rest: the body. What does not begin with a field has
    /// no header, and is body from its first byte.
    pub fn split(bytes: &[u8]) -> (Self, &[u8]) {
        let mut header = Self::default();
        let mut rest = bytes;
        while let Some((line, after)) = next_line(rest) {
            if line.is_empty() {
                return (header, after);
            }
            match line {
                [b' ' | b'\t', ..] if !header.fields.is_empty() => header.fold(line),
                _ if header.fields.is_empty() && is_mbox_line(line) => {}
                _ => match field(line) {
                    Some(field) if header.fields.len() < MOST_FIELDS => header.fields.push(field),
                    Some(_) => {}
                    // The empty line is missing: the body has begun.
                    None => return (header, rest),
                },
            }
            rest = after;
        }
        (header, rest)
    }

    /// The first field of this name, unfolded and otherwise as it came.
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// Every field of this name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let name = name.to_ascii_lowercase();
        let fields = self.fields.iter().filter(move |(field, _)| *field == name);
        fields.map(|(_, value)| value.as_slice())
    }

    /// A text like `Subject:` as one line, its encoded words decoded; empty where there is none. `beside` is the
    /// charset that the body says it is in, or empty.
    pub fn text(&self, name: &str, beside: &str, decoder: Option<DecodeCharset>) -> String {
        let raw = self.raw(name).unwrap_or_default();
        words::one_line(&words::decode_beside(raw, beside, decoder))
    }

    /// The addresses of every field of this name: `From:`, `To:` …
    pub fn addresses(&self, name: &str, beside: &str, decoder: Option<DecodeCharset>) -> Vec<Mailbox> {
        self.all(name).flat_map(|raw| address::parse(raw, beside, decoder)).collect()
    }

    /// `Date:`, as milliseconds since 1970-01-01 UTC; none where it is missing or can't be read.
    pub fn date(&self) -> Option<i64> {
        self.all("date").find_map(date::parse)
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn fold(&mut self, line: &[u8]) {
        if let Some((_, value)) = self.fields.last_mut() {
            value.extend_from_slice(line);
        }
    }
}

/// A value like `text/plain; charset=utf-8`: the word before the parameters in lower case, without white space and
/// comments, and the parameters. Also `text/plain charset=utf-8` and `attachment, filename=x.pdf`, as some mailers write.
pub(crate) fn with_parameters(raw: &[u8]) -> (String, Parameters) {
    let mut pieces = split_outside_quotes(raw, b';').into_iter();
    let first: Vec<u8> = pieces.next().unwrap_or_default();
    let (word, beside) = first.split_at(parameter_start(&first).unwrap_or(first.len()));
    let word = String::from_utf8_lossy(word).split_whitespace().collect::<String>().to_ascii_lowercase();
    let mut found = Parameters::new();
    for piece in std::iter::once(beside.to_vec()).chain(pieces) {
        read_parameters(&piece, &mut found);
    }
    (word.trim_matches(['"', ',']).to_owned(), found)
}

/// Where the name before the first equals sign begins.
fn parameter_start(piece: &[u8]) -> Option<usize> {
    let equals = piece.iter().position(|byte| *byte == b'=')?;
    let before = piece[..equals].trim_ascii_end();
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    Some(before.iter().rposition(is_between).map_or(0, |at| at + 1))
}

/// One parameter, and more behind a quoted value where the semicolon was forgotten.
fn read_parameters(piece: &[u8], found: &mut Parameters) {
    let mut piece = piece;
    while found.len() < MOST_PARAMETERS
        && let Some(start) = parameter_start(piece)
        && let Some(equals) = piece.iter().position(|byte| *byte == b'=')
    {
        let name = String::from_utf8_lossy(&piece[start..equals]).trim().to_ascii_lowercase();
        let (value, rest) = unquoted(piece[equals + 1..].trim_ascii());
        if !name.is_empty() {
            found.push((name, value));
        }
        piece = rest;
    }
}

/// A quoted string without its quotes (RFC 5322 section 3.2.4), and what stands behind it; anything else as it is.
fn unquoted(value: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(inner) = value.strip_prefix(b"\"") else { return (value.to_vec(), &[]) };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'"' => break,
            // Before anything else it is a character: `C:\Users\Ada`.
            b'\\' if matches!(bytes.as_slice(), [b'"' | b'\\', ..]) => out.extend(bytes.next()),
            _ => out.push(byte),
        }
    }
    (out, bytes.as_slice())
}

/// Cuts at each `separator` that stands in no quoted string, and leaves out comments.
fn split_outside_quotes(raw: &[u8], separator: u8) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_usize);
    for &byte in raw {
        let was_escaped = is_escaped;
        is_escaped = !was_escaped && byte == b'\\';
        match byte {
            b'"' if !was_escaped && depth == 0 => is_quoted = !is_quoted,
            b'(' if !is_quoted => depth += 1,
            b')' if !is_quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth > 0 {
            continue;
        }
        match pieces.last_mut() {
            Some(_) if byte == separator && !is_quoted => pieces.push(Vec::new()),
            Some(piece) => piece.push(byte),
            None => {}
        }
    }
    pieces
}

/// The next line without its end, and what follows it; none at the end.
pub(crate) fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    let (line, rest) = bytes.split_at(end);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// A field's name in lower case, and its value.
fn field(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    // RFC 5322 section 3.6.8: printable ASCII but the colon.
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), line[colon + 1..].to_vec()))
}

/// Where a mailbox file begins a message.
fn is_mbox_line(line: &[u8]) -> bool {
    // `From : ada@x.example` is a field.
    (line.starts_with(b"From ") || line.starts_with(b">From ")) && field(line).is_none()
}

const MOST_FIELDS: usize = 2_000;
const MOST_PARAMETERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_ends_at_an_empty_line_or_where_no_field_is() {
        let (header, body) = Header::split(b"A: 1\r\n 2\r\nB : 3\r\n\r\nbody");
        assert_eq!((header.raw("a"), header.raw("b")), (Some(b" 1 2".as_slice()), Some(b" 3".as_slice())));
        assert_eq!(body, b"body");
        assert_eq!(Header::split(b"A: 1\nno field here\n").1, b"no field here\n");
        assert_eq!(Header::split(b"\r\nA: 1\r\n").1, b"A: 1\r\n");
        assert!(Header::split(b"From x Mon\nA: 1\n\n").0.raw("a").is_some());
    }

    #[test]
    fn values_with_parameters() {
        let (word, parameters) =
            with_parameters(br#" Text/Plain (a; comment) ; Charset="a;\"b" ; x=y;; format = flowed "#);
        assert_eq!(word, "text/plain");
        let pairs: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.escape_ascii().to_string()))
            .collect();
        let expected = [("charset", r#"a;\"b"#), ("x", "y"), ("format", "flowed")];
        assert_eq!(pairs, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn parameters_without_a_semicolon_are_read() {
        let check = |raw: &[u8], expected_word: &str, expected: &[(&str, &str)]| {
            let (word, parameters) = with_parameters(raw);
            let pairs: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value).into_owned()))
                .collect();
            let expected: Vec<_> =
                expected.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            assert_eq!((word.as_str(), pairs), (expected_word, expected), "{}", raw.escape_ascii());
        };
        check(b"text/html charset=utf-8", "text/html", &[("charset", "utf-8")]);
        check(b"text / html , charset = \"a b\"", "text/html", &[("charset", "a b")]);
        check(b"attachment, filename=a b.pdf", "attachment", &[("filename", "a b.pdf")]);
        check(b"charset=utf-8", "", &[("charset", "utf-8")]);
        check(
            br#"text/plain; charset="utf-8" name="a=b.txt", format=flowed"#,
            "text/plain",
            &[("charset", "utf-8"), ("name", "a=b.txt"), ("format", "flowed")],
        );
        check(b"attachment; filename=a=b.pdf", "attachment", &[("filename", "a=b.pdf")]);
        check(b"inline; filename=\"never closed.pdf", "inline", &[("filename", "never closed.pdf")]);
    }
}
