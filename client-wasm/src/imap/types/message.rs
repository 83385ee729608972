//! Messages: what is asked of them and what they are.

use super::body::BodyPart;
use super::found::MessageWindow;
use super::mailbox::names_of;
use crate::error::Error;
use postern_mime::decode_words;
use postern_protocol::imap::command::{self, FetchAttribute, Form, NewMessage};
use postern_protocol::imap::{
    self, Addresses, Appended, Code, DateTime, FetchItem, Flag, MailboxEncoding, MailboxName, MessageData,
    ModSeq, ResponseText, SeqNo, UidValidity,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// What to know of each message. Its UID always comes along. What the server lacks is left out of the question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct FetchQuery {
    /// Its flags.
    pub flags: Option<bool>,
    /// Its header, read by the server: who, when, what about.
    pub envelope: Option<bool>,
    /// How it is built.
    pub body_structure: Option<bool>,
    /// When it arrived at the server.
    pub internal_date: Option<bool>,
    /// Its size.
    pub size: Option<bool>,
    /// The number of its last change (CONDSTORE, RFC 7162).
    pub mod_seq: Option<bool>,
    /// The first words of its text (PREVIEW, RFC 8970).
    pub preview: Option<bool>,
    /// When it came into this mailbox (SAVEDATE, RFC 8514).
    pub save_date: Option<bool>,
    /// Its identifier, the same in every mailbox (OBJECTID, RFC 8474).
    pub email_id: Option<bool>,
    /// Its conversation's identifier (OBJECTID).
    pub thread_id: Option<bool>,
    /// Gmail's id of it (X-GM-EXT-1, as the next two).
    pub gmail_message_id: Option<bool>,
    /// Gmail's id of its conversation.
    pub gmail_thread_id: Option<bool>,
    /// Gmail's labels on it.
    pub gmail_labels: Option<bool>,
    /// Notes on it (ANNOTATE, RFC 5257).
    pub annotations: Option<AnnotationItems>,
}

/// Which notes on messages to read (RFC 5257 section 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnnotationItems {
    /// `/comment`, `/*` and the like.
    pub entries: Vec<String>,
    /// What of each: `value`, `value.priv`, `size.shared` and the like.
    pub attributes: Vec<String>,
}

impl FetchQuery {
    pub(crate) fn attributes(self) -> Vec<FetchAttribute> {
        use FetchAttribute as A;
        let asked = [
            (self.flags, A::Flags),
            (self.envelope, A::Envelope),
            (self.body_structure, A::BodyStructure),
            (self.internal_date, A::InternalDate),
            (self.size, A::Size),
            (self.mod_seq, A::ModSeq),
            (self.preview, A::Preview),
            (self.save_date, A::SaveDate),
            (self.email_id, A::EmailId),
            (self.thread_id, A::ThreadId),
            (self.gmail_message_id, A::GmailMessageId),
            (self.gmail_thread_id, A::GmailThreadId),
            (self.gmail_labels, A::GmailLabels),
        ];
        let asked = asked.into_iter().filter(|(asked, _)| *asked == Some(true));
        let notes = self
            .annotations
            .map(|AnnotationItems { entries, attributes }| A::Annotations { entries, attributes });
        asked.map(|(_, attribute)| attribute).chain(notes).collect()
    }
}

/// How to read messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FetchOptions {
    /// Only those in a window of the set, in the order of their UIDs (PARTIAL, RFC 9394; otherwise worked out).
    #[cfg_attr(test, ts(optional = nullable))]
    pub partial: Option<MessageWindow>,
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
    /// The number of its last change.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
    /// The first words of its text.
    pub preview: Option<String>,
    /// When it came into this mailbox: milliseconds since 1970-01-01 UTC.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub save_date: Option<i64>,
    /// Its identifier.
    pub email_id: Option<String>,
    /// Its conversation's identifier.
    pub thread_id: Option<String>,
    /// Gmail's id of it: decimal digits, more than a number holds.
    pub gmail_message_id: Option<String>,
    /// Gmail's id of its conversation: decimal digits.
    pub gmail_thread_id: Option<String>,
    /// Gmail's labels on it.
    pub gmail_labels: Option<Vec<String>>,
    /// Notes on it: entries, each with its attributes.
    #[cfg_attr(test, ts(type = "Record<string, Record<string, string | null>> | null"))]
    pub annotations: Option<BTreeMap<String, BTreeMap<String, Option<String>>>>,
}

impl FetchedMessage {
    /// None where the server did not say which message it is.
    pub(crate) fn from_data(data: &MessageData) -> Option<Self> {
        let mut message = Self {
            uid: data.uid?.value(),
            seq: data.seq.map(SeqNo::value),
            flags: data.flags.as_ref().map(|flags| names_of(flags.iter())),
            envelope: data.envelope.as_ref().map(Envelope::from_data),
            body_structure: data.body_structure.as_ref().map(|body| BodyPart::from_part(body.root())),
            internal_date: data.internal_date.map(milliseconds),
            size: data.size,
            mod_seq: data.mod_seq.map(|ModSeq(value)| value),
            preview: None,
            save_date: None,
            email_id: None,
            thread_id: None,
            gmail_message_id: None,
            gmail_thread_id: None,
            gmail_labels: None,
            annotations: None,
        };
        for item in &data.items {
            message.take_in(item);
        }
        Some(message)
    }

    /// Whether this was told, of what every server can tell.
    pub(crate) fn has(&self, asked: &FetchAttribute) -> bool {
        match asked {
            FetchAttribute::Flags => self.flags.is_some(),
            FetchAttribute::Envelope => self.envelope.is_some(),
            FetchAttribute::BodyStructure => self.body_structure.is_some(),
            FetchAttribute::InternalDate => self.internal_date.is_some(),
            FetchAttribute::Size => self.size.is_some(),
            _ => true,
        }
    }

    /// What was told of it first and what was told later, which counts.
    pub(crate) fn joined_with(self, later: Self) -> Self {
        Self {
            uid: later.uid,
            seq: later.seq.or(self.seq),
            flags: later.flags.or(self.flags),
            envelope: later.envelope.or(self.envelope),
            body_structure: later.body_structure.or(self.body_structure),
            internal_date: later.internal_date.or(self.internal_date),
            size: later.size.or(self.size),
            mod_seq: later.mod_seq.or(self.mod_seq),
            preview: later.preview.or(self.preview),
            save_date: later.save_date.or(self.save_date),
            email_id: later.email_id.or(self.email_id),
            thread_id: later.thread_id.or(self.thread_id),
            gmail_message_id: later.gmail_message_id.or(self.gmail_message_id),
            gmail_thread_id: later.gmail_thread_id.or(self.gmail_thread_id),
            gmail_labels: later.gmail_labels.or(self.gmail_labels),
            annotations: later.annotations.or(self.annotations),
        }
    }

    fn take_in(&mut self, item: &FetchItem<'_>) {
        match item {
            FetchItem::Preview(text) => self.preview = text.as_deref().map(plain),
            FetchItem::SaveDate(date) => self.save_date = date.map(milliseconds),
            FetchItem::EmailId(id) => self.email_id = Some(id.to_string()),
            FetchItem::ThreadId(id) => self.thread_id = id.as_deref().map(str::to_owned),
            FetchItem::GmailMessageId(id) => self.gmail_message_id = Some(id.to_string()),
            FetchItem::GmailThreadId(id) => self.gmail_thread_id = Some(id.to_string()),
            FetchItem::GmailLabels(labels) => {
                self.gmail_labels = Some(labels.iter().map(|label| label_name(label)).collect());
            }
            FetchItem::Annotations(notes) => {
                let value = |value: &Option<Box<[u8]>>| value.as_deref().map(plain);
                let notes = notes.iter().map(|note| {
                    let attributes = note.attributes.iter();
                    (
                        note.entry.to_string(),
                        attributes.map(|(name, text)| (name.to_string(), value(text))).collect(),
                    )
                });
                self.annotations.get_or_insert_default().extend(notes);
            }
            _ => {}
        }
    }
}

pub(crate) fn milliseconds(date: DateTime) -> i64 {
    date.unix_seconds.saturating_mul(1000)
}

/// A label, which Gmail writes as it writes mailboxes' names.
fn label_name(wire: &[u8]) -> String {
    MailboxName::from_wire(wire, MailboxEncoding::ModifiedUtf7).as_str().to_owned()
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
    pub(crate) fn from_data(data: &imap::Envelope<'_>) -> Self {
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

/// How to change flags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StoreOptions {
    /// The server may keep the outcome to itself.
    #[cfg_attr(test, ts(optional = nullable))]
    pub silent: Option<bool>,
}

/// What became of a change that gave way to those of others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConditionalStore {
    /// The flags of those that the server told of.
    pub messages: Vec<MessageFlags>,
    /// Those that were left alone, since they changed meanwhile, as a set such as `3:5,9`; `null` where there are none.
    pub modified: Option<String>,
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
    /// The number of its last change (RFC 7162), where the server told it.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
}

impl MessageFlags {
    pub(crate) fn from_data(data: &MessageData) -> Option<Self> {
        let flags = names_of(data.flags.as_ref()?.iter());
        Some(Self { uid: data.uid?.value(), flags, mod_seq: data.mod_seq.map(|ModSeq(value)| value) })
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
    /// When it was received: a `Date`, or milliseconds since 1970-01-01 UTC; now where it is left out.
    #[cfg_attr(test, ts(optional, type = "number | Date | null"))]
    pub received: Option<Instant>,
    /// What kind of bytes it is made of; `text` where it is left out.
    pub form: Option<MessageForm>,
}

/// What kind of bytes a message is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MessageForm {
    /// Without NUL: what mail is made of.
    Text,
    /// Any bytes at all (BINARY, RFC 3516).
    Binary,
    /// With UTF-8 in its header (RFC 6855), which `enable(["UTF8=ACCEPT"])` must have turned on.
    Utf8,
}

impl From<MessageForm> for Form {
    fn from(form: MessageForm) -> Self {
        match form {
            MessageForm::Text => Self::Text,
            MessageForm::Binary => Self::Binary,
            MessageForm::Utf8 => Self::Utf8,
        }
    }
}

impl AppendOptions {
    /// # Errors
    /// Where the date is none.
    pub(crate) fn apply(&self, message: NewMessage) -> Result<NewMessage, Error> {
        let flags = self.flags.iter().flatten().map(|flag| Flag::from(flag.as_str()));
        let form = self.form.map(Into::into).unwrap_or_default();
        let message = message.flags(flags.collect::<Vec<_>>()).form(form);
        let Some(Instant(received)) = self.received else { return Ok(message) };
        let seconds = (received / 1000.0).floor();
        if !(0.0..=LATEST).contains(&seconds) {
            return Err(Error::invalid(
                "options.received: give a Date, or milliseconds since 1970 as Date.now() does",
            ));
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was just looked at")]
        let unix_seconds = seconds as i64;
        Ok(message.received(DateTime { unix_seconds, offset_minutes: 0 }))
    }
}

/// Where stored messages are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppendedMessages {
    /// What the UIDs of that mailbox are good for; `null` where the server did not tell.
    pub uid_validity: Option<u32>,
    /// The UIDs, as a set such as `7:9`; `null` where the server did not tell: search for the `Message-ID`.
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

/// What is done already of a call that failed halfway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PartlyDone {
    /// Of `append`, `appendAll` and `replace`: what is stored.
    pub appended: Option<AppendedMessages>,
    /// Of `copy` and `move`: what is in the other mailbox; `null` where the server did not tell.
    pub copied: Option<CopiedMessages>,
}

impl PartlyDone {
    pub(crate) fn appended(stored: &Appended) -> Self {
        Self { appended: Some(AppendedMessages::from_appended(stored)), copied: None }
    }

    pub(crate) fn copied(copies: &ResponseText) -> Self {
        let copied = copies.code.as_ref().and_then(CopiedMessages::from_code);
        Self { appended: None, copied }
    }
}

/// A `Date`, or milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instant(f64);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: JsValue = serde_wasm_bindgen::preserve::deserialize(deserializer)?;
        let date = value.dyn_ref::<js_sys::Date>().map(js_sys::Date::get_time);
        // What is no date is refused later on, with better words.
        Ok(Self(date.or_else(|| value.as_f64()).unwrap_or(f64::NAN)))
    }
}

/// The end of the year 9999, in seconds.
const LATEST: f64 = 253_402_300_799.0;

/// Text that is ASCII by its nature.
pub(super) fn plain(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

pub(super) fn lower(text: &[u8]) -> String {
    plain(text).to_ascii_lowercase()
}

/// Text with RFC 2047 words in it.
pub(super) fn decoded(text: &[u8]) -> String {
    decode_words(text, Some(crate::charset::decode))
}
