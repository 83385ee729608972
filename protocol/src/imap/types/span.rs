//! Where a string lies in the response that it came in.

use std::borrow::Cow;

/// A string's bytes, as the server meant them: without quotes and escapes.
pub type Text<'a> = Cow<'a, [u8]>;

/// Eight bytes for a string instead of three words: its place in the text that its owner holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// `NIL` where this is [`u32::MAX`].
    start: u32,
    /// The highest bit says that there are escapes in it.
    len: u32,
}

impl Span {
    pub(crate) const NIL: Self = Self { start: u32::MAX, len: 0 };
    /// Where it starts does not matter: it is empty.
    pub(crate) const EMPTY: Self = Self { start: 0, len: 0 };
    const ESCAPED: u32 = 1 << 31;

    /// `part` must lie in `whole`, which must be shorter than 2 GiB; else the string counts as NIL.
    pub(crate) fn of(part: &[u8], whole: &[u8], escaped: bool) -> Self {
        if part.is_empty() {
            return Self::EMPTY;
        }
        let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        if start + part.len() > whole.len() {
            return Self::NIL;
        }
        let (Ok(start), Ok(len)) = (u32::try_from(start), u32::try_from(part.len())) else {
            return Self::NIL;
        };
        Self { start, len: len & !Self::ESCAPED | if escaped { Self::ESCAPED } else { 0 } }
    }

    pub(crate) fn is_nil(self) -> bool {
        self.start == u32::MAX
    }

    /// The bytes with their escapes, if there are any.
    pub(crate) fn raw(self, whole: &[u8]) -> Option<&[u8]> {
        let start = self.start as usize;
        whole.get(start..start.checked_add((self.len & !Self::ESCAPED) as usize)?)
    }

    /// The bytes, or `None` for NIL.
    pub(crate) fn text(self, whole: &[u8]) -> Option<Text<'_>> {
        if self.is_nil() {
            return None;
        }
        let bytes = self.raw(whole)?;
        Some(if self.len & Self::ESCAPED == 0 { Cow::Borrowed(bytes) } else { unescape(bytes).into() })
    }
}

impl Default for Span {
    fn default() -> Self {
        Self::NIL
    }
}

/// RFC 9051 section 9: `quoted-specials` stand behind a backslash. Some servers escape others too.
pub(crate) fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        text.push(if byte == b'\\' { rest.next().copied().unwrap_or(byte) } else { byte });
    }
    text
}
