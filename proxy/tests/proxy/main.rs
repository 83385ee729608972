//! The proxy over real TCP and TLS, against servers that follow a script.

#![expect(
    clippy::unwrap_used,
    reason = "these are tests, helpers included: what can't be unwrapped has failed"
)]

mod autobahn;
mod autoconfig;
mod binary;
mod checking;
mod closes;
mod costs;
mod discovery;
mod ending;
mod http;
mod http2;
mod introductions;
mod leaks;
mod licences;
mod nst;
mod relaying;
mod reloading;
mod sockets;
mod stalls;
mod support;
mod tls;
