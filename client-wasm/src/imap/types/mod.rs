//! The plain data that `ImapClient` takes and gives. Its TypeScript is generated from here.

mod event;
mod mailbox;
mod message;
mod search;
mod sign_in;

pub use event::MailboxEvent;
pub use mailbox::{
    CreateOptions, ImapState, ListEntry, ListOptions, MailboxInfo, MailboxStatus, NamespaceInfo, Namespaces,
    SelectOptions, SpecialUse,
};
pub use message::{
    AppendOptions, AppendedMessages, BodyPart, CopiedMessages, Disposition, Envelope, EnvelopeAddress,
    FetchQuery, FetchedMessage, MessageFlags, StoreAction,
};
pub use search::{SearchQuery, Uids};
pub use sign_in::PasswordMechanism;
