//! What happens in the open mailbox, and in others that `notify` named.

use crate::imap::data::list_entry::ListEntry;
use crate::imap::data::mailbox_status::MailboxStatus;
use crate::imap::data::text::names_of;
use postern_protocol::imap::{Event, Uid, UidSet};
use serde::Serialize;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MailboxEvent {
    /// The mailbox has this many messages now.
    Exists {
        /// All of them.
        count: u32,
    },
    /// A message is gone. The sequence numbers of all later ones are one less from here on.
    Expunge {
        /// Its sequence number.
        seq: u32,
    },
    /// Messages are gone.
    Vanished {
        /// Their UIDs, as a set such as `3:5,9`.
        uids: String,
    },
    /// A message's flags changed.
    Flags {
        /// Its sequence number.
        seq: u32,
        /// Its UID, if the server reports it.
        uid: Option<u32>,
        /// All of its flags.
        flags: Vec<String>,
    },
    /// Numbers of another mailbox changed, as `notify` asked for.
    Status {
        /// Which mailbox.
        mailbox: String,
        /// Those of its numbers that the server reported.
        status: MailboxStatus,
    },
    /// A mailbox was made, renamed, subscribed to or removed, as `notify` asked for.
    Mailbox {
        /// What it is now; `\\NonExistent` among its attributes if it is gone.
        entry: ListEntry,
    },
    /// METADATA entries of a mailbox or, with an empty name, of the server changed.
    Metadata {
        /// Which mailbox.
        mailbox: String,
        /// The entries' names.
        entries: Vec<String>,
    },
    /// The result of a search changed that is kept up to date.
    SearchUpdate {
        /// The `context` of the result.
        context: String,
        /// Messages that came in.
        added: Vec<ResultChange>,
        /// Messages that went out.
        removed: Vec<ResultChange>,
    },
    /// There was too much to report: nothing that `notify` asked for is reported any more.
    NotifyOverflow,
    /// More happened than was kept while nobody looked: read the mailbox again.
    Missed,
}

/// Messages that came into the result of a search, or went out of it (RFC 5267 section 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResultChange {
    /// The place in the result, from 1; 0 if there is no order.
    pub place: u32,
    /// Their UIDs, as a set such as `3:5,9`.
    pub uids: String,
}

impl ResultChange {
    fn list(changes: Vec<(u32, UidSet)>) -> Vec<Self> {
        changes.into_iter().map(|(place, uids)| Self { place, uids: uids.to_string() }).collect()
    }
}

/// The event is about the session, or nothing that JavaScript is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOfMailbox;

impl TryFrom<Event> for MailboxEvent {
    type Error = NotOfMailbox;

    fn try_from(event: Event) -> Result<Self, NotOfMailbox> {
        Ok(match event {
            Event::Exists(count) => Self::Exists { count },
            Event::Expunge(seq) => Self::Expunge { seq: seq.value() },
            Event::Vanished { uids, earlier: false } => Self::Vanished { uids: uids.to_string() },
            Event::Fetch(message) => Self::Flags {
                seq: message.seq.ok_or(NotOfMailbox)?.value(),
                uid: message.uid.map(Uid::value),
                flags: names_of(message.flags.ok_or(NotOfMailbox)?.iter()),
            },
            Event::Status(status) => {
                Self::Status { mailbox: status.mailbox.as_str().to_owned(), status: (&status).into() }
            }
            Event::Mailbox(mailbox) => Self::Mailbox { entry: (&mailbox).into() },
            Event::Metadata(metadata) => Self::Metadata {
                mailbox: metadata.mailbox.as_str().to_owned(),
                entries: metadata.entries.into_iter().map(|entry| entry.name.into()).collect(),
            },
            Event::SearchUpdate(update) => Self::SearchUpdate {
                context: update.tag.ok_or(NotOfMailbox)?.into(),
                added: ResultChange::list(update.added),
                removed: ResultChange::list(update.removed),
            },
            Event::NotificationOverflow => Self::NotifyOverflow,
            _ => return Err(NotOfMailbox),
        })
    }
}
