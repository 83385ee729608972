//! Where the mail servers of a domain are, as its owner published it: SRV records (RFC 6186, RFC 8314 section 5.1, RFC
//! 5804 section 1.8) and the autoconfig files that Thunderbird reads.
//!
//! Only if the operator turned it on, since the domain that somebody types is then reported to others. What is found is
//! a wish: the caller answers only what the configuration lets it connect to.

mod autoconfig;
mod srv;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Host;

pub(crate) use self::srv::Nameserver;
use crate::config::{Kind, Security, Source, Target};
use crate::upstream::{Connector, ServerTls};

/// What looks servers up.
#[derive(Debug)]
pub(crate) struct Finder {
    pub(crate) sources: Vec<Source>,
    pub(crate) nameserver: Nameserver,
    /// Dials web servers by the same rules as mail servers.
    pub(crate) connector: Arc<Connector>,
    pub(crate) tls: ServerTls,
    /// For everything together.
    pub(crate) deadline: Duration,
    slots: Semaphore,
}

/// A server that a domain's owner published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) security: Security,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What a person signs in with, if that was reported.
    pub(crate) user: Option<User>,
}

/// The name to sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum User {
    /// The whole address.
    Address,
    /// What stands before its `@`.
    Local,
}

/// Why nothing was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Finder {
    pub(crate) fn new(
        sources: Vec<Source>,
        nameserver: Nameserver,
        connector: Arc<Connector>,
        tls: ServerTls,
        deadline: Duration,
    ) -> Self {
        Self { sources, nameserver, connector, tls, deadline, slots: Semaphore::new(MAX_AT_ONCE) }
    }

    /// What `domain` publishes, the likeliest first; nothing if it is no name that could publish anything.
    ///
    /// # Errors
    /// Too many are looked up already.
    pub(crate) async fn find(&self, domain: &str) -> Result<Vec<Found>, Busy> {
        let Some(domain) = public_name(domain).filter(|_| !self.sources.is_empty()) else {
            return Ok(Vec::new());
        };
        let _slot = self.slots.try_acquire().map_err(|_| Busy)?;
        let (published, records) =
            tokio::join!(self.in_time(self.autoconfig(&domain)), self.in_time(self.srv(&domain)));
        // A file came over verified TLS, a record most likely from anyone (RFC 6186 section 6).
        let mut found = published;
        for record in records {
            if !found.iter().any(|one: &Found| one.kind == record.kind) {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// The first of these whose name leads to an address that may be connected to.
    pub(crate) async fn first_that_leads_somewhere<'a>(&self, targets: &'a [Target]) -> Option<&'a Target> {
        for target in targets {
            if self.connector.leads_somewhere(target, self.deadline).await {
                return Some(target);
            }
        }
        None
    }

    /// Whether the nameserver answers at all.
    ///
    /// # Errors
    /// What it failed of, a deadline included.
    pub(crate) async fn ask_nameserver(&self) -> io::Result<()> {
        timeout(self.deadline, self.nameserver.ask(ANY_NAME)).await?.map(drop)
    }

    async fn in_time(&self, finding: impl Future<Output = Vec<Found>>) -> Vec<Found> {
        timeout(self.deadline, finding).await.unwrap_or_default()
    }

    async fn autoconfig(&self, domain: &str) -> Vec<Found> {
        if !self.sources.contains(&Source::Autoconfig) {
            return Vec::new();
        }
        for (host, path) in [
            (format!("autoconfig.{domain}"), "/mail/config-v1.1.xml"),
            (domain.to_owned(), "/.well-known/autoconfig/mail/config-v1.1.xml"),
        ] {
            if let Some(text) = autoconfig::fetch(self, &host, HTTPS, path).await {
                return autoconfig::parse(&text, domain);
            }
        }
        Vec::new()
    }

    async fn srv(&self, domain: &str) -> Vec<Found> {
        match self.sources.contains(&Source::Srv) {
            true => srv::find(&self.nameserver, domain).await,
            false => Vec::new(),
        }
    }
}

/// A domain in the spelling of the DNS, if it is one that the internet can know.
fn public_name(domain: &str) -> Option<String> {
    match Host::parse(domain) {
        Ok(Host::Domain(name)) if is_public_name(&name) => Some(name),
        _ => None,
    }
}

fn is_public_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let local =
        name.rsplit('.').next().is_some_and(|top| matches!(top, "localhost" | "local" | "internal" | "test"));
    name.len() <= MAX_NAME && name.contains('.') && !name.ends_with('.') && !local && name.bytes().all(plain)
}

/// Kept for documentation (RFC 2606 section 3): there are no such records, and to say so is an answer.
const ANY_NAME: &str = "_imaps._tcp.example.com";

/// Room for the labels that are put before it (RFC 1035 section 2.3.4).
const MAX_NAME: usize = 200;
const HTTPS: u16 = 443;
const MAX_AT_ONCE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_internet_are_looked_up() {
        for (domain, expected) in [
            ("example.org", Some("example.org")),
            ("Example.ORG", Some("example.org")),
            ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
            ("localhost", None),
            ("a.localhost", None),
            ("printer.local", None),
            ("vault.internal", None),
            ("intranet", None),
            ("127.0.0.1", None),
            ("2130706433", None),
            ("0x7f.1", None),
            ("[::1]", None),
            ("example.org:25", None),
            ("example.org/x", None),
            ("_imaps._tcp.example.org", None),
            ("example.org.", None),
            (&format!("{}.org", "a.".repeat(150)), None),
        ] {
            assert_eq!(public_name(domain).as_deref(), expected, "{domain}");
        }
    }
}
