//! Who the client is: from a reverse proxy to us, and from us to the mail server.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::support::*;

/// A WebSocket over a connection that begins with `first`, with one more header.
async fn connect_through(proxy: &Proxy, first: &[u8], header: (&'static str, &str)) -> Option<Client> {
    let mut request = format!("ws://{}/imap", proxy.address).into_client_request().unwrap();
    request.headers_mut().insert("Origin", proxy.origin().parse().unwrap());
    request.headers_mut().insert(header.0, header.1.parse().unwrap());
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    socket.write_all(first).await.unwrap();
    Some(Client(client_async(request, socket).await.ok()?.0))
}

/// The PROXY header that the server got before all else.
async fn introduction(listener: &tokio::net::TcpListener) -> (Vec<u8>, TcpStream) {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut header = vec![0; 28];
    socket.read_exact(&mut header).await.unwrap();
    (header, socket)
}

#[tokio::test]
async fn the_server_learns_who_connects() {
    let (port, listener) = held_server().await;
    let file = |url: &str| format!("[[imap]]\nurl = \"{url}:{port}\"\nproxy_protocol = true\n");
    let start = async |url, more: &[&str]| {
        let file = temp_file("toml", &file(url));
        Proxy::start(&[&["--config", file.to_str().unwrap()], more].concat()).await
    };

    let proxy = start("imap+plain://127.0.0.1", &[]).await;
    let mut client = proxy.connect("/imap").await;
    let own = client.0.get_ref().local_addr().unwrap();
    let (header, mut socket) = introduction(&listener).await;
    assert_eq!(header[..20], *b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01");
    assert_eq!(header[24..26], own.port().to_be_bytes());
    assert_eq!(header[26..28], proxy.address.port().to_be_bytes());
    client.send(b"a NOOP\r\n").await;
    assert_eq!(read_until(&mut socket, b"\r\n").await, b"a NOOP\r\n");

    // Before TLS, and with what a trusted reverse proxy told.
    let proxy = start("imaps://localhost", &["--trusted-peer", "127.0.0.1"]).await;
    let forwarded = ("X-Forwarded-For", "203.0.113.9, 192.0.2.1");
    let mut client = connect_through(&proxy, b"", forwarded).await.unwrap();
    let (header, socket) = introduction(&listener).await;
    assert_eq!(header[16..20], [192, 0, 2, 1]);
    let mut stream = accept_tls(socket, Identity::Good).await.unwrap();
    stream.write_all(b"* OK hello\r\n").await.unwrap();
    client.read_until(b"* OK hello\r\n").await;
}

#[tokio::test]
async fn p05_limits_are_those_of_the_client_behind_a_trusted_peer() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let file = temp_file("toml", "[limits]\nconnections_per_address = 1\nrequests_per_address = 1");
    let one_each = ["--imap", &url, "--config", file.to_str().unwrap()];
    let outcome = async |proxy: &Proxy, address| {
        let mut client = connect_through(proxy, b"", ("X-Forwarded-For", address)).await.unwrap();
        client.send(b"in").await;
        let first = client.next().await.unwrap();
        (first.is_binary(), client)
    };
    let trusting = Proxy::start(&[&one_each[..], &["--trusted-peer", "127.0.0.0/8"]].concat()).await;
    let (first, _first) = outcome(&trusting, "192.0.2.1").await;
    let (second, _second) = outcome(&trusting, "192.0.2.2").await;
    let (again, _) = outcome(&trusting, "192.0.2.1").await;
    assert_eq!((first, second, again), (true, true, false));
    // Without trust whatever the header says is the peer's own word.
    let trusting_none = Proxy::start(&one_each).await;
    let (first, _first) = outcome(&trusting_none, "192.0.2.1").await;
    let (second, _) = outcome(&trusting_none, "192.0.2.2").await;
    assert_eq!((first, second), (true, false));
}

#[tokio::test]
async fn p05_a_load_balancer_must_introduce_its_clients() {
    let (port, listener) = held_server().await;
    let file = format!("[[imap]]\nurl = \"imap+plain://127.0.0.1:{port}\"\nproxy_protocol = true\n");
    let file = temp_file("toml", &file);
    let config = ["--config", file.to_str().unwrap(), "--proxy-protocol-from", "127.0.0.1"];
    let proxy = Proxy::start(&config).await;
    let none = ("X-Nothing", "here");
    for (first, address) in [
        (&b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n"[..], [192, 0, 2, 7]),
        (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x08\xc6\x33\x64\x01\x12\x67\x01\xbb", [192, 0, 2, 8]),
        // A health check speaks for itself.
        (b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", [127, 0, 0, 1]),
    ] {
        let _client = connect_through(&proxy, first, none).await.unwrap();
        assert_eq!(introduction(&listener).await.0[16..20], address);
    }
    assert!(connect_through(&proxy, b"", none).await.is_none());
    // From anyone else the same bytes are no HTTP.
    let proxy = Proxy::start(&["--config", file.to_str().unwrap()]).await;
    assert!(connect_through(&proxy, b"PROXY UNKNOWN\r\n", none).await.is_none());
}
