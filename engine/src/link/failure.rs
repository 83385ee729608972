//! What went wrong on a link, as a person reads it.

use crate::border::{Problem, ProblemCode};
use crate::link::refusal::Refusal;
use crate::link::stage::{Received, Stage};
use postern_protocol::imap::{Capabilities, Code, CommandError, ConnectionError};

/// What the server said, or else what we think of it.
pub(crate) fn words(error: &CommandError) -> String {
    match error {
        CommandError::Refused(response) | CommandError::Bad(response) => response.text.to_string(),
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

/// Why the server let nobody in.
pub(super) fn sign_in_problem(error: &CommandError, server: &Capabilities) -> Problem {
    let takes_tokens = ["XOAUTH2", "OAUTHBEARER"].iter().any(|name| server.has_auth(name));
    let takes_passwords = ["PLAIN", "LOGIN", "CRAM-MD5"].iter().any(|name| server.has_auth(name));
    let code = match error {
        CommandError::Refused(_) | CommandError::Bad(_) | CommandError::Unsupported(_)
            if takes_tokens && !takes_passwords =>
        {
            ProblemCode::NeedsOauth
        }
        CommandError::Refused(response) => match (&response.code, Refusal::of_words(response)) {
            (_, Refusal::SlowDown(_)) => ProblemCode::TooMany,
            (Some(Code::AuthenticationFailed), _) | (None, Refusal::Unclear) => ProblemCode::WrongPassword,
            _ => ProblemCode::SignInRefused,
        },
        CommandError::Malformed(_) => ProblemCode::ServerMisbehaved,
        _ => ProblemCode::SignInRefused,
    };
    Problem { code, detail: words(error) }
}

/// Why a connection ended that ended by itself.
pub(super) fn connection_problem(error: &ConnectionError, received: Received, stage: Stage) -> Problem {
    let code = match (error, stage) {
        (ConnectionError::Misbehaved(_), _) => ProblemCode::ServerMisbehaved,
        (ConnectionError::TimedOut, Stage::Connecting) => ProblemCode::ProxyUnreachable,
        (ConnectionError::TimedOut, _) if received == Received::Nothing => ProblemCode::ServerUnreachable,
        (ConnectionError::Bye(_), Stage::Connecting | Stage::SigningIn) => ProblemCode::SignInRefused,
        _ => ProblemCode::ConnectionLost,
    };
    let detail = match error {
        ConnectionError::Bye(response) => response.text.to_string(),
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
        let text = |error| words(&error);
        assert_eq!(text(*refused()), "full");
        assert_eq!(
            text(CommandError::Copied { copies: Box::default(), error: refused() }),
            "the messages are in the other mailbox, and not all of them left this one: full"
        );
        assert_eq!(
            text(CommandError::Partial { stored: Box::default(), error: refused() }),
            "0 of the messages are stored, the next is not: full"
        );
    }
}
