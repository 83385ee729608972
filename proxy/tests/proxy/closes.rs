//! Every refusal, as the page sees it: code and word. wire.md's table.

use futures::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use crate::support::*;

async fn check(proxy: &Proxy, path: &str, code: u16, word: &str) {
    let (got, reason) = proxy.refusal(path).await;
    assert!(
        got == code && reason.starts_with(&format!("{word}: ")),
        "{path}: {got} {reason}, not {code} {word}"
    );
}

#[tokio::test]
async fn p01_targets_come_from_the_configuration_alone() {
    let port = echo_server().await;
    let file = format!(
        "[[imap]]\nurl = \"imap+plain://127.0.0.1:{port}\"\n\
         [[imap]]\nname = \"blind\"\nurl = \"imap://127.0.0.1:{port}\"\nclient_tls = \"require\"\n"
    );
    let file = temp_file("toml", &file);
    let proxy = Proxy::start(&["--config", file.to_str().unwrap()]).await;
    check(&proxy, "/imap/nobody", 4400, "unknown-upstream").await;
    check(&proxy, "/imap/", 4400, "unknown-upstream").await;
    check(&proxy, "/smtp", 4400, "unknown-upstream").await;
    check(&proxy, "/imap?host=evil.test", 4400, "bad-request").await;
    check(&proxy, "/imap?tls=client", 4400, "bad-request").await;
    check(&proxy, "/imap/blind", 4400, "bad-request").await;
    // Where the browser does TLS, the proxy relays what it cannot read.
    let mut client = proxy.connect("/imap/blind?tls=client").await;
    client.send(b"\x16\x03\x01").await;
    assert_eq!(client.read_until(b"\x16\x03\x01").await, b"\x16\x03\x01");
}

#[tokio::test]
async fn p01_a_pattern_opens_no_other_host() {
    let proxy = Proxy::start(&["--imap", "imaps://*.example.com"]).await;
    for path in ["/imap", "/imap/", "/imap/example.com", "/imap/evil.test", "/imap/mail.example.com:25"] {
        check(&proxy, path, 4400, "unknown-upstream").await;
    }
    for path in ["/imap/127.0.0.1", "/imap/a/b.example.com", "/imap/a%2Eexample.com", "/smtp/a.example.com"] {
        check(&proxy, path, 4400, "unknown-upstream").await;
    }
}

#[tokio::test]
async fn p02_what_a_pattern_resolves_to_is_checked() {
    // Every system resolves a name below `localhost` to loopback, but no pattern leads there; nor does one whose name
    // happens to be an address.
    let proxy = Proxy::start(&["--imap", "imaps://*"]).await;
    for path in ["/imap/localhost", "/imap/a.localhost", "/imap/2130706433", "/imap/0x7f.1", "/imap/127.1"] {
        check(&proxy, path, 4400, "unknown-upstream").await;
    }
    check(&proxy, "/imap/nobody.invalid", 4502, "dns").await;
}

#[tokio::test]
async fn p03_only_pages_on_the_list_connect() {
    let port = echo_server().await;
    let imap = format!("imap+plain://127.0.0.1:{port}");
    let proxy = Proxy::start(&["--imap", &imap]).await;
    let other_port = format!("http://127.0.0.1:{}", proxy.address.port() ^ 1);
    let suffix = format!("{}.evil.test", proxy.origin());
    for origin in [None, Some("null"), Some(&*other_port), Some(&*suffix), Some("https://evil.test")] {
        let (code, reason) = proxy.connect_from("/imap", origin).await.close().await;
        assert!(code == 4403 && reason.starts_with("origin-refused: "), "{origin:?}: {code} {reason}");
    }
    // A page that may not connect does not even learn which upstreams there are.
    assert_eq!(proxy.connect_from("/imap/nobody", None).await.close().await.0, 4403);

    let proxy = Proxy::start(&["--imap", &imap, "--origin", "https://mail.example.com"]).await;
    let mut client = proxy.connect_from("/imap", Some("https://mail.example.com")).await;
    client.send(b"hello").await;
    client.read_until(b"hello").await;
    check(&proxy, "/imap", 4403, "origin-refused").await;
}

#[tokio::test]
async fn tcp() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let resets = server(|socket| async move {
        // Closing with a linger of zero sends RST.
        socket.set_zero_linger().unwrap();
    })
    .await;
    for (url, word) in [
        (format!("imap+plain://127.0.0.1:{closed}"), "refused"),
        (format!("imap+plain://127.0.0.1:{resets}"), "reset"),
        (format!("imap://127.0.0.1:{resets}"), "reset"),
        (format!("imaps://127.0.0.1:{resets}"), "reset"),
        ("imaps://nobody.invalid".to_owned(), "dns"),
        // No TCP connection goes to a broadcast address.
        ("imaps://255.255.255.255".to_owned(), "unreachable"),
    ] {
        let proxy = Proxy::with_file(&url, "[deadlines]\nconnect = 2").await;
        check(&proxy, "/imap", 4502, word).await;
    }
}

#[tokio::test]
async fn certificates() {
    for (identity, word) in [
        (Identity::SelfSigned, "tls-untrusted"),
        (Identity::WrongName, "tls-name"),
        (Identity::Expired, "tls-expired"),
    ] {
        let port = server(move |socket| async move {
            assert!(accept_tls(socket, identity).await.is_err());
        })
        .await;
        let proxy = Proxy::start(&["--imap", &format!("imaps://localhost:{port}")]).await;
        check(&proxy, "/imap", 4525, word).await;
    }
    // No TLS at all behind an implicit-TLS port, and one that hangs up.
    for greeting in [&b"* OK plain here\r\n"[..], b""] {
        let port = server(move |mut socket| async move {
            socket.write_all(greeting).await.unwrap();
            socket.shutdown().await.unwrap();
            let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
        })
        .await;
        let proxy = Proxy::start(&["--imap", &format!("imaps://localhost:{port}")]).await;
        check(&proxy, "/imap", 4525, "tls-failed").await;
    }
}

#[tokio::test]
async fn p07_a_server_that_says_nothing_is_given_up() {
    let (port, _listener) = held_server().await;
    for scheme in ["imaps", "imap"] {
        let url = format!("{scheme}://localhost:{port}");
        let proxy = Proxy::with_file(&url, "[deadlines]\ntls = 0.05\nstarttls = 0.05").await;
        check(&proxy, "/imap", 4408, "handshake-timeout").await;
    }
}

#[tokio::test]
async fn starttls() {
    const OFFER: &str = "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n";
    for (greeting, answer, word) in [
        ("* OK [CAPABILITY IMAP4rev1] ready\r\n", "", "starttls-missing"),
        (OFFER, "{tag} NO not today\r\n", "starttls-refused"),
        (OFFER, "{tag} BAD what\r\n", "starttls-refused"),
        (OFFER, "{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", "starttls-injected"),
        (OFFER, "* 5 EXISTS\r\n{tag} OK go\r\n", "starttls-injected"),
        ("* PREAUTH welcome\r\n", "", "preauth"),
        ("* BYE not now\r\n", "", "starttls-refused"),
        ("HTTP/1.1 400 Bad Request\r\n", "", "starttls-refused"),
    ] {
        let port = server(move |mut socket| async move {
            socket.write_all(greeting.as_bytes()).await.unwrap();
            // Where nothing is asked the proxy hangs up, which `command` shows too.
            while let Some(line) = command(&mut socket).await {
                let (tag, verb) = line.split_once(' ').unwrap();
                assert!(matches!(verb, "STARTTLS" | "CAPABILITY"), "{line}");
                let answer = match verb {
                    "STARTTLS" => answer.replace("{tag}", tag),
                    _ => format!("* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
                };
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
        })
        .await;
        let proxy = Proxy::start(&["--imap", &format!("imap://localhost:{port}")]).await;
        check(&proxy, "/imap", 4526, word).await;
    }
}

/// The last answer before TLS, with something behind it, cut in two at every byte: security.md NST 4.
#[tokio::test]
async fn injection_behind_the_answer_wherever_it_is_cut() {
    let (port, listener) = held_server().await;
    let urls = [format!("imap://localhost:{port}"), format!("smtp://localhost:{port}")];
    let proxy = Proxy::start(&["--imap", &urls[0], "--smtp", &urls[1]]).await;
    for (path, greeting, answer) in [
        ("/imap", "* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n", "OK go\r\n"),
        ("/smtp", "220 x\r\n250 STARTTLS\r\n", "220 go\r\n"),
    ] {
        for cut in 1..answer.len() {
            let mut client = proxy.connect(path).await;
            let (mut socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            // Both of SMTP's lines at once would be an injection of their own.
            for line in greeting.split_inclusive('\n') {
                socket.write_all(line.as_bytes()).await.unwrap();
                if line.starts_with("220") {
                    command(&mut socket).await.unwrap();
                }
            }
            let asked = command(&mut socket).await.unwrap();
            let tag = asked.strip_suffix("STARTTLS").unwrap();
            let answer = format!("{tag}{answer}");
            let (first, rest) = answer.split_at(tag.len() + cut);
            socket.write_all(first.as_bytes()).await.unwrap();
            socket.write_all(format!("{rest}injected\r\n").as_bytes()).await.unwrap();
            let (code, reason) = client.close().await;
            assert!(
                code == 4526 && reason.starts_with("starttls-injected: "),
                "{path} {cut}: {code} {reason}"
            );
        }
    }
}

/// The same where the proxy's one read ends with the answer, so that the rest still waits in the socket.
#[tokio::test]
async fn injection_that_waits_in_the_socket() {
    const READ: usize = 1024;
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let (mut socket, _) = listener.accept().await.unwrap();
    socket.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n").await.unwrap();
    let asked = command(&mut socket).await.unwrap();
    let tag = asked.strip_suffix("STARTTLS").unwrap();
    let answer = format!("{tag}OK {:x<1$}\r\n", "", READ - tag.len() - "OK \r\n".len());
    assert_eq!(answer.len(), READ);
    socket.write_all(format!("{answer}* OK injected\r\n").as_bytes()).await.unwrap();
    let (code, reason) = client.close().await;
    assert!(code == 4526 && reason.starts_with("starttls-injected: "), "{code} {reason}");
}

/// The same in a segment that comes when TLS has begun: it is no TLS record, and passes on to nobody.
#[tokio::test]
async fn injection_after_the_answer() {
    let (port, listener) = held_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap://localhost:{port}")]).await;
    let mut client = proxy.connect("/imap").await;
    let (mut socket, _) = listener.accept().await.unwrap();
    socket.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n").await.unwrap();
    let asked = command(&mut socket).await.unwrap();
    let tag = asked.strip_suffix("STARTTLS").unwrap();
    socket.write_all(format!("{tag}OK go\r\n").as_bytes()).await.unwrap();
    // The ClientHello's first byte: the answer was taken for good.
    assert_eq!(socket.read_u8().await.unwrap(), 0x16);
    socket.write_all(b"* OK injected\r\n").await.unwrap();
    let (code, reason) = client.close().await;
    assert!(code == 4525 && reason.starts_with("tls-failed: "), "{code} {reason}");
}

/// The next line without its end, or `None` when the proxy hung up.
async fn command(socket: &mut tokio::net::TcpStream) -> Option<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        match socket.read_u8().await {
            Ok(byte) => line.push(byte),
            Err(_) => return None,
        }
    }
    Some(String::from_utf8(line).unwrap().trim_end().to_owned())
}

#[tokio::test]
async fn a_certificate_is_checked_after_starttls_too() {
    let port = server(|mut socket| async move {
        socket.write_all(b"220 mail ESMTP\r\n").await.unwrap();
        read_until(&mut socket, b"\r\n").await;
        socket.write_all(b"250-mail\r\n250 STARTTLS\r\n").await.unwrap();
        read_until(&mut socket, b"STARTTLS\r\n").await;
        socket.write_all(b"220 go\r\n").await.unwrap();
        assert!(accept_tls(socket, Identity::SelfSigned).await.is_err());
    })
    .await;
    let proxy = Proxy::start(&["--smtp", &format!("smtp://localhost:{port}")]).await;
    check(&proxy, "/smtp", 4525, "tls-untrusted").await;
}

#[tokio::test]
async fn p06_limits_refuse_the_new_and_leave_the_old() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    for limit in ["connections", "connections_per_address"] {
        let proxy = Proxy::with_file(&url, &format!("[limits]\n{limit} = 1")).await;
        let mut first = proxy.connect("/imap").await;
        first.send(b"in").await;
        first.read_until(b"in").await;
        check(&proxy, "/imap", 4429, "too-many").await;
        // Who is in stays in, and whoever leaves makes room.
        first.send(b"still in").await;
        first.read_until(b"still in").await;
        first.0.close(None).await.unwrap();
        while first.next().await.is_some() {}
        let mut second = connect_until_admitted(&proxy).await;
        second.send(b"in").await;
        second.read_until(b"in").await;
    }
}

/// The ticket is given back a moment after the client saw the end.
async fn connect_until_admitted(proxy: &Proxy) -> Client {
    loop {
        let mut client = proxy.connect("/imap").await;
        client.send(b"?").await;
        match client.next().await {
            Some(Message::Binary(_)) => return client,
            _ => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn p06_limits_over_time_and_of_one_server() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    for limit in ["starts_per_minute", "short_per_minute"] {
        let proxy = Proxy::with_file(&url, &format!("[limits]\n{limit} = 2")).await;
        for _ in 0..2 {
            let mut client = proxy.connect("/imap").await;
            client.send(b"in").await;
            client.read_until(b"in").await;
            client.0.close(None).await.unwrap();
            while client.next().await.is_some() {}
        }
        // What was short counts a moment after the client saw the end.
        let mut refused = (0, String::new());
        while refused.0 != 4429 {
            let mut client = proxy.connect("/imap").await;
            client.0.close(None).await.unwrap();
            refused = client.close().await;
        }
        assert!(refused.1.starts_with("too-many: too many "), "{}", refused.1);
    }
    let text = format!("[[imap]]\nurl = \"{url}\"\nconnections = 1\n[[imap]]\nname = \"b\"\nurl = \"{url}\"");
    let proxy = Proxy::start(&["--config", temp_file("toml", &text).to_str().unwrap()]).await;
    let mut first = proxy.connect("/imap").await;
    first.send(b"in").await;
    first.read_until(b"in").await;
    check(&proxy, "/imap", 4429, "too-many").await;
    let mut other = proxy.connect("/imap/b").await;
    other.send(b"in").await;
    other.read_until(b"in").await;
}

#[tokio::test]
async fn p08_frames_and_messages_are_bounded() {
    let port = echo_server().await;
    let proxy = Proxy::start(&["--imap", &format!("imap+plain://127.0.0.1:{port}")]).await;
    for (message, code) in
        [(Message::text("a1 NOOP"), 1003), (Message::binary(vec![0; 1024 * 1024 + 1]), 1009)]
    {
        let mut client = proxy.connect("/imap").await;
        client.0.feed(message).await.unwrap();
        // The proxy stops reading in the middle of a message that is too big.
        let _ = client.0.flush().await;
        assert_eq!(client.close().await.0, code);
    }
}
