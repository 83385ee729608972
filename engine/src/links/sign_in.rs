//! From an open link to one that takes commands: greeting, capabilities, credentials, ID. The same for each link.

use crate::border::{Password, Problem, ProblemCode};
use crate::engine::Engine;
use crate::links::close::Heard;
use crate::links::link::{Purpose, Role, Stage};
use crate::links::refusal::Refusal;
use crate::links::session::Phase;
use crate::links::trials::Subject;
use postern_protocol::imap::command::{Authenticate, Id, Login, Mechanism};
use postern_protocol::imap::sasl::Account;
use postern_protocol::imap::{Capabilities, Capability, Code, CommandError, ConnectionError, Done, Greeting};
use std::time::Duration;

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
    /// AUTHENTICATE PLAIN; the LOGIN command where the server does not offer it.
    #[default]
    Plain,
    /// The LOGIN command.
    LoginCommand,
    /// The SASL mechanism LOGIN, which a few servers offer alone.
    LoginMechanism,
    CramMd5,
}

/// What is known of how a server takes passwords, for as long as the page lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    /// Of this upstream.
    upstream: Option<String>,
    /// LOGIN did where PLAIN did not, or neither did: then one more failed login each time could lock the account.
    is_login_first: bool,
}

impl Ways {
    fn first(&self, upstream: Option<&String>) -> Way {
        let is_login_first = self.is_login_first && self.upstream.as_ref() == upstream;
        if is_login_first { Way::LoginCommand } else { Way::Plain }
    }
}

impl Engine {
    /// The server is there: sign in.
    pub(crate) fn greeted(&mut self, role: Role, greeting: &Greeting) {
        let way = self.ways.first(self.credentials.as_ref().and_then(|who| who.upstream.as_ref()));
        let Some(link) = self.link_mut(role) else { return };
        link.stage = Stage::SigningIn;
        if greeting.preauthenticated {
            link.stage = Stage::Learning;
            return self.learned(role);
        }
        self.send_password(role, way);
    }

    /// The answer to the credentials.
    pub(crate) fn sign_in_answered(&mut self, role: Role, result: &Result<Done, CommandError>) {
        match result {
            Ok(_) => {
                self.note_way(role);
                if let Some(link) = self.link_mut(role) {
                    link.stage = Stage::Learning;
                }
                self.learned(role);
            }
            // The link is going; its end says why.
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.sign_in_refused(role, error),
        }
    }

    /// The server told its capabilities, after a login anew: what comes next hangs on them. The connection asks
    /// for them by itself where they don't come with the answer to the login.
    pub(crate) fn learned(&mut self, role: Role) {
        let Some(link) = self.link_mut(role) else { return };
        link.offers_id |= link.connection.capabilities().contains(&Capability::Id);
        if link.stage == Stage::Learning && !link.connection.capabilities().is_empty() {
            self.authenticated(role);
        }
    }

    /// Tells the server who asks, where it can be told and was not. 163.com opens no mailbox before that (RFC 2971), and
    /// offers it before the login alone.
    pub(crate) fn say_id(&mut self, role: Role) -> bool {
        let now = self.now;
        let may_ask = self.trials.allows(Subject::Id, now);
        let Some(link) = self.link_mut(role) else { return false };
        if !may_ask || !link.offers_id || link.is_introduced {
            return false;
        }
        link.is_introduced = true;
        link.send(our_id(), Purpose::Id, now);
        true
    }

    fn send_password(&mut self, role: Role, way: Way) {
        let now = self.now;
        let Some(Credentials { address, password, .. }) = self.credentials.clone() else { return };
        let Some(link) = self.link_mut(role) else { return };
        link.way = way;
        let account = Account::new(address.clone(), password.0.clone());
        match way {
            Way::Plain => link.send(Authenticate(Mechanism::Plain(account)), Purpose::SignIn, now),
            Way::LoginMechanism => link.send(Authenticate(Mechanism::Login(account)), Purpose::SignIn, now),
            Way::CramMd5 => link.send(Authenticate(Mechanism::CramMd5(account)), Purpose::SignIn, now),
            Way::LoginCommand => {
                link.send(Login { user: address, password: password.0 }, Purpose::SignIn, now);
            }
        }
    }

    /// The server did not let us in this way. Another is tried where the first may be what it would not have; never
    /// where it says that the password is wrong, since each try more may be the one that locks the account.
    fn sign_in_refused(&mut self, role: Role, error: &CommandError) {
        let Some(link) = self.link_mut(role) else { return };
        let problem = sign_in_problem(error, link.connection.capabilities());
        if let Some(next) = next_way(link.way, error, link.connection.capabilities()) {
            if !matches!(error, CommandError::Unsupported(_)) {
                link.refused = Some(problem);
            }
            return self.send_password(role, next);
        }
        // A LOGIN that the server does not even understand says nothing of the password.
        let first = link.refused.take().filter(|_| !matches!(error, CommandError::Refused(_)));
        self.note_way(role);
        match role {
            Role::Side => self.side_refused(),
            Role::Work if self.phase != Phase::SigningIn => self.refused_again(error),
            Role::Work => {}
        }
        self.fail_link(role, first.unwrap_or(problem));
    }

    /// The account was signed in before with this password. What may pass is waited out; where it does not, nobody is
    /// signed out: a person is asked for the password.
    fn refused_again(&mut self, error: &CommandError) {
        self.sign_in_refusals += 1;
        match Refusal::of(error) {
            Refusal::SlowDown(wait) => {
                self.back_off.slow_down();
                self.named_wait = wait;
            }
            Refusal::ForNow(wait) => self.named_wait = wait,
            Refusal::Unclear if self.sign_in_refusals == 1 => self.named_wait = Some(BEFORE_ONCE_MORE),
            Refusal::Unclear | Refusal::Final => self.is_locked_out = true,
        }
    }

    /// LOGIN was tried after PLAIN: next time it is tried first.
    fn note_way(&mut self, role: Role) {
        let upstream = self.credentials.as_ref().and_then(|who| who.upstream.clone());
        if self.link_mut(role).is_some_and(|link| link.way == Way::LoginCommand) {
            self.ways = Ways { upstream, is_login_first: true };
        }
    }

    /// The server takes commands.
    fn authenticated(&mut self, role: Role) {
        let now = self.now;
        let Some(link) = self.link_mut(role) else { return };
        link.stage = Stage::SignedIn;
        link.signed_in_at = Some(now);
        link.refused = None;
        self.say_id(role);
        self.signed_in(role);
    }
}

/// What to try after a refusal; none where another way would be the same failed login once more.
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
    let (CommandError::Refused(said) | CommandError::Bad(said)) = error else { return false };
    let is_coded = !matches!(said.code, None | Some(Code::Alert | Code::Cannot | Code::Unknown { .. }));
    let text = said.text.to_lowercase();
    let names_the_password = PASSWORD_WORDS.iter().any(|word| text.contains(word));
    !is_coded && !names_the_password && !Refusal::of_words(said).is_temporary()
}

/// Words of a refusal that is about who signs in.
const PASSWORD_WORDS: [&str; 6] = ["password", "passwd", "credential", "user name", "username", "wrong user"];

/// After a refusal without a reason the same password is tried once more, this much later.
const BEFORE_ONCE_MORE: Duration = Duration::from_secs(10);

fn our_id() -> Id {
    Id { fields: vec![("name".to_owned(), "Postern".to_owned())] }
}

/// Why the server let nobody in.
fn sign_in_problem(error: &CommandError, server: &Capabilities) -> Problem {
    let takes_tokens = ["XOAUTH2", "OAUTHBEARER"].iter().any(|name| server.has_auth(name));
    let takes_passwords = ["PLAIN", "LOGIN", "CRAM-MD5"].iter().any(|name| server.has_auth(name));
    let code = match error {
        CommandError::Refused(_) | CommandError::Bad(_) | CommandError::Unsupported(_)
            if takes_tokens && !takes_passwords =>
        {
            ProblemCode::NeedsOauth
        }
        CommandError::Refused(said) => match (&said.code, Refusal::of_words(said)) {
            (_, Refusal::SlowDown(_)) => ProblemCode::TooMany,
            (Some(Code::AuthenticationFailed), _) | (None, Refusal::Unclear) => ProblemCode::WrongPassword,
            _ => ProblemCode::SignInRefused,
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
    use postern_protocol::imap::ResponseText;

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
