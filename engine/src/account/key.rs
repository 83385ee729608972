//! What each thing that is asked of the server is called.

use crate::border::{DownloadId, MailboxId, MessageId};

/// One thing that is asked of the server. Two jobs with the same key ask for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum JobKey {
    /// ID: who asks.
    Introduce,
    ListMailboxes(Listing),
    Status(MailboxId),
    Select(MailboxId),
    /// Rows of the open list.
    Rows,
    /// Which of the known messages of the open mailbox are left.
    Compare(MailboxId),
    /// A pending action, by its number.
    StoreFlags(u64),
    /// A window of a body from an octet on: one that gets on each time is never set aside.
    Window(Body, u32),
    /// The rows of this mailbox that came without their details, with them.
    Details(MailboxId),
    Previews,
    /// Headers of messages whose addresses the server could not read.
    Headers,
    Noop,
    Idle,
}

/// What comes in windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Body {
    /// The piece with this index among those that are read of a message.
    Piece(MessageId, usize),
    Download(DownloadId),
}

/// How the mailboxes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Listing {
    /// With their counts (LIST-STATUS, RFC 5819).
    Counted,
    Plain,
}

impl JobKey {
    /// Whether it belongs to the mailbox that was selected when it was sent.
    pub(crate) fn needs_mailbox(self) -> bool {
        match self {
            Self::Introduce | Self::ListMailboxes(_) | Self::Status(_) | Self::Select(_) | Self::Noop => {
                false
            }
            Self::Rows
            | Self::Compare(_)
            | Self::StoreFlags(_)
            | Self::Window(..)
            | Self::Details(_)
            | Self::Previews
            | Self::Headers
            | Self::Idle => true,
        }
    }
}
