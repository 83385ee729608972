//! What is known of a browser's connection before its first request.

use std::net::SocketAddr;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    /// The browser's, or a reverse proxy's.
    pub(crate) peer: SocketAddr,
    /// Ours.
    pub(crate) local: SocketAddr,
    /// Whether the peer is a reverse proxy whose word counts.
    pub(crate) trusted: bool,
}

/// Which HTTP a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// 1.1, and 1.0.
    One,
    /// 2, as ALPN chose (RFC 9113 section 3.2).
    Two,
}
