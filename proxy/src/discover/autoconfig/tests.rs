//! Files as they are published, and as they are not; and a web server that may be anything.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::config::{Config, Source};
use crate::discover::srv::Nameserver;
use crate::shared::{Kept, prepare};

const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="example.org">
    <domain>example.org</domain>
    <incomingServer type="pop3"><hostname>pop.example.org</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>plain.example.org</hostname><port>143</port><socketType>plain</socketType></incomingServer>
    <incomingServer type="imap">
      <hostname> IMAP.%EMAILDOMAIN% </hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username>
    </incomingServer>
    <incomingServer type="imap"><hostname>second.example.org</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.example.org</hostname><port>587</port><socketType>STARTTLS</socketType>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>"#;

#[test]
fn the_first_server_with_tls_of_each_kind_counts() {
    let found =
        |kind, security, host: &str, port, user| Found { kind, security, host: host.to_owned(), port, user };
    assert_eq!(
        parse(FILE, "example.org"),
        [
            found(Kind::Imap, Security::Implicit, "imap.example.org", 993, Some(User::Local)),
            found(Kind::Smtp, Security::StartTls, "smtp.example.org", 587, Some(User::Address)),
        ]
    );
}

#[test]
fn what_is_no_such_file_names_nothing() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;\">]><incomingServer type=\"imap\">\
                <hostname>&c;</hostname><port>993</port><socketType>SSL</socketType></incomingServer>";
    let deep = "<a>".repeat(20_000);
    let wrong_port = FILE.replace("993", "99993").replace("587", "-1");
    for text in ["", "<html>404</html>", "not XML", "{}", bomb, &deep, &wrong_port] {
        assert_eq!(parse(text, "example.org"), [], "{}", &text[..text.len().min(80)]);
    }
}

/// A web server on loopback that says `answer` over TLS to one request, and what is read from it.
async fn fetched(answer: Vec<u8>) -> (Option<String>, String) {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let name = format!("postern-{}-autoconfig-{}.pem", std::process::id(), answer.len());
    let authority = std::env::temp_dir().join(name);
    std::fs::write(&authority, certificate.pem()).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut stream = TlsAcceptor::from(Arc::new(config)).accept(socket).await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
        String::from_utf8(request).unwrap()
    });
    let arguments = ["postern", "--imap", "imaps://*", "--ca-file", authority.to_str().unwrap()];
    let config = Config::from_arguments(arguments).unwrap();
    let kept = Kept::new(&config);
    let shared = prepare(config, kept).unwrap();
    let finder = Finder::new(
        vec![Source::Autoconfig],
        Nameserver::of_system(),
        Arc::clone(&shared.connector),
        shared.server_tls[0].clone(),
        Duration::from_secs(20),
    );
    let text = fetch(&finder, "localhost", port, "/mail/config-v1.1.xml").await;
    std::fs::remove_file(authority).unwrap();
    (text, serving.await.unwrap())
}

#[tokio::test]
async fn a_file_is_fetched_over_tls() {
    let (text, request) = fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<xml>".to_vec()).await;
    assert_eq!(text.as_deref(), Some("<xml>"));
    assert!(request.starts_with("GET /mail/config-v1.1.xml HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains('@') && !request.contains('?'), "{request}");
}

#[tokio::test]
async fn what_is_no_file_is_not_read() {
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b'x'; 10 * MAX_FILE]].concat();
    let head = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &vec![b'x'; 10 * MAX_HEAD]].concat();
    for answer in [
        b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".as_slice(),
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n<xml>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe",
        b"* OK IMAP4rev1\r\n",
        b"",
        &endless,
        &head,
    ] {
        assert_eq!(
            fetched(answer.to_vec()).await.0,
            None,
            "{}",
            String::from_utf8_lossy(&answer[..answer.len().min(60)])
        );
    }
}
