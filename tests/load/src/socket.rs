//! A connection to what is measured: bytes, or the frames of a WebSocket, with TLS or without.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};

use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// Where to connect, and what to speak there.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    tls: bool,
    /// The path of a WebSocket; without it bytes are just bytes.
    path: Option<String>,
    address: SocketAddr,
}

impl Address {
    /// Reads `wss://127.0.0.1:4711/path` and its like.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let wrong = || format!("{url} is no tcp://, tls://, ws:// or wss://ADDRESS:PORT/PATH");
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        let address = address.parse().map_err(|_| wrong())?;
        let path = Some(format!("/{path}"));
        match scheme {
            "tcp" => Ok(Self { tls: false, path: None, address }),
            "tls" => Ok(Self { tls: true, path: None, address }),
            "ws" => Ok(Self { tls: false, path, address }),
            "wss" => Ok(Self { tls: true, path, address }),
            _ => Err(wrong()),
        }
    }

    /// The TCP end of it.
    pub(crate) fn socket_address(&self) -> SocketAddr {
        self.address
    }

    /// The request that opens a WebSocket there, from the page that is served there; RFC 6455 section 4.1.
    pub(crate) fn request(&self) -> Option<String> {
        let Self { tls, path, address } = self;
        let scheme = if *tls { "https" } else { "http" };
        let path = path.as_ref()?;
        // The key that the RFC itself shows: nobody here caches answers.
        Some(format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {scheme}://{address}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ))
    }
}

/// An open connection.
pub(crate) struct Socket {
    stream: Stream,
    framed: bool,
    /// Payload of the frame under way that is still to come.
    remaining: u64,
    buffer: Box<[u8]>,
    /// What of `buffer` is still to be looked at.
    unread: std::ops::Range<usize>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Socket {
    /// Connects, shakes hands, and becomes a WebSocket where the address says so.
    pub(crate) fn open(address: &Address, capacity: usize) -> io::Result<Self> {
        let socket = TcpStream::connect(address.address)?;
        socket.set_nodelay(true)?;
        let stream = if address.tls {
            let name = ServerName::from(address.address.ip());
            let connection = ClientConnection::new(config(), name).map_err(io::Error::other)?;
            Stream::Tls(Box::new(StreamOwned::new(connection, socket)))
        } else {
            Stream::Plain(socket)
        };
        let buffer = vec![0; capacity].into_boxed_slice();
        let mut opened = Self { stream, framed: false, remaining: 0, buffer, unread: 0..0 };
        if let Some(request) = address.request() {
            opened.write(request.as_bytes())?;
            opened.read_head()?;
            opened.framed = true;
        }
        Ok(opened)
    }

    /// Keeps the system from taking in megabytes on its own: what nobody reads is to stay with the sender.
    pub(crate) fn take_little(&self) -> io::Result<()> {
        let socket = match &self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &stream.sock,
        };
        Ok(set_socket_recv_buffer_size(socket, LITTLE)?)
    }

    /// Sends these few bytes, as one message.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.framed { self.write(&frame(bytes)) } else { self.write(bytes) }
    }

    /// What [`write`](Self::write) sends as these bytes: made once, sent often.
    pub(crate) fn prepared(&self, bytes: &[u8]) -> Vec<u8> {
        if self.framed { frame(bytes) } else { bytes.to_vec() }
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes),
        }
    }

    /// Reads so many bytes of payload. Frames are stepped over, not looked into.
    pub(crate) fn receive(&mut self, mut count: u64) -> io::Result<()> {
        while count > 0 {
            if self.unread.is_empty() {
                self.read_more()?;
            }
            let here = self.unread.len() as u64;
            if !self.framed {
                let taken = here.min(count);
                count -= taken;
                self.skip(taken);
            } else if self.remaining == 0 {
                self.take_header()?;
            } else {
                let taken = here.min(self.remaining);
                self.remaining -= taken;
                count = count.saturating_sub(taken);
                self.skip(taken);
            }
        }
        Ok(())
    }

    /// Takes a server's frame header: unmasked, RFC 6455 section 5.2. A control frame's payload counts as payload,
    /// which is too little to matter.
    fn take_header(&mut self) -> io::Result<()> {
        loop {
            let bytes = &self.buffer[self.unread.clone()];
            let length = match bytes {
                [0x88, ..] => return Err(io::Error::other("the proxy said goodbye")),
                [_, 126, high, low, ..] => Some((u64::from(u16::from_be_bytes([*high, *low])), 4)),
                [_, 127, rest @ ..] => rest.first_chunk().map(|length| (u64::from_be_bytes(*length), 10)),
                [_, length, ..] if *length < 126 => Some((u64::from(*length), 2)),
                _ => None,
            };
            if let Some((length, header)) = length {
                self.remaining = length;
                self.skip(header);
                return Ok(());
            }
            self.read_behind()?;
        }
    }

    fn skip(&mut self, count: u64) {
        // As much as stands in the buffer, at most.
        self.unread.start += usize::try_from(count).unwrap_or(0);
    }

    /// Up to the empty line behind a status line that must be 101.
    fn read_head(&mut self) -> io::Result<()> {
        loop {
            self.read_behind()?;
            let head = &self.buffer[self.unread.clone()];
            let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            if !head.starts_with(b"HTTP/1.1 101") {
                let said = String::from_utf8_lossy(&head[..end]);
                return Err(io::Error::other(format!("not a WebSocket: {said}")));
            }
            self.unread.start += end + 4;
            return Ok(());
        }
    }

    fn read_more(&mut self) -> io::Result<()> {
        self.unread = 0..0;
        self.read_behind()
    }

    /// Reads once, behind what is unread.
    fn read_behind(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.unread.clone(), 0);
        self.unread = 0..self.unread.len();
        let space = &mut self.buffer[self.unread.end..];
        let count = match &mut self.stream {
            Stream::Plain(socket) => socket.read(space)?,
            Stream::Tls(stream) => stream.read(space)?,
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.unread.end += count;
        Ok(())
    }
}

/// A client's binary message in one frame; RFC 6455 section 5.2. The mask is the same each time: nobody here needs
/// protecting from a cache.
pub(crate) fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x82];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | length.to_le_bytes()[0]),
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// One for all connections. Each handshake is whole: a page that comes for the first time has no ticket.
fn config() -> Arc<ClientConfig> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    let make = || {
        let builder = ClientConfig::builder().dangerous();
        let mut config = builder.with_custom_certificate_verifier(Arc::new(Anyone)).with_no_client_auth();
        config.resumption = Resumption::disabled();
        Arc::new(config)
    };
    Arc::clone(CONFIG.get_or_init(make))
}

/// Believes every certificate: to check it would cost the client more than to show it costs the proxy.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

const LITTLE: usize = 64 * 1024;

const MASK: [u8; 4] = [0x5a, 0x0f, 0xc3, 0x96];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let address = Address::parse("wss://127.0.0.1:4711/imap/work").unwrap();
        assert!(address.tls);
        let request = address.request().unwrap();
        assert!(request.starts_with("GET /imap/work HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n"), "{request}");
        assert!(request.contains("Origin: https://127.0.0.1:4711\r\n"), "{request}");
        assert_eq!(Address::parse("tcp://127.0.0.1:1").unwrap().request(), None);
        assert!(Address::parse("imap://127.0.0.1:1").is_err());
        assert!(Address::parse("ws://localhost").is_err());
    }

    #[test]
    fn frames_of_both_lengths() {
        assert_eq!(frame(b"hi")[..6], [0x82, 0x82, 0x5a, 0x0f, 0xc3, 0x96]);
        assert_eq!(frame(b"hi")[6..], [b'h' ^ 0x5a, b'i' ^ 0x0f]);
        let long = frame(&[0; 65536]);
        assert_eq!(long[..10], [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(long.len(), 65536 + 14);
    }
}
