//! `/api/discover` beyond the configuration, with a nameserver that says what a hostile domain's owner would.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use simple_dns::rdata::{RData, SRV};
use simple_dns::{CLASS, Name, Packet, PacketFlag, ResourceRecord};
use tokio::net::UdpSocket;

use crate::binary::{Running, postern};
use crate::http::{body, discover, discover_at, request};
use crate::support::*;

/// What each domain says of its IMAP and its submission server.
const RECORDS: [(&str, &str, u16, &str); 7] = [
    ("_imaps", "good.example", 993, "IMAP.example.org"),
    ("_submission", "good.example", 587, "smtp.example.org"),
    ("_imaps", "elsewhere.example", 993, "imap.evil.example"),
    ("_imaps", "port.example", 25, "imap.example.org"),
    ("_imap", "scheme.example", 143, "imap.example.org"),
    ("_imaps", "inside.example", 993, "127.0.0.1"),
    ("_imaps", "self.example", 993, "localhost"),
];

/// A nameserver on loopback, and how often it was asked.
pub(crate) async fn nameserver() -> (SocketAddr, Arc<AtomicUsize>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (socket.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut packet = Packet::parse(&buffer[..length]).unwrap().into_reply();
            packet.set_flags(PacketFlag::RESPONSE);
            let name = packet.questions[0].qname.clone();
            for (service, domain, port, host) in RECORDS {
                if name.to_string() == format!("{service}._tcp.{domain}") {
                    let target = Name::new_unchecked(host);
                    let srv = RData::SRV(SRV { priority: 0, weight: 0, port, target });
                    packet.answers.push(ResourceRecord::new(name.clone(), CLASS::IN, 60, srv));
                }
            }
            let _ = socket.send_to(&packet.build_bytes_vec().unwrap(), peer).await;
        }
    });
    (address, asked)
}

const SERVERS: [&str; 4] = ["--imap", "imaps://*.example.org", "--smtp", "smtp://smtp.example.org"];

#[tokio::test]
async fn p01_what_a_domain_publishes_is_answered_where_the_configuration_allows_it() {
    let (nameserver, _) = nameserver().await;
    let nameserver = nameserver.to_string();
    let more = ["--discover", "srv", "--nameserver", &nameserver];
    let proxy = Proxy::start(&[&SERVERS[..], &more].concat()).await;
    let nothing = concat!(
        r#"{"imap":[],"smtp":[],"sieve":[],"#,
        r#""patterns":{"imap":["*.example.org"],"smtp":[],"sieve":[]}}"#
    );
    let good = concat!(
        r#"{"imap":[{"name":"imap.example.org","label":"imap.example.org","default":false,"clientTls":"forbid"}],"#,
        r#""smtp":[{"name":null,"label":"smtp.example.org","default":true,"clientTls":"forbid"}],"sieve":[],"#,
        r#""patterns":{"imap":["*.example.org"],"smtp":[],"sieve":[]}}"#
    );
    for (address, expected) in [
        ("alice@good.example", good),
        ("alice@GOOD.example", good),
        ("alice@elsewhere.example", nothing),
        ("alice@port.example", nothing),
        ("alice@scheme.example", nothing),
        ("alice@inside.example", nothing),
        ("alice@self.example", nothing),
        ("alice@unknown.example", nothing),
        ("alice@127.0.0.1", nothing),
        ("alice@localhost", nothing),
    ] {
        let answer = discover(&proxy, address).await;
        assert_eq!(body(&answer), expected, "{address}");
    }
    let config = request(&proxy, "GET /api/config HTTP/1.1").await;
    assert!(body(&config).contains(r#""discovery":true"#), "{config}");
}

#[tokio::test]
async fn p06_look_ups_are_limited_and_configured_servers_need_none() {
    let (nameserver, asked) = nameserver().await;
    let text =
        format!("discover = ['srv']\nnameserver = '{nameserver}'\n[limits]\ndiscoveries_per_minute = 2");
    let file = temp_file("toml", &text);
    let own = ["--imap", "own=imaps://imap.example.org"];
    let proxy = Proxy::start(&[&SERVERS[..], &own, &["--config", file.to_str().unwrap()]].concat()).await;
    let status = async |address: &str| {
        let answer = discover(&proxy, address).await;
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    // The servers are the domain's own: nobody else is asked.
    for _ in 0..5 {
        assert_eq!(status("alice@example.org").await, "200");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!(status("alice@good.example").await, "200");
    assert_eq!(status("alice@good.example").await, "200");
    let so_far = asked.load(Ordering::Relaxed);
    assert!(so_far > 0);
    assert_eq!(status("alice@good.example").await, "429");
    assert_eq!(status("alice@example.org").await, "200");
    assert_eq!(asked.load(Ordering::Relaxed), so_far);
}

#[tokio::test]
async fn nobody_is_asked_unless_the_operator_said_so() {
    let (nameserver, asked) = nameserver().await;
    let nameserver = nameserver.to_string();
    let proxy = Proxy::start(&[&SERVERS[..], &["--nameserver", &nameserver]].concat()).await;
    let answer = discover(&proxy, "alice@good.example").await;
    assert!(body(&answer).starts_with(r#"{"imap":[],"smtp":[],"sieve":[],"#), "{answer}");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn p07_a_nameserver_that_says_nothing_is_given_up() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let text = format!(
        "discover = ['srv']\nnameserver = '{}'\n[deadlines]\ndiscover = 0.1",
        silent.local_addr().unwrap()
    );
    let file = temp_file("toml", &text);
    let proxy = Proxy::start(&[&SERVERS[..], &["--config", file.to_str().unwrap()]].concat()).await;
    let answer = discover(&proxy, "alice@good.example").await;
    assert!(body(&answer).starts_with(r#"{"imap":[],"smtp":[],"sieve":[],"#), "{answer}");
}

/// An operator's submission server tells nothing about where mail is read.
#[tokio::test]
async fn a_domain_with_a_submission_server_alone_is_looked_up_for_the_rest() {
    let (nameserver, _) = nameserver().await;
    let nameserver = nameserver.to_string();
    let proxy = Proxy::start(&[
        "--imap",
        "imaps://*.example.org",
        "--smtp",
        "out=smtp://smtp.good.example",
        "--discover",
        "srv",
        "--nameserver",
        &nameserver,
    ])
    .await;
    let answer = discover(&proxy, "alice@good.example").await;
    assert!(body(&answer).contains(r#""imap":[{"name":"imap.example.org","#), "{answer}");
    assert!(body(&answer).contains(r#""smtp":[{"name":"out","#), "{answer}");
}

#[tokio::test]
async fn no_host_is_made_up_where_patterns_are_all_there_is() {
    let proxy = Proxy::start(&["--imap", "imaps://*.example.invalid", "--imap", "imaps://*"]).await;
    for address in ["alice@example.invalid", "alice@mail.example.invalid", "alice@elsewhere.invalid"] {
        let answer = discover(&proxy, address).await;
        assert!(body(&answer).starts_with(r#"{"imap":[],"#), "{answer}");
        // But a person may type one in.
        assert!(body(&answer).contains(r#""patterns":{"imap":["*.example.invalid","*"]"#), "{answer}");
    }
}

/// What was looked up for somebody is logged only where the operator asks for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p16_a_domain_that_was_looked_up_is_logged_at_debug_only() {
    let (nameserver, _) = nameserver().await;
    let nameserver = nameserver.to_string();
    for (level, expected) in [("info", false), ("debug", true)] {
        let running = Running::start(postern().args(["--listen", "127.0.0.1:0", "--log", level]).args([
            "--imap",
            "imaps://*.example.org",
            "--imap",
            "imaps://*.planted.invalid",
            "--discover",
            "autoconfig srv",
            "--nameserver",
            &nameserver,
        ]));
        discover_at(running.address, "hunter2@planted.invalid").await;
        // And where the page then connects to such a host.
        let origin = format!("http://{}", running.address);
        let mut client = connect(running.address, "/imap/imap.planted.invalid", Some(&origin)).await;
        assert_eq!(client.close().await.0, 4502);
        assert!(client.next().await.is_none());
        running.signal("-TERM");
        let (_, log) = running.wait();
        assert_eq!(log.contains("autoconfig.planted.invalid"), expected, "{level}: {log}");
        assert_eq!(log.contains("imap.planted.invalid"), expected, "{level}: {log}");
        assert!(log.contains("name look-up failed"), "{log}");
        // The pattern itself is the operator's own.
        let own = log.lines().filter(|line| line.replace("*.planted.invalid", "").contains("planted"));
        assert_eq!(own.count() > 0, expected, "{level}: {log}");
        assert!(!log.contains("hunter2"), "{log}");
    }
}
