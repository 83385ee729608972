//! `postern check` and the start, with settings that self-hosters get wrong: each is told by its cause, with what to write.

use std::fs;
use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use crate::binary::postern;
use crate::support::*;

/// What `postern check` prints and its exit code, for these arguments.
async fn check(arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = postern();
    command.arg("check").args(["--ca-file", authority().to_str().unwrap()]).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// The same for one IMAP server, which must fail with all of these words.
async fn check_server(url: &str, settings: &str, words: &[&str]) {
    let deadlines = "[deadlines]\ntls = 1\nstarttls = 1\nconnect = 2\n";
    let file = temp_file("toml", &format!("[[imap]]\nurl = \"{url}\"\n{settings}\n{deadlines}"));
    let (said, code) = check(&["--config", file.to_str().unwrap()]).await;
    let line =
        said.lines().find(|line| line.starts_with("FAILED  imap")).unwrap_or_else(|| panic!("{url}: {said}"));
    for words in words {
        assert!(line.contains(words), "{url}: {words} not in {line}");
    }
    assert_eq!(code, Some(1), "{url}: {said}");
}

/// A server that says this as soon as someone connects.
async fn greets(greeting: &'static str) -> u16 {
    server(move |mut socket| async move {
        let _ = socket.write_all(greeting.as_bytes()).await;
        let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
    })
    .await
}

/// The same over TLS.
async fn greets_over_tls(greeting: &'static str) -> u16 {
    server(move |socket| async move {
        if let Ok(mut stream) = accept_tls(socket, Identity::Good).await {
            let _ = stream.write_all(greeting.as_bytes()).await;
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    })
    .await
}

/// One that waits to be spoken to, and answers what is no request.
async fn web_server() -> u16 {
    server(|mut socket| async move {
        let _ = tokio::io::AsyncReadExt::read(&mut socket, &mut [0; 512]).await;
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k2_implicit_tls_at_a_port_without_it() {
    let imap = greets("* OK ready\r\n").await;
    let write = format!("write imap://localhost:{imap} (STARTTLS)");
    check_server(
        &format!("imaps://localhost:{imap}"),
        "",
        &["does not speak TLS", &write, "imaps://localhost:993"],
    )
    .await;
    for (greeting, what) in [
        ("220 mail ESMTP\r\n", "an SMTP server answers"),
        ("+OK ready\r\n", "a POP3 server answers"),
        ("SSH-2.0-OpenSSH_9\r\n", "an SSH server answers"),
    ] {
        let url = format!("imaps://localhost:{}", greets(greeting).await);
        check_server(&url, "", &["does not speak TLS", what, "such as imaps://localhost:993"]).await;
    }
    let url = format!("imaps://localhost:{}", web_server().await);
    check_server(&url, "", &["does not speak TLS", "a web server answers"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k3_starttls_at_a_port_with_tls_from_the_first_byte() {
    let port = greets_over_tls("* OK ready\r\n").await;
    let write = format!("speaks TLS from the first byte: write imaps://localhost:{port}");
    check_server(&format!("imap://localhost:{port}"), "", &["handshake-timeout", &write]).await;
    let write = format!("write imaps://127.0.0.1:{port}");
    check_server(&format!("imap+plain://127.0.0.1:{port}"), "", &["silent", &write]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k4_another_protocol_at_the_port() {
    for (greeting, what) in [
        ("220 mail ESMTP\r\n", "an SMTP server answers"),
        ("+OK ready\r\n", "a POP3 server answers"),
        ("SSH-2.0-OpenSSH_9\r\n", "an SSH server answers"),
        ("\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\n", "a ManageSieve server answers"),
    ] {
        let url = format!("imap://localhost:{}", greets(greeting).await);
        check_server(&url, "", &["no such mail server", what, "such as imaps://localhost:993"]).await;
        let url = format!("imap+plain://127.0.0.1:{}", greets(greeting).await);
        check_server(&url, "", &["this is no imap server", what]).await;
        let url = format!("imaps://localhost:{}", greets_over_tls(greeting).await);
        check_server(&url, "", &["this is no imap server", what]).await;
    }
    let url = format!("imap://localhost:{}", web_server().await);
    check_server(&url, "", &["handshake-timeout", "a web server answers"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k6_a_server_that_turns_the_connection_away() {
    const BYE: &str = "* BYE too many connections\r\n";
    let url = format!("imaps://localhost:{}", greets_over_tls(BYE).await);
    check_server(&url, "", &["turns the connection away: * BYE too many connections"]).await;
    let url = format!("imap+plain://127.0.0.1:{}", greets(BYE).await);
    check_server(&url, "", &["turns the connection away"]).await;
    // Before TLS nobody vouches for the words.
    let url = format!("imap://localhost:{}", greets(BYE).await);
    check_server(&url, "", &["turned the connection away"]).await;
    let url = format!("imaps://localhost:{}", greets_over_tls("* PREAUTH hello\r\n").await);
    check_server(&url, "", &["PREAUTH"]).await;
}

/// Serves TLS with a self-signed certificate as OpenSSL makes it: one that calls itself an authority.
async fn self_signed_as_openssl_does() -> (u16, PathBuf) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let file = temp_file("pem", &certificate.pem());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).unwrap());
    let port = server(move |socket| {
        let acceptor = TlsAcceptor::from(Arc::clone(&config));
        async move {
            if let Ok(mut stream) = acceptor.accept(socket).await {
                let _ = stream.write_all(b"* OK ready\r\n").await;
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            }
        }
    })
    .await;
    (port, file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k5_a_self_signed_certificate_is_pinned_and_no_authority() {
    let (port, file) = self_signed_as_openssl_does().await;
    let url = format!("imaps://localhost:{port}");
    check_server(&url, "", &["tls-untrusted", "tls.pinned_certificate"]).await;
    check_server(
        &url,
        &format!("tls.ca_files = [{file:?}]"),
        &["tls-untrusted", "self-signed", "tls.pinned_certificate"],
    )
    .await;
    let other = &CERTIFICATES.self_signed_file;
    check_server(
        &url,
        &format!("tls.pinned_certificate = {other:?}"),
        &["another certificate than the pinned one"],
    )
    .await;
    let settings = format!("[[imap]]\nurl = \"{url}\"\ntls.pinned_certificate = {file:?}\n");
    let (said, code) = check(&["--config", temp_file("toml", &settings).to_str().unwrap()]).await;
    assert!(said.contains("ok      imap") && code == Some(0), "{said}");
}

/// The PROXY protocol at one of the two ends alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_expects_another_introduction() {
    let port = greets_over_tls("* OK ready\r\n").await;
    let url = format!("imaps://localhost:{port}");
    check_server(&url, "proxy_protocol = true", &["told the client's address first", "haproxy = yes"]).await;
    let silent = server(|mut socket| async move {
        let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
    })
    .await;
    let url = format!("imaps://localhost:{silent}");
    check_server(&url, "", &["handshake-timeout", "proxy_protocol = true?"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_of_tls_that_is_too_old_and_a_name_that_is_not_there() {
    let old = server(|socket| async move {
        let _ = accept_tls(socket, Identity::Old).await;
    })
    .await;
    check_server(
        &format!("imaps://localhost:{old}"),
        "tls.min_version = \"1.3\"",
        &["tls-failed", "tls.min_version"],
    )
    .await;
    let other = server(|socket| async move {
        let _ = accept_tls(socket, Identity::WrongName).await;
    })
    .await;
    let words = ["tls-name", "other.example", "write a name that the certificate has"];
    check_server(&format!("imaps://localhost:{other}"), "", &words).await;
}

/// What keeps the proxy from starting, in words that go further than the system's.
#[test]
fn files_and_ports_that_are_of_no_use() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let Certificates { server, server_key, client_key, .. } = &*CERTIFICATES;
    let [server, server_key, client_key] =
        [server, server_key, client_key].map(|file| file.to_str().unwrap());
    let encrypted = temp_file(
        "pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    let tls = |certificate: &str, key: &str| {
        ["--tls-certificate", certificate, "--tls-key", key].map(str::to_owned).to_vec()
    };
    for (arguments, words) in [
        (vec!["--listen".to_owned(), taken], "another program listens there"),
        (vec!["--listen".to_owned(), "192.0.2.1:80".to_owned()], "does not have that address"),
        (tls(server, client_key), "the key is not this certificate's"),
        (tls(server, encrypted.to_str().unwrap()), "openssl pkey"),
        (tls(server_key, server), "a private key in it and no certificate, as where two files are swapped"),
        (vec!["--origin".to_owned(), "'https://a.test'".to_owned()], "leave them out"),
    ] {
        let output = postern().args(["--imap", "imaps://a.test"]).args(&arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_is_closed_is_told_from_a_name_that_is_not_there() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    check_server(&format!("imaps://localhost:{closed}"), "", &["refused: nothing answers", "127.0.0.1"])
        .await;
    check_server("imaps://nobody.invalid", "", &["dns: ", "(DNS)"]).await;
}

/// A certificate of the browsers' side, and its key.
fn own(names: &[&str], from: (i32, u8, u8), until: (i32, u8, u8)) -> [String; 2] {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    [certificate.pem(), key.serialize_pem()].map(|text| temp_file("pem", &text).to_str().unwrap().to_owned())
}

/// Year, month and day so many days from now.
fn day(from_now: i64) -> (i32, u8, u8) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let days = i64::try_from(now / 86_400).unwrap() + from_now;
    // Howard Hinnant's `civil_from_days`, for years after 1970.
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year.try_into().unwrap(), month.try_into().unwrap(), day.try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k1_an_own_certificate_that_browsers_refuse() {
    let imap = format!("imaps://localhost:{}", greets_over_tls("* OK ready\r\n").await);
    let origin = "https://mail.example.com";
    let good = ["mail.example.com"];
    for (names, from, until, expected, code) in [
        (good, day(-90), day(-30), "FAILED  certificate", Some(1)),
        (good, day(-90), day(7), "warning certificate", Some(0)),
        (good, day(5), day(90), "FAILED  certificate", Some(1)),
        (["other.example"], day(-1), day(90), "FAILED  certificate", Some(1)),
        (good, day(-1), day(90), "warning certificate", Some(0)),
    ] {
        let [certificate, key] = own(&names, from, until);
        let arguments =
            ["--imap", &imap, "--tls-certificate", &certificate, "--tls-key", &key, "--origin", origin];
        let (said, got) = check(&arguments).await;
        assert!(said.lines().any(|line| line.starts_with(expected)), "{names:?} {from:?} {until:?}: {said}");
        assert_eq!(got, code, "{said}");
    }
    let [certificate, key] = own(&["other.example"], day(-90), day(-30));
    let arguments =
        ["--imap", &imap, "--tls-certificate", &certificate, "--tls-key", &key, "--origin", origin];
    let (said, _) = check(&arguments).await;
    for words in
        ["days ago, and browsers refuse it; renew it", "for another name than https://mail.example.com"]
    {
        assert!(said.contains(words), "{words} not in {said}");
    }
    // One that an authority vouches for is good.
    let Certificates { server, server_key, .. } = &*CERTIFICATES;
    let identity = ["--tls-certificate", server.to_str().unwrap(), "--tls-key", server_key.to_str().unwrap()];
    let (said, code) =
        check(&[&["--imap", &imap, "--origin", "https://localhost"], &identity[..]].concat()).await;
    assert!(said.contains("ok      certificate") && code == Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_finds_a_unix_socket_that_cannot_be_made() {
    let imap = format!("imaps://localhost:{}", greets_over_tls("* OK ready\r\n").await);
    let file = temp_file("sock", "mine");
    let file = file.to_str().unwrap();
    for (path, words) in [
        (file.to_owned(), "it is no socket; move it away"),
        (format!("{file}-missing/postern.sock"), "the folder for it is not there; make it"),
        (format!("{file}/postern.sock"), "choose another with --listen"),
    ] {
        let (said, code) = check(&["--imap", &imap, "--listen", &format!("unix:{path}")]).await;
        let line = said.lines().find(|line| line.starts_with("FAILED  listen"));
        assert!(line.is_some_and(|line| line.contains(words)), "{path}: {said}");
        assert_eq!(code, Some(1), "{said}");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
    // One on which somebody listens is left alone: it is that of the proxy that runs.
    let socket = format!("{file}-live");
    let _live = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let (said, code) = check(&["--imap", &imap, "--listen", &format!("unix:{socket}")]).await;
    assert_eq!(code, Some(0), "{said}");
    fs::remove_file(socket).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k7_settings_that_are_seldom_meant_are_warned_of() {
    let imap = format!("imaps://localhost:{}", greets_over_tls("* OK ready\r\n").await);
    for (arguments, words) in [
        (&["--listen", "0.0.0.0:8080"][..], "without TLS: passwords cross the network readable"),
        (&["--listen", "[::]:8080"], "without TLS"),
        (&["--origin", "http://mail.example.com"], "https:// only"),
        (&["--origin", "https://mail.example.com"], "--trusted-peer 127.0.0.1"),
        (&["--trusted-peer", "0.0.0.0/0"], "anyone may claim any address"),
    ] {
        let (said, code) = check(&[&["--imap", &imap], arguments].concat()).await;
        let line = said.lines().find(|line| line.starts_with("warning listen"));
        assert!(line.is_some_and(|line| line.contains(words)), "{arguments:?}: {said}");
        assert_eq!(code, Some(0), "{said}");
    }
    for arguments in [
        &[][..],
        &["--origin", "http://localhost:8080"],
        &["--origin", "https://mail.example.com", "--trusted-peer", "127.0.0.1"],
        &["--origin", "https://mail.example.com", "--listen", "unix:/run/postern.sock"],
    ] {
        let (said, _) = check(&[&["--imap", &imap], arguments].concat()).await;
        assert!(!said.contains("warning"), "{arguments:?}: {said}");
    }
}

/// What runs says the same in its log, and in a figure that an alert can be set on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_expires_soon_is_in_the_log_and_in_the_figures() {
    let [certificate, key] = own(&["localhost"], day(-90), day(7));
    let mut command = postern();
    command.args(["--listen", "127.0.0.1:0", "--imap", "imaps://a.test"]);
    command.args(["--tls-certificate", &certificate, "--tls-key", &key]);
    let running = crate::binary::Running::start(&mut command);
    let figures = tls_get(running.address, &certificate, "/metrics").await;
    let line =
        figures.lines().find(|line| line.starts_with("postern_tls_certificate_not_after_seconds ")).unwrap();
    let not_after: u64 = line.rsplit(' ').next().unwrap().parse().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!((now + 5 * 86_400..now + 8 * 86_400).contains(&not_after), "{line}");
    running.signal("-TERM");
    let (_, log) = running.wait();
    assert!(log.contains("WARN") && log.contains("expires in 6 days; renew it"), "{log}");
}

/// What a browser that trusts this certificate gets at a path.
async fn tls_get(address: std::net::SocketAddr, certificate: &str, path: &str) -> String {
    use rustls::{ClientConfig, RootCertStore};
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;
    use tokio::io::AsyncReadExt;

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&fs::read(certificate).unwrap()).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect("localhost".try_into().unwrap(), socket).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.contains("strict-transport-security: max-age=15552000"), "{answer}");
    answer
}
