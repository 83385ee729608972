//! `ImapClient`'s methods for room, rights, notes, news of mailboxes and languages: what only some servers have. Where
//! one lacks what is asked for, they reject with `unsupported`, and nothing was sent.

use super::ImapClient;
use super::mailboxes::mailbox_name;
use super::types::{
    AclEntry, GrantableRights, MailboxStatus, MetadataOptions, NotifyOptions, NotifyWatch, Quota,
    StoreAction, note,
};
use crate::imap::options::{from_js_exact, from_js_or_default};
use crate::value::{from_js, to_js};
use postern_protocol::imap::command::{
    Command, Comparator, DeleteAcl, GetAcl, GetJmapAccess, GetMetadata, GetQuota, GetQuotaRoot, Language,
    ListRights, MyRights, Notify, SetAcl, SetMetadata, SetQuota,
};
use postern_protocol::imap::{Done, Entry, Item, Rights};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells how full those parts of the account are that a mailbox belongs to (QUOTA, RFC 9208).
    #[wasm_bindgen(unchecked_return_type = "Quota[]")]
    pub async fn quota(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] mailbox: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mailbox = mailbox_name(mailbox.as_deref().unwrap_or("INBOX"))?;
        self.gather(GetQuotaRoot { mailbox }, &options, Quota::gather).await
    }

    /// Tells how full one part of the account is, by its name (QUOTA).
    #[wasm_bindgen(js_name = quotaOf, unchecked_return_type = "Quota[]")]
    pub async fn quota_of(
        &self,
        root: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.gather(GetQuota { root }, &options, Quota::gather).await
    }

    /// Limits a part of the account: names such as `STORAGE` (in units of 1,024 bytes) and the most of each. What is
    /// not named is not limited. Most servers let administrators only.
    #[wasm_bindgen(js_name = setQuota)]
    pub async fn set_quota(
        &self,
        root: String,
        #[wasm_bindgen(unchecked_param_type = "Record<string, number>")] limits: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let limits: BTreeMap<String, u64> = from_js("limits", limits)?;
        self.change(SetQuota { root, limits: limits.into_iter().collect() }, &options).await
    }

    /// Tells who may do what with a mailbox (ACL, RFC 4314).
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

    /// Lets somebody do something with a mailbox: these rights alone, or these added to or removed from what they
    /// may do already.
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

    /// Takes somebody off a mailbox's list of rights.
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
                *found = GrantableRights::from_data(&rights);
            }
        })
        .await
    }

    /// Reads notes on a mailbox, or with `""` on the server (METADATA, RFC 5464): entries such as
    /// `/private/comment`, and what they hold.
    #[wasm_bindgen(unchecked_return_type = "Record<string, string | null>")]
    pub async fn metadata(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] entries: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "MetadataOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: MetadataOptions = from_js_exact("options", &options, &["signal"])?;
        let depth = how.depth.map(Into::into).unwrap_or_default();
        let entries: Vec<String> = from_js("entries", entries)?;
        let command =
            GetMetadata { mailbox: mailbox_name(&mailbox)?, entries, max_size: how.max_size, depth };
        self.gather(command, &options, |item, found: &mut BTreeMap<String, Option<String>>| {
            if let Item::Metadata(metadata) = item {
                found.extend(metadata.entries.into_iter().map(note));
            }
        })
        .await
    }

    /// Writes notes on a mailbox, or with `""` on the server; `null` removes one.
    #[wasm_bindgen(js_name = setMetadata)]
    pub async fn set_metadata(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string | null>")] entries: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let entries: BTreeMap<String, Option<String>> = from_js("entries", entries)?;
        let entry = |(name, value): (String, Option<String>)| Entry {
            name: name.into(),
            value: value.map(|text| text.into_bytes().into()),
        };
        let entries = entries.into_iter().map(entry).collect();
        self.change(SetMetadata { mailbox: mailbox_name(&mailbox)?, entries }, &options).await
    }

    /// Says what the server is to tell unasked, also of mailboxes that are not open (NOTIFY, RFC 5465); `null` for
    /// nothing at all. The news come by `idle()` and `noop()`. Resolves with the numbers of all mailboxes to begin with,
    /// where `status` asks for them.
    #[wasm_bindgen(unchecked_return_type = "Record<string, MailboxStatus>")]
    pub async fn notify(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly NotifyWatch[] | null")] watches: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "NotifyOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: NotifyOptions = from_js_exact("options", &options, &["signal"])?;
        let watches: Option<Vec<NotifyWatch>> = from_js("watches", watches)?;
        let command = match watches {
            None => Notify::None,
            Some(watches) => {
                let watches = watches.into_iter().map(NotifyWatch::watch).collect::<Result<_, _>>()?;
                Notify::Set { watches, status: how.status == Some(true) }
            }
        };
        self.gather(command, &options, |item, found: &mut BTreeMap<String, MailboxStatus>| {
            if let Item::Status(status) = item {
                found.insert(status.mailbox.as_str().to_owned(), MailboxStatus::from_item(&status));
            }
        })
        .await
    }

    /// Chooses the language of the server's words to people, by tags such as `de` and `en`, the best first, and resolves
    /// with the one that it speaks now; without tags, with all that it can (LANGUAGE, RFC 5255).
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn language(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "readonly string[] | null")] wanted: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let wanted = from_js_or_default("wanted", wanted)?;
        self.names(Language { wanted }, &options).await
    }

    /// Chooses by which rules searches and sorts compare texts, by names such as `i;unicode-casemap`, the best first, and
    /// resolves with the rules in use and others that matched; without names, it only asks (I18NLEVEL=2, RFC 5255).
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn comparator(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "readonly string[] | null")] wanted: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let wanted = from_js_or_default("wanted", wanted)?;
        self.names(Comparator { wanted }, &options).await
    }

    /// Tells the address at which the account is to be had over JMAP (JMAPACCESS, RFC 9698).
    #[wasm_bindgen(js_name = jmapAccess, unchecked_return_type = "string")]
    pub async fn jmap_access(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.gather(GetJmapAccess, &options, |item, found: &mut String| {
            if let Item::JmapAccess(address) = item {
                *found = address.into();
            }
        })
        .await
    }
}

impl ImapClient {
    /// Runs a command that ends with names.
    pub(super) async fn names(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let names = match done {
            Done::Languages(names) | Done::Comparators(names) => names.into_iter().map(Into::into).collect(),
            Done::Enabled(capabilities) => capabilities.iter().map(ToString::to_string).collect(),
            _ => Vec::<String>::new(),
        };
        Ok(to_js(&names))
    }
}
