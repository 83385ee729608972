//! Which rows are fetched, and how they reach the view: the window on screen first, then what is new, then the
//! pages around.

use crate::border::{Flags, MailboxId, MessageId, MessageRow, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Detail, Purpose, Role};
use crate::links::refusal::Refusal;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::mailbox::blanks::Cause;
use crate::mailbox::rows;
use crate::mailbox::stubborn::Next;
use crate::message::messages::Message;
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{CommandError, Done, MessageData, SeqNo, SeqSet, Uid};
use std::ops::RangeInclusive;

impl Engine {
    /// Asks for the next rows that are wanted, one command at a time.
    pub(crate) fn ask_rows(&mut self, mailbox: MailboxId) {
        let is_asked = |purpose| matches!(purpose, Purpose::Rows(_) | Purpose::Reconcile);
        if self.listed_mailbox() != Some(mailbox) || self.work.as_ref().is_none_or(|link| link.any(is_asked))
        {
            return;
        }
        let Some(folder) = self.folders.get(mailbox).filter(|folder| folder.incoming.is_none()) else {
            return;
        };
        let Some(gap) = self.view.next_gap(&folder.list) else { return };
        if !self.trials.allows(Subject::Rows, self.now) {
            return;
        }
        let (gap, detail) = self.view.stubborn.plan(gap);
        let mut set = SeqSet::new();
        if let (Some(low), Some(high)) = (SeqNo::new(*gap.start()), SeqNo::new(*gap.end())) {
            set.push_range(low, high);
        }
        let now = self.now;
        (self.view.placed, self.view.asked, self.view.detail) = (0, Some(gap), detail);
        let Some(link) = self.ready_link(Role::Work) else { return };
        link.send(Fetch::new(set, attributes(detail)), Purpose::Rows(detail), now);
    }

    /// One FETCH response of the work link, asked for or not.
    pub(crate) fn take_message(&mut self, data: &MessageData) {
        let Some(mailbox) = self.listed_mailbox() else { return self.take_flags_elsewhere(data) };
        let Some(seq) = data.seq.map(SeqNo::value) else { return };
        let folder = self.folders.get_mut(mailbox);
        let placed = folder.current().at_seq(seq);
        let known = data.uid.map_or(placed, |uid| self.messages.id(mailbox, uid));
        // Two UIDs for one sequence number: one of us has lost count.
        if let (Some(_), Some(placed)) = (data.uid, placed)
            && known != Some(placed)
            && self.messages.get(placed).is_some()
        {
            return self.start_over(mailbox);
        }
        match (known, data.uid) {
            (Some(id), _) => self.take_known(mailbox, seq, id, data),
            (None, _) if self.view.asked.as_ref().is_some_and(|asked| asked.contains(&seq)) => {
                self.take_part(mailbox, seq, data);
            }
            (None, Some(uid)) if rows::is_row(data) => self.take_new(mailbox, seq, uid, data),
            // Flags of a message that was never fetched: only its count matters.
            _ => self.recount_soon(),
        }
    }

    /// Part of a row that was asked for: some servers send one in several responses.
    fn take_part(&mut self, mailbox: MailboxId, seq: u32, data: &MessageData) {
        let detail = self.view.detail;
        if let Some(uid) = data.uid.filter(|_| is_whole(data, detail))
            && !self.view.parts.contains_key(&seq)
        {
            return self.take_new(mailbox, seq, uid, data);
        }
        let part = self.view.parts.entry(seq).or_default();
        rows::join(part, data);
        if let Some(uid) = part.uid.filter(|_| is_whole(part, detail)) {
            let whole = self.view.parts.remove(&seq).unwrap_or_default();
            self.take_new(mailbox, seq, uid, &whole);
        }
    }

    pub(crate) fn rows_answered(&mut self, detail: Detail, result: &Result<Done, CommandError>) {
        let Some(mailbox) = self.listed_mailbox() else { return };
        // What never came of these rows will not come any more.
        for (seq, part) in std::mem::take(&mut self.view.parts) {
            if let Some(uid) = part.uid.filter(|_| result.is_ok()) {
                self.take_new(mailbox, seq, uid, &part);
            }
        }
        // What has other numbers now is asked for by these.
        let asks_again = |error: &CommandError| {
            is_link_gone(error) || matches!(error, CommandError::Cancelled | CommandError::Renumbered)
        };
        if result.as_ref().is_err_and(asks_again) {
            return;
        }
        if let Some(asked) = self.view.asked.take() {
            match result {
                Ok(_) if self.view.placed > 0 => self.note_lean(mailbox, detail, &asked),
                Ok(_) => {
                    if self.view.stubborn.gave_nothing(&asked) == Next::GiveUp {
                        self.give_up_rows(mailbox, asked, Cause::Broken);
                    }
                }
                // What did not come is asked for by itself.
                Err(_) if self.view.placed > 0 => {}
                Err(error) => self.rows_refused(mailbox, asked, error),
            }
        }
        self.ask_previews(mailbox);
        self.ask_headers(mailbox);
        self.tell_news(mailbox);
    }

    fn rows_refused(&mut self, mailbox: MailboxId, asked: RangeInclusive<u32>, error: &CommandError) {
        let (patience, wait) = match Refusal::of(error) {
            Refusal::SlowDown(wait) => return self.slow_down(wait, error),
            Refusal::ForNow(wait) => (PATIENCE_FOR_NOW, wait),
            Refusal::Unclear => (PATIENCE, None),
            Refusal::Final => (0, None),
        };
        match self.view.stubborn.refused(&asked, patience) {
            Next::Otherwise => {}
            Next::Later => {
                let times = self.trials.refused(Subject::Rows, wait, self.now);
                if times > 1 {
                    self.tell_trouble(ProblemCode::NotNow, words(error));
                }
            }
            Next::GiveUp => self.give_up_rows(mailbox, asked, Cause::Refused),
        }
    }

    /// A link ended over the rows that were asked for. Servers send them in order: the first that did not come is the one,
    /// unless none came at all.
    pub(crate) fn rows_ended_link(&mut self) {
        let (Some(mailbox), Some(asked)) = (self.view.mailbox, self.view.asked.take()) else { return };
        let list = &self.folders.get_mut(mailbox).list;
        let missing = asked.clone().find(|seq| list.at_seq(*seq).is_none());
        let blamed = match missing {
            Some(first) if self.view.placed > 0 => first..=first,
            Some(_) => asked,
            None => return,
        };
        if self.view.stubborn.ended_link(&blamed) == Next::GiveUp {
            self.give_up_rows(mailbox, blamed, Cause::Broken);
            self.tell_trouble(ProblemCode::SetAside, "the row of one message".to_owned());
        }
    }

    /// Rows came without their details, since a link ended over them or the server would not give them: those are asked
    /// for by themselves.
    fn note_lean(&mut self, mailbox: MailboxId, detail: Detail, asked: &RangeInclusive<u32>) {
        if detail == Detail::Full {
            return;
        }
        let (now, is_risky) = (self.now, self.view.stubborn.is_over_a_link(asked));
        let folder = self.folders.get_mut(mailbox);
        let ids: Vec<_> = asked.clone().filter_map(|seq| folder.list.at_seq(seq)).collect();
        folder.poor.add(&ids, is_risky, now);
    }

    /// The row of this message changed.
    pub(crate) fn show_row(&mut self, mailbox: MailboxId, id: MessageId) {
        if self.view.mailbox != Some(mailbox) {
            return;
        }
        let list = self.folders.get(mailbox).map(|folder| &folder.list);
        let position = list.and_then(|list| list.known().find(|(_, known)| *known == id));
        self.view.changed.extend(position.map(|(position, _)| position));
    }

    /// Tells the rows that became known or changed since the last time.
    pub(crate) fn flush_rows(&mut self) {
        let mut positions = std::mem::take(&mut self.view.changed);
        positions.sort_unstable();
        positions.dedup();
        let Some(mailbox) = self.view.mailbox else { return };
        let mut run: Option<(u32, Vec<MessageRow>)> = None;
        for position in positions {
            let id = self.folders.get(mailbox).and_then(|folder| folder.list.at(position));
            let Some(row) = id.map(|id| self.row(id)) else { continue };
            match &mut run {
                Some((first, rows)) if u64::from(*first) + rows.len() as u64 == u64::from(position) => {
                    rows.push(row);
                }
                _ => {
                    self.tell_rows(run.take());
                    run = Some((position, vec![row]));
                }
            }
        }
        self.tell_rows(run);
    }

    fn take_known(&mut self, mailbox: MailboxId, seq: u32, id: MessageId, data: &MessageData) {
        if let Some(flags) = rows::flags(data) {
            self.set_server_flags(id, flags);
        }
        let decoder = self.config.decode_charset;
        let is_changed =
            self.messages.get_mut(id).is_some_and(|message| rows::complete(message, data, decoder));
        if is_changed {
            self.show_row(mailbox, id);
        }
        let folder = self.folders.get_mut(mailbox);
        let was_there = folder.current().at_seq(seq) == Some(id);
        let is_told = folder.incoming.is_none();
        if let Some(position) = folder.current().place(seq, id).filter(|_| is_told && !was_there) {
            self.view.placed += 1;
            self.view.changed.push(position);
        }
    }

    fn take_new(&mut self, mailbox: MailboxId, seq: u32, uid: Uid, data: &MessageData) {
        let message = rows::message(mailbox, uid, data, self.config.decode_charset);
        let is_unread = !message.flags.seen;
        let id = self.messages.put(message);
        let folder = self.folders.get_mut(mailbox);
        let is_told = folder.incoming.is_none();
        let is_new = folder.uid_next != 0 && uid.value() >= folder.uid_next;
        if let Some(position) = folder.current().place(seq, id).filter(|_| is_told) {
            self.view.placed += 1;
            self.view.changed.push(position);
        }
        if is_new && is_unread {
            self.view.news.push(id);
            self.adjust_unread_and_recount(mailbox, 1);
        }
    }

    /// An answer to a STORE in a mailbox that is selected for that alone.
    fn take_flags_elsewhere(&mut self, data: &MessageData) {
        let selected = self.work.as_ref().and_then(|link| link.selected);
        if let (Some(mailbox), Some(uid), Some(flags)) = (selected, data.uid, rows::flags(data))
            && let Some(id) = self.messages.id(mailbox, uid)
        {
            self.set_server_flags(id, flags);
        }
    }

    /// Tells of the messages that arrived, once their rows are there.
    fn tell_news(&mut self, mailbox: MailboxId) {
        let mut news = std::mem::take(&mut self.view.news);
        let uid = |id: &MessageId| self.messages.get(*id).map_or(0, |message| message.uid.value());
        news.sort_by_key(uid);
        let highest = self.folders.get(mailbox).into_iter().flat_map(|folder| folder.list.known().take(1));
        let next = highest.map(|(_, id)| uid(&id).saturating_add(1)).max().unwrap_or(0);
        let count = u32::try_from(news.len()).unwrap_or(u32::MAX);
        let newest = news.len().saturating_sub(MOST_NEWS);
        let rows: Vec<_> = news[newest..].iter().map(|id| self.row(*id)).collect();
        let folder = self.folders.get_mut(mailbox);
        folder.uid_next = folder.uid_next.max(next);
        let still_coming = self.view.fresh.min(folder.list.len());
        if folder.list.first_gap(0, still_coming, 1).is_none() {
            self.view.fresh = 0;
        }
        self.flush_rows();
        if count > 0 {
            self.tell(Update::NewMail { mailbox, rows, count });
        }
    }

    /// A row as it is to be shown; an empty one for a message that can't be read.
    fn row(&self, id: MessageId) -> MessageRow {
        let Some(message) = self.messages.get(id) else { return unreadable(id) };
        let flags = self.shown_flags(id).unwrap_or_default();
        Message::row(message, id, flags, self.mailboxes.role(message.mailbox))
    }

    fn tell_rows(&mut self, run: Option<(u32, Vec<MessageRow>)>) {
        if let Some((first, rows)) = run {
            self.tell(Update::Rows { generation: self.view.generation, first, rows });
        }
    }
}

/// Whether nothing more of a row is to come. What is missing when the answer ends was not to be had; what is missing when
/// the link breaks is asked for again.
fn is_whole(data: &MessageData, detail: Detail) -> bool {
    let has_details = data.envelope.is_some() && data.body_structure.is_some();
    rows::is_row(data) && (detail == Detail::Lean || has_details)
}

pub(crate) fn attributes(detail: Detail) -> Vec<FetchAttribute> {
    let lean =
        vec![FetchAttribute::Uid, FetchAttribute::Flags, FetchAttribute::InternalDate, FetchAttribute::Size];
    match detail {
        Detail::Lean => lean,
        Detail::Full => {
            [lean, vec![FetchAttribute::Envelope, FetchAttribute::BodyStructure, FetchAttribute::Preview]]
                .concat()
        }
    }
}

fn unreadable(id: MessageId) -> MessageRow {
    MessageRow {
        id,
        correspondent: String::new(),
        subject: String::new(),
        date: None,
        size: 0,
        has_attachment: false,
        flags: Flags { seen: true, ..Flags::default() },
        preview: None,
        is_blank: true,
    }
}

/// New messages whose rows come with the notification.
const MOST_NEWS: usize = 10;

/// How often a range is refused before it is split.
const PATIENCE: u32 = 2;
/// The same where the server says that it passes.
const PATIENCE_FOR_NOW: u32 = 3;
