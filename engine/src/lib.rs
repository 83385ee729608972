//! One mail account as a sans-IO state machine.
//!
//! The engine takes in [`Intent`]s, bytes, closed links and the time, and gives out [`Update`]s, bytes, links to
//! open and to close, and the next timeout. It has no socket, clock, thread, random source or `async`.
//!
//! | folder | what it holds |
//! | --- | --- |
//! | `border` | everything that the view and the engine say to each other |
//! | `links` | connecting, signing in, losing a link and finding it again, what is asked next |
//! | `mailbox` | the list of mailboxes, and the open one's messages in step with the server |
//! | `message` | one message: reading it, its attachments, its flags |
//! | `mime` | between the server's words for a message, `postern_mime` and the view |
//!
//! [`Engine`] holds the state of all of them; each file adds what it does as `impl Engine`, and none calls
//! another but through those methods. `engine.rs` is what the driver sees, `events.rs` sends each word of the
//! server's to where it belongs.

pub mod border;
mod engine;
mod events;
mod links;
mod mailbox;
mod message;
pub mod mime;

pub use border::{Intent, Update};
pub use engine::{Config, Engine, Output};
pub use links::close::LinkClose;
pub use links::link::{Endpoint, LinkId};
pub use postern_mime::{DecodeCharset, decode_words};
