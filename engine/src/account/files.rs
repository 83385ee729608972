//! Attachments on their way: decoded as they come, never ahead of what was put away by more than a bounded number of
//! bytes. Knows no connection.

use crate::account::key::Body;
use crate::account::role::Role;
use crate::account::windows::Windows;
use crate::border::{DownloadId, MailboxId, MessageId, Problem, ProblemCode};
use crate::demand::{Demand, DownloadDemand};
use crate::store::Message;
use postern_mime::{Transfer, WHOLE};
use postern_protocol::imap::Uid;
use std::collections::BTreeMap;

/// All downloads under way.
#[derive(Debug, Default)]
pub(crate) struct Files {
    all: BTreeMap<DownloadId, File>,
}

/// One part on its way.
#[derive(Debug)]
struct File {
    serial: u32,
    mailbox: MailboxId,
    message: MessageId,
    uid: Uid,
    section: String,
    windows: Windows,
    transfer: Transfer,
    /// The link that its windows under way were asked on. Another one may not add to them: its answers would come between.
    role: Role,
}

/// Where the bytes of something to download are, and how they are encoded.
#[derive(Debug, PartialEq, Eq)]
struct Source {
    section: String,
    encoding: String,
    octets: u32,
}

impl File {
    /// Whether the bytes of another window have room in the view.
    fn has_room(&self, ahead: u64) -> bool {
        self.windows.under_way() + ahead + u64::from(WINDOW) <= MOST_AHEAD
    }
}

impl Files {
    /// Begins a download; `false` if the message has no such part.
    pub(crate) fn start(&mut self, demand: &DownloadDemand, message: &Message) -> bool {
        let Some(source) = source(message, &demand.part) else { return false };
        let file = File {
            serial: demand.serial,
            mailbox: message.mailbox,
            message: demand.message,
            uid: message.uid,
            section: source.section,
            windows: Windows::new(source.octets, WINDOW),
            transfer: Transfer::new(&source.encoding),
            role: Role::Background,
        };
        self.all.insert(demand.id, file);
        true
    }

    /// Whether this download is under way.
    pub(crate) fn has(&self, demand: &DownloadDemand) -> bool {
        self.all.get(&demand.id).is_some_and(|file| file.serial == demand.serial)
    }

    /// Whether a download of this number is under way.
    pub(crate) fn contains(&self, id: DownloadId) -> bool {
        self.all.contains_key(&id)
    }

    /// Downloads under way that nobody wants any more.
    pub(crate) fn unwanted(&self, demand: &Demand) -> Vec<DownloadId> {
        let is_wanted = |id: &DownloadId, file: &File| {
            demand.downloads.iter().any(|wanted| wanted.id == *id && wanted.serial == file.serial)
        };
        self.all.iter().filter(|(id, file)| !is_wanted(id, file)).map(|(id, _)| *id).collect()
    }

    /// It is over; `false` if it was not under way.
    pub(crate) fn remove(&mut self, id: DownloadId) -> bool {
        self.all.remove(&id).is_some()
    }

    /// The downloads in this mailbox.
    pub(crate) fn in_mailbox(&self, mailbox: MailboxId) -> Vec<DownloadId> {
        self.all.iter().filter(|(_, file)| file.mailbox == mailbox).map(|(id, _)| *id).collect()
    }

    /// The downloads of parts of this message.
    pub(crate) fn of_message(&self, message: MessageId) -> Vec<DownloadId> {
        self.all.iter().filter(|(_, file)| file.message == message).map(|(id, _)| *id).collect()
    }

    /// The mailbox of the oldest one.
    pub(crate) fn mailbox(&self) -> Option<MailboxId> {
        self.all.values().next().map(|file| file.mailbox)
    }

    /// The next window to ask for in this mailbox on the link of this role, with at most so many of each under way.
    pub(crate) fn next_window(
        &self,
        role: Role,
        mailbox: MailboxId,
        demand: &Demand,
        most: u32,
        may_ask: impl Fn(Body, u32) -> bool,
    ) -> Option<(Body, u32)> {
        let mut wanted = self.all.iter().filter(|(id, file)| {
            let is_elsewhere = file.role != role && !file.windows.is_quiet();
            file.mailbox == mailbox
                && !is_elsewhere
                && file.windows.in_flight() < most
                && file.has_room(demand.ahead(**id))
                && may_ask(Body::Download(**id), file.windows.offset())
        });
        wanted.find_map(|(id, file)| Some((Body::Download(*id), file.windows.next()?.0)))
    }

    /// Its windows, with what names the part to the server.
    pub(crate) fn windows(&mut self, id: DownloadId) -> Option<(&mut Windows, Uid, &str)> {
        let file = self.all.get_mut(&id)?;
        Some((&mut file.windows, file.uid, &file.section))
    }

    /// Its next window is asked for on this link.
    pub(crate) fn set_role(&mut self, id: DownloadId, role: Role) {
        if let Some(file) = self.all.get_mut(&id) {
            file.role = role;
        }
    }

    /// The next bytes as they travel. Gives them decoded.
    pub(crate) fn push(&mut self, id: DownloadId, encoded: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(file) = self.all.get_mut(&id) {
            file.transfer.push(encoded, &mut bytes);
        }
        bytes
    }

    /// If all of it came: what the decoder held back, or why it is not whole.
    pub(crate) fn finish(&mut self, id: DownloadId) -> Option<Result<Vec<u8>, Problem>> {
        let is_done = |file: &File| file.windows.is_at_end() && file.windows.is_quiet();
        if !self.all.get(&id).is_some_and(is_done) {
            return None;
        }
        let mut file = self.all.remove(&id)?;
        if file.windows.is_short() {
            let (received, expected) = (file.windows.received(), file.windows.expected());
            let detail = format!("{received} of {expected} bytes came");
            return Some(Err(Problem { code: ProblemCode::Unreadable, detail }));
        }
        let mut bytes = Vec::new();
        file.transfer.finish(&mut bytes);
        Some(Ok(bytes))
    }

    /// This link broke: what it carried goes on from where the last whole window ended.
    pub(crate) fn restart(&mut self, role: Role) {
        let carried = self.all.values_mut().filter(|file| file.role == role);
        carried.for_each(|file| file.windows.restart());
    }
}

/// What [`crate::border::Attachment::part`] of this message stands for. The view's word is never taken for a
/// section number: it must be one that the message has.
fn source(message: &Message, part: &str) -> Option<Source> {
    if part == WHOLE {
        return Some(Source { section: String::new(), encoding: String::new(), octets: message.size });
    }
    let part = message.structure.as_ref()?.find(part)?;
    Some(Source { section: part.section.clone(), encoding: part.encoding.clone(), octets: part.octets })
}

/// Octets asked for at once.
const WINDOW: u32 = 256 * 1024;

/// Decoded bytes that may wait in the view or be on their way to it.
const MOST_AHEAD: u64 = 1024 * 1024;
