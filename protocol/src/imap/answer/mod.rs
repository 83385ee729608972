//! What a command is answered with: items as they arrive, what it came to, and why it failed.
//!
//! Commands make these and the connection hands them on; they know neither.

mod done;
mod error;
mod found;
mod item;
mod misuse;

pub use done::{Appended, Done, Selected};
pub use error::{CommandError, Misbehaviour};
pub use found::{Context, SearchResult};
pub use item::{BodyStart, Item};
pub use misuse::Misuse;
