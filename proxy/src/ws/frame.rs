//! Cuts what a client sends into frames and unmasks them in place; writes the frames that a server sends.
//!
//! No message is ever held: a payload passes on as it arrives. Only a control frame's payload (125 bytes at most) and
//! a header cut in two are kept. RFC 6455 section 5.

use std::mem;
use std::ops::Range;

use crate::close::Reason;

/// What stands before a data frame's payload, given that a payload fits a [`buffer`](super::buffer).
pub(super) const MAX_HEADER: usize = 4;

/// The largest payload of a control frame (RFC 6455 section 5.5).
pub(super) const MAX_CONTROL: usize = 125;

/// The state between two reads of a client's bytes.
#[derive(Debug)]
pub(super) struct Decoder {
    /// The header that is being read.
    header: [u8; 14],
    header_length: usize,
    frame: Option<Frame>,
    message: Option<Message>,
    control: [u8; MAX_CONTROL],
    control_length: usize,
    /// Whole frames that answer the pings, until they are taken.
    pongs: Vec<u8>,
    max_message: u64,
}

/// The frame whose payload is being read.
#[derive(Debug)]
struct Frame {
    opcode: Opcode,
    mask: [u8; 4],
    remaining: u64,
}

/// A message of which the last frame is still to come.
#[derive(Debug)]
struct Message {
    length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opcode {
    Continuation,
    Binary,
    Close,
    Ping,
    Pong,
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
            header: [0; 14],
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
        while at < input.len() || self.frame.is_some() {
            if self.frame.is_none() {
                at += self.take_header(&input[at..]);
                match self.parse_header() {
                    Ok(Some(frame)) => self.frame = Some(frame),
                    Ok(None) => break,
                    Err(reason) => {
                        decoded.end = Some(End::Refused(reason));
                        break;
                    }
                }
            }
            let Some(frame) = &mut self.frame else { break };
            let length = usize::try_from(frame.remaining).unwrap_or(usize::MAX).min(input.len() - at);
            unmask(&mut input[at..at + length], &mut frame.mask);
            frame.remaining -= length as u64;
            let (opcode, complete) = (frame.opcode, frame.remaining == 0);
            match opcode {
                Opcode::Binary | Opcode::Continuation => {
                    append(input, &mut decoded.data, at..at + length);
                }
                Opcode::Close | Opcode::Ping | Opcode::Pong => {
                    // `parse_header` checked that it fits.
                    self.control[self.control_length..][..length].copy_from_slice(&input[at..at + length]);
                    self.control_length += length;
                }
            }
            at += length;
            if !complete {
                break;
            }
            self.frame = None;
            match opcode {
                Opcode::Ping => self.answer_ping(),
                Opcode::Close => {
                    decoded.end = Some(self.close());
                    break;
                }
                Opcode::Binary | Opcode::Continuation | Opcode::Pong => {}
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

    /// A client that pings and does not read gets fewer answers: RFC 6455 section 5.5.3 asks for the latest alone.
    fn answer_ping(&mut self) {
        if self.pongs.len() < MAX_PONGS {
            put_control(&mut self.pongs, &Control::Pong(&self.control[..self.control_length]));
        }
    }

    /// Takes header bytes until there are enough; returns how many it took.
    fn take_header(&mut self, input: &[u8]) -> usize {
        let mut taken = 0;
        while taken < input.len() && self.header_length < self.wanted_header() {
            self.header[self.header_length] = input[taken];
            self.header_length += 1;
            taken += 1;
        }
        taken
    }

    /// How long the header will be, as far as can be told yet.
    fn wanted_header(&self) -> usize {
        if self.header_length < 2 {
            return 2;
        }
        match self.header[1] & LENGTH {
            126 => 8,
            127 => 14,
            _ => 6,
        }
    }

    /// RFC 6455 section 5.2, and what a server must refuse.
    fn parse_header(&mut self) -> Result<Option<Frame>, Reason> {
        // The first two bytes are judged at once: a client that speaks something else may never send more.
        if self.header_length < 2 {
            return Ok(None);
        }
        let [first, second, ..] = self.header;
        let (last, control) = (first & FIN != 0, first & CONTROL != 0);
        let opcode = match first & 0x0f {
            0x0 => Opcode::Continuation,
            0x1 => return Err(Reason::TextRefused),
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xa => Opcode::Pong,
            _ => return Err(Reason::Protocol),
        };
        // No extension was agreed, so no reserved bit may be set; and a client masks (sections 5.1 and 5.2).
        let continues = opcode == Opcode::Continuation;
        if first & RESERVED != 0
            || second & MASKED == 0
            || (control && (!last || usize::from(second & LENGTH) > MAX_CONTROL))
            || (!control && continues != self.message.is_some())
        {
            return Err(Reason::Protocol);
        }
        if self.header_length < self.wanted_header() {
            return Ok(None);
        }
        let length = self.payload_length()?;
        let mut mask = [0; 4];
        mask.copy_from_slice(&self.header[self.header_length - 4..self.header_length]);
        self.header_length = 0;
        if control {
            self.control_length = 0;
        } else {
            self.count(length, last)?;
        }
        Ok(Some(Frame { opcode, mask, remaining: length }))
    }

    fn payload_length(&self) -> Result<u64, Reason> {
        let header = &self.header;
        match header[1] & LENGTH {
            126 => Ok(u64::from(u16::from_be_bytes([header[2], header[3]]))),
            127 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&header[2..10]);
                // The most significant bit must be 0.
                if bytes[0] & 0x80 != 0 { Err(Reason::Protocol) } else { Ok(u64::from_be_bytes(bytes)) }
            }
            length => Ok(u64::from(length)),
        }
    }

    /// Adds a data frame to its message.
    fn count(&mut self, length: u64, last: bool) -> Result<(), Reason> {
        let so_far = self.message.take().map_or(0, |message| message.length);
        let length = so_far.saturating_add(length);
        if length > self.max_message {
            return Err(Reason::TooBig);
        }
        if !last {
            self.message = Some(Message { length });
        }
        Ok(())
    }

    /// Judges a Close frame's payload (RFC 6455 sections 5.5.1 and 7.4).
    fn close(&self) -> End {
        let refused = End::Refused(Reason::Protocol);
        match &self.control[..self.control_length] {
            [] => End::Closed,
            [_] => refused,
            [high, low, reason @ ..] => {
                let code = u16::from_be_bytes([*high, *low]);
                let may_be_sent = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
                if may_be_sent && str::from_utf8(reason).is_ok() { End::Closed } else { refused }
            }
        }
    }
}

/// Writes the header of a binary message of `payload` bytes so that it ends where the payload starts, and returns
/// where it begins.
pub(super) fn put_header(bytes: &mut [u8], payload: Range<usize>) -> usize {
    let length = payload.len();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => {
            let start = payload.start - 2;
            bytes[start..payload.start].copy_from_slice(&[FIN | 0x2, short]);
            start
        }
        (_, Ok(long)) => {
            let start = payload.start - 4;
            let [high, low] = long.to_be_bytes();
            bytes[start..payload.start].copy_from_slice(&[FIN | 0x2, 126, high, low]);
            start
        }
        // A buffer is shorter than this: see `MAX_HEADER`.
        (_, Err(_)) => unreachable!("a payload larger than a buffer"),
    }
}

/// A control frame that a server sends.
#[derive(Debug)]
pub(super) enum Control<'a> {
    Ping,
    Pong(&'a [u8]),
    Close(Reason),
}

/// Writes a control frame.
pub(super) fn put_control(frames: &mut Vec<u8>, control: &Control<'_>) {
    let (opcode, payload) = match control {
        Control::Ping => (0x9, Vec::new()),
        Control::Pong(payload) => (0xa, payload.to_vec()),
        Control::Close(reason) => {
            (0x8, [&reason.code().to_be_bytes()[..], reason.text().as_bytes()].concat())
        }
    };
    // Pongs carry what fitted a ping, and a test holds every reason to its limit.
    let length = u8::try_from(payload.len().min(MAX_CONTROL)).unwrap_or(0);
    frames.extend([FIN | opcode, length]);
    frames.extend(&payload[..usize::from(length)]);
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

const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
const CONTROL: u8 = 0x08;
const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7f;

/// Where answers to pings stop piling up.
const MAX_PONGS: usize = 4096;

#[cfg(test)]
pub(super) mod tests;
