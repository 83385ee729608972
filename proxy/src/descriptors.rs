//! File descriptors: each relayed connection takes two, and most systems start a process with 1,024 of them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Limits;

/// Raises this process's limit as far as the system lets it, reports it in the log, and warns where it is less than
/// the connections that `limits` allows would need.
pub fn raise_limit(limits: &Limits) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: maximum, maximum };
    let limit = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of file descriptors stays as it is");
            current
        }
    };
    let needed = needed(limits);
    match limit {
        Some(limit) if limit < needed => tracing::warn!(
            limit,
            needed,
            "fewer file descriptors than [limits] may need; raise the hard limit (LimitNOFILE=, ulimit -n)"
        ),
        _ => tracing::info!(limit, needed, "file descriptors"),
    }
}

/// How many this process may open; `None` without a limit.
pub(crate) fn limit() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// One for the browser and one for the server, one for each HTTP connection, and some for the process itself.
fn needed(limits: &Limits) -> u64 {
    2 * limits.connections as u64 + limits.requests as u64 + OWN
}

const OWN: u64 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_as_high_as_it_may_be() {
        raise_limit(&Limits::default());
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(current, maximum);
    }
}
