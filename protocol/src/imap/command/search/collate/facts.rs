//! What FETCH tells of a message that is to be sorted or threaded.

use crate::imap::MessageData;
use crate::imap::command::message::FetchAttribute;
use crate::imap::types::{Address, Addresses, Envelope, Section, SectionText, Uid};
use postern_mime::{BaseSubject, compared_text, folded, message_ids};

/// What is compared of one message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) uid: u32,
    /// Seconds since 1970.
    pub(crate) arrival: i64,
    /// Of its `Date:`; where that can't be read, when it arrived (RFC 5256 section 2.2).
    pub(crate) sent: i64,
    pub(crate) size: u64,
    pub(crate) subject: BaseSubject,
    /// The names before the `@` of the first addresses, in the form in which they are compared.
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) cc: String,
    /// What is shown for the first addresses (RFC 5957 section 3), likewise.
    pub(crate) display_from: String,
    pub(crate) display_to: String,
    pub(crate) message_id: Option<Box<[u8]>>,
    /// The messages that it answers, the oldest first.
    pub(crate) references: Vec<Box<[u8]>>,
}

impl Facts {
    /// Of a message whose UID came with it; `references` is the header of that name, as far as it was asked for.
    pub(crate) fn of(message: &MessageData, references: &[u8]) -> Option<Self> {
        let uid = message.uid.map(Uid::value)?;
        let arrival = message.internal_date.map_or(0, |date| date.unix_seconds);
        let facts = Self { uid, arrival, sent: arrival, size: message.size.unwrap_or(0), ..Self::default() };
        let Some(envelope) = &message.envelope else { return Some(facts) };
        Some(Self { references: referred(envelope, references), ..facts.with(envelope) })
    }

    fn with(self, envelope: &Envelope<'_>) -> Self {
        let date = envelope.date().and_then(|date| postern_mime::date(&date));
        Self {
            sent: date.map_or(self.arrival, |milliseconds| milliseconds.div_euclid(1000)),
            subject: BaseSubject::of(&envelope.subject().unwrap_or_default()),
            from: mailbox(envelope.from()),
            to: mailbox(envelope.to()),
            cc: mailbox(envelope.cc()),
            display_from: display(envelope.from()),
            display_to: display(envelope.to()),
            message_id: envelope.message_id().and_then(|id| message_ids(&id).next().map(Into::into)),
            ..self
        }
    }
}

/// RFC 5256 section 3: `addr-mailbox` of the first address, empty where there is none.
fn mailbox(addresses: Addresses<'_>) -> String {
    let mailbox = first(addresses).and_then(|address| address.mailbox);
    mailbox.map(|mailbox| folded(&compared_text(&mailbox))).unwrap_or_default()
}

/// RFC 5957 section 3: the name where there is one, else the address.
fn display(addresses: Addresses<'_>) -> String {
    let Some(address) = first(addresses) else { return String::new() };
    let name = address.name.as_ref().map(|name| compared_text(name)).filter(|name| !name.is_empty());
    folded(&name.or_else(|| address.address()).unwrap_or_default())
}

/// The beginning of a group is no address.
fn first(mut addresses: Addresses<'_>) -> Option<Address<'_>> {
    addresses.find(|address| address.host.is_some())
}

/// RFC 5256 section 3 (REFERENCES, step 1): the ids in `References:`, or the first of `In-Reply-To:`.
fn referred(envelope: &Envelope<'_>, header: &[u8]) -> Vec<Box<[u8]>> {
    let mut ids: Vec<Box<[u8]>> = message_ids(header).map(Into::into).collect();
    let answered = envelope.in_reply_to();
    let answered = answered.as_deref().and_then(|text| message_ids(text).next());
    // A header that was cut off lacks its end, where the message that was answered would stand.
    let is_cut = header.len() >= WINDOW as usize;
    if let Some(answered) = answered.filter(|_| ids.is_empty() || is_cut) {
        ids.push(answered.into());
    }
    let first = ids.len().saturating_sub(MOST_REFERENCES);
    ids.split_off(first)
}

/// Asks for the `References:` header: so much of it as never streams past a command.
pub(crate) fn references() -> FetchAttribute {
    let text = SectionText::HeaderFields(vec!["References".into()]);
    FetchAttribute::window(Section { text, ..Section::default() }, 0, WINDOW)
}

/// Octets: [`Limits::stream_over`](crate::imap::Limits) lets so many through in one piece.
const WINDOW: u32 = 4096;

/// More are cut off at the front.
const MOST_REFERENCES: usize = 1000;
