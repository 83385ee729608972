//! UNSELECT: leave the open mailbox and remove nothing. RFC 9051 section 6.4.2, RFC 3691.

use crate::imap::command::shared::{Footprint, Server, Step, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, Response, ResponseText, State, Status};

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
/// EXAMINE of a mailbox that there is not: where that fails, none is open (RFC 9051 section 6.3.2). Of the two ways that
/// RFC 3691 names, it is the one that costs nobody mail: Twisted and hoodiecrow remove messages also when a mailbox that
/// was examined is closed, and pymap refuses to close it.
///
/// [RFC 9051 section 6.4.2]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.2
/// [RFC 3691]: https://www.rfc-editor.org/rfc/rfc3691
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unselect;

impl Unselect {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Leaving { by: By::Unselect, has_left: false })
    }
}

#[derive(Debug)]
struct Leaving {
    by: By,
    has_left: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Unselect,
    Examine,
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
        if server.has_or_rev2(&Capability::Unselect) {
            line.arg("UNSELECT");
        } else {
            self.by = By::Examine;
            line.arg("EXAMINE ").astring(NOWHERE)?;
        }
        Ok(())
    }

    /// Should the mailbox be there, what is told of it is no news.
    fn wants(&self, response: &Response<'_>) -> bool {
        self.by == By::Examine
            && matches!(
                response,
                Response::Exists(_)
                    | Response::Recent(_)
                    | Response::Flags(_)
                    | Response::Status { status: Status::Ok, .. }
            )
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        self.has_left = true;
        Step::Done(Ok(Done::Ok(text)))
    }

    fn fail(&mut self, error: CommandError) -> Step {
        match (self.by, error) {
            (By::Examine, CommandError::Refused(text) | CommandError::Bad(text)) => self.succeed(text),
            (_, error) => Step::Done(Err(error)),
        }
    }

    fn transition(&self, _success: bool) -> Option<Transition> {
        self.has_left.then_some(Transition::Deselected)
    }
}

/// The name of no mailbox.
const NOWHERE: &[u8] = b"postern-no-such-mailbox";

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
             E: #1 Error the command is not for a session in which no mailbox is open",
        );
    }

    /// Neither with the deleted messages removed, nor with the mailbox still open: see above.
    #[test]
    fn else_by_opening_what_is_not_there() {
        check_selected(
            "",
            &[Unselect.into(), Noop.into(), Expunge::default().into()],
            "U: send
             C: A2 EXAMINE postern-no-such-mailbox
             U: send
             S: * OK [CLOSED] left
             S: A2 NO [NONEXISTENT] there is none
             E: #0 Ok there is none
             C: A3 NOOP
             U: send
             S: A3 OK done
             E: #1 Ok done
             E: #2 Error the command is not for a session in which no mailbox is open",
        );
    }

    #[test]
    fn a_server_that_opens_anything_is_left_all_the_same() {
        check_selected(
            "",
            &[Unselect.into(), Expunge::default().into()],
            "U: send
             C: A2 EXAMINE postern-no-such-mailbox
             U: send
             S: * FLAGS (\\Seen)
             S: * 9 EXISTS
             S: * OK [UIDVALIDITY 3] valid
             S: A2 OK [READ-ONLY] open
             E: #0 Ok open
             E: #1 Error the command is not for a session in which no mailbox is open",
        );
    }

    #[test]
    fn a_refusal_of_unselect_leaves_the_mailbox_open() {
        check_selected(
            "UNSELECT",
            &[Unselect.into(), Noop.into()],
            "U: send
             C: A2 UNSELECT
             S: A2 BAD what?
             E: #0 Error the server called the command bad: what?
             U: send
             C: A3 NOOP
             S: A3 OK done
             E: #1 Ok done",
        );
    }
}
