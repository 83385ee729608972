//! `list()`: mailboxes. RFC 9051 section 6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 8440, RFC 9590.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::data::list_entry::ListEntry;
use crate::imap::data::mailbox_status::COUNTED;
use crate::imap::options::from_js_exact;
use postern_protocol::imap::command::{List, Which};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds mailboxes, in the server's order.
    ///
    /// @throws `wrongState` if nobody is signed in; `invalidArgument` if no name could match the pattern.
    #[wasm_bindgen(unchecked_return_type = "ListEntry[]")]
    pub async fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command: List = from_js_exact::<ListOptions>("options", &options, &["signal"])?.try_into()?;
        self.gather(command, &options, |item, entries: &mut Vec<ListEntry>| ListEntry::accept(entries, item))
            .await
    }
}

/// Which mailboxes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct ListOptions {
    /// Which names: `*` stands for anything, `%` for anything within one level. All if it is left out.
    pub pattern: Option<String>,
    /// Which selection of them; all if it is left out.
    pub which: Option<ListedMailboxes>,
    /// Count the messages of each as well.
    pub status: Option<bool>,
    /// Tell what the user may do with each as well.
    pub rights: Option<bool>,
    /// Read these METADATA entries of each as well, such as `/private/comment`.
    pub metadata: Option<Vec<String>>,
}

/// # Errors
/// If no mailbox's name could match the pattern.
impl TryFrom<ListOptions> for List {
    type Error = Error;

    fn try_from(options: ListOptions) -> Result<Self, Error> {
        Ok(Self {
            pattern: mailbox_name(options.pattern.as_deref().unwrap_or("*"))?,
            which: options.which.map(Into::into).unwrap_or_default(),
            status: if options.status == Some(true) { COUNTED.to_vec() } else { Vec::new() },
            rights: options.rights == Some(true),
            entries: options.metadata.unwrap_or_default(),
        })
    }
}

/// Which mailboxes to list (RFC 5258, RFC 6154).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ListedMailboxes {
    /// All that there are.
    All,
    /// Those that the user subscribed to.
    Subscribed,
    /// Those, and those above them that match the pattern.
    SubscribedOrAbove,
    /// Those that are for something, such as sent mail.
    SpecialUse,
    /// All, and those on other servers.
    Remote,
}

impl From<ListedMailboxes> for Which {
    fn from(which: ListedMailboxes) -> Self {
        match which {
            ListedMailboxes::All => Self::All,
            ListedMailboxes::Subscribed => Self::Subscribed,
            ListedMailboxes::SubscribedOrAbove => Self::SubscribedOrAbove,
            ListedMailboxes::SpecialUse => Self::SpecialUse,
            ListedMailboxes::Remote => Self::Remote,
        }
    }
}
