//! `fetchBody()`: a part of a message, however large, through a bounded number of bytes.
//!
//! It is read in windows, `BODY.PEEK[…]<offset.count>`, a few of them on their way at once, and a further one only
//! when the reader has taken the first. Their number begins at one and doubles, so that a small part costs one
//! question. The first window that is shorter than asked for is the last.

use super::pull::{OnAbort, Source};
use super::session::{Call, Progress, Session};
use crate::error::{Error, ImapErrorCode};
use js_sys::Uint8Array;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{BodyStart, Item, Section, Source as From, Uid, UidSet};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// One part on its way.
pub(crate) struct Body {
    session: Rc<Session>,
    uid: Uid,
    section: Section,
    windows: VecDeque<Window>,
    /// Where the next window begins, while there is one to ask for.
    next: Option<u32>,
    /// How many windows may be on their way.
    width: usize,
    /// The last window with bytes in it is through.
    ended: bool,
}

/// One window on its way.
struct Window {
    call: Call,
    offset: u32,
    /// How many bytes the server said that it has; none before it said so.
    size: Option<u32>,
    received: u32,
    /// The server knows the message, whether or not it has the part.
    answered: bool,
    /// Whether it is to come as it travels or decoded.
    source: From,
}

impl Body {
    pub(crate) fn new(session: Rc<Session>, uid: Uid, section: Section) -> Self {
        Self { session, uid, section, windows: VecDeque::new(), next: Some(0), width: 1, ended: false }
    }

    fn ask(&mut self) {
        while self.windows.len() < self.width
            && let Some(offset) = self.next
        {
            let window = FetchAttribute::window(self.section.clone(), offset, WINDOW);
            let set = UidSet::from(self.uid);
            let call = self.session.call(Fetch::new(set, vec![window]));
            let source = self.section.source;
            self.windows.push_back(Window { call, offset, size: None, received: 0, answered: false, source });
            self.next = offset.checked_add(WINDOW);
        }
    }

    /// The first window is through.
    fn finish(&mut self) -> Result<(), Error> {
        let Some(window) = self.windows.pop_front() else { return Ok(()) };
        let size = match window.size {
            Some(size) => size,
            // NIL behind the end stands for nothing.
            None if window.answered && window.offset > 0 => 0,
            None => {
                let words = "there is no such message or part; it may have been deleted meanwhile";
                return Err(Error::new(ImapErrorCode::Gone, words));
            }
        };
        if window.received != size || (self.ended && size > 0) {
            return Err(wrong_piece(window.offset));
        }
        if size < WINDOW {
            // Those that are on their way lie behind the end, and must be empty.
            self.ended = true;
            self.next = None;
        }
        self.width = (self.width * 2).min(WIDTH);
        Ok(())
    }
}

impl Window {
    /// Bytes, where these are some.
    fn take_in(&mut self, item: Item) -> Result<Option<Vec<u8>>, Error> {
        match item {
            Item::BodyStart(start) => self.start(&start)?,
            Item::Message(_) => self.answered = true,
            Item::BodyChunk(bytes) if !bytes.is_empty() => {
                let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                self.received = self.received.saturating_add(length);
                return Ok(Some(bytes));
            }
            _ => {}
        }
        Ok(None)
    }

    fn start(&mut self, start: &BodyStart) -> Result<(), Error> {
        if start.section.source != self.source {
            let words = "the server can't decode this part; read it as it travels";
            return Err(Error::new(ImapErrorCode::Unsupported, words));
        }
        // A whole section at offset 0 is what a server sends that knows no windows; it must fit in one.
        let size = u32::try_from(start.size).ok().filter(|size| *size <= WINDOW);
        if start.origin.unwrap_or(0) != self.offset || size.is_none() || self.size.is_some() {
            return Err(wrong_piece(self.offset));
        }
        self.size = size;
        Ok(())
    }
}

impl Source for Body {
    const ON_ABORT: OnAbort = OnAbort::Reject;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        loop {
            self.ask();
            let Some(window) = self.windows.front_mut() else { return Ok(None) };
            match window.call.next().await {
                Progress::Item(item) => {
                    if let Some(bytes) = window.take_in(*item)? {
                        return Ok(Some(Uint8Array::from(bytes.as_slice()).into()));
                    }
                }
                Progress::Done(done) => {
                    done?;
                    self.finish()?;
                }
            }
        }
    }
}

fn wrong_piece(offset: u32) -> Error {
    let words = format!("the server sent another piece of the message than was asked for, at byte {offset}");
    Error::new(ImapErrorCode::ServerMisbehaved, words)
}

/// Bytes asked for at once.
const WINDOW: u32 = 256 * 1024;

/// Windows on their way at once, at most.
const WIDTH: usize = 4;
