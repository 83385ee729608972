//! `cargo xtask bench protocol`: how fast responses are read into typed values.

mod mail;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::table::{Cell, Column, Table};
use crate::build::target;
use crate::console::step;
use crate::tools;

/// Measures and says so in a table.
///
/// # Errors
/// Where something can't be built or run.
pub(crate) fn run() -> io::Result<Table> {
    let inputs = Inputs::write()?;
    step(
        "Building our reader",
        tools::cargo().args([
            "build",
            "--release",
            "--package",
            "postern-protocol",
            "--example",
            "responses",
        ]),
    )?;
    let mut table = Table::new("Reading IMAP responses", &COLUMNS);
    let program = target().join("release/examples/responses");
    let mut cells = Vec::new();
    for input in [&inputs.lists, &inputs.flags, &inputs.bodies] {
        let run = measure(&program, input, &[])?;
        cells.extend([Cell::whole(run.megabytes_per_second()), Cell::whole(run.responses / run.secs)]);
    }
    cells.push(Cell::Missing);
    table.row("postern", cells);
    table.note("Medians of 7 runs.");
    Ok(table)
}

/// The three files that everybody reads.
struct Inputs {
    lists: PathBuf,
    flags: PathBuf,
    bodies: PathBuf,
}

impl Inputs {
    fn write() -> io::Result<Self> {
        let folder = target().join("bench");
        fs::create_dir_all(&folder)?;
        let file = |name| folder.join(name);
        let inputs =
            Self { lists: file("lists.imap"), flags: file("flags.imap"), bodies: file("bodies.imap") };
        mail::write_lists(&inputs.lists)?;
        mail::write_flags(&inputs.flags)?;
        mail::write_bodies(&inputs.bodies)?;
        Ok(inputs)
    }
}

/// What a program said of one file.
struct Run {
    bytes: f64,
    responses: f64,
    secs: f64,
}

impl Run {
    fn megabytes_per_second(&self) -> f64 {
        self.bytes / self.secs / 1e6
    }
}

fn measure(program: &Path, input: &Path, flags: &[&str]) -> io::Result<Run> {
    let output = Command::new(program).args(["--reps", "7"]).args(flags).arg(input).output()?;
    let said: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
        io::Error::other(format!(
            "{}: {error}: {}",
            program.display(),
            String::from_utf8_lossy(&output.stderr)
        ))
    })?;
    let number = |key: &str| {
        said[key]
            .as_f64()
            .ok_or_else(|| io::Error::other(format!("{} does not tell {key}", program.display())))
    };
    if number("errors")? > 0.0 {
        return Err(io::Error::other(format!(
            "{} can't read {}: {said}",
            program.display(),
            input.display()
        )));
    }
    Ok(Run { bytes: number("bytes")?, responses: number("responses")?, secs: number("secs")? })
}

const COLUMNS: [Column; 7] = [
    Column { key: "lists_mb_per_s", head: "lists\nMB/s" },
    Column { key: "lists_responses_per_s", head: "\nresponses/s" },
    Column { key: "flags_mb_per_s", head: "flags\nMB/s" },
    Column { key: "flags_responses_per_s", head: "\nresponses/s" },
    Column { key: "bodies_mb_per_s", head: "bodies\nMB/s" },
    Column { key: "bodies_responses_per_s", head: "\nresponses/s" },
    Column { key: "lists_held_mb", head: "lists held\nMB" },
];
