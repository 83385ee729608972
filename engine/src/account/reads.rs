//! The messages that are being read: which parts of each, and how far they have come. Knows no connection.

use crate::account::key::Body;
use crate::account::role::Role;
use crate::account::windows::Windows;
use crate::border::{MailboxId, MessageId, MessageView, Notice};
use crate::mime;
use crate::store::Message;
use postern_mime::{DecodeCharset, Piece};
use postern_protocol::Time;
use postern_protocol::imap::Uid;
use std::collections::BTreeMap;
use std::time::Duration;

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    all: BTreeMap<MessageId, Read>,
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
    /// When its progress was reported last.
    reported: Option<Time>,
}

/// A part on its way.
#[derive(Debug)]
struct Progress {
    piece: Piece,
    windows: Windows,
}

/// A message that was read.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) view: Box<MessageView>,
    /// The server ended a text before it was whole by its own count.
    pub(crate) is_short: bool,
}

impl Progress {
    fn new(piece: Piece) -> Self {
        Self { windows: Windows::new(piece.part.octets, WINDOW), piece }
    }

    fn is_done(&self) -> bool {
        (self.windows.is_at_end() || self.piece.is_full()) && self.windows.is_quiet()
    }
}

impl Reads {
    /// Begins to read a message.
    pub(crate) fn start(&mut self, id: MessageId, message: &Message, now: Time) {
        let pieces = postern_mime::pieces(message.structure.as_ref(), message.size);
        let pieces = pieces.into_iter().map(Progress::new).collect();
        let (mailbox, uid) = (message.mailbox, message.uid);
        let read = Read { mailbox, uid, role: Role::Foreground, pieces, started: now, reported: None };
        self.all.insert(id, read);
    }

    pub(crate) fn contains(&self, id: MessageId) -> bool {
        self.all.contains_key(&id)
    }

    /// It is no longer read; `false` if it was not.
    pub(crate) fn remove(&mut self, id: MessageId) -> bool {
        self.all.remove(&id).is_some()
    }

    /// The messages that are read in this mailbox.
    pub(crate) fn in_mailbox(&self, mailbox: MailboxId) -> Vec<MessageId> {
        self.all.iter().filter(|(_, read)| read.mailbox == mailbox).map(|(id, _)| *id).collect()
    }

    /// The next window to ask for in this mailbox on the link of this role.
    pub(crate) fn next_window(
        &self,
        role: Role,
        mailbox: MailboxId,
        may_ask: impl Fn(Body, u32) -> bool,
    ) -> Option<(Body, u32)> {
        let here = self.all.iter().filter(|(_, read)| read.mailbox == mailbox && read.role == role);
        let pieces = here.flat_map(|(id, read)| {
            read.pieces.iter().enumerate().map(|(index, progress)| (Body::Piece(*id, index), progress))
        });
        let mut wanted = pieces.filter(|(body, progress)| {
            !progress.piece.is_full() && may_ask(*body, progress.windows.offset())
        });
        wanted.find_map(|(body, progress)| Some((body, progress.windows.next()?.0)))
    }

    /// The windows of a piece, with what names it to the server.
    pub(crate) fn windows(&mut self, id: MessageId, index: usize) -> Option<(&mut Windows, Uid, &str)> {
        let read = self.all.get_mut(&id)?;
        let Progress { piece, windows } = read.pieces.get_mut(index)?;
        Some((windows, read.uid, &piece.part.section))
    }

    /// The next bytes of a piece.
    pub(crate) fn push(&mut self, id: MessageId, index: usize, bytes: &[u8]) {
        if let Some(progress) = self.all.get_mut(&id).and_then(|read| read.pieces.get_mut(index)) {
            progress.piece.push(bytes);
        }
    }

    /// Whether no more of the piece is read, whatever else there is.
    pub(crate) fn is_full(&self, id: MessageId, index: usize) -> bool {
        let progress = self.all.get(&id).and_then(|read| read.pieces.get(index));
        progress.is_some_and(|progress| progress.piece.is_full())
    }

    /// Octets that came and octets in all, if it takes long and the last report is a while ago.
    pub(crate) fn progress(&mut self, id: MessageId, now: Time) -> Option<(u32, u32)> {
        let read = self.all.get_mut(&id)?;
        let is_due = read.reported.map_or(now - read.started >= SLOW, |at| now - at >= PROGRESS_EVERY);
        if !is_due {
            return None;
        }
        read.reported = Some(now);
        let received = read.pieces.iter().map(|progress| progress.windows.received());
        let total = read.pieces.iter().map(|progress| progress.piece.expected());
        let received = received.fold(0, u32::saturating_add);
        Some((received, total.fold(0, u32::saturating_add).max(received)))
    }

    /// If all that was to be read came, and nothing that it names is to be read as well: the message as it is shown.
    pub(crate) fn finish(
        &mut self,
        id: MessageId,
        message: &Message,
        decoder: Option<DecodeCharset>,
    ) -> Option<Finished> {
        let read = self.all.get_mut(&id).filter(|read| read.pieces.iter().all(Progress::is_done))?;
        let pieces: Vec<_> = read.pieces.iter().map(|progress| &progress.piece).collect();
        let more = postern_mime::more(message.structure.as_ref(), message.size, &pieces, decoder);
        if !more.is_empty() {
            read.pieces.extend(more.into_iter().map(Progress::new));
            return None;
        }
        let read = self.all.remove(&id)?;
        let is_short =
            read.pieces.iter().any(|progress| progress.windows.is_short() && !progress.piece.is_full());
        let pieces = read.pieces.into_iter().map(|progress| progress.piece).collect();
        let mut view = Box::new(mime::view(id, message, pieces, decoder));
        if is_short && !view.notices.contains(&Notice::BrokenStructure) {
            view.notices.push(Notice::BrokenStructure);
        }
        Some(Finished { view, is_short })
    }

    /// The link of this role broke: what was under way on it goes on where the last whole window ended.
    pub(crate) fn restart(&mut self, role: Role) {
        let reads = self.all.values_mut().filter(|read| read.role == role);
        reads.flat_map(|read| &mut read.pieces).for_each(|progress| progress.windows.restart());
    }

    /// This message may have ended a link: the second link tries it next.
    pub(crate) fn move_to_background(&mut self, message: MessageId) {
        if let Some(read) = self.all.get_mut(&message) {
            read.role = Role::Background;
        }
    }

    /// There is one link for all.
    pub(crate) fn move_to_foreground(&mut self) {
        self.all.values_mut().for_each(|read| read.role = Role::Foreground);
    }

    /// The mailbox of the first message that is read on the link of this role.
    pub(crate) fn first_on(&self, role: Role) -> Option<MailboxId> {
        self.all.values().find(|read| read.role == role).map(|read| read.mailbox)
    }

    /// A mailbox other than `mailbox` that has messages to read on the link of this role.
    pub(crate) fn waiting_elsewhere(&self, role: Role, mailbox: Option<MailboxId>) -> Option<MailboxId> {
        let mut reads = self.all.values().filter(|read| read.role == role);
        reads.find(|read| Some(read.mailbox) != mailbox).map(|read| read.mailbox)
    }

    pub(crate) fn any_in(&self, role: Role, mailbox: MailboxId) -> bool {
        self.all.values().any(|read| read.role == role && read.mailbox == mailbox)
    }

    /// Whether several messages are waited for on the first link.
    pub(crate) fn is_queue(&self) -> bool {
        self.all.values().filter(|read| read.role == Role::Foreground).count() > 1
    }
}

/// Octets asked for at once.
const WINDOW: u32 = 128 * 1024;

/// A message that takes longer than this shows how far it is.
const SLOW: Duration = Duration::from_secs(1);
const PROGRESS_EVERY: Duration = Duration::from_millis(250);
