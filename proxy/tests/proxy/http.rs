//! What the proxy answers over HTTP, read by hand: headers are what is tested here.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::binary::{Running, postern};
use crate::support::*;

pub(crate) async fn request(proxy: &Proxy, head: &str) -> String {
    request_at(proxy.address, head).await
}

pub(crate) async fn request_at(address: SocketAddr, head: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("{head}\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asks where an address signs in, as the proxy's own page does it.
pub(crate) async fn discover(proxy: &Proxy, address: &str) -> String {
    discover_at(proxy.address, address).await
}

pub(crate) async fn discover_at(proxy: SocketAddr, address: &str) -> String {
    let question = format!("{{\"address\": \"{}\"}}", address.replace('"', "\\\""));
    let headers = [format!("Origin: http://{proxy}"), "Content-Type: application/json".to_owned()];
    post_at(proxy, "/api/discover", &headers, question.as_bytes()).await
}

async fn post_at(proxy: SocketAddr, path: &str, headers: &[String], body: &[u8]) -> String {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let head = format!("POST {path} HTTP/1.1\r\n{headers}Content-Length: {}", body.len());
    let mut socket = TcpStream::connect(proxy).await.unwrap();
    let head = format!("{head}\r\nHost: {proxy}\r\nConnection: close\r\n\r\n");
    socket.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap();
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

async fn proxy() -> Proxy {
    Proxy::start(&[
        "--imap",
        "imaps://mail.example.com",
        "--imap",
        "work=imaps://b.test",
        "--smtp",
        "x=smtp://c.test",
        "--imap",
        "imaps://*.d.test",
    ])
    .await
}

#[tokio::test]
async fn every_answer_carries_the_pages_limits() {
    let proxy = proxy().await;
    for path in ["/", "/nothing", "/healthz", "/api/config", "/imap"] {
        let answer = request(&proxy, &format!("GET {path} HTTP/1.1")).await;
        let policy = header(&answer, "content-security-policy").unwrap();
        for directive in [
            "default-src 'none'; ",
            "script-src 'self' 'wasm-unsafe-eval'; ",
            "connect-src 'self'; ",
            "frame-ancestors 'none'; ",
            "base-uri 'none'; ",
            "form-action 'none'; ",
            "require-trusted-types-for 'script'; ",
        ] {
            assert!(policy.contains(directive), "{path}: {directive} not in {policy}");
        }
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-dns-prefetch-control", "off"),
        ] {
            assert_eq!(header(&answer, name), Some(value), "{path}");
        }
        assert_eq!(header(&answer, "set-cookie"), None);
    }
}

#[tokio::test]
async fn the_page_has_a_strong_validator() {
    let proxy = proxy().await;
    let answer = request(&proxy, "GET / HTTP/1.1").await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && body(&answer).contains("<!doctype html>"), "{answer}");
    assert_eq!(header(&answer, "content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(header(&answer, "cache-control"), Some("no-cache"));
    let tag = header(&answer, "etag").unwrap();
    assert!(tag.starts_with('"'));
    for matching in [tag.to_owned(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let again = request(&proxy, &format!("GET / HTTP/1.1\r\nIf-None-Match: {matching}")).await;
        assert!(again.starts_with("HTTP/1.1 304 ") && body(&again).is_empty(), "{matching}: {again}");
        assert_eq!(header(&again, "etag"), Some(tag));
    }
    let other = request(&proxy, "GET / HTTP/1.1\r\nIf-None-Match: \"x\"").await;
    assert!(other.starts_with("HTTP/1.1 200 "));

    let head = request(&proxy, "HEAD / HTTP/1.1").await;
    assert_eq!(header(&head, "content-length"), header(&answer, "content-length"));
    assert_eq!(body(&head), "");

    let compressed = request(&proxy, "GET / HTTP/1.1\r\nAccept-Encoding: gzip, br").await;
    assert_eq!(header(&compressed, "content-encoding"), Some("br"));
    assert_eq!(header(&compressed, "vary"), Some("Accept-Encoding"));
    assert_ne!(header(&compressed, "etag"), Some(tag));
    let refused = request(&proxy, "GET / HTTP/1.1\r\nAccept-Encoding: br;q=0").await;
    assert_eq!(header(&refused, "content-encoding"), None);
}

#[tokio::test]
async fn other_paths_and_methods() {
    let proxy = proxy().await;
    for (head, status) in [
        ("GET /nothing HTTP/1.1", 404),
        ("GET /../Cargo.toml HTTP/1.1", 404),
        ("GET /assets/ HTTP/1.1", 404),
        ("POST / HTTP/1.1", 405),
        ("GET /imap HTTP/1.1", 426),
        ("CONNECT mail.example.com:993 HTTP/1.1", 405),
        ("OPTIONS * HTTP/1.1", 405),
        ("GET /healthz HTTP/1.1", 200),
        ("GET /licences.txt HTTP/1.1", 200),
        ("GET /imap HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13", 400),
    ] {
        let answer = request(&proxy, head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
}

/// CVE-2023-43669: a head without end.
#[tokio::test]
async fn p07_heads_are_bounded() {
    let proxy = proxy().await;
    let upgrade =
        "GET /imap HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13";
    for start in ["GET / HTTP/1.1", upgrade] {
        for more in [format!("X: {}", "x".repeat(20_000)), vec!["X: x"; 200].join("\r\n")] {
            let answer = request(&proxy, &format!("{start}\r\n{more}")).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{start} {}: {answer}", &more[..8]);
        }
    }
}

#[tokio::test]
async fn the_page_learns_what_it_may_offer() {
    let answer = request(&proxy().await, "GET /api/config HTTP/1.1").await;
    assert_eq!(header(&answer, "content-type"), Some("application/json"));
    let server = |name: &str, label: &str, default: bool| {
        format!(r#"{{"name":{name},"label":"{label}","default":{default},"clientTls":"forbid"}}"#)
    };
    let expected = format!(
        r#"{{"imap":[{},{}],"smtp":[{}],"sieve":[],"patterns":{{"imap":["*.d.test"],"smtp":[],"sieve":[]}},"discovery":false,"version":"{}"}}"#,
        server("null", "mail.example.com", true),
        server("\"work\"", "b.test", false),
        server("\"x\"", "c.test", false),
        env!("CARGO_PKG_VERSION"),
    );
    assert_eq!(body(&answer), expected);
}

#[tokio::test]
async fn an_address_leads_to_the_servers_that_serve_it() {
    let text = "
        imap = [
            { url = 'imaps://mail.example.com' },
            { name = 'work', url = 'imaps://b.test', client_tls = 'allow', domains = ['Work.example', 'bücher.example'] },
        ]
        smtp = [{ name = 'x', url = 'smtp://smtp.example.com' }]";
    let proxy = Proxy::start(&["--config", temp_file("toml", text).to_str().unwrap()]).await;
    let default = r#"{"name":null,"label":"mail.example.com","default":true,"clientTls":"forbid"}"#;
    let work = r#"{"name":"work","label":"b.test","default":false,"clientTls":"allow"}"#;
    let x = r#"{"name":"x","label":"smtp.example.com","default":false,"clientTls":"forbid"}"#;
    for (address, imap, smtp) in [
        ("alice@example.com", default, x),
        ("alice@Mail.Example.COM", default, ""),
        ("  alice@example.com.  ", default, x),
        ("alice@work.example", work, ""),
        ("\"a@b\"@work.example", work, ""),
        ("alice@bücher.example", work, ""),
        ("alice@BÜCHER.example", work, ""),
        ("alice@xn--bcher-kva.example", work, ""),
        // Named domains are all there are; what looks like one and top-level domains are nobody's.
        ("alice@b.test", "", ""),
        ("alice@ample.com", "", ""),
        ("alice@com", "", ""),
        ("alice@evil.example.com.test", "", ""),
    ] {
        let answer = discover(&proxy, address).await;
        let patterns = r#""patterns":{"imap":[],"smtp":[],"sieve":[]}"#;
        let expected = format!(r#"{{"imap":[{imap}],"smtp":[{smtp}],"sieve":[],{patterns}}}"#);
        assert_eq!(body(&answer), expected, "{address}");
        assert_eq!(header(&answer, "cache-control"), Some("no-cache"));
    }
}

#[tokio::test]
async fn a_question_that_is_none_is_refused_with_words() {
    let proxy = proxy().await;
    let json = "Content-Type: application/json".to_owned();
    let origin = format!("Origin: {}", proxy.origin());
    let both = [origin.clone(), json.clone()];
    let good = br#"{"address":"alice@example.com"}"#;
    for (headers, body, status) in [
        (&both[..], &good[..], 200),
        (&[origin.clone(), "Content-Type: application/json; charset=utf-8".to_owned()], good, 200),
        (&both, br#"{"address":""}"#, 400),
        (&both, br#"{"address":"alice"}"#, 400),
        (&both, br#"{"address":"@a.test"}"#, 400),
        (&both, br#"{"address":"alice@"}"#, 400),
        (&both, br#"{"name":"x@a.test"}"#, 400),
        (&both, br#"{"address":7}"#, 400),
        (&both, b"address=alice@example.com", 400),
        (&both, b"", 400),
        (&both, &[b'x'; 5000], 413),
        // What another page could send without the browser's asking first.
        (&[origin.clone(), "Content-Type: text/plain".to_owned()], good, 415),
        (std::slice::from_ref(&origin), good, 415),
        (std::slice::from_ref(&json), good, 403),
        (&["Origin: null".to_owned(), json.clone()], good, 403),
        (&["Origin: https://evil.test".to_owned(), json.clone()], good, 403),
    ] {
        let answer = post_at(proxy.address, "/api/discover", headers, body).await;
        let words = String::from_utf8_lossy(body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{headers:?} {words}: {answer}");
    }
    // An address in a URL would end in web servers' logs.
    let answer = request(&proxy, "GET /api/discover?address=alice@example.com HTTP/1.1").await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert_eq!(header(&answer, "allow"), Some("POST"));
    assert!(body(&answer).contains("address in the body"), "{answer}");
}

#[tokio::test]
async fn figures_are_for_those_who_may_see_them() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let proxy = Proxy::start(&["--imap", &url]).await;
    let mut client = proxy.connect("/imap").await;
    client.send(b"twelve bytes").await;
    client.read_until(b"twelve bytes").await;
    assert_eq!(proxy.refusal("/imap/nobody").await.0, 4400);
    let answer = request(&proxy, "GET /metrics HTTP/1.1").await;
    assert_eq!(header(&answer, "content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "postern_connections_open{upstream=\"imap\"} 1",
        "postern_bytes_total{upstream=\"imap\",direction=\"up\"} 12",
        "postern_bytes_total{upstream=\"imap\",direction=\"down\"} 12",
        "postern_handshake_seconds_count{upstream=\"imap\"} 1",
        "postern_refusals_total{upstream=\"\",reason=\"unknown-upstream\"} 1",
    ] {
        assert!(body(&answer).lines().any(|candidate| candidate == line), "{line} not in {answer}");
    }
    client.0.close(None).await.unwrap();
    while client.next().await.is_some() {}
    let ended = "postern_connections_total{upstream=\"imap\",outcome=\"closed\"} 1\n";
    while !request(&proxy, "GET /metrics HTTP/1.1").await.contains(ended) {}

    let passed_on = request(&proxy, "GET /metrics HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1").await;
    assert!(passed_on.starts_with("HTTP/1.1 403 ") && !passed_on.contains("postern_"), "{passed_on}");
    let elsewhere = Proxy::start(&["--imap", &url, "--metrics-from", "192.0.2.0/24"]).await;
    assert!(request(&elsewhere, "GET /metrics HTTP/1.1").await.starts_with("HTTP/1.1 403 "));
}

#[tokio::test]
async fn a_load_balancer_is_told_to_look_elsewhere() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    let proxy = Proxy::with_file(&url, "[limits]\nconnections = 1\n[deadlines]\nnotice = 3600").await;
    assert!(request(&proxy, "GET /readyz HTTP/1.1").await.ends_with("ready\n"));
    let mut client = proxy.connect("/imap").await;
    client.send(b"in").await;
    client.read_until(b"in").await;
    let full = request(&proxy, "GET /readyz HTTP/1.1").await;
    assert!(full.starts_with("HTTP/1.1 503 ") && body(&full) == "full\n", "{full}");
    // Between the signal and the drain: 503, and all goes on.
    proxy.stop.cancel();
    while body(&request(&proxy, "GET /readyz HTTP/1.1").await) != "draining\n" {}
    client.send(b"still here").await;
    client.read_until(b"still here").await;
    assert!(request(&proxy, "GET /healthz HTTP/1.1").await.ends_with("ok\n"));
}

#[tokio::test]
async fn p06_connections_that_ask_nothing_are_bounded() {
    let proxy = Proxy::with_file("imaps://a.test", "[limits]\nrequests_per_address = 2").await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut socket = TcpStream::connect(proxy.address).await.unwrap();
        socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        read_until(&mut socket, b"ok\n").await;
        held.push(socket);
    }
    let mut refused = TcpStream::connect(proxy.address).await.unwrap();
    assert_eq!(refused.read(&mut [0; 8]).await.unwrap(), 0);
    // Those that are in stay, and one that leaves makes room.
    held[0].write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    read_until(&mut held[0], b"ok\n").await;
    held.pop();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        // Until its place is free a refusal may also cut off the writing.
        let mut socket = TcpStream::connect(proxy.address).await.unwrap();
        let _ = socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        let _ = socket.read_to_end(&mut answer).await;
    }
}

#[tokio::test]
async fn p07_a_request_that_does_not_come_is_not_waited_for() {
    let proxy = Proxy::with_file("imaps://a.test", "[deadlines]\nrequest = 0.05").await;
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
}

#[tokio::test]
async fn p04_nothing_rests_on_a_cookie() {
    let proxy = proxy().await;
    for path in ["/", "/api/config", "/metrics", "/readyz"] {
        let without = request(&proxy, &format!("GET {path} HTTP/1.1")).await;
        let with = request(&proxy, &format!("GET {path} HTTP/1.1\r\nCookie: session=1; user=alice")).await;
        assert_eq!(header(&without, "set-cookie"), None, "{path}");
        let head = |answer: &str| answer.lines().next().unwrap().to_owned();
        assert_eq!(head(&without), head(&with), "{path}");
    }
    let headers = ["Origin: https://evil.test", "Content-Type: application/json", "Cookie: session=1"];
    let question = br#"{"address":"alice@example.com"}"#;
    let answer = post_at(proxy.address, "/api/discover", &headers.map(str::to_owned), question).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    // The one thing that a page of another origin has is the person's cookies.
    let upgrade = "GET /imap HTTP/1.1\r\nOrigin: https://evil.test\r\nCookie: session=1\r\nUpgrade: websocket\r\n\
                   Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    socket.write_all(format!("{upgrade}\r\nHost: {}\r\n\r\n", proxy.address).as_bytes()).await.unwrap();
    let head = read_until(&mut socket, b"\r\n\r\n").await;
    assert!(!String::from_utf8(head).unwrap().contains("set-cookie"));
    let close = read_until(&mut socket, b"origin-refused: ").await;
    assert_eq!(close[2..4], 4403_u16.to_be_bytes());
}

#[tokio::test]
async fn p09_no_compression_is_agreed() {
    let port = echo_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://127.0.0.1:{port}")]).await;
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    let head = format!(
        "GET /imap HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
        proxy.address,
        proxy.origin()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let answer = String::from_utf8(read_until(&mut socket, b"\r\n\r\n").await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 101 ") && !answer.contains("sec-websocket-extensions"), "{answer}");
    // A frame that says that it is compressed.
    socket.write_all(b"\xc2\x81\0\0\0\0x").await.unwrap();
    let close = read_until(&mut socket, b"protocol: ").await;
    assert_eq!(close[2..4], 1002_u16.to_be_bytes());
}

/// Requests for a WebSocket with bytes changed, lost, doubled and put in, a thousand of them: each is answered or hung up
/// on, and nothing panics.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p17_a_damaged_upgrade_ends() {
    let file = temp_file("toml", "[limits]\nstarts_per_minute = 100000\nshort_per_minute = 100000\n");
    let arguments = ["--listen", "127.0.0.1:0", "--imap", "imap+plain://127.0.0.1:1", "--log", "warn"];
    let proxy = Running::start(postern().args(arguments).arg("--config").arg(file));
    let address = proxy.address;
    let whole = format!(
        "GET /imap?tls=client HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\
         \u{2}"
    );
    let mut random = Random(0x5eed);
    for _ in 0..1000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.byte(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, random.byte()),
                _ => bytes.extend_from_within(at..),
            }
        }
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(&bytes).await.unwrap();
        socket.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "no end of {:?}", String::from_utf8_lossy(&bytes));
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{answer:02x?}");
    }
    assert!(request_at(address, "GET /healthz HTTP/1.1").await.ends_with("ok\n"));
    proxy.signal("-TERM");
    let (code, log) = proxy.wait();
    assert!(code == Some(0) && !log.contains("panicked"), "{log}");
}

/// The same each time (Steele and Vigna's `SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// X2: what nginx sends that was not told to pass an upgrade on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_that_a_web_server_dropped_is_said_in_the_log_and_the_answer() {
    let running =
        Running::start(postern().args(["--listen", "127.0.0.1:0", "--imap", "imaps://mail.example.com"]));
    let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    for (head, status) in [
        (format!("GET /imap HTTP/1.1\r\nOrigin: https://mail.example.com\r\n{key}"), 426),
        (format!("GET /imap HTTP/1.0\r\nUpgrade: websocket\r\n{key}"), 400),
        (format!("GET /imap HTTP/1.1\r\nUpgrade: websocket\r\n{key}"), 400),
    ] {
        let answer = request_at(running.address, &head).await;
        assert!(answer.contains(&format!(" {status} ")), "{head}: {answer}");
    }
    let answer = request_at(running.address, "GET /imap HTTP/1.1").await;
    assert_eq!(header(&answer, "upgrade"), Some("websocket"));
    assert!(body(&answer).contains("does not pass the header Upgrade on"), "{answer}");
    running.signal("-TERM");
    let (_, log) = running.wait();
    // A person who looks at the address is nobody's mistake.
    let lines: Vec<_> = log.lines().filter(|line| line.contains("did not pass that on")).collect();
    assert_eq!(lines.len(), 3, "{log}");
    for (line, missing) in lines.iter().zip(["Upgrade: websocket", "HTTP/1.1", "Connection: upgrade"]) {
        assert!(line.contains(missing), "{missing}: {line}");
    }
}
