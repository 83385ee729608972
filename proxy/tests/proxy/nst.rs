//! security.md's STARTTLS cases (NST 1 to 11) against the whole proxy: a server that follows a script, whole and cut
//! at every byte, and a page that sends its password without waiting for anything.
//!
//! In each case the page sees a Close frame and nothing before it, and the server sees the upgrade's own commands and
//! nothing behind them.

use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::*;

/// A proxy with one STARTTLS upstream of each kind, all of them this test's own listener.
struct Bench {
    proxy: Proxy,
    listener: TcpListener,
}

impl Bench {
    async fn new() -> Self {
        let (port, listener) = held_server().await;
        let text = format!(
            "[[imap]]\nurl = \"imap://localhost:{port}\"\n[[smtp]]\nurl = \"smtp://localhost:{port}\"\n\
             [[sieve]]\nurl = \"sieve://localhost:{port}\"\n[limits]\nstarts_per_minute = 1000000\nshort_per_minute = 1000000\n"
        );
        let proxy = Proxy::start(&["--config", temp_file("toml", &text).to_str().unwrap()]).await;
        Self { proxy, listener }
    }

    /// A page that has sent its password, and the server that it reached.
    async fn connect(&self, path: &str) -> (Client, TcpStream) {
        let mut client = self.proxy.connect(path).await;
        client.send(PASSWORD).await;
        let (server, _) = self.listener.accept().await.unwrap();
        server.set_nodelay(true).unwrap();
        (client, server)
    }

    /// Runs a talk that must end in this refusal, whole and with its last turn cut at every byte.
    async fn check(&self, path: &str, turns: &[&str], word: &str) {
        let last = turns.last().unwrap();
        for cut in 0..=last.len() {
            let (code, reason) = self.refusal(path, turns, cut).await;
            // Where the answer ends in a segment of its own, what follows comes too late to be anything but bad TLS.
            let late =
                cut < last.len() && last[..cut].ends_with("\r\n") && reason.starts_with("tls-failed: ");
            assert!(
                late || (code == 4526 && reason.starts_with(&format!("{word}: "))),
                "{turns:?} cut at {cut}: {code} {reason}, not {word}"
            );
        }
    }

    /// The same where the last line is a guess at the answer to a command that the lines before it bring about.
    async fn check_guess(&self, path: &str, turns: &[&str]) {
        let last = turns.last().unwrap();
        let guess = last.trim_end().rfind('\n').unwrap() + 1;
        // Whole and behind the command it can't be told from an answer.
        for cut in guess + 1..=last.len() {
            let (code, reason) = self.refusal(path, turns, cut).await;
            assert!(
                code == 4526 && reason.starts_with("starttls-injected: "),
                "{turns:?} cut at {cut}: {code} {reason}"
            );
        }
    }

    /// The Close frame that a talk ends in: the first thing that the page sees.
    async fn refusal(&self, path: &str, turns: &[&str], cut: usize) -> (u16, String) {
        let (mut client, mut server) = self.connect(path).await;
        let serving = async {
            let mut heard = talk(&mut server, turns, cut).await;
            // Whatever else it is told, until the proxy hangs up.
            let _ = server.read_to_end(&mut heard).await;
            heard
        };
        let (heard, (code, reason)) = tokio::join!(serving, client.close());
        assert!(!reason.contains("planted"), "{reason}");
        assert_upgrade_alone(&heard);
        (code, reason)
    }

    async fn check_all(&self, path: &str, talks: &[&[&str]], word: &str) {
        for turns in talks {
            self.check(path, turns, word).await;
        }
    }

    /// Runs a talk that leads to TLS, and a command and its answer there. What the page sees is a greeting of the
    /// proxy's own and that answer; what the server sees after TLS is the page's bytes.
    async fn check_upgrade(&self, path: &str, turns: &[&str], greeting: &str) {
        let (mut client, mut server) = self.connect(path).await;
        let serving = async {
            assert_upgrade_alone(&talk(&mut server, turns, 0).await);
            let mut stream = accept_tls(server, Identity::Good).await.unwrap();
            assert_eq!(read_until(&mut stream, b"\r\n").await, PASSWORD);
            stream.write_all(b"after TLS\r\n").await.unwrap();
            stream
        };
        let (_stream, seen) = tokio::join!(serving, client.read_until(b"after TLS\r\n"));
        assert_eq!(String::from_utf8(seen).unwrap(), format!("{greeting}after TLS\r\n"), "{turns:?}");
    }
}

/// Says one turn after the other, each when the proxy has written a line since the one before. `{tag}` is the tag of
/// that line. The last turn is cut in two. Returns all that was heard.
async fn talk(socket: &mut TcpStream, turns: &[&str], cut: usize) -> Vec<u8> {
    let mut heard = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        if index > 0 {
            let line = read_until(socket, b"\r\n").await;
            heard.extend(line);
        }
        let cut = if index + 1 == turns.len() { cut } else { 0 };
        let (first, second) = turn.split_at(cut);
        for part in [first, second] {
            // The proxy may have hung up at the first part.
            let _ = socket.write_all(part.as_bytes()).await;
            // Turns of the runtime, so that the proxy reads one part before the other is there.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }
    }
    heard
}

/// NST: no credential byte goes out before TLS. A `ClientHello` may.
fn assert_upgrade_alone(heard: &[u8]) {
    let text = heard.split(|byte| *byte == 0x16).next().unwrap();
    let text = str::from_utf8(text).unwrap();
    for line in text.split_inclusive("\r\n") {
        let own = ["P1 CAPABILITY\r\n", "P2 STARTTLS\r\n", "EHLO [127.0.0.1]\r\n", "STARTTLS\r\n"];
        assert!(own.contains(&line), "{line:?} in {text:?}");
    }
    assert!(!heard.windows(7).any(|window| window == b"hunter2"));
}

const PASSWORD: &[u8] = b"a LOGIN alice hunter2\r\n";
const IMAP_OFFER: &str = "* OK [CAPABILITY IMAP4rev1 STARTTLS] planted\r\n";
const IMAP_SILENT: &str = "* OK planted\r\n";
const SMTP_GREETING: &str = "220 planted\r\n";
const SMTP_OFFER: &str = "250-planted\r\n250 STARTTLS\r\n";
const IMAP_GREETING: &str = "* OK TLS is up\r\n";
const SMTP_OWN_GREETING: &str = "220 postern TLS is up\r\n";
const SIEVE_OFFER: &str =
    "\"IMPLEMENTATION\" \"planted\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK \"planted\"\r\n";

#[tokio::test]
async fn nst01_starttls_absent_or_refused() {
    let bench = Bench::new().await;
    bench
        .check_all(
            "/imap",
            &[
                &["* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] planted\r\n"],
                &[IMAP_SILENT, "* CAPABILITY IMAP4rev1 AUTH=PLAIN XSTARTTLS\r\nP1 OK planted\r\n"],
            ],
            "starttls-missing",
        )
        .await;
    let refusals: [&[&str]; 3] = [
        &[IMAP_OFFER, "P2 NO planted\r\n"],
        &[IMAP_OFFER, "P2 BAD planted\r\n"],
        &[IMAP_OFFER, "+ planted\r\n"],
    ];
    bench.check_all("/imap", &refusals, "starttls-refused").await;
    let absent: [&[&str]; 2] =
        [&[SMTP_GREETING, "250-planted\r\n250 AUTH PLAIN\r\n"], &[SMTP_GREETING, "502 planted\r\n"]];
    bench.check_all("/smtp", &absent, "starttls-missing").await;
    let refusals: [&[&str]; 4] = [
        &[SMTP_GREETING, SMTP_OFFER, "454 planted\r\n"],
        &[SMTP_GREETING, SMTP_OFFER, "501 planted\r\n"],
        &[SMTP_GREETING, SMTP_OFFER, "334 cGxhbnRlZA==\r\n"],
        &[SMTP_GREETING, SMTP_OFFER, "250 planted\r\n"],
    ];
    bench.check_all("/smtp", &refusals, "starttls-refused").await;
    bench.check("/sieve", &["\"SASL\" \"PLAIN\"\r\nOK \"planted\"\r\n"], "starttls-missing").await;
    let refusals: [&[&str]; 3] = [
        &[SIEVE_OFFER, "NO \"planted\"\r\n"],
        &[SIEVE_OFFER, "BYE \"planted\"\r\n"],
        &[SIEVE_OFFER, "MAYBE\r\n"],
    ];
    bench.check_all("/sieve", &refusals, "starttls-refused").await;
}

#[tokio::test]
async fn nst02_capability_hidden_or_imap4_only() {
    let bench = Bench::new().await;
    let hidden: [&[&str]; 5] = [
        &[IMAP_SILENT, "P1 OK planted\r\n"],
        &[IMAP_SILENT, "P1 BAD planted\r\n"],
        &[IMAP_SILENT, "P1 NO planted\r\n"],
        &[IMAP_SILENT, "* CAPABILITY IMAP4\r\nP1 OK planted\r\n"],
        &["* OK [CAPABILITY IMAP4 STARTTLS] planted\r\n"],
    ];
    bench.check_all("/imap", &hidden, "starttls-missing").await;
    bench.check("/smtp", &[SMTP_GREETING, "250 planted\r\n"], "starttls-missing").await;
    bench.check("/sieve", &["OK \"planted\"\r\n"], "starttls-missing").await;
}

#[tokio::test]
async fn nst03_preauth() {
    let bench = Bench::new().await;
    for code in ["", "[ALERT] ", "[CAPABILITY IMAP4rev1 STARTTLS] ", "[REFERRAL imap://planted.example/] "] {
        bench.check("/imap", &[&format!("* PREAUTH {code}planted\r\n")], "preauth").await;
    }
    bench.check("/imap", &[IMAP_OFFER, "* PREAUTH planted\r\nP2 OK planted\r\n"], "preauth").await;
}

#[tokio::test]
async fn nst04_bytes_behind_the_tagged_ok() {
    let bench = Bench::new().await;
    for behind in ["* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", "* 5 EXISTS\r\n", "\r\n", "x", "\0"] {
        bench.check("/imap", &[IMAP_OFFER, &format!("P2 OK planted\r\n{behind}")], "starttls-injected").await;
    }
    for behind in ["250 AUTH PLAIN\r\n", "535 planted\r\n", "\r\n", "x", "\0"] {
        let turns = [SMTP_GREETING, SMTP_OFFER, &format!("220 planted\r\n{behind}")];
        bench.check("/smtp", &turns, "starttls-injected").await;
    }
    for behind in ["\"SASL\" \"PLAIN\"\r\nOK\r\n", "OK\r\n", "\r\n", "x", "\0"] {
        bench.check("/sieve", &[SIEVE_OFFER, &format!("OK planted\r\n{behind}")], "starttls-injected").await;
    }
}

#[tokio::test]
async fn nst05_mail_data_before_tls() {
    let bench = Bench::new().await;
    for data in [
        "LIST () \"/\" planted",
        "STATUS planted (MESSAGES 1)",
        "SEARCH 1 2",
        "FLAGS (\\planted)",
        "1 EXISTS",
        "1 EXPUNGE",
        "1 FETCH (BODY[] {7}\r\nplanted)",
    ] {
        let data = format!("* {data}\r\n");
        for turns in [
            [IMAP_OFFER, &format!("{data}P2 OK planted\r\n")],
            [IMAP_SILENT, &format!("{data}* CAPABILITY IMAP4rev1 STARTTLS\r\nP1 OK planted\r\n")],
        ] {
            bench.check("/imap", &turns, "starttls-injected").await;
        }
    }
    // Capabilities are all that this protocol says unasked.
    bench.check("/sieve", &[SIEVE_OFFER, "\"SASL\" \"PLAIN\"\r\nOK planted\r\n"], "starttls-injected").await;
}

#[tokio::test]
async fn nst06_capabilities_never_cross_tls() {
    let bench = Bench::new().await;
    let listed = "* CAPABILITY IMAP4rev1 STARTTLS X-PLANTED\r\nP1 OK planted\r\n";
    let answer = "P2 OK [CAPABILITY IMAP4rev1 X-PLANTED] planted\r\n";
    bench.check_upgrade("/imap", &[IMAP_SILENT, listed, answer], IMAP_GREETING).await;
    bench.check_upgrade("/imap", &[IMAP_OFFER, answer], IMAP_GREETING).await;
    let talk = [SMTP_GREETING, "250-planted\r\n250-X-PLANTED\r\n250 STARTTLS\r\n", "220 planted\r\n"];
    bench.check_upgrade("/smtp", &talk, SMTP_OWN_GREETING).await;
    // This server tells them again by itself, so nobody else greets (RFC 5804 section 2.2).
    bench.check_upgrade("/sieve", &[SIEVE_OFFER, "OK planted\r\n"], "").await;
}

/// CVE-2026-42246.
#[tokio::test]
async fn nst07_an_answer_before_its_command_was_written() {
    let bench = Bench::new().await;
    let guesses: [&[&str]; 3] = [
        &["* OK [CAPABILITY IMAP4rev1 STARTTLS] planted\r\nP2 OK planted\r\n"],
        &["* OK planted\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\nP1 OK planted\r\n"],
        &[IMAP_SILENT, "* CAPABILITY IMAP4rev1 STARTTLS\r\nP1 OK planted\r\nP2 OK planted\r\n"],
    ];
    for turns in guesses {
        bench.check_guess("/imap", turns).await;
    }
    bench.check_guess("/smtp", &["220 planted\r\n250 STARTTLS\r\n"]).await;
    bench.check_guess("/smtp", &[SMTP_GREETING, "250 STARTTLS\r\n220 planted\r\n"]).await;
    // Tags that were never sent.
    for tag in ["P1", "P3", "a"] {
        bench.check("/imap", &[IMAP_OFFER, &format!("{tag} OK planted\r\n")], "starttls-injected").await;
    }
    bench.check_guess("/sieve", &["\"STARTTLS\"\r\nOK planted\r\nOK planted\r\n"]).await;
}

#[tokio::test]
async fn nst08_a_referral_is_never_followed() {
    let bench = Bench::new().await;
    let (port, elsewhere) = held_server().await;
    let referral = format!("[REFERRAL imap://localhost:{port}/planted] planted\r\n");
    bench.check("/imap", &[&format!("* BYE {referral}")], "starttls-refused").await;
    bench.check("/imap", &[IMAP_OFFER, &format!("P2 NO {referral}")], "starttls-refused").await;
    bench.check_upgrade("/imap", &[IMAP_OFFER, &format!("P2 OK {referral}")], IMAP_GREETING).await;
    assert!(elsewhere.accept().now_or_never().is_none(), "somebody came");
    let referral = format!("BYE (REFERRAL \"sieve://localhost:{port}\") \"planted\"\r\n");
    bench.check("/sieve", &[&referral], "starttls-refused").await;
    bench.check("/sieve", &[SIEVE_OFFER, &referral], "starttls-refused").await;
    assert!(elsewhere.accept().now_or_never().is_none(), "somebody came");
}

#[tokio::test]
async fn nst09_no_words_from_before_tls_are_shown() {
    let bench = Bench::new().await;
    let alert = "* OK [ALERT] planted\r\n* NO [ALERT] planted\r\nP2 OK [ALERT] planted\r\n";
    bench.check_upgrade("/imap", &[IMAP_OFFER, alert], IMAP_GREETING).await;
    bench.check("/imap", &[IMAP_OFFER, "P2 NO [ALERT] planted\r\n"], "starttls-refused").await;
    bench.check("/imap", &["* BYE [ALERT] planted\r\n"], "starttls-refused").await;
    bench
        .check_upgrade(
            "/smtp",
            &[SMTP_GREETING, SMTP_OFFER, "220-planted\r\n220 planted\r\n"],
            SMTP_OWN_GREETING,
        )
        .await;
    bench.check("/smtp", &["554 planted\r\n"], "starttls-refused").await;
    bench.check("/sieve", &["NO \"planted\"\r\n"], "starttls-refused").await;
}

/// CVE-2020-28896.
#[tokio::test]
async fn nst10_a_tagged_or_invalid_greeting() {
    let bench = Bench::new().await;
    for greeting in [
        "P1 OK planted\r\n",
        "P2 OK planted\r\n",
        "a OK [CAPABILITY IMAP4rev1 STARTTLS] planted\r\n",
        "+ planted\r\n",
        "* CAPABILITY IMAP4rev1 STARTTLS\r\n",
        "* 1 EXISTS\r\n",
        "\r\n",
        "220 planted\r\n",
        "HTTP/1.1 400 planted\r\n",
    ] {
        bench.check("/imap", &[greeting], "starttls-refused").await;
    }
    for greeting in ["250 planted\r\n", "* OK planted\r\n", "22 planted\r\n", "220planted\r\n", "\r\n"] {
        bench.check("/smtp", &[greeting], "starttls-refused").await;
    }
    for greeting in
        ["220 planted\r\n", "* OK planted\r\n", "\"STARTTLS\r\n", "\"X\" {7}\r\nplanted\r\n", "\r\n"]
    {
        bench.check("/sieve", &[greeting], "starttls-refused").await;
    }
}

#[tokio::test]
async fn nst11_certificates_after_starttls() {
    let bench = Bench::new().await;
    let imap: &[&str] = &[IMAP_OFFER, "P2 OK planted\r\n"];
    let smtp: &[&str] = &[SMTP_GREETING, SMTP_OFFER, "220 planted\r\n"];
    let sieve: &[&str] = &[SIEVE_OFFER, "OK planted\r\n"];
    for (path, turns) in [("/imap", imap), ("/smtp", smtp), ("/sieve", sieve)] {
        for (identity, word) in [
            (Identity::WrongName, "tls-name: "),
            (Identity::Expired, "tls-expired: "),
            (Identity::SelfSigned, "tls-untrusted: "),
            (Identity::OtherAuthority, "tls-untrusted: "),
        ] {
            let (mut client, mut server) = bench.connect(path).await;
            let serving = async {
                talk(&mut server, turns, 0).await;
                assert!(accept_tls(server, identity).await.is_err(), "{identity:?}");
            };
            let ((), (code, reason)) = tokio::join!(serving, client.close());
            assert!(code == 4525 && reason.starts_with(word), "{path} {identity:?}: {code} {reason}");
        }
    }
}

#[tokio::test]
async fn nst11_tls_below_1_2() {
    let bench = Bench::new().await;
    for minor in [0, 1, 2] {
        // A ServerHello of SSL 3.0, TLS 1.0 or TLS 1.1: no random to speak of, no session, a cipher of its time.
        let hello = [&[3, minor][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
        let record = [&[0x16, 3, minor, 0, 42, 2, 0, 0, 38][..], &hello].concat();
        let (mut client, mut server) = bench.connect("/imap").await;
        let serving = async {
            talk(&mut server, &[IMAP_OFFER, "P2 OK planted\r\n"], 0).await;
            assert_eq!(server.read_u8().await.unwrap(), 0x16, "a ClientHello");
            server.write_all(&record).await.unwrap();
            let mut heard = Vec::new();
            let _ = server.read_to_end(&mut heard).await;
            assert!(!heard.windows(7).any(|window| window == b"hunter2"));
        };
        let ((), (code, reason)) = tokio::join!(serving, client.close());
        assert!(code == 4525 && reason.starts_with("tls-failed: "), "3.{minor}: {code} {reason}");
    }
}
