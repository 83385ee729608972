//! What is known of the mailboxes that were opened: the order of their messages, and what their UIDs are worth.

use crate::border::MailboxId;
use crate::mailbox::blanks::Blank;
use crate::mailbox::details::Poor;
use crate::mailbox::list::List;
use postern_protocol::imap::UidValidity;
use std::collections::HashMap;

/// One mailbox that was opened.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// As the view was told.
    pub(crate) list: List,
    /// As the server is just telling, after a reconnect; takes the place of `list` when it is whole.
    pub(crate) incoming: Option<List>,
    /// `list` was compared with the server's since the mailbox was selected, and has followed its news since. Where it was
    /// selected for an errand alone, nobody took them in.
    pub(crate) is_compared: bool,
    pub(crate) uid_validity: Option<UidValidity>,
    /// Messages from this UID on are new.
    pub(crate) uid_next: u32,
    /// Which marks it keeps.
    pub(crate) keeps: Keeps,
    /// Rows that were read without their details.
    pub(crate) poor: Poor,
    /// Rows that the server would not tell of.
    pub(crate) blanks: Vec<Blank>,
    /// Counts up with each opening, to tell which was opened last.
    opened: u64,
}

/// The marks that a mailbox keeps: none where it can only be read (RFC 9051 section 7.1, PERMANENTFLAGS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keeps {
    pub(crate) seen: bool,
}

impl Default for Keeps {
    fn default() -> Self {
        Self { seen: true }
    }
}

impl Folder {
    /// The list that the server's sequence numbers are for.
    pub(crate) fn current(&mut self) -> &mut List {
        self.incoming.as_mut().unwrap_or(&mut self.list)
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    all: HashMap<MailboxId, Folder>,
    openings: u64,
}

impl Folders {
    pub(crate) fn get(&self, mailbox: MailboxId) -> Option<&Folder> {
        self.all.get(&mailbox)
    }

    pub(crate) fn get_mut(&mut self, mailbox: MailboxId) -> &mut Folder {
        self.all.entry(mailbox).or_default()
    }

    /// The mailbox is the open one from now on. Gives those that were not open for long: their rows may go.
    pub(crate) fn opened(&mut self, mailbox: MailboxId) -> Vec<MailboxId> {
        self.openings += 1;
        let openings = self.openings;
        self.get_mut(mailbox).opened = openings;
        let mut by_age: Vec<_> = self.all.iter().map(|(id, folder)| (folder.opened, *id)).collect();
        by_age.sort_unstable();
        let stale = by_age.len().saturating_sub(MOST_FOLDERS);
        by_age.into_iter().take(stale).map(|(_, id)| id).collect()
    }

    /// The link is gone, and with it what the server was just telling.
    pub(crate) fn interrupted(&mut self) {
        for folder in self.all.values_mut() {
            folder.incoming = None;
            folder.poor.interrupted();
        }
    }

    pub(crate) fn forget(&mut self, mailbox: MailboxId) {
        self.all.remove(&mailbox);
    }
}

/// Mailboxes whose rows are kept, so that going back to them shows something at once.
const MOST_FOLDERS: usize = 8;
