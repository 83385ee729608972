//! `search()`, `esearch()` and `cancelUpdate()`: messages of the open mailbox. RFC 9051 section 6.4.4, RFC 4731, RFC 5267.

use crate::imap::ImapClient;
use crate::imap::argument::query::SearchQuery;
use crate::imap::argument::returns::SearchReturns;
use crate::input::from_js;
use postern_protocol::imap::command::{CancelUpdate, Context, Search};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds messages in the open mailbox, and resolves with their UIDs in ascending order.
    ///
    /// All that the query says must hold; `{}` finds every message. Texts are found anywhere in a field, in whatever
    /// case.
    ///
    /// @throws `unsupported` if the server lacks what a field of the query needs; `unreadable` if it tells of no result
    /// at all; `invalidArgument` if a value of the query is not a valid one; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub async fn search(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Search::new(SearchQuery::from_js(&query)?.try_into()?);
        let (_, done) = self.run(command.into(), &options).await?;
        Ok(self.found(done)?)
    }

    /// Finds messages like `search`, and tells what is wanted of them: how many, the lowest and the highest, a window
    /// of the list (ESEARCH, RFC 4731; PARTIAL, RFC 9394). If the server lacks these, all are listed, and it is
    /// worked out here.
    ///
    /// @throws `unsupported` if the server lacks what a field of the query needs; `unreadable` if it tells of no result
    /// at all; `invalidArgument` if a value of the query is not a valid one; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "SearchResult")]
    pub async fn esearch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchReturns")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let returns = SearchReturns::from_js(&returns)?;
        let command = Search { returns, ..Search::new(SearchQuery::from_js(&query)?.try_into()?) };
        self.summary(command, &options).await
    }

    /// Ends the `searchUpdate` events of results, by their `context` (RFC 5267 section 4.3.5).
    ///
    /// @throws `unsupported` if the server lacks CONTEXT=SEARCH; `wrongState` if no mailbox is open.
    #[wasm_bindgen(js_name = cancelUpdate)]
    pub async fn cancel_update(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly string[]")] contexts: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<(), JsValue> {
        let contexts: Vec<String> = from_js("contexts", contexts)?;
        if contexts.is_empty() {
            return self.unless_over(&options);
        }
        let contexts = contexts.iter().map(|tag| Context::of_tag(tag)).collect();
        self.change(CancelUpdate { contexts }, &options).await
    }
}
