//! Opening a message: which parts are read, in windows, and what becomes of them. The last ones are kept, so that
//! going back to them costs nothing.

use crate::border::{MailboxId, MessageId, MessageView, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::sign_in::{is_link_gone, words};
use crate::message::messages::Message;
use crate::mime;
use postern_mime::{Piece, WHOLE};
use postern_protocol::Time;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{CommandError, Done, Item, Section, Uid, UidSet};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// The messages that are being read, and those that were read last.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    reads: BTreeMap<MessageId, Read>,
    /// Oldest first.
    kept: VecDeque<Box<MessageView>>,
}

/// A message on its way.
#[derive(Debug)]
struct Read {
    mailbox: MailboxId,
    uid: Uid,
    pieces: Vec<Progress>,
    started: Time,
    told: Option<Time>,
}

/// A part on its way.
#[derive(Debug)]
struct Progress {
    piece: Piece,
    /// Where the next window begins that is not asked for yet.
    asked: u32,
    received: u32,
    in_flight: u32,
    is_at_end: bool,
}

impl Progress {
    fn new(piece: Piece) -> Self {
        Self { piece, asked: 0, received: 0, in_flight: 0, is_at_end: false }
    }

    fn wants_more(&self) -> bool {
        let may_be_more = self.asked <= self.piece.part.octets || self.asked == self.received;
        !self.is_over() && self.in_flight < WINDOWS && may_be_more
    }

    fn is_over(&self) -> bool {
        self.is_at_end || self.piece.is_full()
    }

    fn is_done(&self) -> bool {
        self.is_over() && self.in_flight == 0
    }
}

/// Where the bytes of something to download are, and how they are encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) section: String,
    pub(crate) encoding: String,
    pub(crate) octets: u32,
}

/// What [`crate::border::Attachment::part`] of this message stands for. The view's word is never taken for a
/// section number: it must be one that the message has.
pub(crate) fn section(message: &Message, part: &str) -> Option<Source> {
    if part == WHOLE {
        return Some(Source { section: String::new(), encoding: String::new(), octets: message.size });
    }
    let part = message.structure.as_ref()?.find(part)?;
    Some(Source { section: part.section.clone(), encoding: part.encoding.clone(), octets: part.octets })
}

/// A window of one part, as FETCH asks for it.
pub(crate) fn window(section: &str, offset: u32, count: u32) -> FetchAttribute {
    // Section numbers come from `mime::part` alone, so that each piece is a number.
    let part = section.split('.').filter_map(|number| number.parse().ok()).collect();
    let section = Section { part, ..Section::whole() };
    FetchAttribute::window(section, offset, count)
}

impl Reading {
    /// The link broke: what was under way is read from the start of each part.
    pub(crate) fn restart(&mut self) {
        for progress in self.reads.values_mut().flat_map(|read| &mut read.pieces) {
            progress.piece.clear();
            (progress.asked, progress.received, progress.in_flight) = (0, 0, 0);
            progress.is_at_end = false;
        }
    }

    /// A mailbox other than `mailbox` that has messages to read.
    pub(crate) fn waiting_elsewhere(&self, mailbox: Option<MailboxId>) -> Option<MailboxId> {
        self.reads.values().find(|read| Some(read.mailbox) != mailbox).map(|read| read.mailbox)
    }

    pub(crate) fn any_in(&self, mailbox: MailboxId) -> bool {
        self.reads.values().any(|read| read.mailbox == mailbox)
    }

    fn weight(&self) -> usize {
        self.kept.iter().map(|view| mime::weight(view)).sum()
    }

    fn keep(&mut self, view: Box<MessageView>) {
        self.kept.retain(|kept| kept.id != view.id);
        self.kept.push_back(view);
        while self.kept.len() > MOST_KEPT || self.weight() > MOST_KEPT_BYTES {
            self.kept.pop_front();
        }
    }
}

impl Engine {
    pub(crate) fn open_message(&mut self, id: MessageId) {
        if let Some(kept) = self.reading.kept.iter().position(|kept| kept.id == id)
            && let Some(message) = self.reading.kept.remove(kept)
        {
            self.reading.kept.push_back(message.clone());
            return self.tell(Update::Message { message });
        }
        let Some(message) = self.messages.get(id) else {
            let problem = Problem { code: ProblemCode::Gone, detail: String::new() };
            return self.tell(Update::MessageFailed { message: id, problem });
        };
        let pieces = postern_mime::pieces(message.structure.as_ref(), message.size)
            .into_iter()
            .map(Progress::new)
            .collect();
        let (mailbox, uid, started) = (message.mailbox, message.uid, self.now);
        self.reading.reads.entry(id).or_insert(Read { mailbox, uid, pieces, started, told: None });
        self.finish_if_read(id);
    }

    /// Asks for the next windows of the messages in this mailbox.
    pub(crate) fn ask_parts(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let Some(link) = self.work.as_mut().filter(|link| link.is_signed_in()) else { return };
        for (id, read) in self.reading.reads.iter_mut().filter(|(_, read)| read.mailbox == mailbox) {
            for (index, progress) in read.pieces.iter_mut().enumerate() {
                while progress.wants_more() {
                    let offset = progress.asked;
                    let body = window(&progress.piece.part.section, offset, WINDOW);
                    let set = UidSet::from(read.uid);
                    let purpose = Purpose::Part { message: *id, part: index, offset };
                    link.send(Fetch::new(set, vec![FetchAttribute::Uid, body]), purpose, now);
                    progress.asked = offset.saturating_add(WINDOW);
                    progress.in_flight += 1;
                }
            }
        }
    }

    pub(crate) fn part_item(&mut self, id: MessageId, part: usize, offset: u32, item: Item) {
        let Some(progress) = self.progress(id, part) else { return };
        match item {
            Item::BodyStart(start) if start.size == 0 => progress.is_at_end = true,
            Item::BodyStart(_) if progress.received != offset && !progress.is_over() => {
                let detail = "the pieces came out of order".to_owned();
                self.fail_message(id, Problem { code: ProblemCode::ServerMisbehaved, detail });
            }
            Item::BodyStart(start) => progress.is_at_end |= start.size < u64::from(WINDOW),
            Item::BodyChunk(chunk) => {
                progress.received =
                    progress.received.saturating_add(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
                progress.piece.push(&chunk);
                self.tell_progress(id);
            }
            _ => {}
        }
    }

    pub(crate) fn part_answered(
        &mut self,
        id: MessageId,
        part: usize,
        offset: u32,
        result: &Result<Done, CommandError>,
    ) {
        let Some(progress) = self.progress(id, part) else { return };
        match result {
            Err(error) if is_link_gone(error) => return,
            Err(CommandError::Cancelled) => return,
            Err(error) => {
                let problem = Problem { code: ProblemCode::Unreadable, detail: words(error) };
                return self.fail_message(id, problem);
            }
            Ok(_) => progress.in_flight = progress.in_flight.saturating_sub(1),
        }
        // Not a byte, and no body either: no such message any more.
        if !progress.is_over() && progress.received == offset {
            return self.fail_message(id, Problem { code: ProblemCode::Gone, detail: String::new() });
        }
        self.finish_if_read(id);
    }

    /// There is nothing in this part.
    pub(crate) fn part_is_empty(&mut self, id: MessageId, part: usize) {
        if let Some(progress) = self.progress(id, part) {
            progress.is_at_end = true;
        }
    }

    /// The message is gone from its mailbox.
    pub(crate) fn message_is_gone(&mut self, id: MessageId) {
        self.reading.kept.retain(|kept| kept.id != id);
        if self.reading.reads.contains_key(&id) {
            self.fail_message(id, Problem { code: ProblemCode::Gone, detail: String::new() });
        }
        self.fail_downloads_of(id);
    }

    /// The mailbox can't be selected.
    pub(crate) fn give_up_reading(&mut self, mailbox: MailboxId) {
        let reads = self.reading.reads.iter();
        let ids: Vec<_> = reads.filter(|(_, read)| read.mailbox == mailbox).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.message_is_gone(id));
    }

    fn progress(&mut self, id: MessageId, part: usize) -> Option<&mut Progress> {
        self.reading.reads.get_mut(&id)?.pieces.get_mut(part)
    }

    fn finish_if_read(&mut self, id: MessageId) {
        let is_done = |read: &Read| read.pieces.iter().all(Progress::is_done);
        if !self.reading.reads.get(&id).is_some_and(is_done) {
            return;
        }
        let (Some(read), Some(message)) = (self.reading.reads.remove(&id), self.messages.get(id)) else {
            return;
        };
        let pieces = read.pieces.into_iter().map(|progress| progress.piece).collect();
        let view = Box::new(mime::view(id, message, pieces, self.config.decode_charset));
        self.reading.keep(view.clone());
        self.tell(Update::Message { message: view });
    }

    fn fail_message(&mut self, id: MessageId, problem: Problem) {
        self.reading.reads.remove(&id);
        let now = self.now;
        if let Some(link) = self.link_mut(Role::Work) {
            link.cancel(|purpose| matches!(purpose, Purpose::Part { message, .. } if message == id), now);
        }
        self.tell(Update::MessageFailed { message: id, problem });
    }

    fn tell_progress(&mut self, id: MessageId) {
        let now = self.now;
        let Some(read) = self.reading.reads.get_mut(&id) else { return };
        let since = read.told.map_or(now - read.started >= SLOW, |told| now - told >= PROGRESS_EVERY);
        if !since {
            return;
        }
        read.told = Some(now);
        let received = read.pieces.iter().map(|progress| progress.received).fold(0, u32::saturating_add);
        let total = read.pieces.iter().map(|progress| progress.piece.expected()).fold(0, u32::saturating_add);
        self.tell(Update::MessageProgress { message: id, received, total: total.max(received) });
    }
}

/// Octets asked for at once, and how many times at once for each part.
const WINDOW: u32 = 128 * 1024;
const WINDOWS: u32 = 3;

/// A message that takes longer than this shows how far it is.
const SLOW: Duration = Duration::from_secs(1);
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// Messages kept after they were read, and bytes in all.
const MOST_KEPT: usize = 20;
const MOST_KEPT_BYTES: usize = 16 * 1024 * 1024;
