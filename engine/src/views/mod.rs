//! What each screen looks at, and what is emitted for it. The only room that emits updates: lists, rows and counts come from what
//! the store says was touched, everything else from what the account reports.

mod downloads;
mod list;
mod notices;

use crate::border::{DownloadId, MailboxId, MessageId, Problem, ProblemCode, Session, Update};
use crate::demand::Demand;
use crate::report::Report;
use crate::store::{Changes, Counts, Store, Tx};
use downloads::Downloads;
use list::ListView;
use notices::Notices;
use std::collections::BTreeSet;

/// All screens.
#[derive(Debug, Default)]
pub(crate) struct Views {
    list: ListView,
    /// Messages that were opened and are not shown yet.
    waiting: BTreeSet<MessageId>,
    downloads: Downloads,
    notices: Notices,
}

impl Views {
    /// Somebody opens a mailbox. If there is none of this number, or nobody is signed in, that is said.
    pub(crate) fn open_mailbox(&mut self, mailbox: MailboxId, tx: &mut Tx<'_>) -> Option<Report> {
        if tx.mailboxes().name(mailbox).is_some() {
            tx.open_mailbox(mailbox);
            self.list.open(mailbox, tx.is_in_step(mailbox));
            return None;
        }
        Some(match self.notices.is_signed_out() {
            true => Report::Session(Session::SignedOut { problem: None }),
            false => Report::ActionFailed(gone()),
        })
    }

    /// These rows are on screen.
    pub(crate) fn show_rows(&mut self, mailbox: MailboxId, first: u32, count: u32) {
        self.list.show(mailbox, first, count);
    }

    /// Somebody opens a message.
    pub(crate) fn open_message(&mut self, id: MessageId, tx: &mut Tx<'_>) -> Option<Report> {
        if tx.body(id).is_some() {
            tx.touch_body(id);
        } else if tx.message(id).is_none() {
            return Some(Report::MessageFailed(id, gone()));
        }
        self.waiting.insert(id);
        None
    }

    /// Somebody saves a part.
    pub(crate) fn start_download(&mut self, id: DownloadId, message: MessageId, part: String) {
        self.downloads.start(id, message, part);
    }

    /// So many bytes of it were put away.
    pub(crate) fn put_away(&mut self, id: DownloadId, bytes: u32) {
        self.downloads.put_away(id, bytes);
    }

    /// Nobody wants it any more.
    pub(crate) fn cancel_download(&mut self, id: DownloadId) {
        self.downloads.remove(id);
    }

    /// Nobody is signed in any more.
    pub(crate) fn clear(&mut self) {
        self.list.close();
        self.waiting.clear();
        self.downloads.clear();
        self.notices.clear();
    }

    /// What the screens need.
    pub(crate) fn demand(&self) -> Demand {
        Demand {
            list: self.list.demand(),
            messages: self.waiting.iter().copied().collect(),
            downloads: self.downloads.demand(),
        }
    }

    /// The updates that come of what was touched and reported.
    pub(crate) fn refresh(&mut self, store: &Store, changes: &Changes, reports: Vec<Report>) -> Vec<Update> {
        let mut updates = Vec::new();
        let (sessions, reports): (Vec<_>, Vec<_>) =
            reports.into_iter().partition(|report| matches!(report, Report::Session(_)));
        sessions.into_iter().for_each(|report| self.report(report, &mut updates));
        if changes.mailboxes {
            updates.push(Update::Mailboxes { mailboxes: store.mailboxes().rows() });
        }
        self.list.refresh(store, changes, &mut updates);
        emit_flags(store, changes, &mut updates);
        emit_counts(store, changes, &mut updates);
        emit_arrivals(store, changes, &mut updates);
        self.emit_bodies(store, changes, &mut updates);
        reports.into_iter().for_each(|report| self.report(report, &mut updates));
        updates
    }

    fn emit_bodies(&mut self, store: &Store, changes: &Changes, updates: &mut Vec<Update>) {
        let read = changes.messages.iter().filter(|(_, facets)| facets.body);
        for (id, _) in read {
            if let Some(view) = store.body(*id)
                && self.waiting.remove(id)
            {
                updates.push(Update::Message { message: Box::new(view.clone()) });
            }
        }
    }

    fn report(&mut self, report: Report, updates: &mut Vec<Update>) {
        let update = match report {
            Report::Session(session) => Some(self.notices.session(session)),
            Report::Alert(text) => self.notices.alert(&text),
            Report::Trouble(problem) => self.notices.trouble(problem),
            Report::TroublesForgiven => {
                self.notices.forgive_troubles();
                None
            }
            Report::ActionFailed(problem) => Some(Update::ActionFailed { problem }),
            Report::MailboxGone(mailbox, problem) => {
                if self.list.mailbox() == Some(mailbox) {
                    self.list.close();
                }
                Some(Update::ActionFailed { problem })
            }
            Report::Progress(message, received, total) => {
                let is_awaited = self.waiting.contains(&message);
                is_awaited.then_some(Update::MessageProgress { message, received, total })
            }
            Report::Damaged(message) => {
                self.waiting.remove(&message.id);
                Some(Update::Message { message })
            }
            Report::MessageFailed(message, problem) => {
                self.waiting.remove(&message);
                Some(Update::MessageFailed { message, problem })
            }
            report => self.downloaded(report),
        };
        updates.extend(update);
    }

    /// What became of a download, if anybody still wants it.
    fn downloaded(&mut self, report: Report) -> Option<Update> {
        match report {
            Report::Chunk(download, bytes) => {
                let is_wanted = self.downloads.give(download, bytes.len());
                is_wanted.then_some(Update::DownloadChunk { download, bytes })
            }
            Report::DownloadDone(download) => {
                self.downloads.remove(download).then_some(Update::DownloadDone { download })
            }
            Report::DownloadFailed(download, problem) => {
                let was_wanted = self.downloads.remove(download);
                was_wanted.then_some(Update::DownloadFailed { download, problem })
            }
            _ => None,
        }
    }
}

fn emit_flags(store: &Store, changes: &Changes, updates: &mut Vec<Update>) {
    let touched = changes.messages.iter().filter(|(_, facets)| facets.flags);
    let emitted = touched
        .filter_map(|(id, _)| Some(Update::FlagsChanged { message: *id, flags: store.shown_flags(*id)? }));
    updates.extend(emitted);
}

/// Each count that changed, once, as it is now. A list of mailboxes that was just emitted has them already.
fn emit_counts(store: &Store, changes: &Changes, updates: &mut Vec<Update>) {
    let changed = changes.counts.iter().filter(|id| !changes.mailboxes && store.mailboxes().is_shown(**id));
    updates.extend(changed.map(|id| {
        let Counts { total, unread } = store.mailboxes().counts(*id);
        Update::MailboxCounts { mailbox: *id, total, unread }
    }));
}

fn emit_arrivals(store: &Store, changes: &Changes, updates: &mut Vec<Update>) {
    for (mailbox, arrived) in &changes.arrived {
        let count = u32::try_from(arrived.len()).unwrap_or(u32::MAX);
        let newest = &arrived[arrived.len().saturating_sub(MOST_ARRIVALS)..];
        let rows = newest.iter().map(|id| list::row(store, *id)).collect();
        updates.push(Update::NewMail { mailbox: *mailbox, rows, count });
    }
}

fn gone() -> Problem {
    Problem { code: ProblemCode::Gone, detail: String::new() }
}

/// New messages whose rows come with the notification.
const MOST_ARRIVALS: usize = 10;
