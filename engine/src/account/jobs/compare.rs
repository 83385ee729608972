//! FETCH of UIDs and flags: which of the known messages of the open mailbox are left, where, and with which flags.

use crate::account::desk::Desk;
use crate::account::follow;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::refused;
use crate::border::MailboxId;
use crate::link::{Refusal, is_link_gone};
use crate::store::Store;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{CommandError, Done, Uid, UidSet};

#[derive(Debug)]
struct Compare(MailboxId);

pub(super) fn start(mailbox: MailboxId, desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    let Some(lowest) = lowest_known(desk.tx, mailbox) else {
        // All that was known went meanwhile.
        return desk.start_over(mailbox);
    };
    let items = vec![FetchAttribute::Uid, FetchAttribute::Flags];
    link.send(Fetch::new(UidSet::from_first(lowest), items), Box::new(Compare(mailbox)), desk.now);
}

impl Job for Compare {
    fn key(&self) -> JobKey {
        JobKey::Compare(self.0)
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        if desk.followed() != Some(self.0) {
            return;
        }
        let Some(selection) = &mut desk.line.selection else { return };
        let Some(incoming) = selection.take_incoming() else { return };
        match result {
            Ok(_) => follow::adopt(desk, self.0, &incoming),
            Err(error) if is_link_gone(error) => {}
            Err(error) if Refusal::of(error).is_temporary() => {
                selection.put_back(incoming);
                refused(desk, JobKey::Compare(self.0), error);
            }
            // The list can't be compared, so that it is made anew.
            Err(_) => desk.start_over(self.0),
        }
    }
}

/// The lowest UID among the known messages of a mailbox.
pub(crate) fn lowest_known(store: &Store, mailbox: MailboxId) -> Option<Uid> {
    let known = store.order(mailbox)?.known();
    known.filter_map(|(_, id)| store.message(id)).map(|message| message.uid).min()
}
