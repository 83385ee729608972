//! Rows that the server would not send: each holds its place in the list, so that all others can be had, and is
//! asked for again after a while and when a person refreshes.

use crate::account::blanks::Blank;
use crate::account::desk::Desk;
use crate::border::MailboxId;
use postern_protocol::Time;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Why rows were given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The server refused: that may pass.
    Refused,
    /// It ended its connections, or had nothing to say.
    Broken,
}

/// The server gives nothing for these, not even the least: their rows stay empty.
pub(crate) fn give_up(desk: &mut Desk<'_, '_>, mailbox: MailboxId, seqs: RangeInclusive<u32>, cause: Cause) {
    let tries = desk.work.rows.blank_tries();
    let wait = FIRST_WAIT.saturating_mul(4u32.saturating_pow(tries));
    let retry_at = (cause == Cause::Refused && tries < MOST_TRIES).then(|| desk.now + wait);
    for seq in seqs {
        let id = desk.tx.put_blank(mailbox, seq);
        desk.work.blanks.add(Blank { mailbox, id, tries, retry_at });
    }
}

/// Asks again for those of the open mailbox that are due.
pub(crate) fn retry_due(desk: &mut Desk<'_, '_>) {
    let now = desk.now;
    retry(desk, |retry_at| retry_at.is_some_and(|at| at <= now));
}

/// A person refreshes: asks again for all of them.
pub(crate) fn retry_all(desk: &mut Desk<'_, '_>) {
    desk.work.rows.try_blanks(0);
    retry(desk, |_| true);
}

fn retry(desk: &mut Desk<'_, '_>, is_due: impl Fn(Option<Time>) -> bool) {
    let Some(mailbox) = desk.demand.open_mailbox() else { return };
    let mut due = desk.work.blanks.remove(mailbox, is_due);
    due.retain(|blank| desk.tx.folder(mailbox).is_some_and(|folder| folder.is_blank(blank.id)));
    let Some(tries) = due.iter().map(|blank| blank.tries + 1).max() else { return };
    let ids: BTreeSet<_> = due.iter().map(|blank| blank.id).collect();
    desk.tx.remove_blanks(mailbox, &ids);
    desk.work.rows.try_blanks(tries);
}

const FIRST_WAIT: Duration = Duration::from_secs(15);
const MOST_TRIES: u32 = 4;
