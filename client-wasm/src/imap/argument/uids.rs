//! A `MessageSet` within other data: of UIDs, or of sequence numbers.

use crate::error::Error;
use crate::imap::argument::set;
use postern_protocol::imap::{SeqNo, SeqSet, UidSet};
use serde::Deserialize;

/// A `MessageSet` within other data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Uids {
    /// One.
    One(u32),
    /// Several.
    Several(Vec<u32>),
    /// In IMAP's words.
    Words(String),
}

/// # Errors
/// If one of them is no UID.
impl TryFrom<Uids> for UidSet {
    type Error = Error;

    fn try_from(uids: Uids) -> Result<Self, Error> {
        match uids {
            Uids::One(uid) => set::from_numbers(&[uid]),
            Uids::Several(uids) => set::from_numbers(&uids),
            Uids::Words(text) => set::parse(&text),
        }
    }
}

/// As sequence numbers. One past the last makes some servers refuse the search: here, a `*` goes out as it is.
impl TryFrom<Uids> for SeqSet {
    type Error = Error;

    fn try_from(uids: Uids) -> Result<Self, Error> {
        let set = UidSet::try_from(uids)?;
        let open = set.ranges().find(|range| range.end().value() == u32::MAX);
        let mut places =
            open.and_then(|range| SeqNo::new(range.start().value())).map_or_else(Self::new, Self::from_first);
        for range in set.ranges().filter(|range| range.end().value() < u32::MAX) {
            let [first, last] = [range.start(), range.end()].map(|number| SeqNo::new(number.value()));
            if let (Some(first), Some(last)) = (first, last) {
                places.push_range(first, last);
            }
        }
        Ok(places)
    }
}
