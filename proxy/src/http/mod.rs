//! What the proxy says over HTTP: the page, `/healthz`, `/readyz`, `/metrics`, `/api/…`, and the upgrade to a WebSocket. RFC 9112.

mod api;
mod headers;
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
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::task::TaskTracker;

use crate::config::Kind;
use crate::forwarded;
use crate::session::{Session, Shared};
use crate::ws::handshake;

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

/// Serves one TCP connection until it ends or becomes a WebSocket, which then is a task of its own.
pub(crate) async fn serve<S>(stream: S, ends: Ends, shared: Arc<Shared>, tasks: TaskTracker)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| {
        let response = respond::<S>(request, ends, &shared, &tasks);
        async { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(shared.config.deadlines.request)
        .max_buf_size(MAX_HEAD)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        result = connection.as_mut() => log_end(result),
        () = shared.stop.cancelled() => {
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

fn respond<S>(
    mut request: Request<Incoming>,
    ends @ Ends { peer, local, .. }: Ends,
    shared: &Arc<Shared>,
    tasks: &TaskTracker,
) -> Response<Body>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let client = forwarded::client(ends, request.headers(), &shared.config.trusted_peers);
    let mut response = match route(request.uri().path()) {
        Route::Upstream(kind, name) if handshake::is_upgrade(&request) => {
            let name = name.map(str::to_owned);
            match handshake::accept(&request) {
                Ok(response) => {
                    let upstream = (kind, name.as_deref());
                    let session =
                        Session::new(shared, upstream, request.uri().query(), request.headers(), client);
                    tasks.spawn(relay::<S>(upgrade::on(&mut request), local, session));
                    response
                }
                Err(response) => response,
            }
        }
        Route::Upstream(..) => {
            text(StatusCode::UPGRADE_REQUIRED, "This address is for WebSockets; open / for the web page.\n")
        }
        _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
        Route::Health => text(StatusCode::OK, "ok\n"),
        Route::Ready => ready(shared),
        Route::Metrics if may_read_metrics(shared, peer, client, request.headers()) => metrics(shared),
        Route::Metrics => {
            text(StatusCode::FORBIDDEN, "The figures are for this machine; --metrics-from lets others in.\n")
        }
        Route::Config => api::config(&shared.config),
        Route::Discover => api::discover(&shared.config.upstreams, request.uri().query()),
        Route::Page(path) => page::respond(path, request.headers()),
    };
    headers::secure(response.headers_mut());
    response
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
    let (first, rest) = match path[1..].split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (&path[1..], None),
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
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
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
        session.run(parts.io.into_inner(), local, &parts.read_buf).await;
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

fn may_read_metrics(shared: &Shared, peer: SocketAddr, client: SocketAddr, headers: &HeaderMap) -> bool {
    // A proxy that is not trusted may have passed it on for anyone.
    let passed_on = client == peer
        && ["forwarded", "x-forwarded-for", "via"].iter().any(|name| headers.contains_key(*name));
    let address = client.ip().to_canonical();
    let ranges = &shared.config.metrics_from;
    let allowed = match ranges.is_empty() {
        true => address.is_loopback(),
        false => ranges.iter().any(|range| range.contains(address)),
    };
    allowed && !passed_on
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
const MAX_HEAD: usize = 16 * 1024;
