//! Signs in to an IMAP server and lists its mailboxes, with how many messages each has and how many are unread.
//!
//! ```text
//! mailboxes HOST:PORT USER PASSWORD
//! ```
//!
//! A blocking client on a plain socket: for a server on this machine, since nothing here encrypts. Over TLS it is the
//! same program around a `rustls::StreamOwned`, or any other stream that can be read and written.

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use postern_protocol::Time;
use postern_protocol::imap::command::{Ask, List, Login, Logout, StatusAttribute};
use postern_protocol::imap::{CommandError, Config, Connection, Event, Item, Output};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, user, password] = &arguments[..] else {
        return Err("mailboxes HOST:PORT USER PASSWORD".into());
    };
    let mut client = Client::connect(address)?;
    client.run(Login { user: user.clone(), password: password.clone() }, |_| {})?;
    let counts = vec![StatusAttribute::Messages, StatusAttribute::Unseen];
    client.run(List { status: counts, ..List::all() }, |item| match item {
        Item::Mailbox(mailbox) => println!("{} {:?}", mailbox.name, mailbox.attributes),
        Item::Status(it) => {
            let number = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
            println!("    {}: {} messages, {} unread", it.mailbox, number(it.messages), number(it.unseen));
        }
        _ => {}
    })?;
    client.run(Logout, |_| {})?;
    Ok(())
}

/// One connection, one command at a time.
struct Client {
    connection: Connection,
    link: TcpStream,
}

impl Client {
    fn connect(address: &str) -> io::Result<Self> {
        let link = connect(address)?;
        // To another machine, this connection sends no password without TLS.
        let mut config = Config::default();
        if !link.peer_addr()?.ip().is_loopback() {
            config.login_over = postern_protocol::imap::Security::Cleartext;
        }
        Ok(Self { connection: Connection::new(config, Time::ZERO), link })
    }

    /// Sends a command and waits until it is through.
    ///
    /// A program that has only one thing to do needs no clock: the time stands still, and the socket waits.
    fn run(&mut self, command: impl Ask, mut found: impl FnMut(Item)) -> Result<(), Box<dyn Error>> {
        let asked = self.connection.send(command, Time::ZERO);
        let mut buffer = [0; 16 << 10];
        loop {
            match self.connection.poll_output() {
                Some(Output::Transmit(bytes)) => self.link.write_all(&bytes)?,
                Some(Output::Event(Event::Item(id, item))) if id == asked => found(item),
                Some(Output::Event(Event::Done(id, result))) if id == asked => {
                    return result.map(|_| ()).map_err(Into::into);
                }
                Some(Output::Event(_)) => {}
                Some(Output::Close) => return Err(CommandError::Closed.into()),
                None => match self.link.read(&mut buffer)? {
                    0 => self.connection.handle_closed(Time::ZERO),
                    read => self.connection.handle_input(&buffer[..read], Time::ZERO),
                },
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a driver has a socket")]
fn connect(address: &str) -> io::Result<TcpStream> {
    TcpStream::connect(address)
}
