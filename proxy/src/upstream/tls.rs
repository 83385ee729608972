//! TLS with the server: whom we trust, and what a failed handshake is called.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Failure, connect};
use crate::certificate;
use crate::close::Reason;
use crate::config::{Target, TlsSettings, TlsVersion, pem};

/// The authorities whose certificates we believe, whatever the server.
#[derive(Debug)]
pub(crate) struct Authorities(Arc<RootCertStore>);

/// TLS with one server.
#[derive(Clone)]
pub(crate) struct ServerTls(TlsConnector);

/// A file that is of no use. Whose fault: the operator's.
#[derive(Debug, thiserror::Error)]
#[error("{setting} {file}: {why}", file = .file.display())]
pub struct TlsError {
    setting: &'static str,
    file: PathBuf,
    why: String,
}

impl Authorities {
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
        add_files(&mut roots, "--ca-file", ca_files)?;
        Ok(Self(Arc::new(roots)))
    }

    /// How TLS is spoken with a server of these settings.
    ///
    /// # Errors
    /// A file that can't be read or holds something else.
    pub(crate) fn for_server(&self, settings: &TlsSettings) -> Result<ServerTls, TlsError> {
        let versions: &[_] = match settings.min_version {
            TlsVersion::V1_2 => rustls::ALL_VERSIONS,
            TlsVersion::V1_3 => &[&rustls::version::TLS13],
        };
        let builder = ClientConfig::builder_with_protocol_versions(versions);
        let builder = match &settings.pinned_certificate {
            Some(file) => {
                let certificate = certificates("pinned_certificate", file)?.swap_remove(0);
                let pin = Arc::new(Pin { certificate, provider: ring::default_provider() });
                builder.dangerous().with_custom_certificate_verifier(pin)
            }
            None => builder.with_root_certificates(self.with(&settings.ca_files)?),
        };
        let mut config = match (&settings.client_certificate, &settings.client_key) {
            (Some(certificate), Some(key)) => {
                let chain = certificates("client_certificate", certificate)?;
                let wrong = |why| TlsError { setting: "client_key", file: key.clone(), why };
                let private = pem::private_key(key).map_err(wrong)?;
                builder.with_client_auth_cert(chain, private).map_err(|error| wrong(error.to_string()))?
            }
            _ => builder.with_no_client_auth(),
        };
        // A ticket saves the server a signature when a page reconnects.
        config.resumption = Resumption::in_memory_sessions(RESUMED_SESSIONS);
        Ok(ServerTls(TlsConnector::from(Arc::new(config))))
    }

    /// Whether one of these vouches for a chain, whatever its age.
    pub(crate) fn vouch_for(&self, chain: &[CertificateDer<'_>]) -> bool {
        certificate::leads_to(chain, &self.0)
    }

    /// These and more. Most servers need no more, and then share them.
    fn with(&self, ca_files: &[PathBuf]) -> Result<Arc<RootCertStore>, TlsError> {
        let mut roots = Arc::clone(&self.0);
        if !ca_files.is_empty() {
            add_files(Arc::make_mut(&mut roots), "ca_files", ca_files)?;
        }
        if roots.is_empty() {
            tracing::warn!(
                "no certificate authorities: every server's certificate will be refused; see --ca-file"
            );
        }
        Ok(roots)
    }
}

impl ServerTls {
    /// Shakes hands over an open connection and verifies the name that the operator wrote. TLS 1.2 at least.
    pub(super) async fn handshake(
        &self,
        target: &Target,
        socket: TcpStream,
        deadline: Duration,
    ) -> Result<TlsStream<TcpStream>, Failure> {
        let handshake = self.0.connect_with(target.server_name(), socket, |connection| {
            // Encrypted bytes that the server does not take: the relay then holds the rest.
            connection.set_buffer_limit(Some(MAX_UNSENT));
        });
        match timeout(deadline, handshake).await {
            Err(_) => {
                let detail = format!("no answer in {} s", deadline.as_secs_f32());
                Err(Failure::new(Reason::HandshakeTimeout, STEP, detail))
            }
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(Failure::new(why(&error), STEP, detail(&error))),
        }
    }
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}

/// Believes one certificate. That the server holds its key is still proven.
#[derive(Debug)]
struct Pin {
    certificate: CertificateDer<'static>,
    provider: CryptoProvider,
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn add_files(roots: &mut RootCertStore, setting: &'static str, files: &[PathBuf]) -> Result<(), TlsError> {
    for file in files {
        for certificate in certificates(setting, file)? {
            let wrong = |error: Error| TlsError { setting, file: file.clone(), why: error.to_string() };
            roots.add(certificate).map_err(wrong)?;
        }
    }
    Ok(())
}

/// What a PEM file holds, at least one.
fn certificates(setting: &'static str, file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    pem::certificates(file).map_err(|why| TlsError { setting, file: file.to_owned(), why })
}

/// What a log says of a failed handshake, and what to write if that is known.
fn detail(error: &io::Error) -> String {
    let hint = match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        // OpenSSL makes self-signed certificates that call themselves an authority, and as a server's own they are refused.
        Some(Error::InvalidCertificate(CertificateError::Other(other)))
            if other.0.to_string().contains("CaUsedAsEndEntity") =>
        {
            "; the server shows an authority's certificate as its own (self-signed): write tls.pinned_certificate = \"FILE\" \
             with it, and leave it out of ca_files"
        }
        Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            "; if it is self-signed, write tls.pinned_certificate = \"FILE\" with it, else give its authority with --ca-file \
             (ca_files)"
        }
        Some(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)) => {
            "; the server shows another certificate than the pinned one; if that is meant, change tls.pinned_certificate"
        }
        Some(Error::InvalidCertificate(CertificateError::NotValidForNameContext { .. })) => {
            "; write a name that the certificate has into the URL, or have a certificate made for this one"
        }
        Some(Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion)) => {
            "; the server speaks nothing newer than TLS 1.1, or less than tls.min_version asks for: it must be renewed, or that \
             left out"
        }
        Some(Error::AlertReceived(AlertDescription::CertificateRequired)) => {
            "; the server asks who Postern is: write tls.client_certificate and tls.client_key"
        }
        _ => "",
    };
    format!("{error}{hint}")
}

/// The word for a failed handshake.
fn why(error: &io::Error) -> Reason {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(certificate)) => why_certificate(certificate),
        // What came is no record of TLS.
        Some(Error::InvalidMessage(_)) => Reason::NotTls,
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
const STEP: &str = "TLS handshake failed";
