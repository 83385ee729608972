//! DELETE: remove a mailbox and all that is in it. RFC 9051 section 6.3.5.

use super::super::MailboxName;
use super::Task;
use super::one_mailbox::OneMailbox;

/// Removes a mailbox with its messages; those below it stay. Every server has it.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it. INBOX can't be removed.
///
/// ```
/// use postern_protocol::imap::{MailboxName, command::Delete};
///
/// let old = Delete { mailbox: MailboxName::try_from("Archive/2016")? };
/// # drop(old);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delete {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl Delete {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(OneMailbox { word: "DELETE ", mailbox: self.mailbox })
    }
}
