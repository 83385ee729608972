//! NOOP: nothing, except that the server may tell its news. RFC 9051 section 6.1.2.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, State};

/// Asks for news; they arrive as events.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9051 section 6.1.2].
///
/// # Examples
/// ```
/// use postern_protocol::imap::{Config, Connection, command::Noop};
/// use postern_protocol::Time;
///
/// let mut connection = Connection::new(Config::default(), Time::ZERO);
/// connection.send(Noop, Time::ZERO);
/// ```
///
/// # Where the server lacks it
/// Every server has it.
///
/// [RFC 9051 section 6.1.2]: https://www.rfc-editor.org/rfc/rfc9051#section-6.1.2
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Noop;

impl Noop {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Noop {
    fn footprint(&self) -> Footprint {
        Footprint::of([])
    }

    fn allowed_in(&self, _state: State) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("NOOP");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_selected;

    #[test]
    fn news_come_as_events() {
        check_selected(
            "",
            &[Noop.into()],
            "U: send
             C: A2 NOOP
             S: * 3 EXPUNGE
             S: * 10 EXISTS
             S: * 2 FETCH (FLAGS (\\Seen))
             S: A2 OK done
             E: Expunge 3
             E: Exists 10
             E: Fetch 2 flags=(\\Seen)
             E: #0 Ok done",
        );
    }
}
