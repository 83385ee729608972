//! One connection to one server: open it, sign in, run tasks on it, close it. Knows no mail: what a command was sent
//! for is its caller's.

mod back_off;
mod close;
mod failure;
#[expect(clippy::module_inception, reason = "the room is named after its one object")]
mod link;
mod patience;
mod refusal;
mod sign_in;
mod stage;

pub(crate) use back_off::BackOff;
pub use close::LinkClose;
pub(crate) use failure::{is_link_gone, words};
pub use link::{Endpoint, LinkId};
pub(crate) use link::{Link, LinkEvent, LinkIds, Task};
pub(crate) use patience::Patience;
pub(crate) use refusal::{Refusal, is_nonexistent};
pub(crate) use sign_in::{Credentials, Way};
