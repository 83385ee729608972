//! Cuts the byte stream into whole responses. Never looks at what one means, and never allocates from a size
//! that the server declared.
//!
//! RFC 9051 sections 2.2 and 4.3 (literals), RFC 7888 (`{n+}`), RFC 9051 section 4.3.1 (`~{n}`).

mod scan;

use std::ops::Range;

use scan::{Cut, Scanner};

/// How much of the server's to hold. Beyond it, the server is taken to be broken or hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of one line, literals apart.
    pub line: usize,
    /// Octets of a literal that is not streamed.
    pub literal: usize,
    /// Octets of a whole response, without what is streamed.
    pub response: usize,
    /// Literals in one response.
    pub literals: usize,
    /// A message body of more octets than this is streamed: given out in chunks, and held nowhere.
    pub stream_over: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A SEARCH that finds a million messages takes 8 MB in one line.
            line: 16 << 20,
            literal: 16 << 20,
            response: 64 << 20,
            literals: 1 << 20,
            stream_over: 4096,
        }
    }
}

/// The server overstepped a limit. The stream can't be cut from here on: close it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Past [`Limits::line`].
    #[error("a line of the server's is longer than {0} octets")]
    LineTooLong(usize),
    /// Past [`Limits::literal`].
    #[error("the server announced a literal of more than {0} octets")]
    LiteralTooLong(usize),
    /// Past [`Limits::response`].
    #[error("a response is longer than {0} octets")]
    ResponseTooLong(usize),
    /// Past [`Limits::literals`].
    #[error("a response has more than {0} literals")]
    TooManyLiterals(usize),
}

/// What the stream is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A whole response, without the bodies that went before it as chunks.
    Response(Raw<'a>),
    /// The part of a FETCH response before a large body: read it with
    /// [`read_body_head`](super::Reader::read_body_head). [`Frame::BodyChunk`]s follow, then [`Frame::BodyEnd`].
    BodyHead {
        /// Up to and with the line end behind the literal's size.
        head: Raw<'a>,
        /// How many octets follow, as the server has it.
        size: u64,
    },
    /// The next octets of the body; never empty.
    BodyChunk(&'a [u8]),
    /// The body is complete. The response goes on: another body, or its end.
    BodyEnd,
}

/// The bytes of a response, and where bodies were left out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw<'a> {
    /// With the last line end.
    pub bytes: &'a [u8],
    /// Offsets in `bytes`, rising, behind the `{n}` of literals whose octets were streamed.
    pub streamed: &'a [usize],
}

impl<'a> From<&'a [u8]> for Raw<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, streamed: &[] }
    }
}

/// Takes in pieces of the stream of any size, and gives out frames.
///
/// ```
/// use postern_protocol::imap::{Frame, Framer, Limits};
///
/// let mut framer = Framer::new(Limits::default());
/// framer.handle_input(b"* LIST () \"/\" {5}\r\nIN");
/// assert_eq!(framer.poll_frame(), Ok(None));
/// framer.handle_input(b"BOX\r\na1 OK done\r\n");
/// let Ok(Some(Frame::Response(list))) = framer.poll_frame() else { panic!() };
/// assert_eq!(list.bytes, b"* LIST () \"/\" {5}\r\nINBOX\r\n");
/// ```
#[derive(Debug)]
pub struct Framer {
    limits: Limits,
    scanner: Scanner,
    buffer: Vec<u8>,
    /// Where in the buffer the unread bytes begin.
    start: usize,
    /// The beginning of a response of which a body was streamed.
    held: Vec<u8>,
    streamed: Vec<usize>,
    /// What was given out last is in `held`, which is to be cleared.
    spent: bool,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Framer {
    /// A framer at the beginning of a stream.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            scanner: Scanner::default(),
            buffer: Vec::new(),
            start: 0,
            held: Vec::new(),
            streamed: Vec::new(),
            spent: false,
        }
    }

    /// Takes in bytes that arrived.
    pub fn handle_input(&mut self, bytes: &[u8]) {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
            // One large response shall not keep its room for the rest of the session.
            self.buffer.shrink_to(KEPT_CAPACITY);
        } else if self.start > self.buffer.len() / 2 {
            // Moving only when most of it was read keeps the cost per byte constant.
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Gives out the next frame, or `None` until more bytes arrive.
    ///
    /// # Errors
    /// The server overstepped a limit. Every later call says so again.
    pub fn poll_frame(&mut self) -> Result<Option<Frame<'_>>, FrameError> {
        if self.spent {
            self.held.clear();
            self.streamed.clear();
            self.spent = false;
        }
        let cut = loop {
            match self.scanner.advance(&self.buffer[self.start..], &self.limits)? {
                Some(Cut::Blank(len)) => self.start += len,
                Some(cut) => break cut,
                None => return Ok(None),
            }
        };
        Ok(Some(match cut {
            Cut::Blank(_) => return Ok(None), // The loop above took it.
            Cut::Response(len) => {
                let piece = self.take(len);
                self.spent = true;
                if self.held.is_empty() {
                    Frame::Response(Raw::from(&self.buffer[piece]))
                } else {
                    self.held.extend_from_slice(&self.buffer[piece]);
                    Frame::Response(Raw { bytes: &self.held, streamed: &self.streamed })
                }
            }
            Cut::BodyHead { len, size } => {
                let piece = self.take(len);
                self.held.extend_from_slice(&self.buffer[piece]);
                self.streamed.push(self.held.len());
                // The last offset is this literal's own: its octets are yet to come.
                Frame::BodyHead { head: Raw { bytes: &self.held, streamed: &self.streamed }, size }
            }
            Cut::BodyChunk(len) => {
                let piece = self.take(len);
                Frame::BodyChunk(&self.buffer[piece])
            }
            Cut::BodyEnd => Frame::BodyEnd,
        }))
    }

    /// The bytes that arrived behind the last frame. Before TLS starts there may be none (security.md NST 4).
    #[must_use]
    pub fn unread(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Takes those bytes out: what follows the OK of COMPRESS goes to the inflater.
    pub fn take_unread(&mut self) -> Vec<u8> {
        self.scanner = Scanner::default();
        let rest = self.buffer.split_off(self.start);
        self.buffer.clear();
        self.start = 0;
        rest
    }

    fn take(&mut self, len: usize) -> Range<usize> {
        let piece = self.start..self.start + len;
        self.start = piece.end;
        piece
    }
}

/// The responses of a stream that is in memory as a whole: nothing is copied, and nothing streamed.
#[derive(Debug)]
pub struct Responses<'a> {
    rest: &'a [u8],
    scanner: Scanner,
    limits: Limits,
}

impl<'a> Responses<'a> {
    /// The responses in `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        let all = bytes.len();
        let limits =
            Limits { line: all, literal: all, response: all, stream_over: usize::MAX, ..Limits::default() };
        Self { rest: bytes, scanner: Scanner::default(), limits }
    }

    /// What is left: at the end of the iteration, a last response that is not whole.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Responses<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        loop {
            let cut = self.scanner.advance(self.rest, &self.limits).ok()??;
            let (Cut::Response(len) | Cut::Blank(len)) = cut else { return None };
            let (response, rest) = self.rest.split_at(len);
            self.rest = rest;
            if matches!(cut, Cut::Response(_)) {
                return Some(Raw::from(response));
            }
        }
    }
}

/// Room that the buffer keeps between responses, in octets.
const KEPT_CAPACITY: usize = 256 << 10;

#[cfg(test)]
mod tests;
