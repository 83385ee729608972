//! Reads the grammar of one response: bytes in, a value out.
//!
//! RFC 9051 sections 7 and 9, and the extensions that each file names. Parsers have nom's shape, value and
//! rest; hot ones are written by hand. None panics, none loops without moving, and none recurses deeper than a
//! small bound, whatever the server sends.

mod body_structure;
mod code;
mod cx;
mod date_time;
mod envelope;
mod fetch;
mod lex;
mod mailbox;
mod quirk;
mod rare_item;
mod search;
mod section;
mod status;
mod untagged;

use super::framer::Raw;
use super::types::{MailboxEncoding, Response, Section, SeqNo, Uid};
use cx::{Cx, Fault};
pub use quirk::{Quirk, Quirks};

/// Reads responses.
///
/// ```
/// use postern_protocol::imap::{Reader, Response};
///
/// let reading = Reader::default().read(&b"* 23 EXISTS\r\n"[..]).unwrap();
/// assert_eq!(reading.response, Response::Exists(23));
/// assert!(reading.quirks.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    /// How mailbox names travel on this connection.
    pub encoding: MailboxEncoding,
    /// Refuse what would be forgiven: each [`Quirk`] becomes an error. For tests of servers.
    pub strict: bool,
}

/// One response, and what was forgiven in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading<'a> {
    /// The response.
    pub response: Response<'a>,
    /// What the server did wrong.
    pub quirks: Quirks,
}

/// A response that can't be read. Drop it: the next one begins behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at octet {offset}, found {found:?}")]
#[non_exhaustive]
pub struct ReadError {
    /// What the reader looked for.
    pub expected: &'static str,
    /// Where, from the response's first octet on.
    pub offset: usize,
    /// What stands there: at most 40 octets.
    pub found: String,
}

/// What is known of a message when a large body of it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyHead {
    /// The message's place; `None` under UIDONLY.
    pub seq: Option<SeqNo>,
    /// Its UID, if the server told it before the body.
    pub uid: Option<Uid>,
    /// Which body.
    pub section: Section,
    /// Where in it the octets begin, if only a part was asked for.
    pub origin: Option<u32>,
}

impl Reader {
    /// Reads one whole response.
    ///
    /// # Errors
    /// It can't be read at all. An unknown response is no error but a [`Response::Unknown`].
    pub fn read<'a>(&self, raw: impl Into<Raw<'a>>) -> Result<Reading<'a>, ReadError> {
        let raw = raw.into();
        let cx = Cx::new(raw.bytes, raw.streamed, self.encoding, self.strict);
        // A match rather than combinators: each of those moves the response once more.
        match line(&cx, raw.bytes).and_then(|line| response(&cx, line)) {
            Ok(response) => Ok(Reading { response, quirks: cx.quirks() }),
            Err(error) => Err(explain(&cx, error)),
        }
    }

    /// Reads the beginning of a FETCH response, up to a body that is streamed:
    /// [`Frame::BodyHead`](super::Frame::BodyHead).
    ///
    /// # Errors
    /// It can't be read.
    pub fn read_body_head(&self, head: Raw<'_>) -> Result<BodyHead, ReadError> {
        let cx = Cx::new(head.bytes, head.streamed, self.encoding, self.strict);
        fetch::body_head(&cx, head.bytes).map(|(_, head)| head).map_err(|error| explain(&cx, error))
    }
}

/// The response without its line end.
fn line<'a>(cx: &Cx<'a>, bytes: &'a [u8]) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    if let Some(line) = bytes.strip_suffix(b"\r\n")
        && line.last() != Some(&b'\r')
    {
        return Ok(line);
    }
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    cx.forgive(Quirk::BareLineFeed, &bytes[end..])?;
    Ok(&bytes[..end])
}

/// `response = continue-req / response-data / response-tagged`
#[inline]
fn response<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    match i {
        [b'*', b' ', rest @ ..] => untagged::untagged(cx, i, rest),
        _ => other(cx, i),
    }
}

#[cold]
fn other<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    let line = without_mark(cx, i)?;
    match line {
        [b'+', rest @ ..] => status::continue_request(cx, rest),
        [b'*', b' ', rest @ ..] => untagged::untagged(cx, line, rest),
        [b'*', rest @ ..] if rest.first().is_some_and(u8::is_ascii_alphanumeric) => {
            cx.forgive(Quirk::MissingSpace, rest)?;
            untagged::untagged(cx, line, rest)
        }
        [b' ', ..] if lex::skip_spaces(line).starts_with(b"* ") => {
            cx.forgive(Quirk::SurplusSpace, line)?;
            let line = lex::skip_spaces(line);
            untagged::untagged(cx, line, &line[2..])
        }
        [b'*'] => Ok(Response::Unknown(line.into())),
        _ => status::tagged(cx, line),
    }
}

/// Behind the byte order mark that a recording, or a server that reads its greeting from a file, may begin with.
fn without_mark<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let Some(rest) = i.strip_prefix("\u{feff}".as_bytes()) else { return Ok(i) };
    cx.forgive(Quirk::SurplusData, i)?;
    Ok(rest)
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "it is an error's last use")]
fn explain(cx: &Cx<'_>, error: nom::Err<Fault<'_>>) -> ReadError {
    let (at, expected) = match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => (fault.at, fault.what),
        nom::Err::Incomplete(_) => (&cx.whole[cx.whole.len()..], "more"),
    };
    let found = String::from_utf8_lossy(&at[..at.len().min(40)]).into_owned();
    ReadError { expected, offset: cx.offset(at), found }
}

#[cfg(test)]
mod tests;
