//! The account as the engine sees it: what a person asks of it, what somebody looks at, what is due.

use crate::account::cx::Cx;
use crate::account::desk::Desk;
use crate::account::job::JobLink;
use crate::account::key::{Body, JobKey};
use crate::account::line::Line;
use crate::account::pool::{Pool, ROLES};
use crate::account::role::Role;
use crate::account::session::Session;
use crate::account::state::LineState;
use crate::account::work::Work;
use crate::account::{empty_rows, quarantine};
use crate::border::{MailboxId, MailboxRole, MessageId, Password, Problem, ProblemCode, Session as Shown};
use crate::demand::Demand;
use crate::link::{Credentials, LinkClose, LinkId};
use crate::output::Output;
use crate::report::Report;
use crate::store::{Changes, Store};
use postern_mime::DecodeCharset;
use postern_protocol::Time;
use postern_protocol::imap;
use std::collections::VecDeque;
use std::time::Duration;

/// One account. It is dropped when somebody signs out.
#[derive(Debug)]
pub(crate) struct Account {
    pub(super) config: imap::Config,
    pub(super) decoder: Option<DecodeCharset>,
    pub(super) session: Session,
    pub(super) pool: Pool,
    pub(super) work: Work,
    /// Why the first sign-in failed: the account is of no more use.
    pub(super) failure: Option<Problem>,
    /// A person has just opened a message: a link that is stuck is not waited for.
    is_hurried: bool,
}

impl Account {
    /// Signs in for the first time.
    pub(crate) fn sign_in(
        credentials: Credentials,
        seed: u64,
        config: imap::Config,
        decoder: Option<DecodeCharset>,
        cx: &mut Cx<'_, '_>,
    ) -> Self {
        let mut account = Self {
            config,
            decoder,
            session: Session::new(credentials, seed),
            pool: Pool::new(seed.wrapping_add(1)),
            work: Work::default(),
            failure: None,
            is_hurried: false,
        };
        cx.report(Report::Session(Shown::SigningIn));
        account.connect(Role::Foreground, cx);
        account
    }

    /// Says good-bye.
    pub(crate) fn sign_out(mut self, now: Time, outputs: &mut VecDeque<Output>) {
        for role in ROLES {
            let Some(mut line) = self.pool.take(role) else { continue };
            let link = line.link.id();
            // The background link may be idling: only a line of its own could end that. It is just closed.
            let left = match role {
                Role::Foreground => line.link.log_out(now),
                Role::Background => line.link.remaining(),
            };
            outputs.extend(left.into_iter().map(|bytes| Output::Transmit { link, bytes }));
            outputs.push_back(Output::Close { link });
        }
    }

    /// Why the first sign-in failed, if it did.
    pub(crate) fn failure(&mut self) -> Option<Problem> {
        self.failure.take()
    }

    /// Whether it waits for the password of whoever signs in so.
    pub(crate) fn is_locked_for(&self, credentials: &Credentials) -> bool {
        self.session.is_locked_for(credentials)
    }

    /// The password for an account that is locked.
    pub(crate) fn unlock(&mut self, password: Password, cx: &mut Cx<'_, '_>) {
        if self.session.unlock(password) {
            self.try_again(cx);
        }
    }

    /// Tries now what would be tried later; if we are online, finds out whether that still holds.
    pub(crate) fn reconnect(&mut self, cx: &mut Cx<'_, '_>) {
        if self.session.can_be_hurried() {
            self.try_again(cx);
        } else if self.session.is_online() {
            self.refresh(cx);
            self.work.schedule.probe(cx.now);
        }
        self.pool.hurry(cx.now);
    }

    /// A person asks for whatever is new: of mailboxes, counts, and the open mailbox.
    pub(crate) fn refresh(&mut self, cx: &mut Cx<'_, '_>) {
        quarantine::forgive(&mut self.desk(&mut LineState::default(), cx));
        self.work.schedule.refresh(cx.now);
    }

    /// A person opens this mailbox.
    pub(crate) fn mailbox_opened(&mut self, mailbox: MailboxId) {
        self.work.trials.allow(|key| key == JobKey::Select(mailbox));
    }

    /// A person opens this message.
    pub(crate) fn message_opened(&mut self, id: MessageId) {
        let is_of_it = |key| matches!(key, JobKey::Window(Body::Piece(message, _), _) if message == id);
        self.work.trials.allow(is_of_it);
        self.is_hurried = true;
    }

    /// Whether this is the background link.
    pub(crate) fn is_background(&self, id: LinkId) -> bool {
        self.pool.role(id) == Some(Role::Background)
    }

    /// A link that was asked for is open.
    pub(crate) fn handle_connected(&mut self, id: LinkId) {
        if let Some(line) = self.line(id) {
            line.link.handle_connected();
        }
    }

    /// Bytes came over a link. Those of a link that is no more are ignored.
    pub(crate) fn handle_input(&mut self, id: LinkId, bytes: &[u8], now: Time) {
        let Some(line) = self.line(id) else { return };
        line.link.handle_input(bytes, now);
        if self.pool.role(id) == Some(Role::Foreground) {
            self.work.schedule.probe_answered();
        }
    }

    /// A link closed, or could not be opened.
    pub(crate) fn handle_closed(&mut self, id: LinkId, close: &LinkClose, now: Time) {
        let (Some(role), Some(line)) = (self.pool.role(id), self.line(id)) else { return };
        line.link.handle_closed(close, now);
        if close.is_going_away() {
            self.session.hurry(role == Role::Foreground);
        }
        if close.asks_for_patience() {
            match role {
                Role::Foreground => self.session.slow_down(),
                Role::Background => self.pool.slow_down_background(),
            }
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Time) {
        for role in ROLES {
            if let Some(line) = self.pool.get_mut(role) {
                line.link.handle_timeout(now);
            }
        }
    }

    /// When something is due, if nothing else comes before.
    pub(crate) fn poll_timeout(&self, store: &Store, demand: &Demand, now: Time) -> Option<Time> {
        let links = ROLES.into_iter().filter_map(|role| self.pool.get(role)?.link.poll_timeout());
        let open = demand.open_mailbox();
        let waits = [
            self.work.patience.until(now),
            self.work.trials.next(now),
            open.and_then(|open| self.work.blanks.next(store, open)).map(|at| at.max(now)),
            open.and_then(|open| self.work.details.next(open, now)),
            self.next_stall(),
            self.work.schedule.next(),
        ];
        let waits = waits.map(|at| at.filter(|_| self.session.is_online()));
        let own = [self.session.retry_at(), self.pool.retry_at().filter(|at| *at > now)];
        links.chain(own.into_iter().chain(waits).flatten()).min()
    }

    /// Messages that went take with them what was under way for them, and counts that are uncertain are made sure of.
    pub(crate) fn observe(
        &mut self,
        changes: &Changes,
        open: Option<MailboxId>,
        now: Time,
        reports: &mut Vec<Report>,
    ) {
        for (id, _) in changes.messages.iter().filter(|(_, facets)| facets.gone) {
            if self.work.reads.remove(*id) {
                reports.push(Report::MessageFailed(*id, gone()));
            }
            for download in self.work.files.of_message(*id) {
                self.work.files.remove(download);
                reports.push(Report::DownloadFailed(download, gone()));
            }
        }
        for (mailbox, _) in changes.lists.iter().filter(|(_, delta)| delta.is_reset) {
            self.work.details.forget(*mailbox);
        }
        // A count that is on its way may or may not know of it.
        let is_counting = |mailbox: &MailboxId| {
            let foreground = self.pool.get(Role::Foreground);
            foreground.is_some_and(|line| line.any(|key| key == JobKey::Status(*mailbox)))
        };
        let is_doubted = open.is_some_and(|open| changes.doubted.contains(&open));
        if is_doubted || changes.unread.iter().any(is_counting) {
            self.work.schedule.recount_soon(now);
        }
    }

    /// Takes in what somebody looks at: begins what is wanted, and gives up what is not.
    pub(super) fn look(&mut self, cx: &mut Cx<'_, '_>) {
        let (now, demand) = (cx.now, cx.demand);
        let generation = demand.list.map_or(0, |list| list.generation);
        let is_another = self.work.rows.look(generation);
        if let Some(line) = self.pool.get_mut(Role::Foreground) {
            if is_another {
                let is_of_rows = |key| matches!(key, JobKey::Rows | JobKey::Previews | JobKey::Headers);
                line.link.cancel(is_of_rows, now);
            }
            // What the server said of it went unheard.
            if line.state.mailbox() != demand.open_mailbox()
                && let Some(selection) = &mut line.state.selection
            {
                selection.take_incoming();
            }
        }
        for id in self.work.files.unwanted(demand) {
            self.work.files.remove(id);
        }
        self.cancel_unwanted(now);
        self.begin_bodies(cx);
        if std::mem::take(&mut self.is_hurried) {
            self.replace_if_silent(A_WHILE, cx);
        }
    }

    /// Does what is due by now.
    pub(super) fn run_due(&mut self, cx: &mut Cx<'_, '_>) {
        let now = cx.now;
        if self.session.retry_at().is_some_and(|at| at <= now) {
            self.try_again(cx);
        }
        self.pool.run_due(now);
        empty_rows::retry_due(&mut self.desk(&mut LineState::default(), cx));
        if self.next_stall().is_some_and(|at| at <= now) {
            self.replace_if_silent(TOO_LONG, cx);
        }
        if self.work.schedule.is_dead(now) {
            let detail = "the server did not answer".to_owned();
            let problem = Problem { code: ProblemCode::ConnectionLost, detail };
            return self.give_up_link(Role::Foreground, problem, cx);
        }
        let (open, inbox) = (cx.demand.open_mailbox(), cx.tx.mailboxes().with_role(MailboxRole::Inbox));
        let is_idling = self.is_idling(open);
        self.work.schedule.run_due(now, open, inbox, is_idling);
    }

    /// What is before whoever takes in something for a link in this state.
    pub(super) fn desk<'d, 's>(
        &'d mut self,
        line: &'d mut LineState,
        cx: &'d mut Cx<'_, 's>,
    ) -> Desk<'d, 's> {
        Desk {
            now: cx.now,
            decoder: self.decoder,
            demand: cx.demand,
            role: Role::Foreground,
            line,
            work: &mut self.work,
            tx: cx.tx,
            reports: cx.reports,
        }
    }

    /// What is before whoever takes in something of the link of this role.
    pub(super) fn desk_and_link<'d, 's>(
        &'d mut self,
        role: Role,
        cx: &'d mut Cx<'_, 's>,
    ) -> Option<(Desk<'d, 's>, &'d mut JobLink)> {
        let Line { link, state } = self.pool.get_mut(role)?;
        let (now, decoder, demand) = (cx.now, self.decoder, cx.demand);
        let (work, tx, reports) = (&mut self.work, &mut *cx.tx, &mut *cx.reports);
        Some((Desk { now, decoder, demand, role, line: state, work, tx, reports }, link))
    }

    fn begin_bodies(&mut self, cx: &mut Cx<'_, '_>) {
        let demand = cx.demand;
        for download in &demand.downloads {
            let message = cx.tx.message(download.message);
            let is_begun = self.work.files.has(download)
                || message.is_some_and(|message| self.work.files.start(download, message));
            if !is_begun {
                cx.report(Report::DownloadFailed(download.id, gone()));
            }
        }
        for id in
            demand.messages.iter().filter(|id| !self.work.reads.contains(**id)).copied().collect::<Vec<_>>()
        {
            match cx.tx.message(id) {
                Some(message) => {
                    self.work.reads.start(id, message, cx.now);
                    self.desk(&mut LineState::default(), cx).finish_message(id);
                }
                None => cx.report(Report::MessageFailed(id, gone())),
            }
        }
    }

    /// Cancels windows of bodies that nobody waits for any more.
    fn cancel_unwanted(&mut self, now: Time) {
        let Self { pool, work, .. } = self;
        for role in ROLES {
            if let Some(line) = pool.get_mut(role) {
                let is_unwanted = |key| match key {
                    JobKey::Window(Body::Piece(id, _), _) => !work.reads.contains(id),
                    JobKey::Window(Body::Download(id), _) => !work.files.contains(id),
                    _ => false,
                };
                line.link.cancel(is_unwanted, now);
            }
        }
    }

    /// When a link that more than one message waits for counts as stuck.
    fn next_stall(&self) -> Option<Time> {
        let line = self.pool.get(Role::Foreground).filter(|_| self.work.reads.is_queue())?;
        line.any(is_piece).then(|| line.link.received_at() + TOO_LONG)
    }

    /// A foreground link that is stuck in one answer while a person waits for another message is made anew, so that only
    /// the one that is stuck has to wait.
    fn replace_if_silent(&mut self, time: Duration, cx: &mut Cx<'_, '_>) {
        let is_stuck = self.pool.get(Role::Foreground).is_some_and(|line| {
            line.is_ready() && line.any(is_piece) && cx.now - line.link.received_at() >= time
        });
        if is_stuck && self.work.reads.is_queue() {
            self.replace_foreground(cx);
        }
    }

    /// Whether what is new in the open mailbox comes by itself.
    fn is_idling(&self, open: Option<MailboxId>) -> bool {
        let background = self.pool.get(Role::Background).filter(|line| line.any(|key| key == JobKey::Idle));
        background.is_some_and(|line| line.state.mailbox() == open)
    }

    fn line(&mut self, id: LinkId) -> Option<&mut Line> {
        let role = self.pool.role(id)?;
        self.pool.get_mut(role)
    }
}

fn is_piece(key: JobKey) -> bool {
    matches!(key, JobKey::Window(Body::Piece(..), _))
}

fn gone() -> Problem {
    Problem { code: ProblemCode::Gone, detail: String::new() }
}

/// How long a link may be silent that a person waits for who opened another message.
const A_WHILE: Duration = Duration::from_secs(5);
const TOO_LONG: Duration = Duration::from_secs(10);
