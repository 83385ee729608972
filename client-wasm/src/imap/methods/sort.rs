//! `sort()` and `esort()`: messages in an order. RFC 5256, RFC 5267, RFC 5957.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::argument::query::SearchQuery;
use crate::imap::argument::returns::SearchReturns;
use crate::input::from_js;
use postern_protocol::imap::command::{self, Sort, SortKey, SortOrder};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds messages like `search`, and resolves with their UIDs in the order of these criteria, the most important
    /// first. If the server lacks SORT (RFC 5256), they are sorted here.
    ///
    /// @throws `unsupported` if the server lacks what a field of the query needs; `unreadable` if it tells of no result
    /// at all; `invalidArgument` if a value of the query is not a valid one; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub async fn sort(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly SortCriterion[]")] criteria: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = sort(criteria, &query)?;
        let (_, done) = self.run(command.into(), &options).await?;
        Ok(self.found(done)?)
    }

    /// Sorts messages like `sort`, and tells what is wanted of the list (ESORT, RFC 5267), such as its first fifty.
    ///
    /// @throws `unsupported` if the server lacks what a field of the query needs; `unreadable` if it tells of no result
    /// at all; `invalidArgument` if a value of the query is not a valid one; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "SearchResult")]
    pub async fn esort(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly SortCriterion[]")] criteria: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchReturns")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let returns = SearchReturns::from_js(&returns)?;
        self.summary(Sort { returns, ..sort(criteria, &query)? }, &options).await
    }
}

fn sort(criteria: JsValue, query: &JsValue) -> Result<Sort, Error> {
    let criteria: Vec<SortCriterion> = from_js("criteria", criteria)?;
    let keys = criteria.into_iter().map(Into::into).collect();
    Ok(Sort::new(keys, SearchQuery::from_js_or_all(query)?.try_into()?))
}

/// One thing that messages are compared by. If it is the same, the next one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SortCriterion {
    /// What is compared.
    pub by: SortBy,
    /// The largest, newest or last of the alphabet first.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub descending: Option<bool>,
}

/// What messages are compared by (RFC 5256, RFC 5957).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SortBy {
    /// When it arrived.
    Arrival,
    /// When it was sent.
    Date,
    /// How large it is.
    Size,
    /// Its subject, without `Re:` and the like.
    Subject,
    /// The name before the `@` of the first sender.
    From,
    /// The name before the `@` of the first addressee.
    To,
    /// The name before the `@` of the first one copied.
    Cc,
    /// The first sender, as a person sees it.
    DisplayFrom,
    /// The first addressee, as a person sees it.
    DisplayTo,
}

impl From<SortCriterion> for SortKey {
    fn from(criterion: SortCriterion) -> Self {
        use command::SortBy as To;
        let by = match criterion.by {
            SortBy::Arrival => To::Arrival,
            SortBy::Date => To::Date,
            SortBy::Size => To::Size,
            SortBy::Subject => To::Subject,
            SortBy::From => To::From,
            SortBy::To => To::To,
            SortBy::Cc => To::Cc,
            SortBy::DisplayFrom => To::DisplayFrom,
            SortBy::DisplayTo => To::DisplayTo,
        };
        let is_descending = criterion.descending == Some(true);
        Self { by, order: if is_descending { SortOrder::Descending } else { SortOrder::Ascending } }
    }
}
