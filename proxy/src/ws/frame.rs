//! Cuts what a client sends into frames and unmasks them in place; writes the frames that a server sends.
//!
//! Headers and control frames are tungstenite's. What is ours is that no message is ever held: a payload passes on as
//! it arrives. Only a control frame's payload (125 bytes at most) and a header cut in two are kept. RFC 6455 section 5.

use std::io::Cursor;
use std::mem;
use std::ops::Range;

use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame, FrameHeader};

use crate::close::Reason;

/// What stands before a data frame's payload, given that a payload fits a [`buffer`](super::buffer).
pub(super) const MAX_HEADER: usize = 4;

/// The largest payload of a control frame (RFC 6455 section 5.5).
pub(super) const MAX_CONTROL: usize = 125;

/// The state between two reads of a client's bytes.
#[derive(Debug)]
pub(super) struct Decoder {
    /// The start of a header that was cut in two.
    header: [u8; MAX_CLIENT_HEADER],
    header_length: usize,
    frame: Option<OpenFrame>,
    message: Option<OpenMessage>,
    control: [u8; MAX_CONTROL],
    control_length: usize,
    /// Whole frames that answer the pings, until they are taken.
    pongs: Vec<u8>,
    max_message: u64,
}

/// The frame whose payload is being read.
#[derive(Clone, Copy, Debug)]
struct OpenFrame {
    opcode: OpCode,
    mask: [u8; 4],
    remaining: u64,
}

/// A message of which the last frame is still to come.
#[derive(Debug)]
struct OpenMessage {
    length: u64,
}

/// What a piece of input held.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Where the payload of all its data frames now stands in the input, in one piece.
    pub(super) data: Range<usize>,
    /// Nothing more is read: the client said Close, or broke the protocol.
    pub(super) end: Option<End>,
}

/// Why a client's frames end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By a Close frame.
    Closed,
    /// By a frame that is refused; the rest can't be read.
    Refused(Reason),
}

impl Decoder {
    pub(super) fn new(max_message: u64) -> Self {
        Self {
            header: [0; MAX_CLIENT_HEADER],
            header_length: 0,
            frame: None,
            message: None,
            control: [0; MAX_CONTROL],
            control_length: 0,
            pongs: Vec::new(),
            max_message,
        }
    }

    /// Takes in all of `input`. Payloads of data frames are unmasked and moved together, the first of them not at all.
    pub(super) fn decode(&mut self, input: &mut [u8]) -> Decoded {
        let mut decoded = Decoded { data: 0..0, end: None };
        let mut at = 0;
        while at < input.len() && decoded.end.is_none() {
            let header = match self.frame {
                Some(_) => Ok(0),
                None => self.take_header(&input[at..]),
            };
            match header {
                Ok(length) => at += length,
                Err(reason) => decoded.end = Some(End::Refused(reason)),
            }
            let Some(frame) = &mut self.frame else { continue };
            let length = usize::try_from(frame.remaining).unwrap_or(usize::MAX).min(input.len() - at);
            unmask(&mut input[at..at + length], &mut frame.mask);
            frame.remaining -= length as u64;
            let OpenFrame { opcode, remaining, .. } = *frame;
            if let OpCode::Data(_) = opcode {
                append(input, &mut decoded.data, at..at + length);
            } else {
                // `check` saw that it fits.
                self.control[self.control_length..][..length].copy_from_slice(&input[at..at + length]);
                self.control_length += length;
            }
            at += length;
            if remaining == 0 {
                self.frame = None;
                decoded.end = self.finish(opcode);
            }
        }
        decoded
    }

    /// The frames that answer the pings so far, each once.
    pub(super) fn take_pongs(&mut self) -> Vec<u8> {
        mem::take(&mut self.pongs)
    }

    pub(super) fn has_pongs(&self) -> bool {
        !self.pongs.is_empty()
    }

    /// Reads a frame's header, which may have begun in an earlier piece; returns how much of `input` it took.
    fn take_header(&mut self, input: &[u8]) -> Result<usize, Reason> {
        let held = self.header_length;
        let copied = input.len().min(MAX_CLIENT_HEADER - held);
        self.header[held..held + copied].copy_from_slice(&input[..copied]);
        self.header_length += copied;
        let mut cursor = Cursor::new(&self.header[..held + copied]);
        // An opcode that is reserved is all that it refuses.
        let parsed = FrameHeader::parse(&mut cursor).map_err(|_| Reason::Protocol)?;
        let Some((header, length)) = parsed else { return Ok(copied) };
        let taken = usize::try_from(cursor.position()).unwrap_or(0) - held;
        self.header_length = 0;
        self.frame = Some(self.check(&header, length)?);
        Ok(taken)
    }

    /// RFC 6455 section 5.2, and what a server must refuse.
    fn check(&mut self, header: &FrameHeader, length: u64) -> Result<OpenFrame, Reason> {
        // No extension was agreed, so no reserved bit may be set; a client masks (sections 5.1 and 5.2); and a
        // length's most significant bit is 0.
        let reserved = header.rsv1 || header.rsv2 || header.rsv3 || length.leading_zeros() == 0;
        let mask = header.mask.filter(|_| !reserved).ok_or(Reason::Protocol)?;
        match header.opcode {
            OpCode::Control(_) if !header.is_final || length > MAX_CONTROL as u64 => {
                return Err(Reason::Protocol);
            }
            OpCode::Control(_) => self.control_length = 0,
            OpCode::Data(Data::Text) => return Err(Reason::TextRefused),
            OpCode::Data(data) if (data == Data::Continue) != self.message.is_some() => {
                return Err(Reason::Protocol);
            }
            OpCode::Data(_) => self.count(length, header.is_final)?,
        }
        Ok(OpenFrame { opcode: header.opcode, mask, remaining: length })
    }

    /// Adds a data frame to its message.
    fn count(&mut self, length: u64, last: bool) -> Result<(), Reason> {
        let so_far = self.message.take().map_or(0, |message| message.length);
        let length = so_far.saturating_add(length);
        if length > self.max_message {
            return Err(Reason::TooBig);
        }
        if !last {
            self.message = Some(OpenMessage { length });
        }
        Ok(())
    }

    /// Acts on a frame whose payload is complete.
    fn finish(&mut self, opcode: OpCode) -> Option<End> {
        let payload = &self.control[..self.control_length];
        match opcode {
            OpCode::Control(Control::Close) => return Some(judge_close(payload)),
            // A client that pings and does not read gets fewer answers: section 5.5.3 asks for the latest alone.
            OpCode::Control(Control::Ping) if self.pongs.len() < MAX_PONGS => {
                put_control(&mut self.pongs, Frame::pong(payload.to_vec()));
            }
            _ => {}
        }
        None
    }
}

/// Judges a Close frame's payload (RFC 6455 sections 5.5.1 and 7.4).
fn judge_close(payload: &[u8]) -> End {
    let valid = match payload {
        [] => true,
        [_] => false,
        [high, low, reason @ ..] => {
            CloseCode::from(u16::from_be_bytes([*high, *low])).is_allowed() && str::from_utf8(reason).is_ok()
        }
    };
    if valid { End::Closed } else { End::Refused(Reason::Protocol) }
}

/// Writes the header of a binary message of `payload` bytes so that it ends where the payload starts, and returns
/// where it begins. A buffer is so short that [`MAX_HEADER`] bytes are enough.
pub(super) fn put_header(bytes: &mut [u8], payload: Range<usize>) -> usize {
    let header = FrameHeader { opcode: OpCode::Data(Data::Binary), ..FrameHeader::default() };
    let start = payload.start - header.len(payload.len() as u64);
    let mut space = &mut bytes[start..payload.start];
    header.format(payload.len() as u64, &mut space).expect("the space is as long as the header");
    start
}

/// Writes a control frame: a ping, a pong, or [`close_frame`].
pub(super) fn put_control(frames: &mut Vec<u8>, frame: Frame) {
    frame.format(frames).expect("a vector takes all that is written");
}

/// A Close frame. A test holds every reason to the length that fits.
pub(super) fn close_frame(reason: Reason) -> Frame {
    Frame::close(Some(CloseFrame { code: reason.code().into(), reason: reason.text().into() }))
}

/// Moves `piece` behind `data`.
fn append(bytes: &mut [u8], data: &mut Range<usize>, piece: Range<usize>) {
    if data.start == data.end {
        *data = piece;
    } else {
        let length = piece.len();
        bytes.copy_within(piece, data.end);
        data.end += length;
    }
}

/// Applies the mask, and turns it so that it fits the byte that comes next (RFC 6455 section 5.3).
fn unmask(bytes: &mut [u8], mask: &mut [u8; 4]) {
    let [a, b, c, d] = *mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    mask.rotate_left(bytes.len() % 4);
}

/// Two bytes, a length of eight, a mask of four.
const MAX_CLIENT_HEADER: usize = 14;

/// Where answers to pings stop piling up.
const MAX_PONGS: usize = 4096;

#[cfg(test)]
pub(super) mod tests;
