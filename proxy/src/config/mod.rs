//! What the operator asked for: flags over environment over file, checked once, at the start.
//!
//! What exists as a [`Config`] is valid. Every refusal says what to write instead.

mod address;
mod args;
mod file;
mod limits;
mod pattern;
pub(crate) mod pem;
mod target;
mod tls;
mod variables;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub use address::{AddressRange, Listen, is_public};
use args::Args;
use clap::{Parser, ValueEnum};
use file::File;
pub use limits::{Deadlines, Limits};
pub use pattern::{Destination, Pattern};
use serde::{Deserialize, Serialize};
pub use target::{Kind, Security, Target};
pub use tls::{Identity, TlsSettings, TlsVersion};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use url::Host;

pub use crate::origin::Origin;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// What the proxy speaks TLS with to browsers; without it, it speaks plain HTTP.
    pub identity: Option<Identity>,
    /// With its own TLS: for how many days a browser is to come over TLS only (HSTS, RFC 6797); 0 says nothing of it.
    pub hsts_days: u32,
    /// Every mail server that a page may reach. Not empty.
    pub upstreams: Vec<Upstream>,
    /// The pages that may connect; empty means the page that this proxy serves by address (see [`Origin`]).
    pub origins: Vec<Origin>,
    /// Authorities that are trusted in addition to the system's.
    pub ca_files: Vec<PathBuf>,
    /// Addresses that a named host may resolve to although they are not public.
    pub allowed_addresses: Vec<AddressRange>,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_peers: Vec<AddressRange>,
    /// Load balancers that begin each connection with the PROXY protocol.
    pub proxy_protocol_from: Vec<AddressRange>,
    /// Addresses that may read `/metrics`; empty means this machine's own.
    pub metrics_from: Vec<AddressRange>,
    /// How many connections at once, and how many new ones.
    pub limits: Limits,
    /// How long each step may take.
    pub deadlines: Deadlines,
    /// A `tracing` filter such as `info` or `postern_proxy=debug`.
    pub log: String,
    /// How a log line is written.
    pub log_format: LogFormat,
    /// Where else than here `/api/discover` may look for a domain's servers.
    pub discover: Vec<Source>,
    /// Who is asked for SRV records; the system's own nameserver if left out.
    pub nameserver: Option<SocketAddr>,
    /// What the process is to do with all this.
    pub action: Action,
    /// With [`Action::Check`]: hosts of patterns to connect to.
    pub hosts: Vec<String>,
}

/// What the process is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Action {
    /// Serve until told to stop.
    #[default]
    Serve,
    /// Read every file, connect to each mail server, say what is wrong, and exit
    Check,
    /// Print the licences of all that others wrote and is in here, the web page's too, and exit
    Licences,
}

/// One mail server, as the operator named it, or the many of a pattern.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// The last part of its path (`/imap/work`); the default upstream of a kind has none, and neither has a pattern,
    /// whose servers are reached by their hosts' names.
    pub name: Option<String>,
    /// What people see: the host, unless the operator chose other words. Never a credential.
    pub label: String,
    /// Where it is and how TLS starts.
    pub destination: Destination,
    /// How TLS is spoken with it.
    pub tls: TlsSettings,
    /// Whether the browser may do TLS itself.
    pub client_tls: ClientTls,
    /// The mail domains whose addresses it serves, in lower case, if the host's name does not show it.
    pub domains: Vec<String>,
    /// Whether it is told the client's address by the PROXY protocol, version 2.
    pub proxy_protocol: bool,
    /// How many connections it may have through this proxy at once, if the operator said so.
    pub connections: Option<NonZeroUsize>,
}

impl Upstream {
    /// One with nothing chosen but where it is.
    pub(crate) fn new(destination: Destination) -> Self {
        let label = match &destination {
            Destination::Server(target) => target.host().to_owned(),
            Destination::Pattern(pattern) => pattern.hosts(),
        };
        Self {
            name: None,
            label,
            destination,
            tls: TlsSettings::default(),
            client_tls: ClientTls::default(),
            domains: Vec::new(),
            proxy_protocol: false,
            connections: None,
        }
    }

    /// Where `name` in a path leads, if here.
    pub(crate) fn target(&self, kind: Kind, name: Option<&str>) -> Option<Target> {
        match &self.destination {
            Destination::Server(target) => {
                (target.kind == kind && self.name.as_deref() == name).then(|| target.clone())
            }
            Destination::Pattern(pattern) => pattern.target(name?).filter(|target| target.kind == kind),
        }
    }

    /// Whether addresses at `domain` (in lower case) are its own: those that the operator named, or without any the
    /// host's own domain, so that `mail.example.com` serves `example.com`.
    pub(crate) fn serves(&self, domain: &str) -> bool {
        // The servers of a pattern are found by other means.
        let Destination::Server(target) = &self.destination else { return false };
        if !self.domains.is_empty() {
            return self.domains.iter().any(|own| own == domain);
        }
        let host = target.host();
        // A top-level domain alone is nobody's mail domain.
        host == domain
            || (domain.contains('.') && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    }

    /// How logs call it: `imap`, `imap/work` or `imap/*.example.com`.
    pub fn path(&self) -> String {
        let kind = self.destination.kind();
        match (&self.name, &self.destination) {
            (_, Destination::Pattern(pattern)) => format!("{kind}/{}", pattern.hosts()),
            (Some(name), _) => format!("{kind}/{name}"),
            (None, _) => kind.to_string(),
        }
    }
}

/// Whether `?tls=client` (the browser does TLS, the proxy relays blindly) is open for an upstream.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ClientTls {
    /// The proxy does TLS.
    #[default]
    Forbid,
    /// The client chooses.
    Allow,
    /// The proxy never sees plain text.
    Require,
}

/// Where a domain's owner publishes which servers are theirs.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// DNS: SRV records (RFC 6186).
    Srv,
    /// The web: autoconfig.DOMAIN and DOMAIN/.well-known/autoconfig.
    Autoconfig,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why the configuration was refused, and what to write instead. Whose fault: the operator's.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// Reads the command line, the `POSTERN_…` environment and the file that they name.
    /// `--help`, `--version` and unknown flags end the process, as clap does it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_process() -> Result<Self, ConfigError> {
        Self::from_args(Args::from_process())
    }

    /// The same once more, in a process that runs: nothing ends it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn again() -> Result<Self, ConfigError> {
        Self::from_arguments(std::env::args_os())
    }

    /// The same from given arguments (the first is the program's name), for tests and for programs that embed the
    /// proxy. The environment counts here too.
    ///
    /// # Errors
    /// The first thing that is wrong, in the words that `postern` prints.
    pub fn from_arguments(
        arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>,
    ) -> Result<Self, ConfigError> {
        let args = Args::try_parse_from(arguments).map_err(|error| ConfigError(error.to_string()))?;
        Self::from_args(args.without_empty())
    }

    /// How the page is reached if nobody stands before the proxy: `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.identity.is_some() { "https" } else { "http" }
    }

    /// The upstream, by its index, and the server that `name` in a path of `kind` leads to. What the operator named comes
    /// before a pattern that could hold the same name.
    pub(crate) fn find(&self, kind: Kind, name: Option<&str>) -> Option<(usize, Target)> {
        let find = |patterns: bool| {
            let mut upstreams = self.upstreams.iter().enumerate();
            upstreams.find_map(|(index, upstream)| {
                let is_pattern = matches!(upstream.destination, Destination::Pattern(_));
                let target = upstream.target(kind, name).filter(|_| is_pattern == patterns)?;
                Some((index, target))
            })
        };
        find(false).or_else(|| find(true))
    }

    fn from_args(args: Args) -> Result<Self, ConfigError> {
        variables::check(std::env::vars_os().map(|(name, _)| name)).map_err(ConfigError)?;
        let file = args.config.as_deref().map(File::read).transpose()?.unwrap_or_default();
        let listen = from_flag_or("--listen", args.listen.as_deref(), Listen::try_from, || file.listen())?;
        let log = from_flag_or("--log", args.log.as_deref(), log_filter, || file.log())?;
        Ok(Self {
            action: action(&args)?,
            listen: listen.unwrap_or_else(|| Listen::Address(SocketAddr::from(([127, 0, 0, 1], 8080)))),
            identity: identity(&args, &file)?,
            hsts_days: from_flag_or("--hsts-days", args.hsts_days.as_deref(), days, || Ok(file.hsts_days()))?
                .unwrap_or(HSTS_DAYS),
            upstreams: upstreams(&args, &file)?,
            origins: from_flags_or("--origin", &args.origin, Origin::try_from, || file.origins())?,
            ca_files: if args.ca_file.is_empty() { file.ca_files()? } else { args.ca_file },
            allowed_addresses: ranges("--allow-address", &args.allow_address, || file.allowed_addresses())?,
            trusted_peers: ranges("--trusted-peer", &args.trusted_peer, || file.trusted_peers())?,
            proxy_protocol_from: ranges("--proxy-protocol-from", &args.proxy_protocol_from, || {
                file.proxy_protocol_from()
            })?,
            metrics_from: ranges("--metrics-from", &args.metrics_from, || file.metrics_from())?,
            discover: from_flags_or("--discover", &args.discover, source, || Ok(file.discover()))?,
            nameserver: from_flag_or("--nameserver", args.nameserver.as_deref(), nameserver, || {
                file.nameserver()
            })?,
            limits: file.limits()?,
            deadlines: file.deadlines(),
            log: log.unwrap_or_else(|| "info".to_owned()),
            log_format: from_flag_or("--log-format", args.log_format.as_deref(), log_format, || {
                Ok(file.log_format())
            })?
            .unwrap_or_default(),
            hosts: args.hosts,
        })
    }
}

fn action(args: &Args) -> Result<Action, ConfigError> {
    let action = args.action.unwrap_or_default();
    match args.hosts.first() {
        Some(host) if action == Action::Serve => {
            Err(ConfigError(format!("{host}: hosts are for `postern check`; leave it out to serve")))
        }
        _ => Ok(action),
    }
}

/// Those of the flags, or if there is none of a kind, those of the file.
fn upstreams(args: &Args, file: &File) -> Result<Vec<Upstream>, ConfigError> {
    let mut upstreams = Vec::new();
    for kind in Kind::ALL {
        let flags = args.upstreams(kind);
        if flags.is_empty() {
            upstreams.extend(file.upstreams(kind)?);
        }
        for text in flags {
            let upstream = args::upstream(kind, text);
            let added = upstream.and_then(|upstream| add(&mut upstreams, upstream));
            added.map_err(|why| flag_error(args::flag(kind), text, &why))?;
        }
    }
    if upstreams.is_empty() { Err(ConfigError(NO_UPSTREAM.to_owned())) } else { Ok(upstreams) }
}

fn identity(args: &Args, file: &File) -> Result<Option<Identity>, ConfigError> {
    let certificate = args.tls_certificate.clone().or(file.tls_certificate());
    let key = args.tls_key.clone().or(file.tls_key());
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            file.check_identity(args.tls_certificate.is_none(), args.tls_key.is_none())?;
            Ok(Some(Identity { certificate, key }))
        }
        (None, None) => Ok(None),
        _ => Err(file.identity_error(HALF_AN_IDENTITY)),
    }
}

fn from_flag_or<'a, T>(
    flag: &str,
    text: Option<&'a str>,
    parse: impl FnOnce(&'a str) -> Result<T, String>,
    file: impl FnOnce() -> Result<Option<T>, ConfigError>,
) -> Result<Option<T>, ConfigError> {
    match text {
        Some(text) => parse(text).map(Some).map_err(|why| flag_error(flag, text, &why)),
        None => file(),
    }
}

fn ranges(
    flag: &str,
    flags: &[String],
    file: impl FnOnce() -> Result<Vec<AddressRange>, ConfigError>,
) -> Result<Vec<AddressRange>, ConfigError> {
    from_flags_or(flag, flags, AddressRange::try_from, file)
}

fn from_flags_or<'a, T>(
    flag: &str,
    flags: &'a [String],
    parse: impl Fn(&'a str) -> Result<T, String>,
    file: impl FnOnce() -> Result<Vec<T>, ConfigError>,
) -> Result<Vec<T>, ConfigError> {
    if flags.is_empty() {
        return file();
    }
    flags.iter().map(|text| parse(text).map_err(|why| flag_error(flag, text, &why))).collect()
}

fn source(text: &str) -> Result<Source, String> {
    Source::from_str(text, true).map_err(|_| {
        format!("there is no source `{text}`; write srv or autoconfig, or both with a space between them")
    })
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    LogFormat::from_str(text.trim(), true).map_err(|_| "write text or json".to_owned())
}

fn days(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "write a number of days, such as 180, or 0 for none".to_owned())
}

/// An address, with or without a port.
fn nameserver(text: &str) -> Result<SocketAddr, String> {
    let bare = text.parse().map(|address| SocketAddr::new(address, 53));
    bare.or_else(|_| text.parse()).map_err(|_| "write an address such as 127.0.0.53 or [::1]:5353".to_owned())
}

fn flag_error(flag: &str, text: &str, why: &str) -> ConfigError {
    let variable = flag.trim_start_matches('-').replace('-', "_").to_uppercase();
    // A shell takes them away; files of environment variables do not.
    let quoted =
        ['"', '\''].iter().any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote));
    let quoted = if quoted { "; the quotation marks belong to the value here: leave them out" } else { "" };
    ConfigError(format!("{flag} `{text}` (or POSTERN_{variable}): {why}{quoted}"))
}

/// A domain in the one spelling that is compared: in lower case, beyond ASCII as the DNS writes it, without a last dot.
pub(crate) fn canonical_domain(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    match Host::parse(text) {
        Ok(Host::Domain(name)) => name,
        _ => text.to_lowercase(),
    }
}

/// Adds an upstream if no earlier one is at its path: a second one could never be reached.
fn add(upstreams: &mut Vec<Upstream>, upstream: Upstream) -> Result<(), String> {
    let (path, second) = (upstream.path(), &upstream.destination);
    if upstreams.iter().any(|earlier| earlier.path() == path) {
        let instead = match second {
            Destination::Server(target) => {
                format!("give one a name: --{} NAME={target}, or name = \"NAME\" in the file", target.kind)
            }
            Destination::Pattern(_) => "one pattern is enough for the same hosts; leave one out".to_owned(),
        };
        return Err(format!("two upstreams at /{path} ({second} is the second); {instead}"));
    }
    upstreams.push(upstream);
    Ok(())
}

/// A level, or directives of `tracing` with commas between them. A word that is no level is a target to `tracing`, and then
/// nothing else is logged: it is refused here.
fn log_filter(text: &str) -> Result<String, String> {
    let wrong = |why: String| format!("{why}; write error, warn, info, debug or trace");
    let text = text.trim();
    for directive in text.split(',').map(str::trim) {
        let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
        if level.parse::<LevelFilter>().is_err() || level.is_empty() {
            return Err(wrong(format!("there is no level `{level}`")));
        }
        let target = directive.split(['=', '[']).next().unwrap_or_default();
        let rest = target.strip_prefix(OWN_TARGET);
        let is_ours = OWN_TARGET.starts_with(target) || rest.is_some_and(|rest| rest.starts_with("::"));
        if target.starts_with("postern") && !is_ours {
            return Err(format!(
                "nothing is logged by `{target}`; write {OWN_TARGET}={level}, or {level} alone"
            ));
        }
    }
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// How `tracing` calls what this crate logs.
const OWN_TARGET: &str = "postern_proxy";

/// Half a year, as long as browsers' own lists ask for at the least.
const HSTS_DAYS: u32 = 180;

const HALF_AN_IDENTITY: &str = "--tls-certificate and --tls-key go together (POSTERN_TLS_CERTIFICATE and \
    POSTERN_TLS_KEY, tls_certificate and tls_key in the file); give both, or neither to speak plain HTTP";

const NO_UPSTREAM: &str = "no mail server to connect to. Name at least one, for example
  postern --imap imaps://mail.example.com --smtp smtps://mail.example.com
or in the file given with --config:
  [[imap]]
  url = \"imaps://mail.example.com\"
`postern --help` tells the rest.";

#[cfg(test)]
mod tests;
