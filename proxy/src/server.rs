//! Hands each connection that comes in to HTTP, and drains when it is told to stop.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::ends::{Ends, Version};
use crate::limits::RequestTicket;
use crate::listener::{Accepted, Listener};
use crate::reload::Reloader;
use crate::shared::{Current, Kept, prepare};
pub use crate::start_error::StartError;
use crate::ws::ClientStream;
use crate::{forwarded, http, proxy_protocol};

/// A proxy that listens and does not yet accept.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    current: Arc<Current>,
}

impl Server {
    /// Reads the files that the configuration names and opens the port. Looks up no name: a mail server may come later.
    ///
    /// # Errors
    /// What the operator must change.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        let listen_error = |source| StartError::Listen { address: config.listen.clone(), source };
        let listener = Listener::bind(&config.listen).await.map_err(listen_error)?;
        Self::with(config, listener)
    }

    /// The same on a socket that is open already; the configuration's own is left alone.
    ///
    /// # Errors
    /// What the operator must change.
    pub fn with(config: Config, listener: Listener) -> Result<Self, StartError> {
        let kept = Kept::new(&config);
        let shared = prepare(config, kept)?;
        shared.log_upstreams();
        Ok(Self { listener, current: Current::new(shared) })
    }

    /// For a configuration that changes while it runs.
    pub fn reloader(&self) -> Reloader {
        Reloader(Arc::clone(&self.current))
    }

    /// Where it listens, with the port that the system chose if 0 was asked for; `None` for a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.address()
    }

    /// Where a browser on this machine finds the page, or the Unix socket where a reverse proxy finds it.
    pub fn url(&self) -> String {
        match self.address() {
            Some(address) => format!("{}://{address}", self.current.get().config.scheme()),
            None => self.listener.to_string(),
        }
    }

    /// Serves until `stop` is cancelled, and after that for the notice that the configuration gives; then accepts
    /// nothing more, tells every client to reconnect (1001), and returns when all have gone, or at the shutdown
    /// deadline.
    pub async fn run(self, stop: CancellationToken) {
        let Self { listener, current } = self;
        let tasks = TaskTracker::new();
        let mut closing = pin!(async {
            stop.cancelled().await;
            let shared = current.get();
            shared.draining.store(true, Ordering::Relaxed);
            sleep(shared.config.deadlines.notice).await;
        });
        // The first tick is at once.
        let mut expiry = interval(WARN_EVERY);
        loop {
            tokio::select! {
                () = &mut closing => break,
                _ = expiry.tick() => {
                    if let Some(tls) = &current.get().own_tls {
                        tls.warn_of_expiry();
                    }
                }
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => serve(accepted, &current, &tasks),
                    Err(error) => {
                        // Out of descriptors, most likely: those who are in stay, and some of them will leave.
                        tracing::error!(%error, "accept failed");
                        sleep(PAUSE_AFTER_FAILURE).await;
                    }
                },
            }
        }
        drop(listener);
        let shared = current.get();
        shared.stop.cancel();
        tasks.close();
        let remaining = tasks.len();
        tracing::info!(remaining, "draining");
        if timeout(shared.config.deadlines.shutdown, tasks.wait()).await.is_err() {
            tracing::warn!(remaining = tasks.len(), "the drain took too long; those that remain are cut");
        }
    }
}

/// Each connection is a task of its own: a panic in one is logged by the runtime and touches no other.
fn serve(accepted: Accepted, current: &Arc<Current>, tasks: &TaskTracker) {
    let shared = current.get();
    let config = &shared.config;
    let peer = match &accepted {
        Accepted::Tcp(_, peer) => *peer,
        Accepted::Unix(_) => NOWHERE,
    };
    let is_of = |ranges| forwarded::is_trusted(peer.ip(), ranges);
    let unix = matches!(accepted, Accepted::Unix(_));
    let (trusted, announces) =
        (unix || is_of(&config.trusted_peers), !unix && is_of(&config.proxy_protocol_from));
    let client = (!announces && !trusted).then(|| peer.ip());
    let Some(ticket) = shared.gate.enter_request(client) else {
        // Nothing was read yet, and to answer costs more than to hang up.
        tracing::debug!(%peer, "too many HTTP connections");
        shared.metrics.requests_refused.fetch_add(1, Ordering::Relaxed);
        return;
    };
    let (current, all_tasks) = (Arc::clone(current), tasks.clone());
    drop(shared);
    tasks.spawn(async move {
        let ends = Ends { peer, local: NOWHERE, trusted };
        let served = match accepted {
            Accepted::Tcp(socket, _) => {
                let _ = socket.set_nodelay(true);
                let local = socket.local_addr().unwrap_or(NOWHERE);
                greet(socket, Ends { local, ..ends }, announces, ticket, current, all_tasks).await
            }
            Accepted::Unix(socket) => greet(socket, ends, announces, ticket, current, all_tasks).await,
        };
        if let Err(error) = served {
            tracing::debug!(%peer, %error, "HTTP did not begin");
        }
    });
}

/// What comes before HTTP: a load balancer's word on who the client is, then TLS.
async fn greet<S>(
    mut socket: S,
    mut ends: Ends,
    announces: bool,
    ticket: RequestTicket,
    current: Arc<Current>,
    tasks: TaskTracker,
) -> io::Result<()>
where
    S: ClientStream + Send + 'static,
{
    let shared = current.get();
    let deadline = shared.config.deadlines.request;
    if announces {
        let client = timeout(deadline, proxy_protocol::read(&mut socket)).await??;
        ends.peer = client.unwrap_or(ends.peer);
    }
    match &shared.own_tls {
        // Boxed, because a handshake's state is large, and a task is as large as its largest.
        Some(tls) => {
            let (stream, version) = Box::pin(tls.accept(socket, deadline)).await?;
            drop(shared);
            http::serve(stream, version, ends, ticket, current, tasks).await;
        }
        None => {
            drop(shared);
            http::serve(socket, Version::One, ends, ticket, current, tasks).await;
        }
    }
    Ok(())
}

/// A Unix socket's end, which has no address.
const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How often it is said that the certificate expires soon.
const WARN_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Bytes;
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};
    use tokio::net::TcpStream;

    use super::*;
    use crate::upstream::Opened;

    /// A server's stream of which the first read panics, as if a bug were met there.
    struct Panics(DuplexStream);

    impl AsyncRead for Panics {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            panic!("a bug in one connection");
        }
    }

    impl AsyncWrite for Panics {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, bytes)
        }
        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }
        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }

    #[tokio::test]
    async fn a_panic_in_one_connection_touches_no_other() {
        let arguments = ["postern", "--listen", "127.0.0.1:0", "--imap", "imaps://mail.example.com"];
        let server = Server::bind(Config::from_arguments(arguments).unwrap()).await.unwrap();
        let (address, shared, tasks) = (server.address().unwrap(), server.current.get(), TaskTracker::new());
        let connect = async || {
            let client = TcpStream::connect(address).await.unwrap();
            let Accepted::Tcp(socket, peer) = server.listener.accept().await.unwrap() else { panic!() };
            (client, (socket, peer))
        };
        let relay = |socket, peer: SocketAddr, opened| {
            let (shared, ticket) =
                (Arc::clone(&shared), shared.gate.enter(peer.ip(), &"imap".into(), None).unwrap());
            tasks.spawn(async move {
                shared.relay(socket, Ok(opened), Bytes::new(), &Arc::default()).await;
                drop(ticket);
            })
        };
        let (mut good_client, (socket, peer)) = connect().await;
        let (mut far, near) = duplex(64);
        let good = relay(socket, peer, Opened::bare(near));
        let (mut bad_client, (socket, peer)) = connect().await;
        let bad = relay(socket, peer, Opened::bare(Panics(duplex(64).0)));

        assert!(bad.await.unwrap_err().is_panic());
        // Its socket is closed and its place free; the other one still carries bytes.
        assert_eq!(bad_client.read(&mut [0; 8]).await.unwrap(), 0);
        assert_eq!(shared.gate.relays(), 1);
        far.write_all(b"* OK\r\n").await.unwrap();
        let mut frame = [0; 8];
        good_client.read_exact(&mut frame).await.unwrap();
        assert_eq!(&frame, b"\x82\x06* OK\r\n");
        assert!(!good.is_finished());
    }
}
