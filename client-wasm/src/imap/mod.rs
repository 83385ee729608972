//! `ImapClient`: IMAP for JavaScript, over one connection. Promises, async iterators, streams.

mod abort;
mod body;
mod client;
mod idle;
mod machine;
mod messages;
mod news;
mod pull;
mod section;
mod session;
mod set;
pub mod types;

pub use client::ImapClient;
pub(crate) use machine::Failure;
