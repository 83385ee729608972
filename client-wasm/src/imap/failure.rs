//! Why a link, a connection or a command of `ImapClient` failed: its [`Error`], in words that say what to do next.

use crate::driver::LinkClose;
use crate::error::{Error, ImapErrorCode};
use crate::imap::data::moved::PartlyDone;
use postern_protocol::imap::sasl::SaslError;
use postern_protocol::imap::{Code, CommandError, ConnectionError, Misuse, ResponseText, State};
use postern_protocol::wire::CloseReason;

impl Error {
    fn said(code: ImapErrorCode, message: impl Into<String>, response: impl Into<String>) -> Self {
        let response = response.into();
        Self { response: (!response.is_empty()).then_some(response), ..Self::new(code, message) }
    }

    /// The same, of what the server said with a code.
    fn answered(code: ImapErrorCode, message: impl Into<String>, said: &ResponseText) -> Self {
        let response_code = said.code.as_ref().map(|code| code.name().into());
        Self { response_code, ..Self::said(code, message, said.text.as_str()) }
    }

    /// Why a WebSocket ended. `greeted` tells whether the mail server had said anything before.
    pub(crate) fn from_link(close: &LinkClose, greeted: bool) -> Self {
        use CloseReason as C;
        use ImapErrorCode as E;
        let code = match (CloseReason::read(close.code, &close.reason), greeted) {
            (C::BadRequest | C::UnknownUpstream | C::OriginRefused | C::TargetRefused, _) => E::NotAllowed,
            (C::TooMany, _) => E::TooMany,
            (C::Dns | C::Refused | C::Unreachable, _) => E::ServerUnreachable,
            (C::TlsUntrusted | C::TlsName | C::TlsExpired, _) => E::CertificateUntrusted,
            (C::TlsFailed, _) => E::TlsFailed,
            (C::StarttlsMissing | C::StarttlsRefused | C::StarttlsInjected | C::Preauth, _) => {
                E::StarttlsMissing
            }
            (C::Lost, false) => E::ProxyUnreachable,
            (C::Closed | C::Idle | C::HandshakeTimeout | C::Reset | C::Stalled, false) => {
                E::ServerUnreachable
            }
            _ => E::ConnectionLost,
        };
        Self::said(code, link_words(code), close.reason.as_str())
    }

    /// The server's BYE.
    pub(crate) fn from_bye(text: &ResponseText) -> Self {
        let words = "the server ended the session; its words are in `response`; connect again";
        Self::answered(ImapErrorCode::ServerEnded, words, text)
    }

    /// Why a command failed. `ended` says why the connection is over, if it is.
    pub(crate) fn from_command(error: CommandError, ended: Option<&Self>) -> Self {
        use ImapErrorCode as E;
        match error {
            CommandError::Refused(text) => refused(&text),
            CommandError::Bad(text) => {
                let words = "the server did not understand the command; its words are in `response`";
                Self::answered(E::Bad, words, &text)
            }
            CommandError::Malformed(what) => {
                Self::new(E::Unreadable, format!("the server's answer could not be read ({what})"))
            }
            CommandError::Misbehaved(how) => Self::new(E::ServerMisbehaved, misbehaved(&how)),
            CommandError::Unsupported(what) => {
                Self::new(E::Unsupported, format!("the server lacks {what}, and there is no other way"))
            }
            CommandError::TooLarge { limit } => {
                Self::new(E::TooLarge, format!("the server takes no message of more than {limit} bytes"))
            }
            CommandError::TokenRefused { refusal, text } => {
                let words =
                    format!("the server refused the access token ({}); get another one", refusal.status);
                Self::answered(E::TokenRefused, words, &text)
            }
            CommandError::Sasl(SaslError::Server(why)) => {
                Self::said(E::Refused, "the server ended the sign-in; its words are in `response`", why)
            }
            CommandError::Sasl(SaslError::TooFewIterations(count)) => Self::new(
                E::SignInRefused,
                format!(
                    "the server asks for {count} iterations of SCRAM only, so that the password could be found out of what \
                     is sent; if you trust it all the same, sign in with `iterations: {{ min: {count} }}`"
                ),
            ),
            CommandError::Sasl(SaslError::TooManyIterations(count)) => Self::new(
                E::SignInRefused,
                format!(
                    "the server asks for {count} iterations of SCRAM, which takes too long; if you have the time, sign in \
                     with `iterations: {{ max: {count} }}`"
                ),
            ),
            CommandError::Sasl(why) => {
                Self::new(E::ServerMisbehaved, format!("the sign-in was called off: {why}"))
            }
            CommandError::Partial { stored, error } => {
                let error = Self::from_command(*error, ended);
                let words = format!(
                    "{} of the messages are stored, which `done` tells, and the next one is not: {}",
                    stored.count, error.message
                );
                Self {
                    code: E::Partial,
                    message: words,
                    done: Some(PartlyDone::from(&*stored).into()),
                    ..error
                }
            }
            CommandError::Copied { copies, error } => {
                let error = Self::from_command(*error, ended);
                let words = format!(
                    "the messages are in the other mailbox, but not all is done here: {}; don't copy them again",
                    error.message
                );
                Self {
                    code: E::Partial,
                    message: words,
                    done: Some(PartlyDone::from(&*copies).into()),
                    ..error
                }
            }
            CommandError::Renumbered => {
                let words =
                    "the places of messages moved before the command could go out; look again, and ask anew";
                Self::new(E::WrongState, words)
            }
            CommandError::TimedOut => Self::new(E::TimedOut, TIMED_OUT),
            CommandError::Closed => ended.cloned().unwrap_or_else(Self::closed),
            CommandError::Misused(misuse) => misused(misuse, ended),
            other => Self::new(E::Refused, other.to_string()),
        }
    }

    /// Why signing in failed: a plain NO means the password (RFC 5530 section 3 has codes for the rest).
    pub(crate) fn at_sign_in(error: Self, code: Option<&Code>) -> Self {
        use ImapErrorCode as E;
        if error.code == E::WrongState {
            let message =
                "somebody is signed in already: unauthenticate() comes first, or connect another client";
            return Self { message: message.into(), ..error };
        }
        if error.code != E::Refused {
            return error;
        }
        match code {
            None | Some(Code::AuthenticationFailed | Code::AuthorizationFailed) => Self {
                code: E::WrongPassword,
                message: "the server refused the user name or the password; ask for them again".into(),
                ..error
            },
            Some(_) => Self {
                code: E::SignInRefused,
                message: "the server lets this user not in now; its words are in `response`".into(),
                ..error
            },
        }
    }

    /// What is told of a wrong password, told of a token.
    pub(crate) fn of_token(self) -> Self {
        let message = "the server refused the access token; get another one".into();
        Self { code: ImapErrorCode::TokenRefused, message, ..self }
    }
}

/// Why a session ended, if the link did not say it better.
impl From<&ConnectionError> for Error {
    fn from(error: &ConnectionError) -> Self {
        use ImapErrorCode as E;
        match error {
            ConnectionError::LoggedOut => Self::closed(),
            ConnectionError::Bye(text) => Self::from_bye(text),
            ConnectionError::TimedOut => Self::new(E::TimedOut, TIMED_OUT),
            ConnectionError::Misbehaved(how) => Self::new(E::ServerMisbehaved, misbehaved(how)),
            _ => Self::new(E::ConnectionLost, link_words(E::ConnectionLost)),
        }
    }
}

fn refused(text: &ResponseText) -> Error {
    let code = match text.code {
        Some(Code::NonExistent | Code::TryCreate) => ImapErrorCode::Gone,
        Some(Code::TooBig | Code::OverQuota) => ImapErrorCode::TooLarge,
        _ => ImapErrorCode::Refused,
    };
    Error::answered(code, "the server refused the command; its words are in `response`", text)
}

fn misused(misuse: Misuse, ended: Option<&Error>) -> Error {
    match (misuse, ended) {
        (Misuse::WrongState(_), Some(ended)) => ended.clone(),
        (Misuse::WrongState(state), None) => Error::new(ImapErrorCode::WrongState, before(state)),
        (Misuse::AlreadyIdling, _) => {
            Error::new(ImapErrorCode::WrongState, "another idle() runs already; end it first")
        }
        (Misuse::QueueFull, _) => {
            Error::new(ImapErrorCode::Busy, "too many commands are waiting; await some of them first")
        }
        (misuse, _) => Error::invalid(misuse.to_string()),
    }
}

/// What has to be done before a command that is not for this state.
fn before(state: State) -> &'static str {
    match state {
        State::Connecting | State::NotAuthenticated => {
            "nobody is signed in: login() or authenticate() comes first"
        }
        State::Authenticated => "no mailbox is open: select() comes first",
        State::Selected => "this must be asked before a mailbox is open: unselect() comes first",
        State::LoggedOut => "this client is closed; connect a new one",
    }
}

fn misbehaved(how: &impl std::fmt::Display) -> String {
    format!("the server broke the protocol ({how}), and the connection was closed; connect again")
}

fn link_words(code: ImapErrorCode) -> &'static str {
    use ImapErrorCode as E;
    match code {
        E::ProxyUnreachable => "the proxy could not be reached; check its address and the network",
        E::ServerUnreachable => {
            "the proxy could not reach the mail server; check its configuration, or try later"
        }
        E::CertificateUntrusted => {
            "the mail server's certificate is not to be trusted; its operator must renew it"
        }
        E::TlsFailed => "TLS to the mail server failed; its operator must look at it",
        E::StarttlsMissing => "the mail server did not upgrade to TLS; use its implicit TLS port",
        E::TooMany => "too many connections; close some, or come back later",
        E::NotAllowed => "the proxy does not allow this; check the upstream's name and the page's origin",
        _ => "the connection was lost; connect again",
    }
}

const TIMED_OUT: &str = "the server did not answer in time; connect again";
