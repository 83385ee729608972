//! The proxy in front of a real server: each way in, and what it says when there is none.

use crate::websocket::Lines;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use postern_tests::{Dovecot, PASSWORD, Proxy};

/// Signs in over this path and sees the inbox.
async fn check_works(proxy: &Proxy, path: &str) {
    let mut imap = Lines::open(proxy, path).await;
    let greeting = imap.read_until("* OK").await.unwrap();
    assert!(!greeting.contains("STARTTLS"), "after TLS there is none to offer: {greeting}");
    imap.ask("a", "CAPABILITY").await;
    let answer = imap.ask("b", &format!("LOGIN ada {PASSWORD}")).await;
    assert!(answer.starts_with("* CAPABILITY") || answer.starts_with("b OK"), "{answer}");
    let answer = imap.ask("c", "STATUS INBOX (MESSAGES)").await;
    assert!(answer.contains("MESSAGES 0"), "{answer}");
}

#[tokio::test]
async fn imap_flows_over_implicit_tls_and_over_starttls() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    check_works(&proxy, "/imap").await;
    check_works(&proxy, "/imap/starttls").await;
}

/// RFC 5804: the server greets once more after STARTTLS, and then takes a script.
#[tokio::test]
async fn filters_are_kept_over_managesieve() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let proxy = Proxy::before(&dovecot, &["--sieve", &dovecot.sieve_url()]).unwrap();
    let mut sieve = Lines::open(&proxy, "/sieve").await;
    let greeting = sieve.read_until("OK").await.unwrap();
    assert!(greeting.contains("\"SIEVE\""), "{greeting}");
    assert!(!greeting.contains("\"STARTTLS\""), "after TLS there is none to offer: {greeting}");

    let credentials = BASE64_STANDARD.encode(format!("\0ada\0{PASSWORD}"));
    sieve.send(&format!("AUTHENTICATE \"PLAIN\" \"{credentials}\"")).await;
    sieve.read_until("OK").await.unwrap();
    let script = "require \"fileinto\";\r\nfileinto \"Archive\";";
    sieve.send(&format!("PUTSCRIPT \"all\" {{{}+}}\r\n{script}", script.len())).await;
    sieve.read_until("OK").await.unwrap();
    sieve.send("LISTSCRIPTS").await;
    assert!(sieve.read_until("OK").await.unwrap().starts_with("\"all\""));
    sieve.send("LOGOUT").await;
    sieve.read_until("OK").await.unwrap();
    assert_eq!(sieve.read_until("nothing more").await.unwrap_err().0, 1000);
}

#[tokio::test]
async fn an_untrusted_certificate_ends_it_before_a_byte() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    let (code, reason) = Lines::open(&proxy, "/imap/untrusted").await.read_until("*").await.unwrap_err();
    assert_eq!(code, 4525, "{reason}");
    assert!(reason.starts_with("tls-untrusted:"), "{reason}");
}

#[tokio::test]
async fn the_server_goes_and_comes_back() {
    let mut dovecot = Dovecot::start(&[]).unwrap();
    let proxy = Proxy::before(&dovecot, &[]).unwrap();
    let mut imap = Lines::open(&proxy, "/imap").await;
    imap.read_until("* OK").await.unwrap();

    dovecot.stop().unwrap();
    let (code, reason) = imap.read_until("nothing of this kind").await.unwrap_err();
    assert!(code == 1000 || code == 4502, "{code} {reason}");
    let (code, reason) = Lines::open(&proxy, "/imap").await.read_until("*").await.unwrap_err();
    assert_eq!(code, 4502, "{reason}");
    assert!(reason.starts_with("refused:"), "{reason}");

    dovecot.start_again().unwrap();
    check_works(&proxy, "/imap").await;
}

#[tokio::test]
async fn no_password_reaches_a_log() {
    let dovecot = Dovecot::start(&[]).unwrap();
    let mut proxy = Proxy::before(&dovecot, &["--log", "trace"]).unwrap();
    check_works(&proxy, "/imap").await;
    check_works(&proxy, "/imap/starttls").await;
    proxy.stop().unwrap();
    let log = proxy.log().join("\n");
    assert!(log.lines().count() > 1, "nothing was logged, so nothing was looked at");
    assert!(!log.contains(PASSWORD), "{log}");
}
