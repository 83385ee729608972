//! The open list and the part of it that is on screen. Positions are looked up when rows are emitted, so that nothing has
//! to be emitted before anything else may move.

use crate::border::{Flags, ListState, MailboxId, MessageId, MessageRow, Update};
use crate::demand::ListDemand;
use crate::store::{Changes, Delta, Order, Splice, Store};
use std::collections::BTreeSet;

/// What was emitted of the list.
#[derive(Debug, Default)]
pub(super) struct ListView {
    mailbox: Option<MailboxId>,
    generation: u32,
    is_ready: bool,
    first: u32,
    count: u32,
    /// Nothing of this generation was emitted yet.
    is_new: bool,
}

impl ListView {
    pub(super) fn mailbox(&self) -> Option<MailboxId> {
        self.mailbox
    }

    /// Somebody looks at this mailbox from now on. What is known of it is emitted at once.
    pub(super) fn open(&mut self, mailbox: MailboxId, is_ready: bool) {
        self.mailbox = Some(mailbox);
        self.begin();
        self.is_ready = is_ready;
    }

    /// Nobody looks at any list. No generation comes twice.
    pub(super) fn close(&mut self) {
        *self = Self { generation: self.generation, ..Self::default() };
    }

    /// These rows are on screen.
    pub(super) fn show(&mut self, mailbox: MailboxId, first: u32, count: u32) {
        if self.mailbox == Some(mailbox) {
            (self.first, self.count) = (first, count.clamp(1, MOST_ROWS_SHOWN));
        }
    }

    pub(super) fn demand(&self) -> Option<ListDemand> {
        let Self { mailbox, generation, is_ready, first, count, .. } = *self;
        mailbox.map(|mailbox| ListDemand { mailbox, generation, is_ready, first, count })
    }

    /// Emits what became of the open list.
    pub(super) fn refresh(&mut self, store: &Store, changes: &Changes, updates: &mut Vec<Update>) {
        let Some(mailbox) = self.mailbox else { return };
        let Some(order) = store.order(mailbox) else { return };
        let delta = changes.lists.get(&mailbox);
        if delta.is_some_and(|delta| delta.is_reset) {
            self.begin();
        }
        let was_ready = self.is_ready;
        self.is_ready |= delta.is_some_and(|delta| delta.is_in_step);
        if std::mem::take(&mut self.is_new) {
            updates.push(self.state(mailbox, order));
            return self.emit_rows(store, order.known().collect(), updates);
        }
        if let Some(Delta { splices, .. }) = delta {
            updates.extend(splices.iter().map(|splice| self.splice(*splice)));
        }
        if self.is_ready && !was_ready {
            updates.push(self.state(mailbox, order));
        }
        let touched = changes.messages.iter().filter(|(_, facets)| facets.row);
        let touched: BTreeSet<_> = touched.map(|(id, _)| *id).collect();
        self.emit_rows(store, order.positions(&touched), updates);
    }

    fn begin(&mut self) {
        let (mailbox, generation) = (self.mailbox, self.generation.wrapping_add(1));
        *self = Self { mailbox, generation, count: FIRST_PAGE, is_new: true, ..Self::default() };
    }

    fn state(&self, mailbox: MailboxId, order: &Order) -> Update {
        let state = if self.is_ready { ListState::Ready } else { ListState::Loading };
        Update::List { mailbox, generation: self.generation, total: order.len(), state }
    }

    fn splice(&self, Splice { at, removed, inserted }: Splice) -> Update {
        Update::Splice { generation: self.generation, at, removed, inserted }
    }

    /// Emits rows, those that stand one after the other together.
    fn emit_rows(&self, store: &Store, positions: Vec<(u32, MessageId)>, updates: &mut Vec<Update>) {
        let mut run: Vec<MessageRow> = Vec::new();
        let mut first = 0;
        for (position, id) in positions {
            if u64::from(first) + run.len() as u64 != u64::from(position) {
                self.emit_run(first, std::mem::take(&mut run), updates);
                first = position;
            }
            run.push(row(store, id));
        }
        self.emit_run(first, run, updates);
    }

    fn emit_run(&self, first: u32, rows: Vec<MessageRow>, updates: &mut Vec<Update>) {
        if !rows.is_empty() {
            updates.push(Update::Rows { generation: self.generation, first, rows });
        }
    }
}

/// A row as it is to be shown; an empty one for a message that the server would not send.
pub(super) fn row(store: &Store, id: MessageId) -> MessageRow {
    match store.message(id) {
        Some(message) => {
            let flags = store.shown_flags(id).unwrap_or_default();
            message.row(id, flags, store.mailboxes().role(message.mailbox))
        }
        None => blank(id),
    }
}

fn blank(id: MessageId) -> MessageRow {
    MessageRow {
        id,
        correspondent: String::new(),
        subject: String::new(),
        date: None,
        size: 0,
        has_attachment: false,
        flags: Flags { seen: true, ..Flags::default() },
        preview: None,
        is_blank: true,
    }
}

/// Rows that are needed before the view says what it looks at.
const FIRST_PAGE: u32 = 50;

/// Rows that the view may call "on screen".
const MOST_ROWS_SHOWN: u32 = 500;
