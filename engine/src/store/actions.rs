//! What the user did that the server has not confirmed. Shown at once, sent when there is a connection, sent again if it
//! broke before the answer (setting a flag twice is harmless), and reverted when the server refuses.

use crate::border::{Flags, MailboxId, MessageId};
use std::collections::BTreeSet;

/// One flag set or cleared on some messages of one mailbox: one STORE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PendingAction {
    number: u64,
    is_sent: bool,
    pub(crate) mailbox: MailboxId,
    pub(crate) messages: BTreeSet<MessageId>,
    pub(crate) mark: Mark,
    pub(crate) is_set: bool,
}

/// The flags that a person can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Seen,
    Flagged,
}

impl PendingAction {
    /// Not numbered yet, and not sent.
    pub(crate) fn new(mailbox: MailboxId, messages: &[MessageId], mark: Mark, is_set: bool) -> Self {
        let messages = messages.iter().copied().collect();
        Self { number: 0, is_sent: false, mailbox, messages, mark, is_set }
    }

    /// The flags as they are once the server has confirmed this.
    pub(crate) fn applied_to(&self, flags: Flags) -> Flags {
        match self.mark {
            Mark::Seen => Flags { seen: self.is_set, ..flags },
            Mark::Flagged => Flags { flagged: self.is_set, ..flags },
        }
    }
}

/// All of them, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    all: Vec<PendingAction>,
    last_number: u64,
}

impl Actions {
    /// How a message's flags are to be shown, given what the server last said of them.
    pub(crate) fn shown(&self, message: MessageId, server: Flags) -> Flags {
        let actions = self.all.iter().filter(|action| action.messages.contains(&message));
        actions.fold(server, |flags, action| action.applied_to(flags))
    }

    /// The action of this number, if it is not confirmed yet.
    pub(crate) fn get(&self, number: u64) -> Option<&PendingAction> {
        self.all.iter().find(|action| action.number == number)
    }

    /// The next action to send in this mailbox.
    pub(crate) fn next_unsent(&self, mailbox: MailboxId, may_be_sent: impl Fn(u64) -> bool) -> Option<u64> {
        let is_next = |action: &&PendingAction| {
            !action.is_sent && action.mailbox == mailbox && may_be_sent(action.number)
        };
        self.all.iter().find(is_next).map(|action| action.number)
    }

    /// A mailbox other than `mailbox` that has actions to send.
    pub(crate) fn waiting_elsewhere(
        &self,
        mailbox: Option<MailboxId>,
        may_be_sent: impl Fn(u64) -> bool,
    ) -> Option<MailboxId> {
        let is_next = |action: &&PendingAction| {
            !action.is_sent && Some(action.mailbox) != mailbox && may_be_sent(action.number)
        };
        self.all.iter().find(is_next).map(|action| action.mailbox)
    }

    /// Whether the mailbox must be selected for an action: one is under way, or may be sent.
    pub(crate) fn need(&self, mailbox: MailboxId, may_be_sent: impl Fn(u64) -> bool) -> bool {
        self.all
            .iter()
            .any(|action| action.mailbox == mailbox && (action.is_sent || may_be_sent(action.number)))
    }

    /// Whether actions in this mailbox are under way or waiting.
    pub(crate) fn any_in(&self, mailbox: MailboxId) -> bool {
        self.all.iter().any(|action| action.mailbox == mailbox)
    }

    /// Numbers an action and keeps it.
    pub(super) fn push(&mut self, action: PendingAction) {
        self.last_number += 1;
        self.all.push(PendingAction { number: self.last_number, ..action });
    }

    /// It was sent, or is to be sent again.
    pub(super) fn set_sent(&mut self, number: u64, is_sent: bool) {
        let all = self.all.iter_mut();
        all.filter(|action| action.number == number).for_each(|action| action.is_sent = is_sent);
    }

    /// The link broke: whatever was sent and not answered is to be sent again.
    pub(super) fn unsend_all(&mut self) {
        self.all.iter_mut().for_each(|action| action.is_sent = false);
    }

    /// It was answered, one way or the other.
    pub(super) fn remove(&mut self, number: u64) -> Option<PendingAction> {
        let index = self.all.iter().position(|action| action.number == number)?;
        Some(self.all.remove(index))
    }

    /// This message is gone, and what was to be done to it too.
    pub(super) fn forget(&mut self, message: MessageId) {
        for action in &mut self.all {
            action.messages.remove(&message);
        }
    }

    /// Forgets all actions. No number is used again.
    pub(super) fn clear(&mut self) {
        self.all.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INBOX: MailboxId = MailboxId(1);
    const ONE: MessageId = MessageId(1);

    fn push(actions: &mut Actions, mark: Mark, is_set: bool) {
        actions.push(PendingAction::new(INBOX, &[ONE], mark, is_set));
    }

    #[test]
    fn later_actions_win_until_they_are_confirmed() {
        let mut actions = Actions::default();
        push(&mut actions, Mark::Seen, true);
        push(&mut actions, Mark::Seen, false);
        push(&mut actions, Mark::Flagged, true);
        assert_eq!(actions.shown(ONE, Flags::default()), Flags { flagged: true, ..Flags::default() });
        assert_eq!(actions.shown(MessageId(2), Flags::default()), Flags::default());
        actions.remove(2);
        assert_eq!(
            actions.shown(ONE, Flags::default()),
            Flags { seen: true, flagged: true, ..Flags::default() }
        );
    }

    #[test]
    fn an_action_is_sent_once_and_again_after_a_break() {
        let mut actions = Actions::default();
        push(&mut actions, Mark::Seen, true);
        assert_eq!(actions.waiting_elsewhere(Some(INBOX), |_| true), None);
        assert_eq!(actions.waiting_elsewhere(None, |_| true), Some(INBOX));
        assert_eq!(actions.next_unsent(INBOX, |_| true), Some(1));
        actions.set_sent(1, true);
        assert_eq!(actions.next_unsent(INBOX, |_| true), None);
        actions.unsend_all();
        assert!(actions.next_unsent(INBOX, |_| true).is_some());
        assert!(actions.any_in(INBOX));
        actions.remove(1);
        assert!(!actions.any_in(INBOX));
    }
}
