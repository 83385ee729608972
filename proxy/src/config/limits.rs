//! The tables `[limits]` and `[deadlines]`, with every default.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// How many connections at once, and how many new ones a minute. At a limit new ones are refused with 4429 and old ones stay.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Relayed connections in all.
    pub connections: usize,
    /// Relayed connections of one client address (of one /64 for IPv6, here and below).
    pub connections_per_address: usize,
    /// New relayed connections of one client address in a minute.
    pub starts_per_minute: u32,
    /// Relayed connections of one client address in a minute that may end soon, as after a wrong password.
    pub short_per_minute: u32,
    /// What soon means there.
    #[serde(deserialize_with = "seconds")]
    pub short: Duration,
    /// TCP connections that ask for the page or are about to become a WebSocket, in all.
    pub requests: usize,
    /// The same of one client address.
    pub requests_per_address: usize,
    /// Look-ups for `/api/discover` of one client address in a minute.
    pub discoveries_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            connections_per_address: 100,
            starts_per_minute: 1200,
            short_per_minute: 300,
            short: Duration::from_secs(5),
            requests: 1000,
            requests_per_address: 100,
            discoveries_per_minute: 20,
        }
    }
}

/// How long each step may take. In the file: seconds, also fractions.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// For the whole head of an HTTP request.
    #[serde(deserialize_with = "seconds")]
    pub request: Duration,
    /// Name look-up and TCP connect together.
    #[serde(deserialize_with = "seconds")]
    pub connect: Duration,
    /// The TLS handshake with the server.
    #[serde(deserialize_with = "seconds")]
    pub tls: Duration,
    /// The plain-text dialogue before TLS.
    #[serde(deserialize_with = "seconds")]
    pub starttls: Duration,
    /// After one side ended, for the other.
    #[serde(deserialize_with = "seconds")]
    pub half_close: Duration,
    /// After SIGTERM, while `/readyz` says 503 and all goes on, so that a load balancer can look elsewhere.
    #[serde(deserialize_with = "seconds")]
    pub notice: Duration,
    /// After that, for everything.
    #[serde(deserialize_with = "seconds")]
    pub shutdown: Duration,
    /// For everything that `/api/discover` looks up.
    #[serde(deserialize_with = "seconds")]
    pub discover: Duration,
    /// Between two pings.
    #[serde(deserialize_with = "seconds")]
    pub ping: Duration,
    /// From a ping to any sign of life.
    #[serde(deserialize_with = "seconds")]
    pub pong: Duration,
    /// For a side that takes none of what is held for it: the server, a browser that says nothing either, or one that does not
    /// take the answer to a request.
    #[serde(deserialize_with = "seconds")]
    pub stalled: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            request: seconds(10),
            connect: seconds(10),
            tls: seconds(10),
            starttls: seconds(10),
            half_close: seconds(10),
            notice: Duration::ZERO,
            shutdown: seconds(30),
            discover: seconds(5),
            ping: seconds(25),
            pong: seconds(60),
            stalled: seconds(60),
        }
    }
}

/// A duration in seconds, fractions allowed, more than nothing.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = Seconds::deserialize(deserializer)?.as_f64();
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && seconds <= LONGEST_SECONDS => Ok(duration),
        _ => Err(de::Error::custom("a deadline is a number of seconds from 0.001 to 86400, such as 10")),
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a deadline is a number of seconds, such as 10 or 0.5")]
enum Seconds {
    Whole(u32),
    Fraction(f64),
}

impl Seconds {
    fn as_f64(&self) -> f64 {
        match *self {
            Self::Whole(seconds) => f64::from(seconds),
            Self::Fraction(seconds) => seconds,
        }
    }
}

const LONGEST_SECONDS: f64 = 86_400.0;
