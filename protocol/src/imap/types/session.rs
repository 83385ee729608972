//! A session as a whole: where it stands, and what it goes over.

use std::fmt;

/// Where a session stands. RFC 9051 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The greeting has not come yet.
    Connecting,
    /// Nobody is signed in.
    NotAuthenticated,
    /// Signed in; no mailbox is open.
    Authenticated,
    /// A mailbox is open.
    Selected,
    /// The session is over; the link may still have to be closed.
    LoggedOut,
}

/// What a session is in this state: "in which nobody is signed in".
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "that the server has not greeted yet",
            Self::NotAuthenticated => "in which nobody is signed in",
            Self::Authenticated => "in which no mailbox is open",
            Self::Selected => "in which a mailbox is open",
            Self::LoggedOut => "that is over",
        })
    }
}

/// Whether somebody on the way could read along. The driver knows; the connection sees bytes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Security {
    /// TLS, or a link that does not leave the machine.
    #[default]
    Protected,
    /// Neither: LOGIN and AUTHENTICATE are refused before a byte goes out.
    Cleartext,
}
