//! The plain data that `ImapClient` takes and gives. Its TypeScript is generated from here.

mod account;
mod event;
mod found;
mod mailbox;
mod message;
mod order;
mod search;
mod sign_in;

pub use account::{
    AclEntry, GrantableRights, MetadataDepth, MetadataOptions, NotifyOptions, NotifyWatch, Quota,
    QuotaResource, WatchedEvent,
};
pub use event::{MailboxEvent, ResultChange};
pub(crate) use found::filters;
pub use found::{FoundInMailbox, MessageWindow, SearchResult, SearchReturns, UidBatchOptions};
pub(crate) use mailbox::{COUNTED, note};
pub use mailbox::{
    ChangesSince, CreateOptions, ImapState, ListEntry, ListOptions, ListedMailboxes, MailboxChanges,
    MailboxFilter, MailboxInfo, MailboxStatus, NamespaceInfo, Namespaces, SelectOptions, SpecialUse,
    StatusAttribute, StatusOptions,
};
pub use message::{
    AnnotationItems, AppendOptions, AppendedMessages, BodyOptions, BodyPart, ConditionalStore,
    CopiedMessages, Disposition, Envelope, EnvelopeAddress, FetchOptions, FetchQuery, FetchedMessage,
    MessageFlags, MessageForm, PartlyDone, StoreAction, StoreOptions,
};
pub use order::{SortBy, SortCriterion, ThreadBy, ThreadOptions, ThreadedMessage};
pub use search::{AnnotationQuery, FlagModSeq, SearchQuery, Uids};
pub use sign_in::{PasswordMechanism, TokenMechanism};
