//! Attachments on their way to the view: windows in flight, decoded as they come, never ahead of what the view
//! has put away by more than a bounded number of bytes.

use crate::border::{DownloadId, MailboxId, MessageId, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::sign_in::{is_link_gone, words};
use crate::message::reading::{section, window};
use postern_mime::Transfer;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{CommandError, Done, Item, Uid, UidSet};
use std::collections::BTreeMap;

/// One part on its way.
#[derive(Debug)]
pub(crate) struct Download {
    mailbox: MailboxId,
    message: MessageId,
    uid: Uid,
    section: String,
    /// Octets as the server's structure says, encoded; none for a whole message of unknown size.
    expected: u32,
    transfer: Transfer,
    /// Where the next window begins that is not asked for yet.
    asked: u32,
    /// How many octets came.
    received: u32,
    /// Octets that the windows in flight may bring.
    in_flight: u32,
    /// Decoded bytes that were given out and not taken yet.
    ahead: u64,
    is_at_end: bool,
}

/// All downloads under way.
#[derive(Debug, Default)]
pub(crate) struct Downloads {
    all: BTreeMap<DownloadId, Download>,
}

impl Downloads {
    /// The view has put this much away.
    pub(crate) fn taken(&mut self, id: DownloadId, bytes: u32) {
        if let Some(download) = self.all.get_mut(&id) {
            download.ahead = download.ahead.saturating_sub(u64::from(bytes));
        }
    }

    /// There is nothing in this part.
    pub(crate) fn is_empty(&mut self, id: DownloadId) {
        if let Some(download) = self.all.get_mut(&id) {
            download.is_at_end = true;
        }
    }

    /// The mailbox of the oldest one.
    pub(crate) fn mailbox(&self) -> Option<MailboxId> {
        self.all.values().next().map(|download| download.mailbox)
    }

    /// The link broke: go on from where the bytes ended.
    pub(crate) fn restart(&mut self) {
        for download in self.all.values_mut() {
            (download.asked, download.in_flight, download.is_at_end) = (download.received, 0, false);
        }
    }
}

impl Download {
    /// Whether another window may be asked for.
    fn has_room(&self) -> bool {
        let waiting = u64::from(self.in_flight) + self.ahead;
        !self.is_at_end && self.in_flight / WINDOW < WINDOWS && waiting + u64::from(WINDOW) <= MOST_AHEAD
    }

    /// Past the expected end only one window is asked for: the one that shows that nothing is there.
    fn may_be_more(&self) -> bool {
        self.asked <= self.expected || self.asked == self.received
    }
}

impl Engine {
    pub(crate) fn start_download(&mut self, id: DownloadId, message: MessageId, part: &str) {
        let found = self.messages.get(message);
        let Some((found, source)) = found.and_then(|found| Some((found, section(found, part)?))) else {
            let problem = Problem { code: ProblemCode::Gone, detail: String::new() };
            return self.tell(Update::DownloadFailed { download: id, problem });
        };
        let download = Download {
            mailbox: found.mailbox,
            message,
            uid: found.uid,
            section: source.section,
            expected: source.octets,
            transfer: Transfer::new(&source.encoding),
            asked: 0,
            received: 0,
            in_flight: 0,
            ahead: 0,
            is_at_end: false,
        };
        self.cancel_download(id);
        self.downloads.all.insert(id, download);
    }

    pub(crate) fn cancel_download(&mut self, id: DownloadId) {
        self.downloads.all.remove(&id);
        let now = self.now;
        for role in [Role::Work, Role::Side] {
            if let Some(link) = self.link_mut(role) {
                link.cancel(
                    |purpose| matches!(purpose, Purpose::Window { download, .. } if download == id),
                    now,
                );
            }
        }
    }

    /// Asks for the next windows of every download in the mailbox that this link has selected.
    pub(crate) fn ask_windows(&mut self, role: Role) {
        let now = self.now;
        let link = match role {
            Role::Work => &mut self.work,
            Role::Side => &mut self.side,
        };
        let Some(link) = link.as_mut().filter(|link| link.is_signed_in()) else { return };
        for (id, download) in &mut self.downloads.all {
            if link.selected != Some(download.mailbox) {
                continue;
            }
            while download.has_room() && download.may_be_more() {
                let offset = download.asked;
                let set = UidSet::from(download.uid);
                let body = window(&download.section, offset, WINDOW);
                let purpose = Purpose::Window { download: *id, offset };
                link.send(Fetch::new(set, vec![FetchAttribute::Uid, body]), purpose, now);
                download.asked = offset.saturating_add(WINDOW);
                download.in_flight += WINDOW;
            }
        }
    }

    pub(crate) fn window_item(&mut self, id: DownloadId, offset: u32, item: Item) {
        let Some(download) = self.downloads.all.get_mut(&id) else { return };
        match item {
            // An empty window lies behind the end.
            Item::BodyStart(start) if start.size == 0 => download.is_at_end = true,
            // Windows are answered in the order in which they were asked; what is not can't be put together.
            Item::BodyStart(_) if download.received != offset => self.fail_download(id, misordered()),
            Item::BodyStart(start) => download.is_at_end |= start.size < u64::from(WINDOW),
            Item::BodyChunk(chunk) => {
                let mut bytes = Vec::new();
                download.received =
                    download.received.saturating_add(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
                download.transfer.push(&chunk, &mut bytes);
                self.give(id, bytes);
            }
            _ => {}
        }
    }

    pub(crate) fn window_answered(
        &mut self,
        id: DownloadId,
        offset: u32,
        result: &Result<Done, CommandError>,
    ) {
        let Some(download) = self.downloads.all.get_mut(&id) else { return };
        download.in_flight = download.in_flight.saturating_sub(WINDOW);
        match result {
            // Asked again on the next link.
            Err(error) if is_link_gone(error) => {}
            Err(CommandError::Cancelled) => {}
            Err(error) => {
                let problem = Problem { code: ProblemCode::Refused, detail: words(error) };
                self.fail_download(id, problem);
            }
            // Not a byte, and no body either: no such message any more.
            Ok(_) if download.received == offset && !download.is_at_end => self.fail_download(id, gone()),
            Ok(_) if download.is_at_end && download.in_flight == 0 => self.finish_download(id),
            Ok(_) => {}
        }
    }

    /// The mailbox can't be opened any more.
    pub(crate) fn fail_downloads_in(&mut self, mailbox: MailboxId) {
        let all = self.downloads.all.iter();
        let ids: Vec<_> =
            all.filter(|(_, download)| download.mailbox == mailbox).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.fail_download(id, gone()));
    }

    /// The message is gone from the mailbox.
    pub(crate) fn fail_downloads_of(&mut self, message: MessageId) {
        let all = self.downloads.all.iter();
        let ids: Vec<_> =
            all.filter(|(_, download)| download.message == message).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.fail_download(id, gone()));
    }

    fn finish_download(&mut self, id: DownloadId) {
        let Some(mut download) = self.downloads.all.remove(&id) else { return };
        if download.received < download.expected {
            let detail = format!("{} of {} bytes came", download.received, download.expected);
            let problem = Problem { code: ProblemCode::Unreadable, detail };
            return self.tell(Update::DownloadFailed { download: id, problem });
        }
        let mut bytes = Vec::new();
        download.transfer.finish(&mut bytes);
        if !bytes.is_empty() {
            self.tell(Update::DownloadChunk { download: id, bytes });
        }
        self.tell(Update::DownloadDone { download: id });
    }

    fn fail_download(&mut self, id: DownloadId, problem: Problem) {
        self.cancel_download(id);
        self.tell(Update::DownloadFailed { download: id, problem });
    }

    fn give(&mut self, id: DownloadId, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        if let Some(download) = self.downloads.all.get_mut(&id) {
            download.ahead += bytes.len() as u64;
        }
        self.tell(Update::DownloadChunk { download: id, bytes });
    }
}

fn gone() -> Problem {
    Problem { code: ProblemCode::Gone, detail: String::new() }
}

fn misordered() -> Problem {
    Problem { code: ProblemCode::ServerMisbehaved, detail: "the pieces came out of order".to_owned() }
}

/// Octets asked for at once, and how many times at once: enough to keep a long line busy.
const WINDOW: u32 = 256 * 1024;
const WINDOWS: u32 = 3;

/// Decoded bytes that may wait in the view or be on their way to it.
const MOST_AHEAD: u64 = 1024 * 1024;
