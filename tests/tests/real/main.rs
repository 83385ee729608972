//! What the crates do together against a real Dovecot, most of it through the real proxy.
//!
//! One program for all: it links in a moment, and the tests share what they need. They run in parallel, each with
//! a Dovecot, a proxy and user names of its own.

mod connection;
mod foreign;
mod harness;
mod relay;
mod websocket;
