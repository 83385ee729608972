//! Which rows of the open list are fetched next, and how far the fetch has come that is under way.

use crate::account::ingest;
use crate::account::stubborn::{Detail, Stubborn};
use crate::demand::ListDemand;
use crate::store::Folder;
use postern_protocol::imap::{MessageData, Uid};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The fetch of the open list's rows.
#[derive(Debug, Default)]
pub(crate) struct RowFetch {
    /// Of the list that this is for.
    generation: u32,
    /// Rows that the fetch under way has brought.
    placed: u32,
    /// The sequence numbers that the last fetch asked for; none once they moved: rows that did not come then are
    /// no failure.
    asked: Option<RangeInclusive<u32>>,
    /// How much of each row it asked for.
    detail: Detail,
    /// Sequence numbers whose rows the server would not give.
    stubborn: Stubborn,
    /// How often empty rows were asked for again.
    blank_tries: u32,
    /// What came of rows whose UID or size is yet to come: some servers send a row in several responses.
    parts: BTreeMap<u32, MessageData>,
    /// Rows came: what they lack beside is to be asked for.
    wants_previews: bool,
    wants_headers: bool,
}

impl RowFetch {
    /// Another list is looked at, or the same anew; `true` if so.
    pub(crate) fn look(&mut self, generation: u32) -> bool {
        let is_another = self.generation != generation;
        if is_another {
            *self = Self { generation, ..Self::default() };
        }
        is_another
    }

    /// The link is gone; what was under way is asked anew.
    pub(crate) fn interrupted(&mut self) {
        self.asked = None;
        self.parts.clear();
    }

    /// The same sequence numbers mean other messages now.
    pub(crate) fn numbers_moved(&mut self) {
        self.interrupted();
        self.stubborn.forget();
    }

    /// What to ask for of this gap, from its upper end.
    pub(crate) fn plan(&self, gap: RangeInclusive<u32>) -> (RangeInclusive<u32>, Detail) {
        self.stubborn.plan(gap)
    }

    /// These rows are asked for.
    pub(crate) fn begin(&mut self, asked: RangeInclusive<u32>, detail: Detail) {
        (self.placed, self.asked, self.detail) = (0, Some(asked), detail);
    }

    /// Whether the row of this sequence number was asked for.
    pub(crate) fn is_asked(&self, seq: u32) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.contains(&seq))
    }

    /// A row came.
    pub(crate) fn note_placed(&mut self) {
        self.placed += 1;
    }

    /// Whether the fetch has brought any row.
    pub(crate) fn has_brought_rows(&self) -> bool {
        self.placed > 0
    }

    /// The range that was asked for; from now on nothing is.
    pub(crate) fn take_asked(&mut self) -> Option<RangeInclusive<u32>> {
        self.asked.take()
    }

    /// Adds what one response says of a row that was asked for. Gives the row once it is whole.
    pub(crate) fn join(&mut self, seq: u32, data: &MessageData) -> Option<(Uid, MessageData)> {
        if let Some(uid) = data.uid.filter(|_| ingest::is_whole(data, self.detail))
            && !self.parts.contains_key(&seq)
        {
            return Some((uid, data.clone()));
        }
        let part = self.parts.entry(seq).or_default();
        ingest::join(part, data);
        let uid = part.uid.filter(|_| ingest::is_whole(part, self.detail))?;
        Some((uid, self.parts.remove(&seq).unwrap_or_default()))
    }

    /// The rows of which something is missing that will not come any more.
    pub(crate) fn take_parts(&mut self) -> BTreeMap<u32, MessageData> {
        std::mem::take(&mut self.parts)
    }

    pub(crate) fn stubborn(&mut self) -> &mut Stubborn {
        &mut self.stubborn
    }

    pub(crate) fn blank_tries(&self) -> u32 {
        self.blank_tries
    }

    /// Empty rows are asked for for the so-manieth time, all together.
    pub(crate) fn try_blanks(&mut self, tries: u32) {
        self.blank_tries = tries;
        self.stubborn.forget();
    }

    /// Rows came: what stands beside them is to be asked for.
    pub(crate) fn want_extras(&mut self) {
        (self.wants_previews, self.wants_headers) = (true, true);
    }

    pub(crate) fn wants_previews(&self) -> bool {
        self.wants_previews
    }

    pub(crate) fn wants_headers(&self) -> bool {
        self.wants_headers
    }

    /// The previews are asked for.
    pub(crate) fn previews_asked(&mut self) {
        self.wants_previews = false;
    }

    /// The headers are asked for.
    pub(crate) fn headers_asked(&mut self) {
        self.wants_headers = false;
    }
}

/// Which rows to fetch next, as sequence numbers: those on screen first, then new ones on top, then a page
/// after and a page before the screen.
pub(crate) fn next_gap(list: &ListDemand, folder: &Folder) -> Option<RangeInclusive<u32>> {
    let (order, ListDemand { first, count, .. }) = (folder.order(), *list);
    order
        .first_gap(first, count, WINDOW)
        .or_else(|| order.first_gap(0, folder.new_on_top().min(WINDOW), WINDOW))
        .or_else(|| order.first_gap(first.saturating_add(count), count, WINDOW))
        .or_else(|| order.first_gap(first.saturating_sub(count), count.min(first), WINDOW))
}

/// Rows asked for at once.
const WINDOW: u32 = 100;
