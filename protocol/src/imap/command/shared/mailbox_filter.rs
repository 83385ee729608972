//! Which mailboxes a command is about that is about several. RFC 5465 section 6, RFC 7377 section 2.2.

use crate::imap::writer::Writer;
use crate::imap::{CommandError, MailboxName, Misuse};

/// A group of mailboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MailboxFilter {
    /// The open one. It is told at any time that messages are gone, also while a command with message numbers is on its
    /// way: ask by UID alone then.
    Selected,
    /// The open one, but it is told that messages are gone only when a command allows it, so that numbers stay. For
    /// [`Notify`](crate::imap::command::Notify) alone.
    SelectedDelayed,
    /// Those that new mail comes to.
    Inboxes,
    /// All of the user's own.
    Personal,
    /// Those that the user subscribed to.
    Subscribed,
    /// These.
    Mailboxes(Vec<MailboxName>),
    /// These and all below them.
    Subtree(Vec<MailboxName>),
    /// These and those right below them.
    SubtreeOne(Vec<MailboxName>),
}

impl MailboxFilter {
    /// `filter-mailboxes`
    pub(crate) fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        let (word, names): (_, Option<&[MailboxName]>) = match self {
            Self::Selected => ("selected", None),
            Self::SelectedDelayed => ("selected-delayed", None),
            Self::Inboxes => ("inboxes", None),
            Self::Personal => ("personal", None),
            Self::Subscribed => ("subscribed", None),
            Self::Mailboxes(names) => ("mailboxes", Some(names)),
            Self::Subtree(names) => ("subtree", Some(names)),
            Self::SubtreeOne(names) => ("subtree-one", Some(names)),
        };
        line.words(word);
        let Some(names) = names else { return Ok(()) };
        if names.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        for (at, name) in names.iter().enumerate() {
            line.words(if at == 0 { " (" } else { " " }).mailbox(name)?;
        }
        line.words(")");
        Ok(())
    }
}
