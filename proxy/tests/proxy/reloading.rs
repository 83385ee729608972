//! SIGHUP: the configuration is read again, and nobody who is connected notices.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{ChildStderr, Command, Stdio};
use std::time::Instant;

use crate::binary::{Running, postern};
use crate::http::{body, request_at};
use crate::support::*;

/// A binary with a configuration in a file.
struct Bench {
    running: Running,
    log: BufReader<ChildStderr>,
    file: std::path::PathBuf,
}

impl Bench {
    fn start(text: &str) -> Self {
        let file = temp_file("toml", text);
        let mut running = Running::start(postern().arg("--config").arg(&file));
        let log = BufReader::new(running.child.stderr.take().unwrap());
        Self { running, log, file }
    }

    /// Writes the file anew, sends SIGHUP, and waits until the log has said these words. Returns what it said until then.
    fn reload(&mut self, text: &str, words: &str) -> String {
        fs::write(&self.file, text).unwrap();
        self.running.signal("-HUP");
        self.heard(words)
    }

    fn heard(&mut self, words: &str) -> String {
        let mut said = String::new();
        while !said.contains(words) {
            assert!(self.log.read_line(&mut said).unwrap() > 0, "{words} is not in {said}");
        }
        said
    }

    async fn get(&self, path: &str) -> String {
        request_at(self.running.address, &format!("GET {path} HTTP/1.1")).await
    }
}

const READ_AGAIN: &str = "the configuration was read again";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_reads_the_configuration_again_and_ends_nobody() {
    let (first, second) = (echo_server().await, echo_server().await);
    let of = |more: &str| {
        format!("listen = '127.0.0.1:0'\n{more}[[imap]]\nurl = 'imap+plain://127.0.0.1:{first}'\n")
    };
    let mut bench = Bench::start(&of(""));
    let origin = format!("http://{}", bench.running.address);
    let mut old = connect(bench.running.address, "/imap", Some(&origin)).await;
    old.send(b"before").await;
    old.read_until(b"before").await;

    let work = format!(
        "[[imap]]\nname = 'work'\nurl = 'imap+plain://127.0.0.1:{second}'\n[limits]\nconnections = 2\n"
    );
    bench.reload(&(of("") + &work), READ_AGAIN);
    let config = bench.get("/api/config").await;
    assert!(body(&config).contains("\"name\":\"work\""), "{config}");
    let mut new = connect(bench.running.address, "/imap/work", Some(&origin)).await;
    new.send(b"new").await;
    new.read_until(b"new").await;
    // The limit counts those who were there before too.
    assert_eq!(connect(bench.running.address, "/imap", Some(&origin)).await.close().await.0, 4429);
    let figures = bench.get("/metrics").await;
    assert!(figures.contains("postern_connections_open{upstream=\"imap\"} 1"), "{figures}");
    assert!(figures.contains("postern_limit{limit=\"connections\"} 2"), "{figures}");
    old.send(b"still there").await;
    old.read_until(b"still there").await;

    // What can't change while it runs is said, and the rest changes.
    let elsewhere = of("log = 'debug'\n").replace("127.0.0.1:0", "127.0.0.1:9");
    let mut said = bench.reload(&elsewhere, "setting=\"log\"");
    assert!(said.contains("setting=\"listen\"") && said.contains("takes a restart"), "{said}");
    let refused = connect(bench.running.address, "/imap/work", Some(&origin)).await.close().await;
    assert_eq!(refused.0, 4400, "{refused:?}");

    // A mistake changes nothing.
    for (text, words) in
        [("imap = 7", "line 1"), ("log = 'infos'\n", "there is no level"), ("", "no mail server")]
    {
        said = bench.reload(text, "goes on to serve");
        assert!(said.contains("the configuration was not changed"), "{said}");
        assert!(said.contains(words) || bench.heard(words).contains(words), "{words}: {said}");
        old.send(b"still").await;
        old.read_until(b"still").await;
    }
    bench.running.signal("-TERM");
    assert_eq!(old.close().await.0, 1001);
    assert_eq!(new.close().await.0, 1001);
    assert!(new.next().await.is_none() && old.next().await.is_none());
    assert_eq!(bench.running.child.wait().unwrap().code(), Some(0));
}

/// Other files than before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_takes_another_certificate() {
    let Certificates { server, server_key, client, client_key, .. } = &*CERTIFICATES;
    let with = |certificate: &Path, key: &Path| {
        format!(
            "listen = '127.0.0.1:0'\ntls_certificate = {certificate:?}\ntls_key = {key:?}\n\
             [[imap]]\nurl = 'imaps://a.test'\n"
        )
    };
    let mut bench = Bench::start(&with(server, server_key));
    // Each is for a name of its own.
    connect_tls_as(bench.running.address, "localhost", &[]).await;
    // A key that is not the certificate's.
    bench.reload(&with(client, server_key), "goes on to serve");
    connect_tls_as(bench.running.address, "localhost", &[]).await;
    bench.reload(&with(client, client_key), READ_AGAIN);
    connect_tls_as(bench.running.address, "postern", &[]).await;
}

/// Somebody who tries it in a terminal closes that, and means it to end.
#[test]
fn it_ends_with_the_terminal_that_it_was_started_from() {
    let program = postern().get_program().to_str().unwrap().to_owned();
    let command = format!("exec {program} --listen 127.0.0.1:0 --imap imaps://a.test");
    // `script` gives it a terminal of its own, which is gone when `script` is.
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--flush", "--command", &command, "/dev/null"]);
    let mut terminal = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(terminal.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("postern listens on")).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
    TcpStream::connect(&address).unwrap();
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    let start = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(start.elapsed() < PATIENCE, "it still listens");
    }
}
