//! The binary itself: what it prints, what it logs, how it stops.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;

use tokio::io::AsyncWriteExt;

use crate::discovery::nameserver;
use crate::support::*;

pub(crate) fn postern() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postern"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("POSTERN_")) {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running binary, and where it listens.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line
            .trim_end()
            .trim_start_matches("postern listens on ")
            .split_once("://")
            .map(|(_, address)| address)
            .unwrap_or_else(|| panic!("{line}"));
        Self { address: address.parse().unwrap(), child }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
    }

    /// Its exit code, and all that it logged.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

/// A test that fails leaves no process behind.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn without_a_server_it_says_what_to_give_it() {
    let output = postern().output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("postern --imap imaps://mail.example.com"), "{words}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_wrong_setting_ends_the_start() {
    let Certificates { client, .. } = &*CERTIFICATES;
    let no_key = format!(
        "[[imap]]\nurl = \"imaps://a.test\"\ntls.client_certificate = {client:?}\ntls.client_key = {client:?}"
    );
    let no_key = temp_file("toml", &no_key);
    for (arguments, code, words) in [
        (&["--nonsense"][..], 2, "--nonsense"),
        (&["--imap", "http://a.test"], 2, "no such scheme here: http"),
        (&["--imap", "imaps://a.test", "--log", "[["], 2, "write error, warn, info, debug or trace"),
        (&["--imap", "imaps://a.test", "--ca-file", "/does/not/exist"], 1, "--ca-file /does/not/exist"),
        (&["--imap", "imaps://a.test", "--listen", "192.0.2.1:1"], 1, "choose another with --listen"),
        (&["--imap", "imaps://a.test", "--tls-key", "x"], 2, "give both"),
        (
            &[
                "--imap",
                "imaps://a.test",
                "--tls-key",
                "/no/key",
                "--tls-certificate",
                client.to_str().unwrap(),
            ],
            1,
            "--tls-key /no/key: ",
        ),
        (&["--config", no_key.to_str().unwrap()], 2, "no private key, as where two files are swapped"),
        (&["--imap", "imaps://a.test", "--discover", "mx"], 2, "write srv or autoconfig"),
        (&["--imap", "imaps://a.test", "--log-format", "xml"], 2, "write text or json"),
        (&["--imap", "imaps://a.test", "--listen", "unix:/dev/null"], 1, "it is no socket; move it away"),
        (&["--imap", "imaps://a.test", "--listen", "unix:/no/folder/x"], 1, "the folder for it is not there"),
    ] {
        let output = postern().args(arguments).output().unwrap();
        let got = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(code) && got.contains(words), "{arguments:?}: {got}");
    }
}

/// As container files leave them: each that there is, empty or with blanks round what counts.
#[test]
fn an_empty_variable_counts_as_unset() {
    const VARIABLES: [&str; 17] = [
        "SMTP",
        "SIEVE",
        "CA_FILE",
        "ALLOW_ADDRESS",
        "DISCOVER",
        "NAMESERVER",
        "LISTEN",
        "TLS_CERTIFICATE",
        "TLS_KEY",
        "HSTS_DAYS",
        "ORIGIN",
        "TRUSTED_PEER",
        "PROXY_PROTOCOL_FROM",
        "CONFIG",
        "METRICS_FROM",
        "LOG",
        "LOG_FORMAT",
    ];
    let mut command = postern();
    // A pattern is not connected to, so the check ends well.
    command.args(["check", "--imap", "imaps://*.example.com"]);
    command.envs(VARIABLES.map(|name| (format!("POSTERN_{name}"), "")));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    command.env("POSTERN_ORIGIN", " https://a.test ").env("POSTERN_LOG_FORMAT", " JSON ");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_misspelt_variable_is_refused() {
    let mut command = postern();
    command.args(["check", "--imap", "imaps://*.example.com"]);
    command.env("POSTERN_ORIGINS", "https://a.test").env("POSTERN_PORT", "tcp://10.0.0.1:80");
    let output = command.output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && words.contains("POSTERN_ORIGIN is meant"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_says_what_is_wrong_with_each_server() {
    let greets = |identity, greeting: &'static [u8]| {
        server(move |socket| async move {
            if let Ok(mut stream) = accept_tls(socket, identity).await {
                let _ = stream.write_all(greeting).await;
                let _ = stream.shutdown().await;
            }
        })
    };
    let good = greets(Identity::Good, b"* OK hello\r\n").await;
    let expired = greets(Identity::Expired, b"").await;
    let other = greets(Identity::Good, b"220 not IMAP\r\n").await;
    let submission = greets(Identity::Good, b"220 hello\r\n").await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut text = format!("ca_files = [{:?}]\n", authority());
    for (name, port) in [("good", good), ("expired", expired), ("other", other), ("closed", closed)] {
        text += &format!("[[imap]]\nname = \"{name}\"\nurl = \"imaps://localhost:{port}\"\n");
    }
    text += &format!("[[smtp]]\nurl = \"smtps://localhost:{submission}\"\n");
    text += "[[imap]]\nurl = \"imaps://*.example.com\"\n[[sieve]]\nurl = \"sieve+unix:/no/socket\"\n";
    let file = temp_file("toml", &text);
    let output = postern().arg("check").arg("--config").arg(&file).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = lines.lines().collect();
    for (line, expected) in lines.iter().zip([
        format!("ok      imap/good  imaps://localhost:{good}"),
        format!("FAILED  imap/expired  imaps://localhost:{expired}  tls-expired: "),
        format!("FAILED  imap/other  imaps://localhost:{other}  greeting: this is no imap server"),
        format!("FAILED  imap/closed  imaps://localhost:{closed}  refused: "),
        "pattern imap/*.example.com  imaps://*.example.com:993  not connected to; name a host".to_owned(),
        format!("ok      smtp  smtps://localhost:{submission}"),
        "FAILED  sieve  sieve+unix:/no/socket  refused: ".to_owned(),
    ]) {
        assert!(line.starts_with(&expected), "{line}, not {expected}");
    }
    assert_eq!((lines.len(), output.status.code()), (7, Some(1)));

    let url = format!("imaps://localhost:{good}");
    let fine = postern().args(["check", "--imap", &url, "--ca-file"]).arg(authority()).output().unwrap();
    assert_eq!(fine.status.code(), Some(0));
    let wrong = postern().args(["check", "--imap", "imaps://a.test", "--ca-file", "/no"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(postern().arg("verify").output().unwrap().status.code(), Some(2));
}

/// A host of a pattern, and the nameserver that `/api/discover` would ask.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_tries_the_hosts_that_it_is_given_and_the_nameserver() {
    let (nameserver, asked) = nameserver().await;
    let silent = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let check = |nameserver: &str, hosts: &[&str]| {
        let text = "discover = [\"srv\"]\n[[imap]]\nurl = \"imaps://*.invalid\"\n[deadlines]\ndiscover = 0.3";
        let file = temp_file("toml", text);
        let mut command = postern();
        command.arg("check").args(hosts).args(["--nameserver", nameserver]).arg("--config").arg(&file);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = check(&nameserver.to_string(), &["mail.invalid", "mail.example.org"]);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!((lines.len(), code), (3, Some(1)), "{said}");
    assert!(lines[0].starts_with("FAILED  imap/mail.invalid  imaps://mail.invalid:993  dns: "), "{said}");
    assert!(lines[1].starts_with("FAILED  mail.example.org  -  no pattern holds it"), "{said}");
    assert_eq!(lines[2], format!("ok      nameserver  {nameserver}"));
    assert!(asked.load(Ordering::Relaxed) > 0);
    let (code, said) = check(&silent.local_addr().unwrap().to_string(), &[]);
    assert!(said.contains("FAILED  nameserver  127.0.0.1:") && said.contains("no answer"), "{said}");
    assert_eq!(code, Some(1));
}

#[tokio::test]
async fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let port = echo_server().await;
    let real = format!("imap+plain://127.0.0.1:{port}");
    let file = temp_file("toml", "listen = \"127.0.0.1:1\"\n[[imap]]\nurl = \"imaps://file.invalid\"\n");
    let config = ["--config", file.to_str().unwrap()];
    for (environment, flags) in [
        (vec![("POSTERN_LISTEN", "127.0.0.1:0"), ("POSTERN_IMAP", &*real)], vec![]),
        (
            vec![
                ("POSTERN_LISTEN", "127.0.0.1:2"),
                ("POSTERN_IMAP", "imaps://environment.invalid x=imaps://b.test"),
            ],
            vec!["--listen", "127.0.0.1:0", "--imap", &*real],
        ),
        (vec![("POSTERN_ORIGIN", ""), ("POSTERN_LISTEN", "127.0.0.1:0")], vec!["--imap", &*real]),
    ] {
        let running = Running::start(postern().args(config).envs(environment).args(flags));
        let mut client =
            connect(running.address, "/imap", Some(&format!("http://{}", running.address))).await;
        client.send(b"here").await;
        client.read_until(b"here").await;
        running.signal("-KILL");
        running.wait();
    }
}

#[tokio::test]
async fn p14_signals_drain_it_and_it_ends_well() {
    let port = echo_server().await;
    for signal in ["-TERM", "-INT"] {
        let url = format!("imap+plain://127.0.0.1:{port}");
        let running = Running::start(postern().args(["--listen", "127.0.0.1:0", "--imap", &url]));
        let mut client =
            connect(running.address, "/imap", Some(&format!("http://{}", running.address))).await;
        client.send(b"here").await;
        client.read_until(b"here").await;
        running.signal(signal);
        assert_eq!(client.close().await.0, 1001);
        assert!(client.next().await.is_none());
        assert_eq!(running.wait().0, Some(0));
    }
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_nothing() {
    let port = echo_server().await;
    let url = format!("imap+plain://127.0.0.1:{port}");
    for format in ["text", "json"] {
        let arguments = ["--listen", "127.0.0.1:0", "--imap", &url, "--log", "debug", "--log-format", format];
        let mut running = Running::start(postern().args(arguments));
        drop(running.child.stderr.take());
        let origin = format!("http://{}", running.address);
        let mut client = connect(running.address, "/imap", Some(&origin)).await;
        client.send(b"here").await;
        client.read_until(b"here").await;
        running.signal("-TERM");
        assert_eq!(client.close().await.0, 1001);
        assert!(client.next().await.is_none());
        let ended = async {
            loop {
                match running.child.try_wait().unwrap() {
                    Some(status) => break status,
                    None => tokio::task::yield_now().await,
                }
            }
        };
        let status = tokio::time::timeout(PATIENCE, ended).await;
        assert_eq!(status.expect("it never ended").code(), Some(0));
    }
}

#[tokio::test]
async fn a_log_that_is_not_read_meanwhile_stops_nothing() {
    let running = Running::start(postern().args([
        "--listen",
        "127.0.0.1:0",
        "--imap",
        "imaps://mail.example.com",
        "--log",
        "trace",
    ]));
    for _ in 0..400 {
        assert_eq!(connect(running.address, "/imap", None).await.close().await.0, 4403);
    }
    running.signal("-TERM");
    let (code, log) = running.wait();
    assert_eq!(code, Some(0));
    assert!(log.len() > 128 * 1024, "a pipe holds half of that: {}", log.len());
    assert!(log.trim_end().ends_with("draining remaining=0"), "to its end: {}", &log[log.len() - 500..]);
}

#[tokio::test]
async fn every_line_about_a_connection_carries_its_id() {
    let (port, listener) = held_server().await;
    let url = format!("imaps://localhost:{port}");
    let arguments = ["--listen", "127.0.0.1:0", "--imap", &url, "--log-format", "json", "--log", "debug"];
    let running = Running::start(postern().args(arguments));
    let origin = format!("http://{}", running.address);
    let mut client = connect(running.address, "/imap", Some(&origin)).await;
    drop(listener.accept().await.unwrap());
    client.close().await;
    assert!(client.next().await.is_none());
    assert_eq!(connect(running.address, "/imap", None).await.close().await.0, 4403);
    running.signal("-TERM");
    let (_, log) = running.wait();
    for (words, id) in [("TLS handshake failed", "\"id\":1"), ("page refused", "\"id\":2")] {
        let line = log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {log}"));
        assert!(line.contains(id), "{line}");
    }
    assert_eq!(log.lines().filter(|line| line.contains("\"closed\"")).count(), 2, "{log}");
}

#[tokio::test]
async fn p16_a_password_is_in_no_log() {
    let port = server(|mut socket| async move {
        socket.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] x\r\n").await.unwrap();
        let line = read_until(&mut socket, b"STARTTLS\r\n").await;
        let tag = String::from_utf8(line).unwrap().split(' ').next().unwrap().to_owned();
        socket.write_all(format!("{tag} OK x\r\n").as_bytes()).await.unwrap();
        let mut stream = accept_tls(socket, Identity::Good).await.unwrap();
        read_until(&mut stream, b"hunter2-planted\r\n").await;
        stream.write_all(b"a OK secret-subject-planted\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
    })
    .await;
    for format in ["text", "json"] {
        let url = format!("imap://localhost:{port}");
        let running = Running::start(postern().args([
            "--listen",
            "127.0.0.1:0",
            "--imap",
            &url,
            "--ca-file",
            authority().to_str().unwrap(),
            "--log",
            "trace",
            "--log-format",
            format,
        ]));
        let mut client =
            connect(running.address, "/imap", Some(&format!("http://{}", running.address))).await;
        client.read_until(b"\r\n").await;
        client.send(b"a LOGIN alice hunter2-planted\r\n").await;
        client.read_until(b"secret-subject-planted\r\n").await;
        assert_eq!(client.close().await.0, 1000);
        assert!(client.next().await.is_none());
        running.signal("-TERM");
        let (_, log) = running.wait();
        assert!(log.contains("closed"), "the log is there: {log}");
        assert!(log.contains("file descriptors"), "and tells the limit: {log}");
        for planted in ["hunter2", "secret-subject", "68756e746572", "[104, 117, 110"] {
            assert!(!log.contains(planted), "{planted} in {log}");
        }
    }
}

/// Whoever stands between could write anything, and a server may repeat what it was told.
#[tokio::test]
async fn p16_what_a_server_says_before_tls_is_in_no_log() {
    let port = server(|mut socket| async move {
        socket.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] planted-greeting\r\n").await.unwrap();
        read_until(&mut socket, b"STARTTLS\r\n").await;
        socket.write_all(b"P2 NO planted-refusal\r\n").await.unwrap();
    })
    .await;
    let turns_away = server(|mut socket| async move {
        let _ = socket.write_all(b"* BYE planted-bye\r\n").await;
    })
    .await;
    let other = server(|mut socket| async move {
        let _ = socket.write_all(b"220 planted-other\r\n").await;
    })
    .await;
    let mut command = postern();
    command.args(["--listen", "127.0.0.1:0", "--log", "trace"]);
    for (name, port) in [("refuses", port), ("away", turns_away), ("other", other)] {
        command.args(["--imap", &format!("{name}=imap://localhost:{port}")]);
    }
    let running = Running::start(&mut command);
    let origin = format!("http://{}", running.address);
    for name in ["refuses", "away", "other"] {
        let mut client = connect(running.address, &format!("/imap/{name}"), Some(&origin)).await;
        assert_eq!(client.close().await.0, 4526);
        assert!(client.next().await.is_none());
    }
    running.signal("-TERM");
    let (_, log) = running.wait();
    assert!(!log.contains("planted"), "{log}");
    // But what kind of trouble it is.
    for class in ["offers it and refused it", "turned the connection away", "of another protocol"] {
        assert!(log.contains(class), "{class} not in {log}");
    }
}
