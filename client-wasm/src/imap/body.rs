//! `fetchBody()`: a part of a message, however large, through a bounded number of bytes.
//!
//! It is read in windows, `BODY.PEEK[…]<offset.count>`, a few of them on their way at once, and a further one only
//! when the reader has taken the first. Their number begins at one and doubles, so that a small part costs one
//! question. A window that is shorter than asked for is the last if the server said that the part ends there; else
//! it is asked on from where the bytes ended, since some servers give less than they are asked for.

use crate::error::{Error, ImapErrorCode};
use crate::imap::pull::{OnAbort, Source};
use crate::imap::session::{Call, Progress, Session};
use js_sys::Uint8Array;
use postern_mime::Transfer;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{
    BodyStart, BodyStructure, Capability, Item, MessageData, Part, Section, SectionText, Source as From, Uid,
    UidSet,
};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// One part on its way.
pub(crate) struct Body {
    session: Rc<Session>,
    uid: Uid,
    section: Section,
    decoding: Decoding,
    windows: VecDeque<Window>,
    /// Where the next window begins, while there is one to ask for.
    next: Option<u32>,
    /// Bytes asked for at once.
    window: u32,
    /// How many windows may be on their way.
    width: usize,
    /// How many octets the part has as it travels, if the server reports it.
    total: Option<u64>,
    /// Windows that came so short that asking on takes for ever.
    crumbs: u32,
    /// The last window with bytes in it is through.
    ended: bool,
    /// Something was given out.
    has_given: bool,
}

/// Who undoes the part's transfer encoding.
enum Decoding {
    /// Nobody: it comes as it travels.
    Nobody,
    /// The server, if it can (BINARY, RFC 3516).
    Server,
    /// We do, once we know it.
    Unknown,
    Here(Transfer),
}

/// One window on its way.
struct Window {
    call: Call,
    offset: u32,
    count: u32,
    /// How many bytes the server said that it has; none before it said so.
    size: Option<u32>,
    received: u32,
    /// The server knows the message, whether or not it has the part.
    answered: bool,
}

/// What an item of a window is.
enum Taken {
    Bytes(Vec<u8>),
    /// The part comes as it travels, though it was asked for decoded.
    Undecoded,
    Nothing,
}

impl Body {
    /// A section as it travels.
    pub(crate) fn new(session: Rc<Session>, uid: Uid, section: Section) -> Self {
        Self {
            session,
            uid,
            section,
            decoding: Decoding::Nobody,
            windows: VecDeque::new(),
            next: Some(0),
            window: WINDOW,
            width: 1,
            total: None,
            crumbs: 0,
            ended: false,
            has_given: false,
        }
    }

    /// A part without its transfer encoding: by the server, or here if it can't.
    pub(crate) fn decoded(session: Rc<Session>, uid: Uid, section: Section) -> Self {
        let can = session.has(&Capability::Binary) || session.has(&Capability::Imap4Rev2);
        let decoding = if can { Decoding::Server } else { Decoding::Unknown };
        let source = if can { From::Binary } else { From::Body };
        Self { decoding, ..Self::new(session, uid, Section { source, ..section }) }
    }

    /// The same without this transfer encoding.
    pub(crate) fn encoded_by(self, encoding: &str) -> Self {
        Self { decoding: Decoding::Here(Transfer::new(encoding)), ..self }
    }

    /// The same, of which it is known how many octets it has as it travels.
    pub(crate) fn of_size(self, octets: u32) -> Self {
        Self { total: Some(octets.into()), ..self }
    }

    /// The next bytes; none at the end.
    pub(crate) async fn next_bytes(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if matches!(self.decoding, Decoding::Unknown) {
                self.learn_encoding().await?;
            }
            self.ask();
            let Some(window) = self.windows.front_mut() else { return Ok(self.last_bytes()) };
            match window.call.next().await {
                Progress::Item(item) => {
                    if let Item::Message(message) = &*item {
                        self.learn_total(message);
                    }
                    if let Some(bytes) = self.accept(*item)? {
                        return Ok(Some(bytes));
                    }
                }
                Progress::Done(Err(failure)) => {
                    let error = Error::from(failure);
                    if !self.decode_here(&error) {
                        return Err(error);
                    }
                }
                Progress::Done(Ok(_)) => self.finish()?,
            }
        }
    }

    fn ask(&mut self) {
        while self.windows.len() < self.width
            && let Some(offset) = self.next
        {
            let mut items = vec![FetchAttribute::window(self.section.clone(), offset, self.window)];
            if offset == 0 && self.total.is_none() {
                items.extend(self.tells_total());
            }
            let call = self.session.call(Fetch::new(UidSet::from(self.uid), items));
            let count = self.window;
            self.windows.push_back(Window { call, offset, count, size: None, received: 0, answered: false });
            self.next = offset.checked_add(count);
        }
    }

    /// What tells how many octets the section has.
    fn tells_total(&self) -> Option<FetchAttribute> {
        let is_part = self.section.text == SectionText::All;
        let is_encoded = self.section.source == From::Body;
        match (is_part && is_encoded, self.section.part.is_empty()) {
            (true, true) => Some(FetchAttribute::Size),
            (true, false) => Some(FetchAttribute::BodyStructure),
            _ => None,
        }
    }

    fn learn_total(&mut self, message: &MessageData) {
        let structure = message.body_structure.as_ref();
        let part = structure.and_then(|structure| find(structure, &self.section)).map(Part::size);
        let whole = message.size.filter(|_| self.section == Section::whole());
        self.total = part.or(whole).or(self.total);
    }

    /// Asks the server how the part travels.
    async fn learn_encoding(&mut self) -> Result<(), Error> {
        let fetch = Fetch::new(UidSet::from(self.uid), vec![FetchAttribute::BodyStructure]);
        let section = &self.section;
        let mut encoding = None;
        self.session
            .call(fetch)
            .finish(|item| {
                if let Item::Message(message) = item
                    && let Some(structure) = &message.body_structure
                {
                    let part = find(structure, section);
                    encoding = part.map(|part| part.encoding().unwrap_or_default().into_owned());
                }
            })
            .await?;
        let encoding = encoding.ok_or_else(gone)?;
        self.decoding = Decoding::Here(Transfer::new(&String::from_utf8_lossy(&encoding)));
        Ok(())
    }

    /// The server did not decode the part: whether that is done here from the start.
    fn decode_here(&mut self, error: &Error) -> bool {
        let may_read =
            matches!(error.code, ImapErrorCode::Refused | ImapErrorCode::Bad | ImapErrorCode::Unsupported);
        if !may_read || self.has_given || !matches!(self.decoding, Decoding::Server) {
            return false;
        }
        self.windows.clear();
        self.section.source = From::Body;
        (self.next, self.width, self.decoding) = (Some(0), 1, Decoding::Unknown);
        true
    }

    /// Takes what came of the first window; bytes, if there are some.
    fn accept(&mut self, item: Item) -> Result<Option<Vec<u8>>, Error> {
        let Some(window) = self.windows.front_mut() else { return Ok(None) };
        let bytes = match window.accept(item, self.section.source)? {
            Taken::Nothing => return Ok(None),
            Taken::Undecoded => {
                let words = "the server stopped decoding this part halfway; read it as it travels";
                let error = Error::new(ImapErrorCode::Unsupported, words);
                return if self.decode_here(&error) { Ok(None) } else { Err(error) };
            }
            Taken::Bytes(bytes) => bytes,
        };
        self.has_given = true;
        let Decoding::Here(transfer) = &mut self.decoding else { return Ok(Some(bytes)) };
        let mut decoded = Vec::new();
        transfer.push(&bytes, &mut decoded);
        Ok((!decoded.is_empty()).then_some(decoded))
    }

    /// What the decoder held back.
    fn last_bytes(&mut self) -> Option<Vec<u8>> {
        let Decoding::Here(transfer) = &mut self.decoding else { return None };
        let mut rest = Vec::new();
        transfer.finish(&mut rest);
        self.decoding = Decoding::Nobody;
        (!rest.is_empty()).then_some(rest)
    }

    /// The first window is through.
    fn finish(&mut self) -> Result<(), Error> {
        let Some(window) = self.windows.pop_front() else { return Ok(()) };
        let size = match window.size {
            Some(size) => size,
            // NIL behind the end stands for nothing.
            None if window.answered && window.offset > 0 => 0,
            None => return Err(gone()),
        };
        if window.received != size || (self.ended && size > 0) {
            return Err(wrong_piece(window.offset));
        }
        if size < window.count {
            self.come_short(&window, size)?;
        }
        self.width = (self.width * 2).min(WIDTH);
        Ok(())
    }

    /// A window has fewer bytes than were asked for: it is the last one, or the server gives no more at once.
    fn come_short(&mut self, window: &Window, size: u32) -> Result<(), Error> {
        let end = window.offset.saturating_add(size);
        if size == 0 || self.total.is_some_and(|total| u64::from(end) >= total) {
            // Those that are on their way lie behind the end, and must be empty.
            self.ended = true;
            self.next = None;
            return Ok(());
        }
        if size < LEAST {
            self.crumbs += 1;
        }
        if self.crumbs > MOST_CRUMBS {
            return Err(wrong_piece(end));
        }
        self.windows.clear();
        self.next = Some(end);
        self.window = size.max(LEAST);
        Ok(())
    }
}

impl Window {
    fn accept(&mut self, item: Item, source: From) -> Result<Taken, Error> {
        match item {
            Item::BodyStart(start) if start.section.source != source => return Ok(Taken::Undecoded),
            Item::BodyStart(start) => self.start(&start)?,
            Item::Message(_) => self.answered = true,
            Item::BodyChunk(bytes) if !bytes.is_empty() => {
                let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                self.received = self.received.saturating_add(length);
                return Ok(Taken::Bytes(bytes));
            }
            _ => {}
        }
        Ok(Taken::Nothing)
    }

    fn start(&mut self, start: &BodyStart) -> Result<(), Error> {
        // The connection has cut what came down to the window, also if a server sent the whole section.
        let size = u32::try_from(start.size).ok().filter(|size| *size <= self.count);
        let is_it = start.origin.is_none_or(|origin| origin == self.offset);
        if !is_it || size.is_none() || self.size.is_some() {
            return Err(wrong_piece(self.offset));
        }
        self.size = size;
        Ok(())
    }
}

impl Source for Body {
    const ON_ABORT: OnAbort = OnAbort::Reject;

    async fn next(&mut self) -> Result<Option<JsValue>, Error> {
        let bytes = self.next_bytes().await?;
        Ok(bytes.map(|bytes| Uint8Array::from(bytes.as_slice()).into()))
    }
}

/// The part that a section names.
fn find<'a>(structure: &'a BodyStructure<'_>, section: &Section) -> Option<Part<'a>> {
    fn below<'a>(part: Part<'a>, number: &str) -> Option<Part<'a>> {
        if part.number() == number {
            return Some(part);
        }
        // The reader bounds how deep a structure may be.
        part.children().find_map(|child| below(child, number))
    }
    let number = section.part.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    below(structure.root(), &number).filter(|_| !number.is_empty() && section.text == SectionText::All)
}

fn gone() -> Error {
    let words = "there is no such message or part; it may have been deleted meanwhile";
    Error::new(ImapErrorCode::Gone, words)
}

fn wrong_piece(offset: u32) -> Error {
    let words = format!("the server sent another piece of the message than was asked for, at byte {offset}");
    Error::new(ImapErrorCode::ServerMisbehaved, words)
}

/// Bytes asked for at once, unless the server gives less.
const WINDOW: u32 = 256 * 1024;

/// Windows on their way at once, at most.
const WIDTH: usize = 4;

/// Bytes asked for at once, however little the server gives.
const LEAST: u32 = 4096;

/// Windows below that which are put up with.
const MOST_CRUMBS: u32 = 64;
