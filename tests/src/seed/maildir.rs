//! Writes mailboxes as Maildir++ folders, before the server starts: fast, with flags and dates right.

use crate::folder::Owner;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A mailbox with its messages.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// Its whole name, parts joined by `/`; `INBOX` is the inbox.
    pub name: String,
    /// In any order: the server numbers them by date.
    pub messages: Vec<Message>,
}

/// A message as it lies on the server.
#[derive(Debug, Clone)]
pub struct Message {
    /// When the server got it, in seconds since 1970: its INTERNALDATE.
    pub arrived: u64,
    /// How it is marked.
    pub marks: Vec<Mark>,
    /// As it came, lines ended by CR LF.
    pub bytes: Vec<u8>,
}

/// A flag that Maildir knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `\Draft`.
    Draft,
    /// `\Flagged`.
    Flagged,
    /// `\Answered`.
    Answered,
    /// `\Seen`.
    Seen,
}

impl Mark {
    /// Its letter in a file's name.
    fn letter(self) -> char {
        match self {
            Self::Draft => 'D',
            Self::Flagged => 'F',
            Self::Answered => 'R',
            Self::Seen => 'S',
        }
    }
}

/// Writes a user's mailboxes below `home`, all files theirs.
///
/// # Errors
/// Those of the file system.
pub fn write_maildir(home: &Path, mailboxes: &[Mailbox], owner: Owner) -> io::Result<()> {
    let root = home.join("Maildir");
    owner.make_folder(&root)?;
    let mut subscriptions = String::new();
    for mailbox in mailboxes {
        let folder =
            if mailbox.name == "INBOX" { root.clone() } else { root.join(folder_name(&mailbox.name)) };
        for part in ["cur", "new", "tmp"] {
            owner.make_folder(&folder.join(part))?;
        }
        for (number, message) in mailbox.messages.iter().enumerate() {
            write_message(&folder.join("cur"), number, message, owner)?;
        }
        subscriptions += &format!("{}\n", mailbox.name);
    }
    owner.write(&root.join("subscriptions"), subscriptions.as_bytes())
}

/// Maildir++: every mailbox beside the inbox, its parts joined by dots. In UTF-8, as Dovecot is told to read them.
fn folder_name(name: &str) -> String {
    format!(".{}", name.replace('/', "."))
}

/// Dovecot numbers new files by the time in their name, and takes INTERNALDATE from the file's own.
fn write_message(folder: &Path, number: usize, message: &Message, owner: Owner) -> io::Result<()> {
    let mut marks = message.marks.clone();
    marks.sort_unstable();
    let letters: String = marks.into_iter().map(Mark::letter).collect();
    let path = folder.join(format!("{}.M{number}.postern:2,{letters}", message.arrived));
    let mut file = File::create(&path)?;
    file.write_all(&message.bytes)?;
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(message.arrived))?;
    owner.give(&path)
}
