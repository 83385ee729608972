//! SUBSCRIBE: put a mailbox on the list of those that the user wants to see. RFC 9051 section 6.3.7.

use crate::imap::MailboxName;
use crate::imap::command::mailbox::one_mailbox::OneMailbox;
use crate::imap::command::shared::Task;

/// Puts a mailbox on the user's list ([`Which::Subscribed`](crate::imap::command::Which::Subscribed)).
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9051 section 6.3.7].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::Subscribe};
///
/// let show = Subscribe { mailbox: MailboxName::try_from("Letters")? };
/// assert_eq!(sent("", show), ["SUBSCRIBE Letters"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.3.7]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.7
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
