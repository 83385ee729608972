//! What is measured: ways from a client to the server, each with its program between them.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use postern_tests::certificates::{Authority, Certificate};
use postern_tests::folder::{Folder, Owner};
use postern_tests::process::{self, Server};
use postern_tests::{Proxy, ports};

use super::cores::Core;
use super::meter::Meter;
use crate::bench::load::{Load, Upstream};
use crate::{build, tools};

/// What all of them share.
pub(super) struct World {
    pub(super) load: Load,
    upstream: Upstream,
    authority: Authority,
    certificate: Certificate,
    /// Certificate and key in one file, as HAProxy wants it.
    both: PathBuf,
    postern: PathBuf,
    websockify: PathBuf,
    websocat: PathBuf,
    folder: Folder,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Direct {
        tls: bool,
    },
    /// TLS with the client, or else with the server.
    HaProxy {
        tls_with_client: bool,
    },
    Websockify {
        tls: bool,
    },
    Websocat,
    /// TLS with the client; with the server.
    Postern {
        wss: bool,
        tls: bool,
    },
}

/// A way that stands.
pub(super) struct Standing {
    pub(super) url: String,
    /// `None` where nothing is between client and server.
    pub(super) meter: Option<Meter>,
    _program: Option<Program>,
}

/// Ended on drop.
enum Program {
    Peer(Server),
    Postern(Proxy),
}

pub(super) const WAYS: [Way; 11] = [
    Way::Direct { tls: false },
    Way::Direct { tls: true },
    Way::HaProxy { tls_with_client: true },
    Way::HaProxy { tls_with_client: false },
    Way::Websockify { tls: false },
    Way::Websockify { tls: true },
    Way::Websocat,
    Way::Postern { wss: false, tls: false },
    Way::Postern { wss: false, tls: true },
    Way::Postern { wss: true, tls: false },
    Way::Postern { wss: true, tls: true },
];

impl Way {
    /// How the table calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Direct { tls: false } => "direct, TCP",
            Self::Direct { tls: true } => "direct, TLS",
            Self::HaProxy { tls_with_client: true } => "HAProxy, TLS to TCP",
            Self::HaProxy { tls_with_client: false } => "HAProxy, TCP to TLS",
            Self::Websockify { tls: false } => "websockify, ws to TCP",
            Self::Websockify { tls: true } => "websockify, wss to TCP",
            Self::Websocat => "websocat, ws to TCP",
            Self::Postern { wss: false, tls: false } => "postern, ws to TCP (blind)",
            Self::Postern { wss: false, tls: true } => "postern, ws to TLS",
            Self::Postern { wss: true, tls: false } => "postern, wss to TCP (blind)",
            Self::Postern { wss: true, tls: true } => "postern, wss to TLS",
        }
    }

    /// Starts what stands between, on a port of its own.
    pub(super) fn start(self, world: &World) -> io::Result<Standing> {
        Core::Measured.run(|| self.start_here(world))
    }

    fn start_here(self, world: &World) -> io::Result<Standing> {
        let [port] = ports::free()?;
        let (scheme, program) = match self {
            Self::Direct { tls } => return Ok(world.direct(tls)),
            Self::HaProxy { tls_with_client } => {
                (if tls_with_client { "tls" } else { "tcp" }, world.haproxy(port, tls_with_client)?)
            }
            Self::Websockify { tls } => (if tls { "wss" } else { "ws" }, world.websockify(port, tls)?),
            Self::Websocat => ("ws", world.websocat(port)?),
            Self::Postern { wss, tls } => (if wss { "wss" } else { "ws" }, world.postern(port, wss, tls)?),
        };
        let path = if matches!(self, Self::Postern { .. }) { "imap" } else { "" };
        Ok(Standing {
            url: format!("{scheme}://127.0.0.1:{port}/{path}"),
            meter: Some(Meter::of(program.id())),
            _program: Some(program),
        })
    }
}

impl Program {
    fn id(&self) -> u32 {
        match self {
            Self::Peer(server) => server.id(),
            Self::Postern(proxy) => proxy.id(),
        }
    }
}

impl World {
    /// Installs and builds what is missing.
    pub(super) fn make() -> io::Result<Self> {
        tools::reverse_proxies()?;
        tools::cargo_tool(&tools::WEBSOCAT)?;
        let (websockify, websocat) = (tools::websockify()?, tools::path_of(&tools::WEBSOCAT)?);
        let load = Load::build()?;
        let postern = build::released_postern()?;
        let owner = Owner::unprivileged()?;
        let folder = Folder::new("bench", owner)?;
        let authority = Authority::new(folder.path(), "authority")?;
        let certificate = authority.issue("server", "DNS:localhost,IP:127.0.0.1")?;
        let both = folder.path().join("both.pem");
        fs::write(&both, [fs::read(&certificate.certificate)?, fs::read(&certificate.key)?].concat())?;
        let upstream = Core::Others.run(|| load.serve(&certificate.certificate, &certificate.key))?;
        Ok(Self { load, upstream, authority, certificate, both, postern, websockify, websocat, folder })
    }

    /// The program's size, how soon it listens, and what it then takes without any connection.
    pub(super) fn footprint(&self) -> io::Result<String> {
        let size = fs::metadata(&self.postern)?.len() as f64 / 1e6;
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let start = Instant::now();
            let [port] = ports::free()?;
            let program = Core::Measured.run(|| self.postern(port, false, true))?;
            times.push(start.elapsed());
            drop(program);
        }
        times.sort();
        let milliseconds = times[times.len() / 2].as_millis();
        let standing = Way::Postern { wss: false, tls: true }.start(self)?;
        let memory = standing.meter.map_or(Ok(0), Meter::settled_memory)? as f64 / 1024.0 / 1024.0;
        Ok(format!(
            "postern is {size:.1} MB, listens after {milliseconds} ms and takes {memory:.1} MiB without a connection."
        ))
    }

    fn direct(&self, tls: bool) -> Standing {
        let (scheme, port) = if tls { ("tls", self.upstream.tls) } else { ("tcp", self.upstream.tcp) };
        Standing { url: format!("{scheme}://127.0.0.1:{port}"), meter: None, _program: None }
    }

    fn haproxy(&self, port: u16, tls_with_client: bool) -> io::Result<Program> {
        let (both, authority) = (self.both.display(), self.authority.file().display());
        let (bind, server) = if tls_with_client {
            (format!(" ssl crt {both}"), format!("127.0.0.1:{}", self.upstream.tcp))
        } else {
            let verify = format!("ssl verify required ca-file {authority} verifyhost localhost");
            (String::new(), format!("127.0.0.1:{} {verify}", self.upstream.tls))
        };
        let text = format!(
            "global\n  maxconn {CONNECTIONS}\n\
             defaults\n  mode tcp\n  timeout connect 10s\n  timeout client 1h\n  timeout server 1h\n\
             frontend in\n  bind 127.0.0.1:{port}{bind}\n  default_backend out\n\
             backend out\n  server it {server}\n"
        );
        let file = self.folder.path().join(format!("haproxy-{port}.cfg"));
        fs::write(&file, text)?;
        let mut command = process::command("/usr/sbin/haproxy");
        peer("haproxy", command.args(["-W", "-f"]).arg(file), port)
    }

    fn websockify(&self, port: u16, tls: bool) -> io::Result<Program> {
        let mut command = process::command(&self.websockify);
        if tls {
            command.arg("--ssl-only").arg("--cert").arg(&self.certificate.certificate);
            command.arg("--key").arg(&self.certificate.key);
        }
        command.arg(format!("127.0.0.1:{port}")).arg(format!("127.0.0.1:{}", self.upstream.tcp));
        peer("websockify", &mut command, port)
    }

    fn websocat(&self, port: u16) -> io::Result<Program> {
        let mut command = process::command(&self.websocat);
        // It says itself that it leaks sockets without the first.
        command.args(["--exit-on-eof", "--binary", &format!("ws-l:127.0.0.1:{port}")]);
        command.arg(format!("tcp:127.0.0.1:{}", self.upstream.tcp));
        peer("websocat", &mut command, port)
    }

    fn postern(&self, port: u16, wss: bool, tls: bool) -> io::Result<Program> {
        let settings = self.folder.path().join("postern.toml");
        fs::write(&settings, SETTINGS)?;
        let upstream = match tls {
            true => format!("imaps://127.0.0.1:{}", self.upstream.tls),
            false => format!("imap+plain://127.0.0.1:{}", self.upstream.tcp),
        };
        let path = |file: &Path| file.display().to_string();
        let listen = format!("127.0.0.1:{port}");
        let mut arguments = vec!["--listen".to_owned(), listen, "--imap".to_owned(), upstream];
        arguments.extend(["--config".to_owned(), path(&settings)]);
        arguments.extend(["--ca-file".to_owned(), path(self.authority.file())]);
        if wss {
            let Certificate { certificate, key } = &self.certificate;
            arguments.extend(["--tls-certificate".to_owned(), path(certificate)]);
            arguments.extend(["--tls-key".to_owned(), path(key)]);
        }
        Ok(Program::Postern(Proxy::at(&self.postern, &arguments)?))
    }
}

/// Starts a program and waits until it takes connections: not each of them says so.
fn peer(name: &str, command: &mut Command, port: u16) -> io::Result<Program> {
    let server = Server::start(name, command)?;
    let deadline = Instant::now() + process::PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if Instant::now() > deadline {
            let said = server.log().join("\n  ");
            return Err(io::Error::other(format!("{name} takes no connections. It said:\n  {said}")));
        }
        sleep(Duration::from_millis(20));
    }
    Ok(Program::Peer(server))
}

/// All come from one address; those that are held answer no pings; and the others write no log either.
const SETTINGS: &str = "\
log = \"warn\"
[limits]
connections = 20000
connections_per_address = 20000
starts_per_minute = 1000000
short_per_minute = 1000000
requests = 20000
requests_per_address = 20000
[deadlines]
ping = 3600
";

const STARTS: usize = 9;

/// What a HAProxy of 20,000 descriptors takes.
const CONNECTIONS: usize = 9_950;
