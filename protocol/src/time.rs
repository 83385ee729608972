//! Time as an argument. The sans-IO crates never read a clock: each driver says what time it is.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A point on the driver's monotonic clock, counted from an epoch that the driver picks (the start of its
/// process, the page's time origin). Two values are comparable only where they come from one driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(Duration);

impl Time {
    /// The driver's epoch.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// The point `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// How long after the epoch this is.
    #[must_use]
    pub const fn since_epoch(self) -> Duration {
        self.0
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    /// Saturates at the end of time.
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

impl Sub for Time {
    type Output = Duration;

    /// How much later `self` is than `rhs`; zero where it is earlier.
    fn sub(self, rhs: Self) -> Duration {
        self.0.saturating_sub(rhs.0)
    }
}
