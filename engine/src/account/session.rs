//! The life of a session: signing in, being online, losing the link and finding it again. Knows no connection.

use crate::border::{Password, Problem, ProblemCode, Session as Shown};
use crate::link::{BackOff, Credentials, Refusal};
use postern_protocol::Time;
use postern_protocol::imap::CommandError;
use std::time::Duration;

/// How the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// For the first time: a failure is reported, and not tried again.
    SigningIn,
    Online,
    /// Was online, and the server refuses the password: nothing is tried before a person says so.
    Locked,
    /// Was online. The next try starts at this time; none while one is under way.
    Reconnecting {
        retry_at: Option<Time>,
    },
}

/// Who is signed in, and how that goes.
#[derive(Debug)]
pub(crate) struct Session {
    phase: Phase,
    credentials: Credentials,
    back_off: BackOff,
    /// Sign-ins in a row that were refused since the account was online.
    refusals: u32,
    /// The server refuses the password that it took before.
    is_locked_out: bool,
    /// How long the server wants us to stay away.
    named_wait: Option<Duration>,
    /// Nothing speaks against trying again at once.
    is_urgent: bool,
    /// Why the link was lost.
    last_problem: Option<Problem>,
}

impl Session {
    /// Signs in for the first time.
    pub(crate) fn new(credentials: Credentials, seed: u64) -> Self {
        Self {
            phase: Phase::SigningIn,
            credentials,
            back_off: BackOff::new(seed),
            refusals: 0,
            is_locked_out: false,
            named_wait: None,
            is_urgent: false,
            last_problem: None,
        }
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn is_online(&self) -> bool {
        self.phase == Phase::Online
    }

    /// Whether it was never online.
    pub(crate) fn is_first(&self) -> bool {
        self.phase == Phase::SigningIn
    }

    /// Whether it waits for the password of this account.
    pub(crate) fn is_locked_for(&self, credentials: &Credentials) -> bool {
        let who = |of: &Credentials| (of.upstream.clone(), of.address.clone());
        self.phase == Phase::Locked && who(&self.credentials) == who(credentials)
    }

    /// Takes the password for an account that is locked; `false` if it is not.
    pub(crate) fn unlock(&mut self, password: Password) -> bool {
        let is_locked = self.phase == Phase::Locked;
        if is_locked {
            self.credentials.password = password;
        }
        is_locked
    }

    /// Whether a person can have something tried now that would be tried later, or not at all.
    pub(crate) fn can_be_hurried(&self) -> bool {
        matches!(self.phase, Phase::Reconnecting { retry_at: Some(_) } | Phase::Locked)
    }

    /// When the next try is due.
    pub(crate) fn retry_at(&self) -> Option<Time> {
        match self.phase {
            Phase::Reconnecting { retry_at } => retry_at,
            _ => None,
        }
    }

    /// The next try begins. Gives how to show that.
    pub(crate) fn try_again(&mut self) -> Shown {
        self.phase = Phase::Reconnecting { retry_at: None };
        let lost = || Problem { code: ProblemCode::ConnectionLost, detail: String::new() };
        Shown::Reconnecting { problem: self.last_problem.clone().unwrap_or_else(lost), retry_in: 0 }
    }

    /// The first link is signed in.
    pub(crate) fn signed_in(&mut self) -> Shown {
        (self.phase, self.refusals) = (Phase::Online, 0);
        Shown::Online
    }

    /// The account was signed in before with this password. What may pass is waited out; if it does not, nobody is
    /// signed out: a person is asked for the password.
    pub(crate) fn refused_again(&mut self, error: &CommandError) {
        self.refusals += 1;
        match Refusal::of(error) {
            Refusal::SlowDown(wait) => {
                self.back_off.slow_down();
                self.named_wait = wait;
            }
            Refusal::ForNow(wait) => self.named_wait = wait,
            Refusal::Unclear if self.refusals == 1 => self.named_wait = Some(BEFORE_ONCE_MORE),
            Refusal::Unclear | Refusal::Final => self.is_locked_out = true,
        }
    }

    /// The next try may come at once.
    pub(crate) fn hurry(&mut self, is_urgent: bool) {
        self.is_urgent = is_urgent;
    }

    /// The next tries are to come late.
    pub(crate) fn slow_down(&mut self) {
        self.back_off.slow_down();
    }

    /// A link lived long enough: the next try may come soon.
    pub(crate) fn has_lived(&mut self) {
        self.back_off.reset();
    }

    /// The first link is lost that was online. Gives how to show that.
    pub(crate) fn lost(&mut self, problem: Problem, now: Time) -> Shown {
        self.last_problem = Some(problem.clone());
        if std::mem::take(&mut self.is_locked_out) {
            self.phase = Phase::Locked;
            return Shown::Locked { problem };
        }
        let is_urgent = std::mem::take(&mut self.is_urgent);
        let wait = if is_urgent { Duration::ZERO } else { self.back_off.next_wait() };
        let wait = wait.max(self.named_wait.take().unwrap_or_default());
        self.phase = Phase::Reconnecting { retry_at: Some(now + wait) };
        let retry_in = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        Shown::Reconnecting { problem, retry_in }
    }
}

/// After a refusal without a reason the same password is tried once more, this much later.
const BEFORE_ONCE_MORE: Duration = Duration::from_secs(10);
