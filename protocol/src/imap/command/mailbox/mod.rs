//! Commands about mailboxes: finding, making, naming, counting, opening and leaving them.

mod check;
mod close;
mod create;
mod delete;
mod get_metadata;
mod list;
mod namespace;
mod one_mailbox;
mod rename;
mod select;
mod set_metadata;
mod special_use;
mod status;
mod subscribe;
mod unselect;
mod unsubscribe;

pub use check::Check;
pub use close::Close;
pub use create::Create;
pub use delete::Delete;
pub use get_metadata::{Depth, GetMetadata};
pub use list::{List, Which};
pub use namespace::Namespace;
pub use rename::Rename;
pub use select::{Mode, Resync, Select};
pub use set_metadata::SetMetadata;
pub use status::{Status, StatusAttribute};
pub use subscribe::Subscribe;
pub use unselect::Unselect;
pub use unsubscribe::Unsubscribe;
