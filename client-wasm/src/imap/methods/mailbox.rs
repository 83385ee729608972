//! `create()`, `rename()`, `delete()`, `subscribe()`, `unsubscribe()`. RFC 9051 sections 6.3.4 to 6.3.8, RFC 6154.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::options::from_js_exact;
use postern_protocol::imap::MailboxAttribute;
use postern_protocol::imap::command::{Create, Delete, Rename, Subscribe, Unsubscribe};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Makes a mailbox, and those above it if they are missing. A server that can't be told what it is for
    /// (CREATE-SPECIAL-USE, RFC 6154) makes it all the same.
    ///
    /// @throws `refused` if there is one of that name (`responseCode` is then `ALREADYEXISTS` with most servers), or it
    /// can't be made there; `wrongState` if nobody is signed in.
    pub async fn create(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CreateOptions & CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let how: CreateOptions = from_js_exact("options", &options, &["signal"])?;
        let special_use = how.special_use.map(Into::into);
        self.change(Create { mailbox: mailbox_name(&mailbox)?, special_use }, &options).await
    }

    /// Gives a mailbox, and with it those below it, another name.
    ///
    /// @throws `gone` or `refused` if there is no such mailbox, or there is one of the new name; `wrongState` if nobody
    /// is signed in.
    pub async fn rename(
        &self,
        from: String,
        to: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Rename { from: mailbox_name(&from)?, to: mailbox_name(&to)? }, &options).await
    }

    /// Removes a mailbox with all messages in it, for good.
    ///
    /// @throws `gone` or `refused` if there is no such mailbox, or it can't be removed; `wrongState` if nobody is
    /// signed in.
    pub async fn delete(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Delete { mailbox: mailbox_name(&mailbox)? }, &options).await
    }

    /// Puts a mailbox on the user's list: `list({ which: "subscribed" })` has it from here on.
    ///
    /// @throws `refused` if the server keeps no such mailbox on the list; `wrongState` if nobody is signed in.
    pub async fn subscribe(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Subscribe { mailbox: mailbox_name(&mailbox)? }, &options).await
    }

    /// Takes a mailbox off the user's list. The mailbox stays.
    ///
    /// @throws `refused` if it was not on the list, with some servers; `wrongState` if nobody is signed in.
    pub async fn unsubscribe(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Unsubscribe { mailbox: mailbox_name(&mailbox)? }, &options).await
    }
}

/// How to make a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateOptions {
    /// What it is for.
    #[cfg_attr(test, ts(optional = nullable))]
    pub special_use: Option<SpecialUse>,
}

/// What a mailbox is for (RFC 6154, RFC 8457).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SpecialUse {
    /// Every message.
    All,
    /// What is done with.
    Archive,
    /// What is not finished.
    Drafts,
    /// What is marked for attention.
    Flagged,
    /// What is important.
    Important,
    /// What nobody asked for.
    Junk,
    /// What was sent.
    Sent,
    /// What is about to be removed.
    Trash,
}

impl From<SpecialUse> for MailboxAttribute {
    fn from(special_use: SpecialUse) -> Self {
        match special_use {
            SpecialUse::All => Self::All,
            SpecialUse::Archive => Self::Archive,
            SpecialUse::Drafts => Self::Drafts,
            SpecialUse::Flagged => Self::Flagged,
            SpecialUse::Important => Self::Important,
            SpecialUse::Junk => Self::Junk,
            SpecialUse::Sent => Self::Sent,
            SpecialUse::Trash => Self::Trash,
        }
    }
}
