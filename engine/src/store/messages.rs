//! Every known message, by the number that the view knows it by.

use crate::border::{Address, Flags, MailboxId, MailboxRole, MessageId, MessageRow};
use postern_mime::Part;
use postern_protocol::imap::Uid;
use std::collections::HashMap;

/// A message as far as it is known.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) mailbox: MailboxId,
    pub(crate) uid: Uid,
    /// As the server last said.
    pub(crate) flags: Flags,
    pub(crate) head: Head,
    /// Bytes, as the server counts.
    pub(crate) size: u32,
    /// What it is made of; none if the server gave nothing usable.
    pub(crate) structure: Option<Part>,
    pub(crate) has_attachment: bool,
    pub(crate) preview: Option<String>,
    /// The server's preview is no text for people, so that ours is read.
    pub(crate) preview_is_ours: bool,
    /// Its preview was asked for, or need not be.
    pub(crate) preview_asked: bool,
    /// The server could not read the addresses, and has put stand-ins in their place: the header is read for them.
    pub(crate) is_misread: bool,
}

/// What stands above a message's text, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) subject: String,
    pub(crate) from: Vec<Address>,
    pub(crate) sender: Vec<Address>,
    pub(crate) reply_to: Vec<Address>,
    pub(crate) to: Vec<Address>,
    pub(crate) cc: Vec<Address>,
    pub(crate) bcc: Vec<Address>,
    /// Milliseconds since 1970-01-01 UTC.
    pub(crate) date: Option<i64>,
}

impl Head {
    /// Whether nothing is known but when the message arrived.
    pub(crate) fn is_bare(&self) -> bool {
        *self == Self { date: self.date, ..Self::default() }
    }
}

impl Message {
    /// Whether its row came without its details.
    pub(crate) fn is_poor(&self) -> bool {
        self.head.is_bare() && self.structure.is_none()
    }

    /// Its line in the list. `flags` are those to show; `role` is that of the mailbox that it stands in.
    pub(crate) fn row(&self, id: MessageId, flags: Flags, role: Option<MailboxRole>) -> MessageRow {
        let is_own = matches!(role, Some(MailboxRole::Sent | MailboxRole::Drafts));
        let shown = if is_own { self.head.to.first() } else { None };
        let correspondent = shown.or(self.head.from.first()).map(|address| match address.name.as_str() {
            "" => address.address.clone(),
            name => name.to_owned(),
        });
        MessageRow {
            id,
            correspondent: correspondent.unwrap_or_default(),
            subject: self.head.subject.clone(),
            date: self.head.date,
            size: self.size,
            has_attachment: self.has_attachment,
            flags,
            preview: self.preview.clone(),
            is_blank: false,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    all: HashMap<MessageId, Message>,
    by_uid: HashMap<(MailboxId, Uid), MessageId>,
    next: u32,
}

impl Messages {
    pub(crate) fn get(&self, id: MessageId) -> Option<&Message> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.all.get_mut(&id)
    }

    pub(crate) fn id(&self, mailbox: MailboxId, uid: Uid) -> Option<MessageId> {
        self.by_uid.get(&(mailbox, uid)).copied()
    }

    /// Keeps what was learned of a message. It keeps its number, and its preview if none came.
    pub(super) fn put(&mut self, mut message: Message) -> MessageId {
        let key = (message.mailbox, message.uid);
        let id = match self.by_uid.get(&key) {
            Some(id) => *id,
            None => self.next_id(),
        };
        if message.preview.is_none() {
            message.preview = self.all.get(&id).and_then(|old| old.preview.clone());
            message.preview_asked = message.preview.is_some();
        }
        self.by_uid.insert(key, id);
        self.all.insert(id, message);
        id
    }

    /// A number for a row that can't be read: no message has it.
    pub(super) fn next_id(&mut self) -> MessageId {
        self.next = self.next.saturating_add(1);
        MessageId(self.next)
    }

    pub(super) fn remove(&mut self, id: MessageId) {
        if let Some(message) = self.all.remove(&id) {
            self.by_uid.remove(&(message.mailbox, message.uid));
        }
    }

    /// All messages of a mailbox.
    pub(super) fn of(&self, mailbox: MailboxId) -> Vec<MessageId> {
        self.all.iter().filter(|(_, message)| message.mailbox == mailbox).map(|(id, _)| *id).collect()
    }

    /// Forgets all messages. No number is used again.
    pub(super) fn clear(&mut self) {
        *self = Self { next: self.next, ..Self::default() };
    }
}
