//! LOGOUT: the polite end. RFC 9051 section 6.1.3.

use crate::imap::command::shared::{Footprint, Server, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, State};

/// Ends the session.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it, then [`Output::Close`](crate::imap::Output::Close) and
/// [`Event::Closed`](crate::imap::Event::Closed) follow; the same where the server says BYE and no more, or hangs up.
///
/// Source: [RFC 9051 section 6.1.3].
///
/// # Examples
/// ```
/// use postern_protocol::imap::{Config, Connection, command::Logout};
/// use postern_protocol::Time;
///
/// let mut connection = Connection::new(Config::default(), Time::ZERO);
/// connection.send(Logout, Time::ZERO);
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.1.3]: https://www.rfc-editor.org/rfc/rfc9051#section-6.1.3
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Logout;

impl Logout {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Logout {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, _state: State) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("LOGOUT");
        Ok(())
    }

    fn transition(&self, _success: bool) -> Option<Transition> {
        Some(Transition::LoggedOut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Noop;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn bye_is_part_of_the_answer() {
        check_authenticated(
            "",
            &[Logout.into(), Noop.into()],
            "U: send
             C: A1 LOGOUT
             U: send
             S: * BYE see you
             S: A1 OK done
             E: Bye see you
             E: #0 Ok done
             E: #1 Error the connection is closed
             E: Closed logged out
             E: hang up",
        );
    }

    /// Some servers hang up without the tagged answer: the session is over all the same.
    #[test]
    fn a_server_that_only_says_bye_is_logged_out_of() {
        check_authenticated(
            "",
            &[Logout.into()],
            "U: send
             C: A1 LOGOUT
             S: * BYE see you
             E: Bye see you
             U: closed
             E: #0 Ok see you
             E: Closed logged out",
        );
    }

    #[test]
    fn a_server_that_says_bye_and_neither_answers_nor_hangs_up_is_logged_out_of() {
        check_authenticated(
            "",
            &[Logout.into(), Noop.into()],
            "U: send
             C: A1 LOGOUT
             U: send
             S: * BYE see you
             E: Bye see you
             U: wait 2
             E: #0 Ok see you
             E: #1 Error the connection is closed
             E: Closed logged out
             E: hang up",
        );
    }

    #[test]
    fn a_server_that_hangs_up_at_logout_is_logged_out_of() {
        check_authenticated(
            "",
            &[Logout.into()],
            "U: send
             C: A1 LOGOUT
             U: closed
             E: #0 Ok
             E: Closed logged out",
        );
    }

    /// What is not sent yet has no effect: the link was lost before.
    #[test]
    fn a_logout_that_was_not_sent_is_no_clean_end() {
        check_authenticated(
            "",
            &[Noop.into(), Logout.into()],
            "U: send
             C: A1 NOOP
             U: send
             U: closed
             E: #0 Error the connection is closed
             E: #1 Error the connection is closed
             E: Closed the link ended",
        );
    }
}
