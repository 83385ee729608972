//! What `esearch`, `esort` and `multiSearch` are to tell, and what they told.

use super::mailbox::MailboxFilter;
use crate::error::Error;
use crate::imap::options::from_js_exact;
use postern_protocol::imap::command::{self, SearchReturn, Window};
use postern_protocol::imap::{MailboxName, ModSeq, Uid, UidSet, UidValidity};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use wasm_bindgen::JsValue;

/// What to tell of the messages that were found. Nothing at all is the same as `all`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct SearchReturns {
    /// All of them.
    pub all: Option<bool>,
    /// The lowest UID, or the first of a sort.
    pub min: Option<bool>,
    /// The highest UID, or the last of a sort.
    pub max: Option<bool>,
    /// How many there are.
    pub count: Option<bool>,
    /// Those in a window of the list (RFC 9394).
    pub partial: Option<MessageWindow>,
    /// How well each matches (RFC 6203). Nothing is told where the server can't.
    pub relevancy: Option<bool>,
    /// Nothing: the server keeps it for `{ saved: true }` in the next query (RFC 5182), if it can.
    pub save: Option<bool>,
    /// What changes in it later, as `searchUpdate` events, until `cancelUpdate` or the mailbox is closed (RFC 5267).
    pub update: Option<bool>,
}

/// Places in a list, from the first to the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageWindow {
    /// The first place, from 1.
    pub first: u32,
    /// The last place, not before the first.
    pub last: u32,
    /// Count from the end of the list: 1 is its last message.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub from_end: Option<bool>,
}

impl SearchReturns {
    /// Reads what JavaScript gave.
    ///
    /// # Errors
    /// Where a name is misspelt, or the window is none.
    pub(crate) fn read(value: &JsValue) -> Result<Vec<SearchReturn>, Error> {
        from_js_exact::<Self>("returns", value, &[])?.returns()
    }

    fn returns(&self) -> Result<Vec<SearchReturn>, Error> {
        let asked = [
            (self.all, SearchReturn::All),
            (self.min, SearchReturn::Min),
            (self.max, SearchReturn::Max),
            (self.count, SearchReturn::Count),
            (self.relevancy, SearchReturn::Relevancy),
            (self.save, SearchReturn::Save),
            (self.update, SearchReturn::Update),
        ];
        let wanted = asked.into_iter().filter(|(asked, _)| *asked == Some(true)).map(|(_, what)| what);
        let window = self.partial.map(MessageWindow::window).transpose()?;
        Ok(wanted.chain(window.map(SearchReturn::Partial)).collect())
    }
}

impl MessageWindow {
    /// How many places it has, at most.
    pub(crate) fn size(self) -> u64 {
        u64::from(self.last.saturating_sub(self.first)) + 1
    }

    /// # Errors
    /// Where the first place is 0 or past the last one.
    pub(crate) fn window(self) -> Result<Window, Error> {
        let Self { first, last, from_end } = self;
        let window = match from_end {
            Some(true) => Window::from_end(first, last),
            _ => Window::from_start(first, last),
        };
        window.ok_or_else(|| {
            Error::invalid("partial: the first place must be at least 1, and the last one not before it")
        })
    }
}

/// Which batches `uidBatches` is to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct UidBatchOptions {
    /// The first one, from 1, which has the newest messages; 1 where it is left out.
    pub first: Option<u32>,
    /// The last one; the one with the oldest messages where it is left out.
    pub last: Option<u32>,
}

impl UidBatchOptions {
    /// # Errors
    /// Where the first is 0 or past the last.
    pub(crate) fn batches(&self) -> Result<Option<RangeInclusive<u32>>, Error> {
        let (first, last) = (self.first.unwrap_or(1), self.last.unwrap_or(u32::MAX));
        if first == 0 || first > last {
            return Err(Error::invalid(
                "options: the first batch must be at least 1, and not behind the last",
            ));
        }
        Ok(((first, last) != (1, u32::MAX)).then_some(first..=last))
    }
}

/// What was found: as much as was asked for, and otherwise `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchResult {
    /// All UIDs: ascending after a search, in its order after a sort.
    pub all: Option<Vec<u32>>,
    /// The lowest UID, or the first of a sort; `null` where nothing was found.
    pub min: Option<u32>,
    /// The highest UID, or the last of a sort; `null` where nothing was found.
    pub max: Option<u32>,
    /// How many there are.
    pub count: Option<u32>,
    /// The UIDs in the window.
    pub partial: Option<Vec<u32>>,
    /// The highest modification sequence of what was found, after a search for one (RFC 7162).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
    /// How well each matches, from 1 to 100, in the order of `all` or `partial`.
    pub relevancy: Vec<u8>,
    /// Names this result in `searchUpdate` events; `null` where it is not kept up to date.
    pub context: Option<String>,
}

impl SearchResult {
    /// `listed` makes a list of a set, within reason.
    ///
    /// # Errors
    /// Those of `listed`.
    pub(crate) fn from_data(
        data: &command::SearchResult,
        listed: impl Fn(&UidSet) -> Result<Vec<u32>, Error>,
    ) -> Result<Self, Error> {
        Ok(Self {
            all: data.all.as_ref().map(&listed).transpose()?,
            min: data.min.map(Uid::value),
            max: data.max.map(Uid::value),
            count: data.count,
            partial: data.partial.as_ref().map(&listed).transpose()?,
            mod_seq: data.mod_seq.map(|ModSeq(value)| value),
            relevancy: data.relevancy.clone(),
            context: data.context.as_ref().map(|context| context.tag().to_owned()),
        })
    }
}

/// What was found in one of several mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundInMailbox {
    /// Which mailbox.
    pub mailbox: String,
    /// What its UIDs are good for.
    pub uid_validity: Option<u32>,
    /// All UIDs, as a set such as `3:5,9`; `null` where they were not asked for, or there are none.
    pub all: Option<String>,
    /// The lowest UID.
    pub min: Option<u32>,
    /// The highest UID.
    pub max: Option<u32>,
    /// How many there are.
    pub count: Option<u32>,
}

impl FoundInMailbox {
    pub(crate) fn new(
        mailbox: &MailboxName,
        uid_validity: Option<UidValidity>,
        result: &command::SearchResult,
    ) -> Self {
        let all = result.all.as_ref().filter(|all| !all.is_empty());
        Self {
            mailbox: mailbox.as_str().to_owned(),
            uid_validity: uid_validity.map(UidValidity::value),
            all: all.map(ToString::to_string),
            min: result.min.map(Uid::value),
            max: result.max.map(Uid::value),
            count: result.count,
        }
    }
}

/// # Errors
/// Where a name can't be a mailbox's.
pub(crate) fn filters(filters: Vec<MailboxFilter>) -> Result<Vec<command::MailboxFilter>, Error> {
    filters.into_iter().map(MailboxFilter::filter).collect()
}
