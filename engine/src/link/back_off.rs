//! How long to wait before the next try: twice as long each time, up to a minute, with jitter, so that a
//! thousand pages that lost one server don't come back in one second.

use std::time::Duration;

/// The waits between tries.
#[derive(Debug)]
pub(crate) struct BackOff {
    tries: u32,
    /// The state of an xorshift generator. The engine has no random source: the driver gives a seed.
    random: u64,
}

impl BackOff {
    /// Starts anew. Drivers should give each engine another seed.
    pub(crate) fn new(seed: u64) -> Self {
        // Xorshift stays at 0 for ever; any other state will do. The constant is 2^64 divided by the golden
        // ratio: it spreads small seeds.
        let random = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self { tries: 0, random: random.max(1) }
    }

    /// The next wait: between half and the whole of 1, 2, 4 … 60 s.
    pub(crate) fn next_wait(&mut self) -> Duration {
        let full = FIRST.saturating_mul(1 << self.tries.min(10)).min(LONGEST);
        self.tries = self.tries.saturating_add(1);
        let millis = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(millis / 2 + self.random() % (millis / 2 + 1))
    }

    /// Told to come later: the next wait is a long one, as are those that follow until it works.
    pub(crate) fn slow_down(&mut self) {
        self.tries = u32::MAX;
    }

    /// It worked: the next wait is a short one again.
    pub(crate) fn reset(&mut self) {
        self.tries = 0;
    }

    /// Marsaglia's xorshift64.
    fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let mut back_off = BackOff::new(7);
        for full in [1u64, 2, 4, 8, 16, 32, 60, 60, 60] {
            let wait = back_off.next_wait();
            assert!(wait >= Duration::from_millis(full * 500), "{wait:?} of {full} s");
            assert!(wait <= Duration::from_secs(full), "{wait:?} of {full} s");
        }
        back_off.reset();
        assert!(back_off.next_wait() <= Duration::from_secs(1));
        back_off.slow_down();
        assert!(back_off.next_wait() >= Duration::from_secs(30));
    }

    #[test]
    fn seeds_differ() {
        let waits = |seed| {
            let mut back_off = BackOff::new(seed);
            [back_off.next_wait(), back_off.next_wait(), back_off.next_wait()]
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
        assert_ne!(waits(0), waits(u64::MAX));
    }
}
