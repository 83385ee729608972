//! The life of a session: signing in, being online, losing the link and finding it again, signing out.

use crate::border::{Password, Problem, ProblemCode, Session, Update};
use crate::engine::{Engine, Output};
use crate::links::close::LinkClose;
use crate::links::link::{Endpoint, Link, LinkId, Purpose, Role};
use crate::links::sign_in::{Credentials, connection_problem};
use postern_protocol::Time;
use postern_protocol::imap::command::Logout;
use postern_protocol::imap::{Connection, ConnectionError, Event, Output as Said};
use std::time::Duration;

/// How the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    SignedOut,
    /// For the first time: a failure is told, and not tried again.
    SigningIn,
    Online,
    /// Was online, and the server refuses the password: nothing is tried before a person says so.
    Locked,
    /// Was online. The next try starts at this time; none while one is under way.
    Reconnecting {
        retry_at: Option<Time>,
    },
}

impl Phase {
    pub(crate) fn retry_at(self) -> Option<Time> {
        match self {
            Self::Reconnecting { retry_at } => retry_at,
            _ => None,
        }
    }
}

impl Engine {
    pub(crate) fn sign_in(&mut self, credentials: Credentials) {
        let is_same = |known: &Credentials| {
            (&known.upstream, &known.address) == (&credentials.upstream, &credentials.address)
        };
        if self.phase == Phase::Locked && self.credentials.as_ref().is_some_and(is_same) {
            return self.unlock(credentials.password);
        }
        if self.phase != Phase::SignedOut {
            self.leave();
        }
        self.credentials = Some(credentials);
        self.phase = Phase::SigningIn;
        self.tell(Update::Session { session: Session::SigningIn });
        self.connect(Role::Work);
    }

    pub(crate) fn sign_out(&mut self) {
        self.leave();
        self.tell(Update::Session { session: Session::SignedOut { problem: None } });
    }

    /// Tries now what would be tried later; where we are online, finds out whether that still holds.
    pub(crate) fn reconnect(&mut self) {
        match self.phase {
            Phase::Reconnecting { retry_at: Some(_) } => self.try_again(),
            Phase::Online => self.probe(),
            Phase::Locked => self.try_again(),
            _ => {}
        }
        if self.side_retry.is_some() {
            self.side_retry = Some(self.now);
        }
    }

    /// The password for the account that is locked.
    pub(crate) fn unlock(&mut self, password: Password) {
        let Some(credentials) = self.credentials.as_mut().filter(|_| self.phase == Phase::Locked) else {
            return;
        };
        credentials.password = password;
        self.try_again();
    }

    /// The link is signed in.
    pub(crate) fn signed_in(&mut self, role: Role) {
        if role == Role::Work {
            self.phase = Phase::Online;
            self.sign_in_refusals = 0;
            // The second one must not be what ends the first.
            self.side_retry = self.is_careful.then_some(self.now + SIDE_AFTER_TROUBLE);
            self.tell(Update::Session { session: Session::Online });
        }
    }

    /// Opens a link.
    pub(crate) fn connect(&mut self, role: Role) {
        let Some(credentials) = &self.credentials else { return };
        let endpoint = Endpoint::Imap { upstream: credentials.upstream.clone() };
        self.last_link += 1;
        let id = LinkId(self.last_link);
        let mut config = self.config.connection.clone();
        if self.is_careful {
            config.in_flight = 1;
        }
        let link = Link::new(id, Connection::new(config, self.now), self.now);
        match role {
            Role::Work => self.work = Some(link),
            Role::Side => self.side = Some(link),
        }
        self.outputs.push_back(Output::Connect { link: id, endpoint });
    }

    /// The driver says that a link ended.
    pub(crate) fn link_closed(&mut self, role: Role, close: &LinkClose) {
        let now = self.now;
        let Some(link) = self.link_mut(role) else { return };
        // What the connection itself found wrong says more than how the link ended then.
        link.problem.get_or_insert(close.problem(link.heard));
        link.is_server_blameless = close.is_not_the_servers_doing();
        link.connection.handle_closed(now);
        if close.is_going_away() {
            self.hurry = role == Role::Work;
        }
        if close.asks_for_patience() {
            match role {
                Role::Work => self.back_off.slow_down(),
                Role::Side => self.side_back_off.slow_down(),
            }
        }
    }

    /// Takes in everything that a connection has to say. Tells whether there was any news.
    pub(crate) fn drain(&mut self, role: Role) -> bool {
        let mut any = false;
        while let Some(link) = self.link_mut(role) {
            let id = link.id;
            match link.connection.poll_output() {
                None => break,
                Some(Said::Transmit(bytes)) => self.outputs.push_back(Output::Transmit { link: id, bytes }),
                Some(Said::Close) => self.outputs.push_back(Output::Close { link: id }),
                Some(Said::Event(Event::Closed(error))) => {
                    any = true;
                    self.connection_closed(role, &error);
                }
                Some(Said::Event(event)) => {
                    any = true;
                    self.handle_event(role, event);
                }
            }
        }
        any
    }

    /// The link failed for this reason, and nothing that it says counts any more.
    pub(crate) fn fail_link(&mut self, role: Role, problem: Problem) {
        if let Some(link) = self.take_link(role) {
            self.outputs.push_back(Output::Close { link: link.id });
        }
        self.link_lost(role, problem);
    }

    /// Starts the tries that are due.
    pub(crate) fn retry_if_due(&mut self) {
        if self.phase.retry_at().is_some_and(|at| at <= self.now) {
            self.try_again();
        }
        if self.side_retry.is_some_and(|at| at <= self.now) {
            self.side_retry = None;
        }
    }

    fn connection_closed(&mut self, role: Role, error: &ConnectionError) {
        let Some(mut link) = self.take_link(role) else { return };
        while let Some(said) = link.connection.poll_output() {
            if let Said::Transmit(bytes) = said {
                self.outputs.push_back(Output::Transmit { link: link.id, bytes });
            }
        }
        self.outputs.push_back(Output::Close { link: link.id });
        let problem = match (error, link.problem.clone()) {
            (ConnectionError::Closed, Some(problem)) => problem,
            (error, _) => connection_problem(error, link.heard, link.stage),
        };
        // The server hung up while another way to sign in was tried: why it refused the first one says more.
        let problem = link.refused.clone().unwrap_or(problem);
        self.blame(role, &link);
        self.note_life(role, &link);
        self.link_lost(role, problem);
    }

    /// What a link's end says of the next ones.
    pub(crate) fn note_life(&mut self, role: Role, link: &Link) {
        let has_lived = link.has_lived(self.now);
        match role {
            Role::Work => {
                if has_lived {
                    self.back_off.reset();
                }
                self.is_careful = link.is_signed_in() && !has_lived;
                if link.is_signed_in() && !link.is_server_blameless {
                    self.second_link.first_ended(self.side.as_ref(), self.now);
                }
            }
            Role::Side if has_lived => self.side_back_off.reset(),
            Role::Side => {}
        }
    }

    fn link_lost(&mut self, role: Role, problem: Problem) {
        match role {
            Role::Side => self.side_lost(),
            Role::Work => self.work_lost(problem),
        }
    }

    pub(crate) fn work_lost(&mut self, problem: Problem) {
        if let Some(side) = self.take_link(Role::Side) {
            self.outputs.push_back(Output::Close { link: side.id });
        }
        self.side_retry = None;
        self.wishes.unsend_all();
        self.reading.restart(Role::Work);
        self.reading.restart(Role::Side);
        self.downloads.restart(Role::Work);
        self.downloads.restart(Role::Side);
        self.view.interrupted();
        self.polling.restart();
        self.folders.interrupted();
        if self.phase == Phase::SigningIn {
            self.leave();
            let problem = Some(problem);
            return self.tell(Update::Session { session: Session::SignedOut { problem } });
        }
        if self.is_locked_out {
            self.is_locked_out = false;
            self.phase = Phase::Locked;
            self.last_problem = Some(problem.clone());
            return self.tell(Update::Session { session: Session::Locked { problem } });
        }
        let wait = if self.hurry { Duration::ZERO } else { self.back_off.next_wait() };
        let wait = wait.max(self.named_wait.take().unwrap_or_default());
        self.hurry = false;
        self.phase = Phase::Reconnecting { retry_at: Some(self.now + wait) };
        let retry_in = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        self.last_problem = Some(problem.clone());
        self.tell(Update::Session { session: Session::Reconnecting { problem, retry_in } });
        self.retry_if_due();
    }

    fn try_again(&mut self) {
        self.phase = Phase::Reconnecting { retry_at: None };
        let lost = || Problem { code: ProblemCode::ConnectionLost, detail: String::new() };
        let problem = self.last_problem.clone().unwrap_or_else(lost);
        self.tell(Update::Session { session: Session::Reconnecting { problem, retry_in: 0 } });
        self.connect(Role::Work);
    }

    /// Says good-bye and forgets everything but the numbers in use.
    fn leave(&mut self) {
        for role in [Role::Work, Role::Side] {
            let Some(mut link) = self.take_link(role) else { continue };
            // The side link may be idling: only a line of its own could end that. It is just closed.
            if role == Role::Work && link.is_signed_in() {
                link.send(Logout, Purpose::Poll, self.now);
            }
            while let Some(said) = link.connection.poll_output() {
                if let Said::Transmit(bytes) = said {
                    self.outputs.push_back(Output::Transmit { link: link.id, bytes });
                }
            }
            self.outputs.push_back(Output::Close { link: link.id });
        }
        let fresh = Self::new(self.config.clone(), self.now);
        let old = std::mem::replace(self, fresh);
        self.outputs = old.outputs;
        self.last_link = old.last_link;
        self.ways = old.ways;
        self.messages.number_after(&old.messages);
        self.mailboxes.number_after(&old.mailboxes);
        self.view.number_after(&old.view);
    }

    pub(crate) fn take_link(&mut self, role: Role) -> Option<Link> {
        match role {
            Role::Work => self.work.take(),
            Role::Side => self.side.take(),
        }
    }
}

/// How long the first link must bear work before the second is made, where the one before it did not live.
const SIDE_AFTER_TROUBLE: Duration = Duration::from_secs(10);
