//! `postern check`: what would go wrong, before anyone connects. Every server is really connected to, up to the point
//! where a browser's bytes would be relayed; nothing is sent that a mail program would not send.

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::config::{ClientTls, Config, Destination, Kind, Pattern, Source, Target, Upstream};
use crate::server::{StartError, prepare};
use crate::session::Shared;
use crate::upstream::TlsEnd;

/// What was found at one upstream, or at the nameserver.
#[derive(Debug)]
pub struct Finding {
    /// An upstream's path, such as `imap/work`, or `nameserver`.
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
    /// It is a pattern, and no host was given that it holds.
    Unvisited,
}

/// Reads all files that the configuration names, connects to each upstream in turn, and to the given hosts where patterns
/// hold them, asks the nameserver if a page's question would, and tells `report` what it found. Details, such as a
/// server's words, are in the log.
///
/// # Errors
/// What would also keep the proxy from starting.
pub async fn check(config: Config, report: impl FnMut(Finding)) -> Result<(), StartError> {
    let shared = prepare(config)?;
    let mut check = Check { shared: &shared, report };
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

async fn visit(shared: &Shared, index: usize, target: &Target) -> Result<(), String> {
    let upstream = &shared.config.upstreams[index];
    let end = if upstream.client_tls == ClientTls::Require { TlsEnd::Client } else { TlsEnd::Proxy };
    let mut opened = shared
        .open(index, target, end, None)
        .await
        .map_err(|failure| format!("{} ({})", failure.reason.text(), failure.detail))?;
    // After STARTTLS most servers wait, and where the browser does TLS there is nothing to read yet.
    if end == TlsEnd::Client || !opened.greeting.is_empty() {
        return Ok(());
    }
    let expected: &[u8] = match target.kind {
        Kind::Imap => b"* ",
        Kind::Smtp => b"220",
        Kind::Sieve => b"\"",
    };
    let mut start = vec![0; expected.len()];
    let read = timeout(shared.config.deadlines.tls, opened.stream.read_exact(&mut start)).await;
    match read {
        Err(_) => Err("greeting: the server is silent; is this the right port?".to_owned()),
        Ok(Err(error)) => Err(format!("greeting: the server hung up ({error})")),
        Ok(Ok(_)) if start == expected => Ok(()),
        Ok(Ok(_)) => Err(format!("greeting: this is no {} server; is this the right port?", target.kind)),
    }
}
