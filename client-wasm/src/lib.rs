//! The browser's side of Postern: WebSocket, timers and the JavaScript API, published to npm as `postern-client`.
//!
//! One driver for both APIs: [`MailEngine`] for people who build a mail program, [`ImapClient`] for people who
//! want IMAP in JavaScript. Everything that knows mail lives below, in crates without a browser.
//!
//! Without the feature `imap-client` there is the engine alone: the web page loads half as much.

mod address;
mod charset;
mod driver;
mod engine;
mod error;
mod glue;
#[cfg(feature = "imap-client")]
mod imap;
mod input;
mod typescript;
mod value;

pub use engine::MailEngine;
pub use error::ImapErrorCode;
#[cfg(feature = "imap-client")]
pub use imap::{ImapClient, types};

// Where the package is meant to live.
#[cfg(all(test, target_family = "wasm"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
