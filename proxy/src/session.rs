//! One WebSocket from its first byte to its last: refuse it or connect it, relay, and log how it went.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::http::uri::Authority;
use tokio::time::Instant;

use crate::close::Reason;
use crate::config::{ClientTls, Destination, Kind, Target};
use crate::limits::Ticket;
use crate::metrics::OpenConnection;
use crate::origin;
use crate::shared::Shared;
use crate::upstream::{Failure, TlsEnd};
use crate::ws::ClientStream;

/// What a client asked for, as far as the request tells.
#[derive(Debug)]
pub(crate) struct Session {
    shared: Arc<Shared>,
    /// Stands in every line that is logged about it.
    id: u64,
    admission: Result<Admission, Reason>,
    /// Where the client is, as far as is known.
    address: SocketAddr,
}

/// What a request says about the WebSocket that it wants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) kind: Kind,
    /// Behind the kind in the path.
    pub(crate) name: Option<&'a str>,
    pub(crate) query: Option<&'a str>,
    /// Where the client believes to be, if the request's target says so: always in HTTP/2, hardly ever in HTTP/1.1.
    pub(crate) authority: Option<&'a Authority>,
    pub(crate) headers: &'a HeaderMap,
}

/// A client that may connect.
#[derive(Debug)]
struct Admission {
    /// Index into the configuration's upstreams.
    upstream: usize,
    /// Which of its servers. Boxed, because a relay outlives it.
    target: Box<Target>,
    end: TlsEnd,
    ticket: Ticket,
}

impl Session {
    /// Judges a request for an upstream. A refusal waits until there is a WebSocket to say it on.
    pub(crate) fn new(shared: &Arc<Shared>, asked: &Asked<'_>, address: SocketAddr) -> Self {
        let Asked { kind, name, query, authority, headers } = *asked;
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let admit = || {
            // The origin comes first: a page that may not connect learns nothing else.
            if !origin::is_allowed(headers, authority, &shared.config.origins, shared.config.scheme()) {
                let origin = headers.get(hyper::header::ORIGIN);
                tracing::warn!(?origin, "page refused; allow it with --origin");
                return Err(Reason::OriginRefused);
            }
            let upstreams = &shared.config.upstreams;
            let (upstream, target) = shared.config.find(kind, name).ok_or(Reason::UnknownUpstream)?;
            let end = tls_end(query, upstreams[upstream].client_tls)?;
            let limit = upstreams[upstream].connections.map(NonZeroUsize::get);
            let path = shared.metrics.upstream(upstream).path();
            let ticket = shared.gate.enter(address.ip(), path, limit)?;
            Ok(Admission { upstream, target: Box::new(target), end, ticket })
        };
        let admission = span(id).in_scope(admit);
        Self { shared: Arc::clone(shared), id, admission, address }
    }

    /// Whether it may connect, and not only be told why it may not.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admission.is_ok()
    }

    /// Runs the WebSocket whose handshake is done. The client found us at `local`, and sent `early` behind its request.
    pub(crate) async fn run<C>(self, client: C, local: SocketAddr, early: Bytes)
    where
        C: ClientStream,
    {
        let Self { shared, id, admission, address } = self;
        let start = Instant::now();
        let name = admission
            .as_ref()
            .map_or("-".to_owned(), |admission| shared.config.upstreams[admission.upstream].path());
        tracing::debug!(id, client = %address, upstream = name, "open");
        // Held to the end, also if the server was not reached: a refusal takes a WebSocket, too.
        let (_ticket, opened, counted) = match admission {
            Err(reason) => {
                shared.metrics.refuse(None, reason);
                (None, Err(reason), None)
            }
            Ok(Admission { upstream, target, end, mut ticket }) => {
                let opened = shared.open(upstream, &target, end, Some((address, local))).await;
                let destination = &shared.config.upstreams[upstream].destination;
                let opened = opened.map_err(|failure| logged(id, destination, &target, &failure));
                let counted = match opened {
                    Ok(_) => {
                        ticket.open();
                        Some(shared.metrics.upstream(upstream).open(start.elapsed()))
                    }
                    Err(reason) => {
                        shared.metrics.refuse(Some(upstream), reason);
                        None
                    }
                };
                (Some(ticket), opened, counted)
            }
        };
        let traffic = counted.as_ref().map_or_else(Arc::default, OpenConnection::traffic);
        let summary = shared.relay(client, opened, early, &traffic).await;
        if let Some(connection) = counted {
            connection.end(summary.reason);
        }
        tracing::info!(
            id,
            client = %address,
            upstream = name,
            outcome = summary.reason.label(),
            up = summary.up,
            down = summary.down,
            seconds = start.elapsed().as_secs_f32(),
            "closed"
        );
    }
}

/// Logs why a server was not reached, and returns what its client is told. Which host of a pattern it was, somebody typed or
/// was found for an address: that is for who asks for it (`debug`).
fn logged(id: u64, destination: &Destination, target: &Target, failure: &Failure) -> Reason {
    let Failure { reason, step, detail } = failure;
    let _span = span(id).entered();
    let label = reason.label();
    if let (Destination::Pattern(pattern), true) = (destination, *reason != Reason::GoingAway) {
        tracing::info!(target = %pattern, reason = label, "{step}");
        tracing::debug!(%target, "{step}: {detail}");
        return *reason;
    }
    match reason {
        Reason::GoingAway => {}
        // The operator's to mend, or an attack.
        Reason::TargetRefused
        | Reason::StartTlsMissing
        | Reason::StartTlsRefused
        | Reason::OtherProtocol
        | Reason::TurnedAway
        | Reason::StartTlsInjected
        | Reason::Preauth => tracing::warn!(%target, reason = label, "{step}: {detail}"),
        _ => tracing::info!(%target, reason = label, "{step}: {detail}"),
    }
    *reason
}

fn tls_end(query: Option<&str>, client_tls: ClientTls) -> Result<TlsEnd, Reason> {
    match (query, client_tls) {
        (None, ClientTls::Forbid | ClientTls::Allow) => Ok(TlsEnd::Proxy),
        (None, ClientTls::Require) => Err(Reason::ClientTlsRequired),
        (Some("tls=client"), ClientTls::Allow | ClientTls::Require) => Ok(TlsEnd::Client),
        (Some("tls=client"), ClientTls::Forbid) => Err(Reason::ClientTlsForbidden),
        (Some(_), _) => Err(Reason::BadQuery),
    }
}

/// What is logged on the way to the server carries the connection's id. A relay logs nothing until its last line, so
/// an idle connection pays for no span.
fn span(id: u64) -> tracing::Span {
    tracing::error_span!("connection", id)
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
