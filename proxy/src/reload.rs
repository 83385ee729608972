//! Takes in a changed configuration while the proxy runs: what begins from then on follows it, what is open goes on as it
//! began. Files that are of no use change nothing.

use std::sync::Arc;

use crate::config::Config;
use crate::shared::{Current, Kept, prepare};
use crate::start_error::StartError;

/// Changes the configuration of a [`Server`](crate::server::Server) that runs.
#[derive(Clone, Debug)]
pub struct Reloader(pub(crate) Arc<Current>);

impl Reloader {
    /// Reads the files that the configuration names, and serves by it from now on. Counts go on, of limits and in
    /// `/metrics`. What takes a restart stays as it is, and the log says so.
    ///
    /// # Errors
    /// What would keep a proxy from starting. The configuration before it then goes on to serve.
    pub fn reload(&self, mut config: Config) -> Result<(), StartError> {
        let old = self.0.get();
        let fixed = fixed(&mut config, &old.config);
        let kept = Kept {
            gate: Arc::clone(&old.gate),
            metrics: old.metrics.for_upstreams(&config.upstreams),
            draining: Arc::clone(&old.draining),
            stop: old.stop.clone(),
        };
        let limits = config.limits;
        let shared = prepare(config, kept)?;
        shared.gate.set_limits(limits);
        shared.log_upstreams();
        if let Some(tls) = &shared.own_tls {
            tls.warn_of_expiry();
        }
        self.0.set(shared);
        tracing::info!("the configuration was read again; connections that are open go on as they began");
        for setting in fixed {
            tracing::warn!(setting, "this takes a restart; it stays as it was");
        }
        Ok(())
    }
}

/// Puts back what can't change while the process runs, and names what would have changed.
fn fixed(new: &mut Config, old: &Config) -> Vec<&'static str> {
    let mut names = Vec::new();
    if new.listen != old.listen {
        names.push("listen");
        new.listen = old.listen.clone();
    }
    if new.log != old.log {
        names.push("log");
        new.log = old.log.clone();
    }
    if new.log_format != old.log_format {
        names.push("log_format");
        new.log_format = old.log_format;
    }
    names
}
