//! `cargo xtask bench idle`: ten thousand pages that wait for mail, for as long as asked, and then a drain.
//!
//! Each is signed in and sits in IDLE through the proxy, over TLS to the server, and answers the proxy's pings. None
//! may be lost before the end, and then each must be told to reconnect (1001).
//!
//! The server is a real Dovecot. It gives up the process of each that idles (`imap_hibernate_timeout`): with one of some
//! MB for each, no machine of ours would hold them. A scripted server takes its place where that is asked for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use postern_tests::certificates::Authority;
use postern_tests::folder::{Folder, Owner};
use postern_tests::{Dovecot, Proxy};

use super::descriptors;
use super::load::{Dialogue, Load, Upstream};
use super::proxy::Meter;
use super::table::{Cell, Column, Table};
use crate::{build, tools};

/// To whom they are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Server {
    #[default]
    Dovecot,
    /// `postern-load serve`: every command succeeds.
    Scripted,
}

/// Holds them for so many minutes and says in a table how it went.
///
/// # Errors
/// Where something can't be built or run, or one was lost or not told.
pub(super) fn run(minutes: u64, server: Server) -> io::Result<Table> {
    // Two for each connection of a proxy: where a process may not have as many, two proxies share them.
    let proxies = (2 * PAGES + SPARE).div_ceil(descriptors::raise()?);
    let load = Load::build()?;
    let folder = Folder::new("idle", Owner::unprivileged()?)?;
    let standing = Standing::start(server, &load, folder.path())?;
    let mut proxies = start_proxies(proxies, &folder, &standing)?;

    let before = memory(&proxies)?;
    let urls: Vec<String> = proxies.iter().map(|proxy| format!("{}/imap", proxy.websocket_url())).collect();
    let count = PAGES.to_string();
    let mut words = vec!["idle", &count];
    words.extend(urls.iter().map(String::as_str));
    let start = Instant::now();
    let mut pages = load.start(&words)?;
    let said = pages.line().map_err(|error| {
        let mut log: Vec<String> = proxies.iter().flat_map(Proxy::log).collect();
        log.extend(standing.complaints());
        io::Error::other(format!("{error}; proxies and server said:\n  {}", log.join("\n  ")))
    })?;
    println!("{said} after {:.1} s", start.elapsed().as_secs_f64());
    let each = (memory(&proxies)? - before) / PAGES as f64 / 1024.0;
    let (open, pings, cpu) = hold(&mut pages, &proxies, minutes)?;

    for proxy in &mut proxies {
        proxy.stop()?;
    }
    let ended = pages.line()?;
    println!("{ended}");
    if open != PAGES as f64 || ended != format!("ended {PAGES} told 1001") {
        return Err(io::Error::other(format!("{open} of {PAGES} were left, then {ended}")));
    }
    let title = format!("{PAGES} pages in IDLE at {} for {minutes} minutes, then a drain", server.name());
    let mut table = Table::new(title, &COLUMNS);
    let decimal = |value| Cell::Number { value, decimals: 1 };
    let [lost, told] = [PAGES as f64 - open, PAGES as f64].map(Cell::whole);
    let cells = vec![lost, Cell::whole(pings), told, decimal(each), decimal(cpu)];
    table.row(format!("{} postern, ws to TLS", proxies.len()), cells);
    Ok(table)
}

fn start_proxies(count: usize, folder: &Folder, standing: &Standing) -> io::Result<Vec<Proxy>> {
    let settings = folder.path().join("postern.toml");
    fs::write(&settings, SETTINGS)?;
    let [settings, authority] = [&settings, &standing.authority].map(|path| path.display().to_string());
    let arguments = ["--config", &settings, "--ca-file", &authority, "--imap", &standing.url];
    let postern = build::released_postern()?;
    (0..count).map(|_| Proxy::at(&postern, &arguments)).collect()
}

/// The server, and how it is reached.
struct Standing {
    url: String,
    authority: PathBuf,
    server: (Option<Dovecot>, Option<Upstream>),
    _watches: Option<Watches>,
}

impl Standing {
    fn start(server: Server, load: &Load, folder: &Path) -> io::Result<Self> {
        if server == Server::Dovecot {
            tools::mail_server()?;
            let watches = Watches::allow()?;
            let dovecot = Dovecot::start_with(&[], HIBERNATING)?;
            let (url, authority) = (dovecot.imaps_url(), dovecot.authority().to_owned());
            return Ok(Self { url, authority, server: (Some(dovecot), None), _watches: Some(watches) });
        }
        let authority = Authority::new(folder, "authority")?;
        let certificate = authority.issue("server", "IP:127.0.0.1")?;
        let upstream = load.serve(&certificate.certificate, &certificate.key)?;
        let url = format!("imaps://127.0.0.1:{}", upstream.imaps);
        let authority = authority.file().to_owned();
        Ok(Self { url, authority, server: (None, Some(upstream)), _watches: None })
    }

    /// What went wrong in the server, where it says that.
    fn complaints(&self) -> Vec<String> {
        let log = self.server.0.as_ref().map(Dovecot::log).unwrap_or_default();
        let is_one =
            |line: &String| ["Warning:", "Error:", "Fatal:", "Panic:"].iter().any(|word| line.contains(word));
        log.into_iter().filter(is_one).take(20).collect()
    }
}

impl Server {
    fn name(self) -> &'static str {
        match self {
            Self::Dovecot => "Dovecot",
            Self::Scripted => "a scripted server",
        }
    }
}

/// How many mailboxes one user may have watched (inotify(7)): Dovecot's user watches one for each page. As it was on drop.
struct Watches {
    before: Option<String>,
}

impl Watches {
    fn allow() -> io::Result<Self> {
        let before = fs::read_to_string(WATCHES)?;
        if before.trim().parse::<usize>().is_ok_and(|watches| watches >= PAGES + SPARE) {
            return Ok(Self { before: None });
        }
        fs::write(WATCHES, (PAGES + SPARE).to_string()).map_err(|error| {
            io::Error::other(format!(
                "{WATCHES} must be {} or more ({error}); or add --scripted",
                PAGES + SPARE
            ))
        })?;
        Ok(Self { before: Some(before) })
    }
}

impl Drop for Watches {
    fn drop(&mut self) {
        if let Some(before) = &self.before
            && let Err(error) = fs::write(WATCHES, before)
        {
            eprintln!("{WATCHES}: {error}");
        }
    }
}

/// A look each minute. How many are left at the end, how many pings were answered, and the CPU seconds of each minute.
fn hold(pages: &mut Dialogue, proxies: &[Proxy], minutes: u64) -> io::Result<(f64, f64, f64)> {
    let (start, before) = (Instant::now(), cpu(proxies)?);
    let mut line = pages.ask("how many?")?;
    for minute in 1..=minutes {
        sleep(
            (Duration::from_secs(60) * u32::try_from(minute).unwrap_or(u32::MAX))
                .saturating_sub(start.elapsed()),
        );
        line = pages.ask("how many?")?;
        println!("after {minute} min: {line}");
    }
    let cpu = (cpu(proxies)? - before) / (minutes as f64).max(1.0);
    // `open 10000 pings 240000`
    let mut numbers = line.split(' ').filter_map(|word| word.parse().ok());
    Ok((numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0), cpu))
}

fn memory(proxies: &[Proxy]) -> io::Result<f64> {
    let of = |proxy: &Proxy| Meter::of(proxy.id()).memory().map(|bytes| bytes as f64);
    proxies.iter().map(of).sum()
}

fn cpu(proxies: &[Proxy]) -> io::Result<f64> {
    proxies.iter().map(|proxy| Meter::of(proxy.id()).cpu()).sum()
}

/// All come from one address. The deadlines are those that every proxy has.
const SETTINGS: &str = "\
log = \"warn\"
[limits]
connections_per_address = 10000
starts_per_minute = 1000000
requests_per_address = 1000
";

const COLUMNS: [Column; 5] = [
    Column { key: "lost", head: "lost" },
    Column { key: "pings", head: "pings\nanswered" },
    Column { key: "told", head: "told\n1001" },
    Column { key: "idle", head: "KiB\neach" },
    Column { key: "cpu", head: "CPU s\na minute" },
];

/// Processes that take many connections each, and those that idle without one.
const HIBERNATING: &str = "
default_client_limit = 12000
default_vsz_limit = 2G
imap_hibernate_timeout = 1s
service imap-login {
  service_count = 0
  process_min_avail = 3
  process_limit = 3
  client_limit = 6000
}
service imap {
  service_count = 100
  process_limit = 12000
  unix_listener imap-master {
    mode = 0600
  }
}
service imap-hibernate {
  chroot =
  client_limit = 4000
  process_min_avail = 4
  process_limit = 4
  unix_listener imap-hibernate {
    mode = 0600
  }
}
service anvil {
  client_limit = 30000
}
service auth {
  client_limit = 30000
}
service stats {
  client_limit = 30000
}
";

const WATCHES: &str = "/proc/sys/fs/inotify/max_user_instances";

const PAGES: usize = 10_000;
/// What processes have open for themselves.
const SPARE: usize = 200;
