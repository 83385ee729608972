//! UNSUBSCRIBE: take a mailbox off the list of those that the user wants to see. RFC 9051 section 6.3.8.

use crate::imap::MailboxName;
use crate::imap::command::mailbox::one_mailbox::OneMailbox;
use crate::imap::command::shared::Task;

/// Takes a mailbox off the user's list ([`Which::Subscribed`](crate::imap::command::Which::Subscribed)).
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9051 section 6.3.8].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::Unsubscribe};
///
/// let hide = Unsubscribe { mailbox: MailboxName::try_from("Letters")? };
/// assert_eq!(sent("", hide), ["UNSUBSCRIBE Letters"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.3.8]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl Unsubscribe {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(OneMailbox { word: "UNSUBSCRIBE ", mailbox: self.mailbox })
    }
}
