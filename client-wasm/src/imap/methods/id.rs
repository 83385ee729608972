//! `id()`: who the server is. RFC 2971.

use crate::imap::ImapClient;
use crate::imap::options::from_js_or_default;
use crate::value::plain_to_js;
use postern_protocol::imap::Done;
use postern_protocol::imap::command::Id;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells the server who this is and asks who it is (RFC 2971): field names and values, such as `name` and
    /// `version`.
    ///
    /// @throws `unsupported` if the server has no ID.
    #[wasm_bindgen(unchecked_return_type = "Record<string, string | null>")]
    pub async fn id(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Record<string, string>")] fields: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let fields: BTreeMap<String, String> = from_js_or_default("fields", fields)?;
        let command = Id { fields: fields.into_iter().collect() };
        let (_, done) = self.run(command.into(), &options).await?;
        let fields = if let Done::Id(fields) = done { fields } else { Vec::new() };
        Ok(plain_to_js(&fields.into_iter().collect::<BTreeMap<_, _>>()))
    }
}
