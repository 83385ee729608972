//! One connection with its number, its state machine, and what each of its commands was sent for.

use crate::border::Problem;
use crate::link::close::LinkClose;
use crate::link::failure::{connection_problem, is_link_gone};
use crate::link::sign_in::{Answer, Credentials, SignIn, Way};
use crate::link::stage::{Received, Stage};
use postern_protocol::Time;
use postern_protocol::imap::command::{Ask, Logout};
use postern_protocol::imap::{
    Capabilities, Capability, CommandError, CommandId, Config, Connection, ConnectionError, Done, Event,
    Item, Output,
};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A link, as the engine numbers it. Each attempt to connect has a number of its own, never used again, so that
/// late words of an old link can't be mistaken for a new one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(u32);

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Gives out the numbers of links.
#[derive(Debug, Default)]
pub(crate) struct LinkIds {
    last: u32,
}

impl LinkIds {
    /// A number that no link has had.
    pub(crate) fn next(&mut self) -> LinkId {
        self.last += 1;
        LinkId(self.last)
    }
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// The proxy's `/imap`, or `/imap/{upstream}`.
    Imap {
        /// The proxy's name for the mail server; none for its default.
        upstream: Option<String>,
    },
}

/// What a command was sent for.
pub(crate) trait Task {
    /// What tells tasks apart.
    type Key: Copy;

    fn key(&self) -> Self::Key;

    /// It waits for as long as the link lives, so that a link that ends did not end over it if anything else was asked.
    fn only_waits(&self) -> bool;
}

/// What happens on a link.
#[derive(Debug)]
pub(crate) enum LinkEvent<T> {
    /// Bytes to send.
    Transmit(Vec<u8>),
    /// Nothing more will be sent.
    Close,
    /// It takes commands from now on.
    Ready,
    /// The server lets nobody in. The error is its last answer; the problem is what to say of it.
    NotLetIn(CommandError, Problem),
    /// Part of an answer.
    Item(CommandId, Item),
    /// The end of an answer.
    Done(T, Result<Done, CommandError>),
    /// Something that nobody asked for.
    Unsolicited(Event),
    /// It is over, and why.
    Closed(Problem),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Link<T: Task> {
    id: LinkId,
    connection: Connection,
    stage: Stage,
    sign_in: SignIn,
    received: Received,
    /// When something came over it last.
    received_at: Time,
    /// Since when it takes commands.
    ready_at: Option<Time>,
    /// The server has offered ID, be it only before the login.
    offers_id: bool,
    /// Why it closes, once that is known.
    problem: Option<Problem>,
    /// It did not end by the server's doing, as far as that is known.
    is_server_blameless: bool,
    /// The task whose command was sent first of those that it left unanswered.
    ended_over: Option<(CommandId, T::Key)>,
    /// That one only waits.
    ended_over_waiting: bool,
    tasks: BTreeMap<CommandId, T>,
}

impl<T: Task> Link<T> {
    /// A link that was asked for.
    pub(crate) fn new(id: LinkId, config: Config, credentials: Credentials, way: Way, now: Time) -> Self {
        Self {
            id,
            connection: Connection::new(config, now),
            stage: Stage::Connecting,
            sign_in: SignIn::new(credentials, way),
            received: Received::Nothing,
            received_at: now,
            ready_at: None,
            offers_id: false,
            problem: None,
            is_server_blameless: false,
            ended_over: None,
            ended_over_waiting: false,
            tasks: BTreeMap::new(),
        }
    }

    pub(crate) fn id(&self) -> LinkId {
        self.id
    }

    /// It is open.
    pub(crate) fn handle_connected(&mut self) {
        self.stage = Stage::SigningIn;
    }

    pub(crate) fn handle_input(&mut self, bytes: &[u8], now: Time) {
        (self.received, self.received_at) = (Received::Something, now);
        self.connection.handle_input(bytes, now);
    }

    pub(crate) fn handle_timeout(&mut self, now: Time) {
        self.connection.handle_timeout(now);
    }

    pub(crate) fn poll_timeout(&self) -> Option<Time> {
        self.connection.poll_timeout()
    }

    /// The driver says that it ended.
    pub(crate) fn handle_closed(&mut self, close: &LinkClose, now: Time) {
        // What the connection itself found wrong says more than how the link ended then.
        self.problem.get_or_insert(close.problem(self.received));
        self.is_server_blameless = close.is_not_the_servers_doing();
        self.connection.handle_closed(now);
    }

    /// What happened next; none until something more comes in.
    pub(crate) fn poll(&mut self, now: Time) -> Option<LinkEvent<T>> {
        loop {
            let event = match self.connection.poll_output()? {
                Output::Transmit(bytes) => return Some(LinkEvent::Transmit(bytes)),
                Output::Close => return Some(LinkEvent::Close),
                Output::Event(event) => event,
            };
            if let Some(event) = self.accept(event, now) {
                return Some(event);
            }
        }
    }

    /// Asks something of the server.
    pub(crate) fn send(&mut self, command: impl Ask, task: T, now: Time) {
        let id = self.connection.send(command, now);
        self.tasks.insert(id, task);
    }

    /// What a command was sent for, while it is unanswered.
    pub(crate) fn task_mut(&mut self, id: CommandId) -> Option<&mut T> {
        self.tasks.get_mut(&id)
    }

    /// What the unanswered commands were sent for.
    pub(crate) fn keys(&self) -> impl Iterator<Item = T::Key> + '_ {
        self.tasks.values().map(Task::key)
    }

    /// Gives up these tasks. Each still ends, as cancelled.
    pub(crate) fn cancel(&mut self, is_meant: impl Fn(T::Key) -> bool, now: Time) {
        let meant = self.tasks.iter().filter(|(_, task)| is_meant(task.key()));
        let ids: Vec<_> = meant.map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.connection.cancel(id, now));
    }

    /// Says good-bye, and gives what is left to send.
    pub(crate) fn log_out(mut self, now: Time) -> Vec<Vec<u8>> {
        if self.is_ready() {
            self.connection.send(Logout, now);
        }
        self.remaining()
    }

    /// What is left to send of a link that is over.
    pub(crate) fn remaining(&mut self) -> Vec<Vec<u8>> {
        let outputs = std::iter::from_fn(|| self.connection.poll_output());
        outputs
            .filter_map(|output| if let Output::Transmit(bytes) = output { Some(bytes) } else { None })
            .collect()
    }

    /// The link is given up with all that was asked on it.
    pub(crate) fn abandon(&mut self) {
        for (id, task) in std::mem::take(&mut self.tasks) {
            self.left_unanswered(id, &task);
        }
    }

    /// What the server ended the link over: the command that it had to answer next. Commands go out in the order in
    /// which they were asked.
    pub(crate) fn ended_over(&self) -> Option<T::Key> {
        let is_blamed = self.is_ready() && !self.is_server_blameless;
        self.ended_over.filter(|_| is_blamed).map(|(_, key)| key)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    pub(crate) fn capabilities(&self) -> &Capabilities {
        self.connection.capabilities()
    }

    pub(crate) fn offers_id(&self) -> bool {
        self.offers_id
    }

    /// How the password went out.
    pub(crate) fn way(&self) -> Way {
        self.sign_in.way()
    }

    pub(crate) fn received_at(&self) -> Time {
        self.received_at
    }

    pub(crate) fn is_server_blameless(&self) -> bool {
        self.is_server_blameless
    }

    /// Whether it took commands for long enough at this time that its end says nothing of the next one.
    pub(crate) fn has_lived(&self, now: Time) -> bool {
        self.ready_at.is_some_and(|at| now - at >= A_LIFE)
    }

    /// Whether it was signed in a moment ago, or is about to be.
    pub(crate) fn has_just_come(&self, now: Time) -> bool {
        self.stage != Stage::Connecting && self.ready_at.is_none_or(|at| now - at < A_MOMENT)
    }

    fn accept(&mut self, event: Event, now: Time) -> Option<LinkEvent<T>> {
        match event {
            Event::Greeting(greeting) => {
                self.stage = Stage::SigningIn;
                if greeting.preauthenticated {
                    self.stage = Stage::Learning;
                    return self.learned(now);
                }
                self.sign_in.start(&mut self.connection, now);
                None
            }
            Event::Capabilities => self.learned(now),
            Event::Item(id, _) if self.sign_in.is_of(id) => None,
            Event::Item(id, item) => Some(LinkEvent::Item(id, item)),
            Event::Done(id, result) if self.sign_in.is_of(id) => self.sign_in_answered(result, now),
            Event::Done(id, result) => {
                let task = self.tasks.remove(&id)?;
                if result.as_ref().is_err_and(is_link_gone) {
                    self.left_unanswered(id, &task);
                }
                Some(LinkEvent::Done(task, result))
            }
            Event::Closed(error) => Some(LinkEvent::Closed(self.end(&error))),
            event => Some(LinkEvent::Unsolicited(event)),
        }
    }

    fn sign_in_answered(&mut self, result: Result<Done, CommandError>, now: Time) -> Option<LinkEvent<T>> {
        match (self.sign_in.answered(&result, &mut self.connection, now), result) {
            (Answer::Accepted, _) => {
                self.stage = Stage::Learning;
                self.learned(now)
            }
            (Answer::Refused(problem), Err(error)) => Some(LinkEvent::NotLetIn(error, problem)),
            _ => None,
        }
    }

    /// The server reported its capabilities, after a login anew: what comes next hangs on them. The connection asks
    /// for them by itself if they don't come with the answer to the login.
    fn learned(&mut self, now: Time) -> Option<LinkEvent<T>> {
        self.offers_id |= self.connection.capabilities().contains(&Capability::Id);
        if self.stage != Stage::Learning || self.connection.capabilities().is_empty() {
            return None;
        }
        (self.stage, self.ready_at) = (Stage::Ready, Some(now));
        Some(LinkEvent::Ready)
    }

    fn end(&self, error: &ConnectionError) -> Problem {
        // The server hung up while another way to sign in was tried: why it refused the first one says more.
        if let Some(refused) = self.sign_in.first_refusal() {
            return refused.clone();
        }
        match (error, &self.problem) {
            (ConnectionError::Closed, Some(problem)) => problem.clone(),
            (error, _) => connection_problem(error, self.received, self.stage),
        }
    }

    fn left_unanswered(&mut self, id: CommandId, task: &T) {
        let is_first = match self.ended_over {
            None => true,
            Some(_) if self.ended_over_waiting => true,
            Some((first, _)) => id < first && !task.only_waits(),
        };
        if is_first {
            (self.ended_over, self.ended_over_waiting) = (Some((id, task.key())), task.only_waits());
        }
    }
}

/// A link that lived this long was no failure.
const A_LIFE: Duration = Duration::from_secs(60);

/// A first link that ends within this time of the second one's coming ended because of it.
const A_MOMENT: Duration = Duration::from_secs(5);
