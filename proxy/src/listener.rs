//! Where browsers, or the reverse proxy before us, come in: a port, a Unix socket, or what systemd already opened.

use std::fmt;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use crate::config::Listen;

/// A socket that listens.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    place: Place,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Where it listens, in words that the system chose.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Port(SocketAddr),
    /// Ours to remove when we stop.
    Path(PathBuf),
    /// Opened by systemd, and its to remove.
    Inherited,
}

/// A connection that came in.
#[derive(Debug)]
pub(crate) enum Accepted {
    Tcp(TcpStream, SocketAddr),
    Unix(UnixStream),
}

impl Listener {
    /// Opens what the operator asked for.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Address(address) => Self::of_tcp(TcpListener::bind(address).await?),
            Listen::Unix(path) => {
                remove_dead(path)?;
                Ok(Self { socket: Socket::Unix(UnixListener::bind(path)?), place: Place::Path(path.clone()) })
            }
        }
    }

    /// What systemd opened for this process (`sd_listen_fds(3)`), if it did: the first socket of its `.socket` unit.
    /// Must be called in a tokio runtime.
    ///
    /// # Errors
    /// A socket that is neither TCP nor a Unix stream, or more than one.
    pub fn from_systemd() -> io::Result<Option<Self>> {
        let mut inherited = ListenFd::from_env();
        match inherited.len() {
            0 => return Ok(None),
            1 => {}
            _ => {
                return Err(io::Error::other(
                    "more than one socket; write one Listen…= into the .socket unit",
                ));
            }
        }
        if let Ok(Some(socket)) = inherited.take_tcp_listener(0) {
            socket.set_nonblocking(true)?;
            return Self::of_tcp(TcpListener::from_std(socket)?).map(Some);
        }
        let Some(socket) = inherited.take_unix_listener(0)? else { return Ok(None) };
        socket.set_nonblocking(true)?;
        Ok(Some(Self { socket: Socket::Unix(UnixListener::from_std(socket)?), place: Place::Inherited }))
    }

    fn of_tcp(socket: TcpListener) -> io::Result<Self> {
        let place = Place::Port(socket.local_addr()?);
        Ok(Self { socket: Socket::Tcp(socket), place })
    }

    /// The address, with the port that the system chose; `None` for a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        match self.place {
            Place::Port(address) => Some(address),
            Place::Path(_) | Place::Inherited => None,
        }
    }

    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        match &self.socket {
            Socket::Tcp(socket) => socket.accept().await.map(|(stream, peer)| Accepted::Tcp(stream, peer)),
            Socket::Unix(socket) => socket.accept().await.map(|(stream, _)| Accepted::Unix(stream)),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Place::Path(path) = &self.place {
            let _ = fs::remove_file(path);
        }
    }
}

/// `127.0.0.1:8080` or `unix:/run/postern.sock`.
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Port(address) => address.fmt(f),
            Place::Path(path) => write!(f, "unix:{}", path.display()),
            Place::Inherited => f.write_str("unix socket of systemd"),
        }
    }
}

/// Removes what a process left behind that was killed. A socket on which somebody listens stays, and so does what is no
/// socket, which refuses a connection too.
fn remove_dead(path: &Path) -> io::Result<()> {
    let is_socket = is_socket(path);
    match StdUnixStream::connect(path) {
        Err(error) if is_socket && error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        _ => Ok(()),
    }
}

pub(crate) fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_socket_stays() {
        let path = std::env::temp_dir().join(format!("postern-{}-file", std::process::id()));
        fs::write(&path, "mine").unwrap();
        let error = Listener::bind(&Listen::Unix(path.clone())).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(&path).unwrap();
    }
}
