//! `ImapClient`: IMAP for JavaScript, over one connection. Promises, async iterators, streams.

mod abort;
mod argument;
mod body;
mod client;
pub(crate) mod data;
mod failure;
mod found;
mod machine;
mod methods;
mod options;
mod pull;
mod run;
mod session;
pub mod types;
mod unsolicited;
mod upload;

pub use client::ImapClient;
