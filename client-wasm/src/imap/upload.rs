//! `append()` and `replace()`: a message from a `Blob`, a stream, bytes or a text, handed over as the connection wants
//! it. However large it is, it is never held here as a whole.

use super::session::{Call, Progress, Session};
use super::types::{AppendOptions, AppendedMessages};
use crate::error::{Error, ImapErrorCode};
use crate::glue::{JsSource, source};
use crate::value::to_js;
use js_sys::Uint8Array;
use postern_protocol::imap::command::{Command, NewMessage};
use postern_protocol::imap::{Done, Item};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A message on its way to the server. Dropped, it lets go of where its bytes come from.
pub(crate) struct Upload {
    source: JsSource,
    size: u64,
}

impl Upload {
    /// Takes a JavaScript `MessageSource`.
    ///
    /// # Errors
    /// Where it is none.
    pub(crate) fn new(message: &JsValue) -> Result<Self, Error> {
        let wrong = || {
            Error::invalid(
                "message: give a Blob, a Uint8Array, a string, or { stream, size }, which must not be empty",
            )
        };
        let source = source(message).map_err(|_| wrong())?;
        let size = source.size();
        // JavaScript counts to 2^53.
        if !(1.0..=9_007_199_254_740_991.0).contains(&size) || size.fract() != 0.0 {
            return Err(wrong());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just looked at")]
        Ok(Self { source, size: size as u64 })
    }

    /// The message for the command.
    pub(crate) fn message(&self, options: &AppendOptions) -> Result<NewMessage, Error> {
        options.apply(NewMessage::stream(self.size))
    }

    /// Sends the command and what it asks for.
    ///
    /// # Errors
    /// Why it failed, or what the stream threw. Where bytes are missing, the connection ends: the server must not
    /// store half a message.
    pub(crate) async fn run(
        self,
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
                    return Ok(to_js(&AppendedMessages::from_appended(&appended)));
                }
            }
        }
    }

    async fn hand_over(&self, call: &Call, octets: usize) -> Result<(), JsValue> {
        let mut left = octets;
        while left > 0 {
            let Ok(chunk) = JsFuture::from(self.source.next()).await?.dyn_into::<Uint8Array>() else {
                let words = "message: the stream ended before the size that was given, or gave no bytes";
                return Err(Error::new(ImapErrorCode::InvalidArgument, words).into());
            };
            let chunk = chunk.to_vec();
            left = left.saturating_sub(chunk.len());
            if !call.append_chunk(&chunk) {
                // The command has ended; its end says why.
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.source.cancel();
    }
}
