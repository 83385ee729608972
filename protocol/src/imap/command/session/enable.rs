//! ENABLE: have the server behave in a new way, where that would surprise an old client. RFC 9051 section 6.3.1,
//! RFC 5161.

use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capabilities, Capability, CommandError, Done, Misuse, Response, ResponseText, State};

/// Turns capabilities on, such as `UTF8=ACCEPT`, `IMAP4rev2` or `QRESYNC`.
///
/// [`Done::Enabled`] ends it with those that are on now. From then on mailbox names travel as UTF-8 where one of the
/// first two is. It must come before the first SELECT.
///
/// Source: [RFC 9051 section 6.3.1], [RFC 5161].
///
/// # Examples
/// ```
/// use postern_protocol::imap::{Capability, command::Enable};
///
/// let unicode = Enable { capabilities: vec![Capability::Utf8Accept] };
/// # drop(unicode);
/// ```
///
/// # Where the server lacks it
/// What the server lacks is left out of the question. Where nothing is left of it, or the server lacks ENABLE itself,
/// nothing is sent and [`CommandError::Unsupported`] ends it: go on as before.
///
/// [RFC 9051 section 6.3.1]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.1
/// [RFC 5161]: https://www.rfc-editor.org/rfc/rfc5161
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enable {
    /// In the order in which they are sent. Those that the server does not announce are left out.
    pub capabilities: Vec<Capability>,
}

impl Enable {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Enabling { command: self, enabled: Capabilities::default() })
    }
}

#[derive(Debug)]
struct Enabling {
    command: Enable,
    enabled: Capabilities,
}

impl Task for Enabling {
    /// Alone: it decides how the next command is written.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    /// RFC 5161 3.1: not once a mailbox is open.
    fn allowed_in(&self, state: State) -> bool {
        state == State::Authenticated
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !server.has_or_rev2(&Capability::Enable) {
            return Err(CommandError::Unsupported(Capability::Enable));
        }
        let lacking = self.command.capabilities.iter().find(|&it| !server.has(it)).cloned();
        self.command.capabilities.retain(|it| server.has(it));
        if self.command.capabilities.is_empty() {
            return Err(lacking.map_or(CommandError::Misused(Misuse::EmptySet), CommandError::Unsupported));
        }
        line.arg("ENABLE");
        for capability in &self.command.capabilities {
            line.words(" ").atom(&capability.to_string())?;
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Enabled(_))
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Enabled(enabled) = response {
            self.enabled.extend(enabled.iter().cloned());
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        Step::Done(Ok(Done::Enabled(std::mem::take(&mut self.enabled))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::MailboxName;
    use crate::imap::command::Delete;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn mailbox_names_are_utf_8_from_then_on() {
        let delete = Delete { mailbox: MailboxName::try_from("Entwürfe").unwrap() };
        check_authenticated(
            "ENABLE UTF8=ACCEPT",
            &[
                delete.clone().into(),
                Enable { capabilities: vec![Capability::Utf8Accept, Capability::QResync] }.into(),
                delete.into(),
            ],
            "U: send
             C: A1 DELETE Entw&APw-rfe
             S: A1 NO not yet
             E: #0 Error the server refused: not yet
             U: send
             C: A2 ENABLE UTF8=ACCEPT
             S: * ENABLED UTF8=ACCEPT
             S: A2 OK done
             E: #1 Enabled UTF8=ACCEPT
             U: send
             C: A3 DELETE \"Entwürfe\"
             S: A3 OK done
             E: #2 Ok done",
        );
    }

    fn check_refused(server: &str, capabilities: Vec<Capability>, error: &str) {
        let transcript = format!("U: send\nE: #0 Error {error}");
        check_authenticated(server, &[Enable { capabilities }.into()], &transcript);
    }

    /// RFC 6855 section 6: UTF8=ONLY is turned on by the other's name.
    #[test]
    fn a_server_that_speaks_nothing_else_is_told_so_as_well() {
        check_authenticated(
            "ENABLE UTF8=ONLY",
            &[Enable { capabilities: vec![Capability::Utf8Accept] }.into()],
            "U: send
             C: A1 ENABLE UTF8=ACCEPT
             S: * ENABLED UTF8=ACCEPT
             S: A1 OK done
             E: #0 Enabled UTF8=ACCEPT",
        );
    }

    #[test]
    fn what_cannot_be_turned_on() {
        check_refused("ENABLE", vec![Capability::QResync], "the server lacks QRESYNC");
        check_refused("QRESYNC", vec![Capability::QResync], "the server lacks ENABLE");
        check_refused("", vec![], "the server lacks ENABLE");
        check_refused("ENABLE", vec![], "nothing was asked for");
    }
}
