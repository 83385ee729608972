//! The way to the mail server: look up, check, connect, make it private. What comes out relays from the first byte.

mod connect;
mod probe;
mod starttls;
mod tls;

use std::borrow::Cow;
use std::io;
use std::time::Duration;

pub(crate) use probe::Voice;
pub(crate) use tls::{Authorities, ServerTls, TlsError};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::close::Reason;
use crate::config::{AddressRange, Deadlines, Kind, Security, Target};
use crate::ws::Capacity;

/// What every connection to a server needs and the configuration gives.
#[derive(Debug)]
pub(crate) struct Connector {
    pub(crate) allowed_addresses: Vec<AddressRange>,
    pub(crate) deadlines: Deadlines,
}

/// Who does TLS with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsEnd {
    /// We do, as the target's scheme says.
    Proxy,
    /// The browser: we relay blindly.
    Client,
}

/// A connection on which the mail protocol may begin.
pub(crate) struct Opened {
    pub(crate) stream: Box<dyn ServerStream>,
    /// What the client must see before the server's own bytes.
    pub(crate) greeting: &'static [u8],
    /// How much is best read from it at once.
    pub(crate) capacity: Capacity,
}

impl Opened {
    /// Bytes as they are: TLS, if any, is somebody else's.
    pub(crate) fn bare(stream: impl ServerStream + 'static) -> Self {
        Self { stream: Box::new(stream), greeting: b"", capacity: Capacity::Segment }
    }
}

/// Why there is no connection to a server. Who asked for it logs it: what an operator named may stand in a log, a domain that
/// somebody typed may not.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the client is told.
    pub(crate) reason: Reason,
    /// What was not done, in words for a log.
    pub(crate) step: &'static str,
    /// Why, with addresses and the system's words. Never a byte that the server said before TLS (security.md P16).
    pub(crate) detail: Cow<'static, str>,
}

impl Failure {
    fn new(reason: Reason, step: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, step, detail: detail.into() }
    }
}

/// A stream of bytes to a server, private or not.
pub(crate) trait ServerStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> ServerStream for T {}

impl Connector {
    /// Opens a connection to the target. The server is sent `first` before anything else.
    ///
    /// # Errors
    /// What the client is told, and what its caller may log.
    pub(crate) async fn open(
        &self,
        target: &Target,
        tls: &ServerTls,
        end: TlsEnd,
        first: &[u8],
    ) -> Result<Opened, Failure> {
        if let Some(path) = target.socket() {
            let mut socket = connect::connect_unix(path, self.deadlines.connect).await?;
            introduce(&mut socket, first).await?;
            return Ok(Opened::bare(socket));
        }
        let mut socket = connect::connect(target, &self.allowed_addresses, self.deadlines.connect).await?;
        introduce(&mut socket, first).await?;
        let (security, greeting) = match (end, target.security) {
            (TlsEnd::Client, _) | (TlsEnd::Proxy, Security::Plain) => return Ok(Opened::bare(socket)),
            (TlsEnd::Proxy, Security::Implicit) => (socket, &b""[..]),
            (TlsEnd::Proxy, Security::StartTls) => {
                let socket = starttls::upgrade(socket, target.kind, self.deadlines.starttls).await?;
                (socket, own_greeting(target.kind))
            }
        };
        let stream = tls.handshake(target, security, self.deadlines.tls).await?;
        Ok(Opened { stream: Box::new(stream), greeting, capacity: Capacity::Records })
    }

    /// Whether the name of a host leads to an address that may be connected to, as far as is known in time.
    pub(crate) async fn leads_somewhere(&self, target: &Target, deadline: Duration) -> bool {
        let looking = connect::leads_somewhere(target, &self.allowed_addresses);
        timeout(deadline, looking).await.unwrap_or(false)
    }
}

async fn introduce(socket: &mut (impl AsyncWrite + Unpin), first: &[u8]) -> Result<(), Failure> {
    let broken = |error: io::Error| Failure::new(connect::why(&error), "connect failed", error.to_string());
    // A new socket takes so few bytes at once.
    socket.write_all(first).await.map_err(broken)
}

/// The greeting that stands for the one from before TLS, which nobody vouches for: it announces no capabilities, so
/// the client asks for them (RFC 9051 section 6.2.1, RFC 3207 section 4.2).
fn own_greeting(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Imap => b"* OK TLS is up\r\n",
        Kind::Smtp => b"220 postern TLS is up\r\n",
        // This server greets once more by itself (RFC 5804 section 2.2).
        Kind::Sieve => b"",
    }
}
