//! Carries the dialogue before TLS over a socket. What is said, and what it means, is `postern_protocol`'s business.

use std::io;
use std::time::Duration;

use postern_protocol::starttls::{Dialogue, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Failure, connect};
use crate::close::Reason;
use crate::config::Kind;

/// Brings the connection to the point where the `ClientHello` may be written, or gives it up.
pub(super) async fn upgrade(
    mut socket: TcpStream,
    kind: Kind,
    deadline: Duration,
) -> Result<TcpStream, Failure> {
    let mut dialogue = match kind {
        Kind::Imap => Dialogue::imap(),
        Kind::Smtp => Dialogue::smtp(&own_name(&socket)),
        Kind::Sieve => Dialogue::sieve(),
    };
    match timeout(deadline, talk(&mut socket, &mut dialogue)).await {
        Ok(Ok(())) => Ok(socket),
        Ok(Err(failure)) => Err(failure),
        Err(_) => Err(Failure::new(Reason::HandshakeTimeout, STEP, SILENT)),
    }
}

async fn talk(socket: &mut TcpStream, dialogue: &mut Dialogue) -> Result<(), Failure> {
    let broken = |error: &io::Error| Failure::new(connect::why(error), STEP, error.to_string());
    let hung_up = || Failure::new(Reason::Reset, STEP, HUNG_UP);
    let mut buffer = [0; 1024];
    while !dialogue.is_ready() {
        if let Some(command) = dialogue.poll_transmit() {
            socket.write_all(&command).await.map_err(|error| broken(&error))?;
        }
        match socket.read(&mut buffer).await {
            Ok(0) => return Err(hung_up()),
            Ok(count) => take_in(dialogue, &buffer[..count])?,
            Err(error) => return Err(broken(&error)),
        }
    }
    // NST 4: nothing may wait behind the answer. What comes later still is no TLS record and fails the handshake.
    match socket.try_read(&mut buffer) {
        Ok(0) => Err(hung_up()),
        Ok(count) => take_in(dialogue, &buffer[..count]),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(broken(&error)),
    }
}

fn take_in(dialogue: &mut Dialogue, bytes: &[u8]) -> Result<(), Failure> {
    dialogue.handle_input(bytes).map_err(|error| Failure::new(Reason::from(&error), STEP, class(&error)))
}

/// What went wrong, without a byte of the server's: it came without TLS, so anyone may have written it, and it may repeat
/// what a log must never hold (security.md P16).
fn class(error: &Error) -> &'static str {
    match error {
        Error::Missing => "the server does not offer it",
        Error::Refused { .. } => "the server offers it and refused it",
        Error::Injected => "there were bytes that had no cause before TLS",
        Error::Preauth => "the server signed the session in by itself (PREAUTH)",
        Error::BadGreeting => "the greeting is of another protocol; is this the right port?",
        Error::BadAnswer => "an answer is of another protocol",
        Error::TooLong => "the server said too much",
        Error::Bye { .. } => "the server turned the connection away (BYE)",
    }
}

/// What EHLO says: the address that the server sees (RFC 5321 section 4.1.3), since we have no name.
fn own_name(socket: &TcpStream) -> String {
    match socket.local_addr().map(|address| address.ip().to_canonical()) {
        Ok(std::net::IpAddr::V4(address)) => format!("[{address}]"),
        Ok(std::net::IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => "localhost".to_owned(),
    }
}

const STEP: &str = "no STARTTLS";
const SILENT: &str = "the server was silent; does it speak TLS from the first byte at this port?";
const HUNG_UP: &str = "the server hung up";
