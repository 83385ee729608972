//! Rows that the server would not tell of: each holds its place in the list, so that all others can be had, and is
//! asked for again after a while and when a person asks for news.

use crate::border::{MailboxId, MessageId};
use crate::engine::Engine;
use postern_protocol::Time;
use std::ops::RangeInclusive;
use std::time::Duration;

/// One such row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blank {
    id: MessageId,
    tries: u32,
    /// When it is asked for again; none only when a person asks.
    retry_at: Option<Time>,
}

impl Blank {
    pub(crate) fn is_of(&self, id: MessageId) -> bool {
        self.id == id
    }
}

/// Why rows were given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The server refused: that may pass.
    Refused,
    /// It ended its connections, or had nothing to say.
    Broken,
}

impl Engine {
    /// The server gives nothing for these, not even the least: their rows stay empty.
    pub(crate) fn give_up_rows(&mut self, mailbox: MailboxId, seqs: RangeInclusive<u32>, cause: Cause) {
        let now = self.now;
        let tries = self.view.blank_tries;
        let wait = FIRST_WAIT.saturating_mul(4u32.saturating_pow(tries));
        let retry_at = (cause == Cause::Refused && tries < MOST_TRIES).then(|| now + wait);
        for seq in seqs {
            let id = self.messages.next_id();
            let folder = self.folders.get_mut(mailbox);
            let position = folder.list.place(seq, id);
            folder.blanks.push(Blank { id, tries, retry_at });
            self.view.changed.extend(position);
        }
    }

    /// When the next empty row is asked for again.
    pub(crate) fn next_blank(&self) -> Option<Time> {
        let folder = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox))?;
        folder.blanks.iter().filter_map(|blank| blank.retry_at).min().map(|at| at.max(self.now))
    }

    pub(crate) fn retry_blanks_if_due(&mut self) {
        let now = self.now;
        self.retry_blanks(|blank| blank.retry_at.is_some_and(|at| at <= now));
    }

    /// A person asks for news.
    pub(crate) fn ask_blanks_again(&mut self) {
        self.view.blank_tries = 0;
        self.view.stubborn.forget();
        self.retry_blanks(|_| true);
    }

    fn retry_blanks(&mut self, is_due: impl Fn(&Blank) -> bool) {
        let Some(mailbox) = self.view.mailbox else { return };
        let folder = self.folders.get_mut(mailbox);
        let (due, others) = std::mem::take(&mut folder.blanks).into_iter().partition(is_due);
        folder.blanks = others;
        let due: Vec<Blank> = due;
        for blank in &due {
            folder.list.take_out(blank.id);
        }
        if let Some(tries) = due.iter().map(|blank| blank.tries + 1).max() {
            self.view.blank_tries = tries;
            self.view.stubborn.forget();
        }
    }
}

const FIRST_WAIT: Duration = Duration::from_secs(15);
const MOST_TRIES: u32 = 4;
