//! What can go wrong with a command, by whose fault it is and what follows.

use super::{Appended, Misuse};
use crate::imap::sasl::{SaslError, TokenRefusal};
use crate::imap::{Capability, ResponseText};

/// Why a command did not succeed. Each leaves the connection as usable as before, save where
/// [`Event::Closed`](crate::imap::Event::Closed) follows.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The server said NO: it understood, and would not. Show its words.
    #[error("the server refused: {}", .0.text)]
    Refused(ResponseText),
    /// The server said BAD: it did not understand, or took offence.
    #[error("the server called the command bad: {}", .0.text)]
    Bad(ResponseText),
    /// The server said OK, but the answer that this command exists for was missing or unreadable.
    #[error("the server's answer could not be read: {0}")]
    Malformed(&'static str),
    /// The server broke the protocol; the connection closes.
    #[error("the server broke the protocol: {0}")]
    Misbehaved(Misbehaviour),
    /// The server can't, and there is no other way to the same end.
    #[error("the server lacks {0}")]
    Unsupported(Capability),
    /// The exchange of AUTHENTICATE was called off here: the server is not what it seems, or broken.
    #[error("{0}")]
    Sasl(#[from] SaslError),
    /// The server refused an OAuth token and told why (RFC 7628): get another one.
    #[error("the server refused the token ({}): {}", .refusal.status, .text.text)]
    TokenRefused {
        /// The reason, for a program.
        refusal: Box<TokenRefusal>,
        /// The server's words.
        text: ResponseText,
    },
    /// The message is larger than the server takes (APPENDLIMIT, RFC 7889). Nothing was sent.
    #[error("the server takes no message of more than {limit} octets")]
    TooLarge {
        /// In octets.
        limit: u64,
    },
    /// Some of an APPEND's messages are stored and the next one is not: only where the server lacks MULTIAPPEND. The
    /// same for REPLACE, where the new message is stored and the old one still there.
    ///
    /// Where the connection ended ([`Closed`](Self::Closed), [`TimedOut`](Self::TimedOut)), nobody knows of the message
    /// that was on its way.
    #[error("{} of the messages are stored, but: {error}", .stored.count)]
    Partial {
        /// Those that are.
        stored: Box<Appended>,
        /// Why it went no further.
        error: Box<CommandError>,
    },
    /// Messages are in the other mailbox, but not all of what was asked for is done: some are not copied yet, or they
    /// are not gone from here. To ask for the same again would copy them twice.
    #[error("the messages were copied, but: {error}")]
    Copied {
        /// What the server said of the copies: where they are, if it told ([`Code::CopyUid`](crate::imap::Code)).
        copies: Box<ResponseText>,
        /// Why it went no further.
        error: Box<CommandError>,
    },
    /// The message numbers in the command are no good any more: while it waited, all of these messages went, or others
    /// did and the server told their UIDs only (VANISHED, RFC 7162). Nothing was sent; ask again by what is known now.
    #[error("the messages have other numbers now")]
    Renumbered,
    /// It was cancelled. What was sent already may still have its effect.
    #[error("cancelled")]
    Cancelled,
    /// The server was silent for too long; the connection closes.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection ended before the answer.
    #[error("the connection is closed")]
    Closed,
    /// The command could not be sent as it was given: our own fault. Nothing went out.
    #[error("{0}")]
    Misused(#[from] Misuse),
}

/// How a server broke the protocol beyond repair (RFC 9051 sections 2.2 and 5.5; security.md S8, S9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// The first line is no greeting.
    #[error("the first line is not a greeting")]
    BadGreeting,
    /// A tagged answer to no command that was sent.
    #[error("an answer to a command that was never sent")]
    UnknownTag,
    /// A tagged answer came before its command was written in full (CVE-2026-42246).
    #[error("an answer before the command was written")]
    EarlyAnswer,
    /// A `+` that nothing waits for.
    #[error("a continuation that nothing waits for")]
    UnexpectedContinuation,
    /// Mail data before anybody was signed in.
    #[error("mail data before authentication")]
    DataBeforeAuthentication,
    /// A line, literal or response past every limit, or bytes that are no response at all.
    #[error("a response past the limits")]
    Unframeable,
    /// A tagged OK to an AUTHENTICATE that the server did not earn: its own proof was missing or wrong, or it had
    /// told of an error before (security.md S6).
    #[error("success without proof")]
    Unproven,
    /// COMPRESS is on, and what came is not DEFLATE, or ends it (security.md NST 12).
    #[error("data that can't be inflated")]
    Uninflatable,
    /// COMPRESS is on, and a little data inflates to far more than mail does (security.md S7).
    #[error("data that inflates to too much")]
    TooMuchInflated,
    /// A tagged answer or a greeting that can't be read, so that what it answers stays unknown.
    #[error("an unreadable answer")]
    Unreadable,
}
