//! CLOSE: leave the open mailbox and remove what is marked `\Deleted`. RFC 9051 section 6.4.1.

use crate::imap::command::shared::{Footprint, Server, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, State};

/// Closes the open mailbox, and removes for good what anybody marked `\Deleted` in it, unless it is open for
/// reading only. What goes is told by no event. [`Unselect`](crate::imap::command::Unselect) removes nothing.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9051 section 6.4.1].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Close, Mode, Select};
/// use postern_protocol::imap::{Config, Connection, MailboxName, State};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.send(Select::new(MailboxName::inbox(), Mode::ReadWrite), now);
/// connection.send(Close, now);
/// for line in ["* PREAUTH [CAPABILITY IMAP4rev1] hi", "A1 OK open", "A2 OK closed"] {
///     connection.handle_input(format!("{line}\r\n").as_bytes(), now);
///     while connection.poll_output().is_some() {}
/// }
/// assert_eq!(connection.state(), State::Authenticated);
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.4.1]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.1
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Close;

impl Close {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Close {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn leaves_mailbox(&self) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("CLOSE");
        Ok(())
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Deselected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Expunge;
    use crate::imap::transcript::check_selected;

    #[test]
    fn no_mailbox_is_open_afterwards() {
        check_selected(
            "",
            &[Close.into(), Expunge::default().into()],
            "U: send
             C: A2 CLOSE
             U: send
             S: A2 OK closed
             E: #0 Ok closed
             E: #1 Error the command is not for a session in which no mailbox is open",
        );
    }

    #[test]
    fn refused_it_stays_open() {
        check_selected(
            "",
            &[Close.into(), Expunge::default().into()],
            "U: send
             C: A2 CLOSE
             U: send
             S: A2 NO not now
             E: #0 Error the server refused: not now
             C: A3 EXPUNGE
             S: A3 OK done
             E: #1 Ok done",
        );
    }
}
