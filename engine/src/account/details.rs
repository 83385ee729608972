//! The rows that were read without their details, since a link ended over a range that they are in, or the server would
//! not give them: in which groups they are asked for, and when.

use crate::account::role::Role;
use crate::border::{MailboxId, MessageId};
use crate::store::{Message, Order, Store};
use postern_protocol::Time;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Those of all mailboxes.
#[derive(Debug, Default)]
pub(crate) struct Details {
    mailboxes: HashMap<MailboxId, Poor>,
}

/// The rows of a mailbox that lack their details, in groups that are asked for together.
#[derive(Debug, Default)]
struct Poor {
    groups: VecDeque<Vec<MessageId>>,
    not_before: Option<Time>,
    /// A link ended over some of them.
    is_risky: bool,
    /// How often an answer in a row held nothing.
    empty_answers: u32,
    /// A group is asked for that is in no other.
    asked: Vec<MessageId>,
}

impl Details {
    /// These rows came without their details.
    pub(crate) fn add(&mut self, mailbox: MailboxId, ids: &[MessageId], is_risky: bool, now: Time) {
        let poor = self.of(mailbox);
        poor.is_risky |= is_risky;
        // What was refused may be had a little later.
        poor.not_before = poor.not_before.max((!is_risky).then_some(now + PAUSE));
        poor.groups.extend(ids.chunks(TOGETHER).map(<[_]>::to_vec));
    }

    /// A person refreshes: the rows of this mailbox that still lack their details are among them. If there is one link
    /// alone, it takes the risk this once.
    pub(crate) fn ask_again(&mut self, mailbox: MailboxId, store: &Store) {
        let is_poor = |id: &MessageId| store.message(*id).is_some_and(Message::is_poor);
        let known = store.order(mailbox).into_iter().flat_map(Order::known);
        let ids: Vec<_> = known.map(|(_, id)| id).filter(is_poor).collect();
        let poor = self.of(mailbox);
        poor.asked.clear();
        (poor.not_before, poor.is_risky) = (None, false);
        poor.groups = ids.chunks(TOGETHER).map(<[_]>::to_vec).collect();
    }

    /// Whether some are asked for or may be.
    pub(crate) fn is_waiting(&self, mailbox: MailboxId, now: Time) -> bool {
        self.mailboxes.get(&mailbox).is_some_and(|poor| !poor.asked.is_empty() || poor.is_due(now))
    }

    /// Whether the next may be asked for on this link. The first link takes no risk.
    pub(crate) fn may_ask(&self, mailbox: MailboxId, role: Role, now: Time) -> bool {
        let Some(poor) = self.mailboxes.get(&mailbox) else { return false };
        let is_too_risky = role == Role::Foreground && poor.is_risky;
        !is_too_risky && poor.asked.is_empty() && poor.is_due(now)
    }

    /// When the next may be asked for, if that is later than now.
    pub(crate) fn next(&self, mailbox: MailboxId, now: Time) -> Option<Time> {
        let poor = self.mailboxes.get(&mailbox)?;
        poor.not_before.filter(|at| *at > now && !poor.groups.is_empty())
    }

    /// Takes out the next group: it is asked for.
    pub(crate) fn ask(&mut self, mailbox: MailboxId) -> Vec<MessageId> {
        let poor = self.of(mailbox);
        poor.asked = poor.groups.pop_front().unwrap_or_default();
        poor.asked.clone()
    }

    /// Nothing of the group that was asked for is left in the mailbox.
    pub(crate) fn drop_asked(&mut self, mailbox: MailboxId) {
        self.of(mailbox).asked.clear();
    }

    /// The group is asked for again.
    pub(crate) fn put_back(&mut self, mailbox: MailboxId) {
        self.of(mailbox).put_back();
    }

    /// The answer is whole. What did not come may be new mail that this link does not know of yet: it is asked for a few
    /// times more.
    pub(crate) fn came(&mut self, mailbox: MailboxId, store: &Store, now: Time) {
        let poor = self.of(mailbox);
        let mut asked = std::mem::take(&mut poor.asked);
        asked.retain(|id| store.message(*id).is_some_and(Message::is_poor));
        if asked.is_empty() {
            poor.empty_answers = 0;
        } else if poor.empty_answers < MOST_EMPTY_ANSWERS {
            poor.empty_answers += 1;
            poor.not_before = Some(now + PAUSE);
            poor.groups.push_back(asked);
        }
    }

    /// A link ended over the group that was asked for: one of it did it. Gives whether that one is found.
    pub(crate) fn ended_link(&mut self, mailbox: MailboxId, now: Time) -> bool {
        let poor = self.of(mailbox);
        let asked = std::mem::take(&mut poor.asked);
        (poor.not_before, poor.is_risky) = (Some(now + PAUSE), true);
        if asked.len() == 1 {
            return true;
        }
        asked.into_iter().rev().for_each(|id| poor.groups.push_front(vec![id]));
        false
    }

    /// The link is gone that they were asked on, for whatever reason.
    pub(crate) fn interrupted(&mut self) {
        self.mailboxes.values_mut().for_each(Poor::put_back);
    }

    /// The mailbox begins anew.
    pub(crate) fn forget(&mut self, mailbox: MailboxId) {
        self.mailboxes.remove(&mailbox);
    }

    fn of(&mut self, mailbox: MailboxId) -> &mut Poor {
        self.mailboxes.entry(mailbox).or_default()
    }
}

impl Poor {
    fn is_due(&self, now: Time) -> bool {
        self.not_before.is_none_or(|at| at <= now) && !self.groups.is_empty()
    }

    fn put_back(&mut self) {
        let asked = std::mem::take(&mut self.asked);
        if !asked.is_empty() {
            self.groups.push_front(asked);
        }
    }
}

const TOGETHER: usize = 8;
/// Between two links that end over them.
const PAUSE: Duration = Duration::from_secs(5);
const MOST_EMPTY_ANSWERS: u32 = 3;
