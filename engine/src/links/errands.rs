//! What the work link does next: which mailbox it should have selected, and what is asked of the server there.

use crate::border::MailboxId;
use crate::engine::Engine;
use crate::links::link::Role;
use crate::links::trials::Subject;

impl Engine {
    /// Asks for whatever is wanted and not asked yet. Harmless when there is nothing.
    pub(crate) fn ask_work(&mut self) {
        if self.patience.is_held(self.now) {
            return;
        }
        let Some(link) = self.ready_link(Role::Work) else { return };
        let selected = link.selected;
        self.ask_mailboxes();
        match self.target() {
            Some(target) if selected == Some(target) => {
                self.send_wishes(target);
                self.ask_reconcile(target);
                self.ask_rows(target);
                self.ask_parts(Role::Work, target);
                if self.is_alone() {
                    self.ask_windows(Role::Work);
                    self.ask_details(Role::Work, target);
                }
            }
            Some(target) => self.select(Role::Work, target),
            None => {}
        }
        // What is on screen comes before what stands beside it.
        if self.is_in_step() {
            self.ask_counts();
        }
    }

    /// The mailbox to have selected. Mostly the open one; flags that were set and messages that were opened in
    /// another mailbox before the user went on are an errand there and back.
    fn target(&self) -> Option<MailboxId> {
        let link = self.work.as_ref()?;
        let (open, selected) = (self.view.mailbox, link.selected);
        let can_be_opened = |mailbox: &MailboxId| {
            selected == Some(*mailbox) || self.trials.allows(Subject::Select(*mailbox), self.now)
        };
        let may_be_sent = |number| self.trials.allows(Subject::Store(number), self.now);
        let open = open.filter(can_be_opened);
        let download = self.downloads.mailbox().filter(|_| self.is_alone());
        let has_errand = |mailbox| {
            self.wishes.need(mailbox, may_be_sent)
                || self.reading.any_in(Role::Work, mailbox)
                || download == Some(mailbox)
        };
        match selected {
            Some(selected) if Some(selected) != open && has_errand(selected) => Some(selected),
            Some(selected) if Some(selected) == open && !self.is_in_step() => open,
            None if open.is_some() => open,
            _ => {
                let elsewhere = self.wishes.waiting_elsewhere(open, may_be_sent);
                let elsewhere = elsewhere.or_else(|| self.reading.waiting_elsewhere(Role::Work, open));
                let elsewhere = elsewhere.or(download.filter(|download| Some(*download) != open));
                elsewhere.filter(can_be_opened).or(open)
            }
        }
    }

    /// Whether the open mailbox has all that the screen needs.
    fn is_in_step(&self) -> bool {
        let Some(folder) = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox)) else {
            return true;
        };
        if self.view.mailbox.is_some_and(|open| !self.trials.allows(Subject::Select(open), self.now)) {
            return true;
        }
        self.view.is_ready && folder.incoming.is_none() && self.view.next_gap(&folder.list).is_none()
    }
}
