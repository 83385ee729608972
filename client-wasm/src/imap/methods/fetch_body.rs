//! `fetchBody()`: a part of a message, as it travels or decoded. RFC 9051 section 6.4.5, RFC 3516.

use crate::imap::ImapClient;
use crate::imap::abort::signal_of;
use crate::imap::argument::{section, set};
use crate::imap::body::Body;
use crate::imap::options::from_js_exact;
use crate::imap::pull::byte_stream;
use serde::Deserialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Reads a part of a message as it travels: `"1.2"`, `"HEADER"`, `"TEXT"`, or `""` for the whole of it. Does not
    /// mark it as read. Never more than about a megabyte is on its way, however slowly the stream is read; cancelling
    /// the stream stops it.
    ///
    /// With `decoded`, a part such as `"1.2"` comes without its transfer encoding: the server undoes it if it can
    /// (BINARY, RFC 3516), and else the client does. Without it, all comes as it travels.
    ///
    /// @throws `invalidArgument`, at once, if the UID, the section or an option is not a valid one. The stream fails
    /// with `gone` if there is no such message or part; with `wrongState` if no mailbox is open; with
    /// `serverMisbehaved` if another piece comes than was asked for; with `unsupported` if the server stops decoding
    /// halfway. Note that `new Response(stream)` hides these behind a `TypeError` of its own.
    #[wasm_bindgen(js_name = fetchBody, unchecked_return_type = "ReadableStream<Uint8Array<ArrayBuffer>>")]
    pub fn fetch_body(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] uid: &JsValue,
        section: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "BodyOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: BodyOptions = from_js_exact("options", options, &["signal"])?;
        let uid = set::uid_from_js(uid)?;
        let session = Rc::clone(&self.session);
        let body = if how.decoded == Some(true) {
            Body::decoded(session, uid, section::part(section)?)
        } else {
            Body::new(session, uid, section::parse(section)?)
        };
        Ok(byte_stream(body, signal_of(options)?))
    }
}

/// How to read a part of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BodyOptions {
    /// Without the part's transfer encoding (base64, quoted-printable): the server undoes it if it can (BINARY, RFC
    /// 3516), else the client does. For parts such as `"1.2"` alone. If it is `false` or left out, the bytes come as
    /// they travel. A charset is never decoded.
    #[cfg_attr(test, ts(optional = nullable))]
    pub decoded: Option<bool>,
}
