//! A Dovecot from a folder of its own, as an unprivileged user, on free ports of 127.0.0.1.
//!
//! Every user name is let in with [`PASSWORD`] or an [`access_token`](crate::token::access_token), and has its own
//! mailboxes, empty where none were seeded: tests that change mail use a name each, and don't disturb one another.
//! Whatever Dovecot has of IMAP's extensions is on. Written for Dovecot 2.3.

use crate::certificates::{Authority, Certificate};
use crate::folder::{self, Folder, Owner};
use crate::imap::Client;
use crate::process::Server;
use crate::seed::Mailbox;
use crate::{certificates, ports, process, seed, token};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

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
        let configuration = configuration(folder.path(), owner, ports, &tls) + settings;
        owner.write(&folder.path().join("dovecot.conf"), configuration.as_bytes())?;
        let tokens = folder.path().join("tokens");
        token::write_key(&tokens, owner)?;
        owner.write(&folder.path().join("tokens.conf"), token_settings(&tokens).as_bytes())?;
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
        let mut command = process::command("dovecot");
        command.arg("-F").arg("-c").arg(self.folder.path().join("dovecot.conf")).current_dir("/");
        // Debian keeps it where only root looks.
        command.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
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
        let mut client = Client::connect(self.imap_address())?;
        client.login(user, PASSWORD)?;
        Ok(client)
    }

    /// What it logged so far.
    pub fn log(&self) -> Vec<String> {
        self.server.as_ref().map(Server::log).unwrap_or_default()
    }
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

/// How tokens are judged: here, by the key, without asking a provider.
fn token_settings(keys: &Path) -> String {
    format!(
        "introspection_mode = local
local_validation_key_dict = fs:posix:prefix={}/
username_attribute = sub
",
        keys.display()
    )
}

/// All of Dovecot's other settings.
fn configuration(folder: &Path, owner: Owner, ports: Ports, tls: &Tls) -> String {
    let Ports { imap, imaps, untrusted, sieve } = ports;
    let (uid, gid) = (owner.uid(), owner.gid());
    let user = folder::user_name(uid);
    let group = folder::group_name(gid);
    let folder = folder.display();
    let trusted = format!(
        "ssl_cert = <{}\nssl_key = <{}",
        tls.trusted.certificate.display(),
        tls.trusted.key.display()
    );
    let other = format!(
        "ssl_cert = <{}\n  ssl_key = <{}",
        tls.untrusted.certificate.display(),
        tls.untrusted.key.display()
    );
    format!(
        r#"# One folder, one user, no root.
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
protocols = imap sieve
listen = 127.0.0.1

ssl = yes
{trusted}
local {UNTRUSTED_ADDRESS} {{
  {other}
}}
ssl_min_protocol = TLSv1.2

service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  inet_listener imaps_untrusted {{
    address = {UNTRUSTED_ADDRESS}
    port = {untrusted}
    ssl = yes
  }}
}}
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service anvil {{
  chroot =
  # Nobody waits for having guessed wrong.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}

# Anyone, with the one password.
auth_mechanisms = plain login scram-sha-256 scram-sha-1 cram-md5 oauthbearer xoauth2
auth_failure_delay = 0
auth_username_chars =
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {folder}/tokens.conf
}}
passdb {{
  driver = static
  mechanisms = plain login scram-sha-256 scram-sha-1 cram-md5
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}

mail_location = maildir:~/Maildir:UTF-8
mail_max_userip_connections = 1000
# Nothing here outlives the test.
mail_fsync = never

mail_plugins = acl quota
protocol imap {{
  mail_plugins = $mail_plugins imap_acl imap_quota imap_zlib
  imap_metadata = yes
}}
mail_attribute_dict = file:%h/attributes
plugin {{
  acl = vfile
  # A right of everybody's is one that a user may give.
  acl_anyone = allow
  quota = maildir:User
  quota_rule = *:storage=1G
}}

namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \Drafts
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \Sent
    auto = subscribe
  }}
  mailbox Archive {{
    special_use = \Archive
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \Junk
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \Trash
    auto = subscribe
  }}
}}
"#
    )
}

/// Loopback as well, but another address: by it Dovecot knows which certificate to show.
const UNTRUSTED_ADDRESS: &str = "127.0.0.2";
