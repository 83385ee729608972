//! A proxy in this process, servers that follow a script, and clients that speak WebSocket.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use postern_proxy::config::Config;
use postern_proxy::server::Server;
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::server::{WantsServerCert, WebPkiClientVerifier};
use rustls::version::TLS12;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A proxy that stops when it is dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) task: JoinHandle<()>,
    _guard: DropGuard,
}

impl Proxy {
    /// Starts one at a free port, with our own authority trusted.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let authority = CERTIFICATES.authority.to_str().unwrap();
        let fixed = ["postern", "--listen", "127.0.0.1:0", "--ca-file", authority];
        let config = Config::from_arguments(fixed.iter().chain(arguments)).unwrap();
        let server = Server::bind(config).await.unwrap();
        let (address, stop) = (server.address().unwrap(), CancellationToken::new());
        let task = tokio::spawn(server.run(stop.clone()));
        Self { address, stop: stop.clone(), task, _guard: stop.drop_guard() }
    }

    /// With one IMAP upstream, and a file for the rest of the configuration.
    pub(crate) async fn with_file(imap: &str, file: &str) -> Self {
        let file = temp_file("toml", file);
        Self::start(&["--imap", imap, "--config", file.to_str().unwrap()]).await
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A WebSocket from the proxy's own page.
    pub(crate) async fn connect(&self, path: &str) -> Client {
        self.connect_from(path, Some(&self.origin())).await
    }

    pub(crate) async fn connect_from(&self, path: &str, origin: Option<&str>) -> Client {
        connect(self.address, path, origin).await
    }

    /// The code and reason with which the proxy refuses.
    pub(crate) async fn refusal(&self, path: &str) -> (u16, String) {
        self.connect(path).await.close().await
    }
}

/// The client's side of a WebSocket.
pub(crate) struct Client<S = TcpStream>(pub(crate) WebSocketStream<S>);

pub(crate) async fn connect(address: SocketAddr, path: &str, origin: Option<&str>) -> Client {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("Origin", origin.parse().unwrap());
    }
    let socket = TcpStream::connect(address).await.unwrap();
    let (client, _) = tokio_tungstenite::client_async(request, socket).await.unwrap();
    Client(client)
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.send(Message::binary(bytes.to_vec())).await.unwrap();
    }

    /// Waits until what came so far holds `end`; returns all of it.
    pub(crate) async fn read_until(&mut self, end: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        while !bytes.windows(end.len()).any(|window| window == end) {
            match self.next().await {
                Some(Message::Binary(data)) => bytes.extend(data),
                other => panic!("{other:?} after {:?}", String::from_utf8_lossy(&bytes)),
            }
        }
        bytes
    }

    /// The next message that is no ping; `None` once the connection is gone.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came");
            match next {
                Some(Ok(Message::Ping(_))) => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The Close frame, which must be the next thing.
    pub(crate) async fn close(&mut self) -> (u16, String) {
        match self.next().await {
            Some(Message::Close(Some(close))) => (close.code.into(), close.reason.to_string()),
            other => panic!("{other:?} in place of a Close frame"),
        }
    }
}

/// A browser's TLS connection to a proxy with [`Certificates::server`], over which it speaks one of `protocols`.
pub(crate) async fn connect_tls(
    address: SocketAddr,
    protocols: &[&[u8]],
) -> tokio_rustls::client::TlsStream<TcpStream> {
    connect_tls_as(address, "localhost", protocols).await
}

/// The same to a proxy whose certificate is for `name`.
pub(crate) async fn connect_tls_as(
    address: SocketAddr,
    name: &'static str,
    protocols: &[&[u8]],
) -> tokio_rustls::client::TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority()).unwrap()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let socket = TcpStream::connect(address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name.try_into().unwrap(), socket).await.unwrap()
}

/// A server that runs `script` for each connection. Returns its port.
pub(crate) async fn server<F, S>(script: S) -> u16
where
    S: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(script(socket));
        }
    });
    port
}

/// A server that gives back what it gets.
pub(crate) async fn echo_server() -> u16 {
    server(|mut socket| async move {
        let (mut reader, mut writer) = socket.split();
        let _ = tokio::io::copy(&mut reader, &mut writer).await;
        let _ = writer.shutdown().await;
    })
    .await
}

/// A server whose one connection the test holds itself.
pub(crate) async fn held_server() -> (u16, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener.local_addr().unwrap().port(), listener)
}

/// Reads until `end`; everything that came.
pub(crate) async fn read_until(stream: &mut (impl AsyncReadExt + Unpin), end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        let mut byte = [0];
        match tokio::time::timeout(PATIENCE, stream.read(&mut byte)).await.expect("nothing came") {
            Ok(1) => bytes.push(byte[0]),
            _ => panic!("ended after {:?}", String::from_utf8_lossy(&bytes)),
        }
    }
    bytes
}

/// What a server proves itself with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Identity {
    Good,
    WrongName,
    Expired,
    SelfSigned,
    /// Of an authority that nobody trusts unless told to.
    OtherAuthority,
    /// A good one that wants to know who connects.
    AsksBack,
    /// A good one that speaks no TLS 1.3.
    Old,
}

pub(crate) async fn accept_tls(
    socket: TcpStream,
    identity: Identity,
) -> std::io::Result<TlsStream<TcpStream>> {
    let config = match identity {
        Identity::Good => &CERTIFICATES.good,
        Identity::WrongName => &CERTIFICATES.wrong_name,
        Identity::Expired => &CERTIFICATES.expired,
        Identity::SelfSigned => &CERTIFICATES.self_signed,
        Identity::OtherAuthority => &CERTIFICATES.other_authority,
        Identity::AsksBack => &CERTIFICATES.asks_back,
        Identity::Old => &CERTIFICATES.old,
    };
    TlsAcceptor::from(Arc::clone(config)).accept(socket).await
}

/// PEM files for the proxy, and identities for servers.
pub(crate) struct Certificates {
    /// The authority that signed the good ones.
    pub(crate) authority: PathBuf,
    pub(crate) other_authority_file: PathBuf,
    pub(crate) self_signed_file: PathBuf,
    /// A good one for `localhost`.
    pub(crate) server: PathBuf,
    pub(crate) server_key: PathBuf,
    /// A client that the authority vouches for.
    pub(crate) client: PathBuf,
    pub(crate) client_key: PathBuf,
    good: Arc<ServerConfig>,
    wrong_name: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    self_signed: Arc<ServerConfig>,
    other_authority: Arc<ServerConfig>,
    asks_back: Arc<ServerConfig>,
    old: Arc<ServerConfig>,
}

pub(crate) static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| {
    let (root, issuer) = new_authority();
    let (other_root, other_issuer) = new_authority();
    let for_name = |name: &str| CertificateParams::new(vec![name.to_owned()]).unwrap();
    let mut expired = for_name("localhost");
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let good = signed(&for_name("localhost"), &issuer);
    let client = signed(&for_name("postern"), &issuer);
    let key = KeyPair::generate().unwrap();
    let self_signed = (for_name("localhost").self_signed(&key).unwrap(), key);
    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    let clients = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    Certificates {
        authority: temp_file("pem", &root.pem()),
        other_authority_file: temp_file("pem", &other_root.pem()),
        self_signed_file: temp_file("pem", &self_signed.0.pem()),
        server: temp_file("pem", &good.0.pem()),
        server_key: temp_file("pem", &good.1.serialize_pem()),
        client: temp_file("pem", &client.0.pem()),
        client_key: temp_file("pem", &client.1.serialize_pem()),
        wrong_name: identity(&signed(&for_name("other.example"), &issuer), ServerConfig::builder()),
        expired: identity(&signed(&expired, &issuer), ServerConfig::builder()),
        self_signed: identity(&self_signed, ServerConfig::builder()),
        other_authority: identity(&signed(&for_name("localhost"), &other_issuer), ServerConfig::builder()),
        asks_back: finish(&good, ServerConfig::builder().with_client_cert_verifier(clients)),
        old: identity(&good, ServerConfig::builder_with_protocol_versions(&[&TLS12])),
        good: identity(&good, ServerConfig::builder()),
    }
});

type Pair = (Certificate, KeyPair);

fn new_authority() -> (Certificate, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap(), Issuer::new(params, key))
}

fn signed(params: &CertificateParams, issuer: &Issuer<'_, KeyPair>) -> Pair {
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, issuer).unwrap(), key)
}

fn identity(pair: &Pair, builder: ConfigBuilder<ServerConfig, WantsVerifier>) -> Arc<ServerConfig> {
    finish(pair, builder.with_no_client_auth())
}

fn finish(
    (certificate, key): &Pair,
    builder: ConfigBuilder<ServerConfig, WantsServerCert>,
) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap())
}

/// The file with the authority that signed the good ones.
pub(crate) fn authority() -> &'static Path {
    &CERTIFICATES.authority
}

/// A file in the folder that cargo keeps for tests.
pub(crate) fn temp_file(extension: &str, text: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}.{extension}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
