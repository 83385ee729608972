//! A Dovecot from a folder of its own, as an unprivileged user, on free ports of 127.0.0.1.
//!
//! Every user name is let in with [`PASSWORD`] or an [`access_token`](crate::token::access_token), and has its own
//! mailboxes, empty where none were seeded: tests that change mail use a name each, and don't disturb one another.
//! Whatever Dovecot has of IMAP's extensions is on. For Dovecot 2.3 and 2.4.

mod settings;
mod version;

use crate::certificates::{Authority, Certificate};
use crate::folder::{Folder, Owner};
use crate::imap::Client;
use crate::process::Server;
use crate::seed::Mailbox;
use crate::{certificates, ports, process, seed, token};
use settings::Settings;
use std::env;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use version::Version;

/// Every user's password.
pub const PASSWORD: &str = "open-sesame";

/// A running Dovecot. Stopped and removed on drop.
#[derive(Debug)]
pub struct Dovecot {
    // Before the folder: fields are dropped in this order.
    server: Option<Server>,
    folder: Folder,
    owner: Owner,
    ports: Ports,
    authority: PathBuf,
}

/// Where it listens.
#[derive(Debug, Clone, Copy)]
struct Ports {
    imap: u16,
    imaps: u16,
    untrusted: u16,
    sieve: u16,
}

impl Dovecot {
    /// Starts one with these users' mail in it, and waits until it answers.
    ///
    /// # Errors
    /// Where Dovecot or `openssl` is missing, or it does not start; with what it said.
    pub fn start(users: &[(&str, &[Mailbox])]) -> io::Result<Self> {
        Self::start_with(users, "")
    }

    /// The same with these lines behind its settings: what stands there again counts anew.
    ///
    /// # Errors
    /// As [`Dovecot::start`].
    pub fn start_with(users: &[(&str, &[Mailbox])], settings: &str) -> io::Result<Self> {
        let owner = Owner::unprivileged()?;
        let folder = Folder::new("dovecot", owner)?;
        let [imap, imaps, untrusted, sieve] = ports::free()?;
        let ports = Ports { imap, imaps, untrusted, sieve };

        let tls = Tls::make(&folder.path().join("tls"), owner)?;
        let own = Settings { folder: folder.path(), owner, ports, tls: &tls };
        own.write(Version::installed()?, settings)?;
        token::write_key(&own.token_keys(), owner)?;
        for (user, mailboxes) in users {
            seed::write_maildir(&folder.path().join("mail").join(user), mailboxes, owner)?;
        }

        let mut dovecot = Self { server: None, folder, owner, ports, authority: tls.authority };
        dovecot.start_again()?;
        Ok(dovecot)
    }

    /// Starts it again on the same ports, with the same mail, after [`Dovecot::stop`].
    ///
    /// # Errors
    /// Where it does not start; with what it said.
    pub fn start_again(&mut self) -> io::Result<()> {
        // A socket that an earlier run left there makes each failed sign-in take 5 s.
        let run = self.folder.path().join("run");
        if run.exists() {
            fs::remove_dir_all(&run)?;
        }
        self.owner.make_folder(&run)?;
        let mut command = process::command(DOVECOT);
        command.arg("-F").arg("-c").arg(settings::file(self.folder.path())).current_dir("/");
        find(&mut command);
        self.owner.run_as(&mut command);
        let server = Server::start("dovecot", &mut command)?;
        server.wait_for_line(|line| line.contains("starting up").then_some(()))?;
        // Listening is not answering: the first greeting is.
        Client::connect(self.imap_address())?;
        self.server = Some(server);
        Ok(())
    }

    /// Stops it: connections end, its ports refuse. The mail stays.
    ///
    /// # Errors
    /// Where it had to be killed.
    pub fn stop(&mut self) -> io::Result<()> {
        self.server.take().map_or(Ok(()), |mut server| server.stop().map(drop))
    }

    /// IMAP with STARTTLS; from here, which is loopback, also without.
    pub fn imap_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.imap).into()
    }

    /// IMAP over implicit TLS.
    pub fn imaps_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.imaps).into()
    }

    /// `imaps://localhost:…`, with a certificate that [`Dovecot::authority`] signed.
    pub fn imaps_url(&self) -> String {
        format!("imaps://localhost:{}", self.ports.imaps)
    }

    /// `imap://localhost:…`, with STARTTLS and the same certificate.
    pub fn starttls_url(&self) -> String {
        format!("imap://localhost:{}", self.ports.imap)
    }

    /// `imaps://…` with the right name but an authority that nobody knows.
    pub fn untrusted_url(&self) -> String {
        format!("imaps://{UNTRUSTED_ADDRESS}:{}", self.ports.untrusted)
    }

    /// `sieve://localhost:…`: `ManageSieve`, which has STARTTLS alone (RFC 5804 section 1.8).
    pub fn sieve_url(&self) -> String {
        format!("sieve://localhost:{}", self.ports.sieve)
    }

    /// The file of the authority to trust.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// Signs in as another client of this user would, and returns it.
    ///
    /// # Errors
    /// Where the server does not let it in.
    pub fn other_client(&self, user: &str) -> io::Result<Client> {
        Client::signed_in(self.imap_address(), user, PASSWORD)
    }

    /// What it logged so far.
    pub fn log(&self) -> Vec<String> {
        self.server.as_ref().map(Server::log).unwrap_or_default()
    }
}

const DOVECOT: &str = "dovecot";

/// Debian keeps it where only root looks.
fn find(command: &mut Command) {
    command.env("PATH", format!("{}:/usr/sbin", env::var("PATH").unwrap_or_default()));
}

/// The files that TLS needs.
struct Tls {
    authority: PathBuf,
    trusted: Certificate,
    untrusted: Certificate,
}

impl Tls {
    fn make(folder: &Path, owner: Owner) -> io::Result<Self> {
        owner.make_folder(folder)?;
        let known = Authority::new(folder, "authority")?;
        let trusted = known.issue("trusted", certificates::LOCALHOST)?;
        let unknown = Authority::new(folder, "unknown-authority")?;
        let untrusted = unknown.issue("untrusted", &format!("IP:{UNTRUSTED_ADDRESS}"))?;
        known.give(owner)?;
        Ok(Self { authority: known.file().to_owned(), trusted, untrusted })
    }
}

/// Loopback as well, but another address: by it Dovecot knows which certificate to show.
const UNTRUSTED_ADDRESS: &str = "127.0.0.2";
