//! What the engine tells the view.

use super::{
    DownloadId, Flags, ListState, MailboxId, MailboxRow, MessageId, MessageRow, MessageView, Problem, Session,
};
use serde::{Deserialize, Serialize};

/// What the view is told. Updates are applied in order; each is small: only what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Update {
    /// How it stands between us and the server.
    Session {
        /// The state, whole.
        session: Session,
    },
    /// All mailboxes, in the order to show them: special ones first, then by name, children behind parents.
    Mailboxes {
        /// The list, whole.
        mailboxes: Vec<MailboxRow>,
    },
    /// One mailbox's counts changed.
    MailboxCounts {
        /// One of the last `mailboxes`.
        mailbox: MailboxId,
        /// How many messages, where known.
        total: Option<u32>,
        /// How many unread, where known.
        unread: Option<u32>,
    },
    /// How the list of the open mailbox stands. With a generation not seen before it starts anew: forget all
    /// rows. With the one already shown the rows stay, and only the state changes.
    List {
        /// The open mailbox.
        mailbox: MailboxId,
        /// Named by every later change to this list; changes of another generation are too late: drop them.
        generation: u32,
        /// How many rows it has, newest first.
        total: u32,
        /// Whether `total` is final.
        state: ListState,
    },
    /// Rows came and went. Applied in order, each to the list that the one before it left.
    Splice {
        /// Of this generation.
        generation: u32,
        /// At this position.
        at: u32,
        /// This many rows go.
        removed: u32,
        /// This many unknown rows take their place; [`Update::Rows`] fills them.
        inserted: u32,
    },
    /// Rows became known or changed.
    Rows {
        /// Of this generation.
        generation: u32,
        /// The first one's position.
        first: u32,
        /// They stand one behind the other.
        rows: Vec<MessageRow>,
    },
    /// A message's flags changed, wherever it is shown.
    FlagsChanged {
        /// Of a row that was sent, or of the open message.
        message: MessageId,
        /// As they are now.
        flags: Flags,
    },
    /// Messages arrived while the view was looking: for a notification. Their rows come as well.
    NewMail {
        /// Where.
        mailbox: MailboxId,
        /// The new ones, oldest first, at most 10.
        rows: Vec<MessageRow>,
        /// How many in all.
        count: u32,
    },
    /// A message on its way: shown where it takes longer than a second.
    MessageProgress {
        /// The message that was asked for last.
        message: MessageId,
        /// Bytes so far.
        received: u32,
        /// Bytes in all.
        total: u32,
    },
    /// A message to read.
    Message {
        /// The whole of it, but for attachments.
        message: Box<MessageView>,
    },
    /// A message that could not be read.
    MessageFailed {
        /// The message that was asked for.
        message: MessageId,
        /// Why, and whether asking again may help.
        problem: Problem,
    },
    /// The next bytes of a download.
    DownloadChunk {
        /// The number that the view gave it.
        download: DownloadId,
        /// Decoded.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array<ArrayBuffer>"))]
        bytes: Vec<u8>,
    },
    /// A download is whole.
    DownloadDone {
        /// The number that the view gave it.
        download: DownloadId,
    },
    /// A download failed; what came of it is not whole.
    DownloadFailed {
        /// The number that the view gave it.
        download: DownloadId,
        /// Why, and whether asking again may help.
        problem: Problem,
    },
    /// The server refused something that was already shown as done; it has been taken back.
    ActionFailed {
        /// What the server answered.
        problem: Problem,
    },
    /// Something does not work, and nothing had to be taken back: a folder can't be opened now, a count is left out.
    Trouble {
        /// What does not work, and why.
        problem: Problem,
    },
    /// The server has something to say that its user must see (`ALERT`, RFC 9051 section 7.1). The same words come
    /// once a session.
    Alert {
        /// The server's words: text, at most 1,000 characters.
        text: String,
    },
}
