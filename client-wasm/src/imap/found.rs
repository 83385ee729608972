//! What a search or a sort came to, as JavaScript is told.

use crate::error::{Error, ImapErrorCode};
use crate::imap::ImapClient;
use crate::value::plain_to_js;
use postern_protocol::imap::command::{self, Command};
use postern_protocol::imap::{Done, ModSeq, Uid, UidSet};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What was found: as much as was asked for, and otherwise `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchResult {
    /// All UIDs: ascending after a search, in its order after a sort.
    pub all: Option<Vec<u32>>,
    /// The lowest UID, or the first of a sort; `null` if nothing was found.
    pub min: Option<u32>,
    /// The highest UID, or the last of a sort; `null` if nothing was found.
    pub max: Option<u32>,
    /// How many there are.
    pub count: Option<u32>,
    /// The UIDs in the window.
    pub partial: Option<Vec<u32>>,
    /// The highest modification sequence of what was found, after a search for one (RFC 7162).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
    /// How well each matches, from 1 to 100, in the order of `all` or `partial`.
    pub relevancy: Vec<u8>,
    /// Names this result in `searchUpdate` events; `null` if it is not kept up to date.
    pub context: Option<String>,
}

impl SearchResult {
    /// `listed` makes a list of a set, within reason.
    ///
    /// # Errors
    /// Those of `listed`.
    fn new(
        data: &command::SearchResult,
        listed: impl Fn(&UidSet) -> Result<Vec<u32>, Error>,
    ) -> Result<Self, Error> {
        Ok(Self {
            all: data.all.as_ref().map(&listed).transpose()?,
            min: data.min.map(Uid::value),
            max: data.max.map(Uid::value),
            count: data.count,
            partial: data.partial.as_ref().map(&listed).transpose()?,
            mod_seq: data.mod_seq.map(|ModSeq(value)| value),
            relevancy: data.relevancy.clone(),
            context: data.context.as_ref().map(|context| context.tag().to_owned()),
        })
    }
}

impl ImapClient {
    /// What a search came to.
    pub(crate) fn found(&self, done: Done) -> Result<JsValue, Error> {
        let Done::Found(result) = done else { return Ok(JsValue::NULL) };
        Ok(plain_to_js(&self.listed(&result.all.unwrap_or_default())?))
    }

    /// As much of what a search came to as was wanted.
    pub(crate) async fn summary(
        &self,
        command: impl Into<Command>,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, done) = self.run(command.into(), options).await?;
        let Done::Found(result) = done else { return Ok(JsValue::NULL) };
        Ok(plain_to_js(&SearchResult::new(&result, |uids| self.listed(uids))?))
    }

    /// A set as a list, if there may be as many messages: a server can name four billion in ten bytes.
    fn listed(&self, uids: &UidSet) -> Result<Vec<u32>, Error> {
        let most = self.session.exists().map_or(0, u64::from) + NEW_MEANWHILE;
        if uids.count() > most {
            let words = "the server found more messages than the mailbox has";
            return Err(Error::new(ImapErrorCode::ServerMisbehaved, words));
        }
        Ok(uids.ranges().flat_map(|range| range.start().value()..=range.end().value()).collect())
    }
}

/// How many messages a server may have found that it did not tell of before.
const NEW_MEANWHILE: u64 = 10_000;
