//! A mailbox that looks like a person's: generated, the same for the same day.

pub mod maildir;

pub use maildir::{Mailbox, Mark, Message, write_maildir};
