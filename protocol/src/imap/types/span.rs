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
        let span = Self::at(start, part.len());
        if escaped && !span.is_nil() { Self { len: span.len | Self::ESCAPED, ..span } } else { span }
    }

    /// A string without escapes.
    #[inline(always)]
    pub(crate) fn at(start: usize, len: usize) -> Self {
        match (u32::try_from(start), u32::try_from(len)) {
            (Ok(start), Ok(len)) if len < Self::ESCAPED => Self { start, len },
            _ => Self::NIL,
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len == 0 && !self.is_nil()
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

/// How many words of a list each of its spans takes: one, where the text is short enough for 15 bits.
///
/// Almost every text is, and so a message that is kept takes half the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Narrow,
    Wide,
}

impl Width {
    /// For spans into a text of no more than `len` octets.
    pub(crate) fn for_text(len: usize) -> Self {
        if len <= NARROW_MAX { Self::Narrow } else { Self::Wide }
    }

    pub(crate) fn words(self) -> usize {
        match self {
            Self::Narrow => 1,
            Self::Wide => 2,
        }
    }

    /// As the first word of a list has it.
    pub(crate) fn of(word: u32) -> Self {
        if word == 0 { Self::Narrow } else { Self::Wide }
    }

    pub(crate) fn word(self) -> u32 {
        u32::from(self == Self::Wide)
    }

    /// Puts a span at the end of a list.
    #[inline(always)]
    pub(crate) fn push(self, words: &mut Vec<u32>, span: Span) {
        match self {
            Self::Narrow => words.push(span.narrow()),
            Self::Wide => words.extend([span.start, span.len]),
        }
    }

    /// Puts a span over what stands at `at`.
    #[inline(always)]
    pub(crate) fn put(self, words: &mut [u32], at: usize, span: Span) {
        match (self, words.get_mut(at..)) {
            (Self::Narrow, Some([word, ..])) => *word = span.narrow(),
            (Self::Wide, Some([start, len, ..])) => (*start, *len) = (span.start, span.len),
            _ => {}
        }
    }

    /// The span at `at`; NIL where the list is too short.
    pub(crate) fn span(self, words: &[u32], at: usize) -> Span {
        match (self, words.get(at..)) {
            (Self::Narrow, Some([word, ..])) => Span::from_narrow(*word),
            (Self::Wide, Some([start, len, ..])) => Span { start: *start, len: *len },
            _ => Span::NIL,
        }
    }
}

/// Where starts and lengths fit in 15 bits.
const NARROW_MAX: usize = (1 << 15) - 1;

impl Span {
    /// The start above, the length below it, and the mark of escapes as the lowest bit. All ones are NIL.
    #[inline(always)]
    pub(crate) fn narrow(self) -> u32 {
        if self.is_nil() { u32::MAX } else { self.start << 16 | self.len << 1 | self.len >> 31 }
    }

    /// A narrow span that lies `by` octets further on, in a text that is short enough for it.
    pub(crate) fn moved(word: u32, by: usize) -> u32 {
        let by = u32::try_from(by).unwrap_or_default() << 16;
        if word == u32::MAX { word } else { word.wrapping_add(by) }
    }

    fn from_narrow(word: u32) -> Self {
        if word == u32::MAX {
            return Self::NIL;
        }
        Self { start: word >> 16, len: word >> 1 & 0x7fff | word << 31 }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_come_back_from_both_widths() {
        let text = vec![b'x'; 100_000];
        let check = |width: Width, span: Span| {
            let mut words = vec![7];
            width.push(&mut words, span);
            assert_eq!((words.len(), width.span(&words, 1)), (1 + width.words(), span));
            width.put(&mut words, 1, Span::EMPTY);
            assert_eq!(width.span(&words, 1), Span::EMPTY);
        };
        for width in [Width::Narrow, Width::Wide] {
            check(width, Span::NIL);
            check(width, Span::at(0, 0));
            check(width, Span::of(&text[32_766..32_767], &text, true));
            check(width, Span::of(&text[..32_767], &text, true));
        }
        check(Width::Wide, Span::of(&text[99_000..], &text, true));
        assert_eq!(Width::for_text(32_767), Width::Narrow);
        assert_eq!(Width::for_text(32_768), Width::Wide);
    }
}
