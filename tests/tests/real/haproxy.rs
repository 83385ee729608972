//! Two proxies behind HAProxy, by the snippet that a self-hoster copies: one goes, the pages move to the other and
//! lose nothing. The proxy keeps no state; that is what this shows.

use crate::account::Account;
use postern_engine::border::{DownloadId, Intent, ListState, Session};
use postern_tests::folder::{Folder, Owner};
use postern_tests::process::{self, Server};
use postern_tests::{Dovecot, Proxy, ports, seed};
use std::fs;

/// One of them says that it drains, and stops; the other one is killed without a word.
///
/// More than one thread, because the pages must go on while the test waits for a proxy's end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_drains_the_other_dies_and_the_pages_lose_nothing() {
    let dovecot = Dovecot::start(&[(seed::USER, &seed::person(seed::now()))]).unwrap();
    let mut cluster = Cluster::before(&dovecot);
    let mut idle = Vec::new();
    for user in ["ada", "bea", "cy"] {
        let mut account = Account::signed_in_at(&cluster.origin, None, user).await;
        account.open("INBOX").await;
        idle.push((user, account));
    }
    let mut robin = Account::signed_in_at(&cluster.origin, None, seed::USER).await;
    start_download(&mut robin).await;

    cluster.drain_a();
    for (user, account) in &mut idle {
        check_news(&dovecot, user, account, "While one drained").await;
    }
    finish_download(&mut robin).await;
    cluster.start_a();

    for (_, account) in &mut idle {
        let message = account.row("While one drained").id;
        // On its way to the server, or not yet.
        account.ask(Intent::SetFlags { messages: vec![message], seen: None, flagged: Some(true) });
    }
    cluster.kill_b();
    for (user, account) in &mut idle {
        check_news(&dovecot, user, account, "After one died").await;
        check_flagged(&dovecot, user, account).await;
    }
    cluster.start_b();
    Account::signed_in_at(&cluster.origin, None, "dee").await;
}

/// Mail that arrives now is shown, and what was there before still is.
async fn check_news(dovecot: &Dovecot, user: &str, account: &mut Account, subject: &str) {
    let before = account.view.list().len();
    let letter = format!("From: Ada <ada@example.com>\r\nSubject: {subject}\r\n\r\nStill here?\r\n");
    dovecot.other_client(user).unwrap().append("INBOX", "", letter.as_bytes()).unwrap();
    account
        .until(&format!("{subject:?} for {user}"), |view| {
            view.sessions.last() == Some(&Session::Online)
                && view.list_state == Some(ListState::Ready)
                && view.list().len() == before + 1
                && view.rows.iter().flatten().any(|row| row.subject == subject)
        })
        .await;
}

/// What was asked for before the proxy died has been done.
async fn check_flagged(dovecot: &Dovecot, user: &str, account: &mut Account) {
    let mut other = dovecot.other_client(user).unwrap();
    other.command("SELECT INBOX").unwrap();
    account
        .until("the flag on the server", |_| {
            other.command("FETCH 1 FLAGS").unwrap().join("\n").contains(r"\Flagged")
        })
        .await;
}

/// The first bytes of the large attachment arrive; since nobody takes them, the rest stays behind.
async fn start_download(robin: &mut Account) {
    let inbox = robin.open("INBOX").await;
    let rows = robin.rows(inbox).await;
    let row = rows.iter().find(|row| row.subject == "Point cloud of the hillside").unwrap();
    let part = robin.read(row).await.attachments[0].part.clone();
    robin.ask(Intent::Download { download: DOWNLOAD, message: row.id, part });
    robin.until("its first bytes", |view| view.downloads.contains_key(&DOWNLOAD)).await;
}

/// Takes the rest, which must go on where it stopped.
async fn finish_download(robin: &mut Account) {
    let mut taken = 0;
    loop {
        let download = &robin.view.downloads[&DOWNLOAD];
        if let Some(end) = &download.end {
            assert_eq!(end, &Ok(()));
            // Not `assert_eq!`: nobody wants to read 25 MB.
            assert!(
                download.bytes == seed::large_file(),
                "{} bytes, not the right ones",
                download.bytes.len()
            );
            return;
        }
        let bytes = download.bytes.len() - taken;
        robin.ask(Intent::DownloadTaken { download: DOWNLOAD, bytes: u32::try_from(bytes).unwrap() });
        taken += bytes;
        robin
            .until("more of it", |view| {
                let download = &view.downloads[&DOWNLOAD];
                download.bytes.len() > taken || download.end.is_some()
            })
            .await;
    }
}

/// HAProxy and what stands behind it. The fields are dropped in this order.
struct Cluster {
    haproxy: Server,
    a: Option<Proxy>,
    b: Option<Proxy>,
    ports: [u16; 2],
    arguments: Vec<String>,
    /// Where pages come in.
    origin: String,
    _folder: Folder,
}

impl Cluster {
    fn before(dovecot: &Dovecot) -> Self {
        let folder = Folder::new("haproxy", Owner::unprivileged().unwrap()).unwrap();
        let [front, a, b] = ports::free().unwrap();
        let settings = folder.path().join("postern.toml");
        fs::write(&settings, SETTINGS).unwrap();
        let configuration = folder.path().join("haproxy.cfg");
        fs::write(&configuration, snippet(front, a, b)).unwrap();
        let authority = dovecot.authority().display().to_string();
        let settings = settings.display().to_string();
        let arguments = ["--config", &settings, "--imap", &dovecot.imaps_url(), "--ca-file", &authority]
            .map(str::to_owned);
        let [first, second] = [a, b].map(|port| Some(start(&arguments, port)));

        let mut command = process::command("haproxy");
        command.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
        let haproxy = Server::start("haproxy", command.args(["-W", "-f"]).arg(configuration)).unwrap();
        haproxy.wait_for_line(|line| line.contains("Loading success").then_some(())).unwrap();
        let origin = format!("http://127.0.0.1:{front}");
        let (ports, arguments) = ([a, b], arguments.to_vec());
        Self { haproxy, a: first, b: second, ports, arguments, origin, _folder: folder }
    }

    /// Ends the first one as a service manager does. It has told whom it carried.
    fn drain_a(&mut self) {
        let mut a = self.a.take().unwrap();
        a.stop().unwrap();
        let told = a.log().iter().filter(|line| line.contains("going-away")).count();
        assert!(told > 0, "it carried nobody: {:?}", a.log());
    }

    /// It comes back, and HAProxy has seen both.
    fn start_a(&mut self) {
        self.wait_for("Server postern/a is DOWN");
        self.a = Some(start(&self.arguments, self.ports[0]));
        self.wait_for("Server postern/a is UP");
    }

    /// Ends the second one, which then carries all, as a power cut does.
    fn kill_b(&mut self) {
        drop(self.b.take().unwrap());
        self.wait_for("Server postern/b is DOWN");
    }

    fn start_b(&mut self) {
        self.b = Some(start(&self.arguments, self.ports[1]));
        self.wait_for("Server postern/b is UP");
    }

    fn wait_for(&self, words: &str) {
        self.haproxy.wait_for_line(|line| line.contains(words).then_some(())).unwrap();
    }
}

fn start(arguments: &[String], port: u16) -> Proxy {
    let listen = format!("127.0.0.1:{port}");
    let arguments = [arguments, &["--listen".to_owned(), listen]].concat();
    Proxy::start(&arguments).unwrap()
}

/// What `deploy/` has, at ports of this machine and without the TLS that needs a certificate.
fn snippet(front: u16, a: u16, b: u16) -> String {
    let text = include_str!("../../../deploy/reverse-proxy/haproxy.cfg").to_owned();
    let replaced = [
        (
            "bind :443 ssl crt /etc/haproxy/mail.example.com.pem alpn h2,http/1.1",
            format!("bind 127.0.0.1:{front}"),
        ),
        ("    bind :80\n", String::new()),
        ("    http-request redirect scheme https unless { ssl_fc }\n", String::new()),
        ("server a 127.0.0.1:8080", format!("server a 127.0.0.1:{a}")),
        ("server b 127.0.0.1:8081", format!("server b 127.0.0.1:{b}")),
        // So that nobody waits.
        ("inter 1s", "inter 100ms".to_owned()),
    ];
    replaced.iter().fold(text, |text, (theirs, ours)| {
        assert!(text.contains(theirs), "the snippet has no {theirs}");
        text.replace(theirs, ours)
    })
}

/// As the snippet asks for, with less patience.
const SETTINGS: &str = r#"
trusted_peers = ["127.0.0.1"]
[deadlines]
notice = 1
"#;

const DOWNLOAD: DownloadId = DownloadId(7);
