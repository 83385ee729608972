//! `/api/discover` beyond the configuration, with a nameserver that says what a hostile domain's owner would.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use simple_dns::rdata::{RData, SRV};
use simple_dns::{CLASS, Name, Packet, PacketFlag, ResourceRecord};
use tokio::net::UdpSocket;

use crate::http::{body, request};
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
    let nothing = r#"{"imap":[],"smtp":[],"sieve":[]}"#;
    let good = concat!(
        r#"{"imap":[{"name":"imap.example.org","label":"imap.example.org","default":false,"clientTls":"forbid"}],"#,
        r#""smtp":[{"name":null,"label":"smtp.example.org","default":true,"clientTls":"forbid"}],"sieve":[]}"#
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
        let answer = request(&proxy, &format!("GET /api/discover?address={address} HTTP/1.1")).await;
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
    let proxy = Proxy::start(&[&SERVERS[..], &["--config", file.to_str().unwrap()]].concat()).await;
    let status = async |address: &str| {
        let answer = request(&proxy, &format!("GET /api/discover?address={address} HTTP/1.1")).await;
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    // The submission server is the domain's own: nobody else is asked.
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
    let answer = request(&proxy, "GET /api/discover?address=alice@good.example HTTP/1.1").await;
    assert_eq!(body(&answer), r#"{"imap":[],"smtp":[],"sieve":[]}"#);
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
    let answer = request(&proxy, "GET /api/discover?address=alice@good.example HTTP/1.1").await;
    assert_eq!(body(&answer), r#"{"imap":[],"smtp":[],"sieve":[]}"#);
}
