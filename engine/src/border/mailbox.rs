//! Mailboxes, as the list of folders shows them.

use super::MailboxId;
use serde::{Deserialize, Serialize};

/// One line of the folder list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailboxRow {
    /// Stable while the engine lives. A mailbox that was renamed gets another.
    pub id: MailboxId,
    /// The last part of its name, decoded. For a special one the view has a word of its own.
    pub name: String,
    /// The whole name, decoded, parts joined by `/`.
    pub path: String,
    /// How deep it stands below the top, from 0.
    pub depth: u32,
    /// What it is for.
    pub role: Option<MailboxRole>,
    /// Whether it can be opened (`\Noselect` and `\NonExistent` can't).
    pub selectable: bool,
    /// How many messages, where known.
    pub total: Option<u32>,
    /// How many unread, where known.
    pub unread: Option<u32>,
}

/// What a mailbox is for (RFC 6154, or by a well-known name where the server says nothing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum MailboxRole {
    /// `INBOX`.
    Inbox,
    /// `\Drafts`.
    Drafts,
    /// `\Sent`.
    Sent,
    /// `\Archive`.
    Archive,
    /// `\Junk`.
    Junk,
    /// `\Trash`.
    Trash,
    /// `\All`.
    All,
    /// `\Flagged`.
    Flagged,
}
