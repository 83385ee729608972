//! SELECT on the foreground link, EXAMINE on the background one: opens a mailbox.

use crate::account::desk::Desk;
use crate::account::follow;
use crate::account::job::{Job, JobLink};
use crate::account::jobs::compare;
use crate::account::key::JobKey;
use crate::account::numbers::Selection;
use crate::account::refusals::{MOST_REFUSALS, Retry, refused};
use crate::account::role::Role;
use crate::account::state::Spent;
use crate::border::{MailboxId, Problem, ProblemCode};
use crate::link::{is_link_gone, is_nonexistent, words};
use crate::report::Report;
use crate::store::{Folder, Identity, Order};
use postern_protocol::imap::command::{self, Mode};
use postern_protocol::imap::{CommandError, Done, Flag, Selected, Uid};
use std::time::Duration;

#[derive(Debug)]
struct Select(MailboxId);

pub(super) fn start(mailbox: MailboxId, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.line.selection = None;
    let Some(name) = desk.tx.mailboxes().name(mailbox).cloned() else { return };
    // EXAMINE leaves `\Recent` and everything else as it is.
    let mode = match desk.role {
        Role::Foreground => Mode::ReadWrite,
        Role::Background => Mode::ReadOnly,
    };
    link.send(command::Select::new(name, mode), Box::new(Select(mailbox)), desk.now);
}

impl Job for Select {
    fn key(&self) -> JobKey {
        JobKey::Select(self.0)
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        match (result, desk.role) {
            (Ok(Done::Selected(selected)), Role::Foreground) => selected_for_user(desk, self.0, selected),
            (Ok(_), _) => desk.line.selection = Some(Selection::new(self.0)),
            (Err(error), _) if is_link_gone(error) => {}
            (Err(error), Role::Background) => background_cannot(desk, self.0, error),
            (Err(error), _) if is_nonexistent(error) => cannot(desk, self.0, error),
            (Err(error), _) => is_refused(desk, self.0, error),
        }
    }
}

/// The mailbox will not be opened for a while: what waits in it fails.
pub(crate) fn give_up(desk: &mut Desk<'_, '_>, mailbox: MailboxId, problem: &Problem) {
    while let Some(number) = desk.tx.actions().next_unsent(mailbox, |_| true) {
        desk.tx.revert_action(number);
    }
    desk.fail_bodies_in(mailbox, problem);
}

fn selected_for_user(desk: &mut Desk<'_, '_>, mailbox: MailboxId, selected: &Selected) {
    let known = desk.tx.folder(mailbox).map(Folder::identity).unwrap_or_default().uid_validity;
    // RFC 9051 section 2.3.1.1: with another UIDVALIDITY every UID means another message.
    let is_valid = known == selected.uid_validity;
    // The comparison ended the link more than once: the list is made anew instead.
    let may_compare = desk.work.trials.allows(JobKey::Compare(mailbox), desk.now);
    if known.is_some() && !(is_valid && may_compare) {
        desk.tx.reset_mailbox(mailbox);
    }
    desk.tx.set_identity(mailbox, identity(selected));
    desk.line.selection = Some(Selection::new(mailbox));
    // In any other mailbox there is only an action to carry out or a message to read.
    if desk.demand.open_mailbox() != Some(mailbox) {
        return;
    }
    if selected.exists > 0 && compare::lowest_known(desk.tx, mailbox).is_some() {
        desk.line.selection = Some(Selection::to_compare(mailbox, selected.exists));
    } else {
        follow::adopt(desk, mailbox, &Order::with_len(selected.exists));
    }
}

/// What stays of the marks that are set in a mailbox. If the server does not say, all of them do.
fn identity(selected: &Selected) -> Identity {
    let is_kept = |flag: &Flag| selected.permanent_flags.as_ref().is_none_or(|kept| kept.contains(flag));
    Identity {
        uid_validity: selected.uid_validity,
        uid_next: selected.uid_next.map_or(0, Uid::value),
        keeps_seen: !selected.read_only && is_kept(&Flag::Seen),
    }
}

/// The server would not open the mailbox: it is asked again, and its words are reported once that took a while.
fn is_refused(desk: &mut Desk<'_, '_>, mailbox: MailboxId, error: &CommandError) {
    let times = match refused(desk, JobKey::Select(mailbox), error) {
        Retry::Later(times) => times,
        Retry::Never => {
            desk.work.trials.refused(JobKey::Select(mailbox), Some(OPEN_AGAIN), desk.now);
            u32::MAX
        }
    };
    if times > 1 {
        desk.trouble(ProblemCode::NotNow, words(error));
    }
    if times > MOST_REFUSALS {
        desk.fail_bodies_in(mailbox, &Problem { code: ProblemCode::NotNow, detail: words(error) });
    }
}

fn cannot(desk: &mut Desk<'_, '_>, mailbox: MailboxId, error: &CommandError) {
    let problem = Problem { code: ProblemCode::Gone, detail: words(error) };
    give_up(desk, mailbox, &problem);
    if desk.demand.open_mailbox() == Some(mailbox) {
        desk.start_over(mailbox);
    }
    desk.report(Report::MailboxGone(mailbox, problem));
}

/// The background link can't open a mailbox. If the server has it all the same, the foreground link reads in it: some let
/// only one session have a mailbox.
fn background_cannot(desk: &mut Desk<'_, '_>, mailbox: MailboxId, error: &CommandError) {
    if is_nonexistent(error) {
        let problem = Problem { code: ProblemCode::Gone, detail: words(error) };
        desk.fail_downloads_in(mailbox, &problem);
        desk.line.spent = Some(Spent::ForNow);
    } else {
        refused(desk, JobKey::Idle, error);
        desk.line.spent = Some(Spent::ForLong);
    }
}

/// A mailbox that may not be opened is tried again all the same: rights change.
const OPEN_AGAIN: Duration = Duration::from_secs(60);
