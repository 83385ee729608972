//! A Courier IMAP from a folder of its own, as an unprivileged user, on free ports of 127.0.0.1.
//!
//! Debian's Courier can't be installed beside Dovecot's IMAP, so this one is [`UNPACKED`]. Where its settings and its
//! socket are is compiled into it, so it runs in a [`namespace`]. All mailboxes but the inbox lie under
//! `INBOX.`. Written for Courier-IMAP 5.0.

use crate::certificates::{self, Authority};
use crate::dovecot::PASSWORD;
use crate::folder::{Folder, Owner};
use crate::imap::Client;
use crate::namespace::{self, InPlaceOf};
use crate::ports;
use crate::process::Server;
use crate::unpacked::{Programs, Unpacked};
use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running Courier. Stopped and removed on drop.
#[derive(Debug)]
pub struct Courier {
    // Before the folders: fields are dropped in this order.
    _servers: [Server; 4],
    _folders: [Folder; 2],
    imap: u16,
    imaps: u16,
    authority: PathBuf,
}

impl Courier {
    /// Starts one with these users in it, each with [`PASSWORD`], an inbox and the usual folders, all empty. Waits
    /// until it answers.
    ///
    /// # Errors
    /// Where Courier is not unpacked, `openssl` is missing, the system allows no user namespaces, or it does not start;
    /// with what it said.
    pub fn start(users: &[&str]) -> io::Result<Self> {
        let owner = Owner::unprivileged()?;
        let folder = Folder::in_memory("courier", owner)?;
        let programs_folder = Folder::new("courier-programs", owner)?;
        let programs = Programs::copy(&UNPACKED, programs_folder.path())?;
        let installation = Installation { folder: folder.path(), programs: &programs, owner };
        installation.write(users)?;

        let [imap, imaps] = ports::free()?;
        let (authority, certificate) = installation.make_certificate()?;
        let servers = [
            installation.start_authentication()?,
            installation.start_notification()?,
            installation.listen("imap", imap, &[], &certificate)?,
            installation.listen("imaps", imaps, &["couriertls", "-server", "-tcpd"], &certificate)?,
        ];
        let courier = Self { _servers: servers, _folders: [folder, programs_folder], imap, imaps, authority };
        // Listening is not answering: the first greeting is.
        Client::connect(courier.imap_address())?;
        Ok(courier)
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

/// What its daemons have in common.
struct Installation<'a> {
    folder: &'a Path,
    programs: &'a Programs,
    owner: Owner,
}

impl Installation<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Settings, passwords and empty mailboxes.
    fn write(&self, users: &[&str]) -> io::Result<()> {
        let Self { owner, .. } = *self;
        owner.make_folder(&self.path("etc/courier"))?;
        owner.make_folder(&self.path("run/courier/authdaemon"))?;
        // For STARTTLS it becomes the user `courier`: that is us.
        let (uid, gid) = (owner.uid(), owner.gid());
        let system_users =
            format!("{}courier:x:{uid}:{gid}::/:/bin/false\n", fs::read_to_string("/etc/passwd")?);
        owner.write(&self.path("etc/passwd"), system_users.as_bytes())?;
        owner.write(&self.path("etc/courier/authdaemonrc"), AUTHENTICATION)?;

        let secrets = format!("imappw={}|hmac-md5pw={}", self.password("-md5")?, self.password("-hmac-md5")?);
        let (mut records, mut shadow) = (String::new(), String::new());
        for user in users {
            let mail = self.path("mail").join(user);
            let home = mail.display();
            records += &format!("{user}\tuid={uid}|gid={gid}|home={home}|mail={home}\n");
            shadow += &format!("{user}\t{secrets}\n");
            self.make_mailboxes(&mail)?;
        }
        self.make_database("userdb", &records)?;
        self.make_database("userdbshadow", &shadow)
    }

    /// A Maildir++: folders within it begin with a dot.
    fn make_mailboxes(&self, mail: &Path) -> io::Result<()> {
        let mut subscribed = "INBOX\n".to_owned();
        for name in ["", ".Drafts", ".Sent", ".Archive", ".Trash"] {
            let folder = mail.join(name);
            for part in ["cur", "new", "tmp"] {
                self.owner.make_folder(&folder.join(part))?;
            }
            if !name.is_empty() {
                self.owner.write(&folder.join("maildirfolder"), b"")?;
                subscribed += &format!("INBOX{name}\n");
            }
        }
        self.owner.write(&mail.join("maildirsize"), format!("{QUOTA}S\n").as_bytes())?;
        self.owner.write(&mail.join("courierimapsubscribed"), subscribed.as_bytes())
    }

    /// The password as one of its mechanisms keeps it.
    fn password(&self, how: &str) -> io::Result<String> {
        let mut command = Command::new(self.programs.path("userdbpw"));
        let said = self.run(command.arg(how), format!("{PASSWORD}\n{PASSWORD}\n").as_bytes())?;
        Ok(String::from_utf8_lossy(&said).trim().to_owned())
    }

    /// A file of GDBM, of lines of a key, a tab and a value.
    fn make_database(&self, name: &str, records: &str) -> io::Result<()> {
        let file = |end| self.path("etc/courier").join(format!("{name}.{end}"));
        let mut command = Command::new(self.programs.path("makedatprog"));
        command.arg("-").arg(file("tmp")).arg(file("dat"));
        self.run(&mut command, format!("{records}.\n").as_bytes()).map(drop)
    }

    /// Runs a program to its end: what it said.
    fn run(&self, command: &mut Command, input: &[u8]) -> io::Result<Vec<u8>> {
        self.programs.prepare(command, self.owner);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input)?;
        }
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(io::Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))))
    }

    /// The authority's file, and one with the server's certificate and key.
    fn make_certificate(&self) -> io::Result<(PathBuf, PathBuf)> {
        let folder = self.path("tls");
        self.owner.make_folder(&folder)?;
        let authority = Authority::new(&folder, "authority")?;
        let issued = authority.issue("trusted", certificates::LOCALHOST)?;
        let both = [fs::read(issued.key)?, fs::read(issued.certificate)?].concat();
        let file = folder.join("both.pem");
        self.owner.write(&file, &both)?;
        authority.give(self.owner)?;
        Ok((authority.file().to_owned(), file))
    }

    fn command(&self, program: &str) -> Command {
        let (etc, run) = (self.path("etc"), self.path("run"));
        let folders = [InPlaceOf("/etc", &etc), InPlaceOf("/run", &run)];
        let mut command = namespace::command(self.owner, &folders, &self.programs.path(program));
        self.programs.prepare(&mut command, self.owner);
        command
    }

    fn start_authentication(&self) -> io::Result<Server> {
        let server = Server::start("authdaemond", &mut self.command("authdaemond"))?;
        let socket = self.path("run/courier/authdaemon/socket");
        server.wait_until(|| socket.exists())?;
        Ok(server)
    }

    /// Who tells of changed files: without it, each sign-in waits 2 s for it.
    fn start_notification(&self) -> io::Result<Server> {
        let server =
            Server::start("gam_server", self.command("gam_server").arg("--notimeout").arg(self.client_id()))?;
        server.wait_until(|| {
            fs::read_to_string("/proc/net/unix").is_ok_and(|all| all.contains(&self.client_id()))
        })?;
        Ok(server)
    }

    /// Gamin's sockets have no place in the file system, so that only a name of its own keeps this one apart.
    fn client_id(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn listen(&self, name: &str, port: u16, before: &[&str], certificate: &Path) -> io::Result<Server> {
        let mut command = self.command("couriertcpd");
        command
            .envs(SETTINGS)
            .env("GAM_CLIENT_ID", self.client_id())
            .env("COURIERTLS", self.programs.path("couriertls"))
            .env("TLS_CERTFILE", certificate);
        command.args(["-address=127.0.0.1", "-nodnslookup", "-noidentlookup"]);
        command.args(["-maxprocs=1000", "-maxperip=1000"]).arg(port.to_string());
        // The first is a program, the rest are its arguments.
        let (tls, arguments) = before.split_at(before.len().min(1));
        command.args(tls.iter().map(|program| self.programs.path(program))).args(arguments);
        command.arg(self.programs.path("imaplogin")).arg(self.programs.path("imapd")).arg("Maildir");
        let server = Server::start(name, &mut command)?;
        server.wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())?;
        Ok(server)
    }
}

/// The server itself and whoever lets users in.
pub const UNPACKED: Unpacked = Unpacked {
    name: "courier",
    title: "Courier IMAP",
    packages: &[
        "courier-imap",
        "courier-base",
        "courier-authdaemon",
        "courier-authlib",
        "courier-authlib-userdb",
        "gamin",
    ],
    programs: &[
        "usr/bin/imapd",
        "usr/bin/couriertls",
        "usr/sbin/couriertcpd",
        "usr/sbin/userdbpw",
        "usr/libexec/gam_server",
        "usr/lib/courier/courier/imaplogin",
        "usr/lib/courier/courier-authlib/authdaemond",
        "usr/lib/courier/courier-authlib/makedatprog",
    ],
    needs: namespace::check,
    without: "POSTERN_WITHOUT_COURIER",
};

const AUTHENTICATION: &[u8] = br#"authmodulelist="authuserdb"
daemons=3
authdaemonvar=/run/courier/authdaemon
"#;

/// What Debian's `/etc/courier/imapd` says, with all mechanisms, and news as they come.
const SETTINGS: [(&str, &str); 13] = [
    ("IMAP_CAPABILITY", CAPABILITY),
    ("IMAP_CAPABILITY_TLS", CAPABILITY),
    ("IMAP_ID_FIELDS", "11"),
    ("IMAP_KEYWORDS", "1"),
    ("IMAP_ACL", "1"),
    ("IMAP_ENHANCEDIDLE", "1"),
    ("IMAP_MAILBOX_SANITY_CHECK", "1"),
    ("IMAP_UMASK", "022"),
    ("IMAP_USELOCKS", "1"),
    ("IMAP_TRASHFOLDERNAME", "Trash"),
    ("IMAP_STARTTLS", "YES"),
    ("TLS_VERIFYPEER", "NONE"),
    ("TLS_PROTOCOL", "TLS1.2"),
];

const CAPABILITY: &str = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA \
    AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5 AUTH=CRAM-SHA1 AUTH=CRAM-SHA256 IDLE";

/// In octets: as much as the other servers give.
const QUOTA: u64 = 1 << 30;
