//! What a command came to.

use super::{CommandError, SearchResult};
use crate::imap::{
    Capabilities, Code, Flag, ModSeq, Namespaces, ResponseText, SeqNo, Threads, Uid, UidSet, UidValidity,
};
use std::ops::RangeInclusive;

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Done {
    /// The server said OK.
    Ok(ResponseText),
    /// A mailbox is open, for SELECT and EXAMINE.
    Selected(Selected),
    /// What is on now, for ENABLE.
    Enabled(Capabilities),
    /// The languages that the server speaks, or the one that it speaks now, for LANGUAGE.
    Languages(Vec<Box<str>>),
    /// The comparator in use, and others that matched, for COMPARATOR.
    Comparators(Vec<Box<str>>),
    /// Ranges of UIDs, the newest first, for UIDBATCHES.
    Batches(Vec<RangeInclusive<Uid>>),
    /// What SEARCH or SORT found.
    Found(SearchResult),
    /// The conversations that THREAD found; numbers are UIDs.
    Threads(Threads),
    /// Where mailboxes lie, for NAMESPACE.
    Namespaces(Namespaces),
    /// The messages are stored, for APPEND and REPLACE.
    Appended(Appended),
    /// Who the server says it is, for ID.
    Id(Vec<(String, Option<String>)>),
}

/// What the server told of the mailbox that it opened. RFC 9051 section 6.3.2.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Selected {
    /// How many messages it has.
    pub exists: u32,
    /// What its UIDs are good for; none where the server keeps none (RFC 9051 section 7.1, `UIDNOTSTICKY`).
    pub uid_validity: Option<UidValidity>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<Uid>,
    /// The flags that it knows.
    pub flags: Vec<Flag>,
    /// The flags that can be changed for good; none where the server did not say, and then all can.
    pub permanent_flags: Option<Vec<Flag>>,
    /// The first message without `\Seen`.
    pub unseen: Option<SeqNo>,
    /// The highest modification sequence in it (RFC 7162).
    pub highest_mod_seq: Option<ModSeq>,
    /// Its identifier, which survives a rename (RFC 8474).
    pub mailbox_id: Option<Box<str>>,
    /// Nothing can be changed in it.
    pub read_only: bool,
}

/// Where messages were stored.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Appended {
    /// How many.
    pub count: u32,
    /// What their UIDs are good for; none where the server lacks UIDPLUS (RFC 4315), or may not tell.
    pub uid_validity: Option<UidValidity>,
    /// Their UIDs, which rise in the order of the messages.
    pub uids: UidSet,
    /// What the server said last.
    pub text: ResponseText,
}

impl Appended {
    /// So many more are stored.
    ///
    /// RFC 4315 section 3: one UID for each. Where that is not so, of these or of those before, no UID can be relied on.
    pub(crate) fn take(&mut self, count: u32, mut text: ResponseText) {
        self.count += count;
        if let Some(Code::AppendUid { uid_validity, uids }) = &text.code {
            if self.uid_validity.is_some_and(|before| before != *uid_validity) {
                self.uids = UidSet::new();
            }
            self.uid_validity = Some(*uid_validity);
            for range in uids.ranges() {
                self.uids.push_range(*range.start(), *range.end());
            }
        }
        if self.uids.count() != u64::from(self.count) {
            (self.uids, self.uid_validity) = (UidSet::new(), None);
            text.code = text.code.filter(|code| !matches!(code, Code::AppendUid { .. }));
        }
        self.text = text;
    }

    /// An error, and with it what is stored all the same.
    pub(crate) fn partial(&mut self, error: CommandError) -> CommandError {
        if self.count == 0 {
            return error;
        }
        CommandError::Partial { stored: Box::new(std::mem::take(self)), error: Box::new(error) }
    }
}
