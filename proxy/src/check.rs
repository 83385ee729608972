//! `postern check`: what would go wrong, before anyone connects. Every server is really connected to, up to the point
//! where a browser's bytes would be relayed; nothing is sent that a mail program would not send.

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::close::Reason;
use crate::config::{ClientTls, Config, Kind};
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
    /// The refusal that every page would see, if it would.
    pub trouble: Option<String>,
}

/// Reads all files that the configuration names, connects to each upstream in turn and tells `report` what it found.
/// Details, such as a server's words, are in the log.
///
/// # Errors
/// What would also keep the proxy from starting.
pub async fn check(config: Config, mut report: impl FnMut(Finding)) -> Result<(), StartError> {
    let shared = prepare(config)?;
    for (index, upstream) in shared.config.upstreams.iter().enumerate() {
        let trouble = visit(&shared, index).await.err();
        report(Finding { path: upstream.path(), target: upstream.target.to_string(), trouble });
    }
    Ok(())
}

async fn visit(shared: &Shared, index: usize) -> Result<(), String> {
    let upstream = &shared.config.upstreams[index];
    let end = if upstream.client_tls == ClientTls::Require { TlsEnd::Client } else { TlsEnd::Proxy };
    let mut opened = shared.open(index, end, None).await.map_err(Reason::text)?;
    // After STARTTLS the server waits, and where the browser does TLS there is nothing to read yet.
    if end == TlsEnd::Client || !opened.greeting.is_empty() {
        return Ok(());
    }
    let expected: &[u8] = match upstream.target.kind {
        Kind::Imap => b"* ",
        Kind::Smtp => b"220",
    };
    let mut start = vec![0; expected.len()];
    let read = timeout(shared.config.deadlines.tls, opened.stream.read_exact(&mut start)).await;
    match read {
        Err(_) => Err("greeting: the server is silent; is this the right port?".to_owned()),
        Ok(Err(error)) => Err(format!("greeting: the server hung up ({error})")),
        Ok(Ok(_)) if start == expected => Ok(()),
        Ok(Ok(_)) => {
            Err(format!("greeting: this is no {} server; is this the right port?", upstream.target.kind))
        }
    }
}
