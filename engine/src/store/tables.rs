//! All tables, and what may be read of them.

use crate::border::{Flags, MailboxId, MessageId, MessageView};
use crate::store::actions::Actions;
use crate::store::bodies::Bodies;
use crate::store::folders::{Folder, Folders};
use crate::store::mailboxes::Mailboxes;
use crate::store::messages::{Message, Messages};
use crate::store::order::Order;
use postern_protocol::imap::Uid;
use std::collections::BTreeSet;

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(super) mailboxes: Mailboxes,
    pub(super) messages: Messages,
    pub(super) folders: Folders,
    pub(super) bodies: Bodies,
    pub(super) actions: Actions,
    /// Upstreams whose server took LOGIN and not PLAIN, or neither. Kept for as long as the page lives: one more failed
    /// login each time could lock an account.
    pub(super) login_first: BTreeSet<Option<String>>,
}

impl Store {
    pub(crate) fn mailboxes(&self) -> &Mailboxes {
        &self.mailboxes
    }

    /// A mailbox that was opened.
    pub(crate) fn folder(&self, mailbox: MailboxId) -> Option<&Folder> {
        self.folders.get(mailbox)
    }

    /// The order of a mailbox's messages, if it was ever opened.
    pub(crate) fn order(&self, mailbox: MailboxId) -> Option<&Order> {
        self.folders.get(mailbox).map(Folder::order)
    }

    /// Whether the mailbox's order agrees with the server's.
    pub(crate) fn is_in_step(&self, mailbox: MailboxId) -> bool {
        self.folders.get(mailbox).is_some_and(Folder::is_in_step)
    }

    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(id)
    }

    /// The message with this UID.
    pub(crate) fn message_id(&self, mailbox: MailboxId, uid: Uid) -> Option<MessageId> {
        self.messages.id(mailbox, uid)
    }

    /// The flags to show: the server's, with what the user did since.
    pub(crate) fn shown_flags(&self, id: MessageId) -> Option<Flags> {
        let message = self.messages.get(id)?;
        Some(self.actions.shown(id, message.flags))
    }

    /// A message that was read, if it is still kept.
    pub(crate) fn body(&self, id: MessageId) -> Option<&MessageView> {
        self.bodies.get(id)
    }

    pub(crate) fn actions(&self) -> &Actions {
        &self.actions
    }

    /// Whether this upstream's server is to be asked by the LOGIN command first.
    pub(crate) fn wants_login_first(&self, upstream: &Option<String>) -> bool {
        self.login_first.contains(upstream)
    }
}
