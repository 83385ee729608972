//! One WebSocket and one stream of bytes, tied together until both have ended.
//!
//! Two directions that wait for each other only in ending: the client's bytes go up, the server's go down. Each holds
//! one [`Buffer`] while the side it writes to is full, and reads nothing then, so a slow side slows the other and
//! memory stays bounded (wire.md, "Flow control"). It never looks at what it carries.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_util::sync::CancellationToken;

use super::buffer::{Buffer, Capacity};
use super::clock::{Alarm, Clock};
use super::frame::{Decoder, End, MAX_HEADER, close_frame, put_control, put_header};
use super::hang_up::{ClientStream, HangUp};
use crate::close::Reason;
use crate::config::Deadlines;
use crate::metrics::Traffic;

/// What a relay is told beside its two sides.
#[derive(Debug)]
pub(crate) struct RelaySettings<'a> {
    /// For pings, pongs and the drain.
    pub(crate) deadlines: Deadlines,
    /// What the client sent behind its upgrade request.
    pub(crate) early: &'a [u8],
    /// What the server's side begins with, written by the proxy.
    pub(crate) greeting: &'a [u8],
    /// How much of what the server sends is held.
    pub(crate) down: Capacity,
    /// Where bytes are counted as they pass.
    pub(crate) traffic: &'a Arc<Traffic>,
}

/// A relay in progress, between a client `C` that speaks WebSocket and a server `S` that speaks bytes.
#[derive(Debug)]
pub(crate) struct Relay<C, S> {
    client: C,
    server: S,
    decoder: Decoder,
    /// Payload for the server.
    up: Buffer,
    hearing: Hearing,
    server_side: ServerSide,
    /// Frames for the client.
    down: Buffer,
    telling: Telling,
    client_side: ClientSide,
    ping: Ping,
    clock: Clock,
    summary: Summary,
    traffic: Arc<Traffic>,
}

/// How it went, for the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    /// What the Close frame said or would have said.
    pub(crate) reason: Reason,
    /// Bytes to the server.
    pub(crate) up: u64,
    /// Bytes from the server.
    pub(crate) down: u64,
}

/// What we still take from the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hearing {
    /// Frames.
    Frames,
    /// Nothing, but its bytes are read away: closing a socket with unread bytes would cut off our Close frame.
    Deaf,
    /// It ended: by a Close frame, or without one.
    Over,
}

/// What we still tell the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerSide {
    Open,
    /// Bytes were written and may still lie in TLS's buffer.
    Unflushed,
    /// Our end is shut down, or the server takes no more.
    Over,
}

/// What we still tell the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// The server's bytes.
    Bytes,
    /// A Close frame, as soon as what came before it is out.
    Goodbye,
    /// Nothing: the Close frame is in `down` or out.
    Over,
    /// And our end of the client's TCP connection is shut down.
    Shut,
}

/// Whether the client has what we told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClientSide {
    Flushed,
    /// Bytes were written and may still lie in TLS's buffer.
    Unflushed,
}

/// Our own ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ping {
    None,
    Due,
    /// In `down`.
    OnItsWay,
}

/// Whether a relay goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

impl<C, S> Relay<C, S>
where
    C: ClientStream,
    S: AsyncRead + AsyncWrite + Unpin,
{
    pub(crate) fn new(client: C, server: S, settings: &RelaySettings<'_>) -> Self {
        let mut relay = Self {
            client,
            server,
            decoder: Decoder::new(MAX_MESSAGE),
            up: Buffer::new(Capacity::Segment),
            hearing: Hearing::Frames,
            server_side: ServerSide::Open,
            down: Buffer::new(settings.down),
            telling: Telling::Bytes,
            client_side: ClientSide::Flushed,
            ping: Ping::None,
            clock: Clock::new(settings.deadlines),
            summary: Summary { reason: Reason::Closed, up: 0, down: 0 },
            traffic: Arc::clone(settings.traffic),
        };
        if !settings.early.is_empty() {
            // The head of a request is at most 16 KiB, and so is what was read with it.
            relay.up.space()[..settings.early.len()].copy_from_slice(settings.early);
            relay.take_in(settings.early.len());
        }
        if !settings.greeting.is_empty() {
            relay.down.space()[MAX_HEADER..][..settings.greeting.len()].copy_from_slice(settings.greeting);
            relay.frame_down(settings.greeting.len());
        }
        relay
    }

    /// Carries bytes until both sides have ended, or until a deadline. When `stop` is cancelled the client is told to
    /// reconnect and the relay ends.
    pub(crate) async fn run(mut self, stop: &CancellationToken) -> Summary {
        let mut stopped = pin!(stop.cancelled());
        let mut stopping = false;
        poll_fn(|context| {
            if !stopping && stopped.as_mut().poll(context).is_ready() {
                stopping = true;
                self.end(Reason::GoingAway);
            }
            self.poll(context)
        })
        .await;
        self.summary
    }

    /// Says goodbye to the client with `reason`, once what is on its way to it is out. The first reason counts.
    pub(crate) fn end(&mut self, reason: Reason) {
        if self.telling == Telling::Bytes {
            self.telling = Telling::Goodbye;
            self.summary.reason = reason;
            self.clock.start_drain();
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let up = self.poll_up(context);
            let down = self.poll_down(context);
            match (up, down) {
                // An error on the client's side ends it all: there is nobody left to tell.
                (Poll::Ready(Err(_)), _) | (_, Poll::Ready(Err(_))) => return Poll::Ready(()),
                (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => return Poll::Ready(()),
                _ => {}
            }
            self.clock.watch(self.is_server_full(), self.is_client_full());
            let alarm = ready!(self.clock.poll(context));
            if self.ring(alarm) == Next::Stop {
                return Poll::Ready(());
            }
        }
    }

    /// Acts on what became due.
    fn ring(&mut self, alarm: Alarm) -> Next {
        match alarm {
            Alarm::Ping => self.ping = Ping::Due,
            // It is we who do not read, since the server is full.
            Alarm::NoPong if self.is_server_full() => self.clock.await_pong(),
            Alarm::NoPong => self.end(Reason::Idle),
            Alarm::Look => match self.client.hang_up() {
                HangUp::None => {}
                // The server may still take what the client sent before.
                HangUp::Finished => self.clock.start_drain(),
                HangUp::Gone => return Next::Stop,
            },
            // The client is read again, and what it sent is dropped: its Close frame or its end may stand behind it.
            Alarm::ServerStalled => {
                self.end(Reason::Stalled);
                self.clock.hurry_drain();
                self.lose_server();
            }
            // No Close frame reaches who takes nothing.
            Alarm::ClientStalled => {
                self.end(Reason::Idle);
                return Next::Stop;
            }
            // The server goes on after the client's Close, or takes nothing more: the client still gets ours.
            Alarm::DrainOver if self.telling == Telling::Bytes => {
                self.end(Reason::Closed);
                self.clock.hurry_drain();
                self.lose_server();
            }
            Alarm::DrainOver => return Next::Stop,
        }
        Next::GoOn
    }

    /// Client to server. Ready when the client has ended and the server was told.
    fn poll_up(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_server_write(context));
            if self.hearing != Hearing::Frames && self.server_side != ServerSide::Over {
                // A shutdown that fails says that the server is gone, which the other direction sees too.
                let _ = ready!(Pin::new(&mut self.server).poll_shutdown(context));
                self.server_side = ServerSide::Over;
            }
            if self.hearing == Hearing::Over {
                return Poll::Ready(Ok(()));
            }
            let count = ready!(self.up.poll_read(0, &mut self.client, context))?;
            self.take_in(count);
        }
    }

    /// Ready when nothing for the server is left, be it because the server takes no more.
    fn poll_server_write(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.up.is_empty() {
            match ready!(Pin::new(&mut self.server).poll_write(context, self.up.filled())) {
                Ok(count) if count > 0 => {
                    self.up.consume(count);
                    self.clock.server_took();
                    self.summary.up += count as u64;
                    self.traffic.up.fetch_add(count as u64, Ordering::Relaxed);
                    self.server_side = ServerSide::Unflushed;
                }
                Ok(_) | Err(_) => self.lose_server(),
            }
        }
        if self.server_side == ServerSide::Unflushed {
            match ready!(Pin::new(&mut self.server).poll_flush(context)) {
                Ok(()) => self.server_side = ServerSide::Open,
                Err(_) => self.lose_server(),
            }
        }
        self.clock.server_is_free();
        Poll::Ready(())
    }

    /// The server takes no more bytes. Why it ended shows where it is read.
    fn lose_server(&mut self) {
        self.up.clear();
        self.server_side = ServerSide::Over;
    }

    /// Whether the server is full, so that we do not read the client's pongs.
    fn is_server_full(&self) -> bool {
        !self.up.is_empty() || self.server_side == ServerSide::Unflushed
    }

    /// Whether the client is full, so that we neither read the server nor ping the client.
    fn is_client_full(&self) -> bool {
        !self.down.is_empty() || self.client_side == ClientSide::Unflushed
    }

    /// Makes something of `count` bytes that the client sent and that stand in `up`.
    fn take_in(&mut self, count: usize) {
        if count == 0 {
            self.hearing = Hearing::Over;
            self.clock.start_drain();
            return;
        }
        if self.hearing == Hearing::Deaf {
            self.up.clear();
            return;
        }
        self.clock.heard();
        let decoded = self.decoder.decode(&mut self.up.space()[..count]);
        self.up.fill(if self.server_side == ServerSide::Over { 0..0 } else { decoded.data });
        match decoded.end {
            None => {}
            Some(End::Closed) => {
                self.hearing = Hearing::Over;
                self.clock.start_drain();
            }
            Some(End::Refused(reason)) => {
                self.hearing = Hearing::Deaf;
                self.end(reason);
            }
        }
    }

    /// Server to client. Ready when our Close frame is out.
    fn poll_down(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_client_write(context))?;
            // Between two frames: what is most urgent comes first.
            match self.telling {
                Telling::Bytes | Telling::Goodbye if self.decoder.has_pongs() => {
                    let pongs = self.decoder.take_pongs();
                    self.tell(&pongs);
                }
                Telling::Bytes if self.ping == Ping::Due => {
                    self.tell_control(Frame::ping(""));
                    self.ping = Ping::OnItsWay;
                }
                Telling::Bytes => match ready!(self.down.poll_read(MAX_HEADER, &mut self.server, context)) {
                    Ok(0) => self.end(Reason::Closed),
                    Ok(count) => self.frame_down(count),
                    Err(_) => self.end(Reason::Reset),
                },
                Telling::Goodbye => {
                    self.tell_control(close_frame(self.summary.reason));
                    self.telling = Telling::Over;
                }
                Telling::Over if self.hearing == Hearing::Deaf => {
                    ready!(Pin::new(&mut self.client).poll_shutdown(context))?;
                    self.telling = Telling::Shut;
                }
                Telling::Over | Telling::Shut => return Poll::Ready(Ok(())),
            }
        }
    }

    fn poll_client_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.down.is_empty() {
            let count = ready!(Pin::new(&mut self.client).poll_write(context, self.down.filled()))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.down.consume(count);
            self.client_side = ClientSide::Unflushed;
            self.clock.client_took();
        }
        ready!(Pin::new(&mut self.client).poll_flush(context))?;
        self.client_side = ClientSide::Flushed;
        self.clock.client_took();
        if self.ping == Ping::OnItsWay {
            // Counted from here, not from when it was due: behind a client that does not read it waits.
            self.ping = Ping::None;
            self.clock.await_pong();
        }
        Poll::Ready(Ok(()))
    }

    /// Puts a header before the `count` bytes of payload that stand in `down`.
    fn frame_down(&mut self, count: usize) {
        let payload = MAX_HEADER..MAX_HEADER + count;
        let start = put_header(self.down.space(), payload.clone());
        self.down.fill(start..payload.end);
        self.summary.down += count as u64;
        self.traffic.down.fetch_add(count as u64, Ordering::Relaxed);
    }

    fn tell_control(&mut self, frame: Frame) {
        let mut bytes = Vec::new();
        put_control(&mut bytes, frame);
        self.tell(&bytes);
    }

    fn tell(&mut self, frames: &[u8]) {
        self.down.space()[..frames.len()].copy_from_slice(frames);
        self.down.fill(0..frames.len());
    }
}

/// The largest frame and message that a client may send (security.md P8).
const MAX_MESSAGE: u64 = 1024 * 1024;

#[cfg(test)]
mod tests;
