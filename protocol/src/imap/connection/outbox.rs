//! What waits to be taken by the driver: bytes to send, events, and at last the wish to hang up.

use super::{ConnectionError, Event, Output, Tag};
use std::collections::VecDeque;

/// Bounded by what comes in: whoever hands in bytes takes the outputs before the next ones.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    transmit: Vec<u8>,
    events: VecDeque<Event>,
    end: End,
    /// The last tag of those in `transmit`.
    last_tag: Option<Tag>,
    /// The last tag whose bytes the driver took.
    written: Option<Tag>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    /// Events first, then hang up.
    HangUp,
    /// The link is gone already, or was told to go.
    Gone,
}

impl Outbox {
    /// Bytes of the command `tag`. Commands go out in the order of their tags.
    pub(super) fn transmit(&mut self, tag: Tag, bytes: Vec<u8>) {
        if self.transmit.is_empty() {
            self.transmit = bytes;
        } else {
            self.transmit.extend_from_slice(&bytes);
        }
        self.last_tag = Some(tag);
    }

    pub(super) fn event(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Whether the driver took every byte of the command so far, so that it may be answered.
    pub(super) fn is_written(&self, tag: Tag) -> bool {
        self.written >= Some(tag) && (self.transmit.is_empty() || self.last_tag != Some(tag))
    }

    /// The last event. No byte goes out after it; `HangUp` where the link is still there.
    pub(super) fn finish(&mut self, error: ConnectionError, link: Link) {
        self.transmit.clear();
        self.events.push_back(Event::Closed(error));
        self.end = match link {
            Link::There => End::HangUp,
            Link::Gone => End::Gone,
        };
    }

    pub(super) fn poll(&mut self) -> Option<Output> {
        if !self.transmit.is_empty() {
            self.written = self.last_tag;
            return Some(Output::Transmit(std::mem::take(&mut self.transmit)));
        }
        if let Some(event) = self.events.pop_front() {
            return Some(Output::Event(event));
        }
        if self.end == End::HangUp {
            self.end = End::Gone;
            return Some(Output::Close);
        }
        None
    }
}

/// Whether there is still a link to hang up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    There,
    Gone,
}
