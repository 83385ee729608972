//! `fetch()`: messages as they arrive, in pieces that fit. RFC 9051 section 6.4.5.
//!
//! A page's WebSocket can't slow its peer down: what was asked for arrives, wanted or not. So a set that may hold
//! many messages is first resolved to UIDs (a few bytes each), and then read some hundred at a time, the next
//! piece only when the one before is half taken. What has arrived together becomes JavaScript's together: to make a message's
//! objects one by one, and to wake a promise for each, is most of what a large mailbox would take.

use crate::error::Error;
use crate::imap::ImapClient;
use crate::imap::abort::signal_of;
use crate::imap::argument::set;
use crate::imap::argument::window::MessageWindow;
use crate::imap::data::message::FetchedMessage;
use crate::imap::machine::Failure;
use crate::imap::options::from_js_exact;
use crate::imap::pull::{OnAbort, Source, batch_iterator};
use crate::imap::session::{Call, Progress, Session};
use crate::value::PlainArray;
use postern_protocol::imap::command::{Fetch, FetchAttribute, Window};
use postern_protocol::imap::{Done, Item, Uid, UidSet};
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl ImapClient {
    /// Reads messages, each as it arrives. Large sets are asked for in pieces, and only as fast as they are taken.
    /// Leaving the loop cancels what is still to come.
    ///
    /// @throws `invalidArgument`, at once, if the set, the query or an option is not a valid one. The iteration:
    /// `wrongState` if no mailbox is open; `unsupported` if the server lacks all that is asked for.
    #[wasm_bindgen(unchecked_return_type = "AsyncGenerator<FetchedMessage, void, undefined>")]
    pub fn fetch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MessageSet")] set: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FetchQuery")] query: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FetchOptions & CallOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let query: FetchQuery = from_js_exact("query", query, &[])?;
        let how: FetchOptions = from_js_exact("options", options, &["signal"])?;
        let messages =
            Messages::new(Rc::clone(&self.session), set::from_js(set)?, query.into(), how.partial)?;
        Ok(batch_iterator(messages, signal_of(options)?))
    }
}

/// What to know of each message. Its UID always comes along. What the server lacks is left out of the question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct FetchQuery {
    /// Its flags.
    pub flags: Option<bool>,
    /// Its header, read by the server: who, when, what about.
    pub envelope: Option<bool>,
    /// How it is built.
    pub body_structure: Option<bool>,
    /// When it arrived at the server.
    pub internal_date: Option<bool>,
    /// Its size.
    pub size: Option<bool>,
    /// The number of its last change (CONDSTORE, RFC 7162).
    pub mod_seq: Option<bool>,
    /// The first words of its text (PREVIEW, RFC 8970).
    pub preview: Option<bool>,
    /// When it came into this mailbox (SAVEDATE, RFC 8514).
    pub save_date: Option<bool>,
    /// Its identifier, the same in every mailbox (OBJECTID, RFC 8474).
    pub email_id: Option<bool>,
    /// Its conversation's identifier (OBJECTID).
    pub thread_id: Option<bool>,
    /// Gmail's id of it (X-GM-EXT-1, as the next two).
    pub gmail_message_id: Option<bool>,
    /// Gmail's id of its conversation.
    pub gmail_thread_id: Option<bool>,
    /// Gmail's labels on it.
    pub gmail_labels: Option<bool>,
    /// Its annotations (ANNOTATE, RFC 5257).
    pub annotations: Option<AnnotationItems>,
}

/// Which annotations of messages to read (RFC 5257 section 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnnotationItems {
    /// `/comment`, `/*` and the like.
    pub entries: Vec<String>,
    /// What of each: `value`, `value.priv`, `size.shared` and the like.
    pub attributes: Vec<String>,
}

impl From<FetchQuery> for Vec<FetchAttribute> {
    fn from(query: FetchQuery) -> Self {
        use FetchAttribute as A;
        let asked = [
            (query.flags, A::Flags),
            (query.envelope, A::Envelope),
            (query.body_structure, A::BodyStructure),
            (query.internal_date, A::InternalDate),
            (query.size, A::Size),
            (query.mod_seq, A::ModSeq),
            (query.preview, A::Preview),
            (query.save_date, A::SaveDate),
            (query.email_id, A::EmailId),
            (query.thread_id, A::ThreadId),
            (query.gmail_message_id, A::GmailMessageId),
            (query.gmail_thread_id, A::GmailThreadId),
            (query.gmail_labels, A::GmailLabels),
        ];
        let asked = asked.into_iter().filter(|(asked, _)| *asked == Some(true));
        let annotations = query
            .annotations
            .map(|AnnotationItems { entries, attributes }| A::Annotations { entries, attributes });
        asked.map(|(_, attribute)| attribute).chain(annotations).collect()
    }
}

/// How to read messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FetchOptions {
    /// Only those in a window of the set, in the order of their UIDs (PARTIAL, RFC 9394; otherwise worked out).
    #[cfg_attr(test, ts(optional = nullable))]
    pub partial: Option<MessageWindow>,
}

/// The messages of a set.
struct Messages {
    session: Rc<Session>,
    attributes: Vec<FetchAttribute>,
    rest: Rest,
    /// What is on its way: at most two pieces.
    calls: VecDeque<Call>,
    /// How many messages of the first of them were given out.
    taken: usize,
    /// Messages of which something is still to come: a server may report one in several responses (RFC 9051 section
    /// 7.5.2).
    partial: BTreeMap<u32, FetchedMessage>,
    /// Why there is nothing more.
    failure: Option<Error>,
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
    /// If the window is not a valid one.
    fn new(
        session: Rc<Session>,
        set: UidSet,
        attributes: Vec<FetchAttribute>,
        window: Option<MessageWindow>,
    ) -> Result<Self, Error> {
        window.map(Window::try_from).transpose()?;
        let rest = if set.is_empty() { Rest::Known(VecDeque::new()) } else { Rest::Unknown(set, window) };
        Ok(Self {
            session,
            attributes,
            rest,
            calls: VecDeque::new(),
            taken: 0,
            partial: BTreeMap::new(),
            failure: None,
        })
    }

    /// Asks for the next piece, if it is time.
    async fn ask(&mut self) -> Result<(), Error> {
        if self.calls.len() > 1 || (self.calls.len() == 1 && self.taken < PIECE / 2) {
            return Ok(());
        }
        if let Rest::Unknown(set, window) = &self.rest {
            let (set, window) = (set.clone(), *window);
            let exists = self.session.exists().map_or(u64::MAX, u64::from);
            let most = set.count().min(exists).min(window.map_or(u64::MAX, MessageWindow::size));
            let partial = window.map(Window::try_from).transpose()?;
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

    /// Adds to the batch what came of the first piece. Its end, if that is what came.
    fn accept(&mut self, progress: Progress, batch: &mut PlainArray) -> Option<Result<Done, Failure>> {
        match progress {
            Progress::Item(item) => {
                if let Item::Message(message) = *item
                    && let Ok(message) = FetchedMessage::try_from(&message)
                    && let Some(message) = self.joined(message)
                {
                    self.taken += 1;
                    batch.push(&message);
                }
                None
            }
            Progress::Done(done) => {
                self.calls.pop_front();
                self.taken = 0;
                if done.is_ok() {
                    // What was not reported by the end of a piece never is.
                    std::mem::take(&mut self.partial).values().for_each(|message| batch.push(message));
                }
                Some(done)
            }
        }
    }

    /// Joins what one response reported of a message with those before it; the message, once all that was asked for is there.
    fn joined(&mut self, part: FetchedMessage) -> Option<FetchedMessage> {
        let message = match self.partial.remove(&part.uid) {
            Some(before) => before.joined_with(part),
            None => part,
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
        // What came before a failure was given out before it.
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut batch = PlainArray::with_capacity(BATCH + BATCH / 4);
        while batch.octets() < BATCH {
            self.ask().await?;
            let Some(call) = self.calls.front_mut() else { break };
            let progress = match call.next_if_ready() {
                Some(progress) => progress,
                None if batch.is_empty() => call.next().await,
                None => break,
            };
            match self.accept(progress, &mut batch) {
                None => {}
                // A batch never has messages of two pieces, so that the next one is asked for when these are taken.
                Some(Ok(_)) if batch.is_empty() => {}
                Some(Ok(_)) => break,
                Some(Err(failure)) if batch.is_empty() => return Err(failure.into()),
                Some(Err(failure)) => {
                    self.failure = Some(failure.into());
                    break;
                }
            }
        }
        Ok((!batch.is_empty()).then(|| batch.into()))
    }
}

/// Messages asked for at once.
const PIECE: usize = 200;

/// Octets of JSON after which a batch is given out.
const BATCH: usize = 128 * 1024;
