//! Finds where a response ends. A state machine over what has arrived of it, which never looks at a byte twice.

use memchr::memchr;

use super::{FrameError, Limits};

/// Finds the ends of the pieces of one response after the other.
///
/// It is handed the unread bytes from the beginning of the current piece each time, and remembers how far it
/// came; whoever calls it takes away as many bytes as a [`Cut`] names.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    mode: Mode,
    /// Where the current line begins.
    line: usize,
    /// How far the line end was looked for.
    searched: usize,
    literals: usize,
    /// What kind of response it is; `None` until the first line is there.
    kind: Option<Kind>,
    /// Octets of the response that were taken away already.
    taken: usize,
    nesting: Option<Nesting>,
    failed: Option<FrameError>,
}

/// Where the next piece ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Response(usize),
    /// No response: some servers send blank lines between them.
    Blank(usize),
    BodyHead {
        len: usize,
        size: u64,
    },
    BodyChunk(usize),
    BodyEnd,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Mode {
    #[default]
    Line,
    /// Octets of a literal that are yet to be passed over.
    Literal(usize),
    /// Octets of a body that are yet to be given out.
    Body(u64),
    /// A line ended where the response can't have: does the next one belong to it?
    Doubt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A message's data: large bodies are streamed.
    Fetch,
    /// Words for a person stand at the end: `{5}` is one of them, not a literal.
    Words,
    Other,
}

impl Scanner {
    pub(super) fn advance(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<Cut>, FrameError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.is_fresh()
            && let Some(end) = memchr(b'\n', bytes)
            && end < limits.line.min(limits.response)
            && bytes[..end].ends_with(b")\r")
        {
            // A list's end and a line's: nothing here needs another look.
            return Ok(Some(Cut::Response(end + 1)));
        }
        let cut = self.find(bytes, limits);
        if let Err(error) = cut {
            self.failed = Some(error);
        }
        cut
    }

    /// True where a response begins, and nothing of it was looked at.
    fn is_fresh(&self) -> bool {
        self.mode == Mode::Line && self.searched == 0 && self.taken == 0
    }

    fn find(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<Cut>, FrameError> {
        loop {
            match self.mode {
                Mode::Body(0) => {
                    self.mode = Mode::Line;
                    return Ok(Some(Cut::BodyEnd));
                }
                Mode::Body(left) => {
                    let len = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                    self.mode = Mode::Body(left - len as u64);
                    return Ok((len > 0).then_some(Cut::BodyChunk(len)));
                }
                Mode::Literal(left) => {
                    let here = left.min(bytes.len() - self.searched);
                    self.searched += here;
                    self.line = self.searched;
                    if here < left {
                        self.mode = Mode::Literal(left - here);
                        return Ok(None);
                    }
                    self.mode = Mode::Line;
                }
                Mode::Line | Mode::Doubt => {
                    let Some(end) = memchr(b'\n', &bytes[self.searched..]) else {
                        self.searched = bytes.len();
                        self.check_length(bytes.len(), limits)?;
                        return Ok(None);
                    };
                    let end = self.searched + end + 1;
                    self.check_length(end, limits)?;
                    self.searched = end;
                    if let Some(cut) = self.end_line(bytes, end, limits)? {
                        return Ok(Some(cut));
                    }
                }
            }
        }
    }

    fn check_length(&self, end: usize, limits: &Limits) -> Result<(), FrameError> {
        if end - self.line > limits.line {
            return Err(FrameError::LineTooLong(limits.line));
        }
        if self.taken + end > limits.response {
            return Err(FrameError::ResponseTooLong(limits.response));
        }
        Ok(())
    }

    /// A line ends before `end`: does the response?
    fn end_line(&mut self, bytes: &[u8], end: usize, limits: &Limits) -> Result<Option<Cut>, FrameError> {
        let line = trim_line_end(&bytes[self.line..end]);
        if self.mode == Mode::Doubt {
            // The doubtful line ended where this one begins.
            if begins_response(line) {
                return Ok(Some(self.finish(self.line)));
            }
            self.mode = Mode::Line;
        }
        if line.last() == Some(&b'}')
            && let Some(size) = literal_size(line)
            && self.kind(&bytes[..end]) != Kind::Words
        {
            return self.begin_literal(bytes, end, size, limits);
        }
        if self.is_cut_short(bytes, line, end) {
            self.line = end;
            self.mode = Mode::Doubt;
            return Ok(None);
        }
        if self.taken == 0 && bytes[..end].trim_ascii().is_empty() {
            *self = Self::default();
            return Ok(Some(Cut::Blank(end)));
        }
        Ok(Some(self.finish(end)))
    }

    fn finish(&mut self, end: usize) -> Cut {
        *self = Self::default();
        Cut::Response(end)
    }

    fn begin_literal(
        &mut self,
        bytes: &[u8],
        end: usize,
        size: Option<u64>,
        limits: &Limits,
    ) -> Result<Option<Cut>, FrameError> {
        self.literals += 1;
        if self.literals > limits.literals {
            return Err(FrameError::TooManyLiterals(limits.literals));
        }
        let streamed = size.is_none_or(|size| size > limits.stream_over as u64)
            && self.kind(&bytes[..end]) == Kind::Fetch
            && is_body(trim_line_end(&bytes[self.line..end]));
        if let (true, Some(size)) = (streamed, size) {
            if let Some(nesting) = &mut self.nesting {
                nesting.feed(&bytes[..end]);
                nesting.looked = 0;
            }
            self.taken += end;
            (self.line, self.searched) = (0, 0);
            self.mode = Mode::Body(size);
            return Ok(Some(Cut::BodyHead { len: end, size }));
        }
        let size = size.and_then(|size| usize::try_from(size).ok()).filter(|&size| size <= limits.literal);
        let size = size.ok_or(FrameError::LiteralTooLong(limits.literal))?;
        if size > limits.response.saturating_sub(self.taken + end) {
            return Err(FrameError::ResponseTooLong(limits.response));
        }
        self.line = end;
        self.mode = Mode::Literal(size);
        Ok(None)
    }

    /// `response` is what is there of it up to a line's end: behind it, others may follow.
    fn kind(&mut self, response: &[u8]) -> Kind {
        *self.kind.get_or_insert_with(|| kind(response))
    }

    /// True where a FETCH response can't be over: a quoted string is open, as where a server puts a header's
    /// line break into one, or a parenthesis is, after a literal, as where it stands on a line of its own.
    ///
    /// A line that ends in `)` is taken as the end, without looking at it twice.
    fn is_cut_short(&mut self, bytes: &[u8], line: &[u8], end: usize) -> bool {
        if line.trim_ascii_end().last() == Some(&b')') || self.kind(&bytes[..end]) != Kind::Fetch {
            return false;
        }
        let has_literals = self.literals > 0;
        // What was taken away with a streamed body is not there to be looked at: its parenthesis is open.
        let taken = self.taken > 0;
        let nesting =
            self.nesting.get_or_insert_with(|| Nesting { depth: usize::from(taken), ..Nesting::default() });
        nesting.feed(&bytes[..end]);
        nesting.quoted || (nesting.depth > 0 && has_literals)
    }
}

/// How deep in parentheses and quotes the response is, up to the byte that was looked at last.
#[derive(Debug, Default)]
struct Nesting {
    looked: usize,
    depth: usize,
    quoted: bool,
}

impl Nesting {
    fn feed(&mut self, bytes: &[u8]) {
        while self.looked < bytes.len() {
            let rest = &bytes[self.looked..];
            self.looked += if self.quoted { self.in_quotes(rest) } else { self.outside(rest) };
        }
    }

    /// How many bytes to go on by.
    fn in_quotes(&mut self, rest: &[u8]) -> usize {
        match memchr::memchr2(b'"', b'\\', rest) {
            None => rest.len(),
            Some(at) if rest[at] == b'\\' => (at + 2).min(rest.len()),
            Some(at) => {
                self.quoted = false;
                at + 1
            }
        }
    }

    fn outside(&mut self, rest: &[u8]) -> usize {
        match rest[0] {
            b'"' => self.quoted = true,
            b'(' => self.depth += 1,
            b')' => self.depth = self.depth.saturating_sub(1),
            b'{' => {
                let line = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                if let Some(Some(size)) = literal_size(trim_line_end(&rest[..line])) {
                    return usize::try_from(size).map_or(rest.len(), |size| (line + size).min(rest.len()));
                }
            }
            // One search for all four: two searches would run past each other again and again (S3).
            _ => return rest.iter().position(|byte| b"\"(){".contains(byte)).unwrap_or(rest.len()).max(1),
        }
        1
    }
}

/// The size in the `{n}` at the end of a line; `Some(None)` where it has too many digits for any size.
fn literal_size(line: &[u8]) -> Option<Option<u64>> {
    let inside = line.strip_suffix(b"}")?;
    let inside = inside.strip_suffix(b"+").unwrap_or(inside);
    let digits = inside.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || inside.get(inside.len().wrapping_sub(digits + 1)) != Some(&b'{') {
        return None;
    }
    let digits = &inside[inside.len() - digits..];
    Some(
        digits
            .iter()
            .try_fold(0u64, |size, digit| size.checked_mul(10)?.checked_add(u64::from(digit - b'0'))),
    )
}

/// True if the line ends in what announces a body: `BODY[…]`, `BODY[…]<0>`, `BINARY[…]`, `RFC822`, and a size.
fn is_body(line: &[u8]) -> bool {
    let Some(brace) = memchr::memrchr(b'{', line) else { return false };
    let before = line[..brace].strip_suffix(b"~").unwrap_or(&line[..brace]).trim_ascii_end();
    let ends = |word: &[u8]| {
        before.len() >= word.len() && before[before.len() - word.len()..].eq_ignore_ascii_case(word)
    };
    matches!(before.last(), Some(b']' | b'>'))
        || ends(b"RFC822")
        || ends(b"RFC822.TEXT")
        || ends(b"RFC822.HEADER")
}

fn kind(response: &[u8]) -> Kind {
    let mut words = response.trim_ascii_start().splitn(4, u8::is_ascii_whitespace);
    let (first, second, third) =
        (words.next(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if first.is_some_and(|tag| tag.starts_with(b"+")) || is_status(second) {
        return Kind::Words;
    }
    let fetch = third.eq_ignore_ascii_case(b"FETCH") || third.eq_ignore_ascii_case(b"UIDFETCH");
    if fetch && !second.is_empty() && second.iter().all(u8::is_ascii_digit) {
        Kind::Fetch
    } else {
        Kind::Other
    }
}

fn is_status(word: &[u8]) -> bool {
    [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status))
}

/// True if the line looks like the beginning of another response rather than the rest of this one.
fn begins_response(line: &[u8]) -> bool {
    let mut words = line.split(|&byte| byte == b' ');
    let (tag, word) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let all = |word: &[u8], kind: fn(&u8) -> bool| !word.is_empty() && word.iter().all(kind);
    match tag {
        b"*" => {
            is_status(word)
                || all(word, u8::is_ascii_uppercase)
                || all(word, u8::is_ascii_digit)
                    && all(words.next().unwrap_or_default(), u8::is_ascii_uppercase)
        }
        b"+" => true,
        _ => !tag.is_empty() && is_status(word),
    }
}

/// Some servers end lines with LF alone, or with several CR.
fn trim_line_end(line: &[u8]) -> &[u8] {
    let mut line = line.strip_suffix(b"\n").unwrap_or(line);
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}
