//! The details of rows that were read without them, since a link ended over a range that they are in, or the server would
//! not give them. They are asked for on the second link, few at a time: the first one stays whatever comes of it.

use crate::border::{MailboxId, MessageId, ProblemCode};
use crate::engine::Engine;
use crate::links::link::{Detail, Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::sign_in::is_link_gone;
use crate::links::trials::Subject;
use crate::mailbox::fetching::attributes;
use crate::mailbox::rows;
use crate::message::messages::Message;
use crate::message::reading::MOST_REFUSALS;
use postern_protocol::Time;
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{CommandError, Done, MessageData, UidSet};
use std::collections::VecDeque;
use std::time::Duration;

/// The rows of a mailbox that lack their details, in groups that are asked for together.
#[derive(Debug, Default)]
pub(crate) struct Poor {
    groups: VecDeque<Vec<MessageId>>,
    not_before: Option<Time>,
    /// A link ended over some of them.
    is_risky: bool,
    /// How often an answer in a row held nothing.
    empty_answers: u32,
    /// A group is asked for that is in no other.
    asked: Vec<MessageId>,
}

impl Poor {
    /// These rows came without their details.
    pub(crate) fn add(&mut self, ids: &[MessageId], is_risky: bool, now: Time) {
        self.is_risky |= is_risky;
        // What was refused may be had a little later.
        self.not_before = self.not_before.max((!is_risky).then_some(now + PAUSE));
        self.groups.extend(ids.chunks(TOGETHER).map(<[_]>::to_vec));
    }

    pub(crate) fn is_waiting(&self, now: Time) -> bool {
        let is_due = self.not_before.is_none_or(|at| at <= now);
        !self.asked.is_empty() || (is_due && !self.groups.is_empty())
    }

    /// When the next may be asked for, where that is later than now.
    pub(crate) fn next(&self, now: Time) -> Option<Time> {
        self.not_before.filter(|at| *at > now && !self.groups.is_empty())
    }

    /// The link is gone that they were asked on, for whatever reason.
    pub(crate) fn interrupted(&mut self) {
        let asked = std::mem::take(&mut self.asked);
        if !asked.is_empty() {
            self.groups.push_front(asked);
        }
    }
}

impl Engine {
    pub(crate) fn next_details(&self) -> Option<Time> {
        let folder = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox))?;
        folder.poor.next(self.now)
    }

    /// A person asks for news: the rows that still lack their details are among them.
    pub(crate) fn ask_details_again(&mut self) {
        let now = self.now;
        let Some(mailbox) = self.view.mailbox else { return };
        let folder = self.folders.get_mut(mailbox);
        let is_poor = |id: &MessageId| self.messages.get(*id).is_some_and(Message::is_poor);
        let ids: Vec<_> = folder.list.known().map(|(_, id)| id).filter(is_poor).collect();
        folder.poor.groups.clear();
        folder.poor.asked.clear();
        folder.poor.add(&ids, false, now);
        folder.poor.not_before = None;
    }

    /// Asks for the next details in the mailbox that this link has selected. The first link takes no risk.
    pub(crate) fn ask_details(&mut self, role: Role, mailbox: MailboxId) {
        let now = self.now;
        let may_ask = self.trials.allows(Subject::Details(mailbox), now);
        let poor = &mut self.folders.get_mut(mailbox).poor;
        let is_too_risky = role == Role::Work && poor.is_risky;
        if !may_ask || is_too_risky || !poor.asked.is_empty() || !poor.is_waiting(now) {
            return;
        }
        let Some(group) = poor.groups.pop_front() else { return };
        let messages = group.iter().filter_map(|id| self.messages.get(*id));
        let mut set = UidSet::new();
        messages.for_each(|message| set.push(message.uid));
        if set.is_empty() {
            return;
        }
        self.folders.get_mut(mailbox).poor.asked = group;
        let Some(link) = self.ready_link(role) else { return };
        link.send(Fetch::new(set, attributes(Detail::Full)), Purpose::Details(mailbox), now);
    }

    /// One row with its details.
    pub(crate) fn take_details(&mut self, mailbox: MailboxId, data: &MessageData) {
        let Some(id) = data.uid.and_then(|uid| self.messages.id(mailbox, uid)) else { return };
        let decoder = self.config.decode_charset;
        if let Some(message) = self.messages.get_mut(id) {
            rows::complete(message, data, decoder);
        }
        self.show_row(mailbox, id);
    }

    pub(crate) fn details_answered(&mut self, mailbox: MailboxId, result: &Result<Done, CommandError>) {
        match result {
            Err(error) if is_link_gone(error) => return,
            Err(error) => {
                if matches!(self.refused(Subject::Details(mailbox), error), Next::Later(0..=MOST_REFUSALS)) {
                    return self.folders.get_mut(mailbox).poor.interrupted();
                }
            }
            Ok(_) => return self.details_came(mailbox),
        }
        // What was refused stays as it is until a person asks for news.
        self.folders.get_mut(mailbox).poor.asked.clear();
    }

    /// What did not come may be news that this link has not heard of yet: it is asked for a few times more.
    fn details_came(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let poor = &mut self.folders.get_mut(mailbox).poor;
        let mut asked = std::mem::take(&mut poor.asked);
        asked.retain(|id| self.messages.get(*id).is_some_and(Message::is_poor));
        if asked.is_empty() {
            poor.empty_answers = 0;
        } else if poor.empty_answers < MOST_REFUSALS {
            poor.empty_answers += 1;
            poor.not_before = Some(now + PAUSE);
            poor.groups.push_back(asked);
        }
    }

    /// The second link ended over them: one of them did it.
    pub(crate) fn details_ended_link(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let poor = &mut self.folders.get_mut(mailbox).poor;
        let asked = std::mem::take(&mut poor.asked);
        poor.not_before = Some(now + PAUSE);
        if asked.len() > 1 {
            asked.into_iter().rev().for_each(|id| poor.groups.push_front(vec![id]));
        } else if !asked.is_empty() {
            self.tell_trouble(ProblemCode::SetAside, "sender and subject of one message".to_owned());
        }
    }
}

const TOGETHER: usize = 8;
/// Between two links that end over them.
const PAUSE: Duration = Duration::from_secs(5);
