//! What FETCH can be asked for, how each is written, and how its answer is known.

use crate::imap::command::shared::Server;
use crate::imap::types::{Fetch as Data, FetchItem, Section, SectionText, Source};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misuse};
use std::ops::Range;

/// One thing to know of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchAttribute {
    /// Its UID.
    Uid,
    /// Its flags.
    Flags,
    /// When it arrived.
    InternalDate,
    /// Its size in octets.
    Size,
    /// Its header, read by the server.
    Envelope,
    /// How it is built.
    BodyStructure,
    /// Its modification sequence (RFC 7162).
    ModSeq,
    /// The first words of its text (RFC 8970).
    Preview,
    /// The same, but only where the server has them at hand: else NIL comes at once (RFC 8970 section 4.1).
    LazyPreview,
    /// When it came into this mailbox (RFC 8514).
    SaveDate,
    /// Its identifier, which is the same in every mailbox (RFC 8474).
    EmailId,
    /// Its conversation's identifier (RFC 8474).
    ThreadId,
    /// Gmail's id of it.
    GmailMessageId,
    /// Gmail's id of its conversation.
    GmailThreadId,
    /// Gmail's labels on it.
    GmailLabels,
    /// Notes on it (RFC 5257 section 4.3).
    Annotations {
        /// Which: `/comment`, `/*`, and the like.
        entries: Vec<String>,
        /// What of each: `value`, `value.priv`, `size.shared` and the like.
        attributes: Vec<String>,
    },
    /// How many octets a part has once it is decoded (RFC 3516).
    BinarySize(Box<[u32]>),
    /// Bytes of it.
    Body {
        /// Which. One of [`Source::Binary`] comes decoded, or as [`Source::Body`] where the server can't.
        section: Section,
        /// Whether `\Seen` stays as it is (`BODY.PEEK`).
        peek: bool,
        /// A window: first octet and most octets. The server sends fewer at the end.
        partial: Option<(u32, u32)>,
    },
}

impl FetchAttribute {
    /// A window of a section, which leaves `\Seen` alone.
    #[must_use]
    pub fn window(section: Section, offset: u32, count: u32) -> Self {
        Self::Body { section, peek: true, partial: Some((offset, count)) }
    }

    /// A whole section, which leaves `\Seen` alone.
    #[must_use]
    pub fn section(section: Section) -> Self {
        Self::Body { section, peek: true, partial: None }
    }

    /// A part with its content transfer encoding undone, which leaves `\Seen` alone (RFC 3516).
    #[must_use]
    pub fn decoded(part: &[u32]) -> Self {
        Self::section(Section { source: Source::Binary, part: part.into(), text: SectionText::All })
    }

    /// The capability without which the server does not know it.
    pub(super) fn needs(&self) -> Option<Capability> {
        match self {
            Self::ModSeq => Some(Capability::CondStore),
            Self::Preview | Self::LazyPreview => Some(Capability::Preview),
            Self::SaveDate => Some(Capability::SaveDate),
            Self::Annotations { .. } => Some(Capability::Annotate),
            Self::BinarySize(_) => Some(Capability::Binary),
            Self::EmailId | Self::ThreadId => Some(Capability::ObjectId),
            Self::GmailMessageId | Self::GmailThreadId | Self::GmailLabels => Some(Capability::GmailExt1),
            _ => None,
        }
    }

    /// Whether the server knows it. RFC 9051 has BINARY built in.
    pub(crate) fn known_to(&self, server: &Server<'_>) -> bool {
        self.needs().is_none_or(|needed| match needed {
            Capability::Binary => server.has_or_rev2(&needed),
            // RFC 7162 section 3.2.3: QRESYNC has CONDSTORE in it.
            Capability::CondStore => server.has(&needed) || server.has(&Capability::QResync),
            needed => server.has(&needed),
        })
    }

    /// Asks for the bytes as they travel where they can't be had decoded. False where it did already.
    pub(super) fn give_up_decoding(&mut self) -> bool {
        match self {
            Self::Body { section, .. } => {
                std::mem::replace(&mut section.source, Source::Body) == Source::Binary
            }
            _ => false,
        }
    }

    /// Whether it is a part that is to come decoded, which only a whole part can.
    pub(super) fn is_decoded(&self) -> bool {
        matches!(self, Self::Body { section, .. } if section.source == Source::Binary)
    }

    pub(crate) fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        let words = match self {
            Self::Uid => "UID",
            Self::Flags => "FLAGS",
            Self::InternalDate => "INTERNALDATE",
            Self::Size => "RFC822.SIZE",
            Self::Envelope => "ENVELOPE",
            Self::BodyStructure => "BODYSTRUCTURE",
            Self::ModSeq => "MODSEQ",
            Self::Preview => "PREVIEW",
            Self::LazyPreview => "PREVIEW (LAZY)",
            Self::SaveDate => "SAVEDATE",
            Self::EmailId => "EMAILID",
            Self::ThreadId => "THREADID",
            Self::GmailMessageId => "X-GM-MSGID",
            Self::GmailThreadId => "X-GM-THRID",
            Self::GmailLabels => "X-GM-LABELS",
            Self::Annotations { entries, attributes } => {
                line.words("ANNOTATION (");
                write_strings(line, entries)?;
                write_strings(line.words(" "), attributes)?;
                ")"
            }
            Self::BinarySize(part) => {
                line.words("BINARY.SIZE[");
                for (at, number) in part.iter().enumerate() {
                    line.words(if at == 0 { "" } else { "." }).number(*number);
                }
                "]"
            }
            Self::Body { section, peek, partial } => return write_body(line, section, *peek, *partial),
        };
        line.words(words);
        Ok(())
    }

    /// Whether a response has this item. `UID` and `FLAGS` come unasked, so they prove little.
    pub(super) fn is_in(&self, data: &Data<'_>) -> bool {
        let any = |test: fn(&FetchItem<'_>) -> bool| data.items.iter().any(test);
        match self {
            Self::Uid => data.uid.is_some(),
            Self::Flags => data.flags.is_some(),
            Self::InternalDate => data.internal_date.is_some(),
            Self::Size => data.size.is_some(),
            Self::Envelope => data.envelope.is_some(),
            Self::BodyStructure => data.body_structure.is_some(),
            Self::ModSeq => data.mod_seq.is_some(),
            Self::Preview | Self::LazyPreview => any(|item| matches!(item, FetchItem::Preview(_))),
            Self::SaveDate => any(|item| matches!(item, FetchItem::SaveDate(_))),
            Self::Annotations { .. } => any(|item| matches!(item, FetchItem::Annotations(_))),
            Self::BinarySize(_) => any(|item| matches!(item, FetchItem::BinarySize { .. })),
            Self::EmailId => any(|item| matches!(item, FetchItem::EmailId(_))),
            Self::ThreadId => any(|item| matches!(item, FetchItem::ThreadId(_))),
            Self::GmailMessageId => any(|item| matches!(item, FetchItem::GmailMessageId(_))),
            Self::GmailThreadId => any(|item| matches!(item, FetchItem::GmailThreadId(_))),
            Self::GmailLabels => any(|item| matches!(item, FetchItem::GmailLabels(_))),
            Self::Body { .. } => data.items.iter().any(|item| match item {
                FetchItem::Body { section, origin, .. } => self.is_body(section, *origin),
                _ => false,
            }),
        }
    }

    /// Whether a body that came is the one asked for. `BODY[]<0>` may come back without its origin.
    pub(super) fn is_body(&self, came: &Section, origin: Option<u32>) -> bool {
        let Self::Body { section, partial, .. } = self else { return false };
        let asked = partial.map_or(0, |(offset, _)| offset);
        // Where a server leaves the origin out, what came answers what was asked.
        same_section(section, came) && origin.is_none_or(|origin| origin == asked)
    }

    /// Which of a body's octets were asked for, of those that came. All, but that some servers send the whole section
    /// for a window of it, with its origin (Twisted 26.10, `spew_body` in twisted/mail/imap4.py) or without. That shows
    /// in more octets than were asked for; or, without an origin, in a section that ends where a window of it was to
    /// begin, where no whole window could have come.
    pub(super) fn octets_of(&self, origin: Option<u32>, size: u64) -> Range<u64> {
        let Self::Body { partial: Some((offset, count)), .. } = *self else { return 0..size };
        let (offset, count) = (u64::from(offset), u64::from(count));
        let is_nothing_more = origin.is_none() && size == offset && size < count;
        if size > count || is_nothing_more { offset.min(size)..(offset + count).min(size) } else { 0..size }
    }

    /// Whether it comes only where somebody asked.
    pub(super) fn is_only_asked_for(&self) -> bool {
        !matches!(self, Self::Uid | Self::Flags | Self::ModSeq)
    }
}

/// Header names compare without case (RFC 5322 section 1.2.2), and servers give them back in any.
fn same_section(asked: &Section, came: &Section) -> bool {
    let same = |a: &[Box<str>], b: &[Box<str>]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    let same_text = match (&asked.text, &came.text) {
        (SectionText::HeaderFields(a), SectionText::HeaderFields(b))
        | (SectionText::HeaderFieldsNot(a), SectionText::HeaderFieldsNot(b)) => same(a, b),
        (a, b) => a == b,
    };
    same_text && asked.source == came.source && asked.part == came.part
}

/// `"(" string *(SP string) ")"`
fn write_strings(line: &mut Writer, strings: &[String]) -> Result<(), CommandError> {
    if strings.is_empty() {
        return Err(Misuse::EmptySet.into());
    }
    for (at, string) in strings.iter().enumerate() {
        line.words(if at == 0 { "(" } else { " " }).string(string.as_bytes())?;
    }
    line.words(")");
    Ok(())
}

/// `"BODY" [".PEEK"] section ["<" number "." nz-number ">"]`
fn write_body(
    line: &mut Writer,
    section: &Section,
    peek: bool,
    partial: Option<(u32, u32)>,
) -> Result<(), CommandError> {
    let names: &[Box<str>] = match &section.text {
        SectionText::HeaderFields(names) | SectionText::HeaderFieldsNot(names) if names.is_empty() => {
            return Err(Misuse::EmptySet.into());
        }
        SectionText::HeaderFields(names) | SectionText::HeaderFieldsNot(names) => names,
        _ => &[],
    };
    // RFC 5322 3.6.8: a field's name is printable ASCII without the colon; those that are atoms need no quotes.
    if names.iter().any(|name| name.is_empty() || !name.bytes().all(is_field_name_char)) {
        return Err(Misuse::NotAnAtom.into());
    }
    line.section(section, peek);
    if let Some((offset, count)) = partial {
        // RFC 9051 9: `partial` asks for at least one octet.
        if count == 0 {
            return Err(Misuse::EmptySet.into());
        }
        line.words("<").number(offset).words(".").number(count).words(">");
    }
    Ok(())
}

fn is_field_name_char(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e) && !b":(){%*\"\\]".contains(&byte)
}
