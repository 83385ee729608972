//! The PROXY protocol: how a load balancer tells who connected to it, and how we tell it to a mail server.
//!
//! Read in versions 1 and 2, written in version 2. A header is believed only from peers that the operator named, and
//! those must send one: to guess whether it is there would let clients write their own.
//! <https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt>

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads the header and not a byte more; `None` if the sender speaks for itself, as in a health check, or does not
/// know.
///
/// # Errors
/// What the stream says, or [`InvalidData`](io::ErrorKind::InvalidData) where no header is.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<SocketAddr>> {
    let mut start = [0; SIGNATURE.len()];
    stream.read_exact(&mut start).await?;
    if start != SIGNATURE {
        return read_v1(stream, &start).await;
    }
    let (version_and_command, family) = (stream.read_u8().await?, stream.read_u8().await?);
    let length = usize::from(stream.read_u16().await?);
    if length > MAX_V2 {
        return Err(invalid("a header that is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    match version_and_command {
        LOCAL => Ok(None),
        PROXY => parse_v2(family, &body).ok_or_else(|| invalid("addresses that are cut off")),
        _ => Err(invalid("a version or command that does not exist")),
    }
}

/// The source address of a version 2 header, if its family has one; `None` if it is cut off.
fn parse_v2(family: u8, body: &[u8]) -> Option<Option<SocketAddr>> {
    // Two addresses, then two ports.
    let (address, port): (IpAddr, _) = match (family, body) {
        (TCP_V4, [a, b, c, d, _, _, _, _, high, low, _, _, ..]) => ([*a, *b, *c, *d].into(), [*high, *low]),
        (TCP_V6, body) => {
            let (source, rest) = body.split_first_chunk::<16>()?;
            let (_destination, rest) = rest.split_first_chunk::<16>()?;
            let (ports, _more) = rest.split_first_chunk::<4>()?;
            ((*source).into(), [ports[0], ports[1]])
        }
        (TCP_V4, _) => return None,
        _ => return Some(None),
    };
    Some(Some(SocketAddr::new(address, u16::from_be_bytes(port))))
}

async fn read_v1(stream: &mut (impl AsyncRead + Unpin), start: &[u8]) -> io::Result<Option<SocketAddr>> {
    let mut line = start.to_vec();
    if !line.starts_with(b"PROXY ") {
        return Err(invalid("no PROXY header"));
    }
    while !line.ends_with(b"\r\n") {
        if line.len() == MAX_V1 {
            return Err(invalid("a line that is too long"));
        }
        line.push(stream.read_u8().await?);
    }
    let line = str::from_utf8(&line).map_err(|_| invalid("a line that is no text"))?;
    parse_v1(line.trim_end()).ok_or_else(|| invalid("a line that makes no sense"))
}

/// `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`, or `PROXY UNKNOWN` and anything.
fn parse_v1(line: &str) -> Option<Option<SocketAddr>> {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        ["PROXY", "UNKNOWN", ..] => Some(None),
        ["PROXY", "TCP4", source, _, port, _] => {
            Some(Some(SocketAddr::new(source.parse::<Ipv4Addr>().ok()?.into(), port.parse().ok()?)))
        }
        ["PROXY", "TCP6", source, _, port, _] => {
            Some(Some(SocketAddr::new(source.parse::<Ipv6Addr>().ok()?.into(), port.parse().ok()?)))
        }
        _ => None,
    }
}

/// The header that tells a server about a client at the first address that had connected to the second. Without a
/// client we speak for ourselves, as in a health check.
pub(crate) fn header(client: Option<(SocketAddr, SocketAddr)>) -> Vec<u8> {
    let Some((source, destination)) = client else { return [&SIGNATURE[..], &[LOCAL, 0, 0, 0]].concat() };
    let (family, addresses) = match (source.ip().to_canonical(), destination.ip().to_canonical()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            (TCP_V4, [source.octets(), destination.octets()].concat())
        }
        (source, destination) => (TCP_V6, [in_v6(source).octets(), in_v6(destination).octets()].concat()),
    };
    let ports = [source.port().to_be_bytes(), destination.port().to_be_bytes()].concat();
    // 12 or 36 bytes.
    let length = u16::try_from(addresses.len() + ports.len()).unwrap_or(0);
    [&SIGNATURE[..], &[PROXY, family], &length.to_be_bytes(), &addresses, &ports].concat()
}

fn in_v6(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;
const TCP_V4: u8 = 0x11;
const TCP_V6: u8 = 0x21;

/// The longest line of version 1, with its end.
const MAX_V1: usize = 107;

/// Addresses and what a load balancer may add about TLS.
const MAX_V2: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// Who is announced by `header`, and that what follows it is left alone.
    async fn check(header: &[u8], expected: Result<Option<&str>, &str>) {
        let bytes = [header, b"GET"].concat();
        let mut stream = &bytes[..];
        let read = read(&mut stream).await;
        match expected {
            Ok(source) => {
                assert_eq!(read.unwrap(), source.map(address), "{header:02x?}");
                assert_eq!(stream, b"GET");
            }
            Err(why) => assert_eq!(read.unwrap_err().to_string(), why, "{header:02x?}"),
        }
    }

    #[tokio::test]
    async fn version_1() {
        check(b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", Ok(Some("192.0.2.1:56324"))).await;
        check(b"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n", Ok(Some("[2001:db8::1]:1"))).await;
        check(b"PROXY UNKNOWN\r\n", Ok(None)).await;
        check(b"PROXY UNKNOWN whatever it is\r\n", Ok(None)).await;
        for wrong in [
            "PROXY TCP4 2001:db8::1 198.51.100.1 1 2\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1\r\n",
            "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n",
        ] {
            check(wrong.as_bytes(), Err("a line that makes no sense")).await;
        }
        check(b"GET / HTTP/1.1\r\n", Err("no PROXY header")).await;
        check(&[b"PROXY UNKNOWN ", &[b'x'; 200][..]].concat(), Err("a line that is too long")).await;
    }

    #[tokio::test]
    async fn version_2() {
        let v4 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb";
        check(v4, Ok(Some("192.0.2.1:56324"))).await;
        assert_eq!(header(Some((address("192.0.2.1:56324"), address("198.51.100.1:443")))), v4);
        assert_eq!(header(Some((address("[::ffff:192.0.2.1]:56324"), address("198.51.100.1:443")))), v4);
        let v6 = header(Some((address("[2001:db8::1]:7"), address("198.51.100.1:443"))));
        assert_eq!(v6[12..16], [0x21, 0x21, 0, 36]);
        check(&v6, Ok(Some("[2001:db8::1]:7"))).await;
        let start = b"\r\n\r\n\0\r\nQUIT\n".as_slice();
        // With three bytes more, of which only their writer knows the meaning.
        check(&[&v4[..15], b"\x0f", &v4[16..], b"\x04\0\0"].concat(), Ok(Some("192.0.2.1:56324"))).await;
        check(&header(None), Ok(None)).await;
        assert_eq!(header(None), [start, b"\x20\0\0\0"].concat());
        check(&[start, b"\x21\x00\x00\x00"].concat(), Ok(None)).await;
        check(&[start, b"\x11\x11\x00\x00"].concat(), Err("a version or command that does not exist")).await;
        check(&[start, b"\x21\x11\x00\x0b", &[1; 11]].concat(), Err("addresses that are cut off")).await;
        check(&[start, b"\x21\x11\xff\xff"].concat(), Err("a header that is too long")).await;
    }
}
