//! Opening a message: which parts are read, in windows, and what becomes of them. The last ones are kept, so that
//! going back to them costs nothing.

use crate::border::{MailboxId, MessageId, MessageView, Notice, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::refusal::Refusal;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::message::messages::Message;
use crate::message::octets::{Answered, Octets};
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
    /// The link that reads it. One that ended a link goes on on the second, so that the first stays for all else.
    role: Role,
    pieces: Vec<Progress>,
    started: Time,
    told: Option<Time>,
}

/// A part on its way.
#[derive(Debug)]
struct Progress {
    piece: Piece,
    octets: Octets,
}

impl Progress {
    fn new(piece: Piece) -> Self {
        Self { octets: Octets::new(piece.part.octets, WINDOW), piece }
    }

    fn is_over(&self) -> bool {
        self.octets.is_at_end() || self.piece.is_full()
    }

    fn is_done(&self) -> bool {
        self.is_over() && self.octets.is_quiet()
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
    /// The link of this role broke: what was under way on it goes on where the last whole window ended.
    pub(crate) fn restart(&mut self, role: Role) {
        let reads = self.reads.values_mut().filter(|read| read.role == role);
        reads.flat_map(|read| &mut read.pieces).for_each(|progress| progress.octets.restart());
    }

    /// This message may have ended a link: the second link tries it next.
    pub(crate) fn take_elsewhere(&mut self, message: MessageId) {
        if let Some(read) = self.reads.get_mut(&message) {
            read.role = Role::Side;
        }
    }

    /// There is one link for all.
    pub(crate) fn take_back(&mut self) {
        for read in self.reads.values_mut().filter(|read| read.role == Role::Side) {
            read.role = Role::Work;
        }
    }

    /// The mailbox of the first message that is read on the link of this role.
    pub(crate) fn first_on(&self, role: Role) -> Option<MailboxId> {
        self.reads.values().find(|read| read.role == role).map(|read| read.mailbox)
    }

    /// A mailbox other than `mailbox` that has messages to read on the link of this role.
    pub(crate) fn waiting_elsewhere(&self, role: Role, mailbox: Option<MailboxId>) -> Option<MailboxId> {
        let mut reads = self.reads.values().filter(|read| read.role == role);
        reads.find(|read| Some(read.mailbox) != mailbox).map(|read| read.mailbox)
    }

    pub(crate) fn any_in(&self, role: Role, mailbox: MailboxId) -> bool {
        self.reads.values().any(|read| read.role == role && read.mailbox == mailbox)
    }

    /// Whether several messages are waited for on the first link.
    pub(crate) fn is_queue(&self) -> bool {
        self.reads.values().filter(|read| read.role == Role::Work).count() > 1
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
        let read = Read { mailbox, uid, role: Role::Work, pieces, started, told: None };
        self.reading.reads.entry(id).or_insert(read);
        self.trials.allow(|subject| matches!(subject, Subject::Part(message, ..) if message == id));
        self.replace_stalled_work();
        self.finish_if_read(id);
    }

    /// Asks for the next windows of the messages in this mailbox that the link of this role reads.
    pub(crate) fn ask_parts(&mut self, role: Role, mailbox: MailboxId) {
        let now = self.now;
        if role == Role::Work && !self.second_link.is_borne(now) {
            self.reading.take_back();
        }
        let link = match role {
            Role::Work => &mut self.work,
            Role::Side => &mut self.side,
        };
        let Some(link) = link.as_mut().filter(|link| link.is_signed_in()) else { return };
        let here = |read: &Read| read.mailbox == mailbox && read.role == role;
        for (id, read) in self.reading.reads.iter_mut().filter(|(_, read)| here(read)) {
            for (index, progress) in read.pieces.iter_mut().enumerate() {
                if !self.trials.allows(Subject::Part(*id, index, progress.octets.offset()), now) {
                    continue;
                }
                while !progress.piece.is_full()
                    && let Some((offset, count)) = progress.octets.next(WINDOWS)
                {
                    let body = window(&progress.piece.part.section, offset, count);
                    let set = UidSet::from(read.uid);
                    let purpose = Purpose::Part { message: *id, part: index, offset };
                    link.send(Fetch::new(set, vec![FetchAttribute::Uid, body]), purpose, now);
                }
            }
        }
    }

    pub(crate) fn part_item(&mut self, id: MessageId, part: usize, offset: u32, item: Item) {
        let Some(uid) = self.reading.reads.get(&id).map(|read| read.uid) else { return };
        let Some(progress) = self.progress(id, part) else { return };
        match item {
            // Another message's body is none of this one's.
            Item::BodyStart(start) if start.uid.is_some_and(|other| other != uid) => {}
            Item::BodyStart(_) => progress.octets.start(offset),
            Item::BodyChunk(chunk) => {
                progress.octets.chunk(&chunk);
                self.tell_progress(id);
            }
            Item::BodyEnd => {
                if let Some(bytes) = progress.octets.end() {
                    progress.piece.push(&bytes);
                }
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
                progress.octets.given_back();
                return self.part_refused(id, part, offset, error);
            }
            Ok(_) => match progress.octets.answered(offset) {
                _ if progress.is_over() => {}
                Answered::Something => {}
                // Whether the message is gone shows in the news that NOOP brings.
                Answered::NothingOnce => return self.poll_soon(),
                Answered::Nothing => return self.fail_message(id, nothing_came()),
            },
        }
        self.finish_if_read(id);
    }

    /// The server would not give this. It is asked again a few times; then a person is told why.
    fn part_refused(&mut self, id: MessageId, part: usize, offset: u32, error: &CommandError) {
        let code = match (self.refused(Subject::Part(id, part, offset), error), Refusal::of(error)) {
            (Next::Later(0), _) if self.patience_left() <= LONGEST_LOADING => return,
            (Next::Later(1..=MOST_REFUSALS), _) => return,
            (Next::Later(_), refusal) if refusal.is_temporary() => ProblemCode::NotNow,
            _ => ProblemCode::Unreadable,
        };
        self.fail_message(id, Problem { code, detail: words(error) });
    }

    /// There is nothing in this part.
    pub(crate) fn part_is_nil(&mut self, id: MessageId, part: usize) {
        if let Some(progress) = self.progress(id, part) {
            progress.octets.is_nil();
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

    /// The mailbox can't be selected, and this is why.
    pub(crate) fn give_up_reading(&mut self, mailbox: MailboxId, problem: &Problem) {
        let reads = self.reading.reads.iter();
        let ids: Vec<_> = reads.filter(|(_, read)| read.mailbox == mailbox).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.fail_message(id, problem.clone()));
    }

    fn progress(&mut self, id: MessageId, part: usize) -> Option<&mut Progress> {
        self.reading.reads.get_mut(&id)?.pieces.get_mut(part)
    }

    fn finish_if_read(&mut self, id: MessageId) {
        let is_done = |read: &Read| read.pieces.iter().all(Progress::is_done);
        if !self.reading.reads.get(&id).is_some_and(is_done) || self.wants_more_parts(id) {
            return;
        }
        let (Some(read), Some(message)) = (self.reading.reads.remove(&id), self.messages.get(id)) else {
            return;
        };
        let is_short =
            read.pieces.iter().any(|progress| progress.octets.is_short() && !progress.piece.is_full());
        let pieces = read.pieces.into_iter().map(|progress| progress.piece).collect();
        let mut view = Box::new(mime::view(id, message, pieces, self.config.decode_charset));
        // The server ended the text before it was whole by its own count.
        if is_short && !view.notices.contains(&Notice::BrokenStructure) {
            view.notices.push(Notice::BrokenStructure);
        }
        if !is_short {
            self.reading.keep(view.clone());
        }
        self.tell(Update::Message { message: view });
    }

    /// Whether what was read names parts that are to be read as well.
    fn wants_more_parts(&mut self, id: MessageId) -> bool {
        let (Some(read), Some(message)) = (self.reading.reads.get_mut(&id), self.messages.get(id)) else {
            return false;
        };
        let pieces: Vec<_> = read.pieces.iter().map(|progress| &progress.piece).collect();
        let decoder = self.config.decode_charset;
        let more = postern_mime::more(message.structure.as_ref(), message.size, &pieces, decoder);
        let wants_more = !more.is_empty();
        read.pieces.extend(more.into_iter().map(Progress::new));
        wants_more
    }

    pub(crate) fn fail_message(&mut self, id: MessageId, problem: Problem) {
        if self.reading.reads.remove(&id).is_none() {
            return;
        }
        let now = self.now;
        for role in [Role::Work, Role::Side] {
            if let Some(link) = self.link_mut(role) {
                link.cancel(|purpose| matches!(purpose, Purpose::Part { message, .. } if message == id), now);
            }
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
        let received =
            read.pieces.iter().map(|progress| progress.octets.received()).fold(0, u32::saturating_add);
        let total = read.pieces.iter().map(|progress| progress.piece.expected()).fold(0, u32::saturating_add);
        self.tell(Update::MessageProgress { message: id, received, total: total.max(received) });
    }
}

/// The server says that all is well, and sends nothing.
pub(crate) fn nothing_came() -> Problem {
    Problem { code: ProblemCode::NothingCame, detail: String::new() }
}

/// How often a part is refused before a person is told.
pub(crate) const MOST_REFUSALS: u32 = 3;
/// A message is shown to be loading for this long at most while the server wants to be left alone.
pub(crate) const LONGEST_LOADING: Duration = Duration::from_secs(30);

/// Octets asked for at once, and how many times at once for each part.
const WINDOW: u32 = 128 * 1024;
const WINDOWS: u32 = 3;

/// A message that takes longer than this shows how far it is.
const SLOW: Duration = Duration::from_secs(1);
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// Messages kept after they were read, and bytes in all.
const MOST_KEPT: usize = 20;
const MOST_KEPT_BYTES: usize = 16 * 1024 * 1024;
