//! Content-Transfer-Encoding (RFC 2045 section 6) taken off a stream, piece by piece. Never holds more than a
//! few bytes (base64) or one line's white space (quoted-printable) back, so that an attachment of any size
//! passes through; never fails: what is broken is skipped and said in [`Transfer::damaged`].

/// Takes one transfer encoding off a stream of pieces cut anywhere.
#[derive(Debug, Clone)]
pub enum Transfer {
    /// `7bit`, `8bit`, `binary`, or a word that nobody knows.
    Identity,
    /// `base64`.
    Base64(Base64),
    /// `quoted-printable`.
    QuotedPrintable(QuotedPrintable),
}

impl Transfer {
    /// For the value of a `Content-Transfer-Encoding` field.
    pub fn new(encoding: &str) -> Self {
        match encoding.trim().to_ascii_lowercase().as_str() {
            "base64" => Self::Base64(Base64::default()),
            "quoted-printable" => Self::QuotedPrintable(QuotedPrintable::default()),
            _ => Self::Identity,
        }
    }

    /// Decodes the next piece onto `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Identity => out.extend_from_slice(piece),
            Self::Base64(state) => state.push(piece, out),
            Self::QuotedPrintable(state) => state.push(piece, out),
        }
    }

    /// The stream ended: gives out what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Identity => {}
            Self::Base64(state) => state.finish(out),
            Self::QuotedPrintable(state) => state.finish(out),
        }
    }

    /// Whether anything had to be skipped or guessed.
    pub fn damaged(&self) -> bool {
        match self {
            Self::Identity => false,
            Self::Base64(state) => state.damaged,
            Self::QuotedPrintable(state) => state.damaged,
        }
    }
}

/// How many decoded bytes `octets` encoded ones come to, as near as can be told: base64 in lines of 76 has 57
/// bytes in 78.
pub fn decoded_size(encoding: &str, octets: u32) -> u32 {
    if !encoding.trim().eq_ignore_ascii_case("base64") {
        return octets;
    }
    // Not more than `octets`: 57 of 78.
    u32::try_from(u64::from(octets) * 57 / 78).unwrap_or(octets)
}

/// Base64 (RFC 2045 section 6.8). Padding inside the stream starts anew: some mailers join encoded pieces.
#[derive(Debug, Clone, Default)]
pub struct Base64 {
    /// Up to three sextets, the first one highest.
    bits: u32,
    sextets: u8,
    damaged: bool,
}

impl Base64 {
    /// Decodes all of it at once.
    pub fn decode_all(bytes: &[u8]) -> Vec<u8> {
        let (mut state, mut out) = (Self::default(), Vec::with_capacity(bytes.len() * 3 / 4));
        state.push(bytes, &mut out);
        state.finish(&mut out);
        out
    }

    fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        out.reserve(piece.len() / 4 * 3 + 3);
        for &byte in piece {
            match SEXTETS[usize::from(byte)] {
                PADDING => self.finish(out),
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

    fn finish(&mut self, out: &mut Vec<u8>) {
        let bytes = (self.bits << (6 * (4 - u32::from(self.sextets.min(4))))).to_be_bytes();
        match self.sextets {
            0 => {}
            1 => self.damaged = true,
            sextets => out.extend_from_slice(&bytes[1..usize::from(sextets)]),
        }
        (self.bits, self.sextets) = (0, 0);
    }
}

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

/// Quoted-printable (RFC 2045 section 6.7).
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

    fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
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

    fn finish(&mut self, out: &mut Vec<u8>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes whole, and again cut in two at every place: the result may not depend on the cut.
    fn check(encoding: &str, input: &[u8], expected: &[u8], damaged: bool) {
        for cut in 0..=input.len() {
            let mut transfer = Transfer::new(encoding);
            let mut out = Vec::new();
            transfer.push(&input[..cut], &mut out);
            transfer.push(&input[cut..], &mut out);
            transfer.finish(&mut out);
            assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(expected), "cut at {cut}");
            assert_eq!(transfer.damaged(), damaged, "cut at {cut} of {}", String::from_utf8_lossy(input));
        }
    }

    #[test]
    fn identity() {
        check("7bit", b"as it is = 3D\r\n", b"as it is = 3D\r\n", false);
        check("x-unknown", b"same", b"same", false);
    }

    #[test]
    fn base64() {
        check("BASE64", b"R3LDvMOfZQ==", "Grüße".as_bytes(), false);
        check("base64", b"R3LD\r\nvMOf\r\nZQ==\r\n", "Grüße".as_bytes(), false);
        check("base64", b"YQ==YmM=ZGVm", b"abcdef", false);
        check("base64", b"YWJj\0ZGVm", b"abcdef", true);
        check("base64", b"YWJjZA", b"abcd", false);
        check("base64", b"YWJjZ", b"abc", true);
        check("base64", b"", b"", false);
    }

    #[test]
    fn quoted_printable() {
        check("quoted-printable", b"Gr=C3=BC=c3=9fe", "Grüße".as_bytes(), false);
        check("quoted-printable", b"one =\r\nline  \t\r\nnext", b"one line\r\nnext", false);
        check("quoted-printable", b"soft =  \r\nbreak=\nhere", b"soft breakhere", false);
        check("quoted-printable", b"a=3Db =3D\r\n", b"a=b =\r\n", false);
        check("quoted-printable", b"50 = fifty", b"50 = fifty", true);
        check("quoted-printable", b"=G1=4", b"=G1=4", true);
        check("quoted-printable", b"==3D", b"==", true);
        check("quoted-printable", b"end=", b"end", false);
    }

    #[test]
    fn a_flood_of_spaces_is_not_held_back() {
        let mut transfer = Transfer::new("quoted-printable");
        let mut out = Vec::new();
        transfer.push(&[b' '; 100_000], &mut out);
        assert!(out.len() > 90_000);
    }

    #[test]
    fn sizes_are_near() {
        let encoded: u32 = 26_214_400 / 57 * 78;
        assert!(decoded_size("base64", encoded).abs_diff(26_214_400) < 100);
        assert_eq!(decoded_size("7bit", 10), 10);
    }
}
