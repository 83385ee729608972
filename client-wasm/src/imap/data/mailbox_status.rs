//! A mailbox's numbers. RFC 9051 section 7.3.4.

use postern_protocol::imap::command::StatusAttribute as Attribute;
use postern_protocol::imap::{ModSeq, StatusItem, Uid, UidValidity};
use serde::Serialize;

/// A mailbox's numbers. What the server did not report is `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailboxStatus {
    /// How many messages it has.
    pub messages: Option<u32>,
    /// How many of them are unread.
    pub unseen: Option<u32>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<u32>,
    /// UIDVALIDITY: UIDs may be compared only while this stays the same.
    pub uid_validity: Option<u32>,
    /// How many messages the next `expunge` removes (RFC 9051).
    pub deleted: Option<u32>,
    /// How many bytes its messages have in all (RFC 8438).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
    /// The number of its last change (RFC 7162).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub highest_mod_seq: Option<u64>,
    /// Its identifier, which survives a rename (RFC 8474).
    pub mailbox_id: Option<String>,
    /// The largest message that it takes, in bytes (RFC 7889).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub append_limit: Option<u64>,
    /// How many bytes an `expunge` would free (RFC 9208).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub deleted_storage: Option<u64>,
}

impl MailboxStatus {
    /// Accepts what was reported of the same mailbox in a further response.
    pub(crate) fn accept(&mut self, item: &StatusItem) {
        let (before, told) = (std::mem::take(self), Self::from(item));
        *self = Self {
            messages: told.messages.or(before.messages),
            unseen: told.unseen.or(before.unseen),
            uid_next: told.uid_next.or(before.uid_next),
            uid_validity: told.uid_validity.or(before.uid_validity),
            deleted: told.deleted.or(before.deleted),
            size: told.size.or(before.size),
            highest_mod_seq: told.highest_mod_seq.or(before.highest_mod_seq),
            mailbox_id: told.mailbox_id.or(before.mailbox_id),
            append_limit: told.append_limit.or(before.append_limit),
            deleted_storage: told.deleted_storage.or(before.deleted_storage),
        };
    }
}

impl From<&StatusItem> for MailboxStatus {
    fn from(item: &StatusItem) -> Self {
        Self {
            messages: item.messages,
            unseen: item.unseen,
            uid_next: item.uid_next.map(Uid::value),
            uid_validity: item.uid_validity.map(UidValidity::value),
            deleted: item.deleted,
            size: item.size,
            highest_mod_seq: item.highest_mod_seq.map(|ModSeq(value)| value),
            mailbox_id: item.mailbox_id.as_deref().map(str::to_owned),
            append_limit: item.append_limit,
            deleted_storage: item.deleted_storage,
        }
    }
}

/// What every server can count.
pub(crate) const COUNTED: [Attribute; 4] =
    [Attribute::Messages, Attribute::Unseen, Attribute::UidNext, Attribute::UidValidity];
