//! What the page asks before it connects: `/api/config` and `/api/discover`, both JSON.
//!
//! With the two a page knows where an address signs in, and never has to guess:
//!
//! - `POST /api/discover` with `{"address": "ana@example.com"}` answers the servers by kind (`imap`, `smtp`, `sieve`). One
//!   IMAP server is the one: the address's domain decided. Several are a choice between these. None means that nobody
//!   knows: the page offers what `/api/config` lists, if that is one server without asking.
//! - A server's WebSocket is at `/imap` where its `name` is null, else at `/imap/NAME`; and so for the other kinds.
//! - `patterns`, in both answers, says which hosts a person may type in besides: `*.example.com` is any below that domain,
//!   reached at `/imap/HOST`.
//! - `user` is what to sign in with, if the domain's owner published it: `address`, or `local` for what stands before the
//!   `@`. Without it the page takes the address.
//!
//! The address comes in the body, since web servers log URLs, and the request must come from a page that could also connect.

use std::net::IpAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{Body, text};
use crate::config::{ClientTls, Config, Destination, Kind, Target, Upstream, canonical_domain};
use crate::discover::{Busy, Found, User};
use crate::origin;
use crate::shared::Shared;

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

/// Where an address signs in.
#[derive(Serialize)]
struct Discovered<'a> {
    /// Empty kinds are those of which nobody knows.
    #[serde(flatten)]
    servers: Servers<'a>,
    /// Whose hosts a person may type in besides.
    patterns: Patterns,
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
    /// What to sign in with, if the domain's owner published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User>,
}

impl Servers<'_> {
    /// Adds those of the kinds of which there is none yet.
    fn add(&mut self, more: Self) {
        for (own, more) in
            [(&mut self.imap, more.imap), (&mut self.smtp, more.smtp), (&mut self.sieve, more.sieve)]
        {
            if own.is_empty() {
                *own = more;
            }
        }
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
    json(&PageConfig {
        servers: servers(&config.upstreams, |_| true),
        patterns: patterns(config),
        discovery: !config.discover.is_empty(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn patterns(config: &Config) -> Patterns {
    let of_kind = |kind| {
        let hosts = |upstream: &Upstream| match &upstream.destination {
            Destination::Pattern(pattern) if pattern.kind == kind => Some(pattern.hosts()),
            _ => None,
        };
        config.upstreams.iter().filter_map(hosts).collect()
    };
    Patterns { imap: of_kind(Kind::Imap), smtp: of_kind(Kind::Smtp), sieve: of_kind(Kind::Sieve) }
}

/// The body of a request for `/api/discover`.
#[derive(Deserialize)]
struct Question {
    address: String,
}

/// `POST /api/discover`: which servers are for an address. The operator's own come first; then what the domain's owner
/// published, if the operator allows to look and a page could connect to it; then the usual names in the address's domain,
/// where a pattern of the operator's holds them.
pub(super) async fn discover(
    shared: &Shared,
    client: IpAddr,
    request: &mut Request<Incoming>,
) -> Response<Body> {
    let config = &shared.config;
    let (headers, authority) = (request.headers(), request.uri().authority());
    if !origin::is_allowed(headers, authority, &config.origins, config.scheme()) {
        return text(StatusCode::FORBIDDEN, "This page may not ask; the operator allows it with --origin.\n");
    }
    let question = match read_question(request, config.deadlines.request).await {
        Ok(question) => question,
        Err(refusal) => return refusal,
    };
    let domain = match question.address.trim().rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => canonical_domain(domain),
        _ => return text(StatusCode::BAD_REQUEST, WRITE_AN_ADDRESS),
    };
    let mut servers = servers(&config.upstreams, |upstream| upstream.serves(&domain));
    let looked_up = match servers.imap.is_empty() {
        true => look_up(shared, client, &domain).await,
        false => Ok(LookedUp::default()),
    };
    let Ok(LookedUp { found, guessed }) = &looked_up else { return busy() };
    servers.add(reachable(config, found));
    if let Some((index, host)) = guessed.as_ref().filter(|_| servers.imap.is_empty()) {
        servers.imap.push(of_pattern(config, *index, host, None));
    }
    json(&Discovered { servers, patterns: patterns(config) })
}

/// What is known of a domain beyond the operator's own servers.
#[derive(Default)]
struct LookedUp {
    found: Vec<Found>,
    /// The upstream's index and the host of an IMAP server that nobody published.
    guessed: Option<(usize, String)>,
}

/// Looks further, if the operator allows that.
///
/// # Errors
/// Too many look-ups, of this client or of all.
async fn look_up(shared: &Shared, client: IpAddr, domain: &str) -> Result<LookedUp, Busy> {
    let config = &shared.config;
    let guesses = guesses(config, domain);
    if config.discover.is_empty() && guesses.is_empty() {
        return Ok(LookedUp::default());
    }
    if !shared.gate.may_discover(client) {
        return Err(Busy);
    }
    let found = shared.finder.find(domain).await?;
    let guessed = match reachable(config, &found).imap.is_empty() {
        true => shared.finder.first_that_leads_somewhere(&guesses).await,
        false => None,
    };
    let guessed = guessed.and_then(|target| {
        let host = target.host();
        Some((config.find(Kind::Imap, Some(host))?.0, host.to_owned()))
    });
    Ok(LookedUp { found, guessed })
}

/// The question in a request's body.
///
/// # Errors
/// The answer that says what is wrong with it.
async fn read_question(
    request: &mut Request<Incoming>,
    deadline: Duration,
) -> Result<Question, Response<Body>> {
    // A form of another page can send other types without the browser asking first (the fetch standard's "simple" requests).
    let media_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let words = "Send JSON, with Content-Type: application/json.\n";
        return Err(text(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
    }
    let body = Limited::new(request.body_mut(), MAX_QUESTION).collect();
    let body = match timeout(deadline, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return Err(text(StatusCode::PAYLOAD_TOO_LARGE, "An address is shorter than that.\n"));
        }
        Ok(Err(_)) => return Err(text(StatusCode::BAD_REQUEST, "The request ended too soon.\n")),
        Err(_) => return Err(text(StatusCode::REQUEST_TIMEOUT, "The request did not come in time.\n")),
    };
    serde_json::from_slice(&body).map_err(|_| text(StatusCode::BAD_REQUEST, WRITE_AN_ADDRESS))
}

/// Hosts that are likely a domain's own, of those that the operator's patterns allow for it by name: nobody learns of a
/// look-up but the nameserver of the operator, about a domain that the operator wrote down.
fn guesses(config: &Config, domain: &str) -> Vec<Target> {
    let of_pattern = |upstream: &Upstream| match &upstream.destination {
        Destination::Pattern(pattern) if pattern.kind == Kind::Imap && pattern.names(domain) => {
            let hosts = ["imap", "mail"].map(|host| format!("{host}.{domain}"));
            hosts.iter().filter_map(|host| pattern.target(host)).collect()
        }
        _ => Vec::new(),
    };
    config.upstreams.iter().flat_map(of_pattern).collect()
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
    (reached == target).then(|| of_pattern(config, index, &found.host, found.user))
}

/// The server of a pattern that the page reaches by its host's name.
fn of_pattern<'a>(config: &Config, index: usize, host: &'a str, user: Option<User>) -> Server<'a> {
    let client_tls = config.upstreams[index].client_tls;
    Server { name: Some(host), label: host, default: false, client_tls, user }
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

const WRITE_AN_ADDRESS: &str = "Write an address: {\"address\": \"user@example.org\"}\n";

/// The longest address has 254 bytes (RFC 5321 section 4.5.3.1.3), which JSON may write as six each.
const MAX_QUESTION: usize = 4096;
