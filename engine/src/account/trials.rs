//! What the server refused to do, or ended its connection over: when each such thing may be asked for again. What
//! ended two links is set aside for a while; what was refused waits, longer each time.

use crate::account::key::JobKey;
use postern_protocol::Time;
use std::collections::HashMap;
use std::time::Duration;

/// What became of it so far.
#[derive(Debug, Clone, Copy, Default)]
struct Trial {
    refusals: u32,
    links_ended: u32,
    /// How often it was set aside.
    times_aside: u32,
    not_before: Option<Time>,
}

/// Everything that did not go well.
#[derive(Debug, Default)]
pub(crate) struct Trials {
    all: HashMap<JobKey, Trial>,
}

/// What follows from a link's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Again,
    SetAside,
}

impl Trials {
    /// Whether it may be asked for now.
    pub(crate) fn allows(&self, key: JobKey, now: Time) -> bool {
        self.all.get(&key).and_then(|trial| trial.not_before).is_none_or(|at| at <= now)
    }

    /// The server refused it. It waits as long as the server names, else longer each time. Gives how often that was so.
    pub(crate) fn refused(&mut self, key: JobKey, named: Option<Duration>, now: Time) -> u32 {
        let trial = self.all.entry(key).or_default();
        trial.refusals += 1;
        let own = FIRST_WAIT.saturating_mul(1 << (trial.refusals - 1).min(10)).min(LONGEST_WAIT);
        trial.not_before = Some(now + named.unwrap_or(own));
        trial.refusals
    }

    /// A link ended over it.
    pub(crate) fn ended_link(&mut self, key: JobKey, now: Time) -> Verdict {
        let trial = self.all.entry(key).or_default();
        trial.links_ended += 1;
        // Nothing hangs on ID but one server's goodwill.
        let most = if key == JobKey::Introduce { 1 } else { MOST_LINKS_ENDED };
        if trial.links_ended < most {
            return Verdict::Again;
        }
        let aside = SET_ASIDE.saturating_mul(1 << trial.times_aside.min(5));
        *trial = Trial {
            times_aside: trial.times_aside.saturating_add(1),
            // One more end sets it aside again.
            links_ended: most - 1,
            not_before: Some(now + aside),
            ..*trial
        };
        Verdict::SetAside
    }

    /// It went well, or nobody wants it any more.
    pub(crate) fn settled(&mut self, key: JobKey) {
        self.all.remove(&key);
    }

    /// A person asks for these again: they wait no longer. What is known of them stays.
    pub(crate) fn allow(&mut self, is_meant: impl Fn(JobKey) -> bool) {
        for (_, trial) in self.all.iter_mut().filter(|(key, _)| is_meant(**key)) {
            (trial.not_before, trial.refusals) = (None, 0);
        }
    }

    /// A person asks anew: nothing waits any longer.
    pub(crate) fn forgive(&mut self) {
        self.all.clear();
    }

    /// When the next thing may be asked for again.
    pub(crate) fn next(&self, now: Time) -> Option<Time> {
        self.all.values().filter_map(|trial| trial.not_before).filter(|at| *at > now).min()
    }
}

/// Links that a thing may end before it is set aside.
const MOST_LINKS_ENDED: u32 = 2;
const SET_ASIDE: Duration = Duration::from_secs(10 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::border::MailboxId;

    const SELECT: JobKey = JobKey::Select(MailboxId(1));

    fn at(seconds: u64) -> Time {
        Time::ZERO + Duration::from_secs(seconds)
    }

    #[test]
    fn refusals_wait_as_long_as_was_named_else_longer_each_time() {
        let mut trials = Trials::default();
        assert_eq!(trials.refused(SELECT, Some(Duration::from_secs(7)), at(0)), 1);
        assert!(!trials.allows(SELECT, at(6)));
        assert!(trials.allows(SELECT, at(7)));
        assert_eq!(trials.refused(SELECT, None, at(7)), 2);
        assert_eq!(trials.next(at(7)), Some(at(11)));
        for _ in 0..40 {
            trials.refused(SELECT, None, at(20));
        }
        assert_eq!(trials.next(at(20)), Some(at(80)));
        trials.settled(SELECT);
        assert_eq!(trials.refused(SELECT, None, at(30)), 1);
    }

    #[test]
    fn what_ended_two_links_is_set_aside_longer_each_time() {
        let mut trials = Trials::default();
        assert_eq!(trials.ended_link(SELECT, at(0)), Verdict::Again);
        assert!(trials.allows(SELECT, at(0)));
        assert_eq!(trials.ended_link(SELECT, at(10)), Verdict::SetAside);
        assert!(!trials.allows(SELECT, at(609)));
        assert!(trials.allows(SELECT, at(610)));
        assert_eq!(trials.ended_link(SELECT, at(610)), Verdict::SetAside);
        assert_eq!(trials.next(at(610)), Some(at(1810)));
        trials.forgive();
        assert!(trials.allows(SELECT, at(610)));
    }
}
