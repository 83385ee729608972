//! The second link: it waits for news (IDLE), and carries downloads, so that neither stands in the way of what
//! the user does next. Its troubles are its own: without it the engine polls, and the user is told nothing.

use crate::border::MailboxId;
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::links::session::Phase;
use crate::links::sign_in::is_link_gone;
use postern_protocol::imap::command::Idle;
use postern_protocol::imap::{Capability, CommandError, Done};

impl Engine {
    /// Whether news will come by themselves.
    pub(crate) fn is_idling(&self) -> bool {
        let is_here = |link: &&crate::links::link::Link| link.any(|purpose| purpose == Purpose::Idle);
        self.side.as_ref().filter(is_here).is_some_and(|link| link.selected == self.view.mailbox)
    }

    /// Asks whatever the side link is for now.
    pub(crate) fn ask_side(&mut self) {
        let Some(target) = self.side_target() else { return };
        if self.side.is_none() {
            if self.phase == Phase::Online && self.side_retry.is_none() {
                self.connect(Role::Side);
            }
            return;
        }
        let now = self.now;
        let Some(link) = self.ready_link(Role::Side) else { return };
        if link.selected != Some(target) {
            link.cancel(|purpose| purpose == Purpose::Idle, now);
            return self.select(Role::Side, target);
        }
        let can_idle = link.connection.capabilities().contains(&Capability::Idle);
        if can_idle && !link.refuses_idle && !link.any(|purpose| purpose == Purpose::Idle) {
            link.send(Idle, Purpose::Idle, now);
        }
        self.ask_windows(Role::Side);
    }

    /// IDLE ended, which it does by itself only where the server won't have it: then the work link polls.
    pub(crate) fn idle_ended(&mut self, role: Role, result: &Result<Done, CommandError>) {
        let is_refused =
            matches!(result, Err(error) if !is_link_gone(error) && *error != CommandError::Cancelled);
        if let Some(link) = self.link_mut(role).filter(|_| is_refused) {
            link.refuses_idle = true;
        }
    }

    /// The side link is gone: the next try is a while away.
    pub(crate) fn side_lost(&mut self) {
        self.downloads.restart();
        self.side_retry = Some(self.now + self.side_back_off.next_wait());
    }

    /// The side link can't open a mailbox. The work link would have said so as well, if it were for the view.
    pub(crate) fn side_cannot(&mut self, mailbox: MailboxId) {
        self.fail_downloads_in(mailbox);
        if self.view.mailbox == Some(mailbox)
            && let Some(link) = self.side.take()
        {
            self.outputs.push_back(crate::engine::Output::Close { link: link.id });
            self.side_lost();
        }
    }

    /// The mailbox that the side link should have selected: that of the first download, else the open one.
    fn side_target(&self) -> Option<MailboxId> {
        self.downloads.mailbox().or_else(|| {
            let work = self.work.as_ref().filter(|link| link.is_signed_in())?;
            let can_idle = work.connection.capabilities().contains(&Capability::Idle);
            // News are worth waiting for once the list is in step.
            self.view.mailbox.filter(|_| can_idle && self.view.is_ready)
        })
    }
}
