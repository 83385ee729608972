//! A mailbox, as a server lists it.

use crate::border::MailboxRole;
use postern_protocol::imap::MailboxName;

/// What the server said of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: MailboxName,
    pub(crate) delimiter: Option<char>,
    pub(crate) role: Option<MailboxRole>,
    pub(crate) selectable: bool,
}

impl Listed {
    /// The mailbox that every account has.
    pub(crate) fn inbox() -> Self {
        Self { name: MailboxName::inbox(), delimiter: None, role: Some(MailboxRole::Inbox), selectable: true }
    }
}
