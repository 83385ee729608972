//! Commands about messages of the open mailbox, and those that store new ones.

mod append;
mod copied;
mod copy;
mod expunge;
mod fetch;
mod r#move;
mod new_message;
mod replace;
mod store;
mod store_annotations;
mod store_labels;

pub use append::Append;
pub use copy::Copy;
pub use expunge::Expunge;
pub use fetch::{ChangedSince, Fetch, FetchAttribute, Sequence};
pub use r#move::Move;
pub use new_message::{CatenatePart, Content, Form, NewMessage, Octets};
pub use replace::Replace;
pub use store::{Store, StoreAction};
pub use store_annotations::StoreAnnotations;
pub use store_labels::StoreLabels;
