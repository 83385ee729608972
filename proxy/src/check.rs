//! `postern check`: what would go wrong, before anyone connects. Every server is really connected to, up to the point
//! where a browser's bytes would be relayed; nothing is sent that a mail program would not send.

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::close::Reason;
use crate::config::{ClientTls, Config, Destination, Kind, Target};
use crate::server::{StartError, prepare};
use crate::session::Shared;
use crate::upstream::TlsEnd;

/// What was found at one upstream.
#[derive(Debug)]
pub struct Finding {
    /// Its path, such as `imap/work`.
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
    /// It is a pattern: there is no one server to visit.
    Unvisited,
}

/// Reads all files that the configuration names, connects to each upstream in turn and tells `report` what it found.
/// Details, such as a server's words, are in the log.
///
/// # Errors
/// What would also keep the proxy from starting.
pub async fn check(config: Config, mut report: impl FnMut(Finding)) -> Result<(), StartError> {
    let shared = prepare(config)?;
    for (index, upstream) in shared.config.upstreams.iter().enumerate() {
        let outcome = match &upstream.destination {
            Destination::Pattern(_) => Outcome::Unvisited,
            Destination::Server(target) => {
                visit(&shared, index, target).await.map_or_else(Outcome::Trouble, |()| Outcome::Good)
            }
        };
        report(Finding { path: upstream.path(), target: upstream.destination.to_string(), outcome });
    }
    Ok(())
}

async fn visit(shared: &Shared, index: usize, target: &Target) -> Result<(), String> {
    let upstream = &shared.config.upstreams[index];
    let end = if upstream.client_tls == ClientTls::Require { TlsEnd::Client } else { TlsEnd::Proxy };
    let mut opened = shared.open(index, target, end, None).await.map_err(Reason::text)?;
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
