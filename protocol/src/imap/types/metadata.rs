//! Notes on mailboxes and on the server.
//!
//! RFC 5464; the older ANNOTATEMORE draft of Cyrus and others.

use super::mailbox_name::MailboxName;

/// `METADATA`: entries of one mailbox, or of the server where the name is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// Which mailbox; empty for the server.
    pub mailbox: MailboxName,
    /// Entries, or only the names of those that changed (RFC 5464 section 4.4.2).
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `/private/comment` and the like.
    pub name: Box<str>,
    /// Its value; `None` where it has none, or where the server told the name alone.
    pub value: Option<Box<[u8]>>,
}
