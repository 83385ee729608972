//! The plain data that `ImapClient` takes and gives. Its TypeScript is generated from here.

mod event;
mod mailbox;
mod message;

pub use event::MailboxEvent;
pub use mailbox::{ImapState, ListEntry, ListOptions, MailboxInfo, MailboxStatus, SelectOptions};
pub use message::{
    BodyPart, Disposition, Envelope, EnvelopeAddress, FetchQuery, FetchedMessage, MessageFlags, StoreAction,
};
