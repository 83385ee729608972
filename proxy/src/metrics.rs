//! What `/metrics` tells: figures alone, never an address, a name of a person or a byte of mail.
//!
//! The Prometheus text format, version 0.0.4, written by hand: a dozen counters need no library.

use std::fmt::{self, Display, Write};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::close::Reason;
use crate::config::{Limits, Upstream};
use crate::descriptors;
use crate::limits::Gate;
use crate::own_tls::OwnTls;

/// All counters of one proxy.
#[derive(Debug)]
pub(crate) struct Metrics {
    upstreams: Vec<Arc<UpstreamMetrics>>,
    /// Refused before it was clear which upstream was meant, or whether there is one.
    unplaced: Arc<Tally>,
    /// HTTP connections that were hung up on at a limit.
    pub(crate) requests_refused: Arc<AtomicU64>,
    started: SystemTime,
}

/// The counters of one upstream.
#[derive(Debug)]
pub(crate) struct UpstreamMetrics {
    path: Arc<str>,
    open: AtomicU64,
    pub(crate) traffic: Arc<Traffic>,
    /// From the request until the mail protocol may begin.
    handshakes: Histogram,
    ended: Tally,
    refused: Tally,
}

/// Bytes carried, as they are carried.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) up: AtomicU64,
    pub(crate) down: AtomicU64,
}

/// One count for each reason.
#[derive(Debug)]
struct Tally([AtomicU64; Reason::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::default()))
    }
}

/// Durations, by how many were no longer than each bound.
#[derive(Debug, Default)]
struct Histogram {
    counts: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

/// A relayed connection that is open; dropped, it is not, also by a panic.
#[derive(Debug)]
pub(crate) struct OpenConnection<'a>(&'a UpstreamMetrics);

impl Metrics {
    pub(crate) fn new(upstreams: &[Upstream]) -> Self {
        Self {
            upstreams: upstreams.iter().map(|upstream| UpstreamMetrics::new(upstream.path())).collect(),
            unplaced: Arc::default(),
            requests_refused: Arc::default(),
            started: SystemTime::now(),
        }
    }

    /// The same counters for a configuration that was read again. Those of an upstream that is no more go with it.
    pub(crate) fn for_upstreams(&self, upstreams: &[Upstream]) -> Self {
        let counters = |upstream: &Upstream| {
            let path = upstream.path();
            let known = self.upstreams.iter().find(|known| *known.path == path);
            known.map_or_else(|| UpstreamMetrics::new(path), Arc::clone)
        };
        Self {
            upstreams: upstreams.iter().map(counters).collect(),
            unplaced: Arc::clone(&self.unplaced),
            requests_refused: Arc::clone(&self.requests_refused),
            started: self.started,
        }
    }

    /// By the upstream's index in the configuration.
    pub(crate) fn upstream(&self, index: usize) -> &UpstreamMetrics {
        &self.upstreams[index]
    }

    /// Counts a refusal, of an upstream if one was meant.
    pub(crate) fn refuse(&self, upstream: Option<usize>, reason: Reason) {
        upstream.map_or(&*self.unplaced, |index| &self.upstreams[index].refused).add(reason);
    }

    /// Everything as text.
    pub(crate) fn render(&self, gate: &Gate, limits: &Limits, own_tls: Option<&OwnTls>) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = self.write(&mut text, gate, limits);
        let _ = write_expiry(&mut text, own_tls);
        text
    }

    fn write(&self, text: &mut String, gate: &Gate, limits: &Limits) -> fmt::Result {
        head(text, "postern_build_info", "gauge", "The version that runs.")?;
        writeln!(text, "postern_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))?;
        self.write_connections(text)?;
        self.write_handshakes(text)?;
        head(
            text,
            "postern_http_connections_open",
            "gauge",
            "HTTP connections that are no WebSocket (yet).",
        )?;
        writeln!(text, "postern_http_connections_open {}", gate.requests())?;
        head(text, "postern_http_refusals_total", "counter", "HTTP connections hung up on at a limit.")?;
        writeln!(text, "postern_http_refusals_total {}", self.requests_refused.load(Relaxed))?;
        write_limits(text, limits)?;
        self.write_process(text)
    }

    fn write_connections(&self, text: &mut String) -> fmt::Result {
        head(text, "postern_connections_open", "gauge", "Relayed connections.")?;
        for upstream in &self.upstreams {
            let open = upstream.open.load(Relaxed);
            writeln!(text, "postern_connections_open{{upstream=\"{}\"}} {open}", upstream.path)?;
        }
        head(text, "postern_connections_total", "counter", "Relayed connections that ended, by outcome.")?;
        for upstream in &self.upstreams {
            upstream.ended.write(text, "postern_connections_total", &upstream.path, "outcome")?;
        }
        head(text, "postern_refusals_total", "counter", "WebSockets that were not relayed, by reason.")?;
        self.unplaced.write(text, "postern_refusals_total", "", "reason")?;
        for upstream in &self.upstreams {
            upstream.refused.write(text, "postern_refusals_total", &upstream.path, "reason")?;
        }
        head(text, "postern_bytes_total", "counter", "Bytes carried to the server (up) and from it (down).")?;
        for UpstreamMetrics { path, traffic, .. } in self.upstreams.iter().map(|upstream| &**upstream) {
            for (direction, bytes) in [("up", &traffic.up), ("down", &traffic.down)] {
                let labels = format!("upstream=\"{path}\",direction=\"{direction}\"");
                writeln!(text, "postern_bytes_total{{{labels}}} {}", bytes.load(Relaxed))?;
            }
        }
        Ok(())
    }

    fn write_handshakes(&self, text: &mut String) -> fmt::Result {
        let name = "postern_handshake_seconds";
        head(text, name, "histogram", "Look-up, connect and TLS with the server.")?;
        for UpstreamMetrics { path, handshakes, .. } in self.upstreams.iter().map(|upstream| &**upstream) {
            handshakes.write(text, name, path)?;
        }
        Ok(())
    }

    fn write_process(&self, text: &mut String) -> fmt::Result {
        let started = self.started.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        head(text, "process_start_time_seconds", "gauge", "When it started, since 1970.")?;
        writeln!(text, "process_start_time_seconds {started}")?;
        if let Some(limit) = descriptors::limit() {
            head(text, "process_max_fds", "gauge", "File descriptors that it may open.")?;
            writeln!(text, "process_max_fds {limit}")?;
        }
        // Linux alone tells the rest.
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            head(text, "process_open_fds", "gauge", "File descriptors that are open.")?;
            writeln!(text, "process_open_fds {}", open.count())?;
        }
        if let Some(bytes) = resident_memory() {
            head(text, "process_resident_memory_bytes", "gauge", "Memory.")?;
            writeln!(text, "process_resident_memory_bytes {bytes}")?;
        }
        Ok(())
    }
}

impl UpstreamMetrics {
    fn new(path: String) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            open: AtomicU64::default(),
            traffic: Arc::default(),
            handshakes: Histogram::default(),
            ended: Tally::default(),
            refused: Tally::default(),
        })
    }

    /// The upstream's path, such as `imap/work`.
    pub(crate) fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Counts a connection that reached its server after `handshake`.
    pub(crate) fn open(&self, handshake: Duration) -> OpenConnection<'_> {
        self.handshakes.add(handshake);
        self.open.fetch_add(1, Relaxed);
        OpenConnection(self)
    }
}

impl OpenConnection<'_> {
    /// Where its bytes are counted, with those of the upstream's others.
    pub(crate) fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.0.traffic)
    }

    /// Counts how it ended.
    pub(crate) fn end(self, reason: Reason) {
        self.0.ended.add(reason);
    }
}

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

impl Tally {
    fn add(&self, reason: Reason) {
        self.0[reason as usize].fetch_add(1, Relaxed);
    }

    /// Those that ever happened.
    fn write(&self, text: &mut String, name: &str, upstream: &str, label: &str) -> fmt::Result {
        for reason in Reason::ALL {
            let count = self.0[reason as usize].load(Relaxed);
            if count > 0 {
                writeln!(text, "{name}{{upstream=\"{upstream}\",{label}=\"{}\"}} {count}", reason.label())?;
            }
        }
        Ok(())
    }
}

impl Histogram {
    fn add(&self, duration: Duration) {
        let bucket = BOUNDS.iter().position(|bound| duration.as_secs_f64() <= *bound);
        self.counts[bucket.unwrap_or(BOUNDS.len())].fetch_add(1, Relaxed);
        let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Relaxed);
    }

    fn write(&self, text: &mut String, name: &str, upstream: &str) -> fmt::Result {
        let mut total = 0;
        let mut bucket = |text: &mut String, bound: &dyn Display, count: &AtomicU64| {
            total += count.load(Relaxed);
            writeln!(text, "{name}_bucket{{upstream=\"{upstream}\",le=\"{bound}\"}} {total}")
        };
        for (bound, count) in BOUNDS.iter().zip(&self.counts) {
            bucket(text, bound, count)?;
        }
        bucket(text, &"+Inf", &self.counts[BOUNDS.len()])?;
        let seconds = Duration::from_micros(self.microseconds.load(Relaxed)).as_secs_f64();
        writeln!(text, "{name}_sum{{upstream=\"{upstream}\"}} {seconds}")?;
        writeln!(text, "{name}_count{{upstream=\"{upstream}\"}} {total}")
    }
}

fn write_limits(text: &mut String, limits: &Limits) -> fmt::Result {
    head(text, "postern_limit", "gauge", "What the configuration allows.")?;
    for (name, limit) in [
        ("connections", limits.connections),
        ("connections_per_address", limits.connections_per_address),
        ("starts_per_minute", limits.starts_per_minute as usize),
        ("short_per_minute", limits.short_per_minute as usize),
        ("requests", limits.requests),
        ("requests_per_address", limits.requests_per_address),
        ("discoveries_per_minute", limits.discoveries_per_minute as usize),
    ] {
        writeln!(text, "postern_limit{{limit=\"{name}\"}} {limit}")?;
    }
    Ok(())
}

/// Nothing if a reverse proxy does TLS, or where the certificate never expires.
fn write_expiry(text: &mut String, own_tls: Option<&OwnTls>) -> fmt::Result {
    let Some(not_after) = own_tls.and_then(OwnTls::not_after) else { return Ok(()) };
    let name = "postern_tls_certificate_not_after_seconds";
    head(text, name, "gauge", "When the certificate for browsers expires, since 1970.")?;
    writeln!(text, "{name} {}", not_after.as_secs())
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

/// From the line `VmRSS:     1234 kB`.
fn resident_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// In seconds.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn counts_become_lines() {
        let config = Config::from_arguments(["postern", "--imap", "work=imaps://a.test"]).unwrap();
        let metrics = Metrics::new(&config.upstreams);
        metrics.refuse(None, Reason::UnknownUpstream);
        metrics.refuse(Some(0), Reason::TooFast);
        let upstream = metrics.upstream(0);
        let first = upstream.open(Duration::from_millis(30));
        let _second = upstream.open(Duration::from_secs(60));
        upstream.traffic.down.fetch_add(1234, Relaxed);
        first.end(Reason::Closed);
        let text = metrics.render(&Gate::new(config.limits), &config.limits, None);
        for line in [
            "postern_connections_open{upstream=\"imap/work\"} 1",
            "postern_connections_total{upstream=\"imap/work\",outcome=\"closed\"} 1",
            "postern_refusals_total{upstream=\"\",reason=\"unknown-upstream\"} 1",
            "postern_refusals_total{upstream=\"imap/work\",reason=\"too-fast\"} 1",
            "postern_bytes_total{upstream=\"imap/work\",direction=\"up\"} 0",
            "postern_bytes_total{upstream=\"imap/work\",direction=\"down\"} 1234",
            "postern_handshake_seconds_bucket{upstream=\"imap/work\",le=\"0.025\"} 0",
            "postern_handshake_seconds_bucket{upstream=\"imap/work\",le=\"0.05\"} 1",
            "postern_handshake_seconds_bucket{upstream=\"imap/work\",le=\"10\"} 1",
            "postern_handshake_seconds_bucket{upstream=\"imap/work\",le=\"+Inf\"} 2",
            "postern_handshake_seconds_sum{upstream=\"imap/work\"} 60.03",
            "postern_handshake_seconds_count{upstream=\"imap/work\"} 2",
            "postern_limit{limit=\"connections\"} 10000",
        ] {
            assert!(text.lines().any(|candidate| candidate == line), "{line} not in\n{text}");
        }
    }

    #[test]
    fn no_two_reasons_share_a_label() {
        let mut labels: Vec<_> = Reason::ALL.iter().map(|reason| reason.label()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().enumerate().all(|(index, reason)| *reason as usize == index));
    }
}
