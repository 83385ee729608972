//! Uuencode (POSIX, `uuencode`): a file as lines between `begin` and `end`, older than MIME.

/// Uuencode, decoded as it comes, line by line.
#[derive(Debug, Clone, Default)]
pub struct Uuencode {
    line: Vec<u8>,
    stage: Stage,
    damaged: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Before,
    Within,
    After,
}

impl Uuencode {
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for &byte in piece {
            match byte {
                b'\n' => self.end_line(out),
                _ if self.line.len() < LONGEST_LINE => self.line.push(byte),
                _ => self.damaged = true,
            }
        }
    }

    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_line(out);
        self.damaged |= self.stage != Stage::After;
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_ascii_end();
        match self.stage {
            Stage::Before if begins(line).is_some() => self.stage = Stage::Within,
            Stage::Within if line == b"end" => self.stage = Stage::After,
            Stage::Within => decode_line(line, out),
            Stage::Before | Stage::After => {}
        }
    }
}

/// The file name of a line that begins a file: `begin 644 name`.
pub(crate) fn begins(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let digits = rest.iter().take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let name = rest[digits..].strip_prefix(b" ")?;
    ((3..=4).contains(&digits) && !name.is_empty()).then_some(name)
}

/// Whether a text has a file within it: a first line, and behind it one that has as many characters as it says.
pub(crate) fn is_in(text: &str) -> bool {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if begins(line.as_bytes()).is_some() {
            let Some(next) = lines.next() else { return false };
            let Some((first, data)) = next.as_bytes().split_first() else { continue };
            let length = usize::from(first.wrapping_sub(b' ') & 0x3f);
            if data.len() >= length.div_ceil(3) * 4 - usize::from(length % 3 != 0) * 3 {
                return true;
            }
        }
    }
    false
}

/// The first character is the number of bytes, each other one six bits.
fn decode_line(line: &[u8], out: &mut Vec<u8>) {
    let Some((first, data)) = line.split_first() else { return };
    let sextet = |byte: &u8| u32::from(byte.wrapping_sub(b' ') & 0x3f);
    let length = usize::try_from(sextet(first)).unwrap_or(0);
    let start = out.len();
    for group in data.chunks(4) {
        let bits = (0..4).fold(0, |bits, index| bits << 6 | group.get(index).map_or(0, sextet));
        out.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    out.truncate(start + length.min(out.len() - start));
}

/// Lines have 61 characters.
const LONGEST_LINE: usize = 1024;
