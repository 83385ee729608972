//! DELETE: remove a mailbox and all that is in it. RFC 9051 section 6.3.5.

use crate::imap::MailboxName;
use crate::imap::command::mailbox::one_mailbox::OneMailbox;
use crate::imap::command::shared::Task;

/// Removes a mailbox with its messages; those below it stay.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it. INBOX can't be removed.
///
/// Source: [RFC 9051 section 6.3.5].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::Delete};
///
/// let old = Delete { mailbox: MailboxName::try_from("Archive/2016")? };
/// assert_eq!(sent("", old), ["DELETE Archive/2016"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.3.5]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.5
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
