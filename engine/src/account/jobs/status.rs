//! STATUS: how many messages a mailbox has, and how many are unread.

use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::refused_in_passing;
use crate::border::MailboxId;
use crate::link::Refusal;
use crate::store::Counts;
use postern_protocol::imap::command::{self, StatusAttribute};
use postern_protocol::imap::{CommandError, Done, Item, StatusItem};

#[derive(Debug)]
struct Status(MailboxId);

pub(super) fn start(mailbox: MailboxId, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.work.schedule.count_asked(mailbox);
    if let Some(name) = desk.tx.mailboxes().name(mailbox).cloned() {
        let command = command::Status { mailbox: name, attributes: attributes() };
        link.send(command, Box::new(Status(mailbox)), desk.now);
    }
}

impl Job for Status {
    fn key(&self) -> JobKey {
        JobKey::Status(self.0)
    }

    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        if let Item::Status(status) = item {
            counted(desk, &status);
        }
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        let Err(error) = result else { return };
        refused_in_passing(desk, error);
        if Refusal::of(error).is_temporary() {
            desk.work.schedule.count_later(self.0);
        }
    }
}

/// What STATUS said.
pub(super) fn counted(desk: &mut Desk<'_, '_>, status: &StatusItem) {
    let Some(id) = desk.tx.mailboxes().id(&status.mailbox) else { return };
    // What the server counts does not hold what was not sent yet.
    let has_actions = desk.tx.actions().any_in(id);
    if has_actions {
        desk.tx.doubt_unread(id);
    }
    let unread = status.unseen.filter(|_| !has_actions);
    let known = desk.tx.mailboxes().counts(id);
    let is_followed = desk.followed() == Some(id);
    let total = if is_followed { known.total } else { status.messages.or(known.total) };
    desk.tx.set_counts(id, Counts { total, unread: unread.or(known.unread) });
}

pub(super) fn attributes() -> Vec<StatusAttribute> {
    vec![StatusAttribute::Messages, StatusAttribute::Unseen]
}
