//! `ImapClient`'s methods that find messages, sort them and join them.

use super::ImapClient;
use super::types::{
    FoundInMailbox, SearchQuery, SearchResult, SearchReturns, SortCriterion, ThreadOptions, ThreadedMessage,
    UidBatchOptions, filters,
};
use crate::error::{Error, ImapErrorCode};
use crate::imap::options::from_js_exact;
use crate::value::{from_js, to_js};
use postern_protocol::imap::command::{
    CancelUpdate, Command, Context, MultiSearch, Search, Sort, Thread, UidBatches,
};
use postern_protocol::imap::{Done, Item, UidSet};
use std::num::NonZero;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds messages in the open mailbox, and resolves with their UIDs in ascending order.
    ///
    /// All that the query says must hold; `{}` finds every message. Texts are found anywhere in a field, in whatever
    /// case.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub async fn search(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = Search::new(SearchQuery::read(&query)?.key()?);
        let (_, done) = self.run(command.into(), &options).await?;
        Ok(self.found(done)?)
    }

    /// Finds messages like `search`, and resolves with their UIDs in the order of these criteria, the most important
    /// first. Where the server lacks SORT (RFC 5256), they are sorted here.
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

    /// Finds messages like `search`, and tells what is wanted of them: how many, the lowest and the highest, a window of
    /// the list (ESEARCH, RFC 4731; PARTIAL, RFC 9394). Where the server lacks these, all are listed, and it is worked
    /// out here.
    #[wasm_bindgen(unchecked_return_type = "SearchResult")]
    pub async fn esearch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchReturns")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let returns = SearchReturns::read(&returns)?;
        let command = Search { returns, ..Search::new(SearchQuery::read(&query)?.key()?) };
        self.summary(command, &options).await
    }

    /// Sorts messages like `sort`, and tells what is wanted of the list (ESORT, RFC 5267), such as its first fifty.
    #[wasm_bindgen(unchecked_return_type = "SearchResult")]
    pub async fn esort(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly SortCriterion[]")] criteria: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchReturns")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let returns = SearchReturns::read(&returns)?;
        self.summary(Sort { returns, ..sort(criteria, &query)? }, &options).await
    }

    /// Ends the `searchUpdate` events of results, by their `context` (RFC 5267 section 4.3.5).
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

    /// Finds messages in several mailboxes, which need not be open (MULTISEARCH, RFC 7377). Of what is wanted, `all`,
    /// `min`, `max` and `count` can be told. Rejects with `unsupported` where the server lacks it: to search one
    /// mailbox after the other would close the one that is open.
    #[wasm_bindgen(js_name = multiSearch, unchecked_return_type = "FoundInMailbox[]")]
    pub async fn multi_search(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly MailboxFilter[]")] mailboxes: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SearchQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchReturns | null")] returns: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = MultiSearch {
            mailboxes: filters(from_js("mailboxes", mailboxes)?)?,
            key: SearchQuery::read(&query)?.key()?,
            returns: SearchReturns::read(&returns)?,
        };
        self.gather(command, &options, |item, found: &mut Vec<FoundInMailbox>| {
            if let Item::Found { mailbox, uid_validity, result } = item {
                found.push(FoundInMailbox::new(&mailbox, uid_validity, &result));
            }
        })
        .await
    }

    /// Finds messages like `search`, and resolves with the conversations that they are part of. Where the server
    /// lacks THREAD (RFC 5256), they are joined here.
    #[wasm_bindgen(unchecked_return_type = "ThreadedMessage[]")]
    pub async fn thread(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ThreadOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: ThreadOptions = from_js_exact("options", &options, &["signal"])?;
        let by = how.by.map(Into::into).unwrap_or_default();
        let command = Thread { by, search: SearchQuery::read_or_all(&query)?.key()? };
        let (_, done) = self.run(command.into(), &options).await?;
        let Done::Threads(threads) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&threads.nodes.iter().map(ThreadedMessage::from).collect::<Vec<_>>()))
    }

    /// Parts the open mailbox into ranges of UIDs with so many messages each, the newest first, as sets such as
    /// `"4001:5000"` (UIDBATCHES, RFC 10022; otherwise worked out here).
    #[wasm_bindgen(js_name = uidBatches, unchecked_return_type = "string[]")]
    pub async fn uid_batches(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] size: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "UidBatchOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: UidBatchOptions = from_js_exact("options", &options, &["signal"])?;
        let size: NonZero<u32> = from_js("size", size)?;
        let command = UidBatches { size: size.get(), batches: how.batches()? };
        let (_, done) = self.run(command.into(), &options).await?;
        let Done::Batches(batches) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&batches.into_iter().map(|batch| UidSet::from(batch).to_string()).collect::<Vec<_>>()))
    }
}

impl ImapClient {
    /// What a search came to.
    fn found(&self, done: Done) -> Result<JsValue, Error> {
        let Done::Found(result) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&self.listed(&result.all.unwrap_or_default())?))
    }

    /// As much of what a search came to as was wanted.
    async fn summary(&self, command: impl Into<Command>, options: &JsValue) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let Done::Found(result) = done else { return Ok(JsValue::NULL) };
        Ok(to_js(&SearchResult::from_data(&result, |uids| self.listed(uids))?))
    }

    /// A set as a list, where there may be as many messages: a server can name four thousand million in ten bytes.
    fn listed(&self, uids: &UidSet) -> Result<Vec<u32>, Error> {
        let most = self.session.exists().map_or(0, u64::from) + NEW_MEANWHILE;
        if uids.count() > most {
            let words = "the server found more messages than the mailbox has";
            return Err(Error::new(ImapErrorCode::ServerMisbehaved, words));
        }
        Ok(uids.ranges().flat_map(|range| range.start().value()..=range.end().value()).collect())
    }
}

fn sort(criteria: JsValue, query: &JsValue) -> Result<Sort, Error> {
    let criteria: Vec<SortCriterion> = from_js("criteria", criteria)?;
    let keys = criteria.into_iter().map(Into::into).collect();
    Ok(Sort::new(keys, SearchQuery::read_or_all(query)?.key()?))
}

/// How many messages a server may have found that it did not tell of before.
const NEW_MEANWHILE: u64 = 10_000;
