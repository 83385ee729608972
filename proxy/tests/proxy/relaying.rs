//! What passes: bytes, both ways, whole, over each kind of connection, and never too many at once.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

use crate::support::*;

#[tokio::test]
async fn implicit_tls_from_the_first_byte() {
    let port = server(|socket| async move {
        let mut stream = accept_tls(socket, Identity::Good).await.unwrap();
        stream.write_all(b"* OK [CAPABILITY IMAP4rev1] hello\r\n").await.unwrap();
        read_until(&mut stream, b"a1 NOOP\r\n").await;
        stream.write_all(b"a1 OK done\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
    })
    .await;
    let proxy = Proxy::start(&["--imap", &format!("imaps://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    assert_eq!(client.read_until(b"\r\n").await, b"* OK [CAPABILITY IMAP4rev1] hello\r\n");
    client.send(b"a1 NOOP\r\n").await;
    assert_eq!(client.read_until(b"\r\n").await, b"a1 OK done\r\n");
    assert_eq!(client.close().await.0, 1000);
}

#[tokio::test]
async fn nothing_from_before_starttls_passes_on() {
    let port = server(|mut socket| async move {
        socket.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] before\r\n").await.unwrap();
        let line = read_until(&mut socket, b"STARTTLS\r\n").await;
        let tag = String::from_utf8(line).unwrap().split(' ').next().unwrap().to_owned();
        socket.write_all(format!("{tag} OK before\r\n").as_bytes()).await.unwrap();
        let mut stream = accept_tls(socket, Identity::Good).await.unwrap();
        read_until(&mut stream, b"a1 CAPABILITY\r\n").await;
        stream.write_all(b"* CAPABILITY IMAP4rev1\r\na1 OK after\r\n").await.unwrap();
    })
    .await;
    let proxy = Proxy::start(&["--imap", &format!("imap://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let greeting = client.read_until(b"\r\n").await;
    assert!(greeting.starts_with(b"* OK ") && !greeting.contains(&b'['), "no capabilities");
    client.send(b"a1 CAPABILITY\r\n").await;
    let answer = client.read_until(b"a1 OK after\r\n").await;
    assert_eq!(answer, b"* CAPABILITY IMAP4rev1\r\na1 OK after\r\n");
}

#[tokio::test]
async fn smtp_by_starttls() {
    let port = server(|mut socket| async move {
        socket.write_all(b"220 before\r\n").await.unwrap();
        assert!(read_until(&mut socket, b"\r\n").await.starts_with(b"EHLO [127.0.0.1]"));
        socket.write_all(b"250-before\r\n250 STARTTLS\r\n").await.unwrap();
        read_until(&mut socket, b"STARTTLS\r\n").await;
        socket.write_all(b"220 before\r\n").await.unwrap();
        let mut stream = accept_tls(socket, Identity::Good).await.unwrap();
        read_until(&mut stream, b"EHLO me\r\n").await;
        stream.write_all(b"250 after\r\n").await.unwrap();
    })
    .await;
    let proxy = Proxy::start(&["--smtp", &format!("smtp://localhost:{port}")]).await;
    let mut client = proxy.connect("/smtp").await;
    let greeting = client.read_until(b"\r\n").await;
    assert!(greeting.starts_with(b"220 ") && !greeting.ends_with(b"before\r\n"));
    client.send(b"EHLO me\r\n").await;
    assert_eq!(client.read_until(b"\r\n").await, b"250 after\r\n");
}

#[tokio::test]
async fn megabytes_arrive_unharmed() {
    let port = server(|socket| async move {
        let stream = accept_tls(socket, Identity::Good).await.unwrap();
        let (mut reader, mut writer) = tokio::io::split(stream);
        let _ = tokio::io::copy(&mut reader, &mut writer).await;
        let _ = writer.shutdown().await;
    })
    .await;
    let proxy = Proxy::start(&["--imap", &format!("imaps://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[number as usize % 3]).collect();
    // What lies under way between two sockets is less than this, so sending and reading take turns.
    for piece in bytes.chunks(100_000) {
        client.send(piece).await;
        let mut echo = Vec::new();
        while echo.len() < piece.len() {
            echo.extend(client.next().await.unwrap().into_data());
        }
        assert!(echo == piece);
    }
}

#[tokio::test]
async fn p10_a_reader_that_stalls_stops_the_server() {
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://127.0.0.1:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let (server, _) = listener.accept().await.unwrap();
    let (mut sent, mut idle_turns, piece) = (0, 0, [b'x'; 64 * 1024]);
    // Until the sockets' buffers are full and a thousand turns of this thread, which is the proxy's too, move nothing.
    // The proxy itself adds 64 KiB at most, which the relay's own tests measure.
    while idle_turns < 1000 {
        if let Ok(count) = server.try_write(&piece) {
            (sent, idle_turns) = (sent + count, 0);
        }
        assert!(sent < 64 * 1024 * 1024, "the proxy takes all there is");
        idle_turns += 1;
        tokio::task::yield_now().await;
    }
    assert!(sent > 0);
    drop(server);
    let mut received = 0;
    while let Some(Message::Binary(data)) = client.next().await {
        received += data.len();
    }
    assert_eq!(received, sent);
}

#[tokio::test]
async fn plain_to_loopback_ends_after_the_last_words() {
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let (mut server, _) = listener.accept().await.unwrap();
    client.send(b"a LOGOUT\r\n").await;
    client.0.close(None).await.unwrap();
    let mut heard = Vec::new();
    server.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"a LOGOUT\r\n");
}
