//! From an open link to one that takes commands: greeting, capabilities, credentials, ID. The same for each link.

use crate::border::{Password, Problem, ProblemCode};
use crate::engine::Engine;
use crate::links::close::Heard;
use crate::links::link::{Link, Purpose, Role, Stage};
use postern_protocol::imap::command::{Authenticate, Id, Mechanism};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{Capability, Code, CommandError, ConnectionError, Done, Greeting, ResponseText};

/// Who signs in, and where. Its `Debug` output doesn't show the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) upstream: Option<String>,
    pub(crate) address: String,
    pub(crate) password: Password,
}

impl Engine {
    /// The server is there: sign in.
    pub(crate) fn greeted(&mut self, role: Role, greeting: &Greeting) {
        let now = self.now;
        let Some(Credentials { address, password, .. }) = self.credentials.clone() else { return };
        let Some(link) = self.link_mut(role) else { return };
        link.stage = Stage::SigningIn;
        if greeting.preauthenticated {
            link.stage = Stage::Learning;
            return self.learned(role);
        }
        let mechanism = Mechanism::Plain(Account::new(address, password.0));
        link.send(Authenticate(mechanism), Purpose::SignIn, now);
    }

    /// The answer to the credentials.
    pub(crate) fn sign_in_answered(&mut self, role: Role, result: &Result<Done, CommandError>) {
        match result {
            Ok(_) => {
                if let Some(link) = self.link_mut(role) {
                    link.stage = Stage::Learning;
                }
                self.learned(role);
            }
            // The link is going; its end says why.
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.fail_link(role, sign_in_problem(error)),
        }
    }

    /// The server told its capabilities, after a login anew: what comes next hangs on them. The connection asks
    /// for them by itself where they don't come with the answer to the login.
    pub(crate) fn learned(&mut self, role: Role) {
        let is_known =
            |link: &Link| link.stage == Stage::Learning && !link.connection.capabilities().is_empty();
        if self.link_mut(role).is_some_and(|link| is_known(link)) {
            self.authenticated(role);
        }
    }

    /// The server takes commands. 163.com wants to know who asks before it opens a mailbox (RFC 2971).
    fn authenticated(&mut self, role: Role) {
        let now = self.now;
        let Some(link) = self.link_mut(role) else { return };
        link.stage = Stage::SignedIn;
        if link.connection.capabilities().contains(&Capability::Id) {
            link.send(our_id(), Purpose::Id, now);
        }
        self.signed_in(role);
    }
}

fn our_id() -> Id {
    Id { fields: vec![("name".to_owned(), "Postern".to_owned())] }
}

/// Why the server let nobody in.
fn sign_in_problem(error: &CommandError) -> Problem {
    let code = match error {
        CommandError::Refused(ResponseText { code, .. }) => match code {
            None | Some(Code::AuthenticationFailed) => ProblemCode::WrongPassword,
            Some(Code::Limit) => ProblemCode::TooMany,
            Some(_) => ProblemCode::SignInRefused,
        },
        CommandError::Malformed(_) => ProblemCode::ServerMisbehaved,
        _ => ProblemCode::SignInRefused,
    };
    Problem { code, detail: words(error) }
}

/// What the server said, or else what we think of it.
pub(crate) fn words(error: &CommandError) -> String {
    match error {
        CommandError::Refused(said) | CommandError::Bad(said) => said.text.to_string(),
        CommandError::Copied { error, .. } => {
            format!(
                "the messages are in the other mailbox, and not all of them left this one: {}",
                words(error)
            )
        }
        CommandError::Partial { stored, error } => {
            format!("{} of the messages are stored, the next is not: {}", stored.count, words(error))
        }
        other => other.to_string(),
    }
}

/// Whether a command failed with its link. The link's end says why, and what is still wanted is asked again.
pub(crate) fn is_link_gone(error: &CommandError) -> bool {
    matches!(error, CommandError::Closed | CommandError::TimedOut | CommandError::Misbehaved(_))
}

/// Why a connection ended that ended by itself.
pub(crate) fn connection_problem(error: &ConnectionError, heard: Heard, stage: Stage) -> Problem {
    let code = match (error, stage) {
        (ConnectionError::Misbehaved(_), _) => ProblemCode::ServerMisbehaved,
        (ConnectionError::TimedOut, Stage::Connecting) => ProblemCode::ProxyUnreachable,
        (ConnectionError::TimedOut, _) if heard == Heard::Nothing => ProblemCode::ServerUnreachable,
        (ConnectionError::Bye(_), Stage::Connecting | Stage::SigningIn) => ProblemCode::SignInRefused,
        _ => ProblemCode::ConnectionLost,
    };
    let detail = match error {
        ConnectionError::Bye(said) => said.text.to_string(),
        other => other.to_string(),
    };
    Problem { code, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A person reads the server's words, and what became of the messages all the same.
    #[test]
    fn words_say_what_is_done_already() {
        let refused = || Box::new(CommandError::Refused(ResponseText { code: None, text: "full".into() }));
        let said = |error| words(&error);
        assert_eq!(said(*refused()), "full");
        assert_eq!(
            said(CommandError::Copied { copies: Box::default(), error: refused() }),
            "the messages are in the other mailbox, and not all of them left this one: full"
        );
        assert_eq!(
            said(CommandError::Partial { stored: Box::default(), error: refused() }),
            "0 of the messages are stored, the next is not: full"
        );
    }
}
