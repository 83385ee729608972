//! What the work link does next: which mailbox it should have selected, and what is asked of the server there.

use crate::border::MailboxId;
use crate::engine::Engine;
use crate::links::link::Role;

impl Engine {
    /// Asks for whatever is wanted and not asked yet. Harmless when there is nothing.
    pub(crate) fn ask_work(&mut self) {
        let Some(link) = self.ready_link(Role::Work) else { return };
        let selected = link.selected;
        self.ask_mailboxes();
        match self.target() {
            Some(target) if selected == Some(target) => {
                self.send_wishes(target);
                self.ask_rows(target);
                self.ask_parts(target);
                if !self.side.as_ref().is_some_and(super::link::Link::is_signed_in)
                    && self.side_retry.is_some()
                {
                    // The server lets us have no second link now: the first one carries downloads.
                    self.ask_windows(Role::Work);
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
        let has_errand = |mailbox| self.wishes.any_for(mailbox) || self.reading.any_in(mailbox);
        match selected {
            Some(selected) if Some(selected) != open && has_errand(selected) => Some(selected),
            Some(selected) if Some(selected) == open && !self.is_in_step() => open,
            None if open.is_some() => open,
            _ => {
                let elsewhere = self.wishes.waiting_elsewhere(open).or(self.reading.waiting_elsewhere(open));
                elsewhere.or(open)
            }
        }
    }

    /// Whether the open mailbox has all that the screen needs.
    fn is_in_step(&self) -> bool {
        let Some(folder) = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox)) else {
            return true;
        };
        self.view.is_ready && folder.incoming.is_none() && self.view.next_gap(&folder.list).is_none()
    }
}
