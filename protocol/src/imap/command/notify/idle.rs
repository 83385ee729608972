//! IDLE: be told of changes as they happen. RFC 9051 section 6.3.13, RFC 2177.

use crate::imap::CommandError;
use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;

/// Keeps the server telling its news, as events, until it is cancelled.
///
/// It gives way by itself: where another command is sent, the connection leaves IDLE, and enters it again once
/// all is answered. [`Item::Idling`](crate::imap::Item::Idling) comes whenever the server is listening. It is
/// renewed before the server gives up on it ([`Deadlines::idle_renewal`](crate::imap::Deadlines)), with a NOOP for
/// news that it keeps to itself, and ends with [`CommandError::Cancelled`], or with the connection.
///
/// Source: [RFC 9051 section 6.3.13], before that [RFC 2177].
///
/// # Examples
/// ```
/// use postern_protocol::imap::{Config, Connection, command::Idle};
/// use postern_protocol::Time;
///
/// let mut connection = Connection::new(Config::default(), Time::ZERO);
/// let idle = connection.send(Idle, Time::ZERO);
/// connection.cancel(idle, Time::ZERO);
/// ```
///
/// # Where the server lacks it
/// A NOOP now and then stands in for it ([`Deadlines::poll`](crate::imap::Deadlines)). The same beside it where the server
/// was seen to say nothing in it.
///
/// [RFC 9051 section 6.3.13]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.13
/// [RFC 2177]: https://www.rfc-editor.org/rfc/rfc2177
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Idle;

impl Idle {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

/// When IDLE is entered and left is the connection's to know.
impl Task for Idle {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("IDLE");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Noop;
    use crate::imap::transcript::{check_authenticated, check_selected};

    #[test]
    fn gives_way_and_comes_back() {
        check_selected(
            "IDLE",
            &[Idle.into(), Noop.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             S: * 10 EXISTS
             E: Exists 10
             U: send
             C: DONE
             S: A2 OK done
             C: A3 NOOP
             S: A3 OK done
             E: #1 Ok done
             C: A4 IDLE
             S: + idling
             E: #0 Idling
             U: cancel 0
             E: #0 Error cancelled
             C: DONE
             S: A4 OK done",
        );
    }

    /// DONE before the server's + would be read as a command of its own.
    #[test]
    fn is_left_only_once_it_was_entered() {
        check_selected(
            "IDLE",
            &[Idle.into(), Noop.into()],
            "U: send
             C: A2 IDLE
             U: send
             S: + idling
             E: #0 Idling
             C: DONE
             S: A2 OK done
             C: A3 NOOP
             U: cancel 0
             E: #0 Error cancelled
             S: A3 OK done
             E: #1 Ok done",
        );
    }

    #[test]
    fn is_renewed_before_the_server_tires_of_it() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             U: wait 300
             C: DONE
             S: A2 OK done
             C: A3 NOOP
             S: A3 OK done
             C: A4 IDLE
             S: + idling
             E: #0 Idling",
        );
    }

    /// GNU Mailutils' imap4d says nothing in IDLE: only a NOOP finds what came.
    #[test]
    fn a_server_that_says_nothing_in_idle_is_polled_beside_it() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             U: wait 300
             C: DONE
             S: A2 OK done
             C: A3 NOOP
             S: * 10 EXISTS
             S: A3 OK done
             E: Exists 10
             C: A4 IDLE
             S: + idling
             E: #0 Idling
             U: wait 60
             C: DONE
             S: A4 OK done
             C: A5 NOOP
             S: A5 OK done
             C: A6 IDLE
             S: + idling
             E: #0 Idling
             S: * 11 EXISTS
             E: Exists 11
             U: wait 60
             C: DONE
             S: A6 OK done
             C: A7 IDLE
             S: + idling
             E: #0 Idling
             U: wait 299",
        );
    }

    /// One that spoke in IDLE needs no NOOP, and a count that is only repeated is no news.
    #[test]
    fn a_server_that_speaks_in_idle_is_not_polled() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             S: * 2 EXPUNGE
             E: Expunge 2
             U: wait 300
             C: DONE
             S: A2 OK done
             C: A3 IDLE
             S: + idling
             E: #0 Idling
             U: wait 300
             C: DONE
             S: A3 OK done
             C: A4 NOOP
             S: * 8 EXISTS
             S: A4 OK done
             E: Exists 8
             C: A5 IDLE
             S: + idling
             E: #0 Idling
             U: wait 299",
        );
    }

    /// A dead link shows at the renewal.
    #[test]
    fn silence_at_the_renewal_ends_the_connection() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             U: wait 360
             C: DONE
             E: #0 Error the server did not answer in time
             E: Closed the server did not answer in time
             E: hang up",
        );
    }

    #[test]
    fn a_refusal_is_told() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: A2 NO not here
             E: #0 Error the server refused: not here",
        );
    }

    #[test]
    fn one_that_the_server_ends_is_entered_again_after_a_rest() {
        check_selected(
            "IDLE",
            &[Idle.into()],
            "U: send
             C: A2 IDLE
             S: + idling
             E: #0 Idling
             S: A2 OK enough
             U: wait 60
             C: A3 IDLE",
        );
    }

    #[test]
    fn noop_stands_in_for_it() {
        check_selected(
            "",
            &[Idle.into()],
            "U: send
             E: #0 Idling
             U: wait 60
             C: A2 NOOP
             S: * 10 EXISTS
             S: A2 OK done
             E: Exists 10
             U: wait 60
             C: A3 NOOP
             S: A3 OK done
             U: cancel 0
             E: #0 Error cancelled",
        );
    }

    #[test]
    fn there_is_one_at_a_time() {
        check_authenticated(
            "IDLE",
            &[Idle.into(), Idle.into()],
            "U: send
             C: A1 IDLE
             U: send
             E: #1 Error an IDLE is there already
             U: closed
             E: #0 Error the connection is closed
             E: Closed the link ended",
        );
    }
}
