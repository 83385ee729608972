//! `acl()`, `setAcl()`, `deleteAcl()`, `myRights()` and `listRights()`: who may do what with a mailbox. RFC 4314.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::store_action::StoreAction;
use crate::imap::options::from_js_or_default;
use postern_protocol::imap::command::{DeleteAcl, GetAcl, ListRights, MyRights, SetAcl};
use postern_protocol::imap::{self, Item, Rights};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Resolves with a mailbox's access control list: who may do what with it (ACL, RFC 4314).
    ///
    /// @throws `unsupported` if the server lacks ACL; `refused` if there is no such mailbox, or this user may not know.
    #[wasm_bindgen(unchecked_return_type = "AclEntry[]")]
    pub async fn acl(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = GetAcl { mailbox: mailbox_name(&mailbox)? };
        self.gather(command, &options, |item, found: &mut Vec<AclEntry>| {
            if let Item::Acl(acl) = item {
                found.extend(acl.entries.into_iter().map(|(identifier, Rights(rights))| AclEntry {
                    identifier: identifier.into(),
                    rights: rights.into(),
                }));
            }
        })
        .await
    }

    /// Lets somebody do something with a mailbox: these rights alone, or these added to or removed from what they may
    /// do already.
    ///
    /// @throws `unsupported` if the server lacks ACL; `refused` if there is no such mailbox, or this user may not.
    #[wasm_bindgen(js_name = setAcl)]
    pub async fn set_acl(
        &self,
        mailbox: String,
        identifier: String,
        rights: String,
        #[wasm_bindgen(unchecked_optional_param_type = "StoreAction | null")] action: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let action: Option<StoreAction> = from_js_or_default("action", action)?;
        let action = action.unwrap_or(StoreAction::Replace).into();
        let (mailbox, rights) = (mailbox_name(&mailbox)?, Rights(rights.into()));
        self.change(SetAcl { mailbox, identifier, action, rights }, &options).await
    }

    /// Removes somebody from a mailbox's access control list.
    ///
    /// @throws `unsupported` if the server lacks ACL; `refused` if there is no such mailbox, or this user may not.
    #[wasm_bindgen(js_name = deleteAcl)]
    pub async fn delete_acl(
        &self,
        mailbox: String,
        identifier: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(DeleteAcl { mailbox: mailbox_name(&mailbox)?, identifier }, &options).await
    }

    /// Tells what the user may do with a mailbox, a letter each.
    ///
    /// @throws `unsupported` if the server lacks ACL; `gone` or `refused` if there is no such mailbox.
    #[wasm_bindgen(js_name = myRights, unchecked_return_type = "string")]
    pub async fn my_rights(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = MyRights { mailbox: mailbox_name(&mailbox)? };
        self.gather(command, &options, |item, found: &mut String| {
            if let Item::MyRights(mine) = item {
                *found = mine.rights.0.into();
            }
        })
        .await
    }

    /// Tells what somebody may do with a mailbox anyway, and what they may be given.
    ///
    /// @throws `unsupported` if the server lacks ACL; `refused` if there is no such mailbox, or this user may not know.
    #[wasm_bindgen(js_name = listRights, unchecked_return_type = "GrantableRights")]
    pub async fn list_rights(
        &self,
        mailbox: String,
        identifier: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = ListRights { mailbox: mailbox_name(&mailbox)?, identifier };
        self.gather(command, &options, |item, found: &mut GrantableRights| {
            if let Item::ListRights(rights) = item {
                *found = GrantableRights::from(&rights);
            }
        })
        .await
    }
}

/// What somebody may do with a mailbox (RFC 4314).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AclEntry {
    /// A user, `anyone`, or a group from the server; with a `-` before it, the rights are taken away.
    pub identifier: String,
    /// A letter each: `l` see it, `r` read, `s` mark as read, `w` mark otherwise, `i` put in, `k` make mailboxes
    /// below, `x` remove it, `t` mark as deleted, `e` expunge, `a` change rights, `p` post.
    pub rights: String,
}

/// What somebody may be allowed to do with a mailbox (RFC 4314 section 3.4), a letter each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GrantableRights {
    /// What they may do anyway.
    pub required: String,
    /// What they may be given; the letters of one entry go together.
    pub optional: Vec<String>,
}

impl From<&imap::ListRights> for GrantableRights {
    fn from(rights: &imap::ListRights) -> Self {
        let text = |rights: &Rights| rights.0.to_string();
        Self { required: text(&rights.required), optional: rights.optional.iter().map(text).collect() }
    }
}
