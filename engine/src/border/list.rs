//! The list of a mailbox's messages.

use super::MessageId;
use serde::{Deserialize, Serialize};

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

/// One line of the message list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageRow {
    /// Stable while the engine lives, whatever moves in the list.
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
