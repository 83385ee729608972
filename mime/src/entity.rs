//! A message taken apart from its own bytes (RFC 2045, RFC 2046): for where a server told no structure, or one that can't
//! be right. Forgives what mailers forget: the second boundary of two, a boundary that is not the one that was announced,
//! a last line that never came.

use crate::header::{self, Header};
use crate::part::{self, Part};

/// A message taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity<'a> {
    /// Its header.
    pub header: Header,
    /// What it is made of. Section numbers are those that a server would give.
    pub structure: Part,
    /// The bytes of each part that has bytes of its own, by section number, encoded as they travel.
    pub bodies: Vec<(String, &'a [u8])>,
}

impl<'a> Entity<'a> {
    /// Takes a message apart, down to 20 levels and 1,000 parts.
    ///
    /// ```
    /// let message = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x--\r\n";
    /// let entity = postern_mime::Entity::parse(message);
    /// assert_eq!(entity.bodies, [("1".to_owned(), b"Hello".as_slice())]);
    /// ```
    pub fn parse(message: &'a [u8]) -> Self {
        let mut work = Work { bodies: Vec::new(), room: MOST_PARTS };
        let (header, body) = Header::split(message);
        let mut structure = work.part(&header, body, String::new(), DEEPEST, "text/plain");
        if structure.is_leaf() {
            // RFC 9051 section 6.4.5.1: a message that is one part has it as its part 1.
            structure.section = "1".to_owned();
            for (section, _) in &mut work.bodies {
                *section = "1".to_owned();
            }
        }
        Self { header, structure, bodies: work.bodies }
    }
}

struct Work<'a> {
    bodies: Vec<(String, &'a [u8])>,
    room: usize,
}

impl<'a> Work<'a> {
    fn part(&mut self, header: &Header, body: &'a [u8], section: String, depth: usize, usual: &str) -> Part {
        self.room = self.room.saturating_sub(1);
        let mut part = leaf(header, body, section, usual);
        let pieces = if part.is_multipart() { pieces(header, body) } else { None };
        let Some(pieces) = pieces else {
            if part.is_multipart() {
                // No boundary anywhere: it can only be text.
                part.mime_type = looks_like(body).to_owned();
            }
            self.bodies.push((part.section.clone(), body));
            return part;
        };
        let usual = if part.mime_type == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        for (index, piece) in pieces.into_iter().enumerate() {
            if depth == 0 || self.room == 0 {
                part.is_cut = true;
                break;
            }
            let section = match part.section.as_str() {
                "" => (index + 1).to_string(),
                above => format!("{above}.{}", index + 1),
            };
            let (header, body) = Header::split(piece);
            part.children.push(self.part(&header, body, section, depth - 1, usual));
        }
        part
    }
}

/// A part without its children.
fn leaf(header: &Header, body: &[u8], section: String, usual: &str) -> Part {
    let content_type = header.raw("content-type").unwrap_or(usual.as_bytes());
    let (mime_type, parameters) = header::with_parameters(content_type);
    let (disposition, disposition_parameters) =
        header::with_parameters(header.raw("content-disposition").unwrap_or_default());
    let text = |name| String::from_utf8_lossy(header.raw(name).unwrap_or_default()).into_owned();
    let encoding = text("content-transfer-encoding").trim().to_ascii_lowercase();
    // RFC 2045 section 5.2: a type that can't be read is plain text.
    let mime_type = if mime_type.contains('/') { mime_type } else { "text/plain".to_owned() };
    let inner = (mime_type == "message/rfc822").then(|| Header::split(body).0);
    Part {
        section,
        parameters,
        disposition,
        disposition_parameters,
        content_id: part::content_id(header.raw("content-id").unwrap_or_default()),
        content_location: text("content-location").split_whitespace().collect(),
        encoding,
        subject: inner.and_then(|inner| Some(inner.raw("subject")?.trim_ascii().to_vec())),
        octets: u32::try_from(body.len()).unwrap_or(u32::MAX),
        children: Vec::new(),
        is_cut: false,
        mime_type,
    }
}

/// The parts of a multipart: by a boundary that its header announces, or else by what looks like one.
fn pieces<'a>(header: &Header, body: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let announced = header.all("content-type").filter_map(|raw| {
        let (_, parameters) = header::with_parameters(raw);
        parameters.into_iter().find(|(name, _)| name == "boundary").map(|(_, value)| value)
    });
    let announced = announced.map(|boundary| boundary.trim_ascii_end().to_vec());
    let likely = likely_boundary(body);
    announced.filter(|boundary| !boundary.is_empty()).chain(likely).find_map(|boundary| cut(body, &boundary))
}

/// A line of two hyphens and something, with a field of a part's header behind it.
fn likely_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut last: &[u8] = b"";
    while let Some((line, after)) = header::next_line(rest) {
        let is_field = line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"));
        if let Some(boundary) = last.strip_prefix(b"--").filter(|name| is_field && !name.is_empty()) {
            return Some(boundary.trim_ascii_end().to_vec());
        }
        (last, rest) = (line, after);
    }
    None
}

/// The parts between the lines of this boundary (RFC 2046 section 5.1.1); none where there is no such line. A part that
/// is never closed ends with the text.
fn cut<'a>(body: &'a [u8], boundary: &[u8]) -> Option<Vec<&'a [u8]>> {
    let mut pieces = Vec::new();
    let mut start = None;
    let mut rest = body;
    while let Some((line, after)) = header::next_line(rest) {
        let at = body.len() - rest.len();
        let behind = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        if let Some(behind) =
            behind.map(<[u8]>::trim_ascii_end).filter(|behind| matches!(*behind, b"" | b"--"))
        {
            if let Some(start) = start {
                pieces.push(without_line_end(&body[start..at]));
            }
            start = (behind.is_empty()).then_some(body.len() - after.len());
            if start.is_none() {
                break;
            }
        }
        rest = after;
    }
    pieces.extend(start.map(|start| &body[start..]));
    (!pieces.is_empty()).then_some(pieces)
}

/// The lines of a message that stand in no part and no part's header, where its parts come to nothing.
pub(crate) fn beside_parts(message: &[u8]) -> Vec<u8> {
    let mut rest = Header::split(message).1;
    let mut out = Vec::new();
    while let Some((line, after)) = header::next_line(rest) {
        let is_field = line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"));
        if !is_field && !line.starts_with(b"--") {
            out.extend_from_slice(line);
            out.push(b'\n');
        }
        rest = after;
    }
    out
}

/// The line end before a boundary belongs to it.
fn without_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

fn looks_like(body: &[u8]) -> &'static str {
    let start = body.trim_ascii_start();
    let is_html = [b"<html".as_slice(), b"<!doctype html"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
    if is_html { "text/html" } else { "text/plain" }
}

const MOST_PARTS: usize = 1_000;
const DEEPEST: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// `section type body` of each part.
    fn check(message: &[u8], expected: &[&str]) {
        let entity = Entity::parse(message);
        let found: Vec<_> = entity
            .structure
            .leaves()
            .iter()
            .zip(&entity.bodies)
            .map(|(part, (section, body))| {
                assert_eq!(&part.section, section);
                format!("{section} {} {}", part.mime_type, body.escape_ascii())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn messages_are_taken_apart() {
        check(b"Subject: x\n\nhello\n", &["1 text/plain hello\\n"]);
        check(
            b"Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\nContent-Type: text/html\n\n<p>\n--a b  \n\nplain\n\n--a b--\nend",
            &["1 text/html <p>", "2 text/plain plain\\n"],
        );
        check(
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\none\n--xy\n\ntwo\n--xy--\n--x\n\nthree\n--x--\n",
            &["1.1 text/plain one", "1.2 text/plain two", "2 text/plain three"],
        );
        check(
            b"Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: in\n\nhi\n--x--\n",
            &["1 message/rfc822 Subject: in\\n\\nhi"],
        );
    }

    #[test]
    fn the_boundary_that_is_there_counts() {
        let twice = b"Content-Type: multipart/mixed; boundary=old\nContent-Type: multipart/mixed; boundary=new\n\n--new\n\nhello\n--new--\n";
        check(twice, &["1 text/plain hello"]);
        let other = b"Content-Type: multipart/mixed; boundary=old\n\n--other\nContent-Type: text/plain\n\nhello\n--other--\n";
        check(other, &["1 text/plain hello"]);
        let missing = b"Content-Type: multipart/mixed\n\n--some\nContent-Type: text/plain\n\nhello";
        check(missing, &["1 text/plain hello"]);
        check(
            b"Content-Type: multipart/mixed; boundary=x\n\nno boundary\n",
            &["1 text/plain no boundary\\n"],
        );
        check(b"Content-Type: multipart/mixed; boundary=x\n\n<HTML>no\n", &["1 text/html <HTML>no\\n"]);
        check(
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnever closed",
            &["1 text/plain never closed"],
        );
    }

    #[test]
    fn nests_are_cut() {
        let mut message = Vec::new();
        for level in 0..100 {
            let start = format!("Content-Type: multipart/mixed; boundary=x{level}\n\n--x{level}\n");
            message.extend_from_slice(start.as_bytes());
        }
        let entity = Entity::parse(&message);
        assert!(entity.structure.is_cut());
    }
}
