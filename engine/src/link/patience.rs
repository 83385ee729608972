//! A server that wants to be asked less: nothing is asked of it until the time that it named, or else for longer each
//! time that it says so.

use postern_protocol::Time;
use std::time::Duration;

/// How long the server wants to be left alone.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    until: Option<Time>,
    refusals: u32,
    is_reported: bool,
}

impl Patience {
    /// Whether nothing may be asked now.
    pub(crate) fn is_held(&self, now: Time) -> bool {
        self.until.is_some_and(|at| now < at)
    }

    /// When asking may begin again.
    pub(crate) fn until(&self, now: Time) -> Option<Time> {
        self.until.filter(|at| now < *at)
    }

    /// The server asked for patience. What was on its way already is refused for the same reason and counts once. Gives
    /// how long to wait from now.
    pub(crate) fn hold(&mut self, named: Option<Duration>, now: Time) -> Duration {
        if !self.is_held(now) {
            self.refusals += 1;
            let own = FIRST_WAIT.saturating_mul(1 << (self.refusals - 1).min(10)).min(LONGEST_WAIT);
            self.until = Some(now + named.unwrap_or(own));
        } else if let Some(named) = named {
            self.until = self.until.max(Some(now + named));
        }
        self.until.map_or(Duration::ZERO, |until| until - now)
    }

    /// Whether that is to be reported now: once, if it takes long.
    pub(crate) fn is_to_be_reported(&mut self, wait: Duration) -> bool {
        let is_long = wait >= WORTH_TELLING || self.refusals >= REFUSALS_WORTH_TELLING;
        let is_news = is_long && !self.is_reported;
        self.is_reported |= is_long;
        is_news
    }

    /// The server does what it is asked again.
    pub(crate) fn relieved(&mut self, now: Time) {
        if !self.is_held(now) {
            *self = Self::default();
        }
    }
}

const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const WORTH_TELLING: Duration = Duration::from_secs(10);
const REFUSALS_WORTH_TELLING: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_as_long_as_was_named_and_once_for_all_that_was_on_its_way() {
        let (mut patience, mut now) = (Patience::default(), Time::ZERO);
        let named = Some(Duration::from_secs(4));
        assert_eq!(patience.hold(named, now), Duration::from_secs(4));
        assert_eq!(patience.hold(None, now), Duration::from_secs(4));
        now = now + Duration::from_secs(4);
        assert!(!patience.is_held(now));
        for full in [4, 8, 16, 32, 60, 60] {
            assert_eq!(patience.hold(None, now), Duration::from_secs(full));
            now = now + Duration::from_secs(full);
        }
        patience.relieved(now);
        assert_eq!(patience.hold(None, now), Duration::from_secs(2));
    }

    #[test]
    fn is_told_once_and_only_where_it_takes_long() {
        let mut patience = Patience::default();
        assert!(!patience.is_to_be_reported(Duration::from_secs(4)));
        assert!(patience.is_to_be_reported(Duration::from_secs(300)));
        assert!(!patience.is_to_be_reported(Duration::from_secs(300)));
    }
}
