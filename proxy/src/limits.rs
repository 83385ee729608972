//! How many connections at once, and how many new ones a minute. At a limit a new one is refused; old ones stay.
//!
//! The proxy sees no password, so a failed sign-in shows from outside alone: as a connection that ends soon after it
//! began. Whoever makes many of those is made to wait (security.md P6).

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::close::Reason;
use crate::config::Limits;

/// The count of what is open and of what was lately.
#[derive(Debug)]
pub(crate) struct Gate(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    limits: Limits,
    relays: usize,
    requests: usize,
    /// By the upstream's path, which stays the same when the configuration is read again.
    by_upstream: HashMap<Arc<str>, usize>,
    by_client: HashMap<IpAddr, Client>,
    /// How many clients there may be until those that are forgotten are looked for.
    sweep_at: usize,
}

/// What one client address has open and had lately.
#[derive(Debug)]
struct Client {
    relays: usize,
    requests: usize,
    starts: Bucket,
    short: Bucket,
    discoveries: Bucket,
}

/// One relayed connection that was let in. It counts until it is dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Ticket {
    gate: Arc<Gate>,
    client: IpAddr,
    upstream: Arc<str>,
    /// Since when the client speaks with the server.
    opened: Option<Instant>,
}

/// One TCP connection that speaks HTTP and is no WebSocket yet. It counts until it is dropped.
#[derive(Debug)]
pub(crate) struct RequestTicket {
    gate: Arc<Gate>,
    client: Option<IpAddr>,
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Counts { limits, ..Counts::default() })))
    }

    /// What holds for new connections from now on. Old ones stay, also those that are too many now.
    pub(crate) fn set_limits(&self, limits: Limits) {
        let mut counts = self.counts();
        counts.limits = limits;
        for client in counts.by_client.values_mut() {
            client.starts.per_minute = f64::from(limits.starts_per_minute);
            client.short.per_minute = f64::from(limits.short_per_minute);
            client.discoveries.per_minute = f64::from(limits.discoveries_per_minute);
        }
    }

    /// Lets a connection in, to the upstream of this path, which may have so many.
    ///
    /// # Errors
    /// The limit that is reached.
    pub(crate) fn enter(
        self: &Arc<Self>,
        client: IpAddr,
        upstream: &Arc<str>,
        upstream_limit: Option<usize>,
    ) -> Result<Ticket, Reason> {
        let (client, now) = (client_of(client), Instant::now());
        let mut counts = self.counts();
        let limits = counts.limits;
        let to_upstream = counts.by_upstream.get(upstream).copied().unwrap_or(0);
        if counts.relays >= limits.connections {
            return Err(Reason::TooMany);
        }
        if upstream_limit.is_some_and(|limit| to_upstream >= limit) {
            return Err(Reason::TooManyToServer);
        }
        let entry = counts.client(client, now);
        if entry.relays >= limits.connections_per_address {
            return Err(Reason::TooManyFromAddress);
        }
        if entry.short.is_full(now) {
            return Err(Reason::TooManyShort);
        }
        if !entry.starts.add(now) {
            return Err(Reason::TooFast);
        }
        entry.relays += 1;
        counts.relays += 1;
        counts.by_upstream.insert(Arc::clone(upstream), to_upstream + 1);
        Ok(Ticket { gate: Arc::clone(self), client, upstream: Arc::clone(upstream), opened: None })
    }

    /// Lets a TCP connection in that may ask something over HTTP; `None` at a limit. A reverse proxy, which speaks for
    /// many clients, is no client and has only the limit of all.
    pub(crate) fn enter_request(self: &Arc<Self>, client: Option<IpAddr>) -> Option<RequestTicket> {
        let client = client.map(client_of);
        let mut counts = self.counts();
        let limits = counts.limits;
        if counts.requests >= limits.requests {
            return None;
        }
        if let Some(client) = client {
            let entry = counts.client(client, Instant::now());
            if entry.requests >= limits.requests_per_address {
                return None;
            }
            entry.requests += 1;
        }
        counts.requests += 1;
        Some(RequestTicket { gate: Arc::clone(self), client })
    }

    /// Whether a client may have servers looked up once more.
    pub(crate) fn may_discover(&self, client: IpAddr) -> bool {
        let now = Instant::now();
        self.counts().client(client_of(client), now).discoveries.add(now)
    }

    /// How many relayed connections are in.
    #[cfg(test)]
    pub(crate) fn relays(&self) -> usize {
        self.counts().relays
    }

    /// How many HTTP connections are in.
    pub(crate) fn requests(&self) -> usize {
        self.counts().requests
    }

    /// Whether the next connection would be refused, whoever asks.
    pub(crate) fn is_full(&self) -> bool {
        let counts = self.counts();
        counts.relays >= counts.limits.connections
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn client(&mut self, client: IpAddr, now: Instant) -> &mut Client {
        let limits = self.limits;
        if self.by_client.len() >= self.sweep_at {
            self.by_client.retain(|_, client| !client.is_forgotten(now));
            self.sweep_at = SWEEP_AT_LEAST.max(2 * self.by_client.len());
        }
        self.by_client.entry(client).or_insert_with(|| Client {
            relays: 0,
            requests: 0,
            starts: Bucket::new(limits.starts_per_minute, now),
            short: Bucket::new(limits.short_per_minute, now),
            discoveries: Bucket::new(limits.discoveries_per_minute, now),
        })
    }
}

impl Client {
    /// Whether it makes no difference any more that it was here.
    fn is_forgotten(&self, now: Instant) -> bool {
        let buckets = [&self.starts, &self.short, &self.discoveries];
        self.relays == 0 && self.requests == 0 && buckets.iter().all(|bucket| bucket.is_empty(now))
    }
}

impl Ticket {
    /// The client speaks with the server from here on.
    pub(crate) fn open(&mut self) {
        self.opened = Some(Instant::now());
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut counts = self.gate.counts();
        let short = counts.limits.short;
        counts.relays -= 1;
        if let Some(count) = counts.by_upstream.get_mut(&self.upstream) {
            *count -= 1;
        }
        if let Some(client) = counts.by_client.get_mut(&self.client) {
            client.relays -= 1;
            if self.opened.is_some_and(|opened| now.duration_since(opened) < short) {
                client.short.add(now);
            }
        }
    }
}

impl Drop for RequestTicket {
    fn drop(&mut self) {
        let mut counts = self.gate.counts();
        counts.requests -= 1;
        if let Some(client) = self.client.and_then(|client| counts.by_client.get_mut(&client)) {
            client.requests -= 1;
        }
    }
}

/// Holds a minute's worth of events and leaks evenly: a burst may use up the minute, and then room comes bit by bit.
#[derive(Debug)]
struct Bucket {
    per_minute: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn new(per_minute: u32, now: Instant) -> Self {
        Self { per_minute: f64::from(per_minute), level: 0.0, at: now }
    }

    /// Adds one event; false if it does not fit.
    fn add(&mut self, now: Instant) -> bool {
        let fits = !self.is_full(now);
        if fits {
            self.level = self.level_at(now) + 1.0;
            self.at = now;
        }
        fits
    }

    fn is_full(&self, now: Instant) -> bool {
        // Half an event of slack, for what a fraction of a second is off.
        self.level_at(now) + 0.5 > self.per_minute
    }

    fn is_empty(&self, now: Instant) -> bool {
        self.level_at(now) == 0.0
    }

    fn level_at(&self, now: Instant) -> f64 {
        let leaked = now.duration_since(self.at).as_secs_f64() / 60.0 * self.per_minute;
        (self.level - leaked).max(0.0)
    }
}

/// Who counts as one: an IPv4 address, or the /64 that one IPv6 customer has at the least.
fn client_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        address => address,
    }
}

const SWEEP_AT_LEAST: usize = 1024;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    fn enter(gate: &Arc<Gate>, address: &str) -> Result<Ticket, Reason> {
        gate.enter(address.parse().unwrap(), &"imap".into(), None)
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_counts_what_is_open_now() {
        let gate = Gate::new(Limits { connections: 3, connections_per_address: 2, ..Limits::default() });
        let first = enter(&gate, "192.0.2.1").unwrap();
        let _second = enter(&gate, "::ffff:192.0.2.1").unwrap();
        assert_eq!(enter(&gate, "192.0.2.1").unwrap_err(), Reason::TooManyFromAddress);
        let _third = enter(&gate, "192.0.2.2").unwrap();
        assert_eq!(enter(&gate, "192.0.2.3").unwrap_err(), Reason::TooMany);
        drop(first);
        let _fourth = enter(&gate, "192.0.2.1").unwrap();
        assert_eq!(gate.relays(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn one_customer_of_ipv6_counts_once() {
        let gate = Gate::new(Limits { connections_per_address: 1, ..Limits::default() });
        let _first = enter(&gate, "2001:db8::1").unwrap();
        assert!(enter(&gate, "2001:db8::2").is_err());
        assert!(enter(&gate, "2001:db8:0:1::1").is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn an_upstream_has_a_limit_of_its_own() {
        let gate = Gate::new(Limits::default());
        let enter = |upstream: &str| gate.enter([192, 0, 2, 1].into(), &upstream.into(), Some(1));
        let first = enter("imap").unwrap();
        assert_eq!(enter("imap").unwrap_err(), Reason::TooManyToServer);
        let _other = enter("imap/work").unwrap();
        drop(first);
        assert!(enter("imap").is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn limits_that_change_hold_for_new_connections() {
        let gate = Gate::new(Limits { connections: 2, starts_per_minute: 2, ..Limits::default() });
        let _first = enter(&gate, "192.0.2.1").unwrap();
        let _second = enter(&gate, "192.0.2.1").unwrap();
        gate.set_limits(Limits { connections: 3, starts_per_minute: 2, ..Limits::default() });
        assert_eq!(enter(&gate, "192.0.2.1").unwrap_err(), Reason::TooFast);
        gate.set_limits(Limits { connections: 3, starts_per_minute: 3, ..Limits::default() });
        let _third = enter(&gate, "192.0.2.1").unwrap();
        gate.set_limits(Limits { connections: 1, ..Limits::default() });
        assert_eq!(enter(&gate, "192.0.2.2").unwrap_err(), Reason::TooMany);
        assert_eq!(gate.relays(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn new_connections_come_no_faster_than_they_may() {
        let gate = Gate::new(Limits { starts_per_minute: 6, ..Limits::default() });
        for _ in 0..6 {
            enter(&gate, "192.0.2.1").unwrap();
        }
        assert_eq!(enter(&gate, "192.0.2.1").unwrap_err(), Reason::TooFast);
        enter(&gate, "192.0.2.2").unwrap();
        advance(Duration::from_secs(10)).await;
        enter(&gate, "192.0.2.1").unwrap();
        assert_eq!(enter(&gate, "192.0.2.1").unwrap_err(), Reason::TooFast);
    }

    #[tokio::test(start_paused = true)]
    async fn many_short_connections_look_like_guessed_passwords() {
        let gate = Gate::new(Limits { short_per_minute: 2, ..Limits::default() });
        // One that never reached the server and one that stayed do not count.
        enter(&gate, "192.0.2.1").unwrap();
        let mut stays = enter(&gate, "192.0.2.1").unwrap();
        stays.open();
        advance(Duration::from_secs(6)).await;
        drop(stays);
        for _ in 0..2 {
            enter(&gate, "192.0.2.1").unwrap().open();
        }
        assert_eq!(enter(&gate, "192.0.2.1").unwrap_err(), Reason::TooManyShort);
        assert!(enter(&gate, "192.0.2.2").is_ok());
        advance(Duration::from_secs(60)).await;
        assert!(enter(&gate, "192.0.2.1").is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_counted_apart() {
        let gate = Gate::new(Limits { requests: 3, requests_per_address: 2, ..Limits::default() });
        let enter = |last| gate.enter_request(Some([192, 0, 2, last].into()));
        let first = enter(1).unwrap();
        let _second = enter(1).unwrap();
        assert!(enter(1).is_none());
        assert!(gate.enter_request(None).is_some());
        let _third = enter(2).unwrap();
        assert!(enter(3).is_none());
        drop(first);
        assert!(enter(1).is_some());
        assert_eq!(gate.relays(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_left_are_forgotten() {
        let gate = Gate::new(Limits::default());
        for number in 0..u32::try_from(4 * SWEEP_AT_LEAST).unwrap() {
            let address = Ipv6Addr::from(u128::from(number) << 64).into();
            gate.enter(address, &"imap".into(), None).unwrap();
            advance(Duration::from_millis(100)).await;
        }
        assert!(gate.counts().by_client.len() <= 2 * SWEEP_AT_LEAST);
        assert_eq!(gate.counts().relays, 0);
    }
}
