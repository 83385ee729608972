//! UNAUTHENTICATE: sign out and stay connected. RFC 8437.

use crate::imap::command::shared::{Footprint, Server, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError};

/// Signs out, so that somebody else can sign in over the same connection. Whatever ENABLE turned on is off again,
/// no mailbox is open, and the capabilities are asked for anew; compression goes on.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 8437].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::Unauthenticate;
/// use postern_protocol::imap::{Config, Connection, State};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.send(Unauthenticate, now);
/// for line in ["* PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] hi", "A1 OK bye"] {
///     connection.handle_input(format!("{line}\r\n").as_bytes(), now);
///     while connection.poll_output().is_some() {}
/// }
/// assert_eq!(connection.state(), State::NotAuthenticated);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: log out and connect again.
///
/// [RFC 8437]: https://www.rfc-editor.org/rfc/rfc8437
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unauthenticate;

impl Unauthenticate {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Unauthenticate {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn leaves_mailbox(&self) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !server.has(&Capability::Unauthenticate) {
            return Err(CommandError::Unsupported(Capability::Unauthenticate));
        }
        line.arg("UNAUTHENTICATE");
        Ok(())
    }

    fn changes_rights(&self) -> bool {
        true
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Unauthenticated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::MailboxName;
    use crate::imap::command::{Create, Enable, Login};
    use crate::imap::transcript::check_authenticated;

    /// RFC 8437 section 4: what was enabled is off, so that names are written as before.
    #[test]
    fn somebody_else_signs_in() {
        let enable = Enable { capabilities: vec![Capability::Utf8Accept] };
        let create = || Create { mailbox: MailboxName::try_from("\u{e4}").unwrap(), special_use: None };
        let login = Login { user: "bob".into(), password: "x".into() };
        check_authenticated(
            "ENABLE UTF8=ACCEPT UNAUTHENTICATE",
            &[enable.into(), create().into(), Unauthenticate.into(), login.into(), create().into()],
            "U: send
             C: A1 ENABLE UTF8=ACCEPT
             S: * ENABLED UTF8=ACCEPT
             S: A1 OK done
             E: #0 Enabled UTF8=ACCEPT
             U: send
             C: A2 CREATE \"\u{e4}\"
             S: A2 OK done
             E: #1 Ok done
             U: send
             C: A3 UNAUTHENTICATE
             U: send
             U: send
             S: A3 OK bye
             E: #2 Ok bye
             C: A4 CAPABILITY
             S: * CAPABILITY IMAP4rev1
             S: A4 OK done
             E: Capabilities
             C: A5 LOGIN \"bob\" \"x\"
             S: A5 OK [CAPABILITY IMAP4rev1 IDLE] in
             E: Capabilities
             E: #3 Ok in
             C: A6 CREATE &AOQ-
             S: A6 OK done
             E: #4 Ok done",
        );
    }

    /// S9 holds again.
    #[test]
    fn s9_mail_data_after_signing_out() {
        check_authenticated(
            "UNAUTHENTICATE",
            &[Unauthenticate.into()],
            "U: send
             C: A1 UNAUTHENTICATE
             S: A1 OK [CAPABILITY IMAP4rev1] bye
             E: Capabilities
             E: #0 Ok bye
             S: * 3 EXISTS
             E: Closed the server broke the protocol: mail data before authentication
             E: hang up",
        );
    }

    #[test]
    fn nothing_is_sent_where_the_server_lacks_it() {
        check_authenticated(
            "",
            &[Unauthenticate.into()],
            "U: send
             E: #0 Error the server lacks UNAUTHENTICATE",
        );
    }
}
