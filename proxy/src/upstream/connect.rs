//! Resolves a server's name once, checks every address, and connects to one that passed: to that very address, not to
//! the name again (security.md P2).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Failure;
use crate::close::Reason;
use crate::config::{AddressRange, Security, Target, is_public};

pub(super) async fn connect(
    target: &Target,
    allowed: &[AddressRange],
    deadline: Duration,
) -> Result<TcpStream, Failure> {
    // The deadline is for both together, and what took too long is told apart: a slow nameserver is no dead server.
    let by = Instant::now() + deadline;
    let addresses = match timeout_at(by, resolve(target)).await {
        Ok(addresses) => addresses?,
        Err(_) => {
            let detail = format!("no answer about {} in {} s", target.host(), deadline.as_secs_f32());
            return Err(Failure::new(Reason::DnsTimeout, "name look-up failed", detail));
        }
    };
    // The one who does not answer within the deadline is as good as not there.
    timeout_at(by, connect_to(target, allowed, &addresses)).await.unwrap_or_else(|_| {
        let detail = format!("no answer from {} in {} s", list(&addresses), deadline.as_secs_f32());
        Err(Failure::new(Reason::Unreachable, "connect failed", detail))
    })
}

/// Connects to a server on this machine. Only the operator names a path, so there is no address to check.
pub(super) async fn connect_unix(path: &Path, deadline: Duration) -> Result<UnixStream, Failure> {
    let failed = |reason, detail: String| Failure::new(reason, "connect failed", detail);
    match timeout(deadline, UnixStream::connect(path)).await {
        Ok(Ok(socket)) => Ok(socket),
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            Err(failed(Reason::Refused, format!("there is no socket {}", path.display())))
        }
        Ok(Err(error)) => Err(failed(why(&error), error.to_string())),
        Err(_) => Err(failed(Reason::Unreachable, "no answer in time".to_owned())),
    }
}

/// Connects to one of the addresses that the name led to, if it may.
async fn connect_to(
    target: &Target,
    allowed: &[AddressRange],
    addresses: &[SocketAddr],
) -> Result<TcpStream, Failure> {
    let usable: Vec<_> =
        addresses.iter().filter(|address| may_connect(target, allowed, address.ip())).copied().collect();
    if usable.is_empty() {
        let detail = format!("it is at {}; see --allow-address", list(addresses));
        return Err(Failure::new(Reason::TargetRefused, "no address that may be connected to", detail));
    }
    connect_to_first(&usable).await
}

async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Failure> {
    let failed = |detail: String| Failure::new(Reason::Dns, "name look-up failed", detail);
    // Without a port it is a Unix socket, which is not connected to here.
    let port = target.port().ok_or_else(|| failed("it is no name".to_owned()))?;
    if let Some(address) = target.literal_address() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = lookup_host((target.host(), port)).await.map_err(|error| failed(error.to_string()))?;
    let addresses: Vec<_> = found.collect();
    if addresses.is_empty() { Err(failed("it has no address".to_owned())) } else { Ok(addresses) }
}

/// Whether the host's name leads to an address that may be connected to.
pub(super) async fn leads_somewhere(target: &Target, allowed: &[AddressRange]) -> bool {
    let addresses = resolve(target).await.unwrap_or_default();
    addresses.iter().any(|address| may_connect(target, allowed, address.ip()))
}

fn list(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
    addresses.join(", ")
}

/// An address that the operator wrote, and loopback if they wrote `localhost`, are allowed by name. A host name is
/// not: whoever controls its DNS would choose what it leads to.
fn may_connect(target: &Target, allowed: &[AddressRange], address: IpAddr) -> bool {
    let address = address.to_canonical();
    if target.names_loopback() {
        return address.is_loopback();
    }
    // Plain text never leaves this machine; `Target` allows it for loopback names alone.
    target.security != Security::Plain
        && (target.literal_address().is_some()
            || is_public(address)
            || allowed.iter().any(|range| range.contains(address)))
}

async fn connect_to_first(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let socket = race(addresses, TcpStream::connect).await?;
    // Small commands and their answers must not wait for each other's acknowledgement.
    let _ = socket.set_nodelay(true);
    Ok(socket)
}

/// Tries the addresses in turn, the next one when one has failed or not answered soon; the first that answers wins and
/// the others are given up (RFC 8305 section 5).
async fn race<S, F>(addresses: &[SocketAddr], connect: impl Fn(SocketAddr) -> F) -> Result<S, Failure>
where
    S: Send + 'static,
    F: Future<Output = io::Result<S>> + Send + 'static,
{
    let mut waiting = interleave(addresses).into_iter();
    let mut attempts = JoinSet::new();
    let (mut reason, mut details) = (Reason::Unreachable, Vec::new());
    loop {
        match waiting.next() {
            Some(address) => {
                let attempt = connect(address);
                attempts.spawn(async move { (address, attempt.await) });
            }
            None if attempts.is_empty() => {
                return Err(Failure::new(reason, "connect failed", details.join("; ")));
            }
            None => {}
        }
        tokio::select! {
            Some(Ok((address, result))) = attempts.join_next() => match result {
                Ok(socket) => return Ok(socket),
                Err(error) => {
                    details.push(format!("{address}: {error}"));
                    reason = why(&error);
                }
            },
            () = sleep(ATTEMPT_DELAY), if waiting.len() > 0 => {}
            // An attempt panicked; the others go on.
            else => {}
        }
    }
}

/// The two families by turns, beginning with the one that the system prefers (RFC 8305 section 4): where one of them
/// is broken, the second attempt already is of the other.
fn interleave(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let preferred = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.iter().copied().partition(|address| address.is_ipv6() == preferred);
    let mut mixed = Vec::with_capacity(addresses.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    while mixed.len() < addresses.len() {
        mixed.extend(first.next().into_iter().chain(second.next()));
    }
    mixed
}

pub(super) fn why(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Reason::Refused,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Reason::Reset,
        _ => Reason::Unreachable,
    }
}

/// RFC 8305 section 8.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Kind, Pattern};

    #[test]
    fn p02_a_name_leads_inside_only_where_that_was_allowed() {
        let lan = ["10.0.0.0/8"].map(|range| AddressRange::try_from(range).unwrap());
        for (url, allowed, address, expected) in [
            ("imaps://mail.example.com", &[][..], "9.9.9.9", true),
            ("imaps://mail.example.com", &[], "127.0.0.1", false),
            ("imaps://mail.example.com", &[], "10.0.0.1", false),
            ("imaps://mail.example.com", &[], "::ffff:10.0.0.1", false),
            ("imaps://mail.example.com", &lan, "10.0.0.1", true),
            ("imaps://mail.example.com", &lan, "::ffff:10.0.0.1", true),
            ("imaps://mail.example.com", &lan, "127.0.0.1", false),
            ("imaps://10.0.0.1", &[], "10.0.0.1", true),
            ("imaps://localhost", &[], "127.0.0.1", true),
            ("imaps://localhost", &[], "::1", true),
            // A resolver that lies about localhost.
            ("imaps://localhost", &[], "9.9.9.9", false),
            ("imap+plain://localhost", &[], "9.9.9.9", false),
            ("imap+plain://localhost", &lan, "10.0.0.1", false),
            ("imap+plain://127.0.0.1", &[], "127.0.0.1", true),
            // Odd spellings of 127.0.0.1 are names to us, and what they resolve to is checked.
            ("imaps://2130706433", &[], "127.0.0.1", false),
            ("imaps://0x7f.1", &[], "127.0.0.1", false),
        ] {
            let Ok(target) = Target::parse(Kind::Imap, url) else {
                assert!(!expected, "{url} is not even a target");
                continue;
            };
            let address = address.parse().unwrap();
            assert_eq!(may_connect(&target, allowed, address), expected, "{url} {address}");
        }
    }

    #[tokio::test]
    async fn p02_an_address_that_is_refused_is_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = Target::parse(Kind::Imap, "imaps://mail.example.com").unwrap();
        let refused = connect_to(&target, &[], &[address]).await;
        assert_eq!(refused.unwrap_err().reason, Reason::TargetRefused);
        let loopback = AddressRange::try_from("127.0.0.0/8").unwrap();
        let socket = connect_to(&target, &[loopback], &[address]).await.unwrap();
        // The first that the listener sees is the second one.
        assert_eq!(listener.accept().await.unwrap().1, socket.local_addr().unwrap());
    }

    #[test]
    fn p02_a_pattern_leads_to_public_addresses() {
        let target = Pattern::parse(Kind::Imap, "imaps://*").unwrap().target("mail.example.com").unwrap();
        for (address, expected) in
            [("9.9.9.9", true), ("127.0.0.1", false), ("10.0.0.1", false), ("::1", false)]
        {
            assert_eq!(may_connect(&target, &[], address.parse().unwrap()), expected, "{address}");
        }
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 993)).collect()
    }

    #[test]
    fn families_take_turns() {
        for (given, expected) in [
            (&[][..], &[][..]),
            (&["9.9.9.9"], &["9.9.9.9"]),
            (
                &["2620:fe::1", "2620:fe::2", "9.9.9.1", "9.9.9.2"],
                &["2620:fe::1", "9.9.9.1", "2620:fe::2", "9.9.9.2"],
            ),
            (&["9.9.9.1", "2620:fe::1", "2620:fe::2"], &["9.9.9.1", "2620:fe::1", "2620:fe::2"]),
        ] {
            assert_eq!(interleave(&addresses(given)), addresses(expected));
        }
    }

    /// Which of three addresses wins and after how many milliseconds, if each does as told.
    async fn check(behaviour: [&'static str; 3], expected: Result<u16, Reason>, milliseconds: u128) {
        let start = Instant::now();
        let addresses: Vec<_> = (0..3).map(|port| SocketAddr::from(([9, 9, 9, 9], port))).collect();
        let result = race(&addresses, |address| async move {
            match behaviour[usize::from(address.port())] {
                "refuses" => return Err(io::ErrorKind::ConnectionRefused.into()),
                "answers" => {}
                "answers late" => sleep(Duration::from_millis(300)).await,
                _ => std::future::pending().await,
            }
            Ok(address.port())
        });
        assert_eq!(result.await.map_err(|failure| failure.reason), expected, "{behaviour:?}");
        assert_eq!(start.elapsed().as_millis(), milliseconds, "{behaviour:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_is_silent_costs_a_quarter_of_a_second() {
        check(["answers", "answers", "answers"], Ok(0), 0).await;
        check(["silent", "answers", "answers"], Ok(1), 250).await;
        check(["silent", "silent", "answers"], Ok(2), 500).await;
        // One that failed costs nothing, and a late first one still wins over a later second.
        check(["refuses", "refuses", "answers"], Ok(2), 0).await;
        check(["answers late", "silent", "silent"], Ok(0), 300).await;
        check(["refuses", "refuses", "refuses"], Err(Reason::Refused), 0).await;
    }
}
