//! STORE: a flag that a person set or cleared.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::{MOST_REFUSALS, Retry, refused};
use crate::border::{Problem, ProblemCode};
use crate::link::{Refusal, is_link_gone, words};
use crate::report::Report;
use crate::store::{Folder, Identity, Mark, PendingAction};
use postern_protocol::imap::command::{Store, StoreAction};
use postern_protocol::imap::{Code, CommandError, Done, Flag, UidSet};

#[derive(Debug)]
struct StoreFlags(u64);

pub(super) fn start(number: u64, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let Some(action) = desk.tx.actions().get(number) else { return };
    let mut set = UidSet::new();
    let messages = action.messages.iter().filter_map(|id| desk.tx.message(*id));
    messages.for_each(|message| set.push(message.uid));
    if set.is_empty() {
        return desk.tx.confirm_action(number);
    }
    let command = store(set, action);
    desk.tx.send_action(number);
    link.send(command, Box::new(StoreFlags(number)), desk.now);
}

impl Job for StoreFlags {
    fn key(&self) -> JobKey {
        JobKey::StoreFlags(self.0)
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        match result {
            Ok(_) => desk.tx.confirm_action(self.0),
            // The link is gone: it goes out again on the next one.
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.refused(error, desk),
        }
    }
}

impl StoreFlags {
    /// What passes is waited out. That a message can't be marked as read is no failure of reading it if the mailbox can
    /// only be read.
    fn refused(&self, error: &CommandError, desk: &mut Desk<'_, '_>) {
        if Refusal::of(error).is_temporary()
            && let Retry::Later(0..=MOST_REFUSALS) = refused(desk, self.key(), error)
        {
            return desk.tx.unsend_action(self.0);
        }
        let response = match error {
            CommandError::Refused(response) => response.code.as_ref(),
            _ => None,
        };
        let is_read_only = matches!(response, Some(Code::ReadOnly | Code::NoPerm));
        let action = desk.tx.actions().get(self.0);
        if let Some(mailbox) = action.filter(|action| action.mark == Mark::Seen).map(|action| action.mailbox)
            && is_read_only
        {
            let known = desk.tx.folder(mailbox).map(Folder::identity).unwrap_or_default();
            desk.tx.set_identity(mailbox, Identity { keeps_seen: false, ..known });
            return desk.tx.revert_action(self.0);
        }
        give_up(desk, self.0, Problem { code: ProblemCode::Refused, detail: words(error) });
    }
}

/// It will not be done.
pub(crate) fn give_up(desk: &mut Desk<'_, '_>, number: u64, problem: Problem) {
    desk.tx.revert_action(number);
    desk.report(Report::ActionFailed(problem));
}

fn store(set: UidSet, action: &PendingAction) -> Store {
    let how = if action.is_set { StoreAction::Add } else { StoreAction::Remove };
    let flag = match action.mark {
        Mark::Seen => Flag::Seen,
        Mark::Flagged => Flag::Flagged,
    };
    Store::new(set, how, vec![flag])
}
