//! What is due in a relay that no byte tells of: pings, missing pongs, sides that take nothing, and the end of a drain.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::config::Deadlines;

/// The next of a relay's deadlines, on one timer.
#[derive(Debug)]
pub(super) struct Clock {
    /// Those of the configuration that a relay needs: all of them would be three times as long.
    ping: Duration,
    pong: Duration,
    stalled: Duration,
    half_close: Duration,
    sleep: Pin<Box<Sleep>>,
    ping_at: Instant,
    pong_by: Option<Instant>,
    drain_by: Option<Instant>,
    server: Option<FullServer>,
    /// When a client that takes nothing and says nothing is given up.
    client_by: Option<Instant>,
}

/// A server that has not yet taken what is held for it.
#[derive(Clone, Copy, Debug)]
struct FullServer {
    /// Since when the client is not read.
    since: Instant,
    /// When it last took a byte, or `since`.
    took_at: Instant,
    /// When it is looked again whether the client is still there.
    look_at: Instant,
}

/// What became due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alarm {
    Ping,
    NoPong,
    DrainOver,
    /// Whether the client is still there: it is not being read.
    Look,
    ServerStalled,
    ClientStalled,
}

impl Clock {
    pub(super) fn new(deadlines: Deadlines) -> Self {
        let Deadlines { ping, pong, stalled, half_close, .. } = deadlines;
        let ping_at = Instant::now() + ping;
        let sleep = Box::pin(tokio::time::sleep_until(ping_at));
        Self {
            ping,
            pong,
            stalled,
            half_close,
            sleep,
            ping_at,
            pong_by: None,
            drain_by: None,
            server: None,
            client_by: None,
        }
    }

    /// The client sent something: it is there.
    pub(super) fn heard(&mut self) {
        self.pong_by = None;
        self.client_by = None;
    }

    pub(super) fn await_pong(&mut self) {
        self.pong_by = self.pong_by.or(Some(Instant::now() + self.pong));
    }

    pub(super) fn start_drain(&mut self) {
        self.drain_by = self.drain_by.or(Some(Instant::now() + self.half_close));
    }

    /// Lets a drain take no longer than a Close frame needs to be answered.
    pub(super) fn hurry_drain(&mut self) {
        let by = Instant::now() + self.half_close.min(LINGER);
        self.drain_by = Some(self.drain_by.map_or(by, |drain_by| drain_by.min(by)));
    }

    /// The server took a part of what is held for it.
    pub(super) fn server_took(&mut self) {
        if let Some(server) = &mut self.server {
            server.took_at = Instant::now();
        }
    }

    /// Nothing is held for the server any more.
    pub(super) fn server_is_free(&mut self) {
        self.server = None;
    }

    /// The client took something.
    pub(super) fn client_took(&mut self) {
        self.client_by = None;
    }

    /// Whether a side is full now: from its first such moment on its deadline runs.
    pub(super) fn watch(&mut self, server_is_full: bool, client_is_full: bool) {
        if server_is_full && self.server.is_none() {
            let now = Instant::now();
            self.server = Some(FullServer { since: now, took_at: now, look_at: now + LOOK_EVERY });
        }
        if client_is_full && self.client_by.is_none() {
            self.client_by = Some(Instant::now() + self.stalled);
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Alarm> {
        let (next, alarm) = self.next();
        // A side is full for a moment again and again. A timer that rings too soon once a second costs less than one that
        // is set anew each time.
        if self.sleep.deadline() > next {
            self.sleep.as_mut().reset(next);
        }
        ready!(self.sleep.as_mut().poll(context));
        while Instant::now() < next {
            self.sleep.as_mut().reset(next);
            ready!(self.sleep.as_mut().poll(context));
        }
        self.settle(alarm);
        Poll::Ready(alarm)
    }

    /// The earliest of all that is due.
    fn next(&self) -> (Instant, Alarm) {
        let stalled_at =
            |server: FullServer| (server.took_at + self.stalled).min(server.since + TRICKLE * self.stalled);
        let all = [
            self.drain_by.map(|at| (at, Alarm::DrainOver)),
            self.server.map(|server| (stalled_at(server), Alarm::ServerStalled)),
            self.client_by.map(|at| (at, Alarm::ClientStalled)),
            self.pong_by.map(|at| (at, Alarm::NoPong)),
            self.server.map(|server| (server.look_at, Alarm::Look)),
        ];
        let earliest = all.into_iter().flatten().min_by_key(|(at, _)| *at);
        earliest.filter(|(at, _)| *at <= self.ping_at).unwrap_or((self.ping_at, Alarm::Ping))
    }

    /// What has rung does not ring again by itself.
    fn settle(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Ping => self.ping_at = Instant::now() + self.ping,
            Alarm::NoPong => self.pong_by = None,
            Alarm::DrainOver => self.drain_by = None,
            Alarm::Look => {
                if let Some(server) = &mut self.server {
                    server.look_at = Instant::now() + LOOK_EVERY;
                }
            }
            Alarm::ServerStalled => self.server = None,
            Alarm::ClientStalled => self.client_by = None,
        }
    }
}

/// How often it is looked whether a client is there that is not being read.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// For the client's answer to a Close frame, after its server was given up.
const LINGER: Duration = Duration::from_secs(1);

/// A server that takes a byte now and then is given this many deadlines for one buffer: a client that is gone without a
/// word looks the same as one whose pongs wait behind it.
const TRICKLE: u32 = 4;
