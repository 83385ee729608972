//! Where a mail server is and how TLS starts there, from a URL such as `imaps://mail.example.com`.

use std::fmt;
use std::net::IpAddr;

use rustls_pki_types::ServerName;
use url::Url;

/// The protocol that an upstream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reading mail.
    Imap,
    /// Sending it (submission).
    Smtp,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Imap => "imap",
            Self::Smtp => "smtp",
        })
    }
}

/// How the connection becomes private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// Plain until the upgrade, which is required and never opportunistic.
    StartTls,
    /// Never. Only for a server on the same machine.
    Plain,
}

/// A mail server: what exists is a host that can be verified, and plain text only for loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The protocol.
    pub kind: Kind,
    /// How TLS starts.
    pub security: Security,
    host: String,
    port: u16,
}

impl Target {
    /// Reads `scheme://host[:port]` for an upstream of `kind`.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{error}; {}", example(kind)))?;
        let (security, default_port) = match (kind, url.scheme()) {
            (Kind::Imap, "imaps") => (Security::Implicit, 993),
            (Kind::Imap, "imap") => (Security::StartTls, 143),
            (Kind::Imap, "imap+plain") => (Security::Plain, 143),
            (Kind::Smtp, "smtps") => (Security::Implicit, 465),
            (Kind::Smtp, "smtp") => (Security::StartTls, 587),
            (Kind::Smtp, "smtp+plain") => (Security::Plain, 587),
            (_, scheme) => return Err(format!("no such scheme here: {scheme}; {}", example(kind))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("people sign in on the page; leave user and password out of the URL".to_owned());
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("nothing may follow host and port; {}", example(kind)));
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if ServerName::try_from(host.as_str()).is_err() {
            return Err(format!("no host name that a certificate can prove; {}", example(kind)));
        }
        let port = url.port().unwrap_or(default_port);
        if port == 0 {
            return Err("port 0 can't be connected to; write the server's port".to_owned());
        }
        let target = Self { kind, security, host, port };
        if security == Security::Plain && !target.names_loopback() {
            return Err(format!("plain text is for localhost, 127.0.0.1 or [::1] alone; {}", example(kind)));
        }
        Ok(target)
    }

    /// The host as the operator wrote it, in lower case, IPv6 without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, written or the scheme's own.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, where the operator wrote one in place of a name.
    pub fn literal_address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Whether the operator named this very machine: `localhost`, a name under it (RFC 6761 6.3), or its address.
    pub fn names_loopback(&self) -> bool {
        match self.literal_address() {
            Some(address) => address.is_loopback(),
            None => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    /// The name that the server's certificate must prove.
    pub fn server_name(&self) -> ServerName<'static> {
        // `parse` checked it.
        ServerName::try_from(self.host.clone()).expect("a host that was checked")
    }
}

/// As a URL again, port included.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = match self.security {
            Security::Implicit => "s",
            Security::StartTls => "",
            Security::Plain => "+plain",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}{suffix}://{open}{}{close}:{}", self.kind, self.host, self.port)
    }
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Imap => {
            "write imaps://HOST (TLS, port 993), imap://HOST (STARTTLS, port 143) or imap+plain://127.0.0.1:PORT"
        }
        Kind::Smtp => {
            "write smtps://HOST (TLS, port 465), smtp://HOST (STARTTLS, port 587) or smtp+plain://127.0.0.1:PORT"
        }
    }
}
