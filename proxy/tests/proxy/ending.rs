//! FIN and RST from each side, and the drain.

use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::*;

/// A relayed connection with both ends in hand.
async fn pair(proxy: &Proxy, listener: &tokio::net::TcpListener) -> (Client, TcpStream) {
    let client = proxy.connect("/imap").await;
    (client, listener.accept().await.unwrap().0)
}

#[tokio::test]
async fn p13_fin_and_rst_from_each_side() {
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://127.0.0.1:{port}")]).await;

    // The server's FIN, behind its last words.
    let (mut client, mut server) = pair(&proxy, &listener).await;
    server.write_all(b"* BYE\r\n").await.unwrap();
    server.shutdown().await.unwrap();
    assert_eq!(client.read_until(b"\r\n").await, b"* BYE\r\n");
    assert_eq!(client.close().await.0, 1000);
    assert!(client.next().await.is_none());
    assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);

    // The server's RST.
    let (mut client, server) = pair(&proxy, &listener).await;
    server.set_zero_linger().unwrap();
    drop(server);
    let (code, reason) = client.close().await;
    assert!(code == 4502 && reason.starts_with("reset: "), "{code} {reason}");

    // The client's FIN without a Close frame: what it sent still arrives.
    let (mut client, mut server) = pair(&proxy, &listener).await;
    client.send(b"last words").await;
    client.0.get_mut().shutdown().await.unwrap();
    let mut heard = Vec::new();
    server.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"last words");

    // The client's RST: nobody is left to talk to, so the server's side ends at once.
    let (client, mut server) = pair(&proxy, &listener).await;
    client.0.get_ref().set_zero_linger().unwrap();
    drop(client);
    let ended = tokio::time::timeout(PATIENCE, server.read(&mut [0; 8])).await.unwrap();
    assert!(matches!(ended, Ok(0) | Err(_)));
}

#[tokio::test]
async fn p14_a_drain_tells_everyone_and_waits_for_them() {
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://127.0.0.1:{port}")]).await;
    let (mut first, _first_server) = pair(&proxy, &listener).await;
    let (mut second, _second_server) = pair(&proxy, &listener).await;
    proxy.stop.cancel();
    for client in [&mut first, &mut second] {
        let (code, reason) = client.close().await;
        assert!(code == 1001 && reason.starts_with("going-away: "), "{code} {reason}");
        // tungstenite answers the Close frame while it is read on.
        assert!(client.next().await.is_none());
    }
    tokio::time::timeout(PATIENCE, proxy.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(proxy.address).await.is_err());
}

#[tokio::test]
async fn p14_a_drain_ends_at_its_deadline() {
    let (port, listener) = held_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let proxy = Proxy::with_file(&url, "[deadlines]\nshutdown = 0.1").await;
    // A client that never answers the Close frame.
    let (client, _server) = pair(&proxy, &listener).await;
    proxy.stop.cancel();
    tokio::time::timeout(PATIENCE, proxy.task).await.unwrap().unwrap();
    drop(client);
}

#[tokio::test]
async fn p14_a_drain_reaches_those_who_are_still_connecting() {
    // A server that accepts and never starts TLS.
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imaps://localhost:{port}")]).await;
    let (mut client, _server) = pair(&proxy, &listener).await;
    proxy.stop.cancel();
    assert_eq!(client.close().await.0, 1001);
}

#[tokio::test]
async fn p12_pings_come_and_a_silent_client_is_cut() {
    let (port, _listener) = held_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let proxy = Proxy::with_file(&url, "[deadlines]\nping = 0.02\npong = 0.1").await;
    let mut client = proxy.connect("/imap").await;
    // tungstenite answers a ping only when it is driven, so the raw socket below it stays silent.
    let mut bytes = Vec::new();
    let socket = client.0.get_mut();
    while !bytes.windows(6).any(|window| window == b"idle: ") {
        assert!(socket.read_buf(&mut bytes).await.unwrap() > 0, "{bytes:02x?}");
    }
    assert!(bytes.starts_with(b"\x89\x00"), "a ping came first: {bytes:02x?}");

    // One who answers stays, for many times the deadline.
    let mut client = proxy.connect("/imap").await;
    for _ in 0..20 {
        assert!(matches!(client.0.next().await, Some(Ok(Message::Ping(_)))));
    }
}
