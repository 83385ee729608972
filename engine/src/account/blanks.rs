//! Rows that the server would not send: when each is asked for again. Knows no connection.

use crate::border::{MailboxId, MessageId};
use crate::store::Store;
use postern_protocol::Time;

/// When each of them is asked for again.
#[derive(Debug, Default)]
pub(crate) struct Blanks {
    all: Vec<Blank>,
}

/// One such row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blank {
    pub(crate) mailbox: MailboxId,
    pub(crate) id: MessageId,
    /// How often it was asked for again.
    pub(crate) tries: u32,
    /// None only when a person asks.
    pub(crate) retry_at: Option<Time>,
}

impl Blanks {
    /// When the next empty row of this mailbox is asked for again.
    pub(crate) fn next(&self, store: &Store, mailbox: MailboxId) -> Option<Time> {
        let folder = store.folder(mailbox)?;
        let here = self.all.iter().filter(|blank| blank.mailbox == mailbox && folder.is_blank(blank.id));
        here.filter_map(|blank| blank.retry_at).min()
    }

    /// One more row that the server would not send.
    pub(crate) fn add(&mut self, blank: Blank) {
        self.all.push(blank);
    }

    /// Removes those of this mailbox that are due. The store may have forgotten some meanwhile.
    pub(crate) fn remove(&mut self, mailbox: MailboxId, is_due: impl Fn(Option<Time>) -> bool) -> Vec<Blank> {
        let is_meant = |blank: &Blank| blank.mailbox == mailbox && is_due(blank.retry_at);
        let (due, others) = std::mem::take(&mut self.all).into_iter().partition(is_meant);
        self.all = others;
        due
    }
}
