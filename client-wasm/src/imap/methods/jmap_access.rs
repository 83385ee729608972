//! `jmapAccess()`: the account's address over JMAP. RFC 9698.

use crate::imap::ImapClient;
use postern_protocol::imap::Item;
use postern_protocol::imap::command::GetJmapAccess;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells the address at which the account is to be had over JMAP (JMAPACCESS, RFC 9698).
    ///
    /// @throws `unsupported` if the server lacks JMAPACCESS.
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
