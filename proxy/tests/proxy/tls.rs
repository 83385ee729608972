//! What an operator may ask of TLS with one server, and what the proxy then takes and refuses.

use tokio::io::AsyncWriteExt;

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
