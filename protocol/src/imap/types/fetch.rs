//! What a FETCH response says about one message.
//!
//! RFC 9051 section 7.5.2.

use std::borrow::Cow;

use super::body_structure::BodyStructure;
use super::date_time::DateTime;
use super::envelope::Envelope;
use super::flag::Flags;
use super::ids::{ModSeq, SeqNo, Uid};
use super::section::Section;

/// One message's data. The server sends what was asked for, and may send more at any time.
///
/// What almost every FETCH asks for has its own field; the rest is in [`items`](Self::items), which is empty,
/// and so costs no allocation, in most answers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fetch<'a> {
    /// The message's place. `None` under UIDONLY, where UIDFETCH names it by UID (RFC 9586 section 3.3).
    pub seq: Option<SeqNo>,
    /// `UID`.
    pub uid: Option<Uid>,
    /// `FLAGS`.
    pub flags: Option<Flags<'a>>,
    /// `INTERNALDATE`: when the message arrived at the server.
    pub internal_date: Option<DateTime>,
    /// `RFC822.SIZE`, in octets.
    pub size: Option<u64>,
    /// `MODSEQ` (RFC 7162 section 3.1).
    pub mod_seq: Option<ModSeq>,
    /// `ENVELOPE`.
    pub envelope: Option<Envelope<'a>>,
    /// `BODYSTRUCTURE`, or `BODY` without a section.
    pub body_structure: Option<BodyStructure<'a>>,
    /// Everything else, in the server's order.
    pub items: Vec<FetchItem<'a>>,
}

/// The items that have no field of their own in [`Fetch`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchItem<'a> {
    /// `BODY[…]`, `BINARY[…]`, and RFC 822's old names for the same.
    Body {
        /// Which part of the message.
        section: Section,
        /// Where in it the bytes begin, if only a part of it was asked for.
        origin: Option<u32>,
        /// The bytes.
        data: BodyData<'a>,
    },
    /// `BINARY.SIZE[…]`: octets of a decoded part (RFC 3516).
    BinarySize {
        /// Which part.
        part: Box<[u32]>,
        /// In octets.
        size: u64,
    },
    /// `EMAILID` (RFC 8474).
    EmailId(Box<str>),
    /// `THREADID` (RFC 8474).
    ThreadId(Option<Box<str>>),
    /// `PREVIEW`: the first words of the text (RFC 8970).
    Preview(Option<Cow<'a, [u8]>>),
    /// `SAVEDATE`: when the message came into this mailbox (RFC 8514).
    SaveDate(Option<DateTime>),
    /// `X-GM-MSGID`.
    GmailMessageId(u64),
    /// `X-GM-THRID`.
    GmailThreadId(u64),
    /// `X-GM-LABELS`: the mailboxes that Gmail shows it in, as on the wire.
    GmailLabels(Vec<Cow<'a, [u8]>>),
    /// `ANNOTATION` (RFC 5257): entries, each with its attributes and values.
    Annotations(Vec<Annotation>),
    /// One that a server's documents describe, but that this client has no use for: kept as it came.
    Named {
        /// In upper case: `X-GUID`, `XSENDER`, `DIGEST.SHA1`.
        name: Box<str>,
        /// As it came, without the space before it.
        value: Cow<'a, [u8]>,
    },
    /// One that no RFC names, or whose value is in no known form: kept as it came.
    Unknown {
        /// In upper case.
        name: Box<str>,
        /// As it came, without the space before it.
        value: Cow<'a, [u8]>,
    },
    /// A known item that could not be read. The rest of the message stands; this is set aside.
    Unreadable {
        /// In upper case.
        name: Box<str>,
        /// As it came.
        value: Cow<'a, [u8]>,
    },
}

/// An annotation of a message (RFC 5257 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// `/comment`, `/altsubject` and the like.
    pub entry: Box<str>,
    /// `value.priv`, `size.shared` and the like, with their values; none where only the change of it is told.
    pub attributes: Vec<AnnotationAttribute>,
}

/// An attribute's name and its value; `None` where it has none.
pub type AnnotationAttribute = (Box<str>, Option<Box<[u8]>>);

/// The bytes of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyData<'a> {
    /// NIL: there is no such part.
    Nil,
    /// All of them.
    Whole(Cow<'a, [u8]>),
    /// They went by in chunks, before this response ended; there were so many.
    Streamed(u64),
}

impl Fetch<'_> {
    /// The same data, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Fetch<'static> {
        Fetch {
            seq: self.seq,
            uid: self.uid,
            flags: self.flags.map(Flags::into_owned),
            internal_date: self.internal_date,
            size: self.size,
            mod_seq: self.mod_seq,
            envelope: self.envelope.map(Envelope::into_owned),
            body_structure: self.body_structure.map(BodyStructure::into_owned),
            items: self.items.into_iter().map(FetchItem::into_owned).collect(),
        }
    }
}

impl FetchItem<'_> {
    /// The same item, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> FetchItem<'static> {
        let own = |text: Cow<'_, [u8]>| Cow::Owned(text.into_owned());
        match self {
            Self::Body { section, origin, data } => {
                let data = match data {
                    BodyData::Nil => BodyData::Nil,
                    BodyData::Whole(bytes) => BodyData::Whole(own(bytes)),
                    BodyData::Streamed(size) => BodyData::Streamed(size),
                };
                FetchItem::Body { section, origin, data }
            }
            Self::BinarySize { part, size } => FetchItem::BinarySize { part, size },
            Self::EmailId(id) => FetchItem::EmailId(id),
            Self::ThreadId(id) => FetchItem::ThreadId(id),
            Self::Preview(text) => FetchItem::Preview(text.map(own)),
            Self::SaveDate(date) => FetchItem::SaveDate(date),
            Self::GmailMessageId(id) => FetchItem::GmailMessageId(id),
            Self::GmailThreadId(id) => FetchItem::GmailThreadId(id),
            Self::GmailLabels(labels) => FetchItem::GmailLabels(labels.into_iter().map(own).collect()),
            Self::Annotations(list) => FetchItem::Annotations(list),
            Self::Named { name, value } => FetchItem::Named { name, value: own(value) },
            Self::Unknown { name, value } => FetchItem::Unknown { name, value: own(value) },
            Self::Unreadable { name, value } => FetchItem::Unreadable { name, value: own(value) },
        }
    }
}
