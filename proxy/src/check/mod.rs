//! `postern check`: what would go wrong, before anyone connects. Every server is really connected to, up to the point
//! where a browser's bytes would be relayed; nothing is sent that a mail program would not send.

mod own;
mod words;

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use crate::close::Reason;
use crate::config::{ClientTls, Config, Destination, Kind, Pattern, Source, Target, Upstream};
use crate::shared::{Kept, Shared, prepare};
use crate::start_error::StartError;
use crate::upstream::{TlsEnd, Voice};

/// What was found at one upstream, at the nameserver, or on the browsers' side.
#[derive(Debug)]
pub struct Finding {
    /// An upstream's path, such as `imap/work`; or `nameserver`, `certificate`, `listen`.
    pub path: String,
    /// Where it is.
    pub target: String,
    /// How it went.
    pub outcome: Outcome,
}

/// What came of a visit.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A page can use it.
    Good,
    /// The refusal that every page would see.
    Trouble(String),
    /// It works, and is seldom what was meant, or not for long.
    Warning(String),
    /// It is a pattern, and no host was given that it holds.
    Unvisited,
}

/// Reads all files that the configuration names, looks at the browsers' side, connects to each upstream in turn, and to the
/// given hosts where patterns hold them, asks the nameserver if a page's question would, and tells `report` what it found.
/// Details, such as a server's words, are in the log.
///
/// # Errors
/// What would also keep the proxy from starting.
pub async fn check(config: Config, report: impl FnMut(Finding)) -> Result<(), StartError> {
    let kept = Kept::new(&config);
    let shared = prepare(config, kept)?;
    let mut check = Check { shared: &shared, report };
    own::findings(&shared).into_iter().for_each(&mut check.report);
    for (index, upstream) in shared.config.upstreams.iter().enumerate() {
        match &upstream.destination {
            Destination::Pattern(pattern) => check.pattern(index, pattern).await,
            Destination::Server(target) => check.server(index, upstream.path(), target).await,
        }
    }
    for host in &shared.config.hosts {
        check.is_held(host);
    }
    check.nameserver().await;
    Ok(())
}

struct Check<'a, R> {
    shared: &'a Shared,
    report: R,
}

impl<R: FnMut(Finding)> Check<'_, R> {
    async fn server(&mut self, index: usize, path: String, target: &Target) {
        let visited = visit(self.shared, index, target).await;
        let outcome = visited.map_or_else(Outcome::Trouble, |()| Outcome::Good);
        (self.report)(Finding { path, target: target.to_string(), outcome });
    }

    /// The given hosts that it holds.
    async fn pattern(&mut self, index: usize, pattern: &Pattern) {
        let hosts = &self.shared.config.hosts;
        let targets: Vec<_> = hosts.iter().filter_map(|host| pattern.target(host)).collect();
        for target in &targets {
            self.server(index, format!("{}/{}", pattern.kind, target.host()), target).await;
        }
        if targets.is_empty() {
            let path = self.shared.config.upstreams[index].path();
            (self.report)(Finding { path, target: pattern.to_string(), outcome: Outcome::Unvisited });
        }
    }

    fn is_held(&mut self, host: &str) {
        let holds = |upstream: &Upstream| match &upstream.destination {
            Destination::Pattern(pattern) => pattern.target(host).is_some(),
            Destination::Server(_) => false,
        };
        if !self.shared.config.upstreams.iter().any(holds) {
            let outcome = Outcome::Trouble("no pattern holds it".to_owned());
            (self.report)(Finding { path: host.to_owned(), target: "-".to_owned(), outcome });
        }
    }

    async fn nameserver(&mut self) {
        if !self.shared.config.discover.contains(&Source::Srv) {
            return;
        }
        let finder = &self.shared.finder;
        let outcome = match finder.ask_nameserver().await {
            Ok(()) => Outcome::Good,
            Err(error) => Outcome::Trouble(format!("no answer: {error}; name another with --nameserver")),
        };
        (self.report)(Finding {
            path: "nameserver".to_owned(),
            target: finder.nameserver.to_string(),
            outcome,
        });
    }
}

/// Connects as a page's WebSocket would, and looks at what greets there.
async fn visit(shared: &Shared, index: usize, target: &Target) -> Result<(), String> {
    let upstream = &shared.config.upstreams[index];
    let end = if upstream.client_tls == ClientTls::Require { TlsEnd::Client } else { TlsEnd::Proxy };
    let mut opened = match shared.open(index, target, end, None).await {
        Ok(opened) => opened,
        Err(failure) => {
            let hint = hint(shared, index, target, failure.reason).await;
            return Err(format!("{} ({}){hint}", failure.reason.text(), failure.detail));
        }
    };
    // After STARTTLS most servers wait, and if the browser does TLS there is nothing to read yet.
    if end == TlsEnd::Client || !opened.greeting.is_empty() {
        return Ok(());
    }
    match timeout(shared.config.deadlines.tls, first_line(&mut opened.stream)).await {
        Err(_) => {
            let hint = hint(shared, index, target, Reason::HandshakeTimeout).await;
            Err(format!("greeting: the server is silent; is this the right port?{hint}"))
        }
        Ok(Err(error)) => {
            let hint = hint(shared, index, target, Reason::Reset).await;
            Err(format!("greeting: the server hung up ({error}){hint}"))
        }
        Ok(Ok(line)) => judge_greeting(target, &line),
    }
}

/// The first line, or as much of it as anyone needs. It came over TLS or from this machine, so its words may be shown.
async fn first_line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE && line.last() != Some(&b'\n') {
        match stream.read_u8().await {
            Ok(byte) => line.push(byte),
            Err(_) if !line.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(line)
}

fn judge_greeting(target: &Target, line: &[u8]) -> Result<(), String> {
    let voice = Voice::of(line);
    if voice != Voice::Mail(target.kind) {
        return Err(format!("greeting: this is no {} server{}", target.kind, words::other(target, voice)));
    }
    let text = String::from_utf8_lossy(line);
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    let upper = text.to_ascii_uppercase();
    let turned_away = match target.kind {
        Kind::Imap => upper.starts_with("* BYE"),
        Kind::Smtp => !upper.starts_with("220"),
        Kind::Sieve => false,
    };
    if turned_away {
        Err(format!("greeting: the server turns the connection away: {text}"))
    } else if target.kind == Kind::Imap && upper.starts_with("* PREAUTH") {
        Err("greeting: the server signs everyone in without a password (PREAUTH)".to_owned())
    } else {
        Ok(())
    }
}

/// What else is there, if something is wrong in a way that a wrong port or scheme explains; with the line to write.
async fn hint(shared: &Shared, index: usize, target: &Target, reason: Reason) -> String {
    let (connector, tls) = (&shared.connector, &shared.server_tls[index]);
    let before_a_greeting = matches!(
        reason,
        Reason::NotTls
            | Reason::TlsFailed
            | Reason::HandshakeTimeout
            | Reason::OtherProtocol
            | Reason::StartTlsRefused
            | Reason::Reset
    );
    if before_a_greeting && shared.config.upstreams[index].proxy_protocol {
        return words::PROXY_PROTOCOL.to_owned();
    }
    match reason {
        Reason::NotTls
        | Reason::TlsFailed
        | Reason::HandshakeTimeout
        | Reason::OtherProtocol
        | Reason::StartTlsMissing
        | Reason::Reset => match connector.listen_to(target, tls).await {
            Some(voice) => words::instead(target, voice),
            None => String::new(),
        },
        Reason::Refused | Reason::Unreachable => match words::other_port(target) {
            Some(other) if connector.answers(&other).await => format!("; but {other} answers: write that"),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Longer greetings are cut.
const MAX_LINE: usize = 512;
