//! What the view asks of the engine.

use super::{DownloadId, MailboxId, MessageId, Password};
use serde::{Deserialize, Serialize};

/// What the user asks. Every intent is answered by updates, at once where the engine already knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Intent {
    /// Sign in and stay connected until [`Intent::SignOut`].
    SignIn {
        /// The proxy's name for the mail server; none for its default.
        upstream: Option<String>,
        /// What the server calls the user: most often the whole address.
        address: String,
        /// The password. It lives in the engine's memory only.
        password: Password,
    },
    /// The password for the account that is [locked](super::Session::Locked): signs in again, with all that was read.
    Unlock {
        /// The password. It lives in the engine's memory only.
        password: Password,
    },
    /// Log out, forget the password and everything that was read.
    SignOut,
    /// Connect now instead of at the end of the back-off (a button, or the browser came back online).
    Reconnect,
    /// Make this the open mailbox. Its rows follow as [`Update::List`](super::Update::List) and
    /// [`Update::Rows`](super::Update::Rows).
    OpenMailbox {
        /// One of the last `mailboxes`. Any other is answered by `actionFailed`, or by `signedOut` if nobody is signed in.
        mailbox: MailboxId,
    },
    /// The part of the open mailbox's list that is on screen, newest first: it is fetched before any other.
    ShowRows {
        /// Which; ignored where it is no longer the open one.
        mailbox: MailboxId,
        /// The first position on screen, from 0.
        first: u32,
        /// How many are on screen.
        count: u32,
    },
    /// Read a message. It arrives as [`Update::Message`](super::Update::Message). Does not mark it as read.
    OpenMessage {
        /// Of a row that was received. One that is gone is answered by `messageFailed`.
        message: MessageId,
    },
    /// Add and remove flags. Shown at once, and taken back where the server refuses.
    SetFlags {
        /// Which messages.
        messages: Vec<MessageId>,
        /// `\Seen`: `true` marks as read, `false` as unread, none leaves it.
        seen: Option<bool>,
        /// `\Flagged`: likewise.
        flagged: Option<bool>,
    },
    /// Stream one attachment to the view, decoded.
    Download {
        /// The view's number for it.
        download: DownloadId,
        /// Which message.
        message: MessageId,
        /// Which part, from [`Attachment::part`](super::Attachment::part).
        part: String,
    },
    /// The view has put away this much of a download. The engine keeps only a bounded number of bytes ahead.
    DownloadTaken {
        /// The number that the view gave it.
        download: DownloadId,
        /// How many bytes more.
        bytes: u32,
    },
    /// Stop a download. Nothing more arrives for it; the connection stays.
    CancelDownload {
        /// The number that the view gave it. One that is over already is ignored.
        download: DownloadId,
    },
    /// Ask the server for news now.
    Refresh,
}
