//! CHECK: have the server put the mailbox in order. RFC 3501 section 6.4.1; RFC 9051 has it no more.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, State};

/// Asks the server for a checkpoint of the open mailbox, whatever that is to it; most do nothing.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 3501 section 6.4.1]; [RFC 9051 appendix E] took it out.
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Check, Mode, Select};
/// use postern_protocol::imap::{Config, Connection, MailboxName};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.send(Select::new(MailboxName::inbox(), Mode::ReadWrite), now);
/// connection.send(Check, now);
/// ```
///
/// # Where the server lacks it
/// A server of RFC 9051 alone has no CHECK; NOOP is sent in its place.
///
/// [RFC 3501 section 6.4.1]: https://www.rfc-editor.org/rfc/rfc3501#section-6.4.1
/// [RFC 9051 appendix E]: https://www.rfc-editor.org/rfc/rfc9051#appendix-E
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Check;

impl Check {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Check {
    fn footprint(&self) -> Footprint {
        Footprint::of([])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let is_gone = server.has(&Capability::Imap4Rev2) && !server.has(&Capability::Imap4Rev1);
        line.arg(if is_gone { "NOOP" } else { "CHECK" });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::MailboxName;
    use crate::imap::command::{Mode, Select};
    use crate::imap::transcript::{check, check_selected};

    #[test]
    fn it_may_bring_news() {
        check_selected(
            "",
            &[Check.into()],
            "U: send
             C: A2 CHECK
             S: * 10 EXISTS
             S: A2 OK done
             E: Exists 10
             E: #0 Ok done",
        );
    }

    #[test]
    fn noop_where_it_is_no_more() {
        check(
            &[Select::new(MailboxName::inbox(), Mode::ReadWrite).into(), Check.into()],
            "U: send
             U: send
             S: * PREAUTH [CAPABILITY IMAP4rev2] hi
             E: Greeting hi
             E: Capabilities
             C: A1 SELECT INBOX
             S: A1 OK open
             E: #0 Selected exists=0 validity=None next=None read_only=false
             C: A2 NOOP
             S: A2 OK done
             E: #1 Ok done",
        );
    }
}
