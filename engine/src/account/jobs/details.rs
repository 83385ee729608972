//! FETCH of the rows that were read without their details: on the background link, few at a time, so that the foreground
//! one stays whatever comes of it.

use crate::account::desk::Desk;
use crate::account::ingest;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::{MOST_REFUSALS, Retry, refused};
use crate::account::stubborn::Detail;
use crate::border::{MailboxId, ProblemCode};
use crate::link::is_link_gone;
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{CommandError, Done, Item, UidSet};

#[derive(Debug)]
struct Details(MailboxId);

pub(super) fn start(mailbox: MailboxId, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let mut set = UidSet::new();
    let group = desk.work.details.ask(mailbox);
    let messages = group.iter().filter_map(|id| desk.tx.message(*id));
    messages.for_each(|message| set.push(message.uid));
    if set.is_empty() {
        return desk.work.details.drop_asked(mailbox);
    }
    link.send(Fetch::new(set, ingest::attributes(Detail::Full)), Box::new(Details(mailbox)), desk.now);
}

impl Job for Details {
    fn key(&self) -> JobKey {
        JobKey::Details(self.0)
    }

    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        let Item::Message(data) = item else { return };
        let Some(id) = data.uid.and_then(|uid| desk.tx.message_id(self.0, uid)) else { return };
        let decoder = desk.decoder;
        desk.tx.edit_message(id, |message| ingest::complete(message, &data, decoder));
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        match result {
            Err(error) if is_link_gone(error) => {}
            Err(error) => match refused(desk, self.key(), error) {
                Retry::Later(0..=MOST_REFUSALS) => desk.work.details.put_back(self.0),
                // It stays as it is until a person refreshes.
                _ => desk.work.details.drop_asked(self.0),
            },
            Ok(_) => desk.work.details.came(self.0, desk.tx, desk.now),
        }
    }
}

/// A link ended over them.
pub(crate) fn ended_link(desk: &mut Desk<'_, '_>, mailbox: MailboxId) {
    if desk.work.details.ended_link(mailbox, desk.now) {
        desk.trouble(ProblemCode::SetAside, "sender and subject of one message".to_owned());
    }
}
