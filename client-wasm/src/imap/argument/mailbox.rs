//! Which mailbox, by its name; or which of them.

use crate::error::Error;
use postern_protocol::imap::MailboxName;
use postern_protocol::imap::command;
use serde::Deserialize;

/// # Errors
/// If no mailbox can be called that.
pub(crate) fn mailbox_name(text: &str) -> Result<MailboxName, Error> {
    MailboxName::try_from(text)
        .map_err(|_| Error::invalid(format!("“{}” is no name that a mailbox can have", text.escape_debug())))
}

/// A group of mailboxes (RFC 5465, RFC 7377).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MailboxFilter {
    /// The open one.
    Selected,
    /// The open one; numbers stay until a command allows them to change. For `notify` alone.
    SelectedDelayed,
    /// Those that new mail comes to.
    Inboxes,
    /// All of the user's own.
    Personal,
    /// Those that the user subscribed to.
    Subscribed,
    /// These.
    Mailboxes(Vec<String>),
    /// These and all below them.
    Subtree(Vec<String>),
    /// These and those right below them.
    SubtreeOne(Vec<String>),
}

/// # Errors
/// If a name can't be a mailbox's.
impl TryFrom<MailboxFilter> for command::MailboxFilter {
    type Error = Error;

    fn try_from(filter: MailboxFilter) -> Result<Self, Error> {
        Ok(match filter {
            MailboxFilter::Selected => Self::Selected,
            MailboxFilter::SelectedDelayed => Self::SelectedDelayed,
            MailboxFilter::Inboxes => Self::Inboxes,
            MailboxFilter::Personal => Self::Personal,
            MailboxFilter::Subscribed => Self::Subscribed,
            MailboxFilter::Mailboxes(names) => Self::Mailboxes(all(&names)?),
            MailboxFilter::Subtree(names) => Self::Subtree(all(&names)?),
            MailboxFilter::SubtreeOne(names) => Self::SubtreeOne(all(&names)?),
        })
    }
}

fn all(names: &[String]) -> Result<Vec<MailboxName>, Error> {
    names.iter().map(|name| mailbox_name(name)).collect()
}
