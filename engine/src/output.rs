//! What the driver is to do.

use crate::border::Update;
use crate::link::{Endpoint, LinkId};
use std::fmt;

/// What the driver is to do. Its `Debug` output counts the bytes to send and doesn't show them.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// Open a link. [`Engine::handle_connected`](crate::Engine::handle_connected) or
    /// [`Engine::handle_closed`](crate::Engine::handle_closed) follows.
    Connect {
        /// Its number from now on.
        link: LinkId,
        /// Where to.
        endpoint: Endpoint,
    },
    /// Send these bytes, in this order.
    Transmit {
        /// Over which link.
        link: LinkId,
        /// The bytes; they may hold the password.
        bytes: Vec<u8>,
    },
    /// Close the link once everything was sent. Nothing more is said of it, nor need be.
    Close {
        /// The link to close. No later call names it.
        link: LinkId,
    },
    /// Tell the view.
    Update(Update),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { link, endpoint } => {
                f.debug_struct("Connect").field("link", link).field("endpoint", endpoint).finish()
            }
            Self::Transmit { link, bytes } => write!(f, "Transmit({link}, {} bytes)", bytes.len()),
            Self::Close { link } => write!(f, "Close({link})"),
            Self::Update(update) => f.debug_tuple("Update").field(update).finish(),
        }
    }
}
