//! What the proxy says over HTTP: the page, `/healthz`, `/readyz`, `/metrics`, `/api/…`, and the upgrade to a
//! WebSocket. RFC 9110 and 9112.

mod api;
mod headers;
mod http2;
mod page;
mod patience;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    STRICT_TRANSPORT_SECURITY, UPGRADE,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::{self, OnUpgrade};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::patience::Patience;
use crate::config::{Deadlines, Kind};
use crate::ends::{Ends, Version};
use crate::forwarded;
use crate::limits::RequestTicket;
use crate::session::{Asked, Session};
use crate::shared::{Current, Shared};
use crate::ws::{ClientStream, handshake};

pub use page::licences;

type Body = Full<Bytes>;

/// Serves one TCP connection until it ends or becomes a WebSocket, which then is a task of its own.
pub(crate) async fn serve<S>(
    stream: S,
    version: Version,
    ends: Ends,
    ticket: RequestTicket,
    current: Arc<Current>,
    tasks: TaskTracker,
) where
    S: ClientStream + Send + 'static,
{
    let responder = Responder { ends, current, tasks };
    match version {
        Version::One => serve_http1(stream, responder).await,
        // Boxed, because its state is larger than what most connections need.
        Version::Two => return Box::pin(http2::serve(stream, responder, ticket)).await,
    }
    drop(ticket);
}

async fn serve_http1<S>(stream: S, responder: Responder)
where
    S: ClientStream + Send + 'static,
{
    let (Deadlines { request, stalled, .. }, stop) = responder.limits();
    let service = service_fn(|request| responder.respond_http1::<S>(request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(request)
        .max_buf_size(MAX_HEAD as usize)
        .max_header_size(MAX_HEAD as usize)
        .serve_connection(TokioIo::new(Patience::new(stream, stalled)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        result = connection.as_mut() => log_end(result),
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            log_end(connection.await);
        }
    }
}

fn log_end(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "HTTP connection ended");
    }
}

/// Answers what is asked on one connection.
#[derive(Debug)]
struct Responder {
    ends: Ends,
    current: Arc<Current>,
    tasks: TaskTracker,
}

impl Responder {
    /// How long each step of a connection may take, and what ends it.
    fn limits(&self) -> (Deadlines, CancellationToken) {
        let shared = self.current.get();
        (shared.config.deadlines, shared.stop.clone())
    }

    /// A WebSocket takes the connection over: what comes out of the upgrade is the `S` that was put in.
    async fn respond_http1<S>(&self, mut request: Request<Incoming>) -> Result<Response<Body>, Infallible>
    where
        S: ClientStream + Send + 'static,
    {
        let (response, session) = self.respond(&mut request).await;
        if let Some(session) = session {
            self.tasks.spawn(relay::<S>(upgrade::on(&mut request), self.ends.local, session));
        }
        Ok(response)
    }

    /// A WebSocket is one stream of many, and holds the connection open by `streams`.
    async fn respond_http2(
        &self,
        mut request: Request<Incoming>,
        streams: Arc<http2::Streams>,
    ) -> Result<Response<Body>, Infallible> {
        let (response, session) = self.respond(&mut request).await;
        if let Some(session) = session {
            if session.is_admitted() {
                streams.release_ticket();
            }
            let (upgrade, local) = (upgrade::on(&mut request), self.ends.local);
            self.tasks.spawn(async move {
                match upgrade.await {
                    Ok(upgraded) => {
                        session.run(http2::Pieces(TokioIo::new(upgraded)), local, Bytes::new()).await;
                    }
                    Err(error) => tracing::debug!(%error, "the client left before its upgrade"),
                }
                drop(streams);
            });
        }
        Ok(response)
    }

    /// The answer, and what follows it if it opens a WebSocket.
    async fn respond(&self, request: &mut Request<Incoming>) -> (Response<Body>, Option<Session>) {
        let shared = self.current.get();
        let (mut response, session) = match route(request.uri().path()) {
            Route::Upstream(kind, name) if handshake::is_upgrade(request) => {
                match handshake::accept(request) {
                    Ok(response) => (response, Some(self.session(&shared, request, kind, name))),
                    Err(response) => {
                        self.log_lost_upgrade(&shared, request);
                        (response, None)
                    }
                }
            }
            // Boxed, because a look-up's state is large and a connection's small.
            Route::Discover if *request.method() == Method::POST => {
                let client = self.client(&shared, request.headers()).ip();
                (Box::pin(api::discover(&shared, client, request)).await, None)
            }
            route => (self.answer(&shared, request, &route), None),
        };
        headers::secure(response.headers_mut());
        if let Some(value) = shared.strict_transport_security() {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, value);
        }
        (response, session)
    }

    fn session(
        &self,
        shared: &Arc<Shared>,
        request: &Request<Incoming>,
        kind: Kind,
        name: Option<&str>,
    ) -> Session {
        let (uri, headers) = (request.uri(), request.headers());
        let asked = Asked { kind, name, query: uri.query(), authority: uri.authority(), headers };
        Session::new(shared, &asked, self.client(shared, headers))
    }

    /// Everything that is no WebSocket.
    fn answer(&self, shared: &Shared, request: &Request<Incoming>, route: &Route<'_>) -> Response<Body> {
        let (config, headers) = (&shared.config, request.headers());
        match route {
            Route::Upstream(..) => {
                self.log_lost_upgrade(shared, request);
                let mut response = text(StatusCode::UPGRADE_REQUIRED, UPGRADE_REQUIRED);
                // RFC 9110 section 15.5.22.
                response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
                response
            }
            // An address in a URL would end in the logs of the web servers before us.
            Route::Discover => not_allowed("POST", POST_THE_ADDRESS),
            _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
                not_allowed("GET, HEAD", "Only GET and HEAD.\n")
            }
            Route::Health => text(StatusCode::OK, "ok\n"),
            Route::Ready => ready(shared),
            Route::Metrics if self.may_read_metrics(shared, headers) => metrics(shared),
            Route::Metrics => {
                let words = "The figures are for this machine; --metrics-from lets others in.\n";
                text(StatusCode::FORBIDDEN, words)
            }
            Route::Config => api::config(config),
            Route::Page(path) => page::respond(path, headers),
        }
    }

    /// A browser's request for a WebSocket that came without what makes it one: the web server before us took that away,
    /// since it holds for one hop (RFC 9110 section 7.6.1). The page only sees that it failed.
    fn log_lost_upgrade(&self, shared: &Shared, request: &Request<Incoming>) {
        let headers = request.headers();
        if headers.contains_key(SEC_WEBSOCKET_VERSION) || headers.contains_key(SEC_WEBSOCKET_KEY) {
            let (client, missing) = (self.client(shared, headers), handshake::missing(request));
            tracing::warn!(%client, missing, "{LOST_UPGRADE}");
        }
    }

    fn client(&self, shared: &Shared, headers: &HeaderMap) -> SocketAddr {
        forwarded::client(self.ends, headers, &shared.config.trusted_peers)
    }

    fn may_read_metrics(&self, shared: &Shared, headers: &HeaderMap) -> bool {
        let client = self.client(shared, headers);
        // A proxy that is not trusted may have passed it on for anyone.
        let passed_on = client == self.ends.peer
            && ["forwarded", "x-forwarded-for", "via"].iter().any(|name| headers.contains_key(*name));
        let address = client.ip().to_canonical();
        let ranges = &shared.config.metrics_from;
        let allowed = match ranges.is_empty() {
            true => address.is_loopback(),
            false => ranges.iter().any(|range| range.contains(address)),
        };
        allowed && !passed_on
    }
}

/// Where a path leads.
#[derive(Debug)]
enum Route<'a> {
    Upstream(Kind, Option<&'a str>),
    Health,
    Ready,
    Metrics,
    Config,
    Discover,
    Page(&'a str),
}

fn route(path: &str) -> Route<'_> {
    // The target of a CONNECT or an OPTIONS may have no path at all (RFC 9112 section 3.2).
    let inner = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = match inner.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (inner, None),
    };
    match (first, rest) {
        ("imap", name) => Route::Upstream(Kind::Imap, name),
        ("smtp", name) => Route::Upstream(Kind::Smtp, name),
        ("sieve", name) => Route::Upstream(Kind::Sieve, name),
        ("healthz", None) => Route::Health,
        ("readyz", None) => Route::Ready,
        ("metrics", None) => Route::Metrics,
        ("api", Some("config")) => Route::Config,
        ("api", Some("discover")) => Route::Discover,
        _ => Route::Page(path),
    }
}

async fn relay<S>(upgrade: OnUpgrade, local: SocketAddr, session: Session)
where
    S: ClientStream + Send + 'static,
{
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "the client left before its upgrade");
            return;
        }
    };
    // `serve_http1` put an `S` in, so it comes out; bare, it needs neither hyper's buffers nor its wrapper.
    if let Ok(parts) = upgraded.downcast::<TokioIo<Patience<S>>>() {
        session.run(parts.io.into_inner().into_inner(), local, parts.read_buf).await;
    }
}

/// For a load balancer: whether a new connection should come here. `/healthz` says only that the process lives.
fn ready(shared: &Shared) -> Response<Body> {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    if shared.draining.load(Ordering::Relaxed) {
        text(unavailable, "draining\n")
    } else if shared.gate.is_full() {
        text(unavailable, "full\n")
    } else {
        text(StatusCode::OK, "ready\n")
    }
}

fn metrics(shared: &Shared) -> Response<Body> {
    let mut response = text(StatusCode::OK, "");
    *response.body_mut() = Full::from(shared.figures());
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

fn not_allowed(methods: &'static str, words: &'static str) -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, words);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}

fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The head of a request (wire.md, "Defaults").
const MAX_HEAD: u32 = 16 * 1024;

const POST_THE_ADDRESS: &str =
    "Ask with POST, and with the address in the body: {\"address\": \"user@example.org\"}\n";

const UPGRADE_REQUIRED: &str = "This address is for WebSockets; open / for the web page. If it was a page that asked, the web \
    server before Postern does not pass the header Upgrade on; deploy/reverse-proxy shows how it does.\n";

const LOST_UPGRADE: &str = "a page asked for a WebSocket, and the web server before this one did not pass that on; let it send the \
    headers Upgrade and Connection in HTTP/1.1, as deploy/reverse-proxy does";
