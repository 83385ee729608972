//! HTTP/2: many requests, and many a WebSocket (RFC 8441), over one TCP connection. RFC 9113.
//!
//! What a peer may make us hold is bounded by the windows below: a stream's is as large as a relay's buffer, so a
//! stalled server costs what it costs over HTTP/1.1. hyper 1.12 is the first whose upgraded streams wait for the
//! peer's window; older ones held all that a client did not read.

use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::task::TaskTracker;

use super::{MAX_HEAD, Responder, log_end};
use crate::config::Deadlines;
use crate::limits::RequestTicket;
use crate::ws::{ClientStream, HangUp};

/// What the streams of one connection share. Each that is being served holds an [`Arc`] of it.
#[derive(Debug)]
pub(super) struct Streams {
    /// Given up when the first WebSocket is let in: from then on it is that which counts.
    ticket: Mutex<Option<RequestTicket>>,
    /// How many there were.
    started: AtomicU64,
}

impl Streams {
    /// A WebSocket of this connection counts as one.
    pub(super) fn release_ticket(&self) {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Serves one TCP connection until it ends, or until nothing was asked on it for a while.
pub(super) async fn serve<S>(stream: S, responder: Responder, ticket: RequestTicket)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (deadlines, stop) = responder.limits();
    let streams = Arc::new(Streams { ticket: Mutex::new(Some(ticket)), started: AtomicU64::new(0) });
    let connection = {
        let (streams, tasks) = (Arc::clone(&streams), responder.tasks.clone());
        let responder = Arc::new(responder);
        let service = service_fn(move |request| {
            streams.started.fetch_add(1, Ordering::Relaxed);
            let (responder, streams) = (Arc::clone(&responder), Arc::clone(&streams));
            async move { responder.respond_http2(request, streams).await }
        });
        builder(tasks, deadlines).serve_connection(TokioIo::new(stream), service)
    };
    let mut connection = pin!(connection);
    // Two looks without a stream in between are a connection that is not used. That is also one whose preface or
    // headers never come whole.
    let mut looks = interval(deadlines.request);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = None;
    loop {
        tokio::select! {
            result = connection.as_mut() => return log_end(result),
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                return log_end(connection.await);
            }
            _ = looks.tick() => {
                let started = Some(streams.started.load(Ordering::Relaxed));
                // The service holds one, and so do we.
                if Arc::strong_count(&streams) == 2 && started == seen {
                    break;
                }
                seen = started;
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    // One that never began can't be ended gracefully.
    if let Ok(result) = timeout(deadlines.request, connection).await {
        log_end(result);
    }
}

fn builder(tasks: TaskTracker, deadlines: Deadlines) -> http2::Builder<Spawner> {
    let mut builder = http2::Builder::new(Spawner(tasks));
    builder
        .timer(TokioTimer::new())
        .enable_connect_protocol()
        .max_header_list_size(MAX_HEAD)
        .max_concurrent_streams(MAX_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(MAX_STREAMS * STREAM_WINDOW)
        .max_send_buf_size(MAX_UNSENT)
        // For a peer that is gone without a word; what a WebSocket's own pings tell comes sooner.
        .keep_alive_interval(deadlines.ping)
        .keep_alive_timeout(deadlines.pong);
    builder
}

/// Hands a relay's bytes on in pieces: between a relay and the peer's window hyper holds up to three writes.
#[derive(Debug)]
pub(super) struct Pieces<T>(pub(super) T);

impl<T: AsyncRead + Unpin> AsyncRead for Pieces<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        space: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, space)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Pieces<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, &bytes[..bytes.len().min(PIECE)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// hyper reports a reset stream and a broken connection to whoever flushes, which a relay does each time it looks. That
/// the client ended the stream in order it says only behind what is still unread.
impl<T: AsyncRead + AsyncWrite + Unpin> ClientStream for Pieces<T> {
    fn hang_up(&self) -> HangUp {
        HangUp::None
    }
}

/// Runs a connection's streams where the drain waits for them.
#[derive(Clone, Debug)]
struct Spawner(TaskTracker);

impl<F: Future<Output: Send> + Send + 'static> Executor<F> for Spawner {
    fn execute(&self, future: F) {
        self.0.spawn(future);
    }
}

/// A page, its workers and its downloads need a dozen.
const MAX_STREAMS: u32 = 64;

/// All that a peer may send on one stream before it is read.
const STREAM_WINDOW: u32 = 64 * 1024;

/// What waits in one stream for the peer's window.
const MAX_UNSENT: usize = 32 * 1024;

/// The largest frame that every peer takes (RFC 9113 section 6.5.2).
const PIECE: usize = 16 * 1024;
