//! `cargo xtask bench client`: how fast messages become JavaScript's, through the npm package in Chromium.
//!
//! The server stands in the same page and repeats what a file holds: nothing is measured but the client.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::protocol::mail;
use super::table::{Cell, Column, Table};
use crate::build::{self, target};
use crate::console::header;
use crate::root;

/// Builds the package, lets Chromium read with it, and makes a table of it.
///
/// # Errors
/// Where something can't be installed, built or run.
pub(crate) fn run() -> io::Result<Table> {
    build::wasm()?;
    let folder = target().join("bench");
    fs::create_dir_all(&folder)?;
    let (lists, flags) = (folder.join("lists.imap"), folder.join("flags.imap"));
    mail::write_lists(&lists)?;
    mail::write_flags(&flags)?;
    header("Reading in Chromium");
    let mut table = Table::new("Messages through ImapClient in Chromium", &COLUMNS);
    table.row("flags, envelope, structure, date, size", cells(&measure(&lists, &[])?)?);
    table.row("flags alone", cells(&measure(&flags, &["--flags"])?)?);
    table.note(format!("{} messages each; medians of {REPS} runs in one page.", mail::MESSAGES));
    Ok(table)
}

fn measure(file: &Path, flags: &[&str]) -> io::Result<Value> {
    let mut node = Command::new("node");
    node.arg(root().join("xtask/peers/browser/measure.mjs")).arg(root().join("client-wasm/pkg"));
    let output = node.args(["--reps", REPS]).args(flags).arg(file).output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| io::Error::other(format!("{error}: {}", String::from_utf8_lossy(&output.stderr))))
}

fn cells(said: &Value) -> io::Result<Vec<Cell>> {
    let number = |key: &str| {
        said[key].as_f64().ok_or_else(|| io::Error::other(format!("measure.mjs gave no {key}: {said}")))
    };
    let (messages, seconds, memory) = (number("messages")?, number("secs")?, number("memory")?);
    // Only where the system tells what processes take.
    let processor = said["processor"].as_f64();
    if messages != f64::from(mail::MESSAGES) {
        return Err(io::Error::other(format!("messages are missing: {said}")));
    }
    Ok(vec![
        Cell::Number { value: seconds, decimals: 2 },
        processor.map_or(Cell::Missing, |value| Cell::Number { value, decimals: 2 }),
        Cell::Number { value: seconds / messages * 1e6, decimals: 1 },
        Cell::Number { value: memory / 1e6, decimals: 1 },
    ])
}

const REPS: &str = "5";

const COLUMNS: [Column; 4] = [
    Column { key: "seconds", head: "seconds" },
    Column { key: "processor_seconds", head: "processor\nseconds" },
    Column { key: "microseconds_per_message", head: "µs a\nmessage" },
    Column { key: "memory_mb", head: "module's\nMB" },
];
