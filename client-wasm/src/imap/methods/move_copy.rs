//! `copy()` and `move()`: messages into another mailbox. RFC 9051 sections 6.4.7 and 6.4.8.

use crate::imap::ImapClient;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::set;
use crate::imap::data::moved::CopiedMessages;
use crate::value::plain_to_js;
use postern_protocol::imap::Done;
use postern_protocol::imap::command::{Command, Copy, Move};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Copies messages into another mailbox, and resolves with where the copies are, if the server reports it (UIDPLUS,
    /// RFC 4315).
    ///
    /// @throws `gone` if there is no such mailbox; `tooLarge` if there is no room for them; `partial` if some are
    /// copied and the rest is not; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "CopiedMessages | null")]
    pub async fn copy(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Copy { set: set::from_js(&set)?, mailbox: mailbox_name(&mailbox)? };
        if command.set.is_empty() {
            return self.nothing::<Option<CopiedMessages>>(&options);
        }
        self.put_elsewhere(command, &options).await
    }

    /// Moves messages into another mailbox, and resolves with where they are, if the server reports it. A server without
    /// MOVE (RFC 6851) is asked to copy, mark and expunge them.
    ///
    /// @throws `gone` if there is no such mailbox; `tooLarge` if there is no room for them; `partial` if they are
    /// copied and still here; `wrongState` if no mailbox is open.
    #[wasm_bindgen(js_name = move, unchecked_return_type = "CopiedMessages | null")]
    pub async fn move_messages(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Move { set: set::from_js(&set)?, mailbox: mailbox_name(&mailbox)? };
        if command.set.is_empty() {
            return self.nothing::<Option<CopiedMessages>>(&options);
        }
        self.put_elsewhere(command, &options).await
    }
}

impl ImapClient {
    /// What COPY and MOVE came to.
    async fn put_elsewhere(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let code = if let Done::Ok(text) = done { text.code } else { None };
        Ok(plain_to_js(&code.as_ref().and_then(|code| CopiedMessages::try_from(code).ok())))
    }
}
