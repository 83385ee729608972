//! The proxy, `postern`, on a free port.

use crate::dovecot::Dovecot;
use crate::process::{self, Server};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A running proxy. Ended on drop.
#[derive(Debug)]
pub struct Proxy {
    server: Server,
    url: String,
}

impl Proxy {
    /// Starts it with these arguments, on a free port unless they say `--listen`, and waits until it listens.
    ///
    /// # Errors
    /// Where it can't be built or does not start; with what it said.
    pub fn start(arguments: &[impl AsRef<str>]) -> io::Result<Self> {
        Self::at(&binary()?, arguments)
    }

    /// The same of this very program.
    ///
    /// # Errors
    /// Where it does not start; with what it said.
    pub fn at(program: &Path, arguments: &[impl AsRef<str>]) -> io::Result<Self> {
        let mut command = process::command(program);
        let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let server = Server::start("postern", command.args(arguments))?;
        let url = server.wait_for_line(address)?;
        Ok(Self { server, url })
    }

    /// In front of a Dovecot, with three upstreams: the default one over implicit TLS, `starttls`, and
    /// `untrusted`, whose certificate nobody signed that the proxy knows.
    ///
    /// # Errors
    /// As [`Proxy::start`].
    pub fn before(dovecot: &Dovecot, more: &[&str]) -> io::Result<Self> {
        Self::before_at(&binary()?, dovecot, more)
    }

    /// The same of this very program.
    ///
    /// # Errors
    /// As [`Proxy::start`].
    pub fn before_at(program: &Path, dovecot: &Dovecot, more: &[&str]) -> io::Result<Self> {
        let mut arguments = upstreams(dovecot);
        arguments.extend(more.iter().map(|&text| text.to_owned()));
        Self::at(program, &arguments)
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `ws://127.0.0.1:…`, without a slash at the end.
    pub fn websocket_url(&self) -> String {
        self.url.replacen("http", "ws", 1)
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.server.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> Vec<String> {
        self.server.log()
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    /// Where it had to be killed.
    pub fn stop(&mut self) -> io::Result<()> {
        self.server.stop().map(drop)
    }
}

/// The arguments that name a Dovecot's three ways in and its authority.
fn upstreams(dovecot: &Dovecot) -> Vec<String> {
    let mut arguments = Vec::new();
    for upstream in [
        dovecot.imaps_url(),
        format!("starttls={}", dovecot.starttls_url()),
        format!("untrusted={}", dovecot.untrusted_url()),
    ] {
        arguments.extend(["--imap".to_owned(), upstream]);
    }
    arguments.extend(["--ca-file".to_owned(), dovecot.authority().display().to_string()]);
    arguments
}

/// The address in `postern listens on http://…`.
fn address(line: &str) -> Option<String> {
    let (_, url) = line.split_once("postern listens on ")?;
    Some(url.split_whitespace().next()?.trim_end_matches('/').to_owned())
}

/// The program: `POSTERN_BIN`, or built here and now. Cargo gives a test no binary of another package.
fn binary() -> io::Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(path) = std::env::var_os("POSTERN_BIN") {
        return Ok(path.into());
    }
    BUILT.get_or_init(|| build().map_err(|error| error.to_string())).clone().map_err(io::Error::other)
}

fn build() -> io::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "postern-proxy", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
        .status()?;
    if !status.success() {
        return Err(io::Error::other("the proxy can't be built"));
    }
    // This test stands in target/debug/deps, the program in target/debug.
    let own = std::env::current_exe()?;
    let folder = own.ancestors().find(|path| path.ends_with("debug") || path.ends_with("release"));
    folder.map(|path| path.join("postern")).ok_or_else(|| io::Error::other("no target folder"))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn reads_the_address_that_the_proxy_prints() {
        assert_eq!(
            address("postern listens on http://127.0.0.1:8080/"),
            Some("http://127.0.0.1:8080".into())
        );
        assert_eq!(address("warning: no upstream"), None);
    }
}
