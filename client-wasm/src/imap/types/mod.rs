//! The plain data that `ImapClient` takes and gives. Its TypeScript is generated from here.

mod account;
mod body;
mod event;
mod found;
mod mailbox;
mod message;
mod order;
mod search;
mod session;
mod sign_in;

pub use account::{
    AclEntry, GrantableRights, MetadataDepth, MetadataOptions, NotifyOptions, NotifyWatch, Quota,
    QuotaResource, WatchedEvent,
};
pub use body::{BodyOptions, BodyPart, Disposition, ReadMessage};
pub use event::{MailboxEvent, ResultChange};
pub(crate) use found::filters;
pub use found::{FoundInMailbox, MessageWindow, SearchResult, SearchReturns, UidBatchOptions};
pub(crate) use mailbox::{COUNTED, note};
pub use mailbox::{
    ChangesSince, CreateOptions, ImapState, ListEntry, ListOptions, ListedMailboxes, MailboxChanges,
    MailboxFilter, MailboxInfo, MailboxStatus, NamespaceInfo, Namespaces, SelectOptions, SpecialUse,
    StatusAttribute, StatusOptions,
};
pub(crate) use message::milliseconds;
pub use message::{
    AnnotationItems, AppendOptions, AppendedMessages, ConditionalStore, CopiedMessages, Envelope,
    EnvelopeAddress, FetchOptions, FetchQuery, FetchedMessage, MessageFlags, MessageForm, PartlyDone,
    StoreAction, StoreOptions,
};
pub use order::{SortBy, SortCriterion, ThreadBy, ThreadOptions, ThreadedMessage};
pub use search::{AnnotationQuery, FlagModSeq, SearchQuery, Uids};
pub use session::{ConnectOptions, IdleOptions};
pub use sign_in::{LoginOptions, PasswordMechanism, ScramIterations, TokenMechanism};
