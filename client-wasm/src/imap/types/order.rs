//! In which order `sort` puts messages, and how `thread` joins them.

use postern_protocol::imap::ThreadNode;
use postern_protocol::imap::command::{self, SortKey, SortOrder};
use serde::{Deserialize, Serialize};

/// One thing that messages are compared by. Where it is the same, the next one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SortCriterion {
    /// What.
    pub by: SortBy,
    /// The largest, newest or last of the alphabet first.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub descending: Option<bool>,
}

/// What messages are compared by (RFC 5256, RFC 5957).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SortBy {
    /// When it arrived.
    Arrival,
    /// When it was sent.
    Date,
    /// How large it is.
    Size,
    /// Its subject, without `Re:` and the like.
    Subject,
    /// The name before the `@` of the first sender.
    From,
    /// The name before the `@` of the first addressee.
    To,
    /// The name before the `@` of the first one copied.
    Cc,
    /// The first sender, as a person sees it.
    DisplayFrom,
    /// The first addressee, as a person sees it.
    DisplayTo,
}

impl From<SortCriterion> for SortKey {
    fn from(criterion: SortCriterion) -> Self {
        use command::SortBy as To;
        let by = match criterion.by {
            SortBy::Arrival => To::Arrival,
            SortBy::Date => To::Date,
            SortBy::Size => To::Size,
            SortBy::Subject => To::Subject,
            SortBy::From => To::From,
            SortBy::To => To::To,
            SortBy::Cc => To::Cc,
            SortBy::DisplayFrom => To::DisplayFrom,
            SortBy::DisplayTo => To::DisplayTo,
        };
        let is_descending = criterion.descending == Some(true);
        Self { by, order: if is_descending { SortOrder::Descending } else { SortOrder::Ascending } }
    }
}

/// How `thread` joins messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadOptions {
    /// What makes messages one conversation; `references` where it is left out.
    #[cfg_attr(test, ts(optional = nullable))]
    pub by: Option<ThreadBy>,
}

/// What makes messages one conversation (RFC 5256).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ThreadBy {
    /// Which answers which, and the subjects of those that say nothing of it.
    References,
    /// Which answers which, whatever the subjects are.
    Refs,
    /// Their subjects: every answer stands right below the first message.
    OrderedSubject,
}

impl From<ThreadBy> for command::ThreadBy {
    fn from(by: ThreadBy) -> Self {
        match by {
            ThreadBy::References => Self::References,
            ThreadBy::Refs => Self::Refs,
            ThreadBy::OrderedSubject => Self::OrderedSubject,
        }
    }
}

/// A message in its conversation. Each comes after the one that it answers; a conversation begins at depth 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadedMessage {
    /// Which; `null` where the message is known only by those that answer it.
    pub uid: Option<u32>,
    /// How many messages stand above it.
    pub depth: u32,
}

impl From<&ThreadNode> for ThreadedMessage {
    fn from(node: &ThreadNode) -> Self {
        Self { uid: node.number, depth: node.depth }
    }
}
