//! `cargo xtask bench protocol`: how fast responses are read into typed values, and how large those are.
//!
//! Every reader is a program that reads a file and says in one line of JSON how long it took. The programs take
//! turns, so that whatever else the machine does in the meantime falls on all of them.

pub(super) mod mail;
mod reader;

use std::fs;
use std::io;

use super::table::{Cell, Column, Table};
use crate::build::target;
use crate::console::header;
use reader::{Input, Reader, Run};

/// Builds all readers, lets them read, and makes a table of it.
///
/// # Errors
/// Where something can't be installed, built or run.
pub(crate) fn run() -> io::Result<Table> {
    let readers = reader::build_all()?;
    let inputs = write_inputs()?;
    let mut runs: Vec<Runs> = readers.iter().map(|_| Runs::default()).collect();
    for round in 1..=ROUNDS {
        header(&format!("Round {round} of {ROUNDS}"));
        for (reader, runs) in readers.iter().zip(&mut runs) {
            println!("{}", reader.name);
            for (input, runs) in inputs.iter().zip(&mut runs.read) {
                runs.push(reader.read(input)?);
            }
        }
    }
    for (reader, runs) in readers.iter().zip(&mut runs) {
        runs.held = reader.hold(&inputs[0])?;
    }
    Ok(table(&readers, &runs))
}

/// The three files that everybody reads: what the columns are about.
fn write_inputs() -> io::Result<[Input; 3]> {
    let folder = target().join("bench");
    fs::create_dir_all(&folder)?;
    let inputs = [("lists.imap", 3), ("flags.imap", 51), ("bodies.imap", 51)]
        .map(|(name, reps)| Input { file: folder.join(name), reps });
    mail::write_lists(&inputs[0].file)?;
    mail::write_flags(&inputs[1].file)?;
    mail::write_bodies(&inputs[2].file)?;
    Ok(inputs)
}

/// What one reader showed.
#[derive(Default)]
struct Runs {
    /// For each input, one of every round.
    read: [Vec<Run>; 3],
    /// Peak memory with all answers of the first input held, in bytes.
    held: Option<f64>,
}

impl Runs {
    /// The median in seconds, of which half of the rounds were faster.
    fn seconds(&self, input: usize) -> f64 {
        let mut seconds: Vec<f64> = self.read[input].iter().map(|run| run.secs).collect();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn cells(&self) -> Vec<Cell> {
        let speeds = (0..3).flat_map(|input| {
            let (Run { bytes, responses, .. }, secs) = (&self.read[input][0], self.seconds(input));
            [Cell::whole(bytes / secs / 1e6), Cell::whole(responses / secs)]
        });
        speeds.chain([self.held.map_or(Cell::Missing, |bytes| Cell::whole(bytes / 1e6))]).collect()
    }
}

fn table(readers: &[Reader], runs: &[Runs]) -> Table {
    let mut table = Table::new("Reading IMAP responses into typed values", &COLUMNS);
    for (reader, runs) in readers.iter().zip(runs) {
        table.row(reader.name, runs.cells());
    }
    let of =
        |name: &str| readers.iter().zip(runs).find(|(reader, _)| reader.name == name).map(|(_, runs)| runs);
    let mut ratio = |name: &str, ours: &str, others: &[&str]| {
        let Some(ours) = of(ours) else { return };
        let others: Vec<&Runs> = others.iter().filter_map(|name| of(name)).collect();
        table.row(name, ratios(ours, &others));
    };
    ratio("× the fastest Rust peer", reader::OURS, &reader::RUST_PEERS);
    ratio("wasm × native", reader::OURS_IN_WASM, &[reader::OURS]);
    ratio("wasm × imapflow", reader::OURS_IN_WASM, &[reader::IMAPFLOW]);
    table.note(format!(
        "lists: FETCH (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE) of {} messages; flags: FETCH (UID \
         FLAGS)\nof as many; bodies: FETCH (UID BODY[]). lists held: the process's peak memory with the file and \
         every answer\nof it owned. Medians of {ROUNDS} rounds in which the readers took turns.",
        mail::MESSAGES
    ));
    table
}

/// How many times faster ours is than the fastest of the others, and how many times smaller than the smallest.
fn ratios(ours: &Runs, others: &[&Runs]) -> Vec<Cell> {
    let cell = |value: f64| Cell::Number { value, decimals: 2 };
    let speeds = (0..3).flat_map(|input| {
        let fastest = others.iter().map(|runs| runs.seconds(input)).fold(f64::INFINITY, f64::min);
        [cell(fastest / ours.seconds(input)), Cell::Missing]
    });
    let smallest = others.iter().filter_map(|runs| runs.held).reduce(f64::min);
    let held = ours.held.zip(smallest).map_or(Cell::Missing, |(ours, smallest)| cell(smallest / ours));
    speeds.chain([held]).collect()
}

const ROUNDS: usize = 5;

const COLUMNS: [Column; 7] = [
    Column { key: "lists_mb_per_s", head: "lists\nMB/s" },
    Column { key: "lists_responses_per_s", head: "\nresponses/s" },
    Column { key: "flags_mb_per_s", head: "flags\nMB/s" },
    Column { key: "flags_responses_per_s", head: "\nresponses/s" },
    Column { key: "bodies_mb_per_s", head: "bodies\nMB/s" },
    Column { key: "bodies_responses_per_s", head: "\nresponses/s" },
    Column { key: "lists_held_mb", head: "lists held\nMB" },
];
