//! Whether a client has gone, found out without reading what it sent.
//!
//! While a server takes nothing the relay reads nothing from the client, so neither its FIN nor a Close frame behind unread
//! bytes is seen. The system knows of the FIN and the RST all the same (`POLLRDHUP` of `poll(2)`).

use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::server::TlsStream;

/// What is known of the client's end of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HangUp {
    /// It may still be there.
    None,
    /// It sends nothing more than what already came (FIN).
    Finished,
    /// It neither sends nor reads (RST).
    Gone,
}

/// A client's side of a relay.
pub(crate) trait ClientStream: AsyncRead + AsyncWrite + Unpin {
    /// Looks, without waiting and without reading.
    fn hang_up(&self) -> HangUp;
}

impl ClientStream for TcpStream {
    fn hang_up(&self) -> HangUp {
        of_descriptor(self)
    }
}

impl ClientStream for UnixStream {
    fn hang_up(&self) -> HangUp {
        of_descriptor(self)
    }
}

impl<S: ClientStream> ClientStream for TlsStream<S> {
    fn hang_up(&self) -> HangUp {
        self.get_ref().0.hang_up()
    }
}

fn of_descriptor(socket: &impl AsFd) -> HangUp {
    // An error and a hang-up of both directions are reported unasked.
    let mut polled = [PollFd::new(socket, PollFlags::RDHUP)];
    if poll(&mut polled, Some(&Timespec::default())).is_err() {
        return HangUp::None;
    }
    let events = polled[0].revents();
    if events.intersects(PollFlags::ERR | PollFlags::NVAL) {
        HangUp::Gone
    // A Unix socket that was closed has both ends down; what it sent before may still be wanted.
    } else if events.intersects(PollFlags::RDHUP | PollFlags::HUP) {
        HangUp::Finished
    } else {
        HangUp::None
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    /// Bytes that nobody has read wait before each end.
    #[tokio::test]
    async fn an_end_is_seen_behind_unread_bytes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connect = async || {
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            client.write_all(b"unread").await.unwrap();
            (client, listener.accept().await.unwrap().0)
        };
        let (mut client, socket) = connect().await;
        assert_eq!(socket.hang_up(), HangUp::None);
        client.shutdown().await.unwrap();
        while socket.hang_up() != HangUp::Finished {
            tokio::task::yield_now().await;
        }
        let (client, socket) = connect().await;
        client.set_zero_linger().unwrap();
        drop(client);
        while socket.hang_up() != HangUp::Gone {
            tokio::task::yield_now().await;
        }
    }
}
