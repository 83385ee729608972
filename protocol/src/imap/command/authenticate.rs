//! AUTHENTICATE: sign in by a SASL mechanism. RFC 9051 section 6.2.2; RFC 4959 for the initial response.

use super::super::connection::{Footprint, State};
use super::super::sasl::{Plain, Sasl};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, Misbehaviour};
use super::login::check_credentials;
use super::{Login, Server, Task, Transition};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::fmt;

/// Signs in by a SASL mechanism, with the initial response in the command where the server has SASL-IR.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it, with the server's new capabilities already asked for.
/// Where the server lacks PLAIN, [`Mechanism::Plain`] goes by LOGIN; where it forbids that too, nothing is sent
/// and [`CommandError::Unsupported`] ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticate(pub Mechanism);

/// How to prove who one is.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mechanism {
    /// PLAIN (RFC 4616): user name and password, inside TLS.
    Plain {
        /// What the server calls the user.
        user: String,
        /// The password.
        password: String,
    },
}

/// Whoever prints it sees that there is a secret, never which.
impl fmt::Debug for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain { user, .. } => f.debug_struct("Plain").field("user", user).finish_non_exhaustive(),
        }
    }
}

impl Authenticate {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let Self(Mechanism::Plain { user, password }) = self;
        let sasl = Box::new(Plain::new(&user, &password));
        Box::new(Exchange { sasl, login: Login { user, password }, way: Way::Undecided })
    }
}

/// An AUTHENTICATE under way.
struct Exchange {
    sasl: Box<dyn Sasl>,
    /// The same credentials, for a server without the mechanism.
    login: Login,
    way: Way,
}

/// How the credentials travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Undecided,
    /// The server must still ask for the initial response.
    Waiting,
    /// The initial response is out.
    Answered,
    Login,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authenticate({}, {:?})", self.sasl.name(), self.way)
    }
}

impl Task for Exchange {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::NotAuthenticated
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        check_credentials(server, [&self.login.user, &self.login.password])?;
        let name = self.sasl.name();
        if !server.capabilities.has_auth(name) {
            if server.has(&Capability::LoginDisabled) {
                return Err(CommandError::Unsupported(Capability::Auth(name.into())));
            }
            self.way = Way::Login;
            return self.login.write(line, server);
        }
        line.arg("AUTHENTICATE ").words(name);
        self.way = Way::Waiting;
        if server.has(&Capability::SaslIr) {
            let initial = self.sasl.initial();
            line.words(" ");
            // RFC 4959 3: an empty initial response is written as "=".
            if initial.is_empty() {
                line.words("=");
            } else {
                line.base64(&initial);
            }
            self.way = Way::Answered;
        }
        Ok(())
    }

    fn answer_challenge(&mut self, challenge: &[u8]) -> Result<Vec<u8>, Misbehaviour> {
        let answer = match self.way {
            Way::Waiting => {
                self.way = Way::Answered;
                Some(self.sasl.initial())
            }
            Way::Answered => BASE64.decode(challenge).ok().and_then(|challenge| self.sasl.answer(&challenge)),
            Way::Undecided | Way::Login => return Err(Misbehaviour::UnexpectedContinuation),
        };
        // RFC 9051 6.2.2: "*" cancels the exchange; the server then answers BAD.
        Ok(answer.map_or_else(|| b"*".to_vec(), |answer| BASE64.encode(answer).into_bytes()))
    }

    fn may_succeed(&self) -> bool {
        self.way != Way::Waiting
    }

    fn changes_rights(&self) -> bool {
        true
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Authenticated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check;

    fn plain() -> [Command; 1] {
        [Authenticate(Mechanism::Plain { user: "ann".into(), password: "secret".into() }).into()]
    }

    #[test]
    fn the_initial_response_goes_with_the_command() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
             S: A1 OK [CAPABILITY IMAP4rev1 IDLE] in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    #[test]
    fn or_waits_to_be_asked_for() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN
             S: +
             C: AGFubgBzZWNyZXQ=
             S: A1 NO [AUTHENTICATIONFAILED] wrong
             E: #0 Error the server refused: wrong",
        );
    }

    /// PLAIN has nothing more to say: the exchange is called off (RFC 9051 section 6.2.2).
    #[test]
    fn a_challenge_too_many_is_called_off() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
             S: + dGhlcmU=
             C: *
             S: A1 BAD cancelled
             E: #0 Error the server called the command bad: cancelled",
        );
    }

    #[test]
    fn success_before_the_question_is_a_lie() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN
             S: A1 OK in
             E: #0 Error the server broke the protocol: an answer before the command was written
             E: Closed the server broke the protocol: an answer before the command was written
             E: hang up",
        );
    }

    #[test]
    fn login_where_there_is_no_plain() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN \"ann\" \"secret\"
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: #0 Ok in",
        );
    }

    #[test]
    fn nothing_where_there_is_neither() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] hi
             E: Greeting hi
             E: Capabilities
             E: #0 Error the server lacks AUTH=PLAIN",
        );
    }
}
