//! A message's header, as the server read it: who, when, what about.
//!
//! RFC 9051 section 7.5.2 (`ENVELOPE`).

use std::borrow::Cow;
use std::fmt;

use super::span::{Span, Text};

/// The envelope of one message.
///
/// It is one slice of the response and a table of where each field lies in it. So reading allocates no more
/// than the list of addresses, and an owned one takes little more room than it took on the wire.
///
/// Texts are bytes as the server sent them: mostly ASCII with RFC 2047 words in it, sometimes raw UTF-8 (after
/// `UTF8=ACCEPT`) or any other charset (from old mail). Decoding them is the MIME reader's work.
#[derive(Clone)]
pub struct Envelope<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    pub(crate) addresses: Cow<'a, [AddressSpans]>,
    pub(crate) table: EnvelopeTable,
}

/// Where the fields lie: spans into the text, list ends into the addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EnvelopeTable {
    /// Date, subject, in-reply-to, message-id.
    pub(crate) fields: [Span; 4],
    /// From, sender, reply-to, to, cc, bcc lie one behind the other. The first starts here…
    pub(crate) first: u32,
    /// …and each ends here.
    pub(crate) ends: [u32; 6],
}

/// Name, source route, mailbox, host.
pub(crate) type AddressSpans = [Span; 4];

impl<'a> Envelope<'a> {
    /// The `Date` header, as the sender wrote it.
    #[must_use]
    pub fn date(&self) -> Option<Text<'_>> {
        self.table.fields[0].text(&self.text)
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> Option<Text<'_>> {
        self.table.fields[1].text(&self.text)
    }

    /// The message that this one answers.
    #[must_use]
    pub fn in_reply_to(&self) -> Option<Text<'_>> {
        self.table.fields[2].text(&self.text)
    }

    /// The message's own id, in its angle brackets.
    #[must_use]
    pub fn message_id(&self) -> Option<Text<'_>> {
        self.table.fields[3].text(&self.text)
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

    fn list(&self, index: usize) -> Addresses<'_> {
        let start = if index == 0 { self.table.first } else { self.table.ends[index - 1] };
        let spans = self.addresses.get(start as usize..self.table.ends[index] as usize).unwrap_or_default();
        Addresses { text: &self.text, spans: spans.iter() }
    }

    /// The same envelope, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Envelope<'static> {
        Envelope {
            text: Cow::Owned(self.text.into_owned()),
            addresses: Cow::Owned(exact(self.addresses.into_owned())),
            table: self.table,
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
    spans: std::slice::Iter<'a, AddressSpans>,
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    fn next(&mut self) -> Option<Address<'a>> {
        let [name, route, mailbox, host] = *self.spans.next()?;
        let text = self.text;
        Some(Address {
            name: name.text(text),
            route: route.text(text),
            mailbox: mailbox.text(text),
            host: host.text(text),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.spans.size_hint()
    }
}

impl ExactSizeIterator for Addresses<'_> {}

/// One address. Where `host` is missing, `mailbox` opens a group by its name, or ends one if it is missing
/// too (RFC 9051 section 7.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
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
