//! What all connections share: what one configuration makes of itself, and what outlives it.

use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use hyper::body::Bytes;
use hyper::header::HeaderValue;
use tokio_util::sync::CancellationToken;

use crate::close::Reason;
use crate::config::{Config, Target, TlsSettings, Upstream};
use crate::discover::{Finder, Nameserver};
use crate::limits::Gate;
use crate::metrics::{Metrics, Traffic};
use crate::own_tls::OwnTls;
use crate::proxy_protocol;
use crate::start_error::StartError;
use crate::upstream::{Authorities, Connector, Failure, Opened, ServerTls, TlsEnd};
use crate::ws::{ClientStream, Relay, RelaySettings, Summary};

/// What all sessions share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) connector: Arc<Connector>,
    pub(crate) finder: Finder,
    /// Whom is believed with every server.
    pub(crate) authorities: Authorities,
    /// By the upstream's index.
    pub(crate) server_tls: Vec<ServerTls>,
    /// With browsers; `None` if a reverse proxy does TLS or nobody.
    pub(crate) own_tls: Option<OwnTls>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) metrics: Metrics,
    /// It will stop soon: nobody new should come.
    pub(crate) draining: Arc<AtomicBool>,
    pub(crate) stop: CancellationToken,
}

/// What a request that comes in now is served by.
#[derive(Debug)]
pub(crate) struct Current(RwLock<Arc<Shared>>);

impl Current {
    pub(crate) fn new(shared: Shared) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(shared))))
    }

    /// The newest. What began with an older one keeps it.
    pub(crate) fn get(&self) -> Arc<Shared> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What begins from here on is served by this one.
    pub(crate) fn set(&self, shared: Shared) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shared);
    }
}

impl Shared {
    /// What `/metrics` says.
    pub(crate) fn figures(&self) -> String {
        self.metrics.render(&self.gate, &self.config.limits, self.own_tls.as_ref())
    }

    /// For a browser that came over our own TLS: that it is never to come without (RFC 6797).
    pub(crate) fn strict_transport_security(&self) -> Option<HeaderValue> {
        let days = self.own_tls.as_ref().map_or(0, |_| self.config.hsts_days);
        let value = format!("max-age={}", u64::from(days) * 24 * 60 * 60);
        (days > 0).then(|| HeaderValue::try_from(value).ok()).flatten()
    }

    pub(crate) fn log_upstreams(&self) {
        for upstream in &self.config.upstreams {
            tracing::info!(path = %upstream.path(), target = %upstream.destination, "upstream");
        }
    }

    /// Connects to a server of an upstream. One that wants to know for whom is told that, or that it is for nobody.
    pub(crate) async fn open(
        &self,
        index: usize,
        target: &Target,
        end: TlsEnd,
        client: Option<(SocketAddr, SocketAddr)>,
    ) -> Result<Opened, Failure> {
        let first = if self.config.upstreams[index].proxy_protocol {
            proxy_protocol::header(client)
        } else {
            Vec::new()
        };
        // Boxed, because a handshake's state is large and a relay's small, and a task is as large as its largest.
        let opening = Box::pin(self.connector.open(target, &self.server_tls[index], end, &first));
        tokio::select! {
            opened = opening => opened,
            () = self.stop.cancelled() => Err(Failure {
                reason: Reason::GoingAway,
                step: "connect ended",
                detail: "the proxy stops".into(),
            }),
        }
    }

    pub(crate) async fn relay<C>(
        &self,
        client: C,
        opened: Result<Opened, Reason>,
        early: Bytes,
        traffic: &Arc<Traffic>,
    ) -> Summary
    where
        C: ClientStream,
    {
        let deadlines = self.config.deadlines;
        let (opened, refusal) = match opened {
            Ok(opened) => (opened, None),
            // A refusal is a relay to nowhere that ends at once.
            Err(reason) => (Opened::bare(tokio::io::empty()), Some(reason)),
        };
        let Opened { stream, greeting, capacity } = opened;
        let settings = RelaySettings { deadlines, early: &early, greeting, down: capacity, traffic };
        let mut relay = Relay::new(client, stream, &settings);
        // It would hold hyper's buffer for as long as the relay runs.
        drop(early);
        if let Some(reason) = refusal {
            relay.end(reason);
        }
        relay.run(&self.stop).await
    }
}

/// What outlives a configuration.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) gate: Arc<Gate>,
    pub(crate) metrics: Metrics,
    pub(crate) draining: Arc<AtomicBool>,
    pub(crate) stop: CancellationToken,
}

impl Kept {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            gate: Gate::new(config.limits),
            metrics: Metrics::new(&config.upstreams),
            draining: Arc::default(),
            stop: CancellationToken::new(),
        }
    }
}

/// All that a proxy needs but a port.
///
/// # Errors
/// What the operator must change: authorities or a certificate that are of no use.
pub(crate) fn prepare(config: Config, kept: Kept) -> Result<Shared, StartError> {
    let Kept { gate, metrics, draining, stop } = kept;
    let authorities = Authorities::load(&config.ca_files)?;
    let of_upstream = |upstream: &Upstream| {
        let trouble = |source| StartError::Trust { upstream: upstream.path(), source };
        authorities.for_server(&upstream.tls).map_err(trouble)
    };
    let connector = Arc::new(Connector {
        allowed_addresses: config.allowed_addresses.clone(),
        deadlines: config.deadlines,
    });
    let finder = Finder::new(
        config.discover.clone(),
        config.nameserver.map_or_else(Nameserver::of_system, Nameserver),
        Arc::clone(&connector),
        authorities.for_server(&TlsSettings::default())?,
        config.deadlines.discover,
    );
    Ok(Shared {
        connector,
        finder,
        server_tls: config.upstreams.iter().map(of_upstream).collect::<Result<_, _>>()?,
        own_tls: config.identity.clone().map(OwnTls::load).transpose()?,
        gate,
        metrics,
        draining,
        stop,
        authorities,
        config,
    })
}
