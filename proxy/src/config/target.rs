//! Where a mail server is and how TLS starts there, from a URL such as `imaps://mail.example.com`.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::{Path, PathBuf};

use rustls_pki_types::ServerName;
use url::{Host, Url};

/// The protocol that an upstream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reading mail.
    Imap,
    /// Sending it (submission).
    Smtp,
    /// Filtering it on the server (`ManageSieve`, RFC 5804).
    Sieve,
}

impl Kind {
    /// Each of them once.
    pub const ALL: [Self; 3] = [Self::Imap, Self::Smtp, Self::Sieve];

    /// The word for it in paths, schemes, flags and the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Smtp => "smtp",
            Self::Sieve => "sieve",
        }
    }

    /// The port of `security`, as registered. `ManageSieve` has one alone (RFC 5804 section 1.8).
    pub fn port(self, security: Security) -> u16 {
        match (self, security) {
            (Self::Imap, Security::Implicit) => 993,
            (Self::Imap, _) => 143,
            (Self::Smtp, Security::Implicit) => 465,
            (Self::Smtp, _) => 587,
            (Self::Sieve, _) => 4190,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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

/// A mail server: what exists is a host that can be verified, and plain text only for this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The protocol.
    pub kind: Kind,
    /// How TLS starts.
    pub security: Security,
    host: String,
    place: Place,
}

/// Where at its host.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Port(u16),
    Socket(PathBuf),
}

impl Target {
    /// Reads `scheme://host[:port]`, or `scheme+unix:/path`, for an upstream of `kind`.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix("+unix:")) {
            return Self::at_socket(kind, path);
        }
        if let Some(meant) = with_brackets(text) {
            return Err(format!("an IPv6 address stands in brackets: write {meant}"));
        }
        let url = Url::parse(text).map_err(|error| format!("{error}; {}", example(kind)))?;
        let security = match url.scheme().strip_prefix(kind.name()) {
            Some("s") => Security::Implicit,
            Some("") => Security::StartTls,
            Some("+plain") => Security::Plain,
            _ => return Err(format!("no such scheme here: {}; {}", url.scheme(), example(kind))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("people sign in on the page; leave user and password out of the URL".to_owned());
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(format!("nothing may follow host and port; {}", example(kind)));
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let host = in_ascii(&host);
        if ServerName::try_from(host.as_str()).is_err() {
            return Err(format!("no host name that a certificate can prove; {}", example(kind)));
        }
        let port = url.port().unwrap_or(kind.port(security));
        if port == 0 {
            return Err("port 0 can't be connected to; write the server's port".to_owned());
        }
        let target = Self { kind, security, host, place: Place::Port(port) };
        if security == Security::Plain && !target.names_loopback() {
            return Err(format!("plain text is for localhost, 127.0.0.1 or [::1] alone; {}", example(kind)));
        }
        Ok(target)
    }

    /// A server at a host that was checked.
    pub(crate) fn at_host(kind: Kind, security: Security, host: &str, port: u16) -> Self {
        Self { kind, security, host: host.to_owned(), place: Place::Port(port) }
    }

    fn at_socket(kind: Kind, path: &str) -> Result<Self, String> {
        if !path.starts_with('/') || path.contains('\0') || path.len() > MAX_SOCKET_PATH {
            return Err(format!(
                "write the whole path of the socket, {MAX_SOCKET_PATH} bytes at most, such as \
                 {kind}+unix:/run/dovecot/{kind}"
            ));
        }
        let (security, host) = (Security::Plain, "localhost".to_owned());
        Ok(Self { kind, security, host, place: Place::Socket(path.into()) })
    }

    /// The host as the operator wrote it, in lower case, IPv6 without brackets; `localhost` for a Unix socket.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, written or the kind's own; `None` for a Unix socket.
    pub fn port(&self) -> Option<u16> {
        match self.place {
            Place::Port(port) => Some(port),
            Place::Socket(_) => None,
        }
    }

    /// The Unix socket, if it is one.
    pub fn socket(&self) -> Option<&Path> {
        match &self.place {
            Place::Port(_) => None,
            Place::Socket(path) => Some(path),
        }
    }

    /// The address, if the operator wrote one in place of a name.
    pub fn literal_address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Whether the operator named this very machine: `localhost`, a name under it (RFC 6761 6.3), or its address.
    pub fn names_loopback(&self) -> bool {
        match self.literal_address() {
            Some(address) => address.is_loopback(),
            None => is_localhost(&self.host),
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
        let port = match &self.place {
            Place::Port(port) => port,
            Place::Socket(path) => return write!(f, "{}+unix:{}", self.kind, path.display()),
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}{}://{open}{}{close}:{port}", self.kind, suffix(self.security), self.host)
    }
}

/// A name as certificates have it: beyond ASCII as the DNS writes it (`url` leaves it percent-encoded for schemes that it
/// does not know), and without the dot at the end that says that it is whole.
fn in_ascii(host: &str) -> String {
    let name = match Host::parse(host) {
        Ok(Host::Domain(name)) if host.contains('%') => name,
        _ => host.to_owned(),
    };
    name.strip_suffix('.').unwrap_or(&name).to_owned()
}

/// The URL with brackets round an IPv6 address that has none.
fn with_brackets(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let bare = rest.trim_end_matches('/');
    let is_v6 = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    match bare.rsplit_once(':') {
        // `::1:993` is an address too, but a port is what is meant by a number that is one of mail's.
        Some((address, port)) if is_v6(address) && (MAIL_PORTS.contains(&port) || !is_v6(bare)) => {
            Some(format!("{scheme}://[{address}]:{port}"))
        }
        Some(_) if is_v6(bare) => Some(format!("{scheme}://[{bare}]")),
        _ => None,
    }
}

/// What a scheme has behind the kind's name.
pub(super) fn suffix(security: Security) -> &'static str {
    match security {
        Security::Implicit => "s",
        Security::StartTls => "",
        Security::Plain => "+plain",
    }
}

pub(super) fn is_localhost(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

fn example(kind: Kind) -> String {
    let (tls, starttls) = (kind.port(Security::Implicit), kind.port(Security::StartTls));
    format!(
        "write {kind}s://HOST (TLS, port {tls}), {kind}://HOST (STARTTLS, port {starttls}), \
         {kind}+plain://127.0.0.1:PORT or {kind}+unix:/PATH"
    )
}

/// `sun_path` has 108 bytes, the last of them 0.
const MAX_SOCKET_PATH: usize = 107;

const MAIL_PORTS: [&str; 6] = ["143", "993", "25", "465", "587", "4190"];
