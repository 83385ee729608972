//! `expunge()`: removes messages for good. RFC 9051 sections 6.4.3 and 6.4.9.

use crate::imap::ImapClient;
use crate::imap::argument::set;
use postern_protocol::imap::UidSet;
use postern_protocol::imap::command::Expunge;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Removes for good those messages that are marked `\Deleted`: of `set`, or all of them.
    ///
    /// @throws `unsupported` for a set, if the server lacks UIDPLUS: others' messages would go as well; `wrongState` if
    /// no mailbox is open.
    pub async fn expunge(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "MessageSet | null")] set: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let is_all = set.is_undefined() || set.is_null();
        let command = Expunge { set: if is_all { None } else { Some(set::from_js(&set)?) } };
        // An empty list is none, and by no means all.
        if command.set.as_ref().is_some_and(UidSet::is_empty) {
            return self.unless_over(&options);
        }
        self.change(command, &options).await
    }
}
