//! `idle()` and `noop()`: what happens in the open mailbox, as it happens or since the last time. RFC 2177.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::abort::signal_of;
use crate::imap::options::{from_js_exact, milliseconds};
use crate::imap::pull::{OnAbort, Source, async_iterator};
use crate::imap::session::{Call, Progress, Session};
use crate::value::plain_to_js;
use futures::future::{self, Either};
use postern_protocol::imap::Deadlines;
use postern_protocol::imap::command::{Idle, Noop};
use serde::Deserialize;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Tells what happens in the open mailbox, as it happens, beginning with what was missed since the last `idle()` or
    /// `noop()`. Other commands may be asked meanwhile. Ends quietly with `break` or the signal.
    ///
    /// A link that is dead shows when IDLE is renewed and the answer does not come: after `renewAfter` (five minutes)
    /// and `answerTimeout` of `connect` (one minute) the code is `timedOut`. If the server said nothing since the
    /// last time, it is asked by NOOP then as well.
    ///
    /// @throws `invalidArgument`, at once, if an option is not a valid one. The iteration: `timedOut` if the link is
    /// dead; `wrongState` if nobody is signed in, or another `idle()` runs.
    #[wasm_bindgen(unchecked_return_type = "AsyncGenerator<MailboxEvent, void, undefined>")]
    pub fn idle(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "IdleOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: IdleOptions = from_js_exact("options", options, &["signal"])?;
        self.session.renew_idle_after(how.renew_after()?);
        Ok(async_iterator(Idling::new(Rc::clone(&self.session)), signal_of(options)?))
    }

    /// Sends NOOP, and resolves with what happened in the open mailbox since the last time.
    ///
    /// @throws `timedOut` or `connectionLost` if the connection turns out to be over.
    #[wasm_bindgen(unchecked_return_type = "MailboxEvent[]")]
    pub async fn noop(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.change(Noop, &options).await?;
        Ok(plain_to_js(&self.session.take_events()))
    }
}

/// How `idle` waits.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct IdleOptions {
    /// When to leave IDLE and enter it again, in milliseconds, so that a dead link shows; 300,000 (five minutes) if it
    /// is left out, and 28 minutes at most.
    pub renew_after: Option<f64>,
}

impl IdleOptions {
    /// # Errors
    /// If the time is not a valid one.
    pub(crate) fn renew_after(&self) -> Result<Duration, Error> {
        self.renew_after
            .map_or(Ok(Deadlines::default().idle_renewal), |given| milliseconds("renewAfter", given))
    }
}

/// Events as they happen. IDLE begins with the first question, and ends when this is dropped.
struct Idling {
    session: Rc<Session>,
    call: Option<Call>,
}

impl Idling {
    fn new(session: Rc<Session>) -> Self {
        Self { session, call: None }
    }
}

impl Source for Idling {
    const ON_ABORT: OnAbort = OnAbort::End;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        let session = &self.session;
        let call = self.call.get_or_insert_with(|| session.call(Idle));
        let event = async { Ok(Some(plain_to_js(&session.next_event().await))) };
        // The end of IDLE by itself is a failure, or that of the connection.
        let ended = async {
            loop {
                if let Progress::Done(done) = call.next().await {
                    return done.map(|_| None).map_err(Error::from);
                }
            }
        };
        match future::select(pin!(event), pin!(ended)).await {
            Either::Left((answer, _)) | Either::Right((answer, _)) => answer,
        }
    }
}
