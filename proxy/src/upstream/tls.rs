//! TLS with the server: whom we trust, and what a failed handshake is called.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::connect;
use crate::close::Reason;
use crate::config::Target;

/// The authorities whose certificates we believe.
#[derive(Clone)]
pub(crate) struct TlsTrust(TlsConnector);

/// A `--ca-file` that is of no use. Whose fault: the operator's.
#[derive(Debug, thiserror::Error)]
#[error("--ca-file {file}: {why}; give a PEM file with at least one certificate", file = .file.display())]
pub struct TlsError {
    file: PathBuf,
    why: String,
}

impl TlsTrust {
    /// The system's authorities and those in `ca_files`.
    ///
    /// # Errors
    /// A file that can't be read or holds no certificate.
    pub(crate) fn load(ca_files: &[PathBuf]) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        for error in native.errors {
            tracing::warn!(%error, "a certificate of the system could not be read");
        }
        roots.add_parsable_certificates(native.certs);
        for file in ca_files {
            add_file(&mut roots, file).map_err(|why| TlsError { file: file.clone(), why })?;
        }
        if roots.is_empty() {
            tracing::warn!(
                "no certificate authorities: every server's certificate will be refused; see --ca-file"
            );
        }
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        // A ticket saves the server a signature when a page reconnects; a handful of servers need no large store.
        config.resumption = Resumption::in_memory_sessions(RESUMED_SESSIONS);
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Shakes hands over an open connection and verifies the name that the operator wrote. TLS 1.2 at least.
    pub(super) async fn handshake(
        &self,
        target: &Target,
        socket: TcpStream,
        deadline: Duration,
    ) -> Result<TlsStream<TcpStream>, Reason> {
        let handshake = self.0.connect_with(target.server_name(), socket, |connection| {
            // Encrypted bytes that the server does not take: the relay then holds the rest.
            connection.set_buffer_limit(Some(MAX_UNSENT));
        });
        match timeout(deadline, handshake).await {
            Err(_) => Err(Reason::HandshakeTimeout),
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => {
                tracing::info!(%target, %error, "TLS handshake failed");
                Err(why(&error))
            }
        }
    }
}

impl std::fmt::Debug for TlsTrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsTrust").finish_non_exhaustive()
    }
}

fn add_file(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
    let before = roots.len();
    for certificate in certificates {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.len() == before { Err("no certificate in it".to_owned()) } else { Ok(()) }
}

/// The word for a failed handshake.
fn why(error: &io::Error) -> Reason {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(certificate)) => why_certificate(certificate),
        Some(_) => Reason::TlsFailed,
        // The connection broke in the middle of it. To hang up is also how a server says that it speaks no TLS.
        None => match connect::why(error) {
            Reason::Reset if error.kind() != io::ErrorKind::UnexpectedEof => Reason::Reset,
            _ => Reason::TlsFailed,
        },
    }
}

fn why_certificate(error: &CertificateError) -> Reason {
    match error {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Reason::TlsName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Reason::TlsExpired,
        // Whatever else is wrong with it, nobody whom we trust vouches for it.
        _ => Reason::TlsUntrusted,
    }
}

const RESUMED_SESSIONS: usize = 64;
const MAX_UNSENT: usize = 32 * 1024;
