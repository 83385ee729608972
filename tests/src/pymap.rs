//! A pymap from a folder of its own, as an unprivileged user, on a free port of 127.0.0.1.
//!
//! It comes from PyPI, into a Python folder in the user's cache that `cargo xtask pymap` makes: [`installation`] says
//! where. Mail lies in its memory: of its other backend a message comes back with other line ends. It has STARTTLS
//! alone, and here no TLS at all. Written for pymap 0.36.

use crate::dovecot::PASSWORD;
use crate::folder::{self, Folder, Owner};
use crate::imap::Client;
use crate::ports;
use crate::process::{self, Server};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// A running pymap. Stopped and removed on drop.
#[derive(Debug)]
pub struct Pymap {
    // Before the folder: fields are dropped in this order.
    _server: Server,
    _folder: Folder,
    imap: u16,
}

impl Pymap {
    /// Starts one with these users in it, each with [`PASSWORD`], an inbox and the usual folders, all empty. Waits
    /// until it answers.
    ///
    /// # Errors
    /// Where pymap is not installed, or it does not start; with what it said.
    pub fn start(users: &[&str]) -> io::Result<Self> {
        let owner = Owner::unprivileged()?;
        let folder = Folder::new("pymap", owner)?;
        copy_code(folder.path())?;

        let [imap] = ports::free()?;
        let mut command = process::command(PYTHON);
        command.args(["-c", SCRIPT, &imap.to_string(), PASSWORD]).args(users);
        command.env("PYTHONPATH", folder.path()).current_dir("/");
        owner.run_as(&mut command);
        let server = Server::start("pymap", &mut command)?;
        server.wait_for_line(|line| (line == "READY").then_some(()))?;
        let pymap = Self { _server: server, _folder: folder, imap };
        // Listening is not answering: the first greeting is.
        Client::connect(pymap.imap_address())?;
        Ok(pymap)
    }

    /// IMAP without TLS.
    pub fn imap_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.imap).into()
    }

    /// Signs in as another client of this user would, and returns it.
    ///
    /// # Errors
    /// Where the server does not let it in.
    pub fn other_client(&self, user: &str) -> io::Result<Client> {
        Client::signed_in(self.imap_address(), user, PASSWORD)
    }
}

/// Where its Python folder is, whether or not it is there yet.
///
/// # Errors
/// Where there is no home folder.
pub fn installation() -> io::Result<PathBuf> {
    Ok(folder::cache()?.join("tools").join(REQUIREMENTS[0]))
}

/// Copies pymap and what it needs where the unprivileged user can read it: a home folder is often closed to others.
fn copy_code(to: &Path) -> io::Result<()> {
    let packages = site_packages(&installation()?)?;
    for entry in fs::read_dir(packages)? {
        let entry = entry?;
        if CODE.iter().any(|name| entry.file_name().to_string_lossy().starts_with(name)) {
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// `lib/python3.11/site-packages`, of whichever version.
fn site_packages(installed: &Path) -> io::Result<PathBuf> {
    let missing = || io::Error::other("pymap is not installed (`cargo xtask pymap` does it)");
    let versions = fs::read_dir(installed.join("lib")).map_err(|_| missing())?;
    let mut packages = versions.filter_map(|entry| Some(entry.ok()?.path().join("site-packages")));
    packages.find(|path| path.join("pymap").is_dir()).ok_or_else(missing)
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// What pip installs, to the digit; the first is pymap itself, the others are what it needs.
pub const REQUIREMENTS: [&str; 4] =
    ["pymap==0.36.7", "pysasl==1.2.0", "proxy-protocol==0.11.3", "typing-extensions==4.16.0"];

/// Set where `cargo xtask test` could not get pymap: the tests that need it are left out then.
pub const WITHOUT_PYMAP: &str = "POSTERN_WITHOUT_PYMAP";

/// What the names of their files begin with.
const CODE: [&str; 5] = ["pymap", "pysasl", "proxy_protocol", "proxyprotocol", "typing_extensions"];

/// Debian's: another one may lie in somebody's home folder.
const PYTHON: &str = "/usr/bin/python3";

/// Its users and their mailboxes.
const SCRIPT: &str = include_str!("pymap.py");
