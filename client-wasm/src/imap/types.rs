//! The plain data that `ImapClient` takes and gives: the one list of it. Its TypeScript is generated from here, in this order.

/// Makes a type part of the package: it is given on, and declared for TypeScript.
macro_rules! mirrored {
    ($($($module:ident)::+ => $($name:ident),+;)+) => {
        $(pub use crate::imap::$($module)::+::{$($name),+};)+

        /// The declarations of all of them.
        #[cfg(test)]
        pub(crate) fn declarations(config: &ts_rs::Config) -> Vec<String> {
            vec![$($(crate::typescript::declaration::<$name>(config)),+),+]
        }
    };
}

mirrored! {
    methods::connect => ImapState, ConnectOptions;
    methods::sign_in => LoginOptions, ScramIterations, PasswordMechanism, TokenMechanism;
    methods::list => ListOptions, ListedMailboxes;
    data::list_entry => ListEntry;
    data::mailbox_status => MailboxStatus;
    methods::status => StatusOptions, StatusAttribute;
    methods::mailbox => CreateOptions, SpecialUse;
    methods::namespace => Namespaces, NamespaceInfo;
    argument::mailbox => MailboxFilter;
    methods::select => SelectOptions, MailboxInfo;
    methods::fetch => FetchQuery, AnnotationItems, FetchOptions;
    methods::fetch_body => BodyOptions;
    argument::window => MessageWindow;
    data::message => FetchedMessage;
    data::envelope => Envelope, EnvelopeAddress;
    data::body_structure => BodyPart, Disposition;
    methods::read_message => ReadMessage;
    argument::store_action => StoreAction;
    methods::flags => StoreOptions;
    data::message_flags => MessageFlags;
    methods::flags => ConditionalStore;
    argument::query => SearchQuery, FlagModSeq, AnnotationQuery;
    argument::returns => SearchReturns;
    found => SearchResult;
    methods::multi_search => FoundInMailbox;
    methods::uid_batches => UidBatchOptions;
    argument::append_options => AppendOptions, MessageForm;
    data::moved => AppendedMessages, CopiedMessages, PartlyDone;
    methods::sort => SortCriterion, SortBy;
    methods::thread => ThreadOptions, ThreadBy, ThreadedMessage;
    methods::select => ChangesSince;
    data::message_flags => MailboxChanges;
    methods::quota => Quota, QuotaResource;
    methods::acl => AclEntry, GrantableRights;
    methods::metadata => MetadataOptions, MetadataDepth;
    methods::idle => IdleOptions;
    methods::notify => NotifyOptions, NotifyWatch, WatchedEvent;
    data::mailbox_event => MailboxEvent, ResultChange;
}

// Parts of others, which have no name in TypeScript.
pub use crate::imap::argument::append_options::Instant;
pub use crate::imap::argument::day::Day;
pub use crate::imap::argument::uids::Uids;
