//! IMAP and SMTP submission: bytes to meaning and back.
//!
//! Sans-IO: no socket, clock, thread, random source or `async` anywhere in this crate. A driver hands in the
//! bytes that arrived and the time, and takes out the bytes to send and what they meant.

pub mod imap;
pub mod starttls;
mod time;

pub use time::Time;
