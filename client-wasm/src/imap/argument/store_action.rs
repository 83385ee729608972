//! Whether something is added, removed or put in the place of all: flags, labels, rights.

use postern_protocol::imap::command;
use serde::Deserialize;

/// What `store` does with the flags it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum StoreAction {
    /// Sets them; leaves the others.
    Add,
    /// Takes them away; leaves the others.
    Remove,
    /// Sets them and takes all others away.
    Replace,
}

impl From<StoreAction> for command::StoreAction {
    fn from(action: StoreAction) -> Self {
        match action {
            StoreAction::Add => Self::Add,
            StoreAction::Remove => Self::Remove,
            StoreAction::Replace => Self::Replace,
        }
    }
}
