//! Quoted-printable (RFC 2045 section 6.7), as mailers write it.

/// Quoted-printable, decoded as it comes.
#[derive(Debug, Clone, Default)]
pub struct QuotedPrintable {
    /// What may yet turn out to be something else: an escape that began, or white space that may end a line.
    held: Vec<u8>,
    damaged: bool,
}

impl QuotedPrintable {
    /// Decodes all of it at once.
    pub fn decode_all(bytes: &[u8]) -> Vec<u8> {
        let (mut state, mut out) = (Self::default(), Vec::with_capacity(bytes.len()));
        state.push(bytes, &mut out);
        state.finish(&mut out);
        out
    }

    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for &byte in piece {
            match self.held.first() {
                Some(b'=') => self.push_escape(byte, out),
                _ => self.push_text(byte, out),
            }
        }
    }

    fn push_text(&mut self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b' ' | b'\t' if self.held.len() < HELD_SPACE => self.held.push(byte),
            // Rule 3: white space at a line's end was added on the way. A CR belongs to that end.
            b'\r' | b'\n' => {
                self.held.clear();
                out.push(byte);
            }
            b'=' => {
                out.append(&mut self.held);
                self.held.push(byte);
            }
            _ => {
                out.append(&mut self.held);
                out.push(byte);
            }
        }
    }

    /// Behind a `=`: two hex digits, or a line end (with white space before it) that joins the lines.
    fn push_escape(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (&self.held[1..], byte) {
            ([], b'\r' | b' ' | b'\t') | ([b'\r' | b' ' | b'\t'], b' ' | b'\t' | b'\r') => {
                self.held.truncate(1);
                self.held.push(byte);
            }
            ([] | [b'\r' | b' ' | b'\t'], b'\n') => self.held.clear(),
            ([], digit) if digit.is_ascii_hexdigit() => self.held.push(digit),
            (&[high], low) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(high) << 4 | hex(low));
                self.held.clear();
            }
            // No escape after all: leave it as it stands, and look at this byte afresh.
            _ => {
                self.damaged = true;
                out.append(&mut self.held);
                self.push_text(byte, out);
            }
        }
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        match self.held.as_slice() {
            // A soft line break at the very end, its line end lost.
            [b'='] | [b'=', b'\r'] => {}
            [b'=', ..] => {
                self.damaged = true;
                out.append(&mut self.held);
            }
            _ => {}
        }
        self.held.clear();
    }
}

/// White space held back at most: RFC 2045 allows lines of 76, and a line of spaces alone must not fill memory.
const HELD_SPACE: usize = 1024;

/// The value of an ASCII hex digit; the caller checked that it is one.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit - b'A' + 10,
    }
}
