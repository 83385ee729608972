//! What an operator may ask of TLS with one server, and what the proxy then takes and refuses; and TLS with browsers.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::support::*;

/// A server that greets over TLS, and a proxy for which it is `/imap/it` with `settings` as its `tls` table.
async fn proxy(identity: Identity, settings: &str) -> Proxy {
    let port = server(move |socket| async move {
        if let Ok(mut stream) = accept_tls(socket, identity).await {
            let _ = stream.write_all(b"* OK hello\r\n").await;
        }
    })
    .await;
    let text = format!("[[imap]]\nname = \"it\"\nurl = \"imaps://localhost:{port}\"\n{settings}");
    Proxy::start(&["--config", temp_file("toml", &text).to_str().unwrap()]).await
}

async fn check(identity: Identity, settings: &str, refusal: Option<&str>) {
    let proxy = proxy(identity, settings).await;
    let mut client = proxy.connect("/imap/it").await;
    let Some(word) = refusal else {
        assert_eq!(client.read_until(b"\r\n").await, b"* OK hello\r\n", "{identity:?} {settings}");
        return;
    };
    let (code, reason) = client.close().await;
    assert!(reason.starts_with(&format!("{word}: ")), "{identity:?} {settings}: {code} {reason}");
}

#[tokio::test]
async fn an_authority_for_one_server() {
    let other = CERTIFICATES.other_authority_file.display();
    check(Identity::OtherAuthority, "", Some("tls-untrusted")).await;
    check(Identity::OtherAuthority, &format!("tls.ca_files = [\"{other}\"]"), None).await;
    // Those for all still count.
    check(Identity::Good, &format!("tls.ca_files = [\"{other}\"]"), None).await;
    check(Identity::WrongName, &format!("tls.ca_files = [\"{other}\"]"), Some("tls-name")).await;
}

#[tokio::test]
async fn a_pinned_certificate() {
    let pin = format!("tls.pinned_certificate = \"{}\"", CERTIFICATES.self_signed_file.display());
    check(Identity::SelfSigned, "", Some("tls-untrusted")).await;
    check(Identity::SelfSigned, &pin, None).await;
    // Another one is refused, even where an authority vouches for it.
    check(Identity::Good, &pin, Some("tls-untrusted")).await;
}

#[tokio::test]
async fn a_client_certificate() {
    let Certificates { client, client_key, .. } = &*CERTIFICATES;
    let ours = format!(
        "tls.client_certificate = \"{}\"\ntls.client_key = \"{}\"",
        client.display(),
        client_key.display()
    );
    check(Identity::AsksBack, &ours, None).await;
    // In TLS 1.3 the server refuses when the handshake is already over for us.
    check(Identity::AsksBack, "", Some("reset")).await;
}

#[tokio::test]
async fn the_oldest_version() {
    check(Identity::Old, "", None).await;
    check(Identity::Old, "tls.min_version = \"1.3\"", Some("tls-failed")).await;
    check(Identity::Good, "tls.min_version = \"1.3\"", None).await;
}

#[tokio::test]
async fn tls_with_browsers() {
    let Certificates { server, server_key, .. } = &*CERTIFICATES;
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let (certificate, key) = (server.to_str().unwrap(), server_key.to_str().unwrap());
    let arguments = ["--imap", &url, "--tls-certificate", certificate, "--tls-key", key];
    let proxy = Proxy::start(&arguments).await;
    let connect = || connect_tls(proxy.address, &[]);

    let mut request = format!("wss://localhost:{}/imap", proxy.address.port()).into_client_request().unwrap();
    let origin = format!("https://localhost:{}", proxy.address.port());
    request.headers_mut().insert("Origin", origin.parse().unwrap());
    let mut client = Client(client_async(request, connect().await).await.unwrap().0);
    let bytes = vec![b'x'; 300_000];
    client.send(&bytes).await;
    let mut echo = 0;
    while echo < bytes.len() {
        echo += client.next().await.unwrap().len();
    }
    client.0.close(None).await.unwrap();
    assert_eq!(client.close().await.0, 1000);

    let mut stream = connect().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    read_until(&mut stream, b"ok\n").await;
    // Who speaks plain HTTP there gets no answer but TLS's own.
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:02x?}");
}
