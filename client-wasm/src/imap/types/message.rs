//! Messages: what is asked of them and what they are.

use super::mailbox::names_of;
use crate::error::Error;
use postern_engine::decode_words;
use postern_protocol::imap::command::{self, FetchAttribute, NewMessage};
use postern_protocol::imap::{
    self, Addresses, Appended, Code, DateTime, Flag, MessageData, Part, SeqNo, Text, UidValidity,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to know of each message. Its UID always comes along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct FetchQuery {
    /// Its flags.
    #[cfg_attr(test, ts(optional = nullable))]
    pub flags: Option<bool>,
    /// Its header, read by the server: who, when, what about.
    #[cfg_attr(test, ts(optional = nullable))]
    pub envelope: Option<bool>,
    /// How it is built.
    #[cfg_attr(test, ts(optional = nullable))]
    pub body_structure: Option<bool>,
    /// When it arrived at the server.
    #[cfg_attr(test, ts(optional = nullable))]
    pub internal_date: Option<bool>,
    /// Its size.
    #[cfg_attr(test, ts(optional = nullable))]
    pub size: Option<bool>,
}

impl FetchQuery {
    /// From what JavaScript gave. A misspelt name is told, instead of what it stands for being left out.
    pub(crate) fn from_names(given: BTreeMap<String, Option<bool>>) -> Result<Self, Error> {
        let mut query = Self::default();
        for (name, asked) in given {
            let field = match name.as_str() {
                "flags" => &mut query.flags,
                "envelope" => &mut query.envelope,
                "bodyStructure" => &mut query.body_structure,
                "internalDate" => &mut query.internal_date,
                "size" => &mut query.size,
                _ => return Err(Error::invalid(format!("query: there is no “{name}” to ask for"))),
            };
            *field = asked;
        }
        Ok(query)
    }

    pub(crate) fn attributes(&self) -> Vec<FetchAttribute> {
        let asked = [
            (self.flags, FetchAttribute::Flags),
            (self.envelope, FetchAttribute::Envelope),
            (self.body_structure, FetchAttribute::BodyStructure),
            (self.internal_date, FetchAttribute::InternalDate),
            (self.size, FetchAttribute::Size),
        ];
        asked.into_iter().filter(|(asked, _)| *asked == Some(true)).map(|(_, attribute)| attribute).collect()
    }
}

/// A message. What was not asked for, or not told, is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FetchedMessage {
    /// What names it as long as the mailbox keeps its `uidValidity`.
    pub uid: u32,
    /// Its place in the mailbox, from 1. Changes whenever an earlier message goes.
    pub seq: Option<u32>,
    /// Its flags.
    pub flags: Option<Vec<String>>,
    /// Its header.
    pub envelope: Option<Envelope>,
    /// How it is built: the root of the tree of its parts.
    pub body_structure: Option<BodyPart>,
    /// When it arrived: milliseconds since 1970-01-01 UTC.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub internal_date: Option<i64>,
    /// Its size in bytes, as the server counts.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
}

impl FetchedMessage {
    /// None where the server did not say which message it is.
    pub(crate) fn from_data(data: &MessageData) -> Option<Self> {
        Some(Self {
            uid: data.uid?.value(),
            seq: data.seq.map(SeqNo::value),
            flags: data.flags.as_ref().map(|flags| names_of(flags.iter())),
            envelope: data.envelope.as_ref().map(Envelope::from_data),
            body_structure: data.body_structure.as_ref().map(|body| BodyPart::from_part(body.root())),
            internal_date: data.internal_date.map(|date| date.unix_seconds.saturating_mul(1000)),
            size: data.size,
        })
    }
}

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
    /// Who sent it; the same as `from` where the message does not say.
    pub sender: Vec<EnvelopeAddress>,
    /// Where answers go; the same as `from` where the message does not say.
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

impl Envelope {
    fn from_data(data: &imap::Envelope<'_>) -> Self {
        Self {
            date: data.date().map(|text| plain(&text)),
            subject: data.subject().map(|text| decoded(&text)),
            from: EnvelopeAddress::list(data.from()),
            sender: EnvelopeAddress::list(data.sender()),
            reply_to: EnvelopeAddress::list(data.reply_to()),
            to: EnvelopeAddress::list(data.to()),
            cc: EnvelopeAddress::list(data.cc()),
            bcc: EnvelopeAddress::list(data.bcc()),
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
    /// The decoded display name; empty where there is none.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

impl EnvelopeAddress {
    /// The addresses; the marks where groups begin and end are left out.
    fn list(addresses: Addresses<'_>) -> Vec<Self> {
        let read = |address: imap::Address<'_>| {
            let name = address.name.clone().map(|text| decoded(&text)).unwrap_or_default();
            Some(Self { name, address: address.address()? })
        };
        addresses.filter_map(read).collect()
    }
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BodyPart {
    /// What `fetchBody` names it by: `"1.2"`. Empty for a multipart that is the whole message.
    pub section: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The parameters of the type, such as `charset`; names in lower case.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub parameters: BTreeMap<String, String>,
    /// The `Content-ID`, in its angle brackets.
    pub id: Option<String>,
    /// The decoded `Content-Description`.
    pub description: Option<String>,
    /// How it travels: `base64`, `quoted-printable`, `7bit`; lower case. `fetchBody` does not undo it.
    pub encoding: Option<String>,
    /// Its size in bytes as it travels.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// How it is meant to be shown.
    pub disposition: Option<Disposition>,
    /// The parts of a multipart, or the body of an embedded message.
    pub children: Vec<Self>,
}

impl BodyPart {
    fn from_part(part: Part<'_>) -> Self {
        Self {
            section: part.number(),
            mime_type: format!("{}/{}", lower(&part.media_type()), lower(&part.subtype())),
            parameters: pairs(part.parameters()),
            id: part.id().map(|text| plain(&text)),
            description: part.description().map(|text| decoded(&text)),
            encoding: part.encoding().map(|text| lower(&text)),
            size: part.size(),
            disposition: part.disposition().map(|kind| Disposition {
                kind: lower(&kind),
                parameters: pairs(part.disposition_parameters()),
            }),
            // The reader bounds how deep a structure may be.
            children: part.children().map(Self::from_part).collect(),
        }
    }
}

/// How a part is meant to be shown (RFC 2183).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Disposition {
    /// `inline`, `attachment`; lower case.
    pub kind: String,
    /// Its parameters, such as `filename`; names in lower case.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub parameters: BTreeMap<String, String>,
}

/// What `store` does with the flags it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum StoreAction {
    /// Sets them; leaves the others.
    Add,
    /// Takes them away; leaves the others.
    Remove,
    /// Sets them and takes all others away.
    Replace,
}

impl From<StoreAction> for command::StoreAction {
    fn from(action: StoreAction) -> Self {
        match action {
            StoreAction::Add => Self::Add,
            StoreAction::Remove => Self::Remove,
            StoreAction::Replace => Self::Replace,
        }
    }
}

/// A message's flags, as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageFlags {
    /// Which message.
    pub uid: u32,
    /// All of its flags.
    pub flags: Vec<String>,
}

impl MessageFlags {
    pub(crate) fn from_data(data: &MessageData) -> Option<Self> {
        Some(Self { uid: data.uid?.value(), flags: names_of(data.flags.as_ref()?.iter()) })
    }
}

/// Where messages went: the first UID of `from` became the first of `to`, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CopiedMessages {
    /// What the UIDs of the other mailbox are good for.
    pub uid_validity: u32,
    /// What they were, as a set such as `3:5,9`.
    pub from: String,
    /// What they are in the other mailbox.
    pub to: String,
}

impl CopiedMessages {
    pub(crate) fn from_code(code: &Code) -> Option<Self> {
        let Code::CopyUid { uid_validity, from, to } = code else { return None };
        Some(Self { uid_validity: uid_validity.value(), from: from.to_string(), to: to.to_string() })
    }
}

/// How to store a message.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct AppendOptions {
    /// The flags that it begins with, such as `\Seen` and `\Draft`.
    pub flags: Option<Vec<String>>,
    /// When it was received, in milliseconds since 1970-01-01 UTC; now where it is left out.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub received: Option<f64>,
}

impl AppendOptions {
    /// # Errors
    /// Where the date is none.
    pub(crate) fn apply(&self, message: NewMessage) -> Result<NewMessage, Error> {
        let flags = self.flags.iter().flatten().map(|flag| Flag::from(flag.as_str()));
        let message = message.flags(flags.collect::<Vec<_>>());
        let Some(received) = self.received else { return Ok(message) };
        let seconds = (received / 1000.0).floor();
        if !(0.0..=LATEST).contains(&seconds) {
            return Err(Error::invalid("options.received: give milliseconds since 1970, as Date.now() does"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was just looked at")]
        let unix_seconds = seconds as i64;
        Ok(message.received(DateTime { unix_seconds, offset_minutes: 0 }))
    }
}

/// Where a stored message is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppendedMessages {
    /// What the UIDs of that mailbox are good for; `null` where the server did not tell.
    pub uid_validity: Option<u32>,
    /// Its UID, as a set such as `7`; `null` where the server did not tell: search for its `Message-ID`.
    pub uids: Option<String>,
}

impl AppendedMessages {
    pub(crate) fn from_appended(appended: &Appended) -> Self {
        Self {
            uid_validity: appended.uid_validity.map(UidValidity::value),
            uids: (!appended.uids.is_empty()).then(|| appended.uids.to_string()),
        }
    }
}

/// The end of the year 9999, in seconds.
const LATEST: f64 = 253_402_300_799.0;

/// Text that is ASCII by its nature.
fn plain(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn lower(text: &[u8]) -> String {
    plain(text).to_ascii_lowercase()
}

/// Text with RFC 2047 words in it.
fn decoded(text: &[u8]) -> String {
    decode_words(text, Some(crate::charset::decode))
}

fn pairs<'a>(parameters: impl Iterator<Item = (Text<'a>, Text<'a>)>) -> BTreeMap<String, String> {
    parameters.map(|(name, value)| (lower(&name), decoded(&value))).collect()
}
