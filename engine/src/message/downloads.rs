//! Attachments on their way to the view: windows in flight, decoded as they come, never ahead of what the view
//! has put away by more than a bounded number of bytes.

use crate::border::{DownloadId, MailboxId, MessageId, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::refusal::Refusal;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::message::octets::{Answered, Octets};
use crate::message::reading::{LONGEST_LOADING, MOST_REFUSALS, nothing_came, section, window};
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
    octets: Octets,
    transfer: Transfer,
    /// The link that its windows under way were asked on. Another one may not add to them: its answers would come between.
    role: Role,
    /// Decoded bytes that were given out and not taken yet.
    ahead: u64,
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
            download.octets.is_nil();
        }
    }

    /// The mailbox of the oldest one.
    pub(crate) fn mailbox(&self) -> Option<MailboxId> {
        self.all.values().next().map(|download| download.mailbox)
    }

    /// This link broke: what it carried goes on from where the last whole window ended.
    pub(crate) fn restart(&mut self, role: Role) {
        let carried = self.all.values_mut().filter(|download| download.role == role);
        carried.for_each(|download| download.octets.restart());
    }
}

impl Download {
    /// Whether the bytes of another window have room in the view.
    fn has_room(&self) -> bool {
        self.octets.under_way() + self.ahead + u64::from(WINDOW) <= MOST_AHEAD
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
            octets: Octets::new(source.octets, WINDOW),
            transfer: Transfer::new(&source.encoding),
            role: Role::Side,
            ahead: 0,
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
            let subject = Subject::Window(*id, download.octets.offset());
            let is_elsewhere = download.role != role && !download.octets.is_quiet();
            let is_here = link.selected == Some(download.mailbox) && !is_elsewhere;
            if !is_here || !self.trials.allows(subject, now) {
                continue;
            }
            while download.has_room()
                && let Some((offset, count)) = download.octets.next(WINDOWS)
            {
                let set = UidSet::from(download.uid);
                let body = window(&download.section, offset, count);
                let purpose = Purpose::Window { download: *id, offset };
                link.send(Fetch::new(set, vec![FetchAttribute::Uid, body]), purpose, now);
                download.role = role;
            }
        }
    }

    pub(crate) fn window_item(&mut self, id: DownloadId, offset: u32, item: Item) {
        let Some(download) = self.downloads.all.get_mut(&id) else { return };
        match item {
            // Another message's body is none of this one's.
            Item::BodyStart(start) if start.uid.is_some_and(|other| other != download.uid) => {}
            Item::BodyStart(_) => download.octets.start(offset),
            Item::BodyChunk(chunk) => download.octets.chunk(&chunk),
            Item::BodyEnd => {
                let Some(encoded) = download.octets.end() else { return };
                let mut bytes = Vec::new();
                download.transfer.push(&encoded, &mut bytes);
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
        match result {
            // Asked again on the next link.
            Err(error) if is_link_gone(error) => {}
            Err(CommandError::Cancelled) => download.octets.given_back(),
            Err(error) => {
                download.octets.given_back();
                self.window_refused(id, offset, error);
            }
            Ok(_) => match download.octets.answered(offset) {
                // Whether the message is gone shows in the news that NOOP brings.
                Answered::NothingOnce => self.poll_soon(),
                Answered::Nothing => self.fail_download(id, nothing_came()),
                Answered::Something if download.octets.is_at_end() && download.octets.is_quiet() => {
                    self.finish_download(id);
                }
                Answered::Something => {}
            },
        }
    }

    /// The server would not give this. It is asked again a few times; then a person is told why.
    fn window_refused(&mut self, id: DownloadId, offset: u32, error: &CommandError) {
        let code = match (self.refused(Subject::Window(id, offset), error), Refusal::of(error)) {
            (Next::Later(0), _) if self.patience_left() <= LONGEST_LOADING => return,
            (Next::Later(1..=MOST_REFUSALS), _) => return,
            (Next::Later(_), refusal) if refusal.is_temporary() => ProblemCode::NotNow,
            _ => ProblemCode::Refused,
        };
        self.fail_download(id, Problem { code, detail: words(error) });
    }

    /// The mailbox can't be opened any more.
    pub(crate) fn fail_downloads_in(&mut self, mailbox: MailboxId, problem: &Problem) {
        let all = self.downloads.all.iter();
        let ids: Vec<_> =
            all.filter(|(_, download)| download.mailbox == mailbox).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.fail_download(id, problem.clone()));
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
        if download.octets.is_short() {
            let (received, expected) = (download.octets.received(), download.octets.expected());
            let detail = format!("{received} of {expected} bytes came");
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

    pub(crate) fn fail_download(&mut self, id: DownloadId, problem: Problem) {
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

/// Octets asked for at once, and how many times at once: enough to keep a long line busy.
const WINDOW: u32 = 256 * 1024;
const WINDOWS: u32 = 3;

/// Decoded bytes that may wait in the view or be on their way to it.
const MOST_AHEAD: u64 = 1024 * 1024;
