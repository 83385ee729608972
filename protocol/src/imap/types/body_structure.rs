//! How a message is built: its parts, without their contents.
//!
//! RFC 9051 section 7.5.2 (`BODYSTRUCTURE`), RFC 3501 section 7.4.2.

use std::borrow::Cow;
use std::fmt;

use super::envelope::{Envelope, exact};
use super::span::{Span, Text, Width};

/// The tree of a message's parts.
///
/// The parts lie one behind the other, each before its children, and their texts are spans of the response; so a
/// tree of any depth is one list of numbers, and walking it needs no recursion.
#[derive(Clone)]
pub struct BodyStructure<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    /// What [`Tree::into_words`] wrote.
    pub(crate) words: Vec<u32>,
}

/// A structure that is being read.
///
/// As words it is: its [`Width`], how many nodes there are, the nodes, each as [`Node::write`] has it, and then
/// whatever a node has any number of: the spans of parameters (name, then value) and languages, and envelopes.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) width: Width,
    pub(crate) nodes: Vec<u32>,
    pub(crate) lists: Vec<u32>,
}

/// One part: spans into the text, ranges of the lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Node {
    /// NIL for a multipart.
    pub(crate) media_type: Span,
    pub(crate) subtype: Span,
    pub(crate) id: Span,
    pub(crate) description: Span,
    pub(crate) encoding: Span,
    pub(crate) md5: Span,
    pub(crate) disposition: Span,
    pub(crate) location: Span,
    pub(crate) parameters: Range,
    pub(crate) disposition_parameters: Range,
    pub(crate) languages: Range,
    pub(crate) size: u64,
    pub(crate) lines: Option<u32>,
    /// Where its envelope begins in the lists.
    pub(crate) envelope: Option<u32>,
    /// The number of the next part that is not below this one.
    pub(crate) end: u32,
    pub(crate) depth: u16,
}

/// Spans among a tree's lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    /// Of the first word.
    pub(crate) start: u32,
    /// Of spans.
    pub(crate) count: u32,
}

impl Tree {
    pub(crate) fn new(width: Width) -> Self {
        // Room for a message with an alternative and an attachment; one that is kept gives the rest back.
        let mut nodes = Vec::with_capacity(128);
        nodes.extend([width.word(), 0]);
        Self { width, nodes, lists: Vec::with_capacity(32) }
    }

    /// Makes room for a node; its number comes back.
    pub(crate) fn add(&mut self) -> u32 {
        let number = self.len();
        self.nodes[1] = number + 1;
        self.nodes.resize(self.nodes.len() + Node::words(self.width), 0);
        number
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> u32 {
        self.nodes[1]
    }

    /// Writes a node where [`Self::add`] made room for it.
    pub(crate) fn put(&mut self, number: u32, node: &Node) {
        let at = Node::place(self.width, number as usize);
        if let Some(words) = self.nodes.get_mut(at..at + Node::words(self.width)) {
            node.write(self.width, words);
        }
    }

    pub(crate) fn into_words(mut self) -> Vec<u32> {
        self.nodes.extend_from_slice(&self.lists);
        self.nodes
    }
}

impl Node {
    /// Numbers before the spans.
    const NUMBERS: usize = 13;
    const SPANS: usize = 8;

    fn words(width: Width) -> usize {
        Self::NUMBERS + Self::SPANS * width.words()
    }

    /// Where the node of this number begins in a tree's words.
    fn place(width: Width, number: usize) -> usize {
        2 + number * Self::words(width)
    }

    #[expect(clippy::cast_possible_truncation, reason = "each half of the size is a word of its own")]
    fn write(&self, width: Width, words: &mut [u32]) {
        let numbers = [
            self.end,
            u32::from(self.depth),
            self.size as u32,
            (self.size >> 32) as u32,
            u32::from(self.lines.is_some()),
            self.lines.unwrap_or_default(),
            self.envelope.map_or(0, |at| at + 1),
            self.parameters.start,
            self.parameters.count,
            self.disposition_parameters.start,
            self.disposition_parameters.count,
            self.languages.start,
            self.languages.count,
        ];
        let spans = [
            self.media_type,
            self.subtype,
            self.id,
            self.description,
            self.encoding,
            self.md5,
            self.disposition,
            self.location,
        ];
        let (first, rest) = words.split_at_mut(Self::NUMBERS);
        first.copy_from_slice(&numbers);
        match (width, rest.first_chunk_mut::<{ Self::SPANS }>()) {
            (Width::Narrow, Some(rest)) => *rest = spans.map(Span::narrow),
            _ => spans
                .into_iter()
                .enumerate()
                .for_each(|(index, span)| width.put(rest, index * width.words(), span)),
        }
    }

    fn read(width: Width, words: &[u32]) -> Self {
        let span = |index| width.span(words, Self::NUMBERS + index * width.words());
        let number = |at: usize| words.get(at).copied().unwrap_or_default();
        let range = |at| Range { start: number(at), count: number(at + 1) };
        Self {
            end: number(0),
            depth: u16::try_from(number(1)).unwrap_or(u16::MAX),
            size: u64::from(number(2)) | u64::from(number(3)) << 32,
            lines: (number(4) != 0).then_some(number(5)),
            envelope: number(6).checked_sub(1),
            parameters: range(7),
            disposition_parameters: range(9),
            languages: range(11),
            media_type: span(0),
            subtype: span(1),
            id: span(2),
            description: span(3),
            encoding: span(4),
            md5: span(5),
            disposition: span(6),
            location: span(7),
        }
    }
}

impl BodyStructure<'_> {
    /// The message itself: a multipart or the only part.
    #[must_use]
    pub fn root(&self) -> Part<'_> {
        Part { body: self, index: 0 }
    }

    /// Every part, each before its children.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Part<'_>> {
        (0..self.len()).map(|index| Part { body: self, index })
    }

    /// The part with this number (`1.2`), as [`Part::number`] gives it: where an embedded message and its
    /// multipart share one, the message.
    #[must_use]
    pub fn part(&self, number: &str) -> Option<Part<'_>> {
        self.parts().find(|part| part.number() == number)
    }

    /// The same structure, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> BodyStructure<'static> {
        BodyStructure { text: Cow::Owned(self.text.into_owned()), words: exact(self.words) }
    }

    fn len(&self) -> usize {
        self.words.get(1).map_or(0, |&count| count as usize)
    }

    fn width(&self) -> Width {
        Width::of(self.words.first().copied().unwrap_or_default())
    }

    /// What lies behind the nodes.
    fn lists(&self) -> &[u32] {
        self.words.get(Node::place(self.width(), self.len())..).unwrap_or_default()
    }
}

impl PartialEq for BodyStructure<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.parts().eq(other.parts())
    }
}

impl Eq for BodyStructure<'_> {}

impl fmt::Debug for BodyStructure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts()).finish()
    }
}

/// A view of one part.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    body: &'a BodyStructure<'a>,
    index: usize,
}

impl<'a> Part<'a> {
    fn node(self) -> Node {
        let width = self.body.width();
        let at = Node::place(width, self.index);
        Node::read(width, self.body.words.get(at..).unwrap_or_default())
    }

    fn text(self, span: Span) -> Option<Text<'a>> {
        span.text(&self.body.text)
    }

    /// True for a multipart, whose [`children`](Self::children) are the parts.
    #[must_use]
    pub fn is_multipart(self) -> bool {
        self.node().media_type.is_nil()
    }

    /// The media type as the server has it: `TEXT`; `MULTIPART` for one of those. Compare without case.
    #[must_use]
    pub fn media_type(self) -> Text<'a> {
        self.text(self.node().media_type).unwrap_or(Cow::Borrowed(b"MULTIPART"))
    }

    /// The subtype as the server has it: `PLAIN`. Compare without case.
    #[must_use]
    pub fn subtype(self) -> Text<'a> {
        self.text(self.node().subtype).unwrap_or_default()
    }

    /// True if the part is of this type, in any case.
    #[must_use]
    pub fn is(self, media_type: &str, subtype: &str) -> bool {
        self.media_type().eq_ignore_ascii_case(media_type.as_bytes())
            && self.subtype().eq_ignore_ascii_case(subtype.as_bytes())
    }

    /// The media type's parameters: names and values.
    pub fn parameters(self) -> impl ExactSizeIterator<Item = (Text<'a>, Text<'a>)> {
        self.pairs(self.node().parameters)
    }

    /// A parameter of the media type, by its name in any case: `charset`.
    #[must_use]
    pub fn parameter(self, name: &str) -> Option<Text<'a>> {
        find(self.parameters(), name)
    }

    /// The `Content-ID`, in its angle brackets.
    #[must_use]
    pub fn id(self) -> Option<Text<'a>> {
        self.text(self.node().id)
    }

    /// The `Content-Description`.
    #[must_use]
    pub fn description(self) -> Option<Text<'a>> {
        self.text(self.node().description)
    }

    /// The `Content-Transfer-Encoding`: `BASE64`. Compare without case. `None` for a multipart.
    #[must_use]
    pub fn encoding(self) -> Option<Text<'a>> {
        self.text(self.node().encoding)
    }

    /// Octets as they travel, before decoding. 0 for a multipart, and where the server gave no sane number.
    #[must_use]
    pub fn size(self) -> u64 {
        self.node().size
    }

    /// Lines of a text or of an embedded message; what is over 32 bits counts as the most.
    #[must_use]
    pub fn lines(self) -> Option<u32> {
        self.node().lines
    }

    /// The `Content-MD5`.
    #[must_use]
    pub fn md5(self) -> Option<Text<'a>> {
        self.text(self.node().md5)
    }

    /// The `Content-Disposition` without parameters: `attachment`. Compare without case.
    #[must_use]
    pub fn disposition(self) -> Option<Text<'a>> {
        self.text(self.node().disposition)
    }

    /// The disposition's parameters: names and values.
    pub fn disposition_parameters(self) -> impl ExactSizeIterator<Item = (Text<'a>, Text<'a>)> {
        self.pairs(self.node().disposition_parameters)
    }

    /// A parameter of the disposition, by its name in any case: `filename`.
    #[must_use]
    pub fn disposition_parameter(self, name: &str) -> Option<Text<'a>> {
        find(self.disposition_parameters(), name)
    }

    /// The `Content-Language`.
    pub fn languages(self) -> impl Iterator<Item = Text<'a>> {
        self.spans(self.node().languages).filter_map(move |span| self.text(span))
    }

    /// The `Content-Location`.
    #[must_use]
    pub fn location(self) -> Option<Text<'a>> {
        self.text(self.node().location)
    }

    /// The envelope of an embedded message.
    #[must_use]
    pub fn envelope(self) -> Option<Envelope<'a>> {
        let words = self.body.lists().get(self.node().envelope? as usize..)?;
        Some(Envelope { text: Cow::Borrowed(&self.body.text), words: Cow::Borrowed(words) })
    }

    /// The parts directly below: of a multipart, or of an embedded message (always one).
    pub fn children(self) -> impl Iterator<Item = Part<'a>> {
        let end = self.node().end as usize;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Part { body: self.body, index: next })?;
            next = (child.node().end as usize).max(next + 1);
            Some(child)
        })
    }

    /// How far below the root it is.
    #[must_use]
    pub fn depth(self) -> usize {
        usize::from(self.node().depth)
    }

    /// The number to fetch the part by: `1.2`, empty for a multipart at the root, `1` for a message of one part.
    ///
    /// RFC 9051 section 6.4.5.1: the parts of a multipart are counted from 1. A multipart that is all of an
    /// embedded message shares the message's number, and any other body of such a message is its part 1.
    #[must_use]
    pub fn number(self) -> String {
        let mut numbers: Vec<String> = Vec::new();
        let mut at = self.body.root();
        if !at.is_multipart() {
            numbers.push("1".into());
        }
        while at.index != self.index {
            let below = |child: &Part<'a>| (child.index..child.node().end as usize).contains(&self.index);
            let Some((place, child)) = at.children().enumerate().find(|(_, child)| below(child)) else {
                break;
            };
            // The multipart inside an embedded message has no number of its own.
            if at.is_multipart() || !child.is_multipart() {
                numbers.push((place + 1).to_string());
            }
            at = child;
        }
        numbers.join(".")
    }

    fn spans(self, range: Range) -> impl ExactSizeIterator<Item = Span> {
        let (width, lists) = (self.body.width(), self.body.lists());
        let words = lists.get(range.start as usize..).unwrap_or_default();
        (0..range.count as usize).map(move |index| width.span(words, index * width.words()))
    }

    fn pairs(self, range: Range) -> impl ExactSizeIterator<Item = (Text<'a>, Text<'a>)> {
        let text = move |span| self.text(span).unwrap_or_default();
        let mut spans = self.spans(range);
        (0..range.count / 2).map(move |_| {
            let mut next = || text(spans.next().unwrap_or(Span::EMPTY));
            (next(), next())
        })
    }
}

fn find<'a>(mut pairs: impl Iterator<Item = (Text<'a>, Text<'a>)>, name: &str) -> Option<Text<'a>> {
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
}

impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        let texts = |part: &Self| {
            [part.id(), part.description(), part.encoding(), part.md5(), part.disposition(), part.location()]
        };
        let numbers = |part: &Self| (part.depth(), part.size(), part.lines(), part.is_multipart());
        self.media_type() == other.media_type()
            && self.subtype() == other.subtype()
            && numbers(self) == numbers(other)
            && texts(self) == texts(other)
            && self.parameters().eq(other.parameters())
            && self.disposition_parameters().eq(other.disposition_parameters())
            && self.languages().eq(other.languages())
            && self.envelope() == other.envelope()
    }
}

impl Eq for Part<'_> {}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lossy = |text: Text<'_>| String::from_utf8_lossy(&text).into_owned();
        write!(f, "{} {}/{}", self.number(), lossy(self.media_type()), lossy(self.subtype()))?;
        for (name, value) in self.parameters().chain(self.disposition_parameters()) {
            write!(f, "; {}={}", lossy(name), lossy(value))?;
        }
        write!(f, " ({} octets)", self.size())
    }
}
