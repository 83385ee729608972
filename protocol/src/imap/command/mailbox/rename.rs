//! RENAME: give a mailbox another name. RFC 9051 section 6.3.6.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, MailboxName};

/// Gives a mailbox another name, and those below it with it.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it. INBOX stays: its messages move to the new mailbox. Where the open
/// mailbox is renamed, [`Connection::selected`](crate::imap::Connection::selected) keeps the old name until the
/// next SELECT.
///
/// Source: [RFC 9051 section 6.3.6].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::Rename};
///
/// let rename = Rename { from: MailboxName::try_from("Work")?, to: MailboxName::try_from("Work/2026")? };
/// assert_eq!(sent("", rename), ["RENAME Work Work/2026"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.3.6]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.6
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// Its name.
    pub from: MailboxName,
    /// The name to give it, which no mailbox may have yet.
    pub to: MailboxName,
}

impl Rename {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Rename {
    /// Alone: commands behind it may be about the mailbox that it changes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("RENAME ").mailbox(&self.from)?.words(" ").mailbox(&self.to)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn names_both() {
        let name = |text| MailboxName::try_from(text).unwrap();
        check_authenticated(
            "",
            &[Rename { from: name("a"), to: name("Entwürfe") }.into()],
            "U: send
             C: A1 RENAME a Entw&APw-rfe
             S: A1 OK done
             E: #0 Ok done",
        );
    }
}
