//! LOGIN: user name and password in the clear, inside TLS. RFC 9051 section 6.2.3.

use crate::imap::command::shared::{Footprint, Server, Task, Transition};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misuse, Security, State};
use std::fmt;

/// Signs in by user name and password, each quoted where that is safe and a literal where it is not.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it, with the server's new capabilities already asked for. A login referral
/// is never followed. [`Authenticate`](crate::imap::command::Authenticate) is the better way where the server offers a mechanism.
///
/// Source: [RFC 9051 section 6.2.3].
///
/// # Examples
/// ```
/// use postern_protocol::imap::command::Login;
///
/// let login = Login { user: "ann".into(), password: "secret".into() };
/// assert!(!format!("{login:?}").contains("secret"));
/// ```
///
/// # Where the server lacks it
/// Where the server says LOGINDISABLED nothing is sent and [`CommandError::Unsupported`] ends it: it wants
/// [`Authenticate`](crate::imap::command::Authenticate).
///
/// [RFC 9051 section 6.2.3]: https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// What the server calls the user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl Login {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

/// Whoever prints it sees that there is a password, never which.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Task for Login {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::NotAuthenticated
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        check_link(server)?;
        check_strings(&[&self.user, &self.password])?;
        // RFC 9051 6.2.3: "a client implementation MUST NOT send a LOGIN command if" it is disabled.
        if server.has(&Capability::LoginDisabled) {
            return Err(CommandError::Unsupported(Capability::Other("LOGIN".into())));
        }
        line.arg("LOGIN ").string(self.user.as_bytes())?.words(" ").string(self.password.as_bytes())?;
        Ok(())
    }

    fn changes_rights(&self) -> bool {
        true
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Authenticated)
    }
}

/// No credential goes over an unprotected link.
pub(super) fn check_link(server: &Server<'_>) -> Result<(), Misuse> {
    match server.login_over {
        Security::Protected => Ok(()),
        Security::Cleartext => Err(Misuse::Unprotected),
    }
}

/// No line ends in credentials, nor what parts the fields of PLAIN and of OAUTHBEARER (security.md S12).
pub(super) fn check_strings(strings: &[&str]) -> Result<(), Misuse> {
    if strings.iter().any(|text| text.contains(['\r', '\n', '\0', '\x01'])) {
        return Err(Misuse::ControlCharacter);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check;

    fn login(user: &str, password: &str) -> [Command; 1] {
        [Login { user: user.into(), password: password.into() }.into()]
    }

    #[test]
    fn quoted_where_safe() {
        check(
            &login("ann", "a \"b\\c"),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN \"ann\" \"a \\\"b\\\\c\"
             S: A1 OK [CAPABILITY IMAP4rev1 IDLE] in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    #[test]
    fn a_literal_waits_for_leave() {
        check(
            &login("jörg", "päss"),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN {5}
             S: + go
             C: jörg {5}
             S: + go
             C: päss
             S: * CAPABILITY IMAP4rev1 MOVE
             S: A1 OK in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    #[test]
    fn literal_plus_needs_no_leave() {
        check(
            &login("jörg", "x"),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 LITERAL+] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN {5+}
             C: jörg \"x\"
             S: A1 NO [AUTHENTICATIONFAILED] wrong
             E: #0 Error the server refused: wrong",
        );
    }

    #[test]
    fn a_refused_literal_ends_the_command() {
        check(
            &login("jörg", "x"),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN {5}
             S: A1 BAD no literals
             E: #0 Error the server called the command bad: no literals",
        );
    }

    #[test]
    fn never_where_login_is_disabled() {
        check(
            &login("ann", "x"),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi
             E: Greeting hi
             E: Capabilities
             E: #0 Error the server lacks LOGIN",
        );
    }

    /// S12: no credential can end its line.
    #[test]
    fn s12_line_ends_in_credentials_are_refused() {
        for (user, password) in [("a\r\nb", "x"), ("a", "x\ny"), ("a", "x\0")] {
            check(
                &login(user, password),
                "U: send
                 S: * OK [CAPABILITY IMAP4rev1] hi
                 E: Greeting hi
                 E: Capabilities
                 E: #0 Error a string holds a character that no command can carry",
            );
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let [command] = login("ann", "hunter2");
        assert!(!format!("{command:?}").contains("hunter2"));
    }
}
