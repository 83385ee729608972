//! Base64 (RFC 2045 section 6.8), as mailers and list servers leave it.

/// Base64, decoded as it comes. It ends at its padding, unless another encoded piece follows: some mailers join them.
#[derive(Debug, Clone, Default)]
pub struct Base64 {
    /// Up to three sextets, the first one highest.
    bits: u32,
    sextets: u8,
    damaged: bool,
    stage: Stage,
    /// After padding: the line that may be more of it.
    line: Vec<u8>,
    /// After padding: whether a line has ended since.
    is_new_line: bool,
    behind: Vec<u8>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Data,
    /// There was padding: the end, or another encoded piece follows.
    Padded,
    /// What comes is no base64.
    Over,
}

impl Base64 {
    /// Decodes all of it at once.
    pub fn decode_all(bytes: &[u8]) -> Vec<u8> {
        let (mut state, mut out) = (Self::default(), Vec::with_capacity(bytes.len() * 3 / 4));
        state.push(bytes, &mut out);
        state.finish(&mut out);
        out
    }

    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        out.reserve(piece.len() / 4 * 3 + 3);
        for (index, &byte) in piece.iter().enumerate() {
            match self.stage {
                Stage::Data => {}
                Stage::Padded => {
                    self.push_padded(byte, out);
                    continue;
                }
                Stage::Over => return self.keep_behind(&piece[index..]),
            }
            match SEXTETS[usize::from(byte)] {
                PADDING => {
                    self.finish_group(out);
                    (self.stage, self.is_new_line) = (Stage::Padded, false);
                }
                SKIPPED => {}
                FOREIGN => self.damaged = true,
                sextet => self.push_sextet(sextet, out),
            }
        }
    }

    fn push_sextet(&mut self, sextet: u8, out: &mut Vec<u8>) {
        self.bits = self.bits << 6 | u32::from(sextet);
        self.sextets += 1;
        if self.sextets == 4 {
            out.extend_from_slice(&self.bits.to_be_bytes()[1..]);
            (self.bits, self.sextets) = (0, 0);
        }
    }

    /// A byte after padding. It is held until its line is whole.
    fn push_padded(&mut self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'\n' if self.line.is_empty() => self.is_new_line = true,
            b'=' | b' ' | b'\t' | b'\r' if self.line.is_empty() => {}
            _ => {
                self.line.push(byte);
                if byte == b'\n' || self.line.len() > LONGEST_LINE {
                    self.end_line(out);
                }
            }
        }
    }

    /// The line after padding is whole: is it another encoded piece, as mailers that join some write it? A line of a
    /// footer hardly ever is one word of forty letters, and never ends in padding.
    fn end_line(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        let word = line.trim_ascii_end();
        let is_encoded = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let is_likely = !self.is_new_line || word.len() >= 40 || word.ends_with(b"=");
        if is_likely && word.len().is_multiple_of(4) && word.iter().all(is_encoded) {
            self.stage = Stage::Data;
            self.push(&line, out);
        } else {
            self.stage = Stage::Over;
            self.keep_behind(&line);
        }
    }

    fn keep_behind(&mut self, bytes: &[u8]) {
        let room = MOST_BEHIND.saturating_sub(self.behind.len());
        self.behind.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    pub(crate) fn behind(&self) -> &[u8] {
        &self.behind
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// The stream ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        // Each turn takes a group off the line.
        while !self.line.is_empty() {
            self.end_line(out);
        }
        self.finish_group(out);
    }

    fn finish_group(&mut self, out: &mut Vec<u8>) {
        let bytes = (self.bits << (6 * (4 - u32::from(self.sextets.min(4))))).to_be_bytes();
        match self.sextets {
            0 => {}
            1 => self.damaged = true,
            sextets => out.extend_from_slice(&bytes[1..usize::from(sextets)]),
        }
        (self.bits, self.sextets) = (0, 0);
    }
}

/// What is kept of a line after padding before it is looked at, and of what stands behind the end.
const LONGEST_LINE: usize = 1024;
const MOST_BEHIND: usize = 16 * 1024;

const PADDING: u8 = 64;
const SKIPPED: u8 = 65;
const FOREIGN: u8 = 66;

/// What each byte stands for. The URL-safe alphabet's `-` and `_` are taken too.
const SEXTETS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [FOREIGN; 256];
    let mut sextet = 0;
    while sextet < 64 {
        table[alphabet[sextet as usize] as usize] = sextet;
        sextet += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = PADDING;
    table[b'\r' as usize] = SKIPPED;
    table[b'\n' as usize] = SKIPPED;
    table[b'\t' as usize] = SKIPPED;
    table[b' ' as usize] = SKIPPED;
    table
};
