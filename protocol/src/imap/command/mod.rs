//! What can be asked of a server: one file per command, with its arguments, its answers, what happens where
//! the server lacks it, and its transcript tests.
//!
//! Each command is a plain struct that goes to [`Connection::send`](super::Connection::send). Its answers come
//! back as [`Event::Item`](super::Event::Item) as they arrive, and exactly one
//! [`Event::Done`](super::Event::Done) ends it.

mod authenticate;
mod capability;
mod fetch;
mod id;
mod idle;
mod list;
mod login;
mod logout;
mod noop;
mod select;
mod status;
mod store;
mod task;

pub use authenticate::{Authenticate, Mechanism};
pub use capability::Capability;
pub use fetch::{Fetch, FetchAttribute, Sequence};
pub use id::Id;
pub use idle::Idle;
pub use list::{List, Which};
pub use login::Login;
pub use logout::Logout;
pub use noop::Noop;
pub use select::{Mode, Select};
pub use status::{Status, StatusAttribute};
pub use store::{Store, StoreAction};
pub(crate) use task::{Answers, Server, Step, Task, Transition};

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
    /// Sign in by SASL.
    Authenticate,
    /// Ask what the server can do.
    Capability,
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
    /// Ask for news.
    Noop,
    /// Open a mailbox.
    Select,
    /// Count a mailbox's messages without opening it.
    Status,
    /// Change the flags of messages.
    Store,
}
