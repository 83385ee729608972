//! What a search, a sort or a threading found.
//!
//! RFC 9051 section 7.3.4, RFC 4731, RFC 5256, RFC 5267, RFC 9394.

use super::ids::ModSeq;
use super::mailbox_name::MailboxName;
use super::set::UidSet;

/// `SEARCH` or `SORT`: numbers in the server's order; UIDs or sequence numbers as the command had it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The numbers.
    pub numbers: Vec<u32>,
    /// The highest of all found, after a search by MODSEQ (RFC 7162 section 3.1.5).
    pub mod_seq: Option<ModSeq>,
}

/// `ESEARCH`: only what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ESearch {
    /// The command that this answers.
    pub tag: Option<Box<str>>,
    /// RFC 7377: the mailbox that this is about, where several are searched.
    pub mailbox: Option<MailboxName>,
    /// RFC 7377: of that mailbox.
    pub uid_validity: Option<u32>,
    /// True if the numbers are UIDs; else they are sequence numbers.
    pub uid: bool,
    /// The lowest.
    pub min: Option<u32>,
    /// The highest.
    pub max: Option<u32>,
    /// All of them. Read its numbers as [`uid`](Self::uid) says.
    pub all: Option<UidSet>,
    /// How many.
    pub count: Option<u32>,
    /// RFC 7162 section 3.1.5.
    pub mod_seq: Option<ModSeq>,
    /// RFC 9394, RFC 5267 section 4.4: a window of the results.
    pub partial: Option<Partial>,
    /// RFC 5267 section 4.3: results that came in, each run with the place before which it belongs (0: unordered).
    pub added: Vec<(u32, UidSet)>,
    /// RFC 5267 section 4.3: results that went out, likewise.
    pub removed: Vec<(u32, UidSet)>,
    /// RFC 6203: how well each result matches, from 1 to 100.
    pub relevancy: Vec<u8>,
    /// Others: names in upper case, and values as they came.
    pub others: Vec<(Box<str>, Box<[u8]>)>,
}

impl ESearch {
    /// True if it tells what changed in results that are kept up to date (RFC 5267 section 4.3).
    #[must_use]
    pub fn is_update(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }
}

/// A window of a search's results.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Partial {
    /// The window that was asked for; negative places count from the end (RFC 9394).
    pub window: (i64, i64),
    /// What is in it.
    pub set: Option<UidSet>,
}

/// `THREAD`: messages by conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    /// Every message after what it answers. A thread begins at each of depth 0.
    pub nodes: Vec<ThreadNode>,
}

/// One place in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadNode {
    /// The message: a UID or a sequence number as the command had it. `None` where it is known only by those
    /// that answer it.
    pub number: Option<u32>,
    /// How many messages stand above it.
    pub depth: u32,
}
