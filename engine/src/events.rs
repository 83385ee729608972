//! Where each thing that a connection says goes. Decides nothing.

use crate::border::Update;
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::sign_in::is_link_gone;
use postern_protocol::imap::{BodyData, CommandError, Done, Event, FetchItem, Item};

impl Engine {
    pub(crate) fn handle_event(&mut self, role: Role, event: Event) {
        match event {
            Event::Greeting(greeting) => self.greeted(role, &greeting),
            Event::Item(id, item) => {
                if let Some(purpose) = self.link_mut(role).and_then(|link| link.purpose(id)) {
                    self.handle_item(role, purpose, item);
                }
            }
            Event::Done(id, result) => {
                if let (Some(link), Err(error)) = (self.link_mut(role), &result)
                    && is_link_gone(error)
                    && let Some(purpose) = link.purpose(id)
                {
                    link.left_unanswered(id, purpose);
                }
                if let Some(purpose) = self.link_mut(role).and_then(|link| link.settle(id)) {
                    self.handle_done(role, purpose, &result);
                }
            }
            // Each connection counts for itself: only what the work link says moves rows. News on the side
            // link are a reason to ask.
            Event::Exists(_) | Event::Expunge(_) | Event::Fetch(_) if role == Role::Side => self.poll_soon(),
            Event::Capabilities => self.learned(role),
            Event::Exists(len) => self.exists(len),
            Event::Expunge(seq) => self.expunged(seq),
            Event::Fetch(message) => self.take_message(&message),
            Event::Alert(text) => self.alerted(&text),
            // VANISHED comes only to those who enable QRESYNC.
            _ => {}
        }
    }

    fn handle_item(&mut self, role: Role, purpose: Purpose, item: Item) {
        match (purpose, item) {
            (_, Item::Mailbox(mailbox)) => self.mailbox_listed(&mailbox),
            (Purpose::Mailboxes(_), Item::Status(status)) => self.counted_with_list(status),
            (_, Item::Status(status)) => self.counted(&status),
            (purpose, Item::Message(message)) => {
                if message.items.iter().any(is_nil) {
                    self.no_such_part(purpose);
                }
                match purpose {
                    Purpose::Details(mailbox) => self.take_details(mailbox, &message),
                    _ if role == Role::Work => self.take_message(&message),
                    _ => {}
                }
            }
            (Purpose::Part { message, part, offset }, item) => self.part_item(message, part, offset, item),
            (Purpose::Window { download, offset }, item) => self.window_item(download, offset, item),
            (Purpose::Previews, item) => self.preview_item(item),
            (Purpose::Headers, item) => self.header_item(item),
            (Purpose::Idle, Item::Idling) if role == Role::Side => self.poll_soon(),
            _ => {}
        }
    }

    /// Both links may hear the same words, and every reconnect again.
    fn alerted(&mut self, text: &str) {
        let text: String = text.trim().chars().take(LONGEST_ALERT).collect();
        if text.is_empty() || self.alerts.len() >= MOST_ALERTS || self.alerts.contains(&text) {
            return;
        }
        self.alerts.push(text.clone());
        self.tell(Update::Alert { text });
    }

    /// Some servers say NIL for a part that is empty.
    fn no_such_part(&mut self, purpose: Purpose) {
        match purpose {
            Purpose::Part { message, part, .. } => self.part_is_nil(message, part),
            Purpose::Window { download, .. } => self.downloads.is_empty(download),
            _ => {}
        }
    }

    fn handle_done(&mut self, role: Role, purpose: Purpose, result: &Result<Done, CommandError>) {
        self.note_answer(purpose, result);
        match purpose {
            Purpose::Id | Purpose::Counts(_) | Purpose::Poll | Purpose::Previews | Purpose::Headers => {}
            Purpose::SignIn => self.sign_in_answered(role, result),
            Purpose::Mailboxes(listing) => self.mailboxes_answered(listing, result),
            Purpose::Select(mailbox) => self.select_answered(role, mailbox, result),
            Purpose::Rows(detail) => self.rows_answered(detail, result),
            Purpose::Details(mailbox) => self.details_answered(mailbox, result),
            Purpose::Reconcile => self.reconcile_answered(result),
            Purpose::Store(number) => self.store_answered(number, result),
            Purpose::Part { message, part, offset } => self.part_answered(message, part, offset, result),
            Purpose::Window { download, offset } => self.window_answered(download, offset, result),
            Purpose::Idle => self.idle_ended(role, result),
        }
    }
}

fn is_nil(item: &FetchItem<'_>) -> bool {
    matches!(item, FetchItem::Body { data: BodyData::Nil, .. })
}

/// Characters of an alert that are told.
const LONGEST_ALERT: usize = 1000;

/// Alerts that are told in one session: a server that has more to say than that has nothing to say.
const MOST_ALERTS: usize = 20;
