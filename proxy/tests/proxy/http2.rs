//! HTTP/2, and many a WebSocket over it (RFC 8441), as a client of the `h2` crate sees them.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use h2::client::SendRequest;
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use hyper::body::Bytes;
use hyper::{Method, Request, Response, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::binary::{Running, postern};
use crate::leaks::alive_tasks;
use crate::support::*;

/// A proxy with a certificate of its own, and one plain upstream at `port`.
async fn proxy(port: u16, file: &str) -> Proxy {
    let Certificates { server, server_key, .. } = &*CERTIFICATES;
    let (url, file) = (format!("imap+plain://127.0.0.1:{port}"), temp_file("toml", file));
    Proxy::start(&[
        "--imap",
        &url,
        "--config",
        file.to_str().unwrap(),
        "--tls-certificate",
        server.to_str().unwrap(),
        "--tls-key",
        server_key.to_str().unwrap(),
    ])
    .await
}

/// An HTTP/2 connection. It ends when this and all streams are dropped.
pub(crate) struct Connection {
    requests: SendRequest<Bytes>,
    pub(crate) authority: String,
}

impl Connection {
    async fn new(proxy: &Proxy) -> Self {
        Self::to(proxy.address).await
    }

    pub(crate) async fn to(address: SocketAddr) -> Self {
        // What one stream does not read must not hold up the others.
        let mut builder = h2::client::Builder::new();
        Self::with(address, builder.initial_connection_window_size(16 * 1024 * 1024)).await
    }

    pub(crate) async fn with(address: SocketAddr, builder: &mut h2::client::Builder) -> Self {
        let stream = connect_tls(address, &[b"h2", b"http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (requests, connection) = builder.handshake(stream).await.unwrap();
        tokio::spawn(async move {
            let _ = connection.await;
        });
        let mut new = Self { requests, authority: format!("localhost:{}", address.port()) };
        // With the first answer the server's settings are here too.
        assert_eq!(new.get("/healthz").await.1, "ok\n");
        assert!(new.requests.is_extended_connect_protocol_enabled());
        new
    }

    /// Asks as the proxy's own page does.
    async fn post(&mut self, path: &str, body: &'static [u8]) -> StatusCode {
        let request = Request::post(format!("https://{}{path}", self.authority))
            .header("origin", format!("https://{}", self.authority))
            .header("content-type", "application/json");
        let (response, mut stream) = self.requests.send_request(request.body(()).unwrap(), false).unwrap();
        stream.send_data(Bytes::from_static(body), true).unwrap();
        response.await.unwrap().status()
    }

    async fn get(&mut self, path: &str) -> (Response<()>, String) {
        let uri = format!("https://{}{path}", self.authority);
        let request = Request::builder().uri(uri).body(()).unwrap();
        let (response, _) = self.requests.send_request(request, true).unwrap();
        let (parts, mut body) = response.await.unwrap().into_parts();
        let mut bytes = Vec::new();
        while let Some(piece) = body.data().await {
            bytes.extend_from_slice(&piece.unwrap());
            body.flow_control().release_capacity(bytes.len()).unwrap_or_default();
        }
        (Response::from_parts(parts, ()), String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Asks for a WebSocket with these headers.
    pub(crate) async fn ask(&mut self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, Stream) {
        let uri = format!("https://{}{path}", self.authority);
        let mut request = Request::builder().method(Method::CONNECT).uri(uri);
        request = request.extension(Protocol::from_static("websocket"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).unwrap();
        let mut ready = self.requests.clone().ready().await.unwrap();
        let (response, send) = ready.send_request(request, false).unwrap();
        let response = response.await.unwrap();
        let status = response.status();
        (status, Stream { send, receive: response.into_body(), rest: Bytes::new() })
    }

    pub(crate) async fn connect(&mut self, path: &str) -> Client<Stream> {
        let origin = format!("https://{}", self.authority);
        let (status, stream) = self.ask(path, &[("origin", &origin), ("sec-websocket-version", "13")]).await;
        assert_eq!(status, StatusCode::OK);
        Client(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)
    }
}

/// A stream's two directions as bytes, with the windows opened as they are read.
pub(crate) struct Stream {
    send: SendStream<Bytes>,
    receive: RecvStream,
    rest: Bytes,
}

impl Stream {
    /// `RST_STREAM`.
    pub(crate) fn cancel(&mut self) {
        self.send.send_reset(h2::Reason::CANCEL);
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        space: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.receive.poll_data(cx)) {
                None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                Some(Ok(bytes)) => {
                    let _ = self.receive.flow_control().release_capacity(bytes.len());
                    self.rest = bytes;
                }
            }
        }
        let count = self.rest.len().min(space.remaining());
        space.put_slice(&self.rest.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.send.reserve_capacity(bytes.len());
        while self.send.capacity() == 0 {
            match ready!(self.send.poll_capacity(cx)) {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            }
        }
        let count = bytes.len().min(self.send.capacity());
        self.send.send_data(Bytes::copy_from_slice(&bytes[..count]), false).map_err(io::Error::other)?;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.send.send_data(Bytes::new(), true).map_err(io::Error::other))
    }
}

#[tokio::test]
async fn the_page_comes_over_http2_too() {
    let proxy = proxy(1, "").await;
    let mut connection = Connection::new(&proxy).await;
    let (response, body) = connection.get("/").await;
    assert_eq!(response.status(), 200);
    assert!(body.contains("<!doctype html>"));
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert_eq!(connection.get("/nothing").await.0.status(), 404);
    assert_eq!(connection.get("/imap").await.0.status(), 426);
}

#[tokio::test]
async fn websockets_share_one_connection() {
    let port = echo_server().await;
    let proxy = proxy(port, "").await;
    let mut connection = Connection::new(&proxy).await;
    let mut clients = Vec::new();
    for number in 0..10_u8 {
        let mut client = connection.connect("/imap").await;
        client.send(&[number; 300_000]).await;
        clients.push((number, client));
    }
    for (number, client) in &mut clients {
        let mut echo = Vec::new();
        while echo.len() < 300_000 {
            echo.extend(client.next().await.unwrap().into_data());
        }
        assert!(echo.iter().all(|byte| byte == number) && echo.len() == 300_000);
    }
    // One that ends leaves the others alone, and the page goes on beside them.
    let (_, mut first) = clients.remove(0);
    first.0.close(None).await.unwrap();
    assert_eq!(first.close().await.0, 1000);
    let (_, second) = &mut clients[0];
    second.send(b"still here").await;
    second.read_until(b"still here").await;
    assert_eq!(connection.get("/healthz").await.1, "ok\n");
}

#[tokio::test]
async fn refusals_over_http2() {
    let proxy = proxy(1, "").await;
    let mut connection = Connection::new(&proxy).await;
    assert_eq!(connection.connect("/imap/nobody").await.close().await.0, 4400);
    let refused = connection.connect("/imap").await.close().await;
    assert!(refused.0 == 4502 && refused.1.starts_with("refused: "), "{refused:?}");
    let origin = format!("https://{}", connection.authority);
    for (headers, expected) in [
        (&[("origin", "https://evil.test"), ("sec-websocket-version", "13")][..], 200),
        (&[("sec-websocket-version", "13")], 200),
        (&[("origin", &*origin), ("sec-websocket-version", "8")], 400),
        (&[("origin", &*origin)], 400),
    ] {
        let (status, stream) = connection.ask("/imap", headers).await;
        assert_eq!(status, expected, "{headers:?}");
        if status == 200 {
            let mut client = Client(WebSocketStream::from_raw_socket(stream, Role::Client, None).await);
            assert_eq!(client.close().await.0, 4403, "{headers:?}");
        }
    }
    // A CONNECT that names no protocol, or another one, asks for nothing that there is.
    let uri = format!("https://{}/imap", connection.authority);
    for protocol in ["connect-udp", "WebSocket"] {
        let request =
            Request::builder().method(Method::CONNECT).uri(&uri).extension(Protocol::from(protocol));
        let (response, _) = connection.requests.send_request(request.body(()).unwrap(), false).unwrap();
        assert_eq!(response.await.unwrap().status(), 426, "{protocol}");
    }
    let request = Request::builder().method(Method::CONNECT).uri("mail.example.com:993");
    let (response, _) = connection.requests.send_request(request.body(()).unwrap(), false).unwrap();
    assert_eq!(response.await.unwrap().status(), 405);
}

#[tokio::test]
async fn each_side_ends_a_stream() {
    let (port, listener) = held_server().await;
    let proxy = proxy(port, "").await;
    let mut connection = Connection::new(&proxy).await;
    // The server's FIN, behind its last words.
    let mut client = connection.connect("/imap").await;
    let (mut server, _) = listener.accept().await.unwrap();
    server.write_all(b"* BYE\r\n").await.unwrap();
    server.shutdown().await.unwrap();
    assert_eq!(client.read_until(b"\r\n").await, b"* BYE\r\n");
    assert_eq!(client.close().await.0, 1000);
    assert!(client.next().await.is_none());
    assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
    // The client's end of stream without a Close frame: what it sent still arrives.
    let mut client = connection.connect("/imap").await;
    let (mut server, _) = listener.accept().await.unwrap();
    client.send(b"last words").await;
    client.0.get_mut().shutdown().await.unwrap();
    let mut heard = Vec::new();
    server.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"last words");
    // The client's RST_STREAM, and the whole connection's end.
    for whole in [false, true] {
        let mut client = connection.connect("/imap").await;
        let (mut server, _) = listener.accept().await.unwrap();
        if whole {
            drop(connection);
            client.0.get_mut().cancel();
            drop(client);
            let ended = tokio::time::timeout(PATIENCE, server.read(&mut [0; 8])).await.unwrap();
            assert!(matches!(ended, Ok(0) | Err(_)));
            break;
        }
        client.0.get_mut().cancel();
        let ended = tokio::time::timeout(PATIENCE, server.read(&mut [0; 8])).await.unwrap();
        assert!(matches!(ended, Ok(0) | Err(_)));
    }
}

/// P10 over HTTP/2: a client that opens no window stops the server, and the other streams go on.
#[tokio::test]
async fn p10_a_stream_that_stalls_stops_the_server() {
    let (port, listener) = held_server().await;
    let proxy = proxy(port, "").await;
    let mut connection =
        Connection::with(proxy.address, h2::client::Builder::new().initial_window_size(1000)).await;
    let origin = format!("https://{}", connection.authority);
    let (_, stalled) = connection.ask("/imap", &[("origin", &origin), ("sec-websocket-version", "13")]).await;
    let (server, _) = listener.accept().await.unwrap();
    let (mut sent, mut idle_turns, piece) = (0, 0, [b'x'; 64 * 1024]);
    while idle_turns < 1000 {
        if let Ok(count) = server.try_write(&piece) {
            (sent, idle_turns) = (sent + count, 0);
        }
        assert!(sent < 64 * 1024 * 1024, "the proxy takes all there is");
        idle_turns += 1;
        tokio::task::yield_now().await;
    }
    let mut other = connection.connect("/imap").await;
    let (mut second, _) = listener.accept().await.unwrap();
    second.write_all(b"* OK\r\n").await.unwrap();
    assert_eq!(other.read_until(b"\r\n").await, b"* OK\r\n");
    // All of it was only waiting.
    drop(server);
    let mut stalled = Client(WebSocketStream::from_raw_socket(stalled, Role::Client, None).await);
    let mut received = 0;
    while let Some(Message::Binary(data)) = stalled.next().await {
        received += data.len();
    }
    assert_eq!(received, sent);
}

#[tokio::test]
async fn p14_a_drain_reaches_every_stream() {
    let (port, listener) = held_server().await;
    let proxy = proxy(port, "").await;
    let mut connection = Connection::new(&proxy).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push((connection.connect("/imap").await, listener.accept().await.unwrap()));
    }
    proxy.stop.cancel();
    for (client, _) in &mut clients {
        assert_eq!(client.close().await.0, 1001);
        assert!(client.next().await.is_none());
    }
    drop((clients, connection));
    tokio::time::timeout(PATIENCE, proxy.task).await.unwrap().unwrap();
}

/// P6 and P7: connections that are not used end, those that hold a WebSocket stay, and count as that.
#[tokio::test]
async fn p07_an_idle_connection_ends_and_a_used_one_stays() {
    let port = echo_server().await;
    let proxy = proxy(port, "[deadlines]\nrequest = 2\n[limits]\nrequests_per_address = 1").await;
    let mut used = Connection::new(&proxy).await;
    let mut client = used.connect("/imap").await;
    client.send(b"here").await;
    client.read_until(b"here").await;
    // Its WebSocket gave its place free.
    let idle = Connection::new(&proxy).await;
    // A request that fails tells that it has ended.
    let ended = async {
        while idle.requests.clone().ready().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("an idle connection stays for ever");
    client.send(b"still here").await;
    client.read_until(b"still here").await;
}

/// P16 where more is logged by more libraries: nothing of what passes, and nothing of what is asked.
#[tokio::test]
async fn p16_a_password_over_http2_is_in_no_log() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let Certificates { server, server_key, .. } = &*CERTIFICATES;
    for format in ["text", "json"] {
        let arguments = ["--listen", "127.0.0.1:0", "--imap", &url, "--log", "trace", "--log-format", format];
        let identity =
            ["--tls-certificate", server.to_str().unwrap(), "--tls-key", server_key.to_str().unwrap()];
        let mut running = Running::start(postern().args(arguments).args(identity));
        // More than a pipe holds.
        let mut stderr = running.child.stderr.take().unwrap();
        let log = tokio::task::spawn_blocking(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut connection = Connection::to(running.address).await;
        let mut client = connection.connect("/imap").await;
        client.send(b"a LOGIN alice hunter2-planted\r\n").await;
        client.read_until(b"hunter2-planted\r\n").await;
        client.0.close(None).await.unwrap();
        assert_eq!(client.close().await.0, 1000);
        let question = br#"{"address":"hunter2@planted.test"}"#;
        assert_eq!(connection.post("/api/discover", question).await, StatusCode::OK);
        connection.connect("/imap/hunter2?hunter2").await.close().await;
        drop((client, connection));
        running.signal("-TERM");
        let log = log.await.unwrap();
        assert!(log.contains("closed"), "the log is there: {log}");
        for planted in ["hunter2", "planted", "68756e746572", "[104, 117, 110"] {
            let lines: Vec<_> = log.lines().filter(|line| line.contains(planted)).collect();
            assert!(lines.is_empty(), "{planted} in {lines:?}");
        }
    }
}

/// P13 over HTTP/2: nothing is left of a connection that is cut while its streams carry something.
#[tokio::test]
async fn p13_no_task_is_left_of_a_cut_connection() {
    let port = echo_server().await;
    let proxy = proxy(port, "[deadlines]\nhalf_close = 0.2").await;
    for clean in [true, false] {
        let before = alive_tasks();
        let mut connection = Connection::new(&proxy).await;
        let mut clients = Vec::new();
        for _ in 0..3 {
            let mut client = connection.connect("/imap").await;
            client.send(b"here").await;
            client.read_until(b"here").await;
            clients.push(client);
        }
        assert!(alive_tasks() > before);
        if clean {
            for client in &mut clients {
                client.0.close(None).await.unwrap();
                assert_eq!(client.close().await.0, 1000);
            }
        }
        drop((clients, connection));
        let settled = async {
            while alive_tasks() > before {
                tokio::task::yield_now().await;
            }
        };
        let settled = tokio::time::timeout(PATIENCE, settled).await;
        assert!(settled.is_ok(), "{} tasks", alive_tasks() - before);
    }
}
