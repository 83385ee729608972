//! `append()`, `appendAll()` and `replace()`: messages from `Blob`s, streams, bytes or texts, handed over as the
//! connection wants them. However large they are, none is ever held here as a whole.

use crate::error::{Error, ImapErrorCode};
use crate::glue::{JsSource, source};
use crate::imap::argument::append_options::AppendOptions;
use crate::imap::data::moved::AppendedMessages;
use crate::imap::options::from_js_exact;
use crate::imap::session::{Call, Progress, Session};
use crate::value::plain_to_js;
use js_sys::{Array, Reflect, Uint8Array};
use postern_protocol::imap::command::{CatenatePart, Command, NewMessage, Octets};
use postern_protocol::imap::{Done, Item};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Messages on their way to the server.
#[derive(Default)]
pub(crate) struct Upload {
    /// Where their bytes come from, in the order in which they are wanted.
    sources: VecDeque<Source>,
}

/// Where some bytes come from. Dropped, it is let go of.
struct Source {
    bytes: JsSource,
    /// How many it has still to give.
    left: u64,
}

impl Upload {
    /// Takes one more message: a JavaScript `MessageSource`, or a list of `CatenatePart`s.
    ///
    /// # Errors
    /// If it is neither.
    pub(crate) fn message(
        &mut self,
        message: &JsValue,
        options: &AppendOptions,
    ) -> Result<NewMessage, Error> {
        let Some(parts) = message.dyn_ref::<Array>() else {
            return options.apply(NewMessage::stream(self.take(message)?));
        };
        let parts = parts.iter().map(|part| self.part(&part)).collect::<Result<Vec<_>, _>>()?;
        options.apply(NewMessage::catenate(parts))
    }

    /// Takes one more message: a JavaScript `NewMessage`.
    ///
    /// # Errors
    /// If it is not a valid one.
    pub(crate) fn new_message(&mut self, message: &JsValue) -> Result<NewMessage, Error> {
        let options: AppendOptions = from_js_exact("messages", message, &["message"])?;
        self.message(&property(message, "message"), &options)
    }

    fn part(&mut self, part: &JsValue) -> Result<CatenatePart, Error> {
        match property(part, "url").as_string() {
            Some(url) => Ok(CatenatePart::Url(url)),
            None => Ok(CatenatePart::Text(Octets::Stream(self.take(&property(part, "text"))?))),
        }
    }

    /// Takes a JavaScript `MessageSource`. How many bytes it has comes back.
    fn take(&mut self, message: &JsValue) -> Result<u64, Error> {
        let wrong = || {
            Error::invalid(
                "message: give a Blob, a Uint8Array, a string, or { stream, size }, which must not be empty",
            )
        };
        let bytes = source(message).map_err(|_| wrong())?;
        let size = bytes.size();
        // JavaScript counts to 2^53.
        if !(1.0..=9_007_199_254_740_991.0).contains(&size) || size.fract() != 0.0 {
            return Err(wrong());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just looked at")]
        let left = size as u64;
        self.sources.push_back(Source { bytes, left });
        Ok(left)
    }

    /// Sends the command and what it asks for.
    ///
    /// # Errors
    /// Why it failed, or what the stream threw. If bytes are missing, the connection ends: the server must not
    /// store half a message.
    pub(crate) async fn run(
        mut self,
        session: &Rc<Session>,
        command: impl Into<Command>,
    ) -> Result<JsValue, JsValue> {
        let mut call = session.call(command);
        loop {
            match call.next().await {
                Progress::Item(item) => {
                    if let Item::Wanted(octets) = *item {
                        self.hand_over(&call, octets).await?;
                    }
                }
                Progress::Done(done) => {
                    let Done::Appended(appended) = done.map_err(Error::from)? else {
                        return Ok(JsValue::NULL);
                    };
                    return Ok(plain_to_js(&AppendedMessages::from(&appended)));
                }
            }
        }
    }

    /// As many bytes as are wanted, which are never more than one source has left.
    async fn hand_over(&mut self, call: &Call, octets: usize) -> Result<(), JsValue> {
        let mut wanted = octets;
        while wanted > 0 {
            let Some(source) = self.sources.front_mut() else { return Ok(()) };
            let Ok(chunk) = JsFuture::from(source.bytes.next()).await?.dyn_into::<Uint8Array>() else {
                let words = "message: the stream ended before the size that was given, or gave no bytes";
                return Err(Error::new(ImapErrorCode::InvalidArgument, words).into());
            };
            let chunk = chunk.to_vec();
            wanted = wanted.saturating_sub(chunk.len());
            source.left = source.left.saturating_sub(chunk.len() as u64);
            if source.left == 0 {
                self.sources.pop_front();
            }
            if !call.append_chunk(&chunk) {
                // The command has ended; its end says why.
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.bytes.cancel();
    }
}

/// A property of an object; undefined of anything else.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}
