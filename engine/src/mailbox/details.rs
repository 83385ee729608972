//! The details of rows that were read without them, since a link ended over a range that they are in. They are asked
//! for on the second link, few at a time: the first one stays whatever comes of it.

use crate::border::{MailboxId, MessageId, ProblemCode};
use crate::engine::Engine;
use crate::links::link::{Detail, Purpose, Role};
use crate::links::sign_in::is_link_gone;
use crate::links::trials::Subject;
use crate::mailbox::fetching::attributes;
use crate::mailbox::rows;
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
    /// A group is asked for that is in no other.
    asked: Vec<MessageId>,
}

impl Poor {
    /// These rows came without their details.
    pub(crate) fn add(&mut self, ids: &[MessageId]) {
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

    /// Asks for the next details in the mailbox that the second link has selected.
    pub(crate) fn ask_details(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let may_ask = self.trials.allows(Subject::Details(mailbox), now);
        let poor = &mut self.folders.get_mut(mailbox).poor;
        if !may_ask || !poor.asked.is_empty() || !poor.is_waiting(now) {
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
        let Some(link) = self.ready_link(Role::Side) else { return };
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
                self.refused(Subject::Details(mailbox), error);
            }
            Ok(_) => {}
        }
        // What was refused stays as it is until a person asks for news.
        self.folders.get_mut(mailbox).poor.asked.clear();
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
