//! What was wrong with a command before anything of it was sent.

use crate::imap::State;

/// How a command was misused. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// A string holds NUL, or a user name or password a line end: no command can carry it.
    #[error("a string holds a character that no command can carry")]
    ControlCharacter,
    /// A keyword or name holds what no atom may.
    #[error("a name is not an atom")]
    NotAnAtom,
    /// `\Recent` and `\*` are the server's to set.
    #[error("only the server sets this flag")]
    NotSettable,
    /// A set of messages, or a list of things to ask for, is empty.
    #[error("nothing was asked for")]
    EmptySet,
    /// A search has more keys inside each other than servers read.
    #[error("the search is nested too deep")]
    TooDeep,
    /// A message without octets.
    #[error("the message is empty")]
    EmptyMessage,
    /// A date that the grammar's four digits for the year can't tell.
    #[error("the date can't be written")]
    NotADate,
    /// Octets of a message that the connection has not asked for, or no longer asks for.
    #[error("no octets are wanted")]
    NotWanted,
    /// More octets than the message was said to have; the connection closes, so that nothing wrong is stored.
    #[error("the message is larger than it was said to be")]
    Oversupplied,
    /// The command does not belong into this state (RFC 9051 section 3).
    #[error("the command is not for a session {0}")]
    WrongState(State),
    /// Message numbers where the session knows UIDs only (RFC 9586).
    #[error("the session names messages by UID only")]
    UidOnly,
    /// A window or the messages that are gone can be told by UID only (RFC 7162, RFC 9394).
    #[error("this can be asked for by UID only")]
    NeedsUids,
    /// A second IDLE beside the first.
    #[error("an IDLE is there already")]
    AlreadyIdling,
    /// A second COMPRESS.
    #[error("the connection is compressed already")]
    AlreadyCompressed,
    /// Credentials over a link that [`Security::Cleartext`](crate::imap::Security::Cleartext) describes.
    #[error("credentials may not go over an unprotected link")]
    Unprotected,
    /// Too many commands wait already.
    #[error("too many commands are waiting")]
    QueueFull,
}
