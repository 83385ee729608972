//! What commands share: what each of them is to the connection, what it can get in another's way about, and steps
//! that several take.

mod footprint;
mod limit;
mod lookup;
mod mailbox_filter;
mod task;
mod window;

pub(crate) use footprint::{Answer, Flags, Footprint, Messages, Touch};
pub(crate) use limit::{Batches, Stop};
pub(crate) use lookup::{Lookup, write_uids};
pub use mailbox_filter::MailboxFilter;
pub(crate) use task::{Answers, Server, Step, Task, Transition};
pub use window::Window;
