//! What the proxy says over HTTP: the page, `/healthz`, `/readyz`, `/metrics`, `/api/…`, and the upgrade to a
//! WebSocket. RFC 9110 and 9112.

mod api;
mod headers;
mod http2;
mod page;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::{self, OnUpgrade};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio_util::task::TaskTracker;

use crate::config::Kind;
use crate::forwarded;
use crate::limits::RequestTicket;
use crate::session::{Asked, Session, Shared};
use crate::ws::{ClientStream, handshake};

type Body = Full<Bytes>;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    /// The browser's, or a reverse proxy's.
    pub(crate) peer: SocketAddr,
    /// Ours.
    pub(crate) local: SocketAddr,
    /// Whether the peer is a reverse proxy whose word counts.
    pub(crate) trusted: bool,
}

/// Which HTTP a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// 1.1, and 1.0.
    One,
    /// 2, as ALPN chose (RFC 9113 section 3.2).
    Two,
}

/// Serves one TCP connection until it ends or becomes a WebSocket, which then is a task of its own.
pub(crate) async fn serve<S>(
    stream: S,
    version: Version,
    ends: Ends,
    ticket: RequestTicket,
    shared: Arc<Shared>,
    tasks: TaskTracker,
) where
    S: ClientStream + Send + 'static,
{
    let responder = Responder { ends, shared, tasks };
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
    let service = service_fn(|request| responder.respond_http1::<S>(request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(responder.shared.config.deadlines.request)
        .max_buf_size(MAX_HEAD as usize)
        .max_header_size(MAX_HEAD as usize)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        result = connection.as_mut() => log_end(result),
        () = responder.shared.stop.cancelled() => {
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
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

impl Responder {
    /// A WebSocket takes the connection over: what comes out of the upgrade is the `S` that was put in.
    async fn respond_http1<S>(&self, mut request: Request<Incoming>) -> Result<Response<Body>, Infallible>
    where
        S: ClientStream + Send + 'static,
    {
        let (response, session) = self.respond(&request).await;
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
        let (response, session) = self.respond(&request).await;
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
    async fn respond(&self, request: &Request<Incoming>) -> (Response<Body>, Option<Session>) {
        let (mut response, session) = match route(request.uri().path()) {
            Route::Upstream(kind, name) if handshake::is_upgrade(request) => {
                match handshake::accept(request) {
                    Ok(response) => (response, Some(self.session(request, kind, name))),
                    Err(response) => (response, None),
                }
            }
            route => (self.answer(request, &route).await, None),
        };
        headers::secure(response.headers_mut());
        (response, session)
    }

    fn session(&self, request: &Request<Incoming>, kind: Kind, name: Option<&str>) -> Session {
        let (uri, headers) = (request.uri(), request.headers());
        let asked = Asked { kind, name, query: uri.query(), authority: uri.authority(), headers };
        Session::new(&self.shared, &asked, self.client(headers))
    }

    /// Everything that is no WebSocket.
    async fn answer(&self, request: &Request<Incoming>, route: &Route<'_>) -> Response<Body> {
        let (config, headers) = (&self.shared.config, request.headers());
        match route {
            Route::Upstream(..) => {
                let words = "This address is for WebSockets; open / for the web page.\n";
                text(StatusCode::UPGRADE_REQUIRED, words)
            }
            _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
                let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
                response
            }
            Route::Health => text(StatusCode::OK, "ok\n"),
            Route::Ready => ready(&self.shared),
            Route::Metrics if self.may_read_metrics(headers) => metrics(&self.shared),
            Route::Metrics => {
                let words = "The figures are for this machine; --metrics-from lets others in.\n";
                text(StatusCode::FORBIDDEN, words)
            }
            Route::Config => api::config(config),
            // Boxed, because a look-up's state is large and a connection's small.
            Route::Discover => {
                let client = self.client(headers).ip();
                Box::pin(api::discover(&self.shared, client, request.uri().query())).await
            }
            Route::Page(path) => page::respond(path, headers),
        }
    }

    fn client(&self, headers: &HeaderMap) -> SocketAddr {
        forwarded::client(self.ends, headers, &self.shared.config.trusted_peers)
    }

    fn may_read_metrics(&self, headers: &HeaderMap) -> bool {
        let client = self.client(headers);
        // A proxy that is not trusted may have passed it on for anyone.
        let passed_on = client == self.ends.peer
            && ["forwarded", "x-forwarded-for", "via"].iter().any(|name| headers.contains_key(*name));
        let address = client.ip().to_canonical();
        let ranges = &self.shared.config.metrics_from;
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
    // `serve` put an `S` in, so it comes out; bare, it needs neither hyper's buffers nor its wrapper.
    if let Ok(parts) = upgraded.downcast::<TokioIo<S>>() {
        session.run(parts.io.into_inner(), local, parts.read_buf).await;
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
    *response.body_mut() = Full::from(shared.metrics.render(&shared.gate, &shared.config.limits));
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
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
