//! Who the client is when a reverse proxy stands before us: the socket's peer, unless a peer that the operator named
//! says otherwise (security.md P5).

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;

use crate::config::AddressRange;
use crate::ends::Ends;

/// The client's address: that of the peer, or what the `X-Forwarded-For` of a trusted one says (with port 0, since it
/// tells none).
pub(crate) fn client(ends: Ends, headers: &HeaderMap, ranges: &[AddressRange]) -> SocketAddr {
    let Ends { peer: mut client, mut trusted, .. } = ends;
    // Each hop writes its peer behind what was there, so the last ones are those that we trust. Whatever stands before
    // the first hop that is not ours, anyone may have written.
    for hop in hops(headers).rev() {
        if !trusted {
            break;
        }
        let Some(address) = hop.and_then(parse) else { break };
        client = SocketAddr::new(address, 0);
        trusted = is_trusted(address, ranges);
    }
    client
}

/// Whether the address is in one of the ranges.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[AddressRange]) -> bool {
    trusted.iter().any(|range| range.contains(address))
}

/// All entries in order; `None` for a header that is no text.
fn hops(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<&str>> {
    headers.get_all("x-forwarded-for").iter().flat_map(|value| {
        let text = value.to_str().ok();
        // A header that can't be read is one hop that nobody knows.
        text.map_or(vec![None], |text| text.split(',').map(|hop| Some(hop.trim())).collect())
    })
}

/// An address, with or without a port, as proxies write it.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_peer_is_believed() {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|range| AddressRange::try_from(range).unwrap());
        for (peer, headers, expected) in [
            ("192.0.2.9", &["198.51.100.1"][..], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["2001:db8::1"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            // What the client itself wrote stands first and is not believed.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
            // Through two of ours.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1, fd00::1"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // What is no address ends what is known.
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &[""], "10.0.0.1"),
        ] {
            let mut map = HeaderMap::new();
            for header in headers {
                map.append("x-forwarded-for", header.parse().unwrap());
            }
            let peer = SocketAddr::new(peer.parse().unwrap(), 5);
            let ends = Ends { peer, local: peer, trusted: is_trusted(peer.ip(), &trusted) };
            let client = client(ends, &map, &trusted).ip();
            assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {headers:?}");
        }
    }
}
