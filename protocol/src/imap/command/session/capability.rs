//! CAPABILITY: what can the server do? RFC 9051 section 6.1.1.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, State};

/// Asks what the server can do.
///
/// The connection asks by itself whenever it must know and was not told, so few need this. The answer is in
/// [`Connection::capabilities`](crate::imap::Connection::capabilities) once
/// [`Done::Ok`](crate::imap::Done::Ok) came.
///
/// Source: [RFC 9051 section 6.1.1].
///
/// # Examples
/// ```
/// use postern_protocol::imap::{Config, Connection, command::Capability};
/// use postern_protocol::Time;
///
/// let mut connection = Connection::new(Config::default(), Time::ZERO);
/// connection.send(Capability, Time::ZERO);
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.1.1]: https://www.rfc-editor.org/rfc/rfc9051#section-6.1.1
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capability;

impl Capability {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Capability {
    /// Alone: what it finds decides how the next command is written.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, _state: State) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("CAPABILITY");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn an_event_says_that_they_changed() {
        check_authenticated(
            "IDLE",
            &[Capability.into(), Capability.into()],
            "U: send
             C: A1 CAPABILITY
             S: * CAPABILITY IMAP4rev1 IDLE MOVE
             S: A1 OK done
             E: Capabilities
             E: #0 Ok done
             U: send
             C: A2 CAPABILITY
             S: * CAPABILITY IMAP4rev1 IDLE MOVE
             S: A2 OK done
             E: #1 Ok done",
        );
    }
}
