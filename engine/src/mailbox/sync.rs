//! Keeps the open mailbox's list in step with the server: SELECT, what came and went, and the comparison after
//! a reconnect. Which rows are fetched is in `fetching`.

use crate::border::{ListState, MailboxId, MessageId, Problem, ProblemCode, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::sign_in::{is_link_gone, words};
use crate::mailbox::list::{Grown, List, Splice};
use crate::mailbox::mailboxes::Counts;
use postern_protocol::imap::command::{Fetch, FetchAttribute, Mode, Select};
use postern_protocol::imap::{CommandError, Done, Selected, SeqNo, Uid, UidSet};

impl Engine {
    /// Makes this the open mailbox. What is known of it is told at once; the server is asked behind that.
    pub(crate) fn open_mailbox(&mut self, mailbox: MailboxId) {
        if self.mailboxes.name(mailbox).is_none() {
            return;
        }
        let now = self.now;
        if let Some(link) = self.ready_link(Role::Work) {
            link.cancel(|purpose| matches!(purpose, Purpose::Rows(_) | Purpose::Previews), now);
        }
        self.view.open(mailbox);
        for stale in self.folders.opened(mailbox) {
            self.forget_folder(stale);
        }
        let is_selected = self.work.as_ref().is_some_and(|link| link.selected == Some(mailbox));
        let expected = self.mailboxes.counts(mailbox).total;
        let folder = self.folders.get_mut(mailbox);
        if folder.uid_validity.is_none() {
            folder.list = List::with_len(expected.unwrap_or(0));
        }
        self.view.is_ready = is_selected && folder.incoming.is_none();
        self.recount_soon();
        self.tell_list();
        self.tell_known_rows();
    }

    /// Selects the mailbox on the work link, once nothing is under way that needs another one.
    pub(crate) fn select(&mut self, role: Role, mailbox: MailboxId) {
        let (now, name) = (self.now, self.mailboxes.name(mailbox).cloned());
        let (Some(name), Some(link)) = (name, self.ready_link(role)) else { return };
        if link.any(|purpose| purpose.needs_mailbox() || matches!(purpose, Purpose::Select(_))) {
            return;
        }
        // The side link only looks: EXAMINE leaves `\Recent` and everything else as it is.
        let mode = if role == Role::Work { Mode::ReadWrite } else { Mode::ReadOnly };
        link.selected = None;
        link.send(Select::new(name, mode), Purpose::Select(mailbox), now);
    }

    pub(crate) fn select_answered(
        &mut self,
        role: Role,
        mailbox: MailboxId,
        result: &Result<Done, CommandError>,
    ) {
        match result {
            Ok(Done::Selected(selected)) => {
                if let Some(link) = self.link_mut(role) {
                    link.selected = Some(mailbox);
                }
                if role == Role::Work {
                    self.selected(mailbox, selected);
                }
            }
            Err(error) if is_link_gone(error) => {}
            Err(_) if role == Role::Side => self.side_cannot(mailbox),
            Err(error) => self.cannot_select(mailbox, error),
            Ok(_) => {}
        }
    }

    /// `EXISTS` on the work link.
    pub(crate) fn exists(&mut self, len: u32) {
        let Some(mailbox) = self.listed_mailbox() else { return };
        // Rows that wait to be told stand where they stood before this.
        self.flush_rows();
        let folder = self.folders.get_mut(mailbox);
        let is_told = folder.incoming.is_none();
        match folder.current().exists(len) {
            Grown::Same => {}
            Grown::Shrunk => self.start_over(mailbox),
            Grown::By(_) if !is_told => {}
            Grown::By(splice) => {
                self.tell_splice(splice);
                self.view.fresh = self.view.fresh.saturating_add(splice.inserted);
                self.count_total(mailbox);
            }
        }
    }

    /// `EXPUNGE` on the work link.
    pub(crate) fn expunged(&mut self, seq: SeqNo) {
        let Some(mailbox) = self.listed_mailbox() else { return };
        let folder = self.folders.get_mut(mailbox);
        let is_told = folder.incoming.is_none();
        // Rows that wait to be told stand where they stood before this.
        if is_told {
            self.flush_rows();
        }
        let Some((splice, gone)) = self.folders.get_mut(mailbox).current().expunge(seq.value()) else {
            return;
        };
        if !is_told {
            return;
        }
        self.tell_splice(splice);
        self.view.numbers_moved();
        if splice.at < self.view.fresh {
            self.view.fresh -= 1;
        }
        match gone {
            Some(id) => self.forget_message(id),
            None => self.recount_soon(),
        }
        self.count_total(mailbox);
    }

    pub(crate) fn reconcile_answered(&mut self, result: &Result<Done, CommandError>) {
        let Some(mailbox) = self.listed_mailbox() else { return };
        let Some(incoming) = self.folders.get_mut(mailbox).incoming.take() else { return };
        match result {
            Ok(_) => self.adopt(mailbox, &incoming),
            Err(error) if is_link_gone(error) => {}
            // The list can't be compared, so that it is made anew.
            Err(_) => self.start_over(mailbox),
        }
    }

    /// The server's numbers and ours no longer agree: forget the list and select anew.
    pub(crate) fn start_over(&mut self, mailbox: MailboxId) {
        self.forget_folder(mailbox);
        if let Some(link) = self.ready_link(Role::Work).filter(|link| link.selected == Some(mailbox)) {
            link.selected = None;
        }
        if self.view.mailbox == Some(mailbox) {
            self.view.open(mailbox);
            self.folders.opened(mailbox);
            self.tell_list();
        }
    }

    /// The mailbox that the work link has selected, where it is the open one and so has a list to keep.
    pub(crate) fn listed_mailbox(&self) -> Option<MailboxId> {
        let selected = self.work.as_ref()?.selected?;
        (self.view.mailbox == Some(selected)).then_some(selected)
    }

    /// A message is gone.
    pub(crate) fn forget_message(&mut self, id: MessageId) {
        if let (Some(flags), Some(message)) = (self.shown_flags(id), self.messages.get(id))
            && !flags.seen
        {
            self.adjust_unread_and_recount(message.mailbox, -1);
        }
        self.wishes.forget(id);
        self.view.news.retain(|new| *new != id);
        self.message_is_gone(id);
        self.messages.forget(id);
    }

    fn selected(&mut self, mailbox: MailboxId, selected: &Selected) {
        let folder = self.folders.get_mut(mailbox);
        let was = folder.uid_validity;
        // RFC 9051 section 2.3.1.1: with another UIDVALIDITY every UID means another message.
        let is_valid = was.is_some() && was == selected.uid_validity;
        let is_first = was.is_none();
        folder.uid_next = selected.uid_next.map_or(0, Uid::value);
        if !is_valid && !is_first {
            self.start_over_selected(mailbox);
        }
        self.folders.get_mut(mailbox).uid_validity = selected.uid_validity;
        let fresh = List::with_len(selected.exists);
        if self.view.mailbox != Some(mailbox) {
            return;
        }
        match self.lowest_known(mailbox).filter(|_| selected.exists > 0) {
            Some(lowest) => {
                self.folders.get_mut(mailbox).incoming = Some(fresh);
                self.ask_known_flags(lowest);
            }
            None => self.adopt(mailbox, &fresh),
        }
    }

    /// As `start_over`, with the mailbox staying selected.
    fn start_over_selected(&mut self, mailbox: MailboxId) {
        self.start_over(mailbox);
        if let Some(link) = self.link_mut(Role::Work) {
            link.selected = Some(mailbox);
        }
    }

    fn lowest_known(&self, mailbox: MailboxId) -> Option<Uid> {
        let list = &self.folders.get(mailbox)?.list;
        list.known().filter_map(|(_, id)| self.messages.get(id)).map(|message| message.uid).min()
    }

    /// Which of the known messages are left, where, and with which flags.
    fn ask_known_flags(&mut self, lowest: Uid) {
        let now = self.now;
        let Some(link) = self.ready_link(Role::Work) else { return };
        let set = UidSet::from_first(lowest);
        link.send(Fetch::new(set, vec![FetchAttribute::Uid, FetchAttribute::Flags]), Purpose::Reconcile, now);
    }

    /// The server's list is whole: bring the view's in line with it.
    fn adopt(&mut self, mailbox: MailboxId, incoming: &List) {
        self.flush_rows();
        let left: Vec<_> = incoming.known_by_seq().collect();
        let (splices, gone) = self.folders.get_mut(mailbox).list.reconcile(incoming.len(), left);
        splices.into_iter().for_each(|splice| self.tell_splice(splice));
        gone.into_iter().for_each(|id| self.forget_message(id));
        self.count_total(mailbox);
        self.recount_soon();
        self.view.is_ready = true;
        self.tell_list();
        self.back_off.reset();
    }

    fn forget_folder(&mut self, mailbox: MailboxId) {
        for id in self.messages.of(mailbox) {
            self.wishes.forget(id);
            self.message_is_gone(id);
            self.messages.forget(id);
        }
        self.folders.forget(mailbox);
    }

    fn cannot_select(&mut self, mailbox: MailboxId, error: &CommandError) {
        self.give_up_wishes(mailbox);
        self.give_up_reading(mailbox);
        if self.view.mailbox == Some(mailbox) {
            self.start_over(mailbox);
            self.view.mailbox = None;
        }
        let problem = Problem { code: ProblemCode::Gone, detail: words(error) };
        self.tell(Update::ActionFailed { problem });
    }

    fn count_total(&mut self, mailbox: MailboxId) {
        let total = Some(self.folders.get_mut(mailbox).list.len());
        let counts = Counts { total, ..self.mailboxes.counts(mailbox) };
        self.set_counts(mailbox, counts);
    }

    fn tell_list(&mut self) {
        let Some(mailbox) = self.view.mailbox else { return };
        let state = if self.view.is_ready { ListState::Ready } else { ListState::Loading };
        let total = self.folders.get_mut(mailbox).list.len();
        self.tell(Update::List { mailbox, generation: self.view.generation, total, state });
    }

    fn tell_splice(&mut self, Splice { at, removed, inserted }: Splice) {
        self.tell(Update::Splice { generation: self.view.generation, at, removed, inserted });
    }

    fn tell_known_rows(&mut self) {
        let Some(folder) = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox)) else { return };
        self.view.changed = folder.list.known().map(|(position, _)| position).collect();
        self.flush_rows();
    }
}
