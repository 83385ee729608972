//! Commands that find messages: SEARCH, SORT and THREAD, and what they rest on where the client does the work.

mod cancel_update;
mod collate;
mod date;
mod key;
mod multi_search;
mod returns;
#[expect(clippy::module_inception, reason = "the room is named after its first command")]
mod search;
mod sort;
#[cfg(test)]
mod tests;
mod thread;
mod uid_batches;

pub use crate::imap::answer::{Context, SearchResult};
pub use cancel_update::CancelUpdate;
pub use date::Date;
pub use key::SearchKey;
pub use multi_search::MultiSearch;
pub use returns::SearchReturn;
pub use search::Search;
pub use sort::{Sort, SortBy, SortKey, SortOrder};
pub use thread::{Thread, ThreadBy};
pub use uid_batches::UidBatches;
