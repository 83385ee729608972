//! A message's header, as the server read it. RFC 9051 section 7.5.2.

use crate::imap::data::text::{decoded, plain};
use postern_protocol::imap::{self, Addresses};
use serde::Serialize;

/// A message's header, as the server read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Envelope {
    /// The `Date:`, as the sender wrote it.
    pub date: Option<String>,
    /// The decoded subject.
    pub subject: Option<String>,
    /// Who wrote it.
    pub from: Vec<EnvelopeAddress>,
    /// Who sent it; the same as `from` if the message does not say.
    pub sender: Vec<EnvelopeAddress>,
    /// Where answers go; the same as `from` if the message does not say.
    pub reply_to: Vec<EnvelopeAddress>,
    /// To whom.
    pub to: Vec<EnvelopeAddress>,
    /// Who else got it.
    pub cc: Vec<EnvelopeAddress>,
    /// Who else got it, hidden from the others.
    pub bcc: Vec<EnvelopeAddress>,
    /// The message that this one answers.
    pub in_reply_to: Option<String>,
    /// The message's own id, in its angle brackets.
    pub message_id: Option<String>,
}

impl From<&imap::Envelope<'_>> for Envelope {
    fn from(data: &imap::Envelope<'_>) -> Self {
        Self {
            date: data.date().map(|text| plain(&text)),
            subject: data.subject().map(|text| decoded(&text)),
            from: people(data.from()),
            sender: people(data.sender()),
            reply_to: people(data.reply_to()),
            to: people(data.to()),
            cc: people(data.cc()),
            bcc: people(data.bcc()),
            in_reply_to: data.in_reply_to().map(|text| plain(&text)),
            message_id: data.message_id().map(|text| plain(&text)),
        }
    }
}

/// An address of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EnvelopeAddress {
    /// The decoded display name; empty if there is none.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

/// The addresses; the marks where groups begin and end are left out.
fn people(addresses: Addresses<'_>) -> Vec<EnvelopeAddress> {
    let read = |address: imap::Address<'_>| {
        let name = address.name.clone().map(|text| decoded(&text)).unwrap_or_default();
        Some(EnvelopeAddress { name, address: address.address()? })
    };
    addresses.filter_map(read).collect()
}
