//! `language()` and `comparator()`: the server's words to people, and how it compares texts. RFC 5255.

use crate::imap::ImapClient;
use crate::imap::options::from_js_or_default;
use postern_protocol::imap::command::{Comparator, Language};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Chooses the language of the server's words to people, by tags such as `de` and `en`, the best first, and
    /// resolves with the one that it speaks now; without tags, with all that it can (LANGUAGE, RFC 5255).
    ///
    /// @throws `unsupported` if the server lacks LANGUAGE.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn language(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "readonly string[] | null")] wanted: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let wanted = from_js_or_default("wanted", wanted)?;
        self.names(Language { wanted }, &options).await
    }

    /// Chooses by which rules searches and sorts compare texts, by names such as `i;unicode-casemap`, the best first,
    /// and resolves with the rules in use and others that matched; without names, it only asks (I18NLEVEL=2, RFC 5255).
    ///
    /// @throws `unsupported` if the server lacks I18NLEVEL=2.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn comparator(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "readonly string[] | null")] wanted: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let wanted = from_js_or_default("wanted", wanted)?;
        self.names(Comparator { wanted }, &options).await
    }
}
