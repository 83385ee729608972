//! `uidBatches()`: the open mailbox in ranges of UIDs. RFC 10022.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::options::from_js_exact;
use crate::input::from_js;
use crate::value::plain_to_js;
use postern_protocol::imap::command::UidBatches;
use postern_protocol::imap::{Done, UidSet};
use serde::Deserialize;
use std::num::NonZero;
use std::ops::RangeInclusive;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Parts the open mailbox into ranges of UIDs with this many messages each, the newest first, as sets such as
    /// `"4001:5000"` (UIDBATCHES, RFC 10022; otherwise worked out here).
    ///
    /// @throws `invalidArgument` if `size` or an option is not a valid one; `wrongState` if no mailbox is open.
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
        Ok(plain_to_js(&batches.into_iter().map(|batch| UidSet::from(batch).to_string()).collect::<Vec<_>>()))
    }
}

/// Which batches `uidBatches` is to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct UidBatchOptions {
    /// The first one, from 1, which has the newest messages; 1 if it is left out.
    pub first: Option<u32>,
    /// The last one; the one with the oldest messages if it is left out.
    pub last: Option<u32>,
}

impl UidBatchOptions {
    /// # Errors
    /// If the first is 0 or past the last.
    fn batches(&self) -> Result<Option<RangeInclusive<u32>>, Error> {
        let (first, last) = (self.first.unwrap_or(1), self.last.unwrap_or(u32::MAX));
        if first == 0 || first > last {
            return Err(Error::invalid(
                "options: the first batch must be at least 1, and not behind the last",
            ));
        }
        Ok(((first, last) != (1, u32::MAX)).then_some(first..=last))
    }
}
