//! Why the proxy can't start, and what the operator changes.

use std::io;

use crate::config::Listen;
use crate::listener::is_socket;
use crate::own_tls::IdentityError;
use crate::upstream::TlsError;

/// Why the proxy can't start. Whose fault: the operator's.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("can't listen on {address}: {source}; {hint}choose another with --listen", hint = why_not(.address, .source))]
    Listen {
        /// What was asked for.
        address: Listen,
        /// What the system said.
        source: io::Error,
    },
    /// What systemd passed on is of no use.
    #[error("the socket of systemd: {0}; see systemd.socket(5)")]
    Inherited(io::Error),
    /// An authority that can't be read.
    #[error(transparent)]
    Authority(#[from] TlsError),
    /// A certificate for browsers that is of no use.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// What was given for one server.
    #[error("upstream {upstream}: {source}")]
    Trust {
        /// Its path.
        upstream: String,
        /// What is wrong with its `tls` table.
        source: TlsError,
    },
}

/// What the system's words for a failed bind mean, if they don't say it.
fn why_not(address: &Listen, error: &io::Error) -> &'static str {
    match (error.kind(), address) {
        (io::ErrorKind::AddrInUse, Listen::Unix(path)) if !is_socket(path) => {
            "a file or folder of that name is there, and it is no socket; move it away, or "
        }
        (io::ErrorKind::NotFound, Listen::Unix(_)) => "the folder for it is not there; make it, or ",
        (io::ErrorKind::PermissionDenied, Listen::Unix(_)) => {
            "its folder is not ours to write in; change that, or "
        }
        (kind, _) => why_not_there(kind),
    }
}

fn why_not_there(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AddrInUse => "another program listens there (ss -ltnp tells which); end that one, or ",
        io::ErrorKind::PermissionDenied => {
            "a port below 1024 takes a right of its own: let systemd open it (deploy/systemd), or "
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address; ",
        _ => "",
    }
}
