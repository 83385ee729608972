//! What DELETE, SUBSCRIBE and UNSUBSCRIBE have in common: a word, and the name of the mailbox that it changes.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, MailboxName};

/// One of them under way.
#[derive(Debug)]
pub(super) struct OneMailbox {
    /// With the space behind it.
    pub(super) word: &'static str,
    pub(super) mailbox: MailboxName,
}

impl Task for OneMailbox {
    /// Alone: commands behind it may be about the mailbox that it changes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg(self.word).mailbox(&self.mailbox)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::command::{Delete, Subscribe, Unsubscribe};
    use crate::imap::transcript::check_authenticated;

    fn check(word: &str, command: impl Into<Command>) {
        let transcript = format!(
            "U: send
             C: A1 {word} \"a b\"
             S: A1 NO [NONEXISTENT] no such mailbox
             E: #0 Error the server refused: no such mailbox"
        );
        check_authenticated("", &[command.into()], &transcript);
    }

    #[test]
    fn each_names_the_mailbox() {
        let mailbox = || MailboxName::try_from("a b").unwrap();
        check("DELETE", Delete { mailbox: mailbox() });
        check("SUBSCRIBE", Subscribe { mailbox: mailbox() });
        check("UNSUBSCRIBE", Unsubscribe { mailbox: mailbox() });
    }
}
