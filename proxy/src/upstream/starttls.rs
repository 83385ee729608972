//! Carries the dialogue before TLS over a socket. What is said, and what it means, is `postern_protocol`'s business.

use std::io;
use std::time::Duration;

use postern_protocol::starttls::Dialogue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connect;
use crate::close::Reason;
use crate::config::Kind;

/// Brings the connection to the point where the `ClientHello` may be written, or gives it up.
pub(super) async fn upgrade(
    mut socket: TcpStream,
    kind: Kind,
    deadline: Duration,
) -> Result<TcpStream, Reason> {
    let mut dialogue = match kind {
        Kind::Imap => Dialogue::imap(),
        Kind::Smtp => Dialogue::smtp(&own_name(&socket)),
        Kind::Sieve => Dialogue::sieve(),
    };
    match timeout(deadline, talk(&mut socket, &mut dialogue)).await {
        Ok(Ok(())) => Ok(socket),
        Ok(Err(reason)) => Err(reason),
        Err(_) => Err(Reason::HandshakeTimeout),
    }
}

async fn talk(socket: &mut TcpStream, dialogue: &mut Dialogue) -> Result<(), Reason> {
    let mut buffer = [0; 1024];
    while !dialogue.is_ready() {
        if let Some(command) = dialogue.poll_transmit() {
            socket.write_all(&command).await.map_err(|error| connect::why(&error))?;
        }
        match socket.read(&mut buffer).await {
            Ok(0) => return Err(Reason::Reset),
            Ok(count) => take_in(dialogue, &buffer[..count])?,
            Err(error) => return Err(connect::why(&error)),
        }
    }
    // NST 4: nothing may wait behind the answer. What comes later still is no TLS record and fails the handshake.
    match socket.try_read(&mut buffer) {
        Ok(0) => Err(Reason::Reset),
        Ok(count) => take_in(dialogue, &buffer[..count]),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(connect::why(&error)),
    }
}

fn take_in(dialogue: &mut Dialogue, bytes: &[u8]) -> Result<(), Reason> {
    dialogue.handle_input(bytes).map_err(|error| {
        // The words are not the client's to see: they came without TLS.
        tracing::warn!(%error, "no STARTTLS");
        Reason::from(&error)
    })
}

/// What EHLO says: the address that the server sees (RFC 5321 section 4.1.3), since we have no name.
fn own_name(socket: &TcpStream) -> String {
    match socket.local_addr().map(|address| address.ip().to_canonical()) {
        Ok(std::net::IpAddr::V4(address)) => format!("[{address}]"),
        Ok(std::net::IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        Err(_) => "localhost".to_owned(),
    }
}
