//! What is due in a relay that no byte tells of: pings, missing pongs, and the end of a drain.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep};

use crate::config::Deadlines;

/// The next of a relay's deadlines, on one timer.
#[derive(Debug)]
pub(super) struct Clock {
    deadlines: Deadlines,
    sleep: Pin<Box<Sleep>>,
    ping_at: Instant,
    pong_by: Option<Instant>,
    drain_by: Option<Instant>,
}

/// What became due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alarm {
    Ping,
    NoPong,
    DrainOver,
}

impl Clock {
    pub(super) fn new(deadlines: Deadlines) -> Self {
        let ping_at = Instant::now() + deadlines.ping;
        let sleep = Box::pin(tokio::time::sleep_until(ping_at));
        Self { deadlines, sleep, ping_at, pong_by: None, drain_by: None }
    }

    /// The client sent something: it is there.
    pub(super) fn heard(&mut self) {
        self.pong_by = None;
    }

    pub(super) fn await_pong(&mut self) {
        self.pong_by = self.pong_by.or(Some(Instant::now() + self.deadlines.pong));
    }

    pub(super) fn start_drain(&mut self) {
        self.drain_by = self.drain_by.or(Some(Instant::now() + self.deadlines.half_close));
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Alarm> {
        let next = [self.pong_by, self.drain_by].into_iter().flatten().fold(self.ping_at, Instant::min);
        if self.sleep.deadline() != next {
            self.sleep.as_mut().reset(next);
        }
        ready!(self.sleep.as_mut().poll(context));
        if self.drain_by == Some(next) {
            self.drain_by = None;
            return Poll::Ready(Alarm::DrainOver);
        }
        if self.pong_by == Some(next) {
            self.pong_by = None;
            return Poll::Ready(Alarm::NoPong);
        }
        self.ping_at = Instant::now() + self.deadlines.ping;
        Poll::Ready(Alarm::Ping)
    }
}
