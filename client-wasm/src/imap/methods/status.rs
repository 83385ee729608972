//! `status()`: a mailbox's numbers. RFC 9051 section 6.3.11.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::data::mailbox_status::{COUNTED, MailboxStatus};
use crate::imap::options::from_js_exact;
use postern_protocol::imap::Item;
use postern_protocol::imap::command::{Status, StatusAttribute as Attribute};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Counts the messages of a mailbox that is not open.
    ///
    /// @throws `gone` or `refused` if there is no such mailbox; `unsupported` if the server can count nothing of what
    /// is asked for; `wrongState` if nobody is signed in.
    #[wasm_bindgen(unchecked_return_type = "MailboxStatus")]
    pub async fn status(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "StatusOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: StatusOptions = from_js_exact("options", &options, &["signal"])?;
        let command = Status { mailbox: mailbox_name(&mailbox)?, attributes: how.into() };
        self.gather(command, &options, |item, status: &mut MailboxStatus| {
            if let Item::Status(item) = item {
                status.accept(&item);
            }
        })
        .await
    }
}

/// What `status` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatusOptions {
    /// Which numbers; `messages`, `unseen`, `uidNext` and `uidValidity` if it is left out. What the server can't
    /// count is left out of the question.
    #[cfg_attr(test, ts(optional = nullable))]
    pub attributes: Option<Vec<StatusAttribute>>,
}

impl From<StatusOptions> for Vec<Attribute> {
    fn from(options: StatusOptions) -> Self {
        options.attributes.map_or(COUNTED.to_vec(), |asked| asked.into_iter().map(Into::into).collect())
    }
}

/// One of a mailbox's numbers, as [`MailboxStatus`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum StatusAttribute {
    /// How many messages there are.
    Messages,
    /// How many are unread.
    Unseen,
    /// The UID that the next one will have at least.
    UidNext,
    /// UIDVALIDITY: UIDs may be compared only while this stays the same.
    UidValidity,
    /// How many the next `expunge` removes.
    Deleted,
    /// How many bytes there are in all.
    Size,
    /// The number of the last change.
    HighestModSeq,
    /// What survives a rename.
    MailboxId,
    /// The largest message that can be stored.
    AppendLimit,
    /// How many bytes an `expunge` would free.
    DeletedStorage,
}

impl From<StatusAttribute> for Attribute {
    fn from(attribute: StatusAttribute) -> Self {
        match attribute {
            StatusAttribute::Messages => Self::Messages,
            StatusAttribute::Unseen => Self::Unseen,
            StatusAttribute::UidNext => Self::UidNext,
            StatusAttribute::UidValidity => Self::UidValidity,
            StatusAttribute::Deleted => Self::Deleted,
            StatusAttribute::Size => Self::Size,
            StatusAttribute::HighestModSeq => Self::HighestModSeq,
            StatusAttribute::MailboxId => Self::MailboxId,
            StatusAttribute::AppendLimit => Self::AppendLimit,
            StatusAttribute::DeletedStorage => Self::DeletedStorage,
        }
    }
}
