//! What would go wrong on the browsers' side: the certificate, who listens where, and which pages may connect.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use rustix::fs::Access;

use super::{Finding, Outcome};
use crate::certificate::{self, Age};
use crate::config::{Config, Listen, Origin};
use crate::listener::is_socket;
use crate::own_tls::OwnTls;
use crate::shared::Shared;
use crate::start_error::StartError;

/// All that is to be said, without connecting to anything.
pub(super) fn findings(shared: &Shared) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(tls) = &shared.own_tls {
        let finding = |outcome| Finding {
            path: "certificate".to_owned(),
            target: tls.file().display().to_string(),
            outcome,
        };
        findings.extend(of_certificate(tls, shared).into_iter().map(finding));
    }
    let target = shared.config.listen.to_string();
    let finding = |words: String| Finding {
        path: "listen".to_owned(),
        target: target.clone(),
        outcome: Outcome::Warning(words),
    };
    findings.extend(of_listening(&shared.config).into_iter().map(finding));
    if let Listen::Unix(path) = &shared.config.listen
        && let Err(source) = of_socket(path)
    {
        let error = StartError::Listen { address: shared.config.listen.clone(), source };
        let outcome = Outcome::Trouble(error.to_string());
        findings.push(Finding { path: "listen".to_owned(), target: target.clone(), outcome });
    }
    findings
}

/// Whether a socket can be made there. One that is there already is most likely that of the proxy that runs.
///
/// # Errors
/// What the system would say.
fn of_socket(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return if is_socket(path) { Ok(()) } else { Err(io::ErrorKind::AddrInUse.into()) };
    }
    // Never empty: a path of `--listen` begins with a slash.
    let folder = path.parent().unwrap_or(path);
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?;
    if folder.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

fn of_certificate(tls: &OwnTls, shared: &Shared) -> Vec<Outcome> {
    let chain = tls.chain();
    let mut outcomes = Vec::new();
    match Age::of(&chain[0], SystemTime::now()) {
        Age::Good => {}
        age @ Age::ExpiresSoon { .. } => outcomes.push(Outcome::Warning(format!("it {age}; renew it"))),
        age @ Age::Expired { .. } => {
            outcomes.push(Outcome::Trouble(format!("it {age}, and browsers refuse it; renew it")));
        }
        age @ Age::NotYet { .. } => outcomes.push(Outcome::Trouble(format!("it {age}"))),
    }
    for origin in shared.config.origins.iter().filter(|origin| origin.is_https()) {
        if !certificate::is_for(&chain[0], origin.host()) {
            outcomes.push(Outcome::Trouble(format!(
                "it is for another name than {origin}, and browsers refuse it; have one made for {}, or \
                 change --origin to the name that people type",
                origin.host()
            )));
        }
    }
    if !shared.authorities.vouch_for(&chain) {
        let words = if chain.len() == 1 {
            "no authority that this system knows vouches for it: if it is not self-signed, give the file with the \
             whole chain (fullchain.pem)"
        } else {
            "no authority that this system knows vouches for its chain; browsers will warn of it unless they know it"
        };
        outcomes.push(Outcome::Warning(words.to_owned()));
    }
    if outcomes.is_empty() {
        outcomes.push(Outcome::Good);
    }
    outcomes
}

/// Settings that are allowed and seldom meant.
fn of_listening(config: &Config) -> Vec<String> {
    let reachable = matches!(&config.listen, Listen::Address(address) if !address.ip().is_loopback());
    let mut words = Vec::new();
    if reachable && config.origins.is_empty() {
        words.push(if config.identity.is_some() { BY_ADDRESS_ALONE } else { IN_THE_CLEAR }.to_owned());
    }
    for origin in config.origins.iter().filter(|origin| !origin.is_https() && !origin.is_loopback()) {
        words.push(format!(
            "{origin}: browsers allow what Postern needs on https:// only; write the https:// address that people type"
        ));
    }
    words.extend(of_web_servers(config));
    words
}

/// Who stands before us, and what that one may say.
fn of_web_servers(config: &Config) -> Vec<String> {
    let Config { trusted_peers, proxy_protocol_from, .. } = config;
    let expected = config.identity.is_none() && config.origins.iter().any(Origin::is_https);
    let named = !trusted_peers.is_empty() || !proxy_protocol_from.is_empty();
    let mut words = Vec::new();
    // Whoever comes by a Unix socket is trusted.
    if expected && !named && matches!(config.listen, Listen::Address(_)) {
        words.push(NOBODY_TRUSTED.to_owned());
    }
    for (setting, ranges) in [("trusted_peers", trusted_peers), ("proxy_protocol_from", proxy_protocol_from)]
    {
        let everyone = ranges.iter().filter(|range| range.is_everything());
        words.extend(everyone.map(|range| {
            format!(
                "{setting} has {range}, so that anyone may claim any address and escape all limits; name the web server alone"
            )
        }));
    }
    words
}

const IN_THE_CLEAR: &str = "other machines can connect, without TLS: passwords cross the network readable. Give \
    --tls-certificate and --tls-key with --origin https://NAME; or --listen 127.0.0.1:8080 behind a web server that does TLS";
const BY_ADDRESS_ALONE: &str =
    "without --origin the page works only where it is opened by IP address; add --origin https://NAME";
const NOBODY_TRUSTED: &str = "a web server that does TLS is expected before this one, and none is trusted: all people share \
    its address and its limits. Name it: --trusted-peer 127.0.0.1";
