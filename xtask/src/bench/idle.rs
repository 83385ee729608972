//! `cargo xtask bench idle`: ten thousand pages that wait for mail, for as long as asked, and then a drain.
//!
//! Each is signed in and sits in IDLE through the proxy, over TLS to the server, and answers the proxy's pings. None
//! may be lost before the end, and then each must be told to reconnect (1001). The server is a scripted one: Dovecot
//! takes a process of some MB for each that idles.

use std::fs;
use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use postern_tests::Proxy;
use postern_tests::certificates::Authority;
use postern_tests::folder::{Folder, Owner};

use super::descriptors;
use super::load::{Dialogue, Load};
use super::proxy::Meter;
use super::table::{Cell, Column, Table};
use crate::build;

/// Holds them for so many minutes and says in a table how it went.
///
/// # Errors
/// Where something can't be built or run, or one was lost or not told.
pub(crate) fn run(minutes: u64) -> io::Result<Table> {
    // Two for each connection of a proxy: where a process may not have as many, two proxies share them.
    let proxies = (2 * PAGES + SPARE).div_ceil(descriptors::raise()?);
    let (load, postern) = (Load::build()?, build::postern()?);
    let folder = Folder::new("idle", Owner::unprivileged()?)?;
    let authority = Authority::new(folder.path(), "authority")?;
    let certificate = authority.issue("server", "IP:127.0.0.1")?;
    let upstream = load.serve(&certificate.certificate, &certificate.key)?;
    let settings = folder.path().join("postern.toml");
    fs::write(&settings, SETTINGS)?;
    let imaps = format!("imaps://127.0.0.1:{}", upstream.imaps);
    let [settings, authority] = [&settings, authority.file()].map(|path| path.display().to_string());
    let arguments = ["--config", &settings, "--ca-file", &authority, "--imap", &imaps];
    let mut proxies =
        (0..proxies).map(|_| Proxy::at(&postern, &arguments)).collect::<io::Result<Vec<_>>>()?;

    let before = memory(&proxies)?;
    let urls: Vec<String> = proxies.iter().map(|proxy| format!("{}/imap", proxy.websocket_url())).collect();
    let count = PAGES.to_string();
    let mut words = vec!["idle", &count];
    words.extend(urls.iter().map(String::as_str));
    let start = Instant::now();
    let mut pages = load.start(&words)?;
    let said = pages.line().map_err(|error| {
        let log: Vec<String> = proxies.iter().flat_map(Proxy::log).collect();
        io::Error::other(format!("{error}; the proxies said:\n  {}", log.join("\n  ")))
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
    let mut table =
        Table::new(format!("{PAGES} pages in IDLE for {minutes} minutes, then a drain"), &COLUMNS);
    let lost = PAGES as f64 - open;
    let decimal = |value| Cell::Number { value, decimals: 1 };
    let cells =
        vec![Cell::whole(lost), Cell::whole(pings), Cell::whole(PAGES as f64), decimal(each), decimal(cpu)];
    table.row(format!("{} postern, ws to TLS", proxies.len()), cells);
    Ok(table)
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

const PAGES: usize = 10_000;
/// What processes have open for themselves.
const SPARE: usize = 200;
