//! What is known of the mailboxes that were opened: the order of their messages, and what SELECT said of them.

use crate::border::{MailboxId, MessageId};
use crate::store::order::Order;
use postern_protocol::imap::UidValidity;
use std::collections::{BTreeSet, HashMap};

/// One mailbox that was opened.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(super) order: Order,
    /// `order` agrees with the server's: it was compared since the mailbox was selected, and follows what the server
    /// reports.
    pub(super) is_in_step: bool,
    pub(super) identity: Identity,
    /// So many messages on top came since the mailbox was opened.
    pub(super) new_on_top: u32,
    /// Those of them whose rows are known, and which were not announced yet.
    pub(super) arrived: Vec<MessageId>,
    /// Rows that the server would not give: they hold their places in `order`.
    pub(super) blanks: BTreeSet<MessageId>,
    /// Counts up with each opening, to tell which was opened last.
    opened: u64,
}

/// What SELECT says of a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// UIDs may be compared only while this stays the same (RFC 9051 section 2.3.1.1); none before the first SELECT.
    pub(crate) uid_validity: Option<UidValidity>,
    /// Messages from this UID on are new; 0 if unknown.
    pub(crate) uid_next: u32,
    /// `\Seen` can be set for good (RFC 9051 section 7.1, PERMANENTFLAGS).
    pub(crate) keeps_seen: bool,
}

impl Default for Identity {
    fn default() -> Self {
        Self { uid_validity: None, uid_next: 0, keeps_seen: true }
    }
}

impl Folder {
    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    /// Whether the order agrees with the server's.
    pub(crate) fn is_in_step(&self) -> bool {
        self.is_in_step
    }

    pub(crate) fn identity(&self) -> Identity {
        self.identity
    }

    /// How many messages on top came since the mailbox was opened.
    pub(crate) fn new_on_top(&self) -> u32 {
        self.new_on_top
    }

    /// Whether this is a row that the server would not give.
    pub(crate) fn is_blank(&self, id: MessageId) -> bool {
        self.blanks.contains(&id)
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Folders {
    all: HashMap<MailboxId, Folder>,
    openings: u64,
}

impl Folders {
    pub(super) fn get(&self, mailbox: MailboxId) -> Option<&Folder> {
        self.all.get(&mailbox)
    }

    pub(super) fn get_mut(&mut self, mailbox: MailboxId) -> &mut Folder {
        self.all.entry(mailbox).or_default()
    }

    /// The mailbox is the open one from now on: no other is followed. Gives those that were not open for long, which may
    /// be forgotten.
    pub(super) fn open(&mut self, mailbox: MailboxId) -> Vec<MailboxId> {
        self.openings += 1;
        let openings = self.openings;
        for (id, folder) in &mut self.all {
            folder.is_in_step &= *id == mailbox;
        }
        let folder = self.get_mut(mailbox);
        (folder.opened, folder.new_on_top) = (openings, 0);
        folder.arrived.clear();
        let mut by_age: Vec<_> = self.all.iter().map(|(id, folder)| (folder.opened, *id)).collect();
        by_age.sort_unstable();
        let stale = by_age.len().saturating_sub(MOST_FOLDERS);
        by_age.into_iter().take(stale).map(|(_, id)| id).collect()
    }

    /// Nobody follows what the server reports any more.
    pub(super) fn lose_step(&mut self) {
        self.all.values_mut().for_each(|folder| folder.is_in_step = false);
    }

    /// Nothing is known of the mailbox but when it was opened.
    pub(super) fn forget(&mut self, mailbox: MailboxId) {
        if let Some(folder) = self.all.get_mut(&mailbox) {
            *folder = Folder { opened: folder.opened, ..Folder::default() };
        }
    }

    /// The mailbox leaves no trace.
    pub(super) fn remove(&mut self, mailbox: MailboxId) {
        self.all.remove(&mailbox);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Mailboxes whose rows are kept, so that going back to them shows something at once.
const MOST_FOLDERS: usize = 8;
