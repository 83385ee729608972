//! What can be asked of a server: one file per command, with its arguments, its answers, what happens where
//! the server lacks it, and its transcript tests.
//!
//! The files stand in rooms by what they are about: `session`, `mailbox`, `message`, `search`, `access` and `notify`;
//! what several of them rest on is in `shared`, which knows none of them.
//!
//! Each command is a plain struct that goes to [`Connection::send`](super::Connection::send). Its answers come
//! back as [`Event::Item`](super::Event::Item) as they arrive, and exactly one
//! [`Event::Done`](super::Event::Done) ends it. Messages are named by UID throughout; numbers are for [`Fetch`] and
//! [`SearchKey::Seq`] alone.
//!
//! Each command's page names its source, shows what goes over the wire, and says what happens where the server lacks
//! it. In the examples `sent` stands for a session with the INBOX open: given what the server can do, besides `IMAP4rev1`
//! and LITERAL+, and a command, it gives the lines that the client sends if the server says OK to each of them.
//!
//! # Where the server lacks it
//!
//! | asked for | needs | otherwise |
//! | --- | --- | --- |
//! | [`Fetch`] of what changed | CONDSTORE, QRESYNC | all of the set; a SEARCH tells what is gone |
//! | [`Fetch`] of a window | PARTIAL | a SEARCH, and its window |
//! | [`Fetch`] of a decoded part | BINARY | the part as it travels |
//! | [`Fetch`] of what a search kept | SEARCHRES | refused: search, and ask by UID |
//! | [`Select`] with [`Resync`] | QRESYNC | a FETCH with CHANGEDSINCE, a SEARCH for what is left |
//! | [`Store`] unless changed | CONDSTORE | refused: it must not be made blindly |
//! | [`Search`] for ends, counts, windows | ESEARCH, PARTIAL | all is listed, and they are worked out |
//! | [`MultiSearch`] | MULTISEARCH | refused: only the caller may close the open mailbox |
//! | [`Sort`], [`Thread`] | SORT, ESORT, THREAD=… | a SEARCH and a FETCH, and the client sorts or threads |
//! | [`Move`] | MOVE, UIDPLUS | COPY, STORE, UID EXPUNGE; without UIDPLUS they stay, marked |
//! | [`Expunge`] of some | UIDPLUS | refused: the plain command would remove others' messages |
//! | [`Append`] of several, [`Replace`] | MULTIAPPEND, REPLACE | one after the other; APPEND, then UID EXPUNGE |
//! | [`List`] with counts, rights, notes | LIST-STATUS, -MYRIGHTS, -METADATA | STATUS, MYRIGHTS, GETMETADATA for each |
//! | [`List`] of special uses | SPECIAL-USE | XLIST, or well-known names |
//! | [`List`] of subscribed mailboxes | LIST-EXTENDED | LSUB |
//! | [`Create`] for a use | CREATE-SPECIAL-USE | made without it |
//! | [`Enable`] of several | ENABLE, each of them | those that the server has; refused where it has none |
//! | [`Namespace`] | NAMESPACE | a LIST that tells the separator; one namespace for all |
//! | [`Unselect`] | UNSELECT | EXAMINE of what is not there |
//! | [`Status`] of sizes, ids and so on | STATUS=SIZE, OBJECTID, … | the rest is counted |
//! | a key of [`SearchKey`] | WITHIN, SAVEDATE, … | refused: it would find other messages |
//! | [`UidBatches`] | UIDBATCHES | a SEARCH, and the ranges are worked out |
//! | [`Idle`] | IDLE | NOOP now and then |
//! | [`Notify`] | NOTIFY | refused: IDLE for the open mailbox, LIST with counts for the others |
//! | ACL, QUOTA, METADATA, ANNOTATE, LANGUAGE, COMPARATOR, COMPRESS, ID, UNAUTHENTICATE, Gmail's labels, JMAPACCESS | the same | refused |
//!
//! "Refused" is [`CommandError::Unsupported`](super::CommandError::Unsupported), before anything is sent. A server that
//! acts on so many messages at a time (MESSAGELIMIT, RFC 9738) is asked for the rest by the command itself. One that
//! says how far it is (INPROGRESS, RFC 9585) is told of as [`Event::Progress`](super::Event::Progress), and waited for.

mod access;
mod mailbox;
mod message;
mod notify;
#[cfg(test)]
mod pages;
mod search;
mod session;
pub(crate) mod shared;

use shared::Task;
use std::any::TypeId;

pub use super::sasl::Mechanism;
pub use access::{DeleteAcl, GetAcl, GetQuota, GetQuotaRoot, ListRights, MyRights, SetAcl, SetQuota};
pub use mailbox::{
    Check, Close, Create, Delete, Depth, GetMetadata, List, Mode, Namespace, Rename, Resync, Select,
    SetMetadata, Status, StatusAttribute, Subscribe, Unselect, Unsubscribe, Which,
};
pub use message::{
    Append, CatenatePart, ChangedSince, Content, Copy, Expunge, Fetch, FetchAttribute, Form, Move,
    NewMessage, Octets, Replace, Sequence, Store, StoreAction, StoreAnnotations, StoreLabels,
};
pub use notify::{Idle, Notify, NotifyEvent, Watch};
pub use search::{
    CancelUpdate, Context, Date, MultiSearch, Search, SearchKey, SearchResult, SearchReturn, Sort, SortBy,
    SortKey, SortOrder, Thread, ThreadBy, UidBatches,
};
pub use session::{
    Authenticate, Capability, Comparator, Compress, Enable, GetJmapAccess, Id, Language, Login, Logout, Noop,
    Unauthenticate,
};
pub use shared::{MailboxFilter, Window};

/// What can be sent: each command's struct, and [`Command`] for those who hold any one of them.
///
/// A program that sends structs alone holds the code of those commands alone: for a web page, half the size.
/// Nobody else can implement it.
pub trait Ask {
    /// The command as something that runs.
    fn asked(self) -> Asked;
}

/// A command on its way into a connection.
#[derive(Debug)]
pub struct Asked {
    /// The one command that the connection keeps for itself, to enter and leave it as it must.
    pub(crate) is_idle: bool,
    pub(crate) task: Box<dyn Task>,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The name of each struct.
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name),)*];

        /// Any one command. Each struct of this module turns into it.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Command {
            $($(#[$doc])* $name($name),)*
        }

        $(impl From<$name> for Command {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        })*

        $(impl Ask for $name {
            fn asked(self) -> Asked {
                Asked { is_idle: TypeId::of::<Self>() == TypeId::of::<Idle>(), task: self.into_task() }
            }
        })*

        impl Ask for Command {
            fn asked(self) -> Asked {
                match self {
                    $(Self::$name(command) => command.asked(),)*
                }
            }
        }
    };
}

commands! {
    /// Store messages in a mailbox.
    Append,
    /// Sign in by SASL.
    Authenticate,
    /// Hear no more of what changes in results.
    CancelUpdate,
    /// Ask what the server can do.
    Capability,
    /// Have the server put the mailbox in order.
    Check,
    /// Leave the open mailbox and remove what is marked.
    Close,
    /// Choose how texts are compared.
    Comparator,
    /// Deflate what both sides send.
    Compress,
    /// Put messages into another mailbox as well.
    Copy,
    /// Make a mailbox.
    Create,
    /// Remove a mailbox.
    Delete,
    /// Forget what someone may do with a mailbox.
    DeleteAcl,
    /// Turn capabilities on.
    Enable,
    /// Remove what is marked `\Deleted`.
    Expunge,
    /// Read messages.
    Fetch,
    /// Ask who may do what with a mailbox.
    GetAcl,
    /// Ask where the account is to be had over JMAP.
    GetJmapAccess,
    /// Read notes on a mailbox or the server.
    GetMetadata,
    /// Ask how much room a quota root has.
    GetQuota,
    /// Ask how much room a mailbox has.
    GetQuotaRoot,
    /// Exchange names and versions.
    Id,
    /// Be told of changes as they happen.
    Idle,
    /// Choose the server's language.
    Language,
    /// Find mailboxes.
    List,
    /// Ask what someone may be allowed to do.
    ListRights,
    /// Sign in by user name and password.
    Login,
    /// End the session.
    Logout,
    /// Put messages into another mailbox instead.
    Move,
    /// Find messages in several mailboxes.
    MultiSearch,
    /// Ask what one may do.
    MyRights,
    /// Ask where mailboxes lie.
    Namespace,
    /// Ask for news.
    Noop,
    /// Be told of changes in many mailboxes.
    Notify,
    /// Give a mailbox another name.
    Rename,
    /// Store a message in the place of another.
    Replace,
    /// Find messages.
    Search,
    /// Open a mailbox.
    Select,
    /// Let someone do something with a mailbox.
    SetAcl,
    /// Write notes on a mailbox or the server.
    SetMetadata,
    /// Limit a quota root.
    SetQuota,
    /// Find messages, in an order.
    Sort,
    /// Count a mailbox's messages without opening it.
    Status,
    /// Change the flags of messages.
    Store,
    /// Write notes on messages.
    StoreAnnotations,
    /// Change Gmail's labels of messages.
    StoreLabels,
    /// Put a mailbox on the user's list.
    Subscribe,
    /// Find messages, by conversation.
    Thread,
    /// Part a mailbox into ranges of UIDs.
    UidBatches,
    /// Sign out and stay connected.
    Unauthenticate,
    /// Leave the open mailbox and remove nothing.
    Unselect,
    /// Take a mailbox off the user's list.
    Unsubscribe,
}
