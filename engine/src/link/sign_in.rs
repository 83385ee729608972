//! From a greeting to a server that has let us in: how the password travels, and what is tried after a refusal.

use crate::border::{Password, Problem};
use crate::link::failure::{is_link_gone, sign_in_problem};
use crate::link::refusal::Refusal;
use postern_protocol::Time;
use postern_protocol::imap::command::{Authenticate, Login, Mechanism};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{Capabilities, Capability, Code, CommandError, CommandId, Connection, Done};

/// Who signs in, and where. Its `Debug` output doesn't show the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) upstream: Option<String>,
    pub(crate) address: String,
    pub(crate) password: Password,
}

/// How the password travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// AUTHENTICATE PLAIN; the LOGIN command if the server does not offer it.
    #[default]
    Plain,
    /// The LOGIN command.
    LoginCommand,
    /// The SASL mechanism LOGIN, which a few servers offer alone.
    LoginMechanism,
    CramMd5,
}

/// Signing in on one connection.
#[derive(Debug)]
pub(super) struct SignIn {
    credentials: Credentials,
    way: Way,
    command: Option<CommandId>,
    /// Why the server refused the password before another way was tried.
    refused: Option<Problem>,
}

/// What an answer to the password means.
#[derive(Debug)]
pub(super) enum Answer {
    Accepted,
    /// Another way is under way, or the link is going: its end says why.
    Wait,
    Refused(Problem),
}

impl SignIn {
    /// Begins with this way.
    pub(super) fn new(credentials: Credentials, way: Way) -> Self {
        Self { credentials, way, command: None, refused: None }
    }

    /// Sends the password.
    pub(super) fn start(&mut self, connection: &mut Connection, now: Time) {
        let Credentials { address, password, .. } = self.credentials.clone();
        let account = Account::new(address.clone(), password.0.clone());
        self.command = Some(match self.way {
            Way::Plain => connection.send(Authenticate(Mechanism::Plain(account)), now),
            Way::LoginMechanism => connection.send(Authenticate(Mechanism::Login(account)), now),
            Way::CramMd5 => connection.send(Authenticate(Mechanism::CramMd5(account)), now),
            Way::LoginCommand => connection.send(Login { user: address, password: password.0 }, now),
        });
    }

    /// Whether a command is one that carries the password.
    pub(super) fn is_of(&self, id: CommandId) -> bool {
        self.command == Some(id)
    }

    /// The way that was tried last.
    pub(super) fn way(&self) -> Way {
        self.way
    }

    /// Why the server refused the first way, if another one was tried after it.
    pub(super) fn first_refusal(&self) -> Option<&Problem> {
        self.refused.as_ref()
    }

    /// The server has answered. Another way is tried if the first may be what it would not have; never if it says that the
    /// password is wrong, since each try more may be the one that locks the account.
    pub(super) fn answered(
        &mut self,
        result: &Result<Done, CommandError>,
        connection: &mut Connection,
        now: Time,
    ) -> Answer {
        let error = match result {
            Ok(_) => {
                self.refused = None;
                return Answer::Accepted;
            }
            Err(error) if is_link_gone(error) => return Answer::Wait,
            Err(error) => error,
        };
        let problem = sign_in_problem(error, connection.capabilities());
        if let Some(next) = next_way(self.way, error, connection.capabilities()) {
            if !matches!(error, CommandError::Unsupported(_)) {
                self.refused = Some(problem);
            }
            self.way = next;
            self.start(connection, now);
            return Answer::Wait;
        }
        // A LOGIN that the server does not even understand says nothing of the password.
        let first = self.refused.take().filter(|_| !matches!(error, CommandError::Refused(_)));
        Answer::Refused(first.unwrap_or(problem))
    }
}

/// What to try after a refusal; none if another way would be the same failed login once more.
fn next_way(way: Way, error: &CommandError, server: &Capabilities) -> Option<Way> {
    let has_login = !server.contains(&Capability::LoginDisabled);
    match (way, error) {
        // Nothing was sent.
        (Way::Plain, CommandError::Unsupported(_)) if server.has_auth("LOGIN") => Some(Way::LoginMechanism),
        (Way::Plain, CommandError::Unsupported(_)) if server.has_auth("CRAM-MD5") => Some(Way::CramMd5),
        (Way::LoginCommand, CommandError::Unsupported(_)) if server.has_auth("PLAIN") => Some(Way::Plain),
        (Way::Plain, error) if server.has_auth("PLAIN") && has_login && may_be_the_way(error) => {
            Some(Way::LoginCommand)
        }
        _ => None,
    }
}

/// Whether a refusal may be one of the mechanism, not of the password, nor of everybody for now.
fn may_be_the_way(error: &CommandError) -> bool {
    let (CommandError::Refused(response) | CommandError::Bad(response)) = error else { return false };
    let is_coded = !matches!(response.code, None | Some(Code::Alert | Code::Cannot | Code::Unknown { .. }));
    let text = response.text.to_lowercase();
    let names_the_password = PASSWORD_WORDS.iter().any(|word| text.contains(word));
    !is_coded && !names_the_password && !Refusal::of_words(response).is_temporary()
}

/// Words of a refusal that is about who signs in.
const PASSWORD_WORDS: [&str; 6] = ["password", "passwd", "credential", "user name", "username", "wrong user"];
