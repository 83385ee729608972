//! Free ports.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// `N` different ports that nobody listened on a moment ago.
///
/// They are given back before they are used, so another program may take one in between. The system hands out
/// ports in an order that makes it unlikely, and a server that can't listen says so.
///
/// # Errors
/// Where the system has none.
pub fn free<const N: usize>() -> io::Result<[u16; N]> {
    // All are held until all are known: else the same one could come twice.
    let mut held = Vec::with_capacity(N);
    for _ in 0..N {
        held.push(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?);
    }
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&held) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}
