//! The plain data that `ImapClient` takes and gives. Its TypeScript is generated from here.

mod account;
mod event;
mod mailbox;
mod message;
mod order;
mod search;
mod sign_in;

pub use account::{
    AclEntry, MetadataDepth, MetadataOptions, NotifyWatch, Quota, QuotaResource, WatchedEvent,
    WatchedMailboxes,
};
pub use event::MailboxEvent;
pub use mailbox::{
    ChangesSince, CreateOptions, ImapState, ListEntry, ListOptions, MailboxChanges, MailboxInfo,
    MailboxStatus, NamespaceInfo, Namespaces, SelectOptions, SpecialUse,
};
pub use message::{
    AppendOptions, AppendedMessages, BodyPart, CopiedMessages, Disposition, Envelope, EnvelopeAddress,
    FetchQuery, FetchedMessage, MessageFlags, StoreAction,
};
pub use order::{SortBy, SortCriterion, ThreadBy, ThreadOptions, ThreadedMessage};
pub use search::{SearchQuery, Uids};
pub use sign_in::PasswordMechanism;
