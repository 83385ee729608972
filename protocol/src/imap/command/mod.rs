//! What can be asked of a server: one file per command, with its arguments, its answers, what happens where
//! the server lacks it, and its transcript tests.
//!
//! Each command is a plain struct that goes to [`Connection::send`](super::Connection::send). Its answers come
//! back as [`Event::Item`](super::Event::Item) as they arrive, and exactly one
//! [`Event::Done`](super::Event::Done) ends it.

mod append;
mod authenticate;
mod cancel_update;
mod capability;
mod check;
mod close;
mod collate;
mod copied;
mod copy;
mod create;
mod delete;
mod enable;
mod expunge;
mod fetch;
mod id;
mod idle;
mod limit;
mod list;
mod login;
mod logout;
mod lookup;
mod message;
mod r#move;
mod multi_search;
mod namespace;
mod noop;
mod rename;
mod replace;
mod search;
mod select;
mod sort;
mod status;
mod store;
mod subscribe;
mod task;
mod thread;
mod unauthenticate;
mod unselect;
mod unsubscribe;
mod window;

pub use super::sasl::Mechanism;
pub use append::Append;
pub use authenticate::Authenticate;
pub use cancel_update::CancelUpdate;
pub use capability::Capability;
pub use check::Check;
pub use close::Close;
pub use copy::Copy;
pub use create::Create;
pub use delete::Delete;
pub use enable::Enable;
pub use expunge::Expunge;
pub use fetch::{ChangedSince, Fetch, FetchAttribute, Sequence};
pub use id::Id;
pub use idle::Idle;
pub use list::{List, Which};
pub use login::Login;
pub use logout::Logout;
pub use message::{CatenatePart, Content, Form, NewMessage, Octets};
pub use r#move::Move;
pub use multi_search::{MultiSearch, SearchIn};
pub use namespace::Namespace;
pub use noop::Noop;
pub use rename::Rename;
pub use replace::Replace;
pub use search::{Context, Date, Search, SearchKey, SearchResult, SearchReturn};
pub use select::{Mode, Resync, Select};
pub use sort::{Sort, SortBy, SortKey, SortOrder};
pub use status::{Status, StatusAttribute};
pub use store::{Store, StoreAction};
pub use subscribe::Subscribe;
pub(crate) use task::{Answers, Server, Step, Task, Transition};
pub use thread::{Thread, ThreadBy};
pub use unauthenticate::Unauthenticate;
pub use unselect::Unselect;
pub use unsubscribe::Unsubscribe;
pub use window::Window;

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident,)*) => {
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

        impl Command {
            /// The command as something that runs.
            pub(crate) fn into_task(self) -> Box<dyn Task> {
                match self {
                    $(Self::$name(command) => command.into_task(),)*
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
    /// Put messages into another mailbox as well.
    Copy,
    /// Make a mailbox.
    Create,
    /// Remove a mailbox.
    Delete,
    /// Turn capabilities on.
    Enable,
    /// Remove what is marked `\Deleted`.
    Expunge,
    /// Read messages.
    Fetch,
    /// Exchange names and versions.
    Id,
    /// Be told of changes as they happen.
    Idle,
    /// Find mailboxes.
    List,
    /// Sign in by user name and password.
    Login,
    /// End the session.
    Logout,
    /// Put messages into another mailbox instead.
    Move,
    /// Find messages in several mailboxes.
    MultiSearch,
    /// Ask where mailboxes lie.
    Namespace,
    /// Ask for news.
    Noop,
    /// Give a mailbox another name.
    Rename,
    /// Store a message in the place of another.
    Replace,
    /// Find messages.
    Search,
    /// Open a mailbox.
    Select,
    /// Find messages, in an order.
    Sort,
    /// Count a mailbox's messages without opening it.
    Status,
    /// Change the flags of messages.
    Store,
    /// Put a mailbox on the user's list.
    Subscribe,
    /// Find messages, by conversation.
    Thread,
    /// Sign out and stay connected.
    Unauthenticate,
    /// Leave the open mailbox and remove nothing.
    Unselect,
    /// Take a mailbox off the user's list.
    Unsubscribe,
}
