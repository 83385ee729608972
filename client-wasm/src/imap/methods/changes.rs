//! `changes()`: what happened since a modification sequence. RFC 7162.

use crate::imap::ImapClient;
use crate::imap::argument::set;
use crate::imap::data::message_flags::MailboxChanges;
use crate::input::from_js;
use postern_protocol::imap::ModSeq;
use postern_protocol::imap::command::{ChangedSince, Fetch, FetchAttribute};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells what happened to messages of the open mailbox since a modification sequence, such as its `highestModSeq`
    /// was (CONDSTORE and QRESYNC, RFC 7162; without the first, the flags of all messages come). `known` are the
    /// messages that are asked about; all that there may be if it is left out.
    ///
    /// @throws `wrongState` if no mailbox is open; `invalidArgument` if `modSeq` or `known` is not a valid one.
    #[wasm_bindgen(unchecked_return_type = "MailboxChanges")]
    pub async fn changes(
        &self,
        #[wasm_bindgen(js_name = modSeq, unchecked_param_type = "number")] mod_seq: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "MessageSet | null")] known: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let mod_seq = ModSeq(from_js("modSeq", mod_seq)?);
        let known = set::from_js_or_all(&known)?;
        if known.is_empty() {
            return self.nothing::<MailboxChanges>(&options);
        }
        let changed_since = Some(ChangedSince { mod_seq, vanished: true });
        let command = Fetch { changed_since, ..Fetch::new(known, vec![FetchAttribute::Flags]) };
        self.gather(command, &options, |item, changes: &mut MailboxChanges| changes.accept(item)).await
    }
}
