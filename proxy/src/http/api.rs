//! What the page asks before it connects: `/api/config` and `/api/discover`, both JSON.

use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use super::{Body, text};
use crate::config::{ClientTls, Config, Destination, Kind, Upstream};

/// What the page may offer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageConfig<'a> {
    #[serde(flatten)]
    servers: Servers<'a>,
    /// Whose hosts may stand in a path too: `/imap/HOST`.
    patterns: Patterns,
    version: &'static str,
}

/// Servers by what they are for.
#[derive(Serialize)]
struct Servers<'a> {
    imap: Vec<Server<'a>>,
    smtp: Vec<Server<'a>>,
    sieve: Vec<Server<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Server<'a> {
    /// The last part of its path; none for the default one.
    name: Option<&'a str>,
    label: &'a str,
    default: bool,
    /// Whether `?tls=client` is open for it.
    client_tls: ClientTls,
}

/// Such as `*.example.com`.
#[derive(Serialize)]
struct Patterns {
    imap: Vec<String>,
    smtp: Vec<String>,
    sieve: Vec<String>,
}

/// `/api/config`: everything that the operator named, and nothing about where it is.
pub(super) fn config(config: &Config) -> Response<Body> {
    let patterns = |kind| {
        let hosts = |upstream: &Upstream| match &upstream.destination {
            Destination::Pattern(pattern) if pattern.kind == kind => Some(pattern.hosts()),
            _ => None,
        };
        config.upstreams.iter().filter_map(hosts).collect()
    };
    json(&PageConfig {
        servers: servers(&config.upstreams, |_| true),
        patterns: Patterns {
            imap: patterns(Kind::Imap),
            smtp: patterns(Kind::Smtp),
            sieve: patterns(Kind::Sieve),
        },
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// `/api/discover?address=user@example.org`: which of the upstreams serve an address. It answers from the configuration
/// alone, so it can name nothing that could not be connected to.
pub(super) fn discover(upstreams: &[Upstream], query: Option<&str>) -> Response<Body> {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let address = pairs.find_map(|(name, value)| (name == "address").then_some(value));
    let domain = address.as_deref().and_then(|address| address.trim().rsplit_once('@'));
    match domain {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => {
            let domain = domain.to_lowercase();
            json(&servers(upstreams, |upstream| upstream.serves(&domain)))
        }
        _ => text(StatusCode::BAD_REQUEST, "Write an address: /api/discover?address=user@example.org\n"),
    }
}

fn servers(upstreams: &[Upstream], offer: impl Fn(&Upstream) -> bool) -> Servers<'_> {
    let of_kind = |kind| {
        let is_one = |upstream: &&Upstream| match &upstream.destination {
            Destination::Server(target) => target.kind == kind && offer(upstream),
            Destination::Pattern(_) => false,
        };
        upstreams.iter().filter(is_one).map(server).collect()
    };
    Servers { imap: of_kind(Kind::Imap), smtp: of_kind(Kind::Smtp), sieve: of_kind(Kind::Sieve) }
}

fn server(upstream: &Upstream) -> Server<'_> {
    Server {
        name: upstream.name.as_deref(),
        label: &upstream.label,
        default: upstream.name.is_none(),
        client_tls: upstream.client_tls,
    }
}

fn json(value: &impl Serialize) -> Response<Body> {
    // Strings and bools alone: nothing in it can fail to serialize.
    let body = serde_json::to_vec(value).unwrap_or_default();
    let mut response = Response::new(Full::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
