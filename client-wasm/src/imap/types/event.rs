//! What happens in the open mailbox.

use postern_protocol::imap::{Event, Uid};
use serde::Serialize;

/// Something that happened in the selected mailbox.
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
        /// Its UID, where the server told it.
        uid: Option<u32>,
        /// All of its flags.
        flags: Vec<String>,
    },
    /// More happened than was kept while nobody looked: read the mailbox again.
    Missed,
}

impl MailboxEvent {
    /// The event in these terms, where it is about the mailbox.
    pub(crate) fn from_event(event: Event) -> Option<Self> {
        match event {
            Event::Exists(count) => Some(Self::Exists { count }),
            Event::Expunge(seq) => Some(Self::Expunge { seq: seq.value() }),
            Event::Vanished { uids, earlier: false } => Some(Self::Vanished { uids: uids.to_string() }),
            Event::Fetch(message) => Some(Self::Flags {
                seq: message.seq?.value(),
                uid: message.uid.map(Uid::value),
                flags: message.flags?.iter().map(|flag| flag.to_string()).collect(),
            }),
            _ => None,
        }
    }
}
