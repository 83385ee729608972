//! Marks messages: as read, with a flag.

use crate::border::{MailboxId, MessageId};
use crate::store::{Mark, PendingAction, Tx};
use std::collections::BTreeMap;

/// Sets or clears marks of messages; none leaves one as it is.
pub(crate) fn mark(tx: &mut Tx<'_>, messages: &[MessageId], seen: Option<bool>, flagged: Option<bool>) {
    for (mark, is_set) in [(Mark::Seen, seen), (Mark::Flagged, flagged)] {
        let Some(is_set) = is_set else { continue };
        for (mailbox, messages) in by_mailbox(tx, messages) {
            let keeps_seen = tx.folder(mailbox).is_none_or(|folder| folder.identity().keeps_seen);
            if mark == Mark::Seen && !keeps_seen {
                continue;
            }
            // A server's line has a limit, and a set with holes is long.
            for some in messages.chunks(MOST_AT_ONCE) {
                tx.push_action(PendingAction::new(mailbox, some, mark, is_set));
            }
        }
    }
}

fn by_mailbox(tx: &Tx<'_>, messages: &[MessageId]) -> BTreeMap<MailboxId, Vec<MessageId>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for id in messages {
        if let Some(message) = tx.message(*id) {
            groups.entry(message.mailbox).or_default().push(*id);
        }
    }
    groups
}

/// Messages changed by one command at most.
const MOST_AT_ONCE: usize = 500;
