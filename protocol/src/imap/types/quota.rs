//! How much room there is.
//!
//! RFC 9208, RFC 2087.

use super::mailbox_name::MailboxName;

/// `QUOTA`: one root's limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// The root's name; often empty.
    pub root: Box<str>,
    /// Each thing that is limited.
    pub resources: Vec<QuotaResource>,
}

/// One thing that is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaResource {
    /// `STORAGE` (in KiB), `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` or another, in upper case.
    pub name: Box<str>,
    /// Taken.
    pub usage: u64,
    /// The most that may be taken.
    pub limit: u64,
}

/// `QUOTAROOT`: the roots that count a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaRoot {
    /// Which mailbox.
    pub mailbox: MailboxName,
    /// Their names.
    pub roots: Vec<Box<str>>,
}
