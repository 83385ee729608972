//! What the view looks at: the open mailbox and the part of its list on screen.

use crate::border::{MailboxId, MessageId};
use crate::links::link::Detail;
use crate::mailbox::list::List;
use crate::mailbox::stubborn::Stubborn;
use postern_protocol::Time;
use postern_protocol::imap::MessageData;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The open mailbox, as the view sees it.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) mailbox: Option<MailboxId>,
    pub(crate) generation: u32,
    /// The view was told that the list is in step.
    pub(crate) is_ready: bool,
    first: u32,
    count: u32,
    /// This many messages on top came since the list was in step: they are fetched wherever the view looks.
    pub(crate) fresh: u32,
    /// Those of them that were fetched, for the notification.
    pub(crate) news: Vec<MessageId>,
    /// The bytes of some message's text or header that are just coming.
    pub(crate) arriving: Option<(MessageId, Vec<u8>)>,
    /// Positions whose rows are to be told.
    pub(crate) changed: Vec<u32>,
    /// Rows that the fetch under way has brought.
    pub(crate) placed: u32,
    /// The sequence numbers that the last fetch asked for; none once they moved: rows that did not come then are
    /// no failure.
    pub(crate) asked: Option<RangeInclusive<u32>>,
    /// How much of each row it asked for.
    pub(crate) detail: Detail,
    /// Sequence numbers whose rows the server would not give.
    pub(crate) stubborn: Stubborn,
    /// How often empty rows were asked for again.
    pub(crate) blank_tries: u32,
    /// What came of rows whose UID or size is yet to come: some servers send a row in several responses.
    pub(crate) parts: BTreeMap<u32, MessageData>,
    /// The unread count is uncertain: ask the server at this time.
    pub(crate) recount_at: Option<Time>,
}

impl View {
    /// Looks at another mailbox (or anew at the same): a new generation begins.
    pub(crate) fn open(&mut self, mailbox: MailboxId) {
        *self = Self {
            mailbox: Some(mailbox),
            generation: self.generation.wrapping_add(1),
            count: FIRST_PAGE,
            ..Self::default()
        };
    }

    /// The view looks at these rows.
    pub(crate) fn show(&mut self, mailbox: MailboxId, first: u32, count: u32) {
        if self.mailbox == Some(mailbox) {
            (self.first, self.count) = (first, count.clamp(1, MOST_ROWS_SHOWN));
        }
    }

    /// The link is gone; what was under way is asked anew.
    pub(crate) fn interrupted(&mut self) {
        self.asked = None;
        self.parts.clear();
        self.recount_at = None;
    }

    /// The same sequence numbers mean other messages now.
    pub(crate) fn numbers_moved(&mut self) {
        self.asked = None;
        self.parts.clear();
        self.stubborn.forget();
    }

    /// Which rows to fetch next, as sequence numbers: those on screen first, then new ones on top, then a page
    /// behind and a page before the screen.
    pub(crate) fn next_gap(&self, list: &List) -> Option<RangeInclusive<u32>> {
        let Self { first, count, fresh, .. } = *self;
        list.first_gap(first, count, WINDOW)
            .or_else(|| list.first_gap(0, fresh.min(WINDOW), WINDOW))
            .or_else(|| list.first_gap(first.saturating_add(count), count, WINDOW))
            .or_else(|| list.first_gap(first.saturating_sub(count), count.min(first), WINDOW))
    }

    /// Whether a position is on screen.
    pub(crate) fn is_shown(&self, position: u32) -> bool {
        position.checked_sub(self.first).is_some_and(|below| below < self.count)
    }

    /// Goes on counting where `old` stopped, so that no generation comes twice.
    pub(crate) fn number_after(&mut self, old: &Self) {
        self.generation = old.generation;
    }
}

/// Rows fetched before the view says what it looks at.
const FIRST_PAGE: u32 = 50;

/// Rows asked for at once.
const WINDOW: u32 = 100;

/// Rows that the view may call "on screen".
const MOST_ROWS_SHOWN: u32 = 500;
