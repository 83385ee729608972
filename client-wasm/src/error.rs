//! What goes wrong, as JavaScript sees it: one class, one stable code each, words that say what to do next.

use crate::glue::JsImapError;
#[cfg(feature = "imap-client")]
use crate::imap::data::moved::PartlyDone;
use crate::value::to_js;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// Something that went wrong. Becomes an `ImapError` in JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub(crate) code: ImapErrorCode,
    /// What it was, and what to do next.
    pub(crate) message: String,
    /// The words of the server or the proxy.
    pub(crate) response: Option<String>,
    /// The name of the server's response code, such as `OVERQUOTA`.
    #[cfg(feature = "imap-client")]
    pub(crate) response_code: Option<Box<str>>,
    /// What is done already, if the code is [`Partial`](ImapErrorCode::Partial).
    #[cfg(feature = "imap-client")]
    pub(crate) done: Option<Box<PartlyDone>>,
}

/// What went wrong. A code never changes its meaning; new ones may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ImapErrorCode {
    /// The proxy itself could not be reached: no network, a wrong address, or the proxy is down.
    ProxyUnreachable,
    /// The proxy could not reach the mail server.
    ServerUnreachable,
    /// The mail server's certificate is not to be trusted.
    CertificateUntrusted,
    /// TLS to the mail server failed otherwise.
    TlsFailed,
    /// The mail server offers no STARTTLS, refuses it, or something was injected before it.
    StarttlsMissing,
    /// The proxy or the server has too many connections of this user or address.
    TooMany,
    /// The proxy knows no mail server of that name, or refuses this page's origin.
    NotAllowed,
    /// The connection was there and is gone.
    ConnectionLost,
    /// The server ended the session with BYE.
    ServerEnded,
    /// The server broke the protocol; the connection was closed.
    ServerMisbehaved,
    /// The server was silent for too long.
    TimedOut,
    /// This client was closed, freed or logged out.
    Closed,
    /// The server refused the user name or the password.
    WrongPassword,
    /// The server refused the OAuth token: get another one. `response` has its words.
    TokenRefused,
    /// The server lets nobody in now, or not in this way; or in one that is not safe.
    SignInRefused,
    /// The server understood and would not (NO).
    Refused,
    /// The server did not understand (BAD).
    Bad,
    /// The server lacks what was asked for.
    Unsupported,
    /// The message is larger than the server takes, or there is no room for it.
    TooLarge,
    /// Part of it is done, which `done` tells, and the rest is not: to ask for the same again would do that part twice.
    Partial,
    /// The server's answer could not be read.
    Unreadable,
    /// The message, the part or the mailbox is not there.
    Gone,
    /// An argument is wrong. Nothing was sent.
    InvalidArgument,
    /// It can't be asked in this state: sign in or select a mailbox first, or do it before; `message` says which. Nothing
    /// was sent. Also before `init()` of the package.
    WrongState,
    /// More is waiting than the client holds. Nothing was sent.
    Busy,
}

impl Error {
    pub(crate) fn new(code: ImapErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            response: None,
            #[cfg(feature = "imap-client")]
            response_code: None,
            #[cfg(feature = "imap-client")]
            done: None,
        }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ImapErrorCode::InvalidArgument, message)
    }

    /// This client was closed by its own program.
    pub(crate) fn closed() -> Self {
        Self::new(ImapErrorCode::Closed, "this client is closed; connect a new one")
    }
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let code = to_js(&error.code);
        #[cfg(feature = "imap-client")]
        let done = error.done.as_deref().map(to_js);
        #[cfg(feature = "imap-client")]
        let response_code = error.response_code.as_deref();
        #[cfg(not(feature = "imap-client"))]
        let (done, response_code) = (None, None);
        JsImapError::new(&code, &error.message, error.response.as_deref(), done, response_code).into()
    }
}
