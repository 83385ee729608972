//! What the page asks before it connects: `/api/config` and `/api/discover`, both JSON.

use std::net::IpAddr;

use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde::Serialize;

use super::{Body, text};
use crate::config::{ClientTls, Config, Destination, Kind, Target, Upstream};
use crate::discover::{Busy, Found, User};
use crate::session::Shared;

/// What the page may offer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageConfig<'a> {
    #[serde(flatten)]
    servers: Servers<'a>,
    /// Whose hosts may stand in a path too: `/imap/HOST`.
    patterns: Patterns,
    /// Whether `/api/discover` looks further than at these.
    discovery: bool,
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
    /// What to sign in with, where the domain's owner told.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User>,
}

impl Servers<'_> {
    fn is_empty(&self) -> bool {
        self.imap.is_empty() && self.smtp.is_empty() && self.sieve.is_empty()
    }
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
        discovery: !config.discover.is_empty(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// `/api/discover?address=user@example.org`: which servers are for an address. The operator's own come first; then what
/// the domain's owner published, where the operator allows to look and a page could connect to it.
pub(super) async fn discover(shared: &Shared, client: IpAddr, query: Option<&str>) -> Response<Body> {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let address = pairs.find_map(|(name, value)| (name == "address").then_some(value));
    let domain = match address.as_deref().and_then(|address| address.trim().rsplit_once('@')) {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => domain.to_lowercase(),
        _ => {
            let words = "Write an address: /api/discover?address=user@example.org\n";
            return text(StatusCode::BAD_REQUEST, words);
        }
    };
    let config = &shared.config;
    let own = servers(&config.upstreams, |upstream| upstream.serves(&domain));
    if !own.is_empty() || config.discover.is_empty() {
        return json(&own);
    }
    if !shared.gate.may_discover(client) {
        return busy();
    }
    match shared.finder.find(&domain).await {
        Ok(found) => json(&reachable(config, &found)),
        Err(Busy) => busy(),
    }
}

/// Of what was found, what a page could connect to, and how.
fn reachable<'a>(config: &'a Config, found: &'a [Found]) -> Servers<'a> {
    let of_kind =
        |kind| found.iter().filter(|one| one.kind == kind).filter_map(|one| published(config, one)).collect();
    Servers { imap: of_kind(Kind::Imap), smtp: of_kind(Kind::Smtp), sieve: of_kind(Kind::Sieve) }
}

fn published<'a>(config: &'a Config, found: &'a Found) -> Option<Server<'a>> {
    let target = Target::at_host(found.kind, found.security, &found.host, found.port);
    // The operator may have named that very server, and chosen words for it.
    let named = config.upstreams.iter().find(|upstream| match &upstream.destination {
        Destination::Server(own) => *own == target,
        Destination::Pattern(_) => false,
    });
    if let Some(upstream) = named {
        return Some(Server { user: found.user, ..server(upstream) });
    }
    let (index, reached) = config.find(found.kind, Some(&found.host))?;
    let client_tls = config.upstreams[index].client_tls;
    let (name, label) = (Some(&*found.host), &*found.host);
    (reached == target).then_some(Server { name, label, default: false, client_tls, user: found.user })
}

fn busy() -> Response<Body> {
    let words = "Too many addresses were looked up; try again in a minute.\n";
    let mut response = text(StatusCode::TOO_MANY_REQUESTS, words);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    response
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
        user: None,
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
