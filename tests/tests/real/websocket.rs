//! A WebSocket as a page opens it: with an `Origin`, binary messages, close codes.

use futures::{SinkExt, StreamExt};
use postern_tests::Proxy;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async};

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Opens `path` at the proxy at `origin`, from the page that it serves itself.
pub(crate) async fn open(origin: &str, path: &str) -> Socket {
    try_open(origin, path).await.unwrap()
}

/// The same, where it may also be refused.
pub(crate) async fn try_open(origin: &str, path: &str) -> Result<Socket, Error> {
    let address = origin.trim_start_matches("http://");
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    request.headers_mut().insert("Origin", HeaderValue::from_str(origin)?);
    Ok(client_async(request, TcpStream::connect(address).await?).await?.0)
}

/// What came over a WebSocket: bytes, or how it ended.
pub(crate) enum Received {
    Bytes(Vec<u8>),
    Closed { code: u16, reason: String },
}

/// The next of it.
pub(crate) async fn receive(socket: &mut (impl StreamExt<Item = Incoming> + Unpin)) -> Received {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => return Received::Bytes(bytes.into()),
            Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                return Received::Closed { code: code.into(), reason: reason.to_string() };
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            // What a browser calls 1006: it ended without a word.
            None | Some(Err(_) | Ok(Message::Close(None))) => {
                return Received::Closed { code: 1006, reason: String::new() };
            }
            Some(Ok(unexpected)) => panic!("neither bytes nor an end: {unexpected:?}"),
        }
    }
}

type Incoming = Result<Message, Error>;

/// A person's IMAP over a WebSocket: sends lines, reads up to the tagged answer.
pub(crate) struct Lines {
    socket: Socket,
    unread: String,
}

impl Lines {
    pub(crate) async fn open(proxy: &Proxy, path: &str) -> Self {
        Self { socket: open(proxy.url(), path).await, unread: String::new() }
    }

    /// Sends a command and returns its whole answer; for the greeting, `begin` is all there is.
    pub(crate) async fn ask(&mut self, tag: &str, command: &str) -> String {
        self.send(&format!("{tag} {command}")).await;
        self.read_until(&format!("{tag} ")).await.expect("an answer, not the end")
    }

    pub(crate) async fn send(&mut self, line: &str) {
        self.socket.send(Message::binary(format!("{line}\r\n").into_bytes())).await.unwrap();
    }

    /// Everything up to the end of the line that begins so; how it was closed where it ends before that.
    pub(crate) async fn read_until(&mut self, begin: &str) -> Result<String, (u16, String)> {
        loop {
            let mut end = 0;
            for line in self.unread.split_inclusive("\r\n") {
                end += line.len();
                if line.starts_with(begin) && line.ends_with("\r\n") {
                    let rest = self.unread.split_off(end);
                    return Ok(std::mem::replace(&mut self.unread, rest));
                }
            }
            match receive(&mut self.socket).await {
                Received::Bytes(bytes) => self.unread += &String::from_utf8_lossy(&bytes),
                Received::Closed { code, reason } => return Err((code, reason)),
            }
        }
    }
}
