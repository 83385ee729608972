//! What a driver may set before it connects. Every default fits a person's account on a real server.

use crate::imap::{Limits, Security};
use std::time::Duration;

/// How a [`Connection`](super::Connection) behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// What stands between here and the server: credentials go out over a protected link only.
    pub login_over: Security,
    /// How long to wait for what.
    pub deadlines: Deadlines,
    /// How much of the server's to hold.
    pub limits: Limits,
    /// Most commands that are sent and not yet answered. 16.
    pub in_flight: usize,
    /// Most commands that are not yet answered, sent or not; one more is
    /// [`Misuse::QueueFull`](crate::imap::Misuse::QueueFull). 1,000.
    pub queued: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            login_over: Security::default(),
            deadlines: Deadlines::default(),
            limits: Limits::default(),
            in_flight: 16,
            queued: 1_000,
        }
    }
}

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deadlines {
    /// For the greeting, from [`Connection::new`](super::Connection::new) on. 30 s.
    pub greeting: Duration,
    /// For the answer to the command that was sent first, counted anew with each part of it that arrives. A server
    /// that leaves it unanswered for longer is gone, whatever else it says: the connection ends. 60 s.
    pub answer: Duration,
    /// When IDLE is left and entered again, so that a dead link shows. Where the server said nothing in it, a NOOP asks
    /// for news in between. More than 28 minutes count as 28: RFC 9051 section 6.3.13 lets a server end it at 29. 5 min.
    pub idle_renewal: Duration,
    /// How often NOOP stands in for IDLE where the server lacks it, or was seen to say nothing in it. 60 s.
    pub poll: Duration,
    /// When a NOOP keeps an otherwise silent connection alive. 5 min; none never.
    pub keep_alive: Option<Duration>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            greeting: Duration::from_secs(30),
            answer: Duration::from_secs(60),
            idle_renewal: Duration::from_secs(5 * 60),
            poll: Duration::from_secs(60),
            keep_alive: Some(Duration::from_secs(5 * 60)),
        }
    }
}
