//! The second link: it waits for news (IDLE), and carries downloads, so that neither stands in the way of what
//! the user does next. Its troubles are its own: without it the engine polls, and the user is told nothing. What may
//! end a link is asked on it too, so that the first one stays.

use crate::border::{MailboxId, Problem, ProblemCode};
use crate::engine::Engine;
use crate::links::link::{Link, Purpose, Role, Stage};
use crate::links::refusal::is_nonexistent;
use crate::links::session::Phase;
use crate::links::sign_in::{is_link_gone, words};
use crate::links::trials::Subject;
use postern_protocol::Time;
use postern_protocol::imap::command::Idle;
use postern_protocol::imap::{Capability, CommandError, Done};
use std::time::Duration;

/// Whether the server bears a second link beside the first: some end the first session when a second begins.
#[derive(Debug, Default)]
pub(crate) struct SecondLink {
    /// How often the first link ended right after the second was signed in, or the second was not let in.
    failures: u32,
    none_until: Option<Time>,
}

impl SecondLink {
    pub(crate) fn is_borne(&self, now: Time) -> bool {
        self.none_until.is_none_or(|until| until <= now)
    }

    /// The first link ended; `side` is the second one.
    pub(crate) fn first_ended(&mut self, side: Option<&Link>, now: Time) {
        let has_just_come = |link: &Link| {
            link.stage != Stage::Connecting && link.signed_in_at.is_none_or(|at| now - at < AT_ONCE)
        };
        if side.is_some_and(has_just_come) {
            self.failed(now);
        }
    }

    /// The second link did harm, or was refused.
    pub(crate) fn failed(&mut self, now: Time) {
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            self.none_until = Some(now + WITHOUT);
        }
    }
}

impl Engine {
    /// Whether news will come by themselves.
    pub(crate) fn is_idling(&self) -> bool {
        let is_here = |link: &&Link| link.any(|purpose| purpose == Purpose::Idle);
        self.side.as_ref().filter(is_here).is_some_and(|link| link.selected == self.view.mailbox)
    }

    /// Whether the first link has to do alone, for now or for long: then it carries what the second would.
    pub(crate) fn is_alone(&self) -> bool {
        let has_second = self.side.as_ref().is_some_and(Link::is_signed_in);
        !has_second && (self.side_retry.is_some() || !self.second_link.is_borne(self.now))
    }

    /// Asks whatever the side link is for now.
    pub(crate) fn ask_side(&mut self) {
        let Some(target) = self.side_target() else { return };
        let now = self.now;
        if self.side.is_none() {
            let may_come = self.side_retry.is_none() && self.second_link.is_borne(now);
            if self.phase == Phase::Online && may_come && !self.patience.is_held(now) {
                self.connect(Role::Side);
            }
            return;
        }
        let may_idle = self.may_idle();
        if self.patience.is_held(now) {
            return;
        }
        let Some(link) = self.ready_link(Role::Side) else { return };
        if link.selected != Some(target) {
            link.cancel(|purpose| purpose == Purpose::Idle, now);
            return self.select(Role::Side, target);
        }
        if may_idle && !link.refuses_idle && !link.any(|purpose| purpose == Purpose::Idle) {
            link.send(Idle, Purpose::Idle, now);
        }
        self.ask_parts(Role::Side, target);
        self.ask_details(Role::Side, target);
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
        self.downloads.restart(Role::Side);
        self.reading.restart(Role::Side);
        self.side_retry = Some(self.now + self.side_back_off.next_wait());
    }

    /// The side link was not let in. What the first one may do is another matter, and its password is right.
    pub(crate) fn side_refused(&mut self) {
        self.second_link.failed(self.now);
        self.side_back_off.slow_down();
    }

    /// The side link can't open a mailbox. Where the server has it all the same, the work link reads in it: some let
    /// only one session have a mailbox.
    pub(crate) fn side_cannot(&mut self, mailbox: MailboxId, error: &CommandError) {
        if is_nonexistent(error) {
            let problem = Problem { code: ProblemCode::Gone, detail: words(error) };
            self.fail_downloads_in(mailbox, &problem);
        } else {
            self.refused(Subject::Idle, error);
            self.side_back_off.slow_down();
        }
        if let Some(link) = self.side.take() {
            self.outputs.push_back(crate::engine::Output::Close { link: link.id });
            self.side_lost();
        }
    }

    /// The mailbox that the side link should have selected: that of the first download or of what is read there, else
    /// the open one.
    fn side_target(&self) -> Option<MailboxId> {
        let errand = self.downloads.mailbox().or_else(|| self.reading.first_on(Role::Side));
        errand.or_else(|| {
            let open = self.view.mailbox.filter(|_| self.work.as_ref().is_some_and(Link::is_signed_in))?;
            let has_details = self.folders.get(open).is_some_and(|folder| folder.poor.is_waiting(self.now));
            // News are worth waiting for once the list is in step.
            ((self.may_idle() && self.view.is_ready) || has_details).then_some(open)
        })
    }

    fn may_idle(&self) -> bool {
        let can = |link: &Link| link.connection.capabilities().contains(&Capability::Idle);
        self.work.as_ref().is_some_and(can) && self.trials.allows(Subject::Idle, self.now)
    }
}

/// A first link that ends within this time of the second one's coming ended because of it.
const AT_ONCE: Duration = Duration::from_secs(5);
const MOST_FAILURES: u32 = 2;
/// How long the engine does with one link then.
const WITHOUT: Duration = Duration::from_secs(30 * 60);
