//! One mail account as a sans-IO state machine.
//!
//! The engine takes in [`Intent`]s, bytes, closed links and the time, and gives out [`Update`]s, bytes, links to
//! open and to close, and the next timeout. It has no socket, clock, thread, random source or `async`.

pub mod border;

pub use border::{Intent, Update};
