//! Unsolicited responses about the open mailbox. Kept until somebody asks, within a bound.

use crate::imap::data::mailbox_event::MailboxEvent;
use postern_protocol::imap::Event;
use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

/// The events of one mailbox.
#[derive(Default)]
pub(crate) struct Unsolicited {
    exists: Option<u32>,
    events: VecDeque<MailboxEvent>,
    waker: Option<Waker>,
}

impl Unsolicited {
    /// Another mailbox.
    pub(crate) fn start(&mut self, exists: u32) {
        self.exists = Some(exists);
        self.events.clear();
    }

    /// How many messages there are.
    pub(crate) fn exists(&self) -> Option<u32> {
        self.exists
    }

    /// Keeps what an event of the connection says of the mailbox.
    pub(crate) fn accept(&mut self, event: Event) {
        match event {
            Event::Exists(count) => self.exists = Some(count),
            Event::Expunge(_) => self.exists = self.exists.map(|count| count.saturating_sub(1)),
            _ => {}
        }
        let Ok(event) = MailboxEvent::try_from(event) else { return };
        let is_full = self.events.len() >= LIMIT;
        match self.events.back_mut() {
            // Only the last count is true.
            Some(last @ MailboxEvent::Exists { .. }) if matches!(event, MailboxEvent::Exists { .. }) => {
                *last = event;
            }
            Some(MailboxEvent::Missed) => {}
            // Nobody looks: what is kept would soon be a story with holes in it.
            Some(_) if is_full => self.events = VecDeque::from([MailboxEvent::Missed]),
            _ => self.events.push_back(event),
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// All of it.
    pub(crate) fn take(&mut self) -> Vec<MailboxEvent> {
        self.events.drain(..).collect()
    }

    /// The next one, for the one who waits.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<MailboxEvent> {
        if let Some(event) = self.events.pop_front() {
            return Poll::Ready(event);
        }
        self.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Events kept while nobody asks.
const LIMIT: usize = 1_000;
