//! `idle()`: keeps an IDLE open while somebody waits for news.

use super::pull::{OnAbort, Source};
use super::session::{Call, Progress, Session};
use crate::error::Error;
use crate::value::to_js;
use futures::future::{self, Either};
use postern_protocol::imap::command::Idle;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// News as they happen. IDLE begins with the first question, and ends when this is dropped.
pub(crate) struct Idling {
    session: Rc<Session>,
    call: Option<Call>,
}

impl Idling {
    pub(crate) fn new(session: Rc<Session>) -> Self {
        Self { session, call: None }
    }
}

impl Source for Idling {
    const ON_ABORT: OnAbort = OnAbort::End;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        let session = &self.session;
        let call = self.call.get_or_insert_with(|| session.call(Idle));
        let news = async { Ok(Some(to_js(&session.next_news().await))) };
        // The end of IDLE by itself is a failure, or that of the connection.
        let ended = async {
            loop {
                if let Progress::Done(done) = call.next().await {
                    return done.map(|_| None).map_err(Error::from);
                }
            }
        };
        match future::select(pin!(news), pin!(ended)).await {
            Either::Left((answer, _)) | Either::Right((answer, _)) => answer,
        }
    }
}
