//! UNSUBSCRIBE: take a mailbox off the list of those that the user wants to see. RFC 9051 section 6.3.8.

use super::super::connection::Footprint;
use super::super::writer::Writer;
use super::super::{CommandError, MailboxName};
use super::{Server, Task};

/// Takes a mailbox off the user's list ([`Which::Subscribed`](super::Which::Subscribed)). Every server has it.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it.
///
/// ```
/// use postern_protocol::imap::{MailboxName, command::Unsubscribe};
///
/// let hide = Unsubscribe { mailbox: MailboxName::try_from("Letters")? };
/// # drop(hide);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl Unsubscribe {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Unsubscribe {
    /// Alone: commands behind it may be about the mailbox that it changes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("UNSUBSCRIBE ").mailbox(&self.mailbox)?;
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
            &[Unsubscribe { mailbox: MailboxName::try_from("a b").unwrap() }.into()],
            "U: send
             C: A1 UNSUBSCRIBE \"a b\"
             S: A1 NO [NONEXISTENT] no such mailbox
             E: #0 Error the server refused: no such mailbox",
        );
    }
}
