//! What `fetch` tells of a message.

use crate::imap::data::body_structure::BodyPart;
use crate::imap::data::envelope::Envelope;
use crate::imap::data::text::{names_of, plain};
use postern_protocol::imap::command::FetchAttribute;
use postern_protocol::imap::{DateTime, FetchItem, MailboxEncoding, MailboxName, MessageData, ModSeq, SeqNo};
use serde::Serialize;
use std::collections::BTreeMap;

/// A message. What was not asked for, or not told, is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FetchedMessage {
    /// What names it as long as the mailbox keeps its `uidValidity`.
    pub uid: u32,
    /// Its sequence number, from 1. Changes whenever an earlier message goes.
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
    /// Its annotations: entries, each with its attributes.
    #[cfg_attr(test, ts(type = "Record<string, Record<string, string | null>> | null"))]
    pub annotations: Option<BTreeMap<String, BTreeMap<String, Option<String>>>>,
}

/// The server did not say which message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoUid;

impl TryFrom<&MessageData> for FetchedMessage {
    type Error = NoUid;

    fn try_from(data: &MessageData) -> Result<Self, NoUid> {
        let mut message = Self {
            uid: data.uid.ok_or(NoUid)?.value(),
            seq: data.seq.map(SeqNo::value),
            flags: data.flags.as_ref().map(|flags| names_of(flags.iter())),
            envelope: data.envelope.as_ref().map(Envelope::from),
            body_structure: data.body_structure.as_ref().map(|body| body.root().into()),
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
            message.accept(item);
        }
        Ok(message)
    }
}

impl FetchedMessage {
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

    fn accept(&mut self, item: &FetchItem<'_>) {
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
            FetchItem::Annotations(annotations) => {
                let value = |value: &Option<Box<[u8]>>| value.as_deref().map(plain);
                let annotations = annotations.iter().map(|annotation| {
                    let attributes = annotation.attributes.iter();
                    (
                        annotation.entry.to_string(),
                        attributes.map(|(name, text)| (name.to_string(), value(text))).collect(),
                    )
                });
                self.annotations.get_or_insert_default().extend(annotations);
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
