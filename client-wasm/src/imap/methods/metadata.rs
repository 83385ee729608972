//! `metadata()` and `setMetadata()`: METADATA entries of mailboxes and of the server. RFC 5464.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::data::metadata::name_and_text;
use crate::imap::options::from_js_exact;
use crate::input::from_js;
use postern_protocol::imap::command::{self, GetMetadata, SetMetadata};
use postern_protocol::imap::{Entry, Item};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Reads METADATA entries of a mailbox, or with `""` of the server (RFC 5464), such as `/private/comment`, and their
    /// values.
    ///
    /// @throws `unsupported` if the server lacks METADATA (METADATA-SERVER is enough for `""`); `gone` or `refused` if
    /// there is no such mailbox.
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
                found.extend(metadata.entries.into_iter().map(name_and_text));
            }
        })
        .await
    }

    /// Writes METADATA entries of a mailbox, or with `""` of the server; `null` removes one.
    ///
    /// @throws `unsupported` if the server lacks METADATA; `refused` if this user may not, or the value is too large.
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
}

/// How much of a mailbox's METADATA to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MetadataOptions {
    /// Values of more bytes are left out.
    #[cfg_attr(test, ts(optional = nullable))]
    pub max_size: Option<u32>,
    /// How far below each entry to go.
    #[cfg_attr(test, ts(optional = nullable))]
    pub depth: Option<MetadataDepth>,
}

/// How far below an entry to go (RFC 5464).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MetadataDepth {
    /// The entry alone.
    Entry,
    /// Those right below it, too.
    Children,
    /// All below it, too.
    Subtree,
}

impl From<MetadataDepth> for command::Depth {
    fn from(depth: MetadataDepth) -> Self {
        match depth {
            MetadataDepth::Entry => Self::Entry,
            MetadataDepth::Children => Self::Children,
            MetadataDepth::Subtree => Self::Subtree,
        }
    }
}
