//! Servers that act on so many messages at a time: what is left to do. RFC 9738.

use super::super::{Code, CommandError, ResponseText, Uid, UidSet};
use super::Window;

/// What is left of a set after a server that stopped at its limit. It works from the highest UID down and tells
/// the lowest that it came to (RFC 9738 section 3.1). None where it did all, or came no further.
pub(super) fn rest(set: &UidSet, text: &ResponseText) -> Option<UidSet> {
    let Some(Code::MessageLimit { last_uid: Some(last), .. }) = &text.code else { return None };
    let rest = Uid::new(last.value() - 1).map(|below| set.up_to(below)).unwrap_or_default();
    (!rest.is_empty() && rest.count() < set.count()).then_some(rest)
}

/// A set in batches that the server takes, where it refused the whole.
#[derive(Debug)]
pub(super) struct Batches {
    window: Window,
    left: UidSet,
}

impl Batches {
    /// How large they must be, where that was the reason of a refusal. What is in them is not known yet.
    pub(super) fn after(error: &CommandError) -> Option<Self> {
        let CommandError::Refused(text) = error else { return None };
        let Some(Code::MessageLimit { limit, .. }) = text.code else { return None };
        Some(Self { window: Window::first(limit)?, left: UidSet::new() })
    }

    /// These are the messages.
    pub(super) fn fill(&mut self, set: UidSet) {
        self.left = set;
    }

    /// The next batch. They are made one by one, since a hostile server may claim any number of messages.
    pub(super) fn next(&mut self) -> Option<UidSet> {
        let batch = self.window.pick(&self.left);
        self.left = self.left.without(&batch);
        (!batch.is_empty()).then_some(batch)
    }
}
