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
use std::collections::{BTreeMap, VecDeque};
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
    /// Messages of which something is still to come: a server may tell one in several responses (RFC 9051 section
    /// 7.5.2).
    partial: BTreeMap<u32, FetchedMessage>,
    /// The piece that these are of is answered.
    is_through: bool,
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
        let rest = if set.is_empty() { Rest::Known(VecDeque::new()) } else { Rest::Unknown(set, window) };
        Ok(Self {
            session,
            attributes,
            rest,
            calls: VecDeque::new(),
            taken: 0,
            partial: BTreeMap::new(),
            is_through: false,
        })
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

    /// Takes what was told of a message; the message, once all that was asked for is told.
    fn take_in(&mut self, told: FetchedMessage) -> Option<FetchedMessage> {
        let message = match self.partial.remove(&told.uid) {
            Some(before) => before.joined_with(told),
            None => told,
        };
        if self.attributes.iter().all(|asked| message.has(asked)) {
            return Some(message);
        }
        self.partial.insert(message.uid, message);
        None
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
            // What is not told by the end of a piece never is.
            if self.is_through
                && let Some((_, message)) = self.partial.pop_first()
            {
                return Ok(Some(to_js(&message)));
            }
            self.is_through = false;
            self.ask().await?;
            let Some(call) = self.calls.front_mut() else { return Ok(None) };
            match call.next().await {
                Progress::Item(item) => {
                    if let Item::Message(message) = *item
                        && let Some(message) = FetchedMessage::from_data(&message)
                        && let Some(message) = self.take_in(message)
                    {
                        self.taken += 1;
                        return Ok(Some(to_js(&message)));
                    }
                }
                Progress::Done(done) => {
                    self.calls.pop_front();
                    self.taken = 0;
                    self.is_through = true;
                    done?;
                }
            }
        }
    }
}

/// Messages asked for at once.
const PIECE: usize = 200;
