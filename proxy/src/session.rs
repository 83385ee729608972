//! One WebSocket from its first byte to its last: refuse it or connect it, relay, and log how it went.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::HeaderMap;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::close::Reason;
use crate::config::{ClientTls, Config, Kind, Upstream};
use crate::limits::{Gate, Ticket};
use crate::origin;
use crate::upstream::{Connector, Opened, TlsEnd};
use crate::ws::{Relay, RelaySettings, Summary};

/// What all sessions share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) connector: Connector,
    pub(crate) gate: Arc<Gate>,
    pub(crate) stop: CancellationToken,
}

/// What a client asked for, as far as the request tells.
#[derive(Debug)]
pub(crate) struct Session {
    shared: Arc<Shared>,
    admission: Result<Admission, Reason>,
    peer: SocketAddr,
}

/// A client that may connect.
#[derive(Debug)]
struct Admission {
    /// Index into the configuration's upstreams.
    upstream: usize,
    end: TlsEnd,
    ticket: Ticket,
}

impl Session {
    /// Judges a request for an upstream. A refusal waits until there is a WebSocket to say it on.
    pub(crate) fn new(
        shared: &Arc<Shared>,
        (kind, name): (Kind, Option<&str>),
        query: Option<&str>,
        headers: &HeaderMap,
        peer: SocketAddr,
    ) -> Self {
        let admit = || {
            // The origin comes first: a page that may not connect learns nothing else.
            if !origin::is_allowed(headers, &shared.config.origins) {
                let origin = headers.get(hyper::header::ORIGIN);
                tracing::warn!(?origin, "page refused; allow it with --origin");
                return Err(Reason::OriginRefused);
            }
            let upstreams = &shared.config.upstreams;
            let is_it =
                |upstream: &Upstream| upstream.target.kind == kind && upstream.name.as_deref() == name;
            let upstream = upstreams.iter().position(is_it).ok_or(Reason::UnknownUpstream)?;
            let end = tls_end(query, upstreams[upstream].client_tls)?;
            let limit = upstreams[upstream].connections.map(NonZeroUsize::get);
            let ticket = shared.gate.enter(peer.ip(), upstream, limit)?;
            Ok(Admission { upstream, end, ticket })
        };
        Self { shared: Arc::clone(shared), admission: admit(), peer }
    }

    /// Runs the WebSocket whose handshake is done; `early` is what the client sent behind it.
    pub(crate) async fn run(self, client: TcpStream, early: &[u8]) {
        let Self { shared, admission, peer } = self;
        let (id, start) = (NEXT_ID.fetch_add(1, Ordering::Relaxed), Instant::now());
        let (upstream, end, mut ticket) = match admission {
            Ok(admission) => {
                let Admission { upstream, end, ticket } = admission;
                (Ok(&shared.config.upstreams[upstream]), end, Some(ticket))
            }
            Err(reason) => (Err(reason), TlsEnd::Proxy, None),
        };
        let name = upstream.map_or("-".to_owned(), Upstream::path);
        tracing::debug!(id, %peer, upstream = name, "open");
        let opened = match upstream {
            Ok(upstream) => shared.open(upstream, end).await,
            Err(reason) => Err(reason),
        };
        if let (Ok(_), Some(ticket)) = (&opened, &mut ticket) {
            ticket.open();
        }
        let summary = shared.relay(client, opened, early).await;
        tracing::info!(
            id,
            %peer,
            upstream = name,
            outcome = summary.reason.word(),
            up = summary.up,
            down = summary.down,
            seconds = start.elapsed().as_secs_f32(),
            "closed"
        );
    }
}

impl Shared {
    async fn open(&self, upstream: &Upstream, end: TlsEnd) -> Result<Opened, Reason> {
        // Boxed, because a handshake's state is large and a relay's small, and a task is as large as its largest.
        let opening = Box::pin(self.connector.open(&upstream.target, end));
        tokio::select! {
            opened = opening => opened,
            () = self.stop.cancelled() => Err(Reason::GoingAway),
        }
    }

    pub(crate) async fn relay(
        &self,
        client: TcpStream,
        opened: Result<Opened, Reason>,
        early: &[u8],
    ) -> Summary {
        let deadlines = self.config.deadlines;
        let (server, greeting, refusal) = match opened {
            Ok(Opened { stream, greeting }) => (stream, greeting, None),
            // A refusal is a relay to nowhere that ends at once.
            Err(reason) => (Box::new(tokio::io::empty()) as Box<_>, &b""[..], Some(reason)),
        };
        let mut relay = Relay::new(client, server, &RelaySettings { deadlines, early, greeting });
        if let Some(reason) = refusal {
            relay.end(reason);
        }
        relay.run(&self.stop).await
    }
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

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
