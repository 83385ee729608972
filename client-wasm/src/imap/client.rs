//! The class itself. Its methods stand in [`methods`](super::methods), a file for each thing that can be asked.

use crate::imap::session::Session;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A connection to one IMAP server, through a WebSocket.
///
/// All messages are named by UID. Commands may be asked without waiting for each other; they go out in that
/// order. Everything that fails is an `ImapError` with a `code`.
///
/// Each method names the codes of its own after `@throws`. Whatever goes to the server may reject with these as well:
/// `connectionLost`, `serverEnded`, `serverMisbehaved`, `timedOut` or `closed` if the connection is over; `refused`, `bad` or
/// `unreadable` for what the server answered; `invalidArgument`, `wrongState` or `busy` if nothing was sent. An aborted `signal`
/// rejects with its own `reason`.
///
/// A client that nobody holds, and of which nothing is awaited, may hang up at any time.
#[wasm_bindgen]
pub struct ImapClient {
    pub(super) session: Rc<Session>,
}
