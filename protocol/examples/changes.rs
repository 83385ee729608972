//! Tells what changed in the INBOX since the last time that it was asked, and remembers where it stands.
//!
//! ```text
//! changes HOST:PORT USER PASSWORD STATE-FILE
//! ```
//!
//! The state is two numbers: what the UIDs are good for, and up to which change all is known. With QRESYNC the server
//! tells everything with one command; where it lacks that, the same command finds out in other ways.

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use postern_protocol::Time;
use postern_protocol::imap::command::{Login, Logout, Mode, Resync, Select};
use postern_protocol::imap::{
    Config, Connection, Done, Event, Flags, Item, MailboxName, ModSeq, Output, Selected, UidValidity,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, user, password, file] = &arguments[..] else {
        return Err("changes HOST:PORT USER PASSWORD STATE-FILE".into());
    };
    let before = fs::read_to_string(file).ok().and_then(|text| remembered(&text));
    let known = before.as_ref().map(|resync| resync.uid_validity);
    let mut link = connect(address)?;
    // So that the connection's deadlines are looked at where the server is silent.
    link.set_read_timeout(Some(Duration::from_secs(1)))?;

    // All at once: each waits for the one before it where it must.
    let mut connection = Connection::new(Config::default(), now());
    connection.send(Login { user: user.clone(), password: password.clone() }, now());
    let select = Select { resync: before, ..Select::new(MailboxName::inbox(), Mode::ReadOnly) };
    connection.send(select, now());
    connection.send(Logout, now());

    while let Some(event) = next_event(&mut connection, &mut link)? {
        match event {
            Event::Item(_, Item::Vanished(uids)) => println!("gone, or never there: {uids}"),
            Event::Item(_, Item::Message(message)) => {
                let flags = message.flags.iter().flat_map(Flags::iter);
                let flags: Vec<_> = flags.map(|flag| flag.to_string()).collect();
                println!("changed: {:?} {}", message.uid, flags.join(" "));
            }
            Event::Done(_, Ok(Done::Selected(selected))) => {
                if known.is_some() && known != selected.uid_validity {
                    println!("all UIDs are new: forget what is known");
                }
                println!("{} messages", selected.exists);
                fs::write(file, to_remember(&selected).unwrap_or_default())?;
            }
            Event::Done(_, Err(error)) => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The next thing that happened; none once the connection is over.
fn next_event(connection: &mut Connection, link: &mut TcpStream) -> io::Result<Option<Event>> {
    let mut buffer = [0; 16 << 10];
    loop {
        match connection.poll_output() {
            Some(Output::Transmit(bytes)) => link.write_all(&bytes)?,
            Some(Output::Event(Event::Closed(_)) | Output::Close) => return Ok(None),
            Some(Output::Event(event)) => return Ok(Some(event)),
            None => match link.read(&mut buffer) {
                Ok(0) => connection.handle_closed(now()),
                Ok(read) => connection.handle_input(&buffer[..read], now()),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    connection.handle_timeout(now());
                }
                Err(error) => return Err(error),
            },
        }
    }
}

/// UIDVALIDITY and HIGHESTMODSEQ, as [`to_remember`] wrote them.
fn remembered(text: &str) -> Option<Resync> {
    let (validity, mod_seq) = text.trim().split_once(' ')?;
    Some(Resync::new(UidValidity::new(validity.parse().ok()?)?, ModSeq(mod_seq.parse().ok()?)))
}

/// None where the server keeps no such numbers: then all is read again the next time.
fn to_remember(selected: &Selected) -> Option<String> {
    Some(format!("{} {}", selected.uid_validity?, selected.highest_mod_seq?))
}

#[expect(clippy::disallowed_methods, reason = "a driver has a socket")]
fn connect(address: &str) -> io::Result<TcpStream> {
    TcpStream::connect(address)
}

/// The driver's clock.
#[expect(clippy::disallowed_methods, reason = "a driver has a clock")]
fn now() -> Time {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    let start = *START.get_or_init(Instant::now);
    Time::ZERO + start.elapsed()
}
