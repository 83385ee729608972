//! TLS with browsers, if no reverse proxy does it: certificate and key from two files, read again when they change.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rustls::{Error, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::certificate::{self, Age};
use crate::config::{Identity, pem};
use crate::ends::Version;

/// What the proxy proves itself with to browsers.
pub(crate) struct OwnTls {
    files: Identity,
    state: Mutex<State>,
}

struct State {
    config: Arc<ServerConfig>,
    chain: Vec<CertificateDer<'static>>,
    /// When the files were last written that `config` was read from.
    written: Stamps,
    /// When it is next looked whether they have changed.
    look_at: Instant,
}

/// Of the certificate and of the key; `None` if the file is not there.
type Stamps = [Option<SystemTime>; 2];

/// A certificate or key that is of no use. Whose fault: the operator's.
#[derive(Debug, thiserror::Error)]
#[error("--tls-certificate {certificate} and --tls-key {key}: {why}",
    certificate = .files.certificate.display(), key = .files.key.display())]
pub struct IdentityError {
    files: Identity,
    why: String,
}

impl OwnTls {
    /// Reads both files.
    ///
    /// # Errors
    /// Which one is of no use, and why.
    pub(crate) fn load(files: Identity) -> Result<Self, IdentityError> {
        // The stamps come first: what is written between the two is read again later, not missed.
        let written = stamps(&files);
        let (config, chain) = read(&files).map_err(|why| IdentityError { files: files.clone(), why })?;
        let state = State { config, chain, written, look_at: Instant::now() + LOOK_EVERY };
        Ok(Self { files, state: Mutex::new(state) })
    }

    /// Shakes hands with a browser, and agrees with it on a version of HTTP.
    ///
    /// # Errors
    /// What the connection or the handshake failed of.
    pub(crate) async fn accept<S>(&self, socket: S, deadline: Duration) -> io::Result<(TlsStream<S>, Version)>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let handshake = TlsAcceptor::from(self.current()).accept_with(socket, |connection| {
            // Encrypted bytes that the browser does not take: the relay then holds the rest.
            connection.set_buffer_limit(Some(MAX_UNSENT));
        });
        let stream = timeout(deadline, handshake).await??;
        let version = match stream.get_ref().1.alpn_protocol() {
            Some(HTTP_2) => Version::Two,
            _ => Version::One,
        };
        Ok((stream, version))
    }

    /// The newest that could be read. While files that changed are of no use (half written, or a key that does not
    /// fit), the ones before them go on to serve.
    fn current(&self) -> Arc<ServerConfig> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if now >= state.look_at {
            state.look_at = now + LOOK_EVERY;
            self.look(&mut state);
        }
        Arc::clone(&state.config)
    }

    /// When the certificate expires, since 1970; `None` if it never does.
    pub(crate) fn not_after(&self) -> Option<Duration> {
        certificate::not_after(&self.chain()[0])
    }

    /// The certificate with its chain, which holds one at least.
    pub(crate) fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.current();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).chain.clone()
    }

    /// The file of the certificate.
    pub(crate) fn file(&self) -> &Path {
        &self.files.certificate
    }

    /// Logs it if browsers refuse the certificate, or soon will.
    pub(crate) fn warn_of_expiry(&self) {
        self.warn_if_expiring(&self.chain()[0]);
    }

    fn warn_if_expiring(&self, certificate: &CertificateDer<'_>) {
        let file = self.files.certificate.display();
        match Age::of(certificate, SystemTime::now()) {
            Age::Good => {}
            age @ Age::ExpiresSoon { .. } => tracing::warn!(%file, "the certificate {age}; renew it"),
            age => tracing::error!(%file, "the certificate {age}: browsers refuse it; renew it"),
        }
    }

    fn look(&self, state: &mut State) {
        let written = stamps(&self.files);
        if written == state.written {
            return;
        }
        match read(&self.files) {
            Ok((config, chain)) => {
                tracing::info!("the certificate changed and was read again");
                (state.config, state.chain, state.written) = (config, chain, written);
                self.warn_if_expiring(&state.chain[0]);
            }
            Err(why) => {
                tracing::error!(why, "the certificate changed and is of no use; the old one serves on");
            }
        }
    }
}

impl std::fmt::Debug for OwnTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnTls").field("files", &self.files).finish_non_exhaustive()
    }
}

fn stamps(files: &Identity) -> Stamps {
    let written = |file: &Path| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    [written(&files.certificate), written(&files.key)]
}

fn read(files: &Identity) -> Result<(Arc<ServerConfig>, Vec<CertificateDer<'static>>), String> {
    let chain = pem::certificates(&files.certificate)?;
    let key = pem::private_key(&files.key)?;
    let builder = ServerConfig::builder().with_no_client_auth();
    let mut config =
        builder.with_single_cert(chain.clone(), key.clone_key()).map_err(|error| match error {
            Error::InconsistentKeys(_) => not_its_key(&chain, &key),
            Error::General(_) => NO_SUCH_KEYS.to_owned(),
            error => error.to_string(),
        })?;
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    Ok((Arc::new(config), chain))
}

/// Why the first certificate of the file does not go with the key.
fn not_its_key(chain: &[CertificateDer<'static>], key: &PrivateKeyDer<'static>) -> String {
    let fits = |certificate: &CertificateDer<'static>| {
        let builder = ServerConfig::builder().with_no_client_auth();
        builder.with_single_cert(vec![certificate.clone()], key.clone_key()).is_ok()
    };
    match chain.iter().position(fits) {
        Some(place) => format!(
            "the certificates are in the wrong order: the key's own stands {place} too far down. Write it first, then the one \
             that signed it, and so on (cat SERVER.pem CHAIN.pem)"
        ),
        None => "the key is not this certificate's; give the two that were made together".to_owned(),
    }
}

const NO_SUCH_KEYS: &str = "a key of this kind or length can't be used; have a certificate made for one of RSA with 2048 to 4096 \
    bits, ECDSA on P-256 or P-384, or Ed25519 (openssl ecparam -genkey -name prime256v1)";

/// RFC 9113 section 3.1.
const HTTP_2: &[u8] = b"h2";

const LOOK_EVERY: Duration = Duration::from_secs(1);
const MAX_UNSENT: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rcgen::{CertificateParams, KeyPair};
    use tokio::time::advance;

    use super::*;

    fn write(files: &Identity, stamp: SystemTime, write_key: bool) {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["a.test".to_owned()]).unwrap().self_signed(&key).unwrap();
        fs::write(&files.certificate, certificate.pem()).unwrap();
        if write_key {
            fs::write(&files.key, key.serialize_pem()).unwrap();
        }
        fs::File::open(&files.certificate).unwrap().set_modified(stamp).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn files_that_change_are_read_again() {
        let path = |name: &str| -> PathBuf {
            std::env::temp_dir().join(format!("postern-{}-own-{name}.pem", std::process::id()))
        };
        let files = Identity { certificate: path("certificate"), key: path("key") };
        let stamp = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        write(&files, stamp(1), true);
        let tls = OwnTls::load(files.clone()).unwrap();
        let first = tls.current();
        advance(LOOK_EVERY).await;
        assert!(Arc::ptr_eq(&first, &tls.current()), "nothing changed");
        // A certificate that is not the key's: half of a change.
        write(&files, stamp(2), false);
        advance(LOOK_EVERY).await;
        assert!(Arc::ptr_eq(&first, &tls.current()), "of no use");
        write(&files, stamp(3), true);
        assert!(Arc::ptr_eq(&first, &tls.current()), "not looked at yet");
        advance(LOOK_EVERY).await;
        assert!(!Arc::ptr_eq(&first, &tls.current()), "read again");
        fs::remove_file(&files.certificate).unwrap();
        advance(LOOK_EVERY).await;
        tls.current();
        assert!(OwnTls::load(files.clone()).is_err());
        fs::remove_file(&files.key).unwrap();
    }

    #[test]
    fn a_chain_in_the_wrong_order_is_said_to_be() {
        let path = |name: &str| -> PathBuf {
            std::env::temp_dir().join(format!("postern-{}-order-{name}.pem", std::process::id()))
        };
        let files = Identity { certificate: path("certificate"), key: path("key") };
        let make = |key: &KeyPair| {
            CertificateParams::new(vec!["a.test".to_owned()]).unwrap().self_signed(key).unwrap().pem()
        };
        let (own, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        fs::write(&files.key, own.serialize_pem()).unwrap();
        for (chain, expected) in [
            (make(&other) + &make(&own), Some("in the wrong order: the key's own stands 1 too far down")),
            (make(&other) + &make(&other), Some("the two that were made together")),
            (make(&own) + &make(&other), None),
        ] {
            fs::write(&files.certificate, chain).unwrap();
            let words = OwnTls::load(files.clone()).err().map(|error| error.to_string());
            assert_eq!(words.is_some(), expected.is_some(), "{words:?}");
            assert!(words.is_none_or(|words| words.contains(expected.unwrap())));
        }
        fs::remove_file(&files.certificate).unwrap();
        fs::remove_file(&files.key).unwrap();
    }
}
