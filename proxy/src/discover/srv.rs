//! SRV records: `_imaps._tcp.example.org` and its like, asked of one nameserver. RFC 6186, RFC 8314 section 5.1,
//! RFC 5804 section 1.8; RFC 2782 for what a record means.
//!
//! The system's resolver knows no SRV, and a whole resolver would be the largest library in the proxy. This asks a
//! recursive nameserver one question over UDP, and again over TCP where the answer did not fit. Packets are read by
//! `simple-dns`.

use std::fmt;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use rustls::crypto::ring;
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, TYPE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use super::Found;
use crate::config::{Kind, Security};

/// Who is asked: a recursive nameserver, the operator's or the system's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nameserver(pub(crate) SocketAddr);

impl Nameserver {
    /// The first of `/etc/resolv.conf`, or this machine where that names none, as `resolv.conf(5)` says.
    pub(crate) fn of_system() -> Self {
        let text = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        let first = text.lines().find_map(|line| line.strip_prefix("nameserver")?.trim().parse().ok());
        Self(SocketAddr::new(first.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), DNS))
    }

    pub(super) async fn ask(&self, name: &str) -> io::Result<Vec<Record>> {
        ask(self.0, name).await
    }
}

impl fmt::Display for Nameserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The best server of each kind, where TLS comes first before where it is asked for.
pub(super) async fn find(nameserver: &Nameserver, domain: &str) -> Vec<Found> {
    let ask = |service| best(nameserver, service, domain);
    let (imaps, imap, submissions, submission, sieve) = tokio::join!(
        ask(("_imaps", Kind::Imap, Security::Implicit)),
        ask(("_imap", Kind::Imap, Security::StartTls)),
        ask(("_submissions", Kind::Smtp, Security::Implicit)),
        ask(("_submission", Kind::Smtp, Security::StartTls)),
        ask(("_sieve", Kind::Sieve, Security::StartTls)),
    );
    [imaps.or(imap), submissions.or(submission), sieve].into_iter().flatten().collect()
}

async fn best(
    nameserver: &Nameserver,
    (service, kind, security): (&str, Kind, Security),
    domain: &str,
) -> Option<Found> {
    let name = format!("{service}._tcp.{domain}");
    let answer = nameserver.ask(&name).await;
    let mut records = answer.inspect_err(|error| tracing::debug!(name, %error, "no SRV answer")).ok()?;
    // The least priority counts, and among those the greatest weight will do: the page asks once, and spreads no load.
    records.sort_by_key(|record| (record.priority, u16::MAX - record.weight));
    // A dot alone says that there is no such service (RFC 2782).
    let Record { host, port, .. } = records.into_iter().next().filter(|record| !record.host.is_empty())?;
    Some(Found { kind, security, host: host.to_ascii_lowercase(), port, user: None })
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    priority: u16,
    weight: u16,
    port: u16,
    host: String,
}

async fn ask(nameserver: SocketAddr, name: &str) -> io::Result<Vec<Record>> {
    let (id, query) = query(name)?;
    let unspecified: IpAddr = if nameserver.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
    // A port of the system's choice and a random id: both must be guessed to forge an answer.
    let socket = UdpSocket::bind((unspecified, 0)).await?;
    socket.connect(nameserver).await?;
    socket.send(&query).await?;
    let mut answer = [0; MAX_UDP];
    loop {
        let length = socket.recv(&mut answer).await?;
        match read_answer(id, name, &answer[..length]) {
            Answer::Other => {}
            Answer::Records(records) => return Ok(records),
            Answer::Truncated => return ask_tcp(nameserver, name, id, &query).await,
        }
    }
}

/// RFC 7766.
async fn ask_tcp(nameserver: SocketAddr, name: &str, id: u16, query: &[u8]) -> io::Result<Vec<Record>> {
    let mut stream = TcpStream::connect(nameserver).await?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), query].concat()).await?;
    // 64 KiB at most, as the length says.
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    match read_answer(id, name, &answer) {
        Answer::Records(records) => Ok(records),
        Answer::Other | Answer::Truncated => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn query(name: &str) -> io::Result<(u16, Vec<u8>)> {
    let mut id = [0; 2];
    ring::default_provider().secure_random.fill(&mut id).map_err(|_| io::Error::other("no randomness"))?;
    let id = u16::from_be_bytes(id);
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).map_err(io::Error::other)?;
    packet.questions.push(Question::new(name, TYPE::SRV.into(), CLASS::IN.into(), false));
    Ok((id, packet.build_bytes_vec().map_err(io::Error::other)?))
}

/// What a packet is to a question.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// Somebody's else, or no packet.
    Other,
    Truncated,
    Records(Vec<Record>),
}

fn read_answer(id: u16, name: &str, bytes: &[u8]) -> Answer {
    let Ok(packet) = Packet::parse(bytes) else { return Answer::Other };
    let is_ours = packet.id() == id
        && packet.has_flags(PacketFlag::RESPONSE)
        && matches!(&packet.questions[..], [question] if question.qname.to_string().eq_ignore_ascii_case(name));
    if !is_ours {
        return Answer::Other;
    }
    if packet.has_flags(PacketFlag::TRUNCATION) {
        return Answer::Truncated;
    }
    // An alias's records are the name's too, so their own names do not matter.
    let records = packet.answers.iter().filter_map(|record| match &record.rdata {
        RData::SRV(srv) => Some(Record {
            priority: srv.priority,
            weight: srv.weight,
            port: srv.port,
            host: srv.target.to_string(),
        }),
        _ => None,
    });
    Answer::Records(records.take(MAX_RECORDS).collect())
}

const DNS: u16 = 53;

/// Without EDNS an answer over UDP has 512 bytes at most (RFC 1035 section 4.2.1).
const MAX_UDP: usize = 512;
const MAX_RECORDS: usize = 32;

#[cfg(test)]
mod tests {
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::SRV;
    use tokio::net::TcpListener;

    use super::*;

    /// An answer to `query` with records of (priority, weight, port, host).
    fn answer(query: &[u8], records: &[(u16, u16, u16, &'static str)], flags: PacketFlag) -> Vec<u8> {
        let mut packet = Packet::parse(query).unwrap().into_reply();
        packet.set_flags(flags);
        let name = packet.questions[0].qname.clone();
        for &(priority, weight, port, host) in records {
            let srv = SRV { priority, weight, port, target: Name::new_unchecked(host) };
            packet.answers.push(ResourceRecord::new(name.clone(), CLASS::IN, 60, RData::SRV(srv)));
        }
        packet.build_bytes_vec().unwrap()
    }

    #[test]
    fn only_the_answer_to_our_question_counts() {
        let (id, query) = query("_imaps._tcp.example.org").unwrap();
        let good = answer(&query, &[(1, 2, 993, "imap.example.org")], PacketFlag::RESPONSE);
        let record = Record { priority: 1, weight: 2, port: 993, host: "imap.example.org".to_owned() };
        assert_eq!(read_answer(id, "_imaps._tcp.example.org", &good), Answer::Records(vec![record]));
        assert_eq!(read_answer(id ^ 1, "_imaps._tcp.example.org", &good), Answer::Other);
        assert_eq!(read_answer(id, "_imaps._tcp.evil.test", &good), Answer::Other);
        assert_eq!(read_answer(id, "_imaps._tcp.example.org", &query), Answer::Other);
        // Cut anywhere it is an answer to nothing; nothing in it makes us panic.
        for length in 0..good.len() {
            assert_eq!(read_answer(id, "_imaps._tcp.example.org", &good[..length]), Answer::Other);
        }
    }

    /// Another program may have one half of a port that is free in the other.
    async fn one_port_for_both() -> (UdpSocket, TcpListener) {
        loop {
            let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
            if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()).await {
                return (udp, tcp);
            }
        }
    }

    #[tokio::test]
    async fn the_best_of_each_kind_is_found() {
        let (socket, tcp) = one_port_for_both().await;
        let nameserver = Nameserver(tcp.local_addr().unwrap());
        tokio::spawn(async move {
            let mut buffer = [0; 512];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
                let query = &buffer[..length];
                let name = Packet::parse(query).unwrap().questions[0].qname.to_string();
                let response = PacketFlag::RESPONSE;
                let reply = match name.split('.').next().unwrap() {
                    "_imaps" => answer(
                        query,
                        &[(10, 0, 993, "b.test"), (1, 0, 993, "C.test"), (1, 9, 1993, "D.test")],
                        response,
                    ),
                    "_imap" => answer(query, &[(1, 0, 143, "e.test")], response),
                    "_submissions" => answer(query, &[(0, 0, 0, ".")], response),
                    "_submission" => answer(query, &[], response | PacketFlag::TRUNCATION),
                    _ => answer(query, &[], response),
                };
                // Somebody's guess comes first.
                let _ = socket.send_to(b"not DNS at all", peer).await;
                let _ = socket.send_to(&reply, peer).await;
            }
        });
        tokio::spawn(async move {
            let (mut stream, _) = tcp.accept().await.unwrap();
            let mut query = vec![0; usize::from(stream.read_u16().await.unwrap())];
            stream.read_exact(&mut query).await.unwrap();
            let reply = answer(&query, &[(0, 0, 587, "f.test")], PacketFlag::RESPONSE);
            stream.write_u16(reply.len().try_into().unwrap()).await.unwrap();
            stream.write_all(&reply).await.unwrap();
        });
        let found = find(&nameserver, "example.org").await;
        let found: Vec<_> = found.iter().map(|one| (one.kind, one.security, &*one.host, one.port)).collect();
        assert_eq!(
            found,
            [
                (Kind::Imap, Security::Implicit, "d.test", 1993),
                (Kind::Smtp, Security::StartTls, "f.test", 587),
            ]
        );
    }
}
