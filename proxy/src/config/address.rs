//! Which addresses a name may lead to: public ones, and the ranges that the operator allows.
//!
//! A host that the operator named is trusted to be itself, not to point inside the operator's network: whoever
//! controls its DNS could otherwise steer the proxy to an internal service (DNS rebinding).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A TCP port; port 0 takes a free one.
    Address(SocketAddr),
    /// A Unix socket. Only a reverse proxy on this machine can reach it, so its `X-Forwarded-For` is believed.
    Unix(PathBuf),
}

impl TryFrom<&str> for Listen {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(_) => Err("write the whole path, such as unix:/run/postern/postern.sock".to_owned()),
            None => text.parse().map(Self::Address).map_err(|_| {
                let meant =
                    meant(text).map_or_else(String::new, |meant| format!("; {meant} is meant, it seems"));
                format!("write an address and a port, such as 127.0.0.1:8080, or unix:/PATH{meant}")
            }),
        }
    }
}

/// What somebody meant who left a part of an address out, if that can be told.
fn meant(text: &str) -> Option<String> {
    let port = |text: &str| text.parse::<u16>().ok();
    let (host, number) = match text.rsplit_once(':') {
        Some((host, number)) => (host, port(number)?),
        None if text.parse::<IpAddr>().is_ok() => return Some(bracketed(text, 8080)),
        None => ("localhost", port(text)?),
    };
    match host {
        "" | "*" => Some(format!("0.0.0.0:{number}")),
        "localhost" => Some(format!("127.0.0.1:{number}")),
        host => host.parse::<Ipv6Addr>().ok().map(|_| bracketed(host, number)),
    }
}

fn bracketed(address: &str, port: u16) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A range of addresses: `192.168.0.0/16`, `fd00::/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    prefix: u8,
}

impl AddressRange {
    /// Whether the address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                u32::from(first).checked_shr(shift) == u32::from(address).checked_shr(shift)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.prefix);
                u128::from(first).checked_shr(shift) == u128::from(address).checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl AddressRange {
    /// Whether it holds every address of its family.
    pub(crate) fn is_everything(&self) -> bool {
        self.prefix == 0
    }
}

impl TryFrom<&str> for AddressRange {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        let wrong = || {
            "write an address or a range, without a port or a name, such as 192.168.1.7, 10.0.0.0/8 or fd00::/8".to_owned()
        };
        let text = text.trim().trim_start_matches('[').trim_end_matches(']');
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        let longest = if first.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= longest).ok_or_else(wrong)?,
            None => longest,
        };
        Ok(Self { first, prefix })
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

/// Whether an address is reachable from anywhere, by the IANA special-purpose registries (RFC 6890).
/// An IPv4 address inside IPv6 (mapped, NAT64, 6to4) is judged by the IPv4 address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || (a == 100 && (64..128).contains(&b)) // Carrier-grade NAT, RFC 6598.
        || (a == 192 && b == 0 && c == 0) // Protocol assignments.
        || address.is_documentation()
        || (a == 198 && (18..20).contains(&b)) // Benchmarks, RFC 2544.
        || a >= 240; // Reserved, and broadcast.
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3 alone; 2001::/23 (assignments, Teredo), 2001:db8::/32 and 3fff::/20 are not.
    first & 0xe000 == 0x2000
        && !(first == 0x2001 && (second < 0x200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        (0, 0) if (c, d, e) == (0, 0, 0) && f == 0xffff => Some(join(g, h)),
        (0x64, 0xff9b) => Some(join(g, h)), // NAT64, RFC 6052.
        (0x2002, _) => Some(join(b, c)),    // 6to4, RFC 3056.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p02_only_addresses_of_the_open_internet_are_public() {
        for (text, expected) in [
            ("192.0.2.1", false),
            ("9.9.9.9", true),
            ("2620:fe::fe", true),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("172.32.0.1", true),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:9.9.9.9", true),
            ("::127.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("2002:7f00:1::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn a_range_holds_what_its_prefix_says() {
        for (range, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("192.168.1.7", "192.168.1.7", true),
            ("192.168.1.7", "192.168.1.8", false),
            ("0.0.0.0/0", "127.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fd12::1", true),
            ("::/0", "::1", true),
        ] {
            let range = AddressRange::try_from(range).unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), expected, "{range} {address}");
        }
        for wrong in ["10.0.0.0/33", "mail.example.com", "10.0.0", "::/129", "10.0.0.0/"] {
            assert!(AddressRange::try_from(wrong).is_err(), "{wrong}");
        }
    }
}
