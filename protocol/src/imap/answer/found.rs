//! What a search found.

use crate::imap::types::{ESearch, ModSeq, Uid, UidSet};

/// What a search or a sort found: as much of it as was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchResult {
    /// All of it, for [`SearchReturn::All`](crate::imap::command::SearchReturn::All): ascending after a search, in its order after a sort. It stays ranges,
    /// however many messages there are.
    pub all: Option<UidSet>,
    /// The lowest UID, or the first of a sort; none where nothing was found.
    pub min: Option<Uid>,
    /// The highest UID, or the last of a sort; none where nothing was found.
    pub max: Option<Uid>,
    /// How many there are.
    pub count: Option<u32>,
    /// What stands in the window, for [`SearchReturn::Partial`](crate::imap::command::SearchReturn::Partial).
    pub partial: Option<UidSet>,
    /// The highest modification sequence of what was found, after a search for one (RFC 7162 section 3.1.5).
    pub mod_seq: Option<ModSeq>,
    /// How well each matches, from 1 to 100, in the order of [`all`](Self::all) or [`partial`](Self::partial).
    pub relevancy: Vec<u8>,
    /// The server tells what changes in it; none where it does not.
    pub context: Option<Context>,
}

/// Names results that the server keeps up to date (RFC 5267 section 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context(pub(crate) Box<str>);

impl Context {
    /// The results of the command with this tag.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        Self(tag.into())
    }

    /// The tag of the command that the results are of.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// Whether an update is about these results.
    #[must_use]
    pub fn is_meant_by(&self, update: &ESearch) -> bool {
        update.tag.as_ref() == Some(&self.0)
    }
}
