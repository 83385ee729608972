//! DELETE: remove a mailbox and all that is in it. RFC 9051 section 6.3.5.

use super::super::connection::Footprint;
use super::super::writer::Writer;
use super::super::{CommandError, MailboxName};
use super::{Server, Task};

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
        Box::new(self)
    }
}

impl Task for Delete {
    /// Alone: commands behind it may be about the mailbox that it changes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("DELETE ").mailbox(&self.mailbox)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn names_the_mailbox() {
        check_authenticated(
            "",
            &[Delete { mailbox: MailboxName::try_from("a b").unwrap() }.into()],
            "U: send
             C: A1 DELETE \"a b\"
             S: A1 NO [NONEXISTENT] no such mailbox
             E: #0 Error the server refused: no such mailbox",
        );
    }
}
