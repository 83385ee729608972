//! IMAP, and the STARTTLS dialogues of IMAP, SMTP and `ManageSieve`: bytes to meaning and back.
//!
//! Sans-IO: no socket, clock, thread, random source or `async` anywhere in this crate. A driver hands in the
//! bytes that arrived and the time, and takes out the bytes to send and what they meant. So the same machine runs over
//! a socket, over TLS, over a browser's WebSocket, and in a test on a clock of its own.
//!
//! - [`imap`] is the client's side of IMAP: begin there, it reads like a book.
//! - [`starttls`] is the few lines that come before TLS where a server begins in the clear.
//! - [`wire`] is what the proxy and its clients say to each other: why a WebSocket was closed.
//! - [`Time`] is what a driver's clock says.
//!
//! # A whole session
//!
//! By hand, where the lines that a socket would carry stand in the test:
//!
//! ```
//! use postern_protocol::Time;
//! use postern_protocol::imap::command::{Authenticate, Fetch, FetchAttribute, Mechanism, Mode, Select};
//! use postern_protocol::imap::sasl::Account;
//! use postern_protocol::imap::{Config, Connection, Event, Item, MailboxName, Output, UidSet};
//!
//! let now = Time::ZERO;
//! let mut connection = Connection::new(Config::default(), now);
//!
//! // Ask for all of it at once: what may not be pipelined waits by itself.
//! connection.send(Authenticate(Mechanism::Plain(Account::new("ann", "secret"))), now);
//! connection.send(Select::new(MailboxName::inbox(), Mode::ReadWrite), now);
//! connection.send(Fetch::new(UidSet::all(), vec![FetchAttribute::Flags]), now);
//!
//! let mut sent = String::new();
//! let mut seen = Vec::new();
//! for line in [
//!     "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready",
//!     "A1 OK [CAPABILITY IMAP4rev1] welcome",
//!     "* 2 EXISTS",
//!     "A2 OK [READ-WRITE] open",
//!     r"* 1 FETCH (UID 7 FLAGS (\Seen))",
//!     r"* 2 FETCH (UID 9 FLAGS ())",
//!     "A3 OK done",
//! ] {
//!     connection.handle_input(format!("{line}\r\n").as_bytes(), now);
//!     while let Some(output) = connection.poll_output() {
//!         match output {
//!             Output::Transmit(bytes) => sent.push_str(std::str::from_utf8(&bytes)?),
//!             Output::Event(Event::Item(_, Item::Message(message))) => seen.extend(message.uid),
//!             Output::Event(Event::Done(_, result)) => assert!(result.is_ok()),
//!             Output::Event(_) | Output::Close => {}
//!         }
//!     }
//! }
//! assert_eq!(
//!     sent,
//!     "A1 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=\r\nA2 SELECT INBOX\r\nA3 UID FETCH 1:* (FLAGS)\r\n",
//! );
//! assert_eq!(seen.iter().map(|uid| uid.value()).collect::<Vec<_>>(), [7, 9]);
//! # Ok::<(), std::str::Utf8Error>(())
//! ```

pub mod imap;
pub mod starttls;
mod time;
pub mod wire;

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use time::Time;
