//! IMAP: the client's side of RFC 9051 and RFC 3501, and of their extensions.

pub mod command;
mod connection;
mod framer;
mod read;
pub mod sasl;
mod types;
mod writer;

pub use command::Command;
pub use connection::{
    Appended, BodyStart, CommandError, CommandId, Config, Connection, ConnectionError, Deadlines, Done,
    Event, Greeting, Item, Misbehaviour, Misuse, Output, Security, Selected, State,
};
pub use framer::{Frame, FrameError, Framer, Limits, Raw, Responses};
pub use read::{BodyHead, Quirk, Quirks, ReadError, Reader, Reading};
pub use types::*;

/// One message's data, free of the response that it came in.
pub type MessageData = Fetch<'static>;

#[cfg(test)]
mod transcript;
