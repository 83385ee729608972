//! The TOML file: the same settings as the flags, with the limits and the deadlines.

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{
    AddressRange, ClientTls, ConfigError, Deadlines, Destination, Kind, Limits, Listen, LogFormat, Security,
    Source, TlsSettings, Upstream, args, canonical_domain, pem,
};
use crate::origin::Origin;

/// A file that was read, with its text: an error found later still tells the line.
#[derive(Default)]
pub(super) struct File {
    path: PathBuf,
    text: String,
    settings: Settings,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    listen: Option<Spanned<String>>,
    tls_certificate: Option<Spanned<PathBuf>>,
    tls_key: Option<Spanned<PathBuf>>,
    hsts_days: Option<u32>,
    origins: Vec<Spanned<String>>,
    ca_files: Vec<Spanned<PathBuf>>,
    allow_addresses: Vec<Spanned<String>>,
    trusted_peers: Vec<Spanned<String>>,
    proxy_protocol_from: Vec<Spanned<String>>,
    metrics_from: Vec<Spanned<String>>,
    discover: Vec<Source>,
    nameserver: Option<Spanned<String>>,
    log: Option<Spanned<String>>,
    log_format: Option<LogFormat>,
    imap: Vec<UpstreamSettings>,
    smtp: Vec<UpstreamSettings>,
    sieve: Vec<UpstreamSettings>,
    limits: Option<Spanned<Limits>>,
    deadlines: Deadlines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpstreamSettings {
    url: Spanned<String>,
    name: Option<Spanned<String>>,
    label: Option<String>,
    tls: Option<Spanned<TlsSettings>>,
    #[serde(default)]
    client_tls: ClientTls,
    #[serde(default)]
    domains: Vec<Spanned<String>>,
    #[serde(default)]
    proxy_protocol: bool,
    connections: Option<NonZeroUsize>,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| {
            ConfigError(format!("{}: {error}; --config wants a TOML file that can be read", path.display()))
        })?;
        // toml's own words tell line, column and what it expected.
        let settings = toml::from_str(&text).map_err(|error| {
            let words = error.to_string();
            ConfigError(format!("{}: {}{}", path.display(), words.trim_end(), hint(&words)))
        })?;
        Ok(Self { path: path.to_owned(), text, settings })
    }

    pub(super) fn listen(&self) -> Result<Option<Listen>, ConfigError> {
        let listen = self.settings.listen.as_ref();
        listen.map(|text| self.parsed(text, |text| Listen::try_from(text))).transpose()
    }

    pub(super) fn upstreams(&self, kind: Kind) -> Result<Vec<Upstream>, ConfigError> {
        let settings = match kind {
            Kind::Imap => &self.settings.imap,
            Kind::Smtp => &self.settings.smtp,
            Kind::Sieve => &self.settings.sieve,
        };
        let mut upstreams = Vec::new();
        for settings in settings {
            let added = super::add(&mut upstreams, self.upstream(kind, settings)?);
            added.map_err(|why| self.error_at(settings.url.span().start, &why))?;
        }
        Ok(upstreams)
    }

    fn upstream(&self, kind: Kind, settings: &UpstreamSettings) -> Result<Upstream, ConfigError> {
        let destination = self.parsed(&settings.url, |text| {
            Destination::parse(kind, text).map_err(|why| format!("url = \"{text}\": {why}"))
        })?;
        let upstream = self.named(Upstream::new(destination), settings.name.as_ref())?;
        let tls = match &settings.tls {
            Some(tls) => {
                let plain = upstream.destination.security() == Security::Plain;
                let check = if plain { Err(TLS_WITHOUT_TLS.to_owned()) } else { tls.get_ref().check() };
                let check = check.and_then(|()| tls.get_ref().check_files());
                check.map_err(|why| self.error_at(tls.span().start, &why))?;
                tls.get_ref().clone()
            }
            None => TlsSettings::default(),
        };
        if let (Destination::Pattern(pattern), Some(domain)) =
            (&upstream.destination, settings.domains.first())
        {
            let words = format!(
                "domains are for one server, and {pattern} is many; leave them out here, and write a [[{kind}]] of its own for \
                 the server of `{}`",
                domain.get_ref()
            );
            return Err(self.error_at(domain.span().start, &words));
        }
        let domains = settings.domains.iter().map(|domain| self.parsed(domain, domain_name));
        Ok(Upstream {
            label: settings.label.clone().unwrap_or(upstream.label),
            tls,
            client_tls: settings.client_tls,
            domains: domains.collect::<Result<_, _>>()?,
            proxy_protocol: settings.proxy_protocol,
            connections: settings.connections,
            ..upstream
        })
    }

    fn named(&self, upstream: Upstream, name: Option<&Spanned<String>>) -> Result<Upstream, ConfigError> {
        let Some(name) = name else { return Ok(upstream) };
        self.parsed(name, |text| args::named(upstream.clone(), Some(args::checked_name(text)?)))
    }

    pub(super) fn origins(&self) -> Result<Vec<Origin>, ConfigError> {
        self.settings.origins.iter().map(|text| self.parsed(text, |text| Origin::try_from(text))).collect()
    }

    pub(super) fn allowed_addresses(&self) -> Result<Vec<AddressRange>, ConfigError> {
        self.ranges(&self.settings.allow_addresses)
    }

    pub(super) fn trusted_peers(&self) -> Result<Vec<AddressRange>, ConfigError> {
        self.ranges(&self.settings.trusted_peers)
    }

    pub(super) fn proxy_protocol_from(&self) -> Result<Vec<AddressRange>, ConfigError> {
        self.ranges(&self.settings.proxy_protocol_from)
    }

    pub(super) fn metrics_from(&self) -> Result<Vec<AddressRange>, ConfigError> {
        self.ranges(&self.settings.metrics_from)
    }

    fn ranges(&self, texts: &[Spanned<String>]) -> Result<Vec<AddressRange>, ConfigError> {
        texts.iter().map(|text| self.parsed(text, |text| AddressRange::try_from(text))).collect()
    }

    pub(super) fn limits(&self) -> Result<Limits, ConfigError> {
        let Some(limits) = &self.settings.limits else { return Ok(Limits::default()) };
        let values = limits.get_ref();
        let counts = [
            ("connections", values.connections),
            ("connections_per_address", values.connections_per_address),
            ("starts_per_minute", values.starts_per_minute as usize),
            ("short_per_minute", values.short_per_minute as usize),
            ("requests", values.requests),
            ("requests_per_address", values.requests_per_address),
            ("discoveries_per_minute", values.discoveries_per_minute as usize),
        ];
        match counts.iter().find(|(_, count)| *count == 0) {
            Some((name, _)) => {
                let why = format!("{name} = 0 lets nobody in; write 1 or more");
                Err(self.error_at(limits.span().start, &why))
            }
            None => Ok(*values),
        }
    }

    pub(super) fn discover(&self) -> Vec<Source> {
        self.settings.discover.clone()
    }

    pub(super) fn nameserver(&self) -> Result<Option<SocketAddr>, ConfigError> {
        let nameserver = self.settings.nameserver.as_ref();
        nameserver.map(|text| self.parsed(text, super::nameserver)).transpose()
    }

    pub(super) fn tls_certificate(&self) -> Option<PathBuf> {
        self.settings.tls_certificate.as_ref().map(|path| path.get_ref().clone())
    }

    pub(super) fn tls_key(&self) -> Option<PathBuf> {
        self.settings.tls_key.as_ref().map(|path| path.get_ref().clone())
    }

    pub(super) fn hsts_days(&self) -> Option<u32> {
        self.settings.hsts_days
    }

    /// That those two hold what they should, if no flag stands before them.
    pub(super) fn check_identity(&self, certificate: bool, key: bool) -> Result<(), ConfigError> {
        if let Some(path) = self.settings.tls_certificate.as_ref().filter(|_| certificate) {
            self.holds(path, pem::certificates)?;
        }
        if let Some(path) = self.settings.tls_key.as_ref().filter(|_| key) {
            self.holds(path, pem::private_key)?;
        }
        Ok(())
    }

    /// An error about those two, at the line of the one that is there.
    pub(super) fn identity_error(&self, why: &str) -> ConfigError {
        match self.settings.tls_certificate.as_ref().or(self.settings.tls_key.as_ref()) {
            Some(path) => self.error_at(path.span().start, why),
            None => ConfigError(why.to_owned()),
        }
    }

    pub(super) fn ca_files(&self) -> Result<Vec<PathBuf>, ConfigError> {
        self.settings.ca_files.iter().map(|path| self.holds(path, pem::certificates)).collect()
    }

    pub(super) fn deadlines(&self) -> Deadlines {
        self.settings.deadlines
    }

    pub(super) fn log(&self) -> Result<Option<String>, ConfigError> {
        self.settings.log.as_ref().map(|text| self.parsed(text, super::log_filter)).transpose()
    }

    pub(super) fn log_format(&self) -> Option<LogFormat> {
        self.settings.log_format
    }

    /// A file that holds what `read` looks for. It is read again where it is used.
    fn holds<T>(
        &self,
        path: &Spanned<PathBuf>,
        read: impl Fn(&Path) -> Result<T, String>,
    ) -> Result<PathBuf, ConfigError> {
        let file = path.get_ref();
        match read(file) {
            Ok(_) => Ok(file.clone()),
            Err(why) => Err(self.error_at(path.span().start, &format!("{}: {why}", file.display()))),
        }
    }

    fn parsed<T>(
        &self,
        text: &Spanned<String>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        parse(text.get_ref()).map_err(|why| self.error_at(text.span().start, &why))
    }

    fn error_at(&self, offset: usize, why: &str) -> ConfigError {
        let line = 1 + self.text[..offset].matches('\n').count();
        ConfigError(format!("{}, line {line}: {why}", self.path.display()))
    }
}

/// What to write instead, if toml's words alone don't tell.
fn hint(words: &str) -> String {
    if words.contains("invalid type: map, expected a sequence") {
        return "; each server is one of several: write two brackets, such as [[imap]]".to_owned();
    }
    if words.contains("expected a sequence") {
        return "; write a list: brackets round it, such as [\"one\", \"two\"]".to_owned();
    }
    let unknown = words.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
    match unknown {
        Some((name, _)) if is_of_the_file(name) => {
            format!("; {name} belongs to the whole file: write it above the first line that begins with [")
        }
        _ => String::new(),
    }
}

/// Whether a key of this name stands before all tables.
fn is_of_the_file(name: &str) -> bool {
    let read = toml::from_str::<Settings>(&format!("{name} = 0"));
    !read.is_err_and(|error| error.to_string().contains("unknown field"))
}

/// What stands behind the `@` of an address.
fn domain_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    let labels_are_filled = !canonical_domain(text).split('.').any(str::is_empty);
    if !labels_are_filled || !text.chars().all(plain) {
        return Err(format!("the domain `{text}`: write what stands behind the @, such as example.com"));
    }
    Ok(canonical_domain(text))
}

const TLS_WITHOUT_TLS: &str = "no TLS is spoken with this server; leave its tls settings out";
