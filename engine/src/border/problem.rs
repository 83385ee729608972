//! What went wrong, in a form that the view can put into words.

use serde::{Deserialize, Serialize};

/// Something that a person must know of. The view has words for each code; the technical reason is one click
/// away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// What kind of problem it is.
    pub code: ProblemCode,
    /// The words of the server or the proxy, for the curious; may be empty. Never HTML.
    pub detail: String,
}

/// The kinds of problem that a person can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum ProblemCode {
    /// The server refused the user name or the password.
    WrongPassword,
    /// The server knows the user but lets nobody in now, or not in this way (`UNAVAILABLE`, `CONTACTADMIN`,
    /// `EXPIRED`, `LOGINDISABLED` and the like). The detail says what it said.
    SignInRefused,
    /// The proxy itself could not be reached: no network, or the page's server is down.
    ProxyUnreachable,
    /// The proxy could not reach the mail server (name, address, port, refused, timed out).
    ServerUnreachable,
    /// The mail server's certificate is not to be trusted (authority, name, dates).
    CertificateUntrusted,
    /// TLS failed otherwise.
    TlsFailed,
    /// The server offers no STARTTLS, refuses it, or something was injected before it.
    StarttlsMissing,
    /// The connection was there and is gone.
    ConnectionLost,
    /// The proxy or the server has too many connections of this user or address.
    TooMany,
    /// The proxy knows no mail server of that name, or refuses this page.
    NotAllowed,
    /// The server broke the protocol; the connection was closed.
    ServerMisbehaved,
    /// The server takes no password, only a web sign-in (OAuth), which is not known here.
    NeedsOauth,
    /// The server said NO or BAD to something that was asked; the detail has its words.
    Refused,
    /// The server refuses something for now; it is asked again by itself.
    NotNow,
    /// The server ended its connection each time that this was asked. It is left out for a while;
    /// [`Intent::Refresh`](super::Intent::Refresh) asks again.
    SetAside,
    /// The server said that all is well and sent nothing.
    NothingCame,
    /// The message or mailbox is no longer there.
    Gone,
    /// Something of this message could not be read; the rest is shown.
    Unreadable,
}
