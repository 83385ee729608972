//! The command line, and `POSTERN_…` for each of its flags.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::{OsStringValueParser, TypedValueParser};

use super::{Action, Destination, Kind, Upstream};

/// Webmail without a server side: the page runs in the browser, and postern connects it to your mail server.
///
/// postern serves the web page and carries each WebSocket of that page to one mail server that
/// you name here. It keeps nothing: no session, no password, no mail.
#[expect(clippy::doc_markdown, reason = "these lines are printed by --help, where backticks would show")]
#[derive(Debug, Parser)]
#[command(name = "postern", version, after_long_help = AFTER_HELP, verbatim_doc_comment)]
pub(super) struct Args {
    /// What to do [default: serve]
    #[arg(value_enum, value_name = "ACTION")]
    pub(super) action: Option<Action>,

    /// With check: hosts of the patterns below to connect to, such as mail.example.com
    #[arg(value_name = "HOST")]
    pub(super) hosts: Vec<String>,

    /// A mail server to read from; the first without a NAME is the default
    ///
    /// `imaps://HOST[:993]`   TLS from the first byte
    /// `imap://HOST[:143]`    STARTTLS, required: no upgrade, no connection
    /// imap+plain://127.0.0.1:PORT   no TLS, for this machine alone
    /// imap+unix:/PATH        a Unix socket, without TLS
    /// imaps://*.example.com  any host there (* alone: any at all), which must have a public address
    ///
    /// With NAME= in front the page reaches it at /imap/NAME, a pattern's hosts at /imap/HOST.
    /// May repeat.
    #[arg(long, value_name = "[NAME=]URL", env = "POSTERN_IMAP", value_delimiter = ' ')]
    #[arg(help_heading = "Mail servers", verbatim_doc_comment)]
    imap: Vec<String>,

    /// A mail server to send through; as --imap
    ///
    /// `smtps://HOST[:465]`   TLS from the first byte
    /// `smtp://HOST[:587]`    STARTTLS, required
    /// smtp+plain://127.0.0.1:PORT   no TLS, for this machine alone
    #[arg(long, value_name = "[NAME=]URL", env = "POSTERN_SMTP", value_delimiter = ' ')]
    #[arg(help_heading = "Mail servers", verbatim_doc_comment)]
    smtp: Vec<String>,

    /// A `ManageSieve` server to keep filters at; as --imap
    ///
    /// `sieve://HOST[:4190]`   STARTTLS, required
    /// `sieves://HOST[:4190]`  TLS from the first byte
    /// sieve+plain://127.0.0.1:PORT   no TLS, for this machine alone
    #[arg(long, value_name = "[NAME=]URL", env = "POSTERN_SIEVE", value_delimiter = ' ')]
    #[arg(help_heading = "Mail servers", verbatim_doc_comment)]
    sieve: Vec<String>,

    /// Certificate authorities (PEM) to trust beside the system's; may repeat
    #[arg(long, value_name = "PEM", env = "POSTERN_CA_FILE", value_delimiter = ':', value_parser = any_path())]
    #[arg(help_heading = "Mail servers")]
    pub(super) ca_file: Vec<PathBuf>,

    /// An address or range that is not public and that a host name may still lead to; may repeat
    ///
    /// A server named by address (imaps://192.168.1.7) or as localhost needs no such flag.
    /// A server named by host name may resolve to public addresses only, unless this allows
    /// more, for example 10.0.0.0/8.
    #[arg(long, value_name = "RANGE", env = "POSTERN_ALLOW_ADDRESS", value_delimiter = ' ')]
    #[arg(help_heading = "Mail servers", verbatim_doc_comment)]
    pub(super) allow_address: Vec<String>,

    /// Where /api/discover may look for the servers of a domain that none above serves; may repeat
    ///
    /// srv         SRV records of the domain (RFC 6186)
    /// autoconfig  `https://autoconfig.DOMAIN` and `https://DOMAIN/.well-known/autoconfig`
    ///
    /// It tells a page no server but those that the patterns above allow. Without it nobody
    /// learns which domains people type.
    #[arg(long, value_name = "SOURCE", env = "POSTERN_DISCOVER", value_delimiter = ' ')]
    #[arg(help_heading = "Mail servers", verbatim_doc_comment)]
    pub(super) discover: Vec<String>,

    /// Who is asked for SRV records: ADDRESS or ADDRESS:PORT [default: the system's nameserver]
    #[arg(long, value_name = "ADDR", env = "POSTERN_NAMESERVER", help_heading = "Mail servers")]
    pub(super) nameserver: Option<String>,

    /// Where to listen: ADDRESS:PORT or unix:/PATH; port 0 takes a free one [default: 127.0.0.1:8080]
    ///
    /// A socket that systemd passes on (a .socket unit) comes before this.
    #[arg(long, value_name = "ADDR", env = "POSTERN_LISTEN", help_heading = "Browsers")]
    pub(super) listen: Option<String>,

    /// The certificate with its chain (PEM) to speak TLS with browsers; goes with --tls-key
    ///
    /// Both files are looked at each second while browsers connect, and read again when they have
    /// changed. Behind a reverse proxy that does TLS leave both out.
    #[arg(long, value_name = "PEM", env = "POSTERN_TLS_CERTIFICATE", help_heading = "Browsers")]
    #[arg(value_parser = any_path(), verbatim_doc_comment)]
    pub(super) tls_certificate: Option<PathBuf>,

    /// The private key (PEM) of --tls-certificate
    #[arg(long, value_name = "PEM", env = "POSTERN_TLS_KEY", help_heading = "Browsers")]
    #[arg(value_parser = any_path())]
    pub(super) tls_key: Option<PathBuf>,

    /// With --tls-certificate: for how many days browsers are to come over TLS only (HSTS) [default: 180]
    ///
    /// 0 leaves it out. Behind a reverse proxy that does TLS it is that one's to say.
    #[arg(long, value_name = "DAYS", env = "POSTERN_HSTS_DAYS", help_heading = "Browsers")]
    #[arg(verbatim_doc_comment)]
    pub(super) hsts_days: Option<String>,

    /// The page that may connect, as the browser shows it: `https://mail.example.com`; may repeat
    ///
    /// Without it only the page that postern itself serves may connect, and only when it was
    /// opened as localhost or by IP address: a host name can be pointed anywhere
    /// (DNS rebinding), so it has to be named here. Behind a reverse proxy with TLS, give the
    /// https:// address that people type.
    #[arg(long, value_name = "ORIGIN", env = "POSTERN_ORIGIN", value_delimiter = ' ')]
    #[arg(help_heading = "Browsers", verbatim_doc_comment)]
    pub(super) origin: Vec<String>,

    /// A reverse proxy whose X-Forwarded-For tells the client's address; may repeat
    ///
    /// Without it all who come through a reverse proxy share its address and its limits.
    #[arg(long, value_name = "RANGE", env = "POSTERN_TRUSTED_PEER", value_delimiter = ' ')]
    #[arg(help_heading = "Browsers", verbatim_doc_comment)]
    pub(super) trusted_peer: Vec<String>,

    /// A load balancer that begins each connection with the PROXY protocol (1 or 2); may repeat
    ///
    /// It must: a connection from it without that header is closed.
    #[arg(long, value_name = "RANGE", env = "POSTERN_PROXY_PROTOCOL_FROM", value_delimiter = ' ')]
    #[arg(help_heading = "Browsers", verbatim_doc_comment)]
    pub(super) proxy_protocol_from: Vec<String>,

    /// A TOML file with all of this and the limits and deadlines; flags and environment come first
    #[arg(long, value_name = "FILE", env = "POSTERN_CONFIG", help_heading = "Running")]
    #[arg(value_parser = any_path())]
    pub(super) config: Option<PathBuf>,

    /// An address or range that may read /metrics [default: this machine]; may repeat
    ///
    /// A request that a reverse proxy passed on is answered only where the client's address is
    /// known and in the range.
    #[arg(long, value_name = "RANGE", env = "POSTERN_METRICS_FROM", value_delimiter = ' ')]
    #[arg(help_heading = "Running", verbatim_doc_comment)]
    pub(super) metrics_from: Vec<String>,

    /// What to log: error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "POSTERN_LOG", help_heading = "Running")]
    pub(super) log: Option<String>,

    /// How to write a log line: text or json [default: text]
    #[arg(long, value_name = "FORMAT", env = "POSTERN_LOG_FORMAT", help_heading = "Running")]
    pub(super) log_format: Option<String>,
}

impl Args {
    /// Reads them from the process's command line and environment, or ends the process with help or an error.
    pub(super) fn from_process() -> Self {
        Self::parse().without_empty()
    }

    /// An empty variable counts as unset: container files can hardly leave one out.
    pub(super) fn without_empty(mut self) -> Self {
        for list in [
            &mut self.imap,
            &mut self.smtp,
            &mut self.sieve,
            &mut self.allow_address,
            &mut self.origin,
            &mut self.trusted_peer,
            &mut self.proxy_protocol_from,
            &mut self.metrics_from,
            &mut self.discover,
        ] {
            list.retain(|text| !text.is_empty());
        }
        for text in
            [&mut self.listen, &mut self.nameserver, &mut self.log, &mut self.log_format, &mut self.hsts_days]
        {
            text.take_if(|text| text.is_empty());
        }
        for path in [&mut self.tls_certificate, &mut self.tls_key, &mut self.config] {
            path.take_if(|path| path.as_os_str().is_empty());
        }
        self.ca_file.retain(|path| !path.as_os_str().is_empty());
        self
    }

    pub(super) fn upstreams(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::Imap => &self.imap,
            Kind::Smtp => &self.smtp,
            Kind::Sieve => &self.sieve,
        }
    }
}

/// A path, be it empty: clap refuses empty ones before they can count as unset.
fn any_path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

pub(super) fn flag(kind: Kind) -> &'static str {
    match kind {
        Kind::Imap => "--imap",
        Kind::Smtp => "--smtp",
        Kind::Sieve => "--sieve",
    }
}

/// Reads `[NAME=]URL`.
pub(super) fn upstream(kind: Kind, text: &str) -> Result<Upstream, String> {
    // A URL that we take has no `=` of its own: it has no query. A socket's path may, and then needs a name.
    let (name, url) = match text.split_once('=') {
        Some((name, url)) => (Some(checked_name(name)?), url),
        None => (None, text),
    };
    let destination = Destination::parse(kind, url)?;
    named(Upstream::new(destination), name)
}

/// Gives an upstream its name. A pattern's servers have names of their own.
pub(super) fn named(upstream: Upstream, name: Option<String>) -> Result<Upstream, String> {
    match (&name, &upstream.destination) {
        (Some(_), Destination::Pattern(pattern)) => Err(format!(
            "a pattern has no name: its servers are at /{}/HOST; write {pattern} alone",
            pattern.kind
        )),
        _ => Ok(Upstream { name, ..upstream }),
    }
}

/// A name stands in a path, so it needs no escape there.
pub(super) fn checked_name(name: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.chars().all(plain) {
        return Err(format!("the name `{name}` may hold letters, digits, `-`, `_` and `.`, 64 at most"));
    }
    Ok(name.to_owned())
}

const AFTER_HELP: &str = "\
Examples:
  postern --imap imaps://mail.example.com --smtp smtps://mail.example.com
      then open http://127.0.0.1:8080
  postern --imap imaps://mail.example.com --origin https://webmail.example.com
      behind a reverse proxy that does TLS for webmail.example.com
  postern --imap imap+plain://127.0.0.1:143
      beside a mail server on the same machine
  postern check --config /etc/postern.toml
      says what is wrong with the file, the certificates, a server or the nameserver; exits with 1
      if anything is. Hosts of a pattern are tried where they are named behind check

The file of --config, with every default:
  listen = \"127.0.0.1:8080\"
  # tls_certificate = \"/etc/postern/chain.pem\"  # as --tls-certificate
  # tls_key = \"/etc/postern/key.pem\"            # as --tls-key
  hsts_days = 180             # as --hsts-days
  origins = []                # as --origin
  ca_files = []               # as --ca-file
  allow_addresses = []        # as --allow-address
  trusted_peers = []          # as --trusted-peer
  proxy_protocol_from = []    # as --proxy-protocol-from
  metrics_from = []           # as --metrics-from
  discover = []               # as --discover: \"srv\", \"autoconfig\"
  # nameserver = \"127.0.0.53\"  # as --nameserver
  log = \"info\"
  log_format = \"text\"         # or \"json\"

  [[imap]]                    # and [[smtp]] and [[sieve]]; as often as you like
  url = \"imaps://mail.example.com\"
  # name = \"work\"             # then at /imap/work
  # label = \"Work\"            # what people see; the host if left out
  # domains = [\"example.com\"]  # whose addresses /api/discover sends here; the host's own if left out
  # client_tls = \"forbid\"     # allow or require: the browser does TLS, postern relays blindly
  # proxy_protocol = true     # tell it the client's address (PROXY protocol, version 2)
  # tls.ca_files = []         # trusted for this server beside those above
  # tls.pinned_certificate = \"server.pem\"  # exactly this one; no authority, name or date is asked
  # tls.client_certificate = \"me.pem\"      # for a server that asks who postern is,
  # tls.client_key = \"me.key\"              # with its private key
  # tls.min_version = \"1.2\"   # or \"1.3\"
  # connections = 1000        # to this server at once; all that [limits] allows if left out

  [limits]                    # a new connection over one of them is refused (4429), old ones stay
  connections = 10000         # in all; each takes two file descriptors
  connections_per_address = 100   # behind a reverse proxy: see --trusted-peer
  starts_per_minute = 1200    # new connections of one address
  short_per_minute = 300      # of one address that end within ...
  short = 5                   # ... so many seconds, as after a wrong password
  requests = 1000             # HTTP connections before they become a WebSocket
  requests_per_address = 100
  discoveries_per_minute = 20     # look-ups for one address

  [deadlines]                 # in seconds
  request = 10
  connect = 10
  tls = 10
  starttls = 10
  half_close = 10
  # notice = 15               # after SIGTERM /readyz says 503 and all goes on, for load balancers
  shutdown = 30
  discover = 5
  ping = 25
  pong = 60
  stalled = 60                # for a side that takes nothing of what is sent to it

Each flag is also an environment variable (POSTERN_IMAP, POSTERN_LISTEN, ...); several values are
separated by spaces, the files of POSTERN_CA_FILE by colons. A flag wins over the environment, the
environment over the file.

At SIGHUP postern reads the configuration and every file in it again. Connections that are open go on
as they began; what takes a restart (listen, log, log_format) is said in the log, and so is a mistake,
which changes nothing.

At SIGTERM or SIGINT postern stops accepting, tells every page to reconnect (1001), and exits when
all have gone, after 30 seconds at the latest. Logs go to standard error and never hold a byte of
what is relayed.";
