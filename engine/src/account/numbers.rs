//! The mailbox that a link has selected, and which messages its sequence numbers stand for.

use crate::border::{MailboxId, MessageId};
use crate::store::{Order, Store};

/// A mailbox that is selected and answered for.
#[derive(Debug)]
pub(crate) struct Selection {
    mailbox: MailboxId,
    /// The order as the server is just reporting it, after a reconnect; takes the place of the store's when it is whole.
    incoming: Option<Order>,
}

impl Selection {
    /// To carry something out there, or to be followed from what the store has.
    pub(crate) fn new(mailbox: MailboxId) -> Self {
        Self { mailbox, incoming: None }
    }

    /// Of whose messages only the count is known.
    pub(crate) fn to_compare(mailbox: MailboxId, len: u32) -> Self {
        Self { mailbox, incoming: Some(Order::with_len(len)) }
    }

    pub(crate) fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// Whether the store's order is not the server's yet.
    pub(crate) fn is_comparing(&self) -> bool {
        self.incoming.is_some()
    }

    /// The order that is being reported.
    pub(crate) fn incoming(&mut self) -> Option<&mut Order> {
        self.incoming.as_mut()
    }

    /// The comparison is over.
    pub(crate) fn take_incoming(&mut self) -> Option<Order> {
        self.incoming.take()
    }

    /// The comparison is to be made again.
    pub(crate) fn put_back(&mut self, incoming: Order) {
        self.incoming = Some(incoming);
    }

    /// The message with this sequence number, if it is known.
    pub(crate) fn id_at(&self, store: &Store, seq: u32) -> Option<MessageId> {
        match &self.incoming {
            Some(incoming) => incoming.at_seq(seq),
            None => store.order(self.mailbox)?.at_seq(seq),
        }
    }
}
