//! SUBSCRIBE: put a mailbox on the list of those that the user wants to see. RFC 9051 section 6.3.7.

use super::super::MailboxName;
use super::Task;
use super::one_mailbox::OneMailbox;

/// Puts a mailbox on the user's list ([`Which::Subscribed`](super::Which::Subscribed)). Every server has it.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it.
///
/// ```
/// use postern_protocol::imap::{MailboxName, command::Subscribe};
///
/// let show = Subscribe { mailbox: MailboxName::try_from("Letters")? };
/// # drop(show);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl Subscribe {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(OneMailbox { word: "SUBSCRIBE ", mailbox: self.mailbox })
    }
}
