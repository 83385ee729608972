//! `enable()` and `compress()`: what the session has from here on. RFC 5161, RFC 4978.

use crate::imap::ImapClient;
use crate::input::from_js;
use postern_protocol::imap::Capability;
use postern_protocol::imap::command::{Compress, Enable};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Turns capabilities on, such as `UTF8=ACCEPT` or `QRESYNC` (RFC 5161), and resolves with those that are on now.
    /// It must come before the first `select`.
    ///
    /// @throws `unsupported` if the server lacks ENABLE, or all that is named; `wrongState` if nobody is signed in, or
    /// a mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn enable(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] capabilities: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let capabilities: Vec<String> = from_js("capabilities", capabilities)?;
        let capabilities = capabilities.iter().map(|name| Capability::from(name.as_str())).collect();
        self.names(Enable { capabilities }, &options).await
    }

    /// Lets both sides compress what they send from here on (COMPRESS=DEFLATE, RFC 4978).
    ///
    /// @throws `unsupported` if the server can't.
    pub async fn compress(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        self.change(Compress, &options).await
    }
}
