//! The IMAP server of GNU Mailutils from a folder of its own, as an unprivileged user, on free ports of 127.0.0.1.
//!
//! It knows the users of the system alone, so it runs in a [`namespace`] that has some, and it is [`UNPACKED`], since as
//! an installed package it would start by itself. Written for GNU Mailutils 3.15.

use crate::certificates::{self, Authority, Certificate};
use crate::dovecot::PASSWORD;
use crate::folder::{Folder, Owner};
use crate::imap::Client;
use crate::namespace::{self, InPlaceOf};
use crate::ports;
use crate::process::Server;
use crate::unpacked::{Programs, Unpacked};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A running imap4d. Stopped and removed on drop.
#[derive(Debug)]
pub struct Imap4d {
    // Before the folders: fields are dropped in this order.
    _server: Server,
    _folders: [Folder; 2],
    imap: u16,
    imaps: u16,
    authority: PathBuf,
}

impl Imap4d {
    /// Starts one with these users in it, each with [`PASSWORD`], an inbox and the usual folders, all empty. Waits
    /// until it answers.
    ///
    /// # Errors
    /// Where imap4d is not unpacked, `openssl` is missing, the system allows no user namespaces, or it does not start;
    /// with what it said.
    pub fn start(users: &[&str]) -> io::Result<Self> {
        let owner = Owner::unprivileged()?;
        let folder = Folder::in_memory("imap4d", owner)?;
        let programs_folder = Folder::new("imap4d-programs", owner)?;
        let programs = Programs::copy(&UNPACKED, programs_folder.path())?;

        let tls = folder.path().join("tls");
        owner.make_folder(&tls)?;
        let authority = Authority::new(&tls, "authority")?;
        let certificate = authority.issue("trusted", certificates::LOCALHOST)?;
        authority.give(owner)?;

        write_users(users, folder.path(), owner)?;
        let [imap, imaps] = ports::free()?;
        let file = folder.path().join("settings");
        owner.write(&file, settings(folder.path(), &certificate, imap, imaps).as_bytes())?;

        let etc = folder.path().join("etc");
        let mut command = namespace::command(owner, &[InPlaceOf("/etc", &etc)], &programs.path("imap4d"));
        programs.prepare(&mut command, owner);
        let server = Server::start("imap4d", command.arg("--config-file").arg(file))?;
        for port in [imap, imaps] {
            server.wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())?;
        }
        let authority = authority.file().to_owned();
        let imap4d = Self { _server: server, _folders: [folder, programs_folder], imap, imaps, authority };
        // Listening is not answering: the first greeting is.
        Client::connect(imap4d.imap_address())?;
        Ok(imap4d)
    }

    /// IMAP with STARTTLS; from here also without.
    pub fn imap_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.imap).into()
    }

    /// IMAP over implicit TLS.
    pub fn imaps_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.imaps).into()
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
}

/// Accounts, passwords for each kind of sign-in, and empty mailboxes.
fn write_users(users: &[&str], folder: &Path, owner: Owner) -> io::Result<()> {
    let hash = Command::new("openssl").args(["passwd", "-1", PASSWORD]).output()?;
    let hash = String::from_utf8_lossy(&hash.stdout);
    let (uid, gid, hash) = (owner.uid(), owner.gid(), hash.trim());
    let (mut accounts, mut secrets) = (fs::read_to_string("/etc/passwd")?, String::new());
    for user in users {
        let home = folder.join("mail").join(user);
        accounts += &format!("{user}:{hash}:{uid}:{gid}::{}:/bin/false\n", home.display());
        secrets += &format!("{user}\t{PASSWORD}\n");
        owner.make_folder(&home.join("folders"))?;
        for mailbox in ["inbox", "folders/Drafts", "folders/Sent", "folders/Archive", "folders/Trash"] {
            owner.write(&home.join(mailbox), b"")?;
        }
    }
    let etc = folder.join("etc");
    owner.make_folder(&etc)?;
    owner.write(&etc.join("passwd"), accounts.as_bytes())?;
    owner.write(&etc.join("group"), &fs::read("/etc/group")?)?;
    let file = folder.join("secrets");
    owner.write(&file, secrets.as_bytes())?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

fn settings(folder: &Path, certificate: &Certificate, imap: u16, imaps: u16) -> String {
    let folder = folder.display();
    let (certificate, key) = (certificate.certificate.display(), certificate.key.display());
    format!(
        r#"# One folder, one user, no root.
mode daemon;
foreground yes;
max-children 1000;
logging {{
  syslog no;
}};
tcp-wrappers {{
  enable no;
}};
auth {{
  authentication "generic:system";
  authorization "system";
}};
gsasl {{
  cram-passwd "{folder}/secrets";
  hostname localhost;
  realm localhost;
}};
mailbox {{
  mailbox-pattern "mbox:{folder}/mail/${{user}}/inbox";
  mailbox-type mbox;
}};
namespace personal {{
  prefix "" {{
    directory "$home/folders";
    delimiter "/";
    mailbox-type mbox;
  }};
}};
id-fields (name, version);
tls {{
  ssl-certificate-file "{certificate}";
  ssl-key-file "{key}";
}};
server 127.0.0.1:{imap} {{
  tls-mode ondemand;
  backlog 128;
}};
server 127.0.0.1:{imaps} {{
  tls-mode connection;
  backlog 128;
}};
"#
    )
}

/// The server alone.
pub const UNPACKED: Unpacked = Unpacked {
    name: "imap4d",
    title: "GNU Mailutils' imap4d",
    packages: &["mailutils-imap4d"],
    programs: &["usr/sbin/imap4d"],
    needs: namespace::check,
    without: "POSTERN_WITHOUT_IMAP4D",
};
