//! UNSELECT: leave the open mailbox and remove nothing. RFC 9051 section 6.4.2, RFC 3691.

use super::super::connection::{Footprint, State};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Done, Response, ResponseText, Status};
use super::{Server, Step, Task, Transition};

/// Closes the open mailbox as it is.
///
/// [`Done::Ok`] ends it.
///
/// Source: [RFC 9051 section 6.4.2], before that [RFC 3691].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Mode, Select, Unselect};
/// use postern_protocol::imap::{Config, Connection, MailboxName, State};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.send(Select::new(MailboxName::inbox(), Mode::ReadWrite), now);
/// connection.send(Unselect, now);
/// for line in ["* PREAUTH [CAPABILITY IMAP4rev1 UNSELECT] hi", "A1 OK open", "A2 OK left"] {
///     connection.handle_input(format!("{line}\r\n").as_bytes(), now);
///     while connection.poll_output().is_some() {}
/// }
/// assert_eq!(connection.state(), State::Authenticated);
/// ```
///
/// # Where the server lacks it
/// The same mailbox is opened by EXAMINE and then closed: a CLOSE removes nothing from a mailbox that is open for reading
/// only (RFC 9051 section 6.4.1). RFC 3691 names this way and one other, to SELECT a mailbox that does not exist; but of no
/// name can a client be sure of that.
///
/// [RFC 9051 section 6.4.2]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.2
/// [RFC 3691]: https://www.rfc-editor.org/rfc/rfc3691
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unselect;

impl Unselect {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Leaving { stage: Stage::Unselect })
    }
}

#[derive(Debug)]
struct Leaving {
    stage: Stage,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unselect,
    Examine,
    Close,
    /// There is nothing left to leave.
    Left,
}

impl Task for Leaving {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn leaves_mailbox(&self) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.stage == Stage::Unselect && !server.has_or_rev2(&Capability::Unselect) {
            self.stage = Stage::Examine;
        }
        match (self.stage, server.selected) {
            (Stage::Examine, Some(mailbox)) => line.arg("EXAMINE ").mailbox(mailbox)?,
            (Stage::Close, _) => line.arg("CLOSE"),
            _ => line.arg("UNSELECT"),
        };
        Ok(())
    }

    /// What EXAMINE tells of the mailbox is no news: it is about to be left.
    fn wants(&self, response: &Response<'_>) -> bool {
        self.stage == Stage::Examine
            && matches!(
                response,
                Response::Exists(_)
                    | Response::Recent(_)
                    | Response::Flags(_)
                    | Response::Status { status: Status::Ok, .. }
            )
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if self.stage == Stage::Examine {
            self.stage = Stage::Close;
            return Step::Again;
        }
        self.stage = Stage::Left;
        Step::Done(Ok(Done::Ok(text)))
    }

    fn fail(&mut self, error: CommandError) -> Step {
        match (self.stage, error) {
            // RFC 9051 6.3.2: where EXAMINE is refused, no mailbox is open.
            (Stage::Examine, CommandError::Refused(text)) => {
                self.stage = Stage::Left;
                Step::Done(Ok(Done::Ok(text)))
            }
            (_, error) => Step::Done(Err(error)),
        }
    }

    fn transition(&self, _success: bool) -> Option<Transition> {
        (self.stage == Stage::Left).then_some(Transition::Deselected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::{Expunge, Noop};
    use crate::imap::transcript::check_selected;

    #[test]
    fn at_once_where_the_server_can() {
        check_selected(
            "UNSELECT",
            &[Unselect.into(), Expunge::default().into()],
            "U: send
             C: A2 UNSELECT
             U: send
             S: A2 OK left
             E: #0 Ok left
             E: #1 Error the command is not for the state Authenticated",
        );
    }

    #[test]
    fn else_examined_and_closed() {
        check_selected(
            "",
            &[Unselect.into(), Noop.into()],
            "U: send
             C: A2 EXAMINE INBOX
             U: send
             S: * FLAGS (\\Seen)
             S: * 9 EXISTS
             S: * OK [UIDVALIDITY 3] valid
             S: A2 OK [READ-ONLY] open
             C: A3 CLOSE
             S: A3 OK closed
             E: #0 Ok closed
             C: A4 NOOP
             S: A4 OK done
             E: #1 Ok done",
        );
    }

    #[test]
    fn a_mailbox_that_is_gone_is_left_already() {
        check_selected(
            "",
            &[Unselect.into(), Expunge::default().into()],
            "U: send
             C: A2 EXAMINE INBOX
             U: send
             S: A2 NO [NONEXISTENT] gone
             E: #0 Ok gone
             E: #1 Error the command is not for the state Authenticated",
        );
    }
}
