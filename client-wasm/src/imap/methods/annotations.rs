//! `storeAnnotations()`: annotations of messages. RFC 5257.

use crate::imap::ImapClient;
use crate::imap::argument::set;
use crate::input::from_js;
use postern_protocol::imap::Annotation;
use postern_protocol::imap::command::StoreAnnotations;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Writes annotations of messages: entries such as `/comment`, each with `value.priv` or `value.shared` and its text;
    /// `null` removes one (ANNOTATE, RFC 5257).
    ///
    /// @throws `unsupported` if the server lacks ANNOTATE; `wrongState` if no mailbox is open.
    #[wasm_bindgen(js_name = storeAnnotations)]
    pub async fn store_annotations(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Record<string, Record<string, string | null>>")]
        annotations: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let annotations: BTreeMap<String, BTreeMap<String, Option<String>>> =
            from_js("annotations", annotations)?;
        let attribute =
            |(name, text): (String, Option<String>)| (name.into(), text.map(|text| text.into_bytes().into()));
        let annotation = |(entry, attributes): (String, BTreeMap<_, _>)| Annotation {
            entry: entry.into(),
            attributes: attributes.into_iter().map(attribute).collect(),
        };
        let annotations = annotations.into_iter().map(annotation).collect();
        let set = set::from_js(&set)?;
        if set.is_empty() {
            return self.unless_over(&options);
        }
        self.change(StoreAnnotations { set, annotations }, &options).await
    }
}
