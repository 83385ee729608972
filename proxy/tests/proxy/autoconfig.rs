//! The file that a domain publishes, all the way: name, port 443, TLS, the file, the answer to the page.
//!
//! Names lead to a server of ours by an `/etc/hosts` that the proxy alone sees, in a mount namespace of its own. That and
//! port 443 take root: where the system allows neither, this is not tested, and says so.

use std::process::Command;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::binary::{Running, postern};
use crate::http::{body, discover_at};
use crate::support::*;

/// Not the address of anything else on this machine.
const ADDRESS: &str = "127.93.4.43";

/// Runs a program with its first argument as `/etc/hosts`.
const WITH_HOSTS: [&str; 6] =
    ["--mount", "--propagation", "private", "sh", "-c", r#"mount --bind "$0" /etc/hosts && exec "$@""#];

const NAMES: [&str; 2] = ["autoconfig.example.org", "autoconfig.elsewhere.example"];

/// What every domain here publishes.
const FILE: &str = r#"<clientConfig version="1.1"><emailProvider id="it">
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>587</port>
<socketType>STARTTLS</socketType></outgoingServer></emailProvider></clientConfig>"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p01_a_published_file_is_answered_where_the_configuration_allows_it() {
    let hosts = temp_file("hosts", &NAMES.map(|name| format!("{ADDRESS} {name}\n")).concat());
    let able = Command::new("unshare").args(WITH_HOSTS).arg(&hosts).arg("true").status();
    let listener = TcpListener::bind((ADDRESS, 443)).await;
    let (Ok(listener), true) = (listener, able.is_ok_and(|status| status.success())) else {
        eprintln!("not tested: it takes root, port 443 and a mount namespace");
        return;
    };
    let authority = publish(listener);
    let mut command = Command::new("unshare");
    command.args(WITH_HOSTS).arg(hosts).arg(postern().get_program());
    command.args(["--listen", "127.0.0.1:0", "--imap", "imaps://*.example.org"]);
    command.args(["--smtp", "smtp://*.example.org", "--discover", "autoconfig"]);
    command.args(["--allow-address", ADDRESS, "--ca-file"]).arg(authority);
    let proxy = Running::start(command.stdout(std::process::Stdio::piped()));
    let good = concat!(
        r#"{"imap":[{"name":"imap.example.org","label":"imap.example.org","default":false,"clientTls":"forbid","user":"address"}],"#,
        r#""smtp":[{"name":"smtp.example.org","label":"smtp.example.org","default":false,"clientTls":"forbid"}],"sieve":[],"#,
        r#""patterns":{"imap":["*.example.org"],"smtp":["*.example.org"],"sieve":[]}}"#
    );
    let nothing = concat!(
        r#"{"imap":[],"smtp":[],"sieve":[],"#,
        r#""patterns":{"imap":["*.example.org"],"smtp":["*.example.org"],"sieve":[]}}"#
    );
    for (address, expected) in [("alice@example.org", good), ("alice@elsewhere.example", nothing)] {
        let answer = discover_at(proxy.address, address).await;
        assert_eq!(body(&answer), expected, "{address}");
    }
}

/// With patterns alone, and nobody asked what the domain's owner published.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pattern_that_names_the_domain_leads_to_its_usual_hosts() {
    let hosts =
        temp_file("hosts", &format!("{ADDRESS} mail.own.example imap.b.own.example imap.other.example\n"));
    let able = Command::new("unshare").args(WITH_HOSTS).arg(&hosts).arg("true").status();
    if !able.is_ok_and(|status| status.success()) {
        eprintln!("not tested: it takes root and a mount namespace");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(WITH_HOSTS).arg(hosts).arg(postern().get_program());
    command.args(["--listen", "127.0.0.1:0", "--imap", "imaps://*.own.example", "--imap", "imaps://*"]);
    command.args(["--allow-address", ADDRESS]);
    let proxy = Running::start(command.stdout(std::process::Stdio::piped()));
    for (address, host) in [
        ("alice@own.example", Some("mail.own.example")),
        ("alice@b.own.example", Some("imap.b.own.example")),
        // The operator did not write this domain down, so it is no guess to look it up.
        ("alice@other.example", None),
    ] {
        let answer = discover_at(proxy.address, address).await;
        let expected = host.map(|host| format!(r#"{{"imap":[{{"name":"{host}","label":"{host}","#));
        let expected = expected.unwrap_or_else(|| r#"{"imap":[],"#.to_owned());
        assert!(body(&answer).starts_with(&expected), "{address}: {answer}");
    }
}

/// X4: a nameserver that says nothing, and many who wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nameserver_that_is_silent_is_named_and_holds_nobody_up() {
    const SCRIPT: &str = r#"mount --bind "$0" /etc/resolv.conf && exec "$@""#;
    let with_nameserver = ["--mount", "--propagation", "private", "sh", "-c", SCRIPT];
    let nameserver = temp_file("conf", &format!("nameserver {ADDRESS}\noptions timeout:30\n"));
    let able = Command::new("unshare").args(with_nameserver).arg(&nameserver).arg("true").status();
    let silent = tokio::net::UdpSocket::bind((ADDRESS, 53)).await;
    let (Ok(_silent), true) = (silent, able.is_ok_and(|status| status.success())) else {
        eprintln!("not tested: it takes root, port 53 and a mount namespace");
        return;
    };
    let echo = echo_server().await;
    let settings = format!(
        "[[imap]]\nurl = \"imaps://mail.example.com\"\n\
         [[imap]]\nname = \"here\"\nurl = \"imap+plain://127.0.0.1:{echo}\"\n[deadlines]\nconnect = 1\n"
    );
    let mut command = Command::new("unshare");
    command.args(with_nameserver).arg(nameserver).arg(postern().get_program());
    command.args(["--listen", "127.0.0.1:0", "--config"]).arg(temp_file("toml", &settings));
    let proxy = Running::start(command.stdout(std::process::Stdio::piped()));
    let origin = format!("http://{}", proxy.address);
    let waiting = (0..60).map(|_| async {
        let (code, reason) = connect(proxy.address, "/imap", Some(&origin)).await.close().await;
        assert!(
            code == 4502 && reason.starts_with("dns: ") && reason.contains("in time (DNS)"),
            "{code} {reason}"
        );
    });
    let others = async {
        let mut client = connect(proxy.address, "/imap/here", Some(&origin)).await;
        client.send(b"meanwhile").await;
        client.read_until(b"meanwhile").await;
    };
    tokio::join!(futures::future::join_all(waiting), others);
}

/// Serves the file there, and returns whom to trust for it.
fn publish(listener: TcpListener) -> std::path::PathBuf {
    let key = KeyPair::generate().unwrap();
    let names = NAMES.map(str::to_owned).to_vec();
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let authority = temp_file("pem", &certificate.pem());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer(acceptor.clone(), socket));
        }
    });
    authority
}

async fn answer(acceptor: TlsAcceptor, socket: TcpStream) {
    let mut stream = acceptor.accept(socket).await.unwrap();
    let request = read_until(&mut stream, b"\r\n\r\n").await;
    // Whose address it is stays with the proxy.
    assert!(!request.windows(5).any(|five| five == b"alice"), "{}", String::from_utf8_lossy(&request));
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", FILE.len());
    stream.write_all(&[head.as_bytes(), FILE.as_bytes()].concat()).await.unwrap();
    let _ = stream.shutdown().await;
}
