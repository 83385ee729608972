//! How a message is built: its parts, without their contents.
//!
//! RFC 9051 section 7.5.2 (`BODYSTRUCTURE`), RFC 3501 section 7.4.2.

use std::borrow::Cow;
use std::fmt;

use super::envelope::{AddressSpans, Envelope, EnvelopeTable, exact};
use super::span::{Span, Text};

/// The tree of a message's parts.
///
/// The parts lie one behind the other, each before its children, and their texts are spans of the response; so a
/// tree of any depth is three lists, and walking it needs no recursion.
#[derive(Clone)]
pub struct BodyStructure<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    /// Apart, so that a FETCH without a structure is no larger for it.
    pub(crate) tree: Box<Tree>,
}

/// The lists behind a [`BodyStructure`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// Parameters (name, then value), languages: whatever a node has any number of.
    pub(crate) strings: Vec<Span>,
    /// Of the `message/rfc822` parts.
    pub(crate) envelopes: Vec<EnvelopeTable>,
    pub(crate) addresses: Vec<AddressSpans>,
}

/// One part: spans into the text, ranges of the tree's lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// NIL for a multipart.
    pub(crate) media_type: Span,
    pub(crate) subtype: Span,
    pub(crate) parameters: Range,
    pub(crate) id: Span,
    pub(crate) description: Span,
    pub(crate) encoding: Span,
    pub(crate) md5: Span,
    pub(crate) disposition: Span,
    pub(crate) disposition_parameters: Range,
    pub(crate) languages: Range,
    pub(crate) location: Span,
    pub(crate) size: u64,
    pub(crate) lines: Option<u32>,
    pub(crate) envelope: Option<u32>,
    /// Where the next part that is not below this one stands.
    pub(crate) end: u32,
    pub(crate) depth: u16,
}

/// A part of one of the tree's lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl BodyStructure<'_> {
    /// The message itself: a multipart or the only part.
    #[must_use]
    pub fn root(&self) -> Part<'_> {
        Part { body: self, index: 0 }
    }

    /// Every part, each before its children.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Part<'_>> {
        (0..self.tree.nodes.len()).map(|index| Part { body: self, index })
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
        let Tree { nodes, strings, envelopes, addresses } = *self.tree;
        let tree = Tree {
            nodes: exact(nodes),
            strings: exact(strings),
            envelopes: exact(envelopes),
            addresses: exact(addresses),
        };
        BodyStructure { text: Cow::Owned(self.text.into_owned()), tree: Box::new(tree) }
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
    fn node(self) -> &'a Node {
        &self.body.tree.nodes[self.index]
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

    /// Lines of a text or of an embedded message.
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
        self.strings(self.node().languages).iter().filter_map(move |&span| self.text(span))
    }

    /// The `Content-Location`.
    #[must_use]
    pub fn location(self) -> Option<Text<'a>> {
        self.text(self.node().location)
    }

    /// The envelope of an embedded message.
    #[must_use]
    pub fn envelope(self) -> Option<Envelope<'a>> {
        let tree = &self.body.tree;
        Some(Envelope {
            text: Cow::Borrowed(&self.body.text),
            addresses: Cow::Borrowed(&tree.addresses),
            table: *tree.envelopes.get(self.node().envelope? as usize)?,
        })
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

    fn strings(self, range: Range) -> &'a [Span] {
        self.body.tree.strings.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    fn pairs(self, range: Range) -> impl ExactSizeIterator<Item = (Text<'a>, Text<'a>)> {
        let text = move |span| self.text(span).unwrap_or_default();
        self.strings(range).as_chunks::<2>().0.iter().map(move |&[name, value]| (text(name), text(value)))
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
