//! The border: everything that the view and the engine ever say to each other.
//!
//! Plain, closed data. Nothing here knows IMAP: mailboxes and messages are numbers that the engine hands out,
//! flags are what a person can see. Inner types never cross. The TypeScript declarations are generated from
//! these (feature `ts`).

mod intent;
mod message;
mod problem;
#[cfg(feature = "ts")]
mod typescript;
mod update;

pub use intent::{Intent, Password};
pub use message::{Address, Attachment, InlineImage, MessageBody, MessageView, Notice};
pub use problem::{Problem, ProblemCode};
#[cfg(feature = "ts")]
pub use typescript::typescript;
pub use update::{Flags, ListState, MailboxRole, MailboxRow, MessageRow, Session, Update};

use serde::{Deserialize, Serialize};

/// A mailbox (folder), as the engine numbers it. Stable while the engine lives; never reused for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailboxId(pub u32);

/// A message in a mailbox, as the engine numbers it. Stable while the engine lives; never reused for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MessageId(pub u32);

/// A download, as the view numbers it: any number not in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DownloadId(pub u32);
