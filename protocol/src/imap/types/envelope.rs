//! A message's header, as the server read it: who, when, what about.
//!
//! RFC 9051 section 7.5.2 (`ENVELOPE`).

use std::borrow::Cow;
use std::fmt;

use super::span::{Text, Width};

/// The envelope of one message.
///
/// It is one slice of the response and a list of where each field lies in it. So reading allocates once, and an
/// owned one takes little more room than it took on the wire.
///
/// Texts are bytes as the server sent them: mostly ASCII with RFC 2047 words in it, sometimes raw UTF-8 (after
/// `UTF8=ACCEPT`) or any other charset (from old mail). Decoding them is the MIME reader's work.
#[derive(Clone)]
pub struct Envelope<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    /// Where the fields lie, as [`layout`] says.
    pub(crate) words: Cow<'a, [u32]>,
}

/// What stands where in the words of an envelope: its [`Width`], the ends of the six lists of addresses, the four
/// spans that are no addresses, and then four spans of each address: name, source route, mailbox, host.
pub(crate) mod layout {
    /// Where the ends begin: how many addresses there are up to each list's end.
    pub(crate) const ENDS: usize = 1;
    /// Where the spans of date, subject, in-reply-to and message-id begin.
    pub(crate) const FIELDS: usize = ENDS + 6;
    /// How many spans an address has.
    pub(crate) const ADDRESS: usize = 4;
}

impl<'a> Envelope<'a> {
    /// The `Date` header, as the sender wrote it.
    #[must_use]
    pub fn date(&self) -> Option<Text<'_>> {
        self.field(0)
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> Option<Text<'_>> {
        self.field(1)
    }

    /// The message that this one answers.
    #[must_use]
    pub fn in_reply_to(&self) -> Option<Text<'_>> {
        self.field(2)
    }

    /// The message's own id, in its angle brackets.
    #[must_use]
    pub fn message_id(&self) -> Option<Text<'_>> {
        self.field(3)
    }

    /// Who wrote it.
    pub fn from(&self) -> Addresses<'_> {
        self.list(0)
    }

    /// Who sent it; the server repeats `from` where the message does not say.
    pub fn sender(&self) -> Addresses<'_> {
        self.list(1)
    }

    /// Where answers go; the server repeats `from` where the message does not say.
    pub fn reply_to(&self) -> Addresses<'_> {
        self.list(2)
    }

    /// To whom.
    pub fn to(&self) -> Addresses<'_> {
        self.list(3)
    }

    /// Who else got it.
    pub fn cc(&self) -> Addresses<'_> {
        self.list(4)
    }

    /// Who else got it, hidden from the others.
    pub fn bcc(&self) -> Addresses<'_> {
        self.list(5)
    }

    fn width(&self) -> Width {
        Width::of(self.words.first().copied().unwrap_or_default())
    }

    fn field(&self, index: usize) -> Option<Text<'_>> {
        let width = self.width();
        width.span(&self.words, layout::FIELDS + index * width.words()).text(&self.text)
    }

    fn list(&self, index: usize) -> Addresses<'_> {
        let width = self.width();
        let ends = self.words.get(layout::ENDS..layout::FIELDS).unwrap_or(&[0; 6]);
        let start = if index == 0 { 0 } else { ends[index - 1] as usize };
        let first = layout::FIELDS + 4 * width.words();
        let size = layout::ADDRESS * width.words();
        let range = first + start * size..first + ends[index] as usize * size;
        Addresses { text: &self.text, width, words: self.words.get(range).unwrap_or_default() }
    }

    /// The same envelope, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Envelope<'static> {
        Envelope {
            text: Cow::Owned(self.text.into_owned()),
            words: Cow::Owned(exact(self.words.into_owned())),
        }
    }
}

/// A list that will be kept gives back the room that it grew into.
pub(crate) fn exact<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}

impl PartialEq for Envelope<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.date() == other.date()
            && self.subject() == other.subject()
            && self.in_reply_to() == other.in_reply_to()
            && self.message_id() == other.message_id()
            && (0..6).all(|index| self.list(index).eq(other.list(index)))
    }
}

impl Eq for Envelope<'_> {}

impl fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_struct("Envelope");
        list.field("date", &self.date()).field("subject", &self.subject());
        for (index, name) in ["from", "sender", "reply_to", "to", "cc", "bcc"].into_iter().enumerate() {
            list.field(name, &self.list(index).collect::<Vec<_>>());
        }
        list.field("in_reply_to", &self.in_reply_to()).field("message_id", &self.message_id()).finish()
    }
}

/// The addresses of one header.
#[derive(Clone, Debug)]
pub struct Addresses<'a> {
    text: &'a [u8],
    width: Width,
    words: &'a [u32],
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    fn next(&mut self) -> Option<Address<'a>> {
        let (spans, rest) = self.words.split_at_checked(layout::ADDRESS * self.width.words())?;
        self.words = rest;
        let text = |index| self.width.span(spans, index * self.width.words()).text(self.text);
        Some(Address { name: text(0), route: text(1), mailbox: text(2), host: text(3) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.words.len() / (layout::ADDRESS * self.width.words());
        (left, Some(left))
    }
}

impl ExactSizeIterator for Addresses<'_> {}

/// One address. Where `host` is missing, `mailbox` opens a group by its name, or ends one if it is missing
/// too (RFC 9051 section 7.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address<'a> {
    /// The name to show, still with its RFC 2047 words.
    pub name: Option<Text<'a>>,
    /// The source route of old (`at-domain-list`).
    pub route: Option<Text<'a>>,
    /// What stands before the `@`.
    pub mailbox: Option<Text<'a>>,
    /// What stands behind it.
    pub host: Option<Text<'a>>,
}

impl Address<'_> {
    /// `mailbox@host`, or `None` where it only opens or ends a group.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let (mailbox, host) = (self.mailbox.as_ref()?, self.host.as_ref()?);
        Some(format!("{}@{}", String::from_utf8_lossy(mailbox), String::from_utf8_lossy(host)))
    }
}
