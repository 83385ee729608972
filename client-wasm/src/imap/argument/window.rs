//! A window of a list: its messages from one place to another.

use crate::error::Error;
use postern_protocol::imap::command::Window;
use serde::Deserialize;

/// Places in a list, from the first to the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageWindow {
    /// The first place, from 1.
    pub first: u32,
    /// The last place, not before the first.
    pub last: u32,
    /// Count from the end of the list: 1 is its last message.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub from_end: Option<bool>,
}

impl MessageWindow {
    /// How many places it has, at most.
    pub(crate) fn size(self) -> u64 {
        u64::from(self.last.saturating_sub(self.first)) + 1
    }
}

/// # Errors
/// If the first place is 0 or past the last one.
impl TryFrom<MessageWindow> for Window {
    type Error = Error;

    fn try_from(window: MessageWindow) -> Result<Self, Error> {
        let MessageWindow { first, last, from_end } = window;
        let window = match from_end {
            Some(true) => Self::from_end(first, last),
            _ => Self::from_start(first, last),
        };
        window.ok_or_else(|| {
            Error::invalid("partial: the first place must be at least 1, and the last one not before it")
        })
    }
}
