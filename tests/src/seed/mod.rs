//! A mailbox that looks like a person's: Robin Hale, who plans gardens. The same every time, only its dates follow
//! the calendar.
//!
//! More than 200 messages in a dozen folders: conversations, newsletters, receipts, files, many character sets,
//! and whatever real mailboxes have that breaks the rules.

mod broken;
pub mod charsets;
mod conversations;
mod date;
mod file;
mod letters;
pub mod maildir;
mod mime;
mod people;
mod subscriptions;

pub use letters::{LARGE_NAME, LARGE_SIZE, large_file};
pub use maildir::{Mailbox, Mark, Message, write_maildir};
pub(crate) use mime::base64;

use std::time::SystemTime;

/// Whose it is.
pub const USER: &str = "robin@example.com";

/// Now, in seconds since 1970: what [`person`] counts back from.
pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// All of Robin's mailboxes, as they stand at `now`.
pub fn person(now: u64) -> Vec<Mailbox> {
    let all = conversations::all(now).into_iter().chain(subscriptions::all(now)).chain(letters::all(now));
    let mut mailboxes: Vec<Mailbox> = Vec::new();
    for mailbox in all.chain([broken::all(now)]) {
        match mailboxes.iter_mut().find(|known| known.name == mailbox.name) {
            Some(known) => known.messages.extend(mailbox.messages),
            None => mailboxes.push(mailbox),
        }
    }
    mailboxes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_more_than_200_messages_and_always_the_same() {
        let (first, second) = (person(1_700_000_000), person(1_700_000_000));
        let count: usize = first.iter().map(|mailbox| mailbox.messages.len()).sum();
        assert!(count >= 200, "{count}");
        for (one, other) in first.iter().zip(&second) {
            assert!(one.messages.iter().zip(&other.messages).all(|(one, other)| one.bytes == other.bytes));
        }
    }

    #[test]
    fn nothing_is_from_the_future() {
        let now = 1_700_000_000;
        let latest =
            person(now).iter().flat_map(|mailbox| &mailbox.messages).map(|message| message.arrived).max();
        assert!(latest.unwrap() < now);
    }
}
