//! `cargo xtask bench`: how fast and how large the parts are, beside their peers, in one run on one machine.
//!
//! Figures of two machines or two runs are not comparable; the ratios in one table are.

mod protocol;
mod table;

use std::io;
use std::path::PathBuf;

/// What the command line asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Where the table goes as data, beside the terminal.
    json: Option<PathBuf>,
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
        unknown => return Err(io::Error::other(format!("{unknown} is unknown: {USAGE}"))),
    };
    table.give_out(options.json.as_deref())
}

impl Options {
    fn from_arguments(arguments: &[&str]) -> io::Result<Self> {
        match arguments {
            [] => Ok(Self::default()),
            ["--json", file] => Ok(Self { json: Some(file.into()) }),
            _ => Err(io::Error::other(USAGE)),
        }
    }
}

const USAGE: &str = "usage: cargo xtask bench protocol [--json FILE]";
