//! `fetch()`: messages as they arrive, in pieces that fit.
//!
//! A page's WebSocket can't slow its peer down: what was asked for arrives, wanted or not. So a set that may hold
//! many messages is first resolved to UIDs (a few bytes each), and then read some hundred at a time, the next
//! piece only when the one before is half taken.

use super::pull::{OnAbort, Source};
use super::session::{Call, Progress, Session};
use super::types::{FetchedMessage, MessageWindow};
use crate::error::Error;
use crate::value::to_js;
use postern_protocol::imap::command::{Fetch, FetchAttribute, Window};
use postern_protocol::imap::{Item, Uid, UidSet};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The messages of a set.
pub(crate) struct Messages {
    session: Rc<Session>,
    attributes: Vec<FetchAttribute>,
    rest: Rest,
    /// What is on its way: at most two pieces.
    calls: VecDeque<Call>,
    /// How many messages of the first of them were taken.
    taken: usize,
}

/// What is still to be asked for.
enum Rest {
    /// A set that may hold anything, or a window of it.
    Unknown(UidSet, Option<MessageWindow>),
    /// These messages.
    Known(VecDeque<Uid>),
}

impl Messages {
    /// # Errors
    /// Where the window is none.
    pub(crate) fn new(
        session: Rc<Session>,
        set: UidSet,
        attributes: Vec<FetchAttribute>,
        window: Option<MessageWindow>,
    ) -> Result<Self, Error> {
        window.map(MessageWindow::window).transpose()?;
        Ok(Self { session, attributes, rest: Rest::Unknown(set, window), calls: VecDeque::new(), taken: 0 })
    }

    /// Asks for the next piece, where it is time.
    async fn ask(&mut self) -> Result<(), Error> {
        if self.calls.len() > 1 || (self.calls.len() == 1 && self.taken < PIECE / 2) {
            return Ok(());
        }
        if let Rest::Unknown(set, window) = &self.rest {
            let (set, window) = (set.clone(), *window);
            let exists = self.session.exists().map_or(u64::MAX, u64::from);
            let most = set.count().min(exists).min(window.map_or(u64::MAX, MessageWindow::size));
            let partial = window.map(MessageWindow::window).transpose()?;
            if most <= PIECE as u64 {
                self.rest = Rest::Known(VecDeque::new());
                let call = self.fetch(set, self.attributes.clone(), partial);
                self.calls.push_back(call);
                return Ok(());
            }
            let mut uids = Vec::new();
            let each = |item| {
                if let Item::Message(message) = item {
                    uids.extend(message.uid);
                }
            };
            self.fetch(set, Vec::new(), partial).finish(each).await?;
            // A server may tell of a message twice.
            uids.sort_unstable();
            uids.dedup();
            self.rest = Rest::Known(uids.into());
        }
        if let Rest::Known(uids) = &mut self.rest
            && !uids.is_empty()
        {
            let piece = uids.drain(..PIECE.min(uids.len())).collect();
            let call = self.fetch(piece, self.attributes.clone(), None);
            self.calls.push_back(call);
        }
        Ok(())
    }

    fn fetch(&self, set: UidSet, mut items: Vec<FetchAttribute>, partial: Option<Window>) -> Call {
        items.push(FetchAttribute::Uid);
        self.session.call(Fetch { partial, ..Fetch::new(set, items) })
    }
}

impl Source for Messages {
    const ON_ABORT: OnAbort = OnAbort::Reject;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        loop {
            self.ask().await?;
            let Some(call) = self.calls.front_mut() else { return Ok(None) };
            match call.next().await {
                Progress::Item(item) => {
                    if let Item::Message(message) = *item
                        && let Some(message) = FetchedMessage::from_data(&message)
                    {
                        self.taken += 1;
                        return Ok(Some(to_js(&message)));
                    }
                }
                Progress::Done(done) => {
                    self.calls.pop_front();
                    self.taken = 0;
                    done?;
                }
            }
        }
    }
}

/// Messages asked for at once.
const PIECE: usize = 200;
