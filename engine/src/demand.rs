//! What the screens need next: plain data, from the views to the account, which never name each other.

use crate::border::{DownloadId, MailboxId, MessageId};

/// Everything that somebody looks at or waits for.
#[derive(Debug, Default)]
pub(crate) struct Demand {
    /// The open list.
    pub(crate) list: Option<ListDemand>,
    /// Messages that were opened and are not shown yet.
    pub(crate) messages: Vec<MessageId>,
    pub(crate) downloads: Vec<DownloadDemand>,
}

/// The open list and the part of it that is on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListDemand {
    pub(crate) mailbox: MailboxId,
    /// Another one each time that the list begins anew.
    pub(crate) generation: u32,
    /// It was emitted that the list agrees with the server's.
    pub(crate) is_ready: bool,
    /// The first position on screen.
    pub(crate) first: u32,
    /// How many rows are on screen.
    pub(crate) count: u32,
}

/// A part that somebody saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DownloadDemand {
    pub(crate) id: DownloadId,
    /// Another one each time that a download is asked for, whatever its number.
    pub(crate) serial: u32,
    pub(crate) message: MessageId,
    /// What `Attachment::part` calls it.
    pub(crate) part: String,
    /// Decoded bytes that were given out and not put away yet.
    pub(crate) ahead: u64,
}

impl Demand {
    /// The mailbox whose list is open.
    pub(crate) fn open_mailbox(&self) -> Option<MailboxId> {
        self.list.map(|list| list.mailbox)
    }

    /// How far a download is ahead of whoever puts it away.
    pub(crate) fn ahead(&self, id: DownloadId) -> u64 {
        self.downloads.iter().find(|download| download.id == id).map_or(0, |download| download.ahead)
    }
}

impl ListDemand {
    /// Whether a position is on screen.
    pub(crate) fn is_shown(&self, position: u32) -> bool {
        position.checked_sub(self.first).is_some_and(|below| below < self.count)
    }
}
