//! `quota()`, `quotaOf()` and `setQuota()`: how full the account is. RFC 9208.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::input::from_js;
use postern_protocol::imap::command::{GetQuota, GetQuotaRoot, SetQuota};
use postern_protocol::imap::{self, Item};
use serde::Serialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Resolves with the usage and the limits of each quota root of a mailbox (QUOTA, RFC 9208).
    ///
    /// @throws `unsupported` if the server lacks QUOTA; `gone` or `refused` if there is no such mailbox.
    #[wasm_bindgen(unchecked_return_type = "Quota[]")]
    pub async fn quota(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "string | null")] mailbox: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mailbox = mailbox_name(mailbox.as_deref().unwrap_or("INBOX"))?;
        self.gather(GetQuotaRoot { mailbox }, &options, gather).await
    }

    /// Resolves with the usage and the limits of one quota root, by its name (QUOTA).
    ///
    /// @throws `unsupported` if the server lacks QUOTA; `refused` if there is no such root.
    #[wasm_bindgen(js_name = quotaOf, unchecked_return_type = "Quota[]")]
    pub async fn quota_of(
        &self,
        root: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.gather(GetQuota { root }, &options, gather).await
    }

    /// Limits a quota root: names such as `STORAGE` (in units of 1,024 bytes) and the most of each. What is
    /// not named is not limited. Most servers let administrators only.
    ///
    /// @throws `unsupported` if the server lacks QUOTASET; `refused` if this user may not.
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
}

fn gather(item: Item, found: &mut Vec<Quota>) {
    if let Item::Quota(quota) = item {
        found.push(Quota::from(&quota));
    }
}

/// A quota root: how much of what is used (RFC 9208).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Quota {
    /// The root's name; often empty.
    pub root: String,
    /// Each thing that is limited there.
    pub resources: Vec<QuotaResource>,
}

/// One thing that is limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuotaResource {
    /// `STORAGE` (in units of 1,024 bytes), `MESSAGE`, `MAILBOX` or another, in upper case.
    pub name: String,
    /// Taken.
    #[cfg_attr(test, ts(type = "number"))]
    pub usage: u64,
    /// The most that may be taken.
    #[cfg_attr(test, ts(type = "number"))]
    pub limit: u64,
}

impl From<&imap::Quota> for Quota {
    fn from(quota: &imap::Quota) -> Self {
        let one = |it: &imap::QuotaResource| QuotaResource {
            name: it.name.to_string(),
            usage: it.usage,
            limit: it.limit,
        };
        Self { root: quota.root.to_string(), resources: quota.resources.iter().map(one).collect() }
    }
}
