//! Who is still owed an answer. Every command is entered once and crossed out once: that is what makes
//! [`Event::Done`](super::Event::Done) come exactly once, whatever the server does.

use super::CommandId;
use crate::imap::{CommandError, Done};
use std::collections::BTreeMap;

/// The commands that are not settled.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    owed: BTreeMap<CommandId, Account>,
    next: u64,
}

/// What must still happen before a command is settled.
#[derive(Debug, Default)]
struct Account {
    /// The parts that it was split into and that are not through; 0 while it is whole.
    parts: usize,
    /// What it came to before it was split.
    done: Option<Done>,
}

impl Ledger {
    pub(super) fn enter(&mut self) -> CommandId {
        let id = CommandId(self.next);
        self.next += 1;
        self.owed.insert(id, Account::default());
        id
    }

    /// It is settled as `done` once `parts` more are through.
    pub(super) fn split(&mut self, id: CommandId, parts: usize, done: Done) {
        if let Some(account) = self.owed.get_mut(&id) {
            *account = Account { parts, done: Some(done) };
        }
    }

    /// It, or one of its parts, came to `result`. Gives what to tell, if this settles it.
    pub(super) fn settle(
        &mut self,
        id: CommandId,
        result: Result<Done, CommandError>,
    ) -> Option<Result<Done, CommandError>> {
        let account = self.owed.get_mut(&id)?;
        account.parts = account.parts.saturating_sub(1);
        if account.parts > 0 {
            return None;
        }
        let account = self.owed.remove(&id)?;
        Some(account.done.map_or(result, Ok))
    }

    /// Crosses it out, whole or in parts. False where it was settled before.
    pub(super) fn cross_out(&mut self, id: CommandId) -> bool {
        self.owed.remove(&id).is_some()
    }

    /// Crosses everything out.
    pub(super) fn close(&mut self) -> impl Iterator<Item = CommandId> + use<> {
        std::mem::take(&mut self.owed).into_keys()
    }

    pub(super) fn len(&self) -> usize {
        self.owed.len()
    }
}
