//! What the engine tells the view.

use super::{DownloadId, MailboxId, MessageId, MessageView, Problem};
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
        /// Which.
        mailbox: MailboxId,
        /// How many messages, where known.
        total: Option<u32>,
        /// How many unread, where known.
        unread: Option<u32>,
    },
    /// How the list of the open mailbox stands. With a generation not seen before it starts anew: forget all
    /// rows. With the one already shown the rows stay, and only the state changes.
    List {
        /// Which.
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
        /// Which.
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
        /// Which.
        message: MessageId,
        /// Bytes so far.
        received: u32,
        /// Bytes in all.
        total: u32,
    },
    /// A message to read.
    Message {
        /// It.
        message: Box<MessageView>,
    },
    /// A message that could not be read.
    MessageFailed {
        /// Which.
        message: MessageId,
        /// Why.
        problem: Problem,
    },
    /// The next bytes of a download.
    DownloadChunk {
        /// Which.
        download: DownloadId,
        /// Decoded.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "ts", ts(type = "Uint8Array<ArrayBuffer>"))]
        bytes: Vec<u8>,
    },
    /// A download is whole.
    DownloadDone {
        /// Which.
        download: DownloadId,
    },
    /// A download failed; what came of it is not whole.
    DownloadFailed {
        /// Which.
        download: DownloadId,
        /// Why.
        problem: Problem,
    },
    /// The server refused something that was already shown as done; it has been taken back.
    ActionFailed {
        /// Why.
        problem: Problem,
    },
    /// Something does not work, and nothing had to be taken back: a folder can't be opened now, a count is left out.
    Trouble {
        /// What.
        problem: Problem,
    },
    /// The server has something to say that its user must see (`ALERT`, RFC 9051 section 7.1). The same words come
    /// once a session.
    Alert {
        /// The server's words: text, at most 1,000 characters.
        text: String,
    },
}

/// How it stands between us and the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Session {
    /// Nobody is signed in.
    SignedOut {
        /// Why, where it was not the user who asked.
        problem: Option<Problem>,
    },
    /// The first connection is being made.
    SigningIn,
    /// Connected and in step.
    Online,
    /// Was online, is trying again by itself. What was read stays readable.
    Reconnecting {
        /// Why.
        problem: Problem,
        /// Milliseconds from now to the next try; 0 while one is under way.
        retry_in: u32,
    },
    /// Was online, and the server refuses the password now. What was read stays readable; nothing is tried until
    /// [`Intent::Unlock`](super::Intent::Unlock) or [`Intent::Reconnect`](super::Intent::Reconnect).
    Locked {
        /// Why.
        problem: Problem,
    },
}

/// Whether the list's length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum ListState {
    /// Being asked; rows may come.
    Loading,
    /// In step with the server.
    Ready,
}

/// One line of the folder list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailboxRow {
    /// Which.
    pub id: MailboxId,
    /// The last part of its name, decoded. For a special one the view has a word of its own.
    pub name: String,
    /// The whole name, decoded, parts joined by `/`.
    pub path: String,
    /// How deep it stands below the top, from 0.
    pub depth: u32,
    /// What it is for.
    pub role: Option<MailboxRole>,
    /// Whether it can be opened (`\Noselect` and `\NonExistent` can't).
    pub selectable: bool,
    /// How many messages, where known.
    pub total: Option<u32>,
    /// How many unread, where known.
    pub unread: Option<u32>,
}

/// What a mailbox is for (RFC 6154, or by a well-known name where the server says nothing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum MailboxRole {
    /// `INBOX`.
    Inbox,
    /// `\Drafts`.
    Drafts,
    /// `\Sent`.
    Sent,
    /// `\Archive`.
    Archive,
    /// `\Junk`.
    Junk,
    /// `\Trash`.
    Trash,
    /// `\All`.
    All,
    /// `\Flagged`.
    Flagged,
}

/// One line of the message list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageRow {
    /// Which.
    pub id: MessageId,
    /// Who to show: the first sender's name, else address; in Sent and Drafts the first recipient's.
    pub correspondent: String,
    /// The decoded subject; empty where there is none.
    pub subject: String,
    /// Milliseconds since 1970-01-01 UTC; none where neither the message nor the server told a date.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub date: Option<i64>,
    /// Bytes, as the server counts.
    pub size: u32,
    /// Whether it has something to download.
    pub has_attachment: bool,
    /// Its flags.
    pub flags: Flags,
    /// The first words of the text, where known.
    pub preview: Option<String>,
    /// The server would not tell of this message: the row holds its place and nothing more.
    pub is_blank: bool,
}

/// A message's flags, as far as a person sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Flags {
    /// `\Seen`.
    pub seen: bool,
    /// `\Flagged`.
    pub flagged: bool,
    /// `\Answered`.
    pub answered: bool,
    /// `$Forwarded`.
    pub forwarded: bool,
    /// `\Draft`.
    pub draft: bool,
}
