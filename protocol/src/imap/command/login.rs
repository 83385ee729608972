//! LOGIN: user name and password in the clear, inside TLS. RFC 9051 section 6.2.3.

use super::super::connection::{Footprint, Security, State};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Misuse};
use super::{Server, Task, Transition};
use std::fmt;

/// Signs in by user name and password, each quoted where that is safe and a literal where it is not.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it, with the server's new capabilities already asked for.
/// Where the server says LOGINDISABLED nothing is sent and
/// [`CommandError::Unsupported`](super::super::CommandError::Unsupported) ends it. A login referral is never
/// followed. [`Authenticate`](super::Authenticate) is the better way where the server offers a mechanism.
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
        check_credentials(server, [&self.user, &self.password])?;
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

/// What holds for credentials whatever carries them: no line ends (security.md S12), no unprotected link.
pub(super) fn check_credentials<const N: usize>(
    server: &Server<'_>,
    strings: [&str; N],
) -> Result<(), CommandError> {
    if server.login_over == Security::Cleartext {
        return Err(Misuse::Unprotected.into());
    }
    if strings.iter().any(|text| text.contains(['\r', '\n', '\0'])) {
        return Err(Misuse::ControlCharacter.into());
    }
    Ok(())
}
