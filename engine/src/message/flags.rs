//! Flags that the user set and the server has not confirmed. They are shown at once, sent when there is a
//! connection, sent again when it broke before the answer (setting a flag twice is harmless), and taken back
//! when the server refuses.

use crate::border::{Flags, MailboxId, MessageId};
use std::collections::BTreeSet;

/// One flag set or cleared on some messages of one mailbox: one STORE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    number: u64,
    pub(crate) mailbox: MailboxId,
    pub(crate) messages: BTreeSet<MessageId>,
    pub(crate) mark: Mark,
    pub(crate) action: Action,
    sent: bool,
}

/// The flags that a person can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Seen,
    Flagged,
}

/// What becomes of the flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Set,
    Clear,
}

impl Wish {
    /// The flags as they are once this wish is fulfilled.
    pub(crate) fn applied_to(&self, flags: Flags) -> Flags {
        let on = self.action == Action::Set;
        match self.mark {
            Mark::Seen => Flags { seen: on, ..flags },
            Mark::Flagged => Flags { flagged: on, ..flags },
        }
    }
}

/// All unconfirmed wishes, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    all: Vec<Wish>,
    last_number: u64,
}

impl Wishes {
    /// Remembers a wish.
    pub(crate) fn add(
        &mut self,
        mailbox: MailboxId,
        messages: BTreeSet<MessageId>,
        mark: Mark,
        action: Action,
    ) {
        self.last_number += 1;
        self.all.push(Wish { number: self.last_number, mailbox, messages, mark, action, sent: false });
    }

    /// How a message's flags are to be shown, given what the server last said of them.
    pub(crate) fn shown(&self, message: MessageId, server: Flags) -> Flags {
        let wishes = self.all.iter().filter(|wish| wish.messages.contains(&message));
        wishes.fold(server, |flags, wish| wish.applied_to(flags))
    }

    /// The next wish to send for this mailbox, with the number to settle it by. It counts as sent from now on.
    pub(crate) fn next_unsent(
        &mut self,
        mailbox: MailboxId,
        may_be_sent: impl Fn(u64) -> bool,
    ) -> Option<(u64, &Wish)> {
        let is_next = |wish: &&mut Wish| !wish.sent && wish.mailbox == mailbox && may_be_sent(wish.number);
        let wish = self.all.iter_mut().find(is_next)?;
        wish.sent = true;
        Some((wish.number, wish))
    }

    /// A mailbox other than `mailbox` that has wishes to send.
    pub(crate) fn waiting_elsewhere(
        &self,
        mailbox: Option<MailboxId>,
        may_be_sent: impl Fn(u64) -> bool,
    ) -> Option<MailboxId> {
        let is_next = |wish: &&Wish| !wish.sent && Some(wish.mailbox) != mailbox && may_be_sent(wish.number);
        self.all.iter().find(is_next).map(|wish| wish.mailbox)
    }

    /// Whether the mailbox must be selected for a wish: one is under way, or may be sent.
    pub(crate) fn need(&self, mailbox: MailboxId, may_be_sent: impl Fn(u64) -> bool) -> bool {
        self.all.iter().any(|wish| wish.mailbox == mailbox && (wish.sent || may_be_sent(wish.number)))
    }

    /// The server would not do this one now: it is to be sent again.
    pub(crate) fn unsend(&mut self, number: u64) {
        self.all.iter_mut().filter(|wish| wish.number == number).for_each(|wish| wish.sent = false);
    }

    /// What a wish is about.
    pub(crate) fn what(&self, number: u64) -> Option<(MailboxId, Mark)> {
        self.all.iter().find(|wish| wish.number == number).map(|wish| (wish.mailbox, wish.mark))
    }

    /// Whether wishes for this mailbox are under way or waiting.
    pub(crate) fn any_for(&self, mailbox: MailboxId) -> bool {
        self.all.iter().any(|wish| wish.mailbox == mailbox)
    }

    /// The messages that a wish is for.
    pub(crate) fn messages(&self, number: u64) -> Option<Vec<MessageId>> {
        let wish = self.all.iter().find(|wish| wish.number == number)?;
        Some(wish.messages.iter().copied().collect())
    }

    /// The wish was answered, one way or the other: gives it back.
    pub(crate) fn settle(&mut self, number: u64) -> Option<Wish> {
        let index = self.all.iter().position(|wish| wish.number == number)?;
        Some(self.all.remove(index))
    }

    /// The link broke: whatever was sent without an answer is to be sent again.
    pub(crate) fn unsend_all(&mut self) {
        self.all.iter_mut().for_each(|wish| wish.sent = false);
    }

    /// These messages are gone, and what was wished for them too.
    pub(crate) fn forget(&mut self, message: MessageId) {
        for wish in &mut self.all {
            wish.messages.remove(&message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INBOX: MailboxId = MailboxId(1);
    const ONE: MessageId = MessageId(1);

    fn wish(wishes: &mut Wishes, mark: Mark, action: Action) {
        wishes.add(INBOX, BTreeSet::from([ONE]), mark, action);
    }

    #[test]
    fn later_wishes_win_until_they_are_settled() {
        let mut wishes = Wishes::default();
        wish(&mut wishes, Mark::Seen, Action::Set);
        wish(&mut wishes, Mark::Seen, Action::Clear);
        wish(&mut wishes, Mark::Flagged, Action::Set);
        assert_eq!(wishes.shown(ONE, Flags::default()), Flags { flagged: true, ..Flags::default() });
        assert_eq!(wishes.shown(MessageId(2), Flags::default()), Flags::default());
        wishes.settle(2);
        assert_eq!(
            wishes.shown(ONE, Flags::default()),
            Flags { seen: true, flagged: true, ..Flags::default() }
        );
    }

    #[test]
    fn each_is_sent_once_and_again_after_a_break() {
        let mut wishes = Wishes::default();
        wish(&mut wishes, Mark::Seen, Action::Set);
        assert_eq!(wishes.waiting_elsewhere(Some(INBOX), |_| true), None);
        assert_eq!(wishes.waiting_elsewhere(None, |_| true), Some(INBOX));
        assert_eq!(wishes.next_unsent(INBOX, |_| true).map(|(number, _)| number), Some(1));
        assert_eq!(wishes.next_unsent(INBOX, |_| true), None);
        wishes.unsend_all();
        assert!(wishes.next_unsent(INBOX, |_| true).is_some());
        assert!(wishes.any_for(INBOX));
        wishes.settle(1);
        assert!(!wishes.any_for(INBOX));
    }
}
