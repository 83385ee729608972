//! What the proxy is to reach, as ratios to its peers in the same run and as memory.

use super::Figures;
use super::peers::Way;

/// One of them.
struct Target {
    what: &'static str,
    key: &'static str,
    ours: Way,
    /// Divided by this one's; else the figure itself.
    peer: Option<Way>,
    limit: Limit,
}

#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// A line for each that was measured: the figure, the limit, whether it is met.
pub(super) fn judge(ways: &[Way], figures: &[Figures]) -> Vec<String> {
    TARGETS.iter().filter_map(|target| target.judge(ways, figures)).collect()
}

impl Target {
    fn judge(&self, ways: &[Way], figures: &[Figures]) -> Option<String> {
        let Self { what, key, ours, peer, limit } = self;
        let figure = |way: Way| {
            let at = ways.iter().position(|other| *other == way)?;
            figures[at].get(key).copied()
        };
        let value = figure(*ours)? / peer.map_or(Some(1.0), figure)?;
        let against = peer.map_or(String::new(), |peer| format!(" / {}", peer.name()));
        let name = format!("{what}: {}{against}", ours.name());
        let (word, number) = limit.words();
        let verdict = if limit.is_met(value) { "met" } else { "NOT MET" };
        Some(format!("{verdict:<8}{value:>7.2}  ({word} {number})  {name}"))
    }
}

impl Limit {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn words(self) -> (&'static str, f64) {
        match self {
            Self::AtMost(limit) => ("at most", limit),
            Self::AtLeast(limit) => ("at least", limit),
        }
    }
}

const BLIND: Way = Way::Postern { wss: false, tls: false };
const TO_TLS: Way = Way::Postern { wss: false, tls: true };
const FROM_TLS: Way = Way::Postern { wss: true, tls: false };
const BOTH_TLS: Way = Way::Postern { wss: true, tls: true };
const HAPROXY_TO_TLS: Way = Way::HaProxy { tls_with_client: false };
const HAPROXY_FROM_TLS: Way = Way::HaProxy { tls_with_client: true };

const fn to(what: &'static str, key: &'static str, ours: Way, peer: Way, limit: Limit) -> Target {
    Target { what, key, ours, peer: Some(peer), limit }
}

const fn alone(what: &'static str, key: &'static str, ours: Way, limit: f64) -> Target {
    Target { what, key, ours, peer: None, limit: Limit::AtMost(limit) }
}

const TARGETS: &[Target] = &[
    to("CPU down", "down_cpu", BLIND, Way::Websocat, Limit::AtMost(0.9)),
    to("CPU up", "up_cpu", BLIND, Way::Websocat, Limit::AtMost(0.7)),
    to("CPU down", "down_cpu", TO_TLS, HAPROXY_TO_TLS, Limit::AtMost(1.3)),
    to("CPU up", "up_cpu", TO_TLS, HAPROXY_TO_TLS, Limit::AtMost(1.3)),
    to("CPU down", "down_cpu", FROM_TLS, HAPROXY_FROM_TLS, Limit::AtMost(1.3)),
    to("CPU up", "up_cpu", FROM_TLS, HAPROXY_FROM_TLS, Limit::AtMost(1.3)),
    to("round trip p50", "p50", TO_TLS, HAPROXY_TO_TLS, Limit::AtMost(1.15)),
    to("round trip p50", "p50", FROM_TLS, HAPROXY_FROM_TLS, Limit::AtMost(1.15)),
    to("download", "down", BLIND, Way::Websocat, Limit::AtLeast(1.1)),
    to("download", "down", TO_TLS, HAPROXY_TO_TLS, Limit::AtLeast(0.8)),
    to("download", "down", FROM_TLS, HAPROXY_FROM_TLS, Limit::AtLeast(0.8)),
    to("upload", "up", BLIND, Way::Websocat, Limit::AtLeast(1.5)),
    to("new connections", "starts", TO_TLS, HAPROXY_TO_TLS, Limit::AtLeast(1.0)),
    to("new connections", "starts", FROM_TLS, HAPROXY_FROM_TLS, Limit::AtLeast(1.0)),
    alone("idle KiB at 1,000", "idle_some", BLIND, 24.0),
    alone("idle KiB at 1,000", "idle_some", TO_TLS, 32.0),
    alone("idle KiB at 1,000", "idle_some", FROM_TLS, 32.0),
    alone("idle KiB at 1,000", "idle_some", BOTH_TLS, 40.0),
    alone("idle KiB at most", "idle_most", BLIND, 24.0),
    alone("idle KiB at most", "idle_most", TO_TLS, 32.0),
    alone("idle KiB at most", "idle_most", FROM_TLS, 32.0),
    alone("idle KiB at most", "idle_most", BOTH_TLS, 40.0),
    alone("100 stalled, MiB", "stalled_100", BLIND, 13.0),
    alone("100 stalled, MiB", "stalled_100", TO_TLS, 13.0),
    alone("100 stalled, MiB", "stalled_100", FROM_TLS, 13.0),
    alone("100 stalled, MiB", "stalled_100", BOTH_TLS, 13.0),
];

#[cfg(test)]
mod tests {
    use super::super::peers::WAYS;
    use super::*;

    fn figures(ours: f64) -> Vec<Figures> {
        let of = |way: &Way| match way {
            Way::Postern { .. } => Figures::from([("down", ours), ("idle_some", ours)]),
            _ => Figures::from([("down", 10.0)]),
        };
        WAYS.iter().map(of).collect()
    }

    /// The line that speaks of the first target with this key.
    fn line(key: &str, ours: f64) -> String {
        let target = TARGETS.iter().find(|target| target.key == key).unwrap();
        target.judge(&WAYS, &figures(ours)).unwrap_or_default()
    }

    #[test]
    fn ratios_and_figures_are_judged() {
        assert!(line("down", 11.5).starts_with("met        1.15  (at least 1.1)"), "{}", line("down", 11.5));
        assert!(line("down", 10.5).starts_with("NOT MET"), "{}", line("down", 10.5));
        assert!(line("idle_some", 23.0).starts_with("met"));
        assert!(line("idle_some", 25.0).starts_with("NOT MET"));
        assert_eq!(line("up_cpu", 1.0), "", "not measured");
    }
}
