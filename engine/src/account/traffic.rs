//! What happens on the account's links: they are made, they sign in, they bring answers, they end, and they are asked for
//! whatever is missing. Reconnecting is no path of its own: what was lost is missing again.

use crate::account::account::Account;
use crate::account::cx::Cx;
use crate::account::desk::Desk;
use crate::account::job::Job;
use crate::account::jobs;
use crate::account::key::JobKey;
use crate::account::line::Line;
use crate::account::numbers::Selection;
use crate::account::plan::{self, LinkState, Situation};
use crate::account::pool::ROLES;
use crate::account::refusals::note_answer;
use crate::account::role::Role;
use crate::account::state::Spent;
use crate::account::{follow, quarantine};
use crate::border::{MailboxId, Problem, ProblemCode};
use crate::link::{Endpoint, Link, LinkEvent, Way};
use crate::output::Output;
use crate::report::Report;
use postern_protocol::imap::{Capability, CommandError, Event, Item};

/// What came of taking in what the links have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TakenIn {
    /// They had something to say.
    pub(crate) any: bool,
    /// They have no more to say.
    pub(crate) all: bool,
}

impl Account {
    /// Takes in what the links have to say, at most this many events, and does what is due.
    pub(crate) fn take_in(&mut self, most: usize, cx: &mut Cx<'_, '_>) -> TakenIn {
        self.look(cx);
        let mut taken = 0;
        for role in ROLES {
            while let Some(line) = self.pool.get_mut(role) {
                if taken == most {
                    return TakenIn { any: true, all: false };
                }
                let link = line.link.id();
                match line.link.poll(cx.now) {
                    None => break,
                    Some(LinkEvent::Transmit(bytes)) => cx.output(Output::Transmit { link, bytes }),
                    Some(LinkEvent::Close) => cx.output(Output::Close { link }),
                    Some(event) => {
                        taken += 1;
                        self.happened(role, event, cx);
                    }
                }
            }
        }
        self.run_due(cx);
        TakenIn { any: taken > 0, all: true }
    }

    /// Asks for whatever is missing and not asked for yet. Gives whether there was anything.
    pub(crate) fn ask(&mut self, cx: &mut Cx<'_, '_>) -> bool {
        self.look(cx);
        if !self.pool.bears_second(cx.now) {
            self.work.reads.move_to_foreground();
        }
        let followed = self.followed(cx);
        self.work.schedule.count_if_wanted(cx.tx, followed, cx.now);
        let trials = &self.work.trials;
        self.work.schedule.drop_counts(|mailbox| !trials.allows(JobKey::Status(mailbox), cx.now));
        let foreground = self.run(Role::Foreground, plan::foreground, cx);
        let background = self.prepare_background(cx) | self.run(Role::Background, plan::background, cx);
        foreground | background
    }

    /// Opens a link.
    pub(super) fn connect(&mut self, role: Role, cx: &mut Cx<'_, '_>) {
        let credentials = self.session.credentials().clone();
        let upstream = credentials.upstream.clone();
        let way = if cx.tx.wants_login_first(&upstream) { Way::LoginCommand } else { Way::Plain };
        let mut config = self.config.clone();
        if self.pool.is_careful() {
            config.in_flight = 1;
        }
        let link = cx.links.next();
        self.pool.put(role, Line::new(Link::new(link, config, credentials, way, cx.now)));
        cx.output(Output::Connect { link, endpoint: Endpoint::Imap { upstream } });
    }

    pub(super) fn try_again(&mut self, cx: &mut Cx<'_, '_>) {
        cx.report(Report::Session(self.session.try_again()));
        self.connect(Role::Foreground, cx);
    }

    /// The link failed for this reason, and nothing that it says counts any more.
    pub(super) fn give_up_link(&mut self, role: Role, problem: Problem, cx: &mut Cx<'_, '_>) {
        if let Some(line) = self.pool.take(role) {
            cx.output(Output::Close { link: line.link.id() });
        }
        self.lost(role, problem, cx);
    }

    /// The foreground link is stuck: another one takes its place at once.
    pub(super) fn replace_foreground(&mut self, cx: &mut Cx<'_, '_>) {
        let Some(mut line) = self.pool.take(Role::Foreground) else { return };
        line.link.abandon();
        cx.output(Output::Close { link: line.link.id() });
        self.judge_end(Role::Foreground, line, cx);
        self.session.hurry(true);
        let detail = "the server did not answer in time".to_owned();
        self.lost(Role::Foreground, Problem { code: ProblemCode::ConnectionLost, detail }, cx);
    }

    fn happened(&mut self, role: Role, event: LinkEvent<Box<dyn Job>>, cx: &mut Cx<'_, '_>) {
        match event {
            // They were passed on before.
            LinkEvent::Transmit(_) | LinkEvent::Close => {}
            LinkEvent::Ready => self.is_ready(role, cx),
            LinkEvent::NotLetIn(error, problem) => self.is_not_let_in(role, &error, problem, cx),
            LinkEvent::Closed(problem) => self.closed(role, problem, cx),
            LinkEvent::Item(id, item) => {
                if let Some((mut desk, link)) = self.desk_and_link(role, cx)
                    && let Some(job) = link.task_mut(id)
                {
                    part_came(&mut **job, item, &mut desk);
                }
            }
            LinkEvent::Done(mut job, result) => {
                let Some((mut desk, _)) = self.desk_and_link(role, cx) else { return };
                note_answer(&mut desk, job.key(), &result);
                job.done(&result, &mut desk);
                self.close_if_spent(role, cx);
            }
            LinkEvent::Unsolicited(event) => {
                if let Some((mut desk, _)) = self.desk_and_link(role, cx) {
                    unsolicited(event, &mut desk);
                }
            }
        }
    }

    fn is_ready(&mut self, role: Role, cx: &mut Cx<'_, '_>) {
        self.note_way(role, cx);
        if role == Role::Foreground {
            self.pool.foreground_is_ready(cx.now);
            cx.report(Report::Session(self.session.signed_in()));
        }
    }

    fn is_not_let_in(&mut self, role: Role, error: &CommandError, problem: Problem, cx: &mut Cx<'_, '_>) {
        self.note_way(role, cx);
        match role {
            Role::Background => self.pool.background_refused(cx.now),
            Role::Foreground if !self.session.is_first() => self.session.refused_again(error),
            Role::Foreground => {}
        }
        self.give_up_link(role, problem, cx);
    }

    /// LOGIN was tried after PLAIN: next time it is tried first.
    fn note_way(&mut self, role: Role, cx: &mut Cx<'_, '_>) {
        let way = self.pool.get(role).map(|line| line.link.way());
        if way == Some(Way::LoginCommand) {
            cx.tx.remember_login_first(self.session.credentials().upstream.clone());
        }
    }

    fn closed(&mut self, role: Role, problem: Problem, cx: &mut Cx<'_, '_>) {
        let Some(mut line) = self.pool.take(role) else { return };
        let link = line.link.id();
        line.link.remaining().into_iter().for_each(|bytes| cx.output(Output::Transmit { link, bytes }));
        cx.output(Output::Close { link });
        self.judge_end(role, line, cx);
        self.lost(role, problem, cx);
    }

    /// What a link's end says of what it was asked, and of the next ones.
    fn judge_end(&mut self, role: Role, mut line: Line, cx: &mut Cx<'_, '_>) {
        let mut desk = Desk { role, ..self.desk(&mut line.state, cx) };
        quarantine::blame(&mut desk, &line.link);
        let has_lived = line.link.has_lived(cx.now);
        match role {
            Role::Foreground => {
                if has_lived {
                    self.session.has_lived();
                }
                self.pool.foreground_ended(&line, cx.now);
            }
            Role::Background if has_lived => self.pool.background_has_lived(),
            Role::Background => {}
        }
    }

    fn lost(&mut self, role: Role, problem: Problem, cx: &mut Cx<'_, '_>) {
        match role {
            Role::Background => self.background_lost(cx),
            Role::Foreground => self.foreground_lost(problem, cx),
        }
    }

    fn background_lost(&mut self, cx: &mut Cx<'_, '_>) {
        self.work.files.restart(Role::Background);
        self.work.reads.restart(Role::Background);
        self.work.details.interrupted();
        self.pool.background_is_gone(cx.now);
    }

    fn foreground_lost(&mut self, problem: Problem, cx: &mut Cx<'_, '_>) {
        if let Some(line) = self.pool.take(Role::Background) {
            cx.output(Output::Close { link: line.link.id() });
        }
        self.pool.foreground_is_gone();
        for role in ROLES {
            self.work.files.restart(role);
            self.work.reads.restart(role);
        }
        self.work.rows.interrupted();
        self.work.schedule.restart();
        self.work.details.interrupted();
        cx.tx.unsend_actions();
        cx.tx.lose_step();
        match self.session.is_first() {
            true => self.failure = Some(problem),
            false => cx.report(Report::Session(self.session.lost(problem, cx.now))),
        }
    }

    fn close_if_spent(&mut self, role: Role, cx: &mut Cx<'_, '_>) {
        let Some(spent) = self.pool.get(role).and_then(|line| line.state.spent) else { return };
        if spent == Spent::ForLong {
            self.pool.slow_down_background();
        }
        if let Some(line) = self.pool.take(role) {
            cx.output(Output::Close { link: line.link.id() });
        }
        self.background_lost(cx);
    }

    /// Makes the background link if it is needed, and lets it stop idling if it is needed elsewhere.
    fn prepare_background(&mut self, cx: &mut Cx<'_, '_>) -> bool {
        let Some(target) = plan::background_mailbox(&self.situation(cx)) else { return false };
        let may_make = self.session.is_online() && self.pool.may_make_second(cx.now);
        if may_make && !self.work.patience.is_held(cx.now) {
            self.connect(Role::Background, cx);
            return true;
        }
        if let Some(line) = self.pool.ready(Role::Background)
            && line.state.mailbox() != Some(target)
            && !self.work.patience.is_held(cx.now)
        {
            line.link.cancel(|key| key == JobKey::Idle, cx.now);
        }
        false
    }

    /// Starts what is planned for the link of this role until nothing is.
    fn run(
        &mut self,
        role: Role,
        next: impl Fn(&Situation<'_>) -> Option<JobKey>,
        cx: &mut Cx<'_, '_>,
    ) -> bool {
        let mut any = false;
        for _ in 0..MOST_JOBS {
            let Some(key) = next(&self.situation(cx)) else { break };
            let Some((mut desk, link)) = self.desk_and_link(role, cx) else { break };
            jobs::start(key, &mut desk, link);
            any = true;
        }
        any
    }

    fn situation<'a>(&'a self, cx: &'a Cx<'_, '_>) -> Situation<'a> {
        let link = |role| self.pool.get(role).filter(|line| line.is_ready()).map(link_state);
        Situation {
            now: cx.now,
            store: cx.tx,
            demand: cx.demand,
            work: &self.work,
            foreground: link(Role::Foreground),
            background: link(Role::Background),
            is_alone: self.pool.is_alone(cx.now),
        }
    }

    /// The mailbox whose messages are followed.
    fn followed(&mut self, cx: &mut Cx<'_, '_>) -> Option<MailboxId> {
        self.desk_and_link(Role::Foreground, cx)?.0.followed()
    }
}

fn link_state(line: &Line) -> LinkState {
    LinkState {
        selected: line.state.mailbox(),
        is_comparing: line.state.selection.as_ref().is_some_and(Selection::is_comparing),
        jobs: line.link.keys().collect(),
        may_introduce: line.link.offers_id() && !line.state.is_introduced,
        refuses_idle: line.state.refuses_idle,
        can_idle: line.has(&Capability::Idle),
        can_list_with_counts: line.has(&Capability::ListStatus),
    }
}

/// Part of an answer came.
fn part_came(job: &mut dyn Job, item: Item, desk: &mut Desk<'_, '_>) {
    // Details come on a link that need not count as the foreground one does.
    if let Item::Message(message) = &item
        && desk.role == Role::Foreground
        && !matches!(job.key(), JobKey::Details(_))
    {
        follow::fetched(desk, message);
    }
    job.item(item, desk);
}

/// Each connection counts for itself: only what the foreground link says moves rows. What is new on the background link is
/// a reason to ask.
fn unsolicited(event: Event, desk: &mut Desk<'_, '_>) {
    match event {
        Event::Alert(text) => desk.report(Report::Alert(text)),
        Event::Exists(_) | Event::Expunge(_) | Event::Fetch(_) if desk.role == Role::Background => {
            desk.poll_soon();
        }
        Event::Exists(len) => follow::exists(desk, len),
        Event::Expunge(seq) => follow::expunged(desk, seq),
        Event::Fetch(message) => follow::fetched(desk, &message),
        // VANISHED comes only to those who enable QRESYNC.
        _ => {}
    }
}

/// More than can be missing at once: so that a job that changes nothing does not run for ever.
const MOST_JOBS: usize = 10_000;
