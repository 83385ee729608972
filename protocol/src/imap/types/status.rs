//! A mailbox's numbers, told without opening it.
//!
//! RFC 9051 section 7.3.3.

use super::ids::{ModSeq, Uid, UidValidity};
use super::mailbox_name::MailboxName;

/// `STATUS`: as much as was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusItem {
    /// Of this mailbox.
    pub mailbox: MailboxName,
    /// `MESSAGES`.
    pub messages: Option<u32>,
    /// `RECENT` (RFC 3501).
    pub recent: Option<u32>,
    /// `UIDNEXT`.
    pub uid_next: Option<Uid>,
    /// `UIDVALIDITY`.
    pub uid_validity: Option<UidValidity>,
    /// `UNSEEN`: how many are not read.
    pub unseen: Option<u32>,
    /// `DELETED`: how many the next expunge removes (RFC 9051).
    pub deleted: Option<u32>,
    /// `SIZE`, in octets (RFC 8438).
    pub size: Option<u64>,
    /// `HIGHESTMODSEQ` (RFC 7162); 0 where the mailbox keeps none.
    pub highest_mod_seq: Option<ModSeq>,
    /// `APPENDLIMIT`, in octets (RFC 7889).
    pub append_limit: Option<u64>,
    /// `DELETED-STORAGE`, in octets that an expunge frees (RFC 9208).
    pub deleted_storage: Option<u64>,
    /// `MAILBOXID` (RFC 8474).
    pub mailbox_id: Option<Box<str>>,
    /// Others: names in upper case, and values as they came.
    pub others: Vec<(Box<str>, Box<[u8]>)>,
}

impl StatusItem {
    /// Nothing is known of this mailbox yet.
    #[must_use]
    pub fn new(mailbox: MailboxName) -> Self {
        Self {
            mailbox,
            messages: None,
            recent: None,
            uid_next: None,
            uid_validity: None,
            unseen: None,
            deleted: None,
            size: None,
            highest_mod_seq: None,
            append_limit: None,
            deleted_storage: None,
            mailbox_id: None,
            others: Vec::new(),
        }
    }
}
