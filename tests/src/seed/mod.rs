//! A mailbox that looks like a person's: generated, the same for the same day.

pub mod maildir;

pub use maildir::{Mailbox, Mark, Message, write_maildir};

use std::time::SystemTime;

/// Whose it is.
pub const USER: &str = "robin@example.com";

/// Now, in seconds since 1970: what [`person`] counts back from.
pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// All of Robin's mailboxes, as they stand at `now`.
pub fn person(now: u64) -> Vec<Mailbox> {
    vec![Mailbox {
        name: "INBOX".into(),
        messages: vec![Message { arrived: now, marks: vec![], bytes: vec![] }],
    }]
}
