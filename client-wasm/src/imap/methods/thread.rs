//! `thread()`: conversations. RFC 5256.

use crate::imap::ImapClient;
use crate::imap::argument::query::SearchQuery;
use crate::imap::options::from_js_exact;
use crate::value::plain_to_js;
use postern_protocol::imap::command::{self, Thread};
use postern_protocol::imap::{Done, ThreadNode};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Finds messages like `search`, and resolves with the conversations that they are part of. If the server lacks
    /// THREAD (RFC 5256), they are joined here.
    ///
    /// @throws `unsupported` if the server lacks what a field of the query needs; `unreadable` if it tells of no result
    /// at all; `invalidArgument` if a value of the query is not a valid one; `wrongState` if no mailbox is open.
    #[wasm_bindgen(unchecked_return_type = "ThreadedMessage[]")]
    pub async fn thread(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SearchQuery | null")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ThreadOptions & CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: ThreadOptions = from_js_exact("options", &options, &["signal"])?;
        let by = how.by.map(Into::into).unwrap_or_default();
        let command = Thread { by, search: SearchQuery::from_js_or_all(&query)?.try_into()? };
        let (_, done) = self.run(command.into(), &options).await?;
        let Done::Threads(threads) = done else { return Ok(JsValue::NULL) };
        Ok(plain_to_js(&threads.nodes.iter().map(ThreadedMessage::from).collect::<Vec<_>>()))
    }
}

/// How `thread` joins messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadOptions {
    /// What makes messages one conversation; `references` if it is left out.
    #[cfg_attr(test, ts(optional = nullable))]
    pub by: Option<ThreadBy>,
}

/// What makes messages one conversation (RFC 5256).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ThreadBy {
    /// Which answers which, and the subjects of those that say nothing of it.
    References,
    /// Which answers which, whatever the subjects are.
    Refs,
    /// Their subjects: every answer stands right below the first message.
    OrderedSubject,
}

impl From<ThreadBy> for command::ThreadBy {
    fn from(by: ThreadBy) -> Self {
        match by {
            ThreadBy::References => Self::References,
            ThreadBy::Refs => Self::Refs,
            ThreadBy::OrderedSubject => Self::OrderedSubject,
        }
    }
}

/// A message in its conversation. Each comes after the one that it answers; a conversation begins at depth 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ThreadedMessage {
    /// Which; `null` if the message is known only by those that answer it.
    pub uid: Option<u32>,
    /// How many messages stand above it.
    pub depth: u32,
}

impl From<&ThreadNode> for ThreadedMessage {
    fn from(node: &ThreadNode) -> Self {
        Self { uid: node.number, depth: node.depth }
    }
}
