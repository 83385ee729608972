//! What the crates do together against real servers, Dovecot and Cyrus, most of it through the real proxy.
//!
//! One program for all: it links in a moment, and the tests share what they need. They run in parallel, each with
//! a Dovecot, a proxy and user names of its own.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod account;
mod commands;
mod connection;
mod courier;
mod cyrus;
mod engine;
mod foreign;
mod haproxy;
mod harness;
mod nature;
mod relay;
mod session;
mod websocket;
