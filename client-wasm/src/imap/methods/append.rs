//! `append()`, `appendAll()` and `replace()`: messages into a mailbox. RFC 9051 section 6.3.12, RFC 3502, RFC 4469, RFC 8508.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::abort::{race, signal_of};
use crate::imap::argument::append_options::AppendOptions;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::set;
use crate::imap::data::moved::AppendedMessages;
use crate::imap::options::from_js_exact;
use crate::imap::upload::Upload;
use js_sys::Array;
use postern_protocol::imap::command::{Append, Replace};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Stores a message in a mailbox, and resolves with its UID, if the server reports it (UIDPLUS, RFC 4315). The server
    /// may also put it together from pieces, some of which it has already (CATENATE, RFC 4469).
    ///
    /// Aborting it, or a stream that ends too early or fails, ends the connection if bytes are on their way already:
    /// the server must not store half a message.
    ///
    /// @throws `gone` if there is no such mailbox; `tooLarge` if the message is larger than the server takes, or there
    /// is no room for it; `unsupported` if the server lacks CATENATE, or what `form` needs; `invalidArgument` if a
    /// stream ends before its size. What a stream throws comes as it is.
    #[wasm_bindgen(unchecked_return_type = "AppendedMessages")]
    pub async fn append(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "MessageSource | readonly CatenatePart[]")] message: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AppendOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: AppendOptions = from_js_exact("options", &options, &["signal"])?;
        let mailbox = mailbox_name(&mailbox)?;
        let mut upload = Upload::default();
        let command = Append::new(mailbox, upload.message(&message, &how)?);
        race(signal_of(&options)?, upload.run(&self.session, command)).await
    }

    /// Stores several messages in a mailbox, all of them or none (MULTIAPPEND, RFC 3502). A server without it is asked
    /// for one after the other.
    ///
    /// @throws `partial` if some are stored and the next one is not, which `done` tells; and as `append` does.
    #[wasm_bindgen(js_name = appendAll, unchecked_return_type = "AppendedMessages")]
    pub async fn append_all(
        &self,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "readonly NewMessage[]")] messages: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mailbox = mailbox_name(&mailbox)?;
        let messages: Array =
            messages.dyn_into().map_err(|_| Error::invalid("messages: give an array of { message, … }"))?;
        if messages.length() == 0 {
            return self.nothing::<AppendedMessages>(&options);
        }
        let mut upload = Upload::default();
        let messages =
            messages.iter().map(|message| upload.new_message(&message)).collect::<Result<_, _>>()?;
        race(signal_of(&options)?, upload.run(&self.session, Append { mailbox, messages })).await
    }

    /// Stores a message in the place of one of the open mailbox: the next version of a draft. A server without REPLACE
    /// (RFC 8508) is asked to append the one and to expunge the other.
    ///
    /// @throws `partial` if the new message is stored and the old one is still there; `wrongState` if no mailbox is
    /// open; and as `append` does.
    #[wasm_bindgen(unchecked_return_type = "AppendedMessages")]
    pub async fn replace(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: JsValue,
        mailbox: String,
        #[wasm_bindgen(unchecked_param_type = "MessageSource | readonly CatenatePart[]")] message: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AppendOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: AppendOptions = from_js_exact("options", &options, &["signal"])?;
        let (uid, mailbox) = (set::uid_from_js(&uid)?, mailbox_name(&mailbox)?);
        let mut upload = Upload::default();
        let command = Replace { uid, mailbox, message: upload.message(&message, &how)? };
        race(signal_of(&options)?, upload.run(&self.session, command)).await
    }
}
