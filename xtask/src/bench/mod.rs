//! `cargo xtask bench`: how fast and how large the parts are, beside their peers, in one run on one machine.
//!
//! Figures of two machines or two runs are not comparable; the ratios in one table are.

mod client;
mod descriptors;
mod idle;
mod load;
mod protocol;
mod proxy;
mod table;

use std::io;
use std::path::PathBuf;

/// What the command line asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Where the table goes as data, beside the terminal.
    json: Option<PathBuf>,
    /// How long the proxy is measured, and which of its peers.
    plan: proxy::Plan,
    /// How long connections are held.
    minutes: Option<u64>,
    /// To whom they are held.
    server: idle::Server,
}

/// Measures what the first word names, and prints one table.
///
/// # Errors
/// Where a word is unknown, or something can't be installed, built or run.
pub(crate) fn run(arguments: &[&str]) -> io::Result<()> {
    let [what, rest @ ..] = arguments else { return Err(io::Error::other(USAGE)) };
    let options = Options::from_arguments(rest)?;
    let table = match *what {
        "protocol" => protocol::run()?,
        "client" => client::run()?,
        "proxy" => proxy::run(&options.plan)?,
        "idle" => idle::run(options.minutes.unwrap_or(10), options.server)?,
        unknown => return Err(io::Error::other(format!("{unknown} is unknown: {USAGE}"))),
    };
    table.give_out(options.json.as_deref())
}

impl Options {
    fn from_arguments(arguments: &[&str]) -> io::Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(&flag) = rest.next() {
            let mut value = || rest.next().copied().ok_or_else(|| io::Error::other(USAGE));
            match flag {
                "--json" => options.json = Some(value()?.into()),
                "--quick" => options.plan.length = proxy::Length::Quick,
                "--only" => options.plan.only.push(value()?.to_owned()),
                "--minutes" => options.minutes = Some(value()?.parse().map_err(io::Error::other)?),
                "--scripted" => options.server = idle::Server::Scripted,
                _ => return Err(io::Error::other(USAGE)),
            }
        }
        Ok(options)
    }
}

const USAGE: &str = "usage: cargo xtask bench protocol [--json FILE]
       cargo xtask bench client [--json FILE]
       cargo xtask bench proxy [--quick] [--only NAME]… [--json FILE]
       cargo xtask bench idle [--minutes 10] [--scripted] [--json FILE]";
