//! Why a connection ended.

use crate::imap::{Misbehaviour, ResponseText};

/// Why the connection ended.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// LOGOUT was asked and answered: all is well.
    #[error("logged out")]
    LoggedOut,
    /// The server said BYE.
    #[error("the server ended the session: {}", .0.text)]
    Bye(ResponseText),
    /// The link ended without a word.
    #[error("the link ended")]
    Closed,
    /// The server was silent for too long.
    #[error("the server did not answer in time")]
    TimedOut,
    /// A message was given up in the middle of its octets. There is no way to take back a literal but this.
    #[error("a message was given up halfway")]
    GivenUp,
    /// The server broke the protocol in a way that leaves nothing to rely on.
    #[error("the server broke the protocol: {0}")]
    Misbehaved(Misbehaviour),
}
