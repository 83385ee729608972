//! How many connections at once: in all, and of one client address. At the limit a new one is refused; old ones stay.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::close::Reason;
use crate::config::Limits;

/// The count of what is open.
#[derive(Debug)]
pub(crate) struct Gate {
    limits: Limits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// One connection that was let in. It counts until it is dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Ticket {
    gate: Arc<Gate>,
    client: IpAddr,
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default() })
    }

    /// Lets a connection in.
    ///
    /// # Errors
    /// The limit that is reached.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr) -> Result<Ticket, Reason> {
        let client = client_of(client);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.total >= self.limits.connections {
            return Err(Reason::TooMany);
        }
        let of_client = open.by_client.get(&client).copied().unwrap_or(0);
        if of_client >= self.limits.connections_per_address {
            return Err(Reason::TooManyFromAddress);
        }
        open.by_client.insert(client, of_client + 1);
        open.total += 1;
        Ok(Ticket { gate: Arc::clone(self), client })
    }

    /// How many are in.
    pub(crate) fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        if let Some(count) = open.by_client.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                open.by_client.remove(&self.client);
            }
        }
    }
}

/// Who counts as one: an IPv4 address, or the /64 that one IPv6 customer has at the least.
fn client_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_what_is_open_now() {
        let gate = Gate::new(Limits { connections: 3, connections_per_address: 2 });
        let enter = |address: &str| gate.enter(address.parse().unwrap());
        let first = enter("192.0.2.1").unwrap();
        let _second = enter("::ffff:192.0.2.1").unwrap();
        assert_eq!(enter("192.0.2.1").unwrap_err(), Reason::TooManyFromAddress);
        let _third = enter("192.0.2.2").unwrap();
        assert_eq!(enter("192.0.2.3").unwrap_err(), Reason::TooMany);
        drop(first);
        let _fourth = enter("192.0.2.1").unwrap();
    }

    #[test]
    fn one_customer_of_ipv6_counts_once() {
        let gate = Gate::new(Limits { connections: 9, connections_per_address: 1 });
        let _first = gate.enter("2001:db8::1".parse().unwrap()).unwrap();
        assert!(gate.enter("2001:db8::2".parse().unwrap()).is_err());
        assert!(gate.enter("2001:db8:0:1::1".parse().unwrap()).is_ok());
        drop(_first);
        assert_eq!(gate.open.lock().unwrap().by_client.len(), 0);
    }
}
