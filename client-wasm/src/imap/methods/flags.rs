//! `store()` and `storeUnlessChanged()`: flags. RFC 9051 section 6.4.6, RFC 7162 section 3.1.3.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::set;
use crate::imap::argument::store_action::StoreAction;
use crate::imap::data::message_flags::MessageFlags;
use crate::imap::options::from_js_exact;
use crate::input::from_js;
use postern_protocol::imap::command::Store;
use postern_protocol::imap::{Flag, Item, ModSeq};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Changes flags, and resolves with all flags of the messages that the server told of.
    ///
    /// @throws `wrongState` if no mailbox is open; `refused` if the mailbox is read-only.
    #[wasm_bindgen(unchecked_return_type = "MessageFlags[]")]
    pub async fn store(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] flags: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "StoreOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: StoreOptions = from_js_exact("options", &options, &["signal"])?;
        let command = Store { silent: how.silent == Some(true), ..store(&set, action, flags)? };
        if command.set.is_empty() {
            return self.nothing::<Vec<MessageFlags>>(&options);
        }
        self.gather(command, &options, |item, found: &mut Vec<MessageFlags>| {
            if let Item::Message(message) = item {
                found.extend(MessageFlags::try_from(&message));
            }
        })
        .await
    }

    /// Changes flags of those messages alone that did not change since a modification sequence (CONDSTORE, RFC 7162
    /// section 3.1.3), and tells which did.
    ///
    /// @throws `unsupported` if the server lacks CONDSTORE: such a change must not be made blindly; `wrongState` if no
    /// mailbox is open.
    #[wasm_bindgen(js_name = storeUnlessChanged, unchecked_return_type = "ConditionalStore")]
    pub async fn store_unless_changed(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] flags: JsValue,
        #[wasm_bindgen(js_name = modSeq, unchecked_param_type = "number")] mod_seq: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let unchanged_since = Some(ModSeq(from_js("modSeq", mod_seq)?));
        let command = Store { unchanged_since, ..store(&set, action, flags)? };
        if command.set.is_empty() {
            return self.nothing::<ConditionalStore>(&options);
        }
        self.gather(command, &options, |item, outcome: &mut ConditionalStore| match item {
            Item::Message(message) => outcome.messages.extend(MessageFlags::try_from(&message)),
            Item::Modified(uids) => outcome.modified = Some(uids.to_string()),
            _ => {}
        })
        .await
    }
}

/// A change of flags, without conditions.
fn store(set: &JsValue, action: JsValue, flags: JsValue) -> Result<Store, Error> {
    let action: StoreAction = from_js("action", action)?;
    let flags: Vec<String> = from_js("flags", flags)?;
    let flags = flags.iter().map(|flag| Flag::from(flag.as_str())).collect();
    Ok(Store::new(set::from_js(set)?, action.into(), flags))
}

/// How to change flags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StoreOptions {
    /// The server may keep the outcome to itself.
    #[cfg_attr(test, ts(optional = nullable))]
    pub silent: Option<bool>,
}

/// What became of a change that gave way to those of others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConditionalStore {
    /// The flags of those that the server told of.
    pub messages: Vec<MessageFlags>,
    /// Those that were left alone, since they changed meanwhile, as a set such as `3:5,9`; `null` if there are none.
    pub modified: Option<String>,
}
