//! The proxy: one WebSocket from a browser is one TCP connection to a mail server that the operator named.
//!
//! It serves the web page too, and keeps nothing: no session, no password, no message. What it holds is bytes in
//! flight, 64 KiB each way and no more. It never reads the mail protocol, save the few lines of a STARTTLS upgrade,
//! and those belong to [`postern_protocol`].
//!
//! The path of a connection, in the order of the modules: [`server`] accepts, `http` answers or upgrades,
//! `upstream` connects and verifies, `ws` relays, and [`close`] holds the words with which each of them may refuse.
//! Beside that path stands `discover`: where a domain's mail servers are, for a page that asks.

mod certificate;
pub mod check;
pub mod close;
pub mod config;
pub mod descriptors;
mod discover;
mod ends;
mod forwarded;
mod http;
mod limits;
pub mod listener;
pub mod log;
mod metrics;
mod origin;
mod own_tls;
mod proxy_protocol;
pub mod reload;
pub mod server;
mod session;
mod shared;
mod start_error;
pub mod systemd;
mod upstream;
mod ws;

pub use http::licences;
