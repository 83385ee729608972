//! Keeps the open mailbox's list in step with the server: SELECT, what came and went, and the comparison after
//! a reconnect. Which rows are fetched is in `fetching`.

use crate::border::{ListState, MailboxId, MessageId, Problem, ProblemCode, Session, Update};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::quarantine::Next;
use crate::links::refusal::{Refusal, is_nonexistent, wants_id};
use crate::links::session::Phase;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use crate::mailbox::folder::Keeps;
use crate::mailbox::list::{Grown, List, Splice};
use crate::mailbox::mailboxes::Counts;
use crate::message::reading::MOST_REFUSALS;
use postern_protocol::imap::command::{Fetch, FetchAttribute, Mode, Select};
use postern_protocol::imap::{CommandError, Done, Flag, Selected, SeqNo, Uid, UidSet};
use std::time::Duration;

impl Engine {
    /// Makes this the open mailbox. What is known of it is told at once; the server is asked behind that.
    pub(crate) fn open_mailbox(&mut self, mailbox: MailboxId) {
        if self.mailboxes.name(mailbox).is_none() {
            return self.tell_no_such_mailbox();
        }
        let now = self.now;
        if let Some(link) = self.ready_link(Role::Work) {
            let is_of_rows =
                |purpose| matches!(purpose, Purpose::Rows(_) | Purpose::Previews | Purpose::Headers);
            link.cancel(is_of_rows, now);
        }
        if let Some(left) = self.view.mailbox.filter(|left| *left != mailbox) {
            self.folders.get_mut(left).is_compared = false;
        }
        self.view.open(mailbox);
        self.trials.allow(|subject| subject == Subject::Select(mailbox));
        for stale in self.folders.opened(mailbox) {
            self.forget_folder(stale);
        }
        let is_compared = self.folders.get_mut(mailbox).is_compared;
        if let Some(link) = self.work.as_mut().filter(|link| link.selected == Some(mailbox) && !is_compared) {
            link.selected = None;
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

    /// Nobody is signed in, or the mailbox went: either way the view hears of it.
    fn tell_no_such_mailbox(&mut self) {
        self.tell(match self.phase {
            Phase::SignedOut => Update::Session { session: Session::SignedOut { problem: None } },
            _ => {
                let problem = Problem { code: ProblemCode::Gone, detail: String::new() };
                Update::ActionFailed { problem }
            }
        });
    }

    /// Selects the mailbox on the work link, once nothing is under way that needs another one.
    pub(crate) fn select(&mut self, role: Role, mailbox: MailboxId) {
        let (now, name) = (self.now, self.mailboxes.name(mailbox).cloned());
        if role == Role::Work && !self.trials.allows(Subject::Select(mailbox), now) {
            return;
        }
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
            Err(error) if role == Role::Side => self.side_cannot(mailbox, error),
            Err(error) if is_nonexistent(error) => self.cannot_select(mailbox, error),
            // It is asked again once the server knows who we are.
            Err(error) if wants_id(error) && self.say_id(role) => {}
            Err(error) => self.select_refused(mailbox, error),
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
            Err(error) if Refusal::of(error).is_temporary() => {
                self.refused(Subject::Reconcile(mailbox), error);
                self.folders.get_mut(mailbox).incoming = Some(incoming);
            }
            // The list can't be compared, so that it is made anew.
            Err(_) => self.start_over(mailbox),
        }
    }

    /// Asks which of the known messages are left, where the server would not say before.
    pub(crate) fn ask_reconcile(&mut self, mailbox: MailboxId) {
        let is_wanted = self.folders.get(mailbox).is_some_and(|folder| folder.incoming.is_some());
        let is_asked =
            self.work.as_ref().is_none_or(|link| link.any(|purpose| purpose == Purpose::Reconcile));
        let may_ask = self.trials.allows(Subject::Reconcile(mailbox), self.now);
        if is_wanted
            && !is_asked
            && may_ask
            && self.listed_mailbox() == Some(mailbox)
            && let Some(lowest) = self.lowest_known(mailbox)
        {
            self.ask_known_flags(lowest);
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
        let folder = self.folders.get_mut(mailbox);
        folder.uid_validity = selected.uid_validity;
        folder.keeps = keeps(selected);
        if !self.trials.allows(Subject::Reconcile(mailbox), self.now) && !is_first && is_valid {
            // The comparison ended the link more than once: the list is made anew instead.
            self.start_over_selected(mailbox);
            self.folders.get_mut(mailbox).uid_validity = selected.uid_validity;
        }
        let fresh = List::with_len(selected.exists);
        if self.view.mailbox != Some(mailbox) {
            self.folders.get_mut(mailbox).is_compared = false;
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
        let mut left: Vec<_> = incoming.known_by_seq().collect();
        let folder = self.folders.get_mut(mailbox);
        folder.is_compared = true;
        let list = &mut folder.list;
        let have_moved =
            incoming.len() < list.len() || left.iter().any(|(seq, id)| list.at_seq(*seq) != Some(*id));
        if have_moved {
            folder.blanks.clear();
        } else {
            // The server can't tell of these; their places are the same.
            let blank = |id| folder.blanks.iter().any(|blank| blank.is_of(id));
            left.extend(list.known_by_seq().filter(|(_, id)| blank(*id)));
            left.sort_unstable();
        }
        let (splices, gone) = list.reconcile(incoming.len(), left);
        if have_moved {
            self.view.numbers_moved();
        }
        splices.into_iter().for_each(|splice| self.tell_splice(splice));
        gone.into_iter().for_each(|id| self.forget_message(id));
        self.count_total(mailbox);
        self.recount_soon();
        self.view.is_ready = true;
        self.tell_list();
    }

    fn forget_folder(&mut self, mailbox: MailboxId) {
        for id in self.messages.of(mailbox) {
            self.wishes.forget(id);
            self.message_is_gone(id);
            self.messages.forget(id);
        }
        self.folders.forget(mailbox);
    }

    /// The server would not open the mailbox: it is asked again, and its words are told once that took a while.
    fn select_refused(&mut self, mailbox: MailboxId, error: &CommandError) {
        let times = match self.refused(Subject::Select(mailbox), error) {
            Next::Later(times) => times,
            Next::Never => {
                self.trials.refused(Subject::Select(mailbox), Some(OPEN_AGAIN), self.now);
                u32::MAX
            }
        };
        if times > 1 {
            self.tell_trouble(ProblemCode::NotNow, words(error));
        }
        if times > MOST_REFUSALS {
            let problem = Problem { code: ProblemCode::NotNow, detail: words(error) };
            self.give_up_reading(mailbox, &problem);
            self.fail_downloads_in(mailbox, &problem);
        }
    }

    /// The mailbox will not be opened for a while: what waits in it fails.
    pub(crate) fn give_up_mailbox(&mut self, mailbox: MailboxId, problem: &Problem) {
        self.give_up_wishes(mailbox);
        self.give_up_reading(mailbox, problem);
        self.fail_downloads_in(mailbox, problem);
    }

    fn cannot_select(&mut self, mailbox: MailboxId, error: &CommandError) {
        self.give_up_mailbox(mailbox, &Problem { code: ProblemCode::Gone, detail: words(error) });
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

/// What stays of the marks that are set in a mailbox. Where the server does not say, all of them do.
fn keeps(selected: &Selected) -> Keeps {
    let is_kept = |flag: &Flag| selected.permanent_flags.as_ref().is_none_or(|kept| kept.contains(flag));
    Keeps { seen: !selected.read_only && is_kept(&Flag::Seen) }
}

/// A mailbox that may not be opened is tried again all the same: rights change.
const OPEN_AGAIN: Duration = Duration::from_secs(60);
