//! A Cyrus IMAP from a folder of its own, as an unprivileged user, on free ports of 127.0.0.1.
//!
//! Debian's Cyrus and Dovecot can't be installed together, so this one is [`UNPACKED`] beside the system. Written for
//! Cyrus 3.6.

use crate::certificates::{Authority, Certificate};
use crate::dovecot::PASSWORD;
use crate::folder::{self, Folder, Owner};
use crate::imap::Client;
use crate::process::{self, Server};
use crate::unpacked::{self, Programs, Unpacked};
use crate::{certificates, ports};
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running Cyrus. Stopped and removed on drop.
#[derive(Debug)]
pub struct Cyrus {
    // Before the folders: fields are dropped in this order.
    _server: Server,
    _folders: [Folder; 2],
    ports: Ports,
    authority: PathBuf,
}

/// Where it listens.
#[derive(Debug, Clone, Copy)]
struct Ports {
    imap: u16,
    imaps: u16,
}

impl Cyrus {
    /// Starts one with these users in it, each with [`PASSWORD`], an inbox and the usual folders, all empty. Waits
    /// until it answers.
    ///
    /// # Errors
    /// Where Cyrus is not unpacked or `openssl` is missing, or it does not start; with what it said.
    pub fn start(users: &[&str]) -> io::Result<Self> {
        let owner = Owner::unprivileged()?;
        let folder = Folder::in_memory("cyrus", owner)?;
        let programs_folder = Folder::new("cyrus-programs", owner)?;
        let [imap, imaps] = ports::free()?;
        let ports = Ports { imap, imaps };
        let programs = CyrusPrograms::copy(programs_folder.path(), owner)?;

        let tls = folder.path().join("tls");
        owner.make_folder(&tls)?;
        let authority = Authority::new(&tls, "authority")?;
        let certificate = authority.issue("trusted", certificates::LOCALHOST)?;
        authority.give(owner)?;

        for name in FOLDERS {
            owner.make_folder(&folder.path().join(name))?;
        }
        owner.write(&folder.path().join("imapd.conf"), settings(folder.path(), &certificate).as_bytes())?;
        let services = services(&programs, folder.path(), ports);
        owner.write(&folder.path().join("cyrus.conf"), services.as_bytes())?;
        for user in users {
            programs.add_user(user, &folder.path().join("passwords"), owner)?;
        }

        let server = programs.start(folder.path(), owner)?;
        let authority = authority.file().to_owned();
        let cyrus = Self { _server: server, _folders: [folder, programs_folder], ports, authority };
        // Listening is not answering: the first greeting is.
        Client::connect(cyrus.imap_address())?;
        Ok(cyrus)
    }

    /// Puts some letters into a user's inbox, the last one of two mebibytes.
    ///
    /// # Errors
    /// Where the server does not take them.
    pub fn fill_inbox(&self, user: &str) -> io::Result<()> {
        let mut client = self.other_client(user)?;
        for number in 1..=20 {
            let body =
                if number < 20 { "At four?\r\n".to_owned() } else { "0123456789abcd\r\n".repeat(128 << 10) };
            let letter = format!("From: Ada <ada@example.com>\r\nSubject: Tea {number}\r\n\r\n{body}");
            client.append("INBOX", "", letter.as_bytes())?;
        }
        Ok(())
    }

    /// IMAP with STARTTLS; from here also without.
    pub fn imap_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.imap).into()
    }

    /// IMAP over implicit TLS.
    pub fn imaps_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.imaps).into()
    }

    /// `imaps://localhost:…`, with a certificate that [`Cyrus::authority`] signed.
    pub fn imaps_url(&self) -> String {
        format!("imaps://localhost:{}", self.ports.imaps)
    }

    /// `imap://localhost:…`, with STARTTLS and the same certificate.
    pub fn starttls_url(&self) -> String {
        format!("imap://localhost:{}", self.ports.imap)
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

/// Cyrus's programs, with what SASL is made of in a folder below.
struct CyrusPrograms(Programs);

impl CyrusPrograms {
    fn copy(folder: &Path, owner: Owner) -> io::Result<Self> {
        let programs = Programs::copy(&UNPACKED, folder)?;
        let plugins = folder.join("sasl2");
        owner.make_folder(&plugins)?;
        for libraries in unpacked::libraries(&UNPACKED.folder()?)? {
            if libraries.join("sasl2").is_dir() {
                unpacked::copy_all(&libraries.join("sasl2"), &plugins, |name| name.ends_with(".so"))?;
            }
        }
        Ok(Self(programs))
    }

    fn path(&self, program: &str) -> PathBuf {
        self.0.path(program)
    }

    fn command(&self, mut command: Command, owner: Owner) -> Command {
        self.0.prepare(&mut command, owner);
        command.env("SASL_PATH", self.path("sasl2"));
        command
    }

    fn add_user(&self, user: &str, passwords: &Path, owner: Owner) -> io::Result<()> {
        let mut command = self.command(Command::new(self.path("saslpasswd2")), owner);
        command.args(["-p", "-c", "-u", REALM, "-f"]).arg(passwords).arg(user);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(PASSWORD.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("saslpasswd2: {}", String::from_utf8_lossy(&output.stderr))))
    }

    fn start(&self, folder: &Path, owner: Owner) -> io::Result<Server> {
        let mut command = self.command(process::command(self.path("master")), owner);
        command.arg("-D").arg("-C").arg(folder.join("imapd.conf")).arg("-M").arg(folder.join("cyrus.conf"));
        command.arg("-p").arg(folder.join("pid"));
        let server = Server::start("cyrus", &mut command)?;
        server.wait_for_line(|line| (line == READY).then_some(()))?;
        Ok(server)
    }
}

/// `imapd.conf`.
fn settings(folder: &Path, certificate: &Certificate) -> String {
    let folder = folder.display();
    let (certificate, key) = (certificate.certificate.display(), certificate.key.display());
    let user = folder::user_name(Owner::unprivileged().map_or(0, Owner::uid));
    format!(
        "# One folder, one user, no root.
configdirectory: {folder}/state
defaultpartition: default
partition-default: {folder}/mail
cyrus_user: {user}
servername: {REALM}

tls_server_cert: {certificate}
tls_server_key: {key}
tls_versions: tls1_2 tls1_3
allowplaintext: yes

sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/passwords
sasl_mech_list: PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 CRAM-MD5
# Nobody waits for having guessed wrong.
failedloginpause: 0

unixhierarchysep: yes
altnamespace: yes
conversations: yes
delete_mode: immediate
# In KiB; each user is made at the first sign-in.
autocreate_quota: 1048576
autocreate_post: yes
autocreate_inbox_folders: Drafts|Sent|Archive|Trash
autocreate_subscribe_folders: Drafts|Sent|Archive|Trash
xlist-drafts: Drafts
xlist-sent: Sent
xlist-archive: Archive
xlist-trash: Trash
"
    )
}

/// `cyrus.conf`. An event without a time comes when all services listen: it says so.
fn services(programs: &CyrusPrograms, folder: &Path, ports: Ports) -> String {
    let program =
        |name: &str| format!("{} -C {}/imapd.conf", programs.path(name).display(), folder.display());
    let (recover, imapd, idled) = (program("ctl_cyrusdb"), program("imapd"), program("idled"));
    let Ports { imap, imaps } = ports;
    format!(
        r#"START {{
  recover cmd="{recover} -r"
}}
SERVICES {{
  imap cmd="{imapd}" listen="127.0.0.1:{imap}" proto="tcp4" prefork=0
  imaps cmd="{imapd} -s" listen="127.0.0.1:{imaps}" proto="tcp4" prefork=0
}}
EVENTS {{
  ready cmd="/bin/echo {READY}"
}}
DAEMON {{
  idled cmd="{idled}"
}}
"#
    )
}

/// The server itself, and all of SASL, so that its parts are of one version.
pub const UNPACKED: Unpacked = Unpacked {
    name: "cyrus",
    title: "Cyrus IMAP",
    packages: &[
        "cyrus-imapd",
        "cyrus-common",
        "sasl2-bin",
        "libsasl2-2",
        "libsasl2-modules",
        "libsasl2-modules-db",
    ],
    programs: &[
        "usr/lib/cyrus/bin/master",
        "usr/lib/cyrus/bin/imapd",
        "usr/lib/cyrus/bin/idled",
        "usr/lib/cyrus/bin/ctl_cyrusdb",
        "usr/sbin/saslpasswd2",
    ],
    needs: || Ok(()),
    without: "POSTERN_WITHOUT_CYRUS",
};

/// It makes none of those that it needs at once.
const FOLDERS: [&str; 5] = ["mail", "state/db", "state/socket", "state/proc", "state/lock"];

/// The server's own name is that of the users' realm.
const REALM: &str = "localhost";

const READY: &str = "all services listen";
