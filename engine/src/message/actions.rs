//! What the user does to messages: shown at once, then asked of the server, taken back where it refuses.

use crate::border::{Flags, MailboxId, MessageId, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::refusal::Refusal;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::message::flags::{Action, Mark, Wish};
use crate::message::reading::MOST_REFUSALS;
use postern_protocol::imap::command::{Store, StoreAction};
use postern_protocol::imap::{Code, CommandError, Done, Flag, UidSet};
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    pub(crate) fn set_flags(&mut self, messages: &[MessageId], seen: Option<bool>, flagged: Option<bool>) {
        let action = |on| if on { Action::Set } else { Action::Clear };
        let marks = [(Mark::Seen, seen), (Mark::Flagged, flagged)];
        for (mark, on) in marks.into_iter().filter_map(|(mark, on)| Some((mark, on?))) {
            for (mailbox, messages) in self.by_mailbox(messages) {
                if mark == Mark::Seen && self.folders.get(mailbox).is_some_and(|folder| !folder.keeps.seen) {
                    continue;
                }
                self.wish(mailbox, &messages, mark, action(on));
            }
        }
    }

    /// Sends every wish for the mailbox that is selected.
    pub(crate) fn send_wishes(&mut self, mailbox: MailboxId) {
        let (trials, now) = (&self.trials, self.now);
        let mut unsent = Vec::new();
        while let Some((number, wish)) =
            self.wishes.next_unsent(mailbox, |number| trials.allows(Subject::Store(number), now))
        {
            unsent.push((number, wish.clone()));
        }
        for (number, wish) in unsent {
            let mut set = UidSet::new();
            wish.messages
                .iter()
                .filter_map(|id| self.messages.get(*id))
                .for_each(|message| set.push(message.uid));
            if set.is_empty() {
                self.wishes.settle(number);
                continue;
            }
            let now = self.now;
            let Some(link) = self.ready_link(Role::Work) else { return };
            link.send(store(set, &wish), Purpose::Store(number), now);
        }
    }

    pub(crate) fn store_answered(&mut self, number: u64, result: &Result<Done, CommandError>) {
        match result {
            Ok(_) => self.fulfilled(number),
            // The link is gone: the wish goes out again on the next one.
            Err(error) if is_link_gone(error) => {}
            Err(error) => self.store_refused(number, error),
        }
    }

    /// What passes is waited out. That a message can't be marked as read is no failure of reading it, where the mailbox
    /// can only be read.
    fn store_refused(&mut self, number: u64, error: &CommandError) {
        let refusal = Refusal::of(error);
        if refusal.is_temporary()
            && let Next::Later(0..=MOST_REFUSALS) = self.refused(Subject::Store(number), error)
        {
            return self.wishes.unsend(number);
        }
        let said = match error {
            CommandError::Refused(said) => said.code.as_ref(),
            _ => None,
        };
        let is_read_only = matches!(said, Some(Code::ReadOnly | Code::NoPerm));
        if let Some((mailbox, Mark::Seen)) = self.wishes.what(number)
            && is_read_only
        {
            self.folders.get_mut(mailbox).keeps.seen = false;
            return self.take_back(number);
        }
        self.give_up_wish(number, Problem { code: ProblemCode::Refused, detail: words(error) });
    }

    /// It will not be done.
    pub(crate) fn give_up_wish(&mut self, number: u64, problem: Problem) {
        self.take_back(number);
        self.tell(Update::ActionFailed { problem });
    }

    /// The mailbox can't be selected, so that nothing in it can be done.
    pub(crate) fn give_up_wishes(&mut self, mailbox: MailboxId) {
        while let Some((number, _)) = self.wishes.next_unsent(mailbox, |_| true) {
            self.take_back(number);
        }
    }

    /// What the server says of a message's flags.
    pub(crate) fn set_server_flags(&mut self, id: MessageId, flags: Flags) {
        self.change_shown(By::Server, &[id], |engine| {
            if let Some(message) = engine.messages.get_mut(id) {
                message.flags = flags;
            }
        });
    }

    /// The flags to show: the server's, with what the user wished since.
    pub(crate) fn shown_flags(&self, id: MessageId) -> Option<Flags> {
        let message = self.messages.get(id)?;
        Some(self.wishes.shown(id, message.flags))
    }

    fn wish(&mut self, mailbox: MailboxId, messages: &[MessageId], mark: Mark, action: Action) {
        self.change_shown(By::User, messages, |engine| {
            // A server's line has a limit, and a set with holes is long.
            for some in messages.chunks(MOST_AT_ONCE) {
                engine.wishes.add(mailbox, BTreeSet::from_iter(some.iter().copied()), mark, action);
            }
        });
    }

    fn fulfilled(&mut self, number: u64) {
        let Some(wish) = self.wishes.settle(number) else { return };
        for id in &wish.messages {
            // Most servers said so already, in a FETCH of their own.
            if let Some(message) = self.messages.get_mut(*id) {
                message.flags = wish.applied_to(message.flags);
            }
        }
    }

    fn take_back(&mut self, number: u64) {
        let Some(messages) = self.wishes.messages(number) else { return };
        self.change_shown(By::Server, &messages, |engine| {
            engine.wishes.settle(number);
        });
    }

    /// Does something that may change how these messages' flags are shown, and tells the view what did change.
    fn change_shown(&mut self, by_whom: By, messages: &[MessageId], change: impl FnOnce(&mut Self)) {
        let before: Vec<_> = messages.iter().filter_map(|id| Some((*id, self.shown_flags(*id)?))).collect();
        change(self);
        for (message, before) in before {
            let Some(flags) = self.shown_flags(message) else { continue };
            if flags == before {
                continue;
            }
            self.tell(Update::FlagsChanged { message, flags });
            if flags.seen != before.seen
                && let Some(mailbox) = self.messages.get(message).map(|message| message.mailbox)
            {
                let by = if flags.seen { -1 } else { 1 };
                match by_whom {
                    By::User => self.adjust_unread(mailbox, by),
                    By::Server => self.adjust_unread_and_recount(mailbox, by),
                }
            }
        }
    }

    fn by_mailbox(&self, messages: &[MessageId]) -> BTreeMap<MailboxId, Vec<MessageId>> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for id in messages {
            if let Some(message) = self.messages.get(*id) {
                groups.entry(message.mailbox).or_default().push(*id);
            }
        }
        groups
    }
}

/// Who changes a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    User,
    Server,
}

fn store(set: UidSet, wish: &Wish) -> Store {
    let action = match wish.action {
        Action::Set => StoreAction::Add,
        Action::Clear => StoreAction::Remove,
    };
    let flag = match wish.mark {
        Mark::Seen => Flag::Seen,
        Mark::Flagged => Flag::Flagged,
    };
    Store::new(set, action, vec![flag])
}

/// Messages changed by one command at most.
const MOST_AT_ONCE: usize = 500;
