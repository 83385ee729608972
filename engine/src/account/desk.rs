//! What is before whoever takes in something of the server: the store, the link that it came over, the account's work, and
//! what somebody looks at.

use crate::account::role::Role;
use crate::account::state::LineState;
use crate::account::work::Work;
use crate::border::{DownloadId, MailboxId, MessageId, Problem, ProblemCode};
use crate::demand::Demand;
use crate::report::Report;
use crate::store::Tx;
use postern_mime::DecodeCharset;
use postern_protocol::Time;

/// All of it, for a moment.
#[derive(Debug)]
pub(crate) struct Desk<'d, 's> {
    pub(super) now: Time,
    pub(super) decoder: Option<DecodeCharset>,
    pub(super) demand: &'d Demand,
    /// Of the link that is meant.
    pub(super) role: Role,
    /// That link, without its connection.
    pub(super) line: &'d mut LineState,
    pub(super) work: &'d mut Work,
    pub(super) tx: &'d mut Tx<'s>,
    pub(super) reports: &'d mut Vec<Report>,
}

impl Desk<'_, '_> {
    /// The mailbox that this link has selected, if it is the open one and its messages are followed: only then does what
    /// the link says of message numbers count.
    pub(super) fn followed(&self) -> Option<MailboxId> {
        let selection = self.line.selection.as_ref().filter(|_| self.role == Role::Foreground)?;
        let mailbox = selection.mailbox();
        let is_followed = selection.is_comparing() || self.tx.is_in_step(mailbox);
        (self.demand.open_mailbox() == Some(mailbox) && is_followed).then_some(mailbox)
    }

    /// The server's numbers and ours no longer agree: forget the list and select anew.
    pub(super) fn start_over(&mut self, mailbox: MailboxId) {
        self.tx.reset_mailbox(mailbox);
        if self.line.mailbox() == Some(mailbox) {
            self.line.selection = None;
        }
    }

    pub(super) fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// Something does not work.
    pub(super) fn trouble(&mut self, code: ProblemCode, detail: String) {
        self.report(Report::Trouble(Problem { code, detail }));
    }

    /// Something happened, or may have: the first link asks.
    pub(super) fn poll_soon(&mut self) {
        self.work.schedule.poll_soon(self.now);
    }

    /// The message can't be read. What is under way for it is cancelled.
    pub(super) fn fail_message(&mut self, id: MessageId, problem: Problem) {
        if self.work.reads.remove(id) {
            self.report(Report::MessageFailed(id, problem));
        }
    }

    /// The part can't be had. What is under way for it is cancelled.
    pub(super) fn fail_download(&mut self, id: DownloadId, problem: Problem) {
        if self.work.files.remove(id) {
            self.report(Report::DownloadFailed(id, problem));
        }
    }

    /// What is read in this mailbox and saved from it can't be had.
    pub(super) fn fail_bodies_in(&mut self, mailbox: MailboxId, problem: &Problem) {
        for id in self.work.reads.in_mailbox(mailbox) {
            self.fail_message(id, problem.clone());
        }
        self.fail_downloads_in(mailbox, problem);
    }

    /// What is saved from this mailbox can't be had.
    pub(super) fn fail_downloads_in(&mut self, mailbox: MailboxId, problem: &Problem) {
        for id in self.work.files.in_mailbox(mailbox) {
            self.fail_download(id, problem.clone());
        }
    }

    /// If the message is read whole: shows it.
    pub(super) fn finish_message(&mut self, id: MessageId) {
        let Some(message) = self.tx.message(id) else { return };
        let Some(finished) = self.work.reads.finish(id, message, self.decoder) else { return };
        match finished.is_short {
            true => self.report(Report::Damaged(finished.view)),
            false => self.tx.put_body(finished.view),
        }
    }
}
