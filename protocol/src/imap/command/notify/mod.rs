//! Commands after which the server reports changes by itself: IDLE and NOTIFY.

mod idle;
#[expect(clippy::module_inception, reason = "the room is named after its first command")]
mod notify;

pub use idle::Idle;
pub use notify::{Notify, NotifyEvent, Watch};
