//! IMAP: the client's side of RFC 9051 and RFC 3501, and of their extensions. A book in ten short chapters; each type's
//! own page goes on where its chapter ends.
//!
//! # 1. What IMAP is
//!
//! A mail server keeps a user's *mailboxes* (what people call folders), and in each of them messages. IMAP is how a
//! program reads and changes them while they stay on the server, so that every device sees the same.
//!
//! It is a talk in lines over one long-lived connection. The server greets; the client sends *commands*, each with a tag
//! of its own; the server sends *untagged* data, and ends each command with a *tagged* OK, NO or BAD:
//!
//! ```text
//! S: * OK [CAPABILITY IMAP4rev1 IDLE] ready
//! C: A1 LOGIN "ann" "secret"
//! S: A1 OK welcome
//! C: A2 SELECT INBOX
//! S: * 172 EXISTS
//! S: A2 OK [READ-WRITE] open
//! C: A3 UID FETCH 4391 (FLAGS)
//! S: * 172 FETCH (UID 4391 FLAGS (\Seen))
//! S: A3 OK done
//! ```
//!
//! Untagged data may come at any time: what is part of an answer and what is news, the client has to find out. A session
//! is in one of four [`State`]s: nobody is signed in, somebody is, a mailbox is open as well, or it is over.
//!
//! # 2. How the machine is driven
//!
//! A [`Connection`] has no socket and no clock. Its driver hands in what happened, and then takes out what is to be done
//! until there is nothing more:
//!
//! | what happened | tell it by |
//! | --- | --- |
//! | bytes arrived | [`Connection::handle_input`] |
//! | the time of [`Connection::poll_timeout`] came | [`Connection::handle_timeout`] |
//! | the link ended | [`Connection::handle_closed`] |
//! | somebody wants something | [`Connection::send`], [`Connection::cancel`], [`Connection::append_chunk`] |
//!
//! Behind each of these, [`Connection::poll_output`] gives bytes to write, [`Event`]s, and at last the wish to hang up.
//! The whole driver of a program that has nothing else to do:
//!
//! ```
//! use postern_protocol::Time;
//! use postern_protocol::imap::{Connection, Event, Output};
//! use std::io::{self, ErrorKind, Read, Write};
//!
//! /// Writes what is to be written and reads once, unless there is an event to look at first.
//! fn turn(connection: &mut Connection, link: &mut (impl Read + Write), now: Time) -> io::Result<Option<Event>> {
//!     let mut buffer = [0; 16 << 10];
//!     loop {
//!         match connection.poll_output() {
//!             Some(Output::Transmit(bytes)) => link.write_all(&bytes)?,
//!             Some(Output::Event(event)) => return Ok(Some(event)),
//!             Some(Output::Close) => return Ok(None),
//!             None => match link.read(&mut buffer) {
//!                 Ok(0) => connection.handle_closed(now),
//!                 Ok(read) => connection.handle_input(&buffer[..read], now),
//!                 Err(error) if error.kind() == ErrorKind::WouldBlock => connection.handle_timeout(now),
//!                 Err(error) => return Err(error),
//!             },
//!         }
//!     }
//! }
//! ```
//!
//! `examples/mailboxes.rs` is a program around it, and the [crate's page](crate) a whole session. TLS is the driver's:
//! [`Config::login_over`] tells the connection whether there is any, and without it no password goes out.
//!
//! # 3. What a server says
//!
//! The [`Framer`] cuts bytes into whole responses and never looks inside one; the [`Reader`] reads one into the closed
//! enum [`Response`]. They can be used without a connection, to read a recording:
//!
//! ```
//! use postern_protocol::imap::{Reader, Response, Responses};
//!
//! let recorded = b"* 172 EXISTS\r\n* 3 FETCH (UID 7 FLAGS (\\Seen))\r\n* SPAM is what this is\r\n";
//! let read = Responses::new(recorded).map(|raw| Reader::default().read(raw).map(|reading| reading.response));
//! let read: Vec<_> = read.collect::<Result<_, _>>()?;
//! assert_eq!(read[0], Response::Exists(172));
//! assert!(matches!(&read[1], Response::Fetch(message) if message.uid.is_some_and(|uid| uid.value() == 7)));
//! assert!(matches!(read[2], Response::Unknown(_)), "unknown words are kept, and never an error");
//! # Ok::<(), postern_protocol::imap::ReadError>(())
//! ```
//!
//! Servers break the rules. What can be read all the same is read, and named as a [`Quirk`]; what can't is set aside by
//! itself, and the next response is read as ever. How much is held is capped by [`Limits`], not by what a server declares.
//!
//! # 4. Commands
//!
//! Each is a plain struct in [`command`]. Its answers come as [`Item`]s as they arrive, and exactly one [`Event::Done`]
//! ends it, whatever the server and the link do. Commands are *pipelined*: one goes out while others are unanswered,
//! wherever RFC 9051 section 5.5 finds no ambiguity in that, and waits where it does. Any can be
//! [cancelled](Connection::cancel), and the connection lives on.
//!
//! What a server can do it tells as [`Capabilities`]. What it can't, most commands reach in another way; the table in
//! [`command`] has all of them.
//!
//! # 5. Errors
//!
//! They say whose fault it is and what follows. [`CommandError`] ends one command: the server refused it, can't do it, or
//! the caller misused it ([`Misuse`]), and the connection goes on. [`ConnectionError`] ends the connection: the link, the
//! server's BYE, a deadline of [`Deadlines`], or a server that broke the protocol beyond repair ([`Misbehaviour`]).
//!
//! # 6. Messages' numbers
//!
//! A message has a [`Uid`], which names it as long as its mailbox keeps its [`UidValidity`], and a [`SeqNo`], its place
//! from 1, which moves whenever one before it goes. Commands name messages by UID, in a [`UidSet`] of ranges; only FETCH
//! and searches can go by place ([`command::Sequence`]), and then wait until nothing can move the places under way.
//!
//! # 7. Literals
//!
//! What doesn't fit between quotes travels as a *literal*, its size before its octets: `{5}`, line end, `hello`. Unless
//! the server lets them go at once (LITERAL+, LITERAL-), each waits for the server's `+`; the connection sees to that.
//!
//! Large ones are streamed both ways and held nowhere. A body comes as [`Item::BodyStart`], chunks and [`Item::BodyEnd`];
//! a message that is stored is asked for by [`Item::Wanted`], a piece at a time ([`command::Append`] shows how). Bodies
//! are best read in windows, a few commands at a time:
//!
//! ```
//! use postern_protocol::imap::command::{Fetch, FetchAttribute};
//! use postern_protocol::imap::{Section, Uid, UidSet};
//!
//! /// The windows of 256 KiB in which a message of `size` octets is read.
//! fn windows(uid: Uid, size: u32) -> impl Iterator<Item = Fetch> {
//!     (0..size).step_by(256 << 10).map(move |offset| {
//!         let window = FetchAttribute::window(Section::whole(), offset, 256 << 10);
//!         Fetch::new(UidSet::from(uid), vec![window])
//!     })
//! }
//! assert_eq!(windows(Uid::new(7).unwrap(), 1_000_000).count(), 4);
//! ```
//!
//! # 8. Mailbox names
//!
//! A [`MailboxName`] is Unicode here and whatever the connection speaks on the wire: modified UTF-7, or UTF-8 once
//! [`command::Enable`] turned that on. [`command::List`] finds them, with the character that parts their levels and what
//! they are for; [`command::Namespace`] tells where others' lie.
//!
//! # 9. Signing in
//!
//! [`command::Authenticate`] with [`command::Mechanism::Strongest`] takes the best way that the server offers to prove a
//! password, [`command::Mechanism::Bearer`] an OAuth token; [`sasl`] has the mechanisms. The driver hands in random
//! octets as a [`sasl::Nonce`], since nothing here draws any.
//!
//! # 10. Keeping up
//!
//! While a mailbox is open, news come by themselves: [`Event::Exists`], [`Event::Expunge`], [`Event::Vanished`],
//! [`Event::Fetch`]. [`command::Idle`] has the server tell them at once, [`command::Notify`] those of other mailboxes too.
//!
//! A client that keeps what it read asks for no more than what changed since. It remembers a mailbox's [`UidValidity`]
//! and its highest [`ModSeq`], and opens it with [`command::Resync`]; where the server lacks QRESYNC, the same is found
//! out by other commands. `examples/changes.rs` is such a client:
//!
//! ```
//! use postern_protocol::imap::command::{Mode, Resync, Select};
//! use postern_protocol::imap::{MailboxName, Selected};
//!
//! /// How to open the INBOX again after it was left as `before` says; by itself it is as if it were the first time.
//! fn again(before: &Selected) -> Select {
//!     let known = before.uid_validity.zip(before.highest_mod_seq);
//!     let resync = known.map(|(validity, mod_seq)| Resync::new(validity, mod_seq));
//!     Select { resync, ..Select::new(MailboxName::inbox(), Mode::ReadWrite) }
//! }
//! assert_eq!(again(&Selected::default()).resync, None);
//! ```

mod answer;
pub mod command;
mod connection;
mod framer;
mod read;
pub mod sasl;
mod types;
mod writer;

pub use answer::{Appended, BodyStart, CommandError, Done, Item, Misbehaviour, Misuse, Selected};
pub use command::Command;
pub use connection::{CommandId, Config, Connection, ConnectionError, Deadlines, Event, Greeting, Output};
pub use framer::{Frame, FrameError, Framer, Limits, Raw, Responses};
pub use read::{BodyHead, Quirk, Quirks, ReadError, Reader, Reading};
pub use types::*;

/// One message's data, free of the response that it came in.
pub type MessageData = Fetch<'static>;

#[cfg(test)]
mod transcript;
