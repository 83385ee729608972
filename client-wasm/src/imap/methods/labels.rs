//! `storeLabels()`: Gmail's labels. X-GM-EXT-1.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::set;
use crate::imap::argument::store_action::StoreAction;
use crate::input::from_js;
use postern_protocol::imap::command::StoreLabels;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Changes Gmail's labels of messages: names of mailboxes, and `\Inbox`, `\Starred` and the like (X-GM-EXT-1).
    ///
    /// @throws `unsupported` elsewhere than at Gmail; `wrongState` if no mailbox is open; `invalidArgument` if a label
    /// is not a mailbox's name.
    #[wasm_bindgen(js_name = storeLabels)]
    pub async fn store_labels(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        #[wasm_bindgen(unchecked_param_type = "StoreAction")] action: JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] labels: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let action: StoreAction = from_js("action", action)?;
        let labels: Vec<String> = from_js("labels", labels)?;
        let labels = labels.iter().map(|label| mailbox_name(label)).collect::<Result<_, _>>()?;
        let set = set::from_js(&set)?;
        if set.is_empty() {
            return self.unless_over(&options);
        }
        self.change(StoreLabels { set, action: action.into(), labels }, &options).await
    }
}
