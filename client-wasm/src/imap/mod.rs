//! `ImapClient`: IMAP for JavaScript, over one connection. Promises, async iterators, streams.

mod abort;
mod account;
mod body;
mod client;
mod content;
mod failure;
mod finding;
mod idle;
mod machine;
mod mailboxes;
mod messages;
mod news;
mod options;
mod pull;
mod read;
mod run;
mod section;
mod session;
mod set;
mod sign_in;
mod storing;
pub mod types;
mod upload;

pub use client::ImapClient;
