//! The WebSocket side: handshake, frames, and the relay between them and a stream of bytes. RFC 6455.
//!
//! The frames are our own reading of the RFC, not a WebSocket library's: a library hands out whole messages, so a
//! 1 MiB message would have to be held whole. Here a payload passes on as it arrives, is unmasked in place, and a
//! connection that is silent holds no buffer at all.

mod buffer;
mod clock;
mod frame;
pub(crate) mod handshake;
mod relay;

pub(crate) use relay::{Relay, RelaySettings, Summary};
