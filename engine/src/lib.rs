//! One mail account as a sans-IO state machine.
//!
//! The engine takes in [`Intent`]s, bytes, closed links and the time, and gives out [`Update`]s, bytes, links to
//! open and to close, and the next timeout. It has no socket, clock, thread, random source or `async`.

mod actions;
mod back_off;
pub mod border;
mod close;
mod downloads;
mod engine;
mod errands;
mod events;
mod fetching;
mod flags;
mod folder;
mod link;
mod list;
mod mailboxes;
mod messages;
mod mime;
mod polling;
mod previews;
mod reading;
mod rows;
mod session;
mod side;
mod sign_in;
mod sync;
mod view;

pub use border::{Intent, Update};
pub use close::LinkClose;
pub use engine::{Config, Engine, Output};
pub use link::{Endpoint, LinkId};
pub use mime::{DecodeCharset, decode_words};
