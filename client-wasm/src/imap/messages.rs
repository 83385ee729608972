//! `fetch()`: messages as they arrive, in pieces that fit.
//!
//! A page's WebSocket can't slow its peer down: what was asked for arrives, wanted or not. So a set that may hold
//! many messages is first resolved to UIDs (a few bytes each), and then read some hundred at a time, the next
//! piece only when the one before is half taken.

use super::pull::{OnAbort, Source};
use super::session::{Call, Progress, Session};
use super::types::FetchedMessage;
use crate::error::Error;
use crate::value::to_js;
use postern_protocol::imap::command::{Fetch, FetchAttribute, Sequence};
use postern_protocol::imap::{Item, Uid, UidSet};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The messages of a set.
pub(crate) struct Messages {
    session: Rc<Session>,
    attributes: Vec<FetchAttribute>,
    /// What is still to be asked for.
    rest: Rest,
    /// What is asked for now.
    call: Option<Call>,
    arrived: VecDeque<FetchedMessage>,
}

/// What is still to be asked for.
enum Rest {
    /// A set that may hold anything.
    Unknown(UidSet),
    /// These messages.
    Known(VecDeque<Uid>),
}

impl Messages {
    pub(crate) fn new(session: Rc<Session>, set: UidSet, attributes: Vec<FetchAttribute>) -> Self {
        Self { session, attributes, rest: Rest::Unknown(set), call: None, arrived: VecDeque::new() }
    }

    /// Asks for the next piece, where there is room for it.
    async fn ask(&mut self) -> Result<(), Error> {
        if self.call.is_some() || self.arrived.len() > PIECE / 2 {
            return Ok(());
        }
        if let Rest::Unknown(set) = &self.rest {
            let set = set.clone();
            let small = set.count().min(self.session.exists().map_or(u64::MAX, u64::from)) <= PIECE as u64;
            if small {
                self.rest = Rest::Known(VecDeque::new());
                self.call = Some(self.fetch(set, self.attributes.clone()));
                return Ok(());
            }
            let mut uids = Vec::new();
            let each = |item| {
                if let Item::Message(message) = item {
                    uids.extend(message.uid);
                }
            };
            self.fetch(set, Vec::new()).finish(each).await?;
            // A server may tell of a message twice.
            uids.sort_unstable();
            uids.dedup();
            self.rest = Rest::Known(uids.into());
        }
        if let Rest::Known(uids) = &mut self.rest
            && !uids.is_empty()
        {
            let piece = uids.drain(..PIECE.min(uids.len())).collect();
            self.call = Some(self.fetch(piece, self.attributes.clone()));
        }
        Ok(())
    }

    fn fetch(&self, set: UidSet, mut items: Vec<FetchAttribute>) -> Call {
        items.push(FetchAttribute::Uid);
        self.session.call(Fetch { set: Sequence::Uid(set), items })
    }
}

impl Source for Messages {
    const ON_ABORT: OnAbort = OnAbort::Reject;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        loop {
            self.ask().await?;
            if let Some(message) = self.arrived.pop_front() {
                return Ok(Some(to_js(&message)));
            }
            let Some(call) = &mut self.call else { return Ok(None) };
            match call.next().await {
                Progress::Item(item) => {
                    if let Item::Message(message) = *item {
                        self.arrived.extend(FetchedMessage::from_data(&message));
                    }
                }
                Progress::Done(done) => {
                    self.call = None;
                    done?;
                }
            }
        }
    }
}

/// Messages asked for at once.
const PIECE: usize = 200;
