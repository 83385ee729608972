//! The border: everything that the view and the engine ever say to each other.
//!
//! Plain, closed data. Nothing here knows IMAP: mailboxes and messages are numbers that the engine hands out,
//! flags are what a person can see. Inner types never cross. The TypeScript declarations are generated from
//! these (feature `ts`).

mod account;
mod ids;
mod intent;
mod list;
mod mailbox;
mod message;
mod problem;
#[cfg(feature = "ts")]
mod typescript;
mod update;

pub use account::{Password, Session};
pub use ids::{DownloadId, MailboxId, MessageId};
pub use intent::Intent;
pub use list::{Flags, ListState, MessageRow};
pub use mailbox::{MailboxRole, MailboxRow};
pub use message::{Address, Attachment, InlineImage, MessageBody, MessageView, Notice};
pub use problem::{Problem, ProblemCode};
#[cfg(feature = "ts")]
pub use typescript::typescript;
pub use update::Update;
