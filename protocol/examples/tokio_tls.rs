//! Signs in over TLS and prints who sent the newest ten messages and what about: tokio and rustls.
//!
//! ```text
//! tokio_tls HOST PORT USER PASSWORD
//! ```
//!
//! The driver is [`Client::turn`]: it writes what is to be written, then waits for bytes, or for the time at which the
//! connection wants to be woken. Certificates are checked against the system's authorities, or those in the file that
//! `SSL_CERT_FILE` names.

#![expect(clippy::print_stdout, reason = "a program that prints")]
#![expect(clippy::disallowed_methods, reason = "a driver has a clock")]

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use postern_protocol::Time;
use postern_protocol::imap::command::{Ask, Fetch, FetchAttribute, Login, Logout, Mode, Select};
use postern_protocol::imap::{
    CommandError, Config, Connection, Done, Event, Item, MailboxName, Output, SeqNo, SeqSet,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, user, password] = &arguments[..] else {
        return Err("tokio_tls HOST PORT USER PASSWORD".into());
    };
    let mut client = Client::new(connect(host, port.parse()?).await?);
    client.run(Login { user: user.clone(), password: password.clone() }, |_| {}).await?;
    let inbox = Select::new(MailboxName::inbox(), Mode::ReadOnly);
    let Done::Selected(selected) = client.run(inbox, |_| {}).await? else {
        return Err("a SELECT that selected nothing".into());
    };
    println!("{} messages", selected.exists);
    if let Some(last) = SeqNo::new(selected.exists) {
        let first = SeqNo::new(selected.exists.saturating_sub(9).max(1)).unwrap_or(last);
        let mut newest = SeqSet::new();
        newest.push_range(first, last);
        client.run(Fetch::new(newest, vec![FetchAttribute::Envelope]), print).await?;
    }
    client.run(Logout, |_| {}).await?;
    Ok(())
}

/// Subjects and names may still be encoded words (RFC 2047): the crate `postern-mime` decodes them.
fn print(item: Item) {
    let Item::Message(message) = item else { return };
    let Some(envelope) = message.envelope else { return };
    let from = envelope.from().next().and_then(|sender| sender.address()).unwrap_or_default();
    let subject = envelope.subject().unwrap_or_default();
    println!("{from}: {}", String::from_utf8_lossy(&subject));
}

/// TLS from the first byte, as on port 993.
async fn connect(host: &str, port: u16) -> Result<TlsStream<TcpStream>, Box<dyn Error>> {
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder().with_root_certificates(authorities).with_no_client_auth();
    let link = TcpStream::connect((host, port)).await?;
    let name = ServerName::try_from(host.to_owned())?;
    Ok(TlsConnector::from(Arc::new(config)).connect(name, link).await?)
}

/// One connection over any stream that tokio can read and write.
struct Client<S> {
    connection: Connection,
    link: S,
    start: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    fn new(link: S) -> Self {
        Self { connection: Connection::new(Config::default(), Time::ZERO), link, start: Instant::now() }
    }

    /// Sends a command, hands out what belongs to its answer, and waits for its end.
    async fn run(&mut self, command: impl Ask, mut found: impl FnMut(Item)) -> Result<Done, Box<dyn Error>> {
        let asked = self.connection.send(command, self.now());
        loop {
            match self.turn().await? {
                Some(Event::Item(id, item)) if id == asked => found(item),
                Some(Event::Done(id, result)) if id == asked => return Ok(result?),
                Some(_) => {}
                None => return Err(CommandError::Closed.into()),
            }
        }
    }

    /// The next event; none once the connection is over.
    async fn turn(&mut self) -> io::Result<Option<Event>> {
        let mut buffer = [0; 16 << 10];
        loop {
            match self.connection.poll_output() {
                Some(Output::Transmit(bytes)) => self.link.write_all(&bytes).await?,
                Some(Output::Event(event)) => return Ok(Some(event)),
                Some(Output::Close) => return Ok(None),
                None => {
                    self.link.flush().await?;
                    let wait = self.connection.poll_timeout().map(|at| at - self.now());
                    tokio::select! {
                        read = self.link.read(&mut buffer) => match read? {
                            0 => self.connection.handle_closed(self.now()),
                            length => self.connection.handle_input(&buffer[..length], self.now()),
                        },
                        () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {
                            self.connection.handle_timeout(self.now());
                        }
                    }
                }
            }
        }
    }

    fn now(&self) -> Time {
        Time::ZERO + self.start.elapsed()
    }
}
