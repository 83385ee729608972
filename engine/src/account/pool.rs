//! The two links of an account: which there are, and when the second one is made. The second one's troubles are its own:
//! without it the engine polls, and nothing is reported.

use crate::account::line::Line;
use crate::account::role::Role;
use crate::link::{BackOff, LinkId};
use postern_protocol::Time;
use std::time::Duration;

/// Both links.
#[derive(Debug)]
pub(crate) struct Pool {
    foreground: Option<Line>,
    background: Option<Line>,
    /// The last foreground link did not live: the next one asks one thing at a time, so that it shows what ends it.
    is_careful: bool,
    background_back_off: BackOff,
    /// When to open the background link again.
    background_retry: Option<Time>,
    /// How often the foreground link ended right after the background one was signed in, or that one was not let in: some
    /// servers end the first session when a second begins.
    failures: u32,
    /// The server bears no second link until then.
    alone_until: Option<Time>,
}

impl Pool {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            foreground: None,
            background: None,
            is_careful: false,
            background_back_off: BackOff::new(seed),
            background_retry: None,
            failures: 0,
            alone_until: None,
        }
    }

    pub(crate) fn get(&self, role: Role) -> Option<&Line> {
        match role {
            Role::Foreground => self.foreground.as_ref(),
            Role::Background => self.background.as_ref(),
        }
    }

    pub(crate) fn get_mut(&mut self, role: Role) -> Option<&mut Line> {
        self.place(role).as_mut()
    }

    /// The link of this role, if it takes commands.
    pub(crate) fn ready(&mut self, role: Role) -> Option<&mut Line> {
        self.get_mut(role).filter(|line| line.is_ready())
    }

    pub(crate) fn role(&self, id: LinkId) -> Option<Role> {
        ROLES.into_iter().find(|role| self.get(*role).is_some_and(|line| line.link.id() == id))
    }

    pub(crate) fn put(&mut self, role: Role, line: Line) {
        *self.place(role) = Some(line);
    }

    pub(crate) fn take(&mut self, role: Role) -> Option<Line> {
        self.place(role).take()
    }

    /// Whether the next foreground link asks one thing at a time.
    pub(crate) fn is_careful(&self) -> bool {
        self.is_careful
    }

    /// Whether the foreground link has to do alone, for now or for long: then it carries what the second would.
    pub(crate) fn is_alone(&self, now: Time) -> bool {
        let has_second = self.background.as_ref().is_some_and(Line::is_ready);
        !has_second && (self.background_retry.is_some() || !self.bears_second(now))
    }

    /// Whether the server is known to bear a second link, or not known not to.
    pub(crate) fn bears_second(&self, now: Time) -> bool {
        self.alone_until.is_none_or(|until| until <= now)
    }

    /// Whether the background link may be made now.
    pub(crate) fn may_make_second(&self, now: Time) -> bool {
        self.background.is_none() && self.background_retry.is_none() && self.bears_second(now)
    }

    /// When the background link is to be tried again.
    pub(crate) fn retry_at(&self) -> Option<Time> {
        self.background_retry
    }

    /// Starts the try that is due.
    pub(crate) fn run_due(&mut self, now: Time) {
        if self.background_retry.is_some_and(|at| at <= now) {
            self.background_retry = None;
        }
    }

    /// A person wants it tried now.
    pub(crate) fn hurry(&mut self, now: Time) {
        if self.background_retry.is_some() {
            self.background_retry = Some(now);
        }
    }

    /// The foreground link is signed in.
    pub(crate) fn foreground_is_ready(&mut self, now: Time) {
        // The second one must not be what ends the first.
        self.background_retry = self.is_careful.then_some(now + SECOND_AFTER_TROUBLE);
    }

    /// What the foreground link's end says of the next ones.
    pub(crate) fn foreground_ended(&mut self, line: &Line, now: Time) {
        self.is_careful = line.is_ready() && !line.link.has_lived(now);
        let second_has_just_come =
            self.background.as_ref().is_some_and(|second| second.link.has_just_come(now));
        if line.is_ready() && !line.link.is_server_blameless() && second_has_just_come {
            self.second_did_harm(now);
        }
    }

    /// There is no foreground link: the background one waits for the next.
    pub(crate) fn foreground_is_gone(&mut self) {
        self.background_retry = None;
    }

    /// The background link ended after it had lived.
    pub(crate) fn background_has_lived(&mut self) {
        self.background_back_off.reset();
    }

    /// The background link is gone: the next try is a while away.
    pub(crate) fn background_is_gone(&mut self, now: Time) {
        self.background_retry = Some(now + self.background_back_off.next_wait());
    }

    /// The background link was not let in. What the first one may do is another matter, and its password is right.
    pub(crate) fn background_refused(&mut self, now: Time) {
        self.second_did_harm(now);
        self.slow_down_background();
    }

    /// The next tries of the background link are to come late.
    pub(crate) fn slow_down_background(&mut self) {
        self.background_back_off.slow_down();
    }

    fn second_did_harm(&mut self, now: Time) {
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            self.alone_until = Some(now + WITHOUT);
        }
    }

    fn place(&mut self, role: Role) -> &mut Option<Line> {
        match role {
            Role::Foreground => &mut self.foreground,
            Role::Background => &mut self.background,
        }
    }
}

/// In the order in which what they say is taken in.
pub(crate) const ROLES: [Role; 2] = [Role::Foreground, Role::Background];

/// How long the first link must bear work before the second is made, if the one before it did not live.
const SECOND_AFTER_TROUBLE: Duration = Duration::from_secs(10);
const MOST_FAILURES: u32 = 2;
/// How long the engine does with one link then.
const WITHOUT: Duration = Duration::from_secs(30 * 60);
