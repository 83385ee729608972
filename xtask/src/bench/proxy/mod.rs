//! `cargo xtask bench proxy`: the proxy beside its peers, with and without TLS, in one run.
//!
//! Client, proxy and server share one machine, so speeds say as much of it as of the proxy; the CPU seconds of the
//! proxy alone and the ratios within one run are the steadier figures. All traffic stays on 127.0.0.1. What can't be
//! measured in time leaves its cells empty and a word below the table.

mod cores;
mod meter;
mod peers;
mod targets;

use std::collections::BTreeMap;
use std::io;

use cores::Core;
pub(crate) use meter::Meter;
use peers::{Standing, WAYS, Way, World};

use super::descriptors;
use super::table::{Cell, Column, Table};
use crate::console::header;

/// How long to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Length {
    /// So that figures settle: some ten minutes.
    #[default]
    Full,
    /// To see that all of it works, and the orders of magnitude.
    Quick,
}

/// What to measure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) length: Length,
    /// The ways whose names hold one of these; all where there is none.
    pub(crate) only: Vec<String>,
}

/// What was measured of one way, by the column's key.
type Figures = BTreeMap<&'static str, f64>;

/// Measures all of them and says so in one table.
///
/// # Errors
/// Where something can't be installed, built or run.
pub(crate) fn run(plan: &Plan) -> io::Result<Table> {
    let length = plan.length;
    let ways: Vec<Way> = WAYS.into_iter().filter(|way| plan.covers(*way)).collect();
    let descriptors = descriptors::raise()?;
    let world = World::make()?;
    let mut notes = vec![world.footprint()?];
    let mut figures = speeds(&world, &ways, length, &mut notes)?;
    for (&way, figures) in ways.iter().zip(&mut figures) {
        if !matches!(way, Way::Direct { .. }) {
            header(&format!("{}: memory", way.name()));
            match memory(&world, way, &idle_counts(way, descriptors, length)) {
                Ok((memory, refused)) => {
                    figures.extend(memory);
                    notes.extend(refused);
                }
                Err(error) => notes.push(format!("{}: no memory, since {error}", way.name())),
            }
        }
    }

    let mut table = Table::new(title(), &COLUMNS.map(|(column, _)| column));
    for (way, figures) in ways.iter().zip(&figures) {
        let cell = |(column, decimals): (Column, usize)| {
            let figure = figures.get(column.key);
            figure.map_or(Cell::Missing, |&value| Cell::Number { value, decimals })
        };
        table.row(way.name(), COLUMNS.map(cell).to_vec());
    }
    table.note(format!(
        "Medians of {} rounds. CPU and memory are the proxy's own (PSS, its children counted).",
        length.rounds()
    ));
    table.note(format!(
        "Most connections held: {}, since a process may have {descriptors} descriptors here.",
        most(descriptors)
    ));
    for note in notes.into_iter().chain(targets::judge(&ways, &figures)) {
        table.note(note);
    }
    Ok(table)
}

fn title() -> &'static str {
    if Core::is_apart() {
        "Between browser and mail server. In every row client and server have one core, and what is measured another."
    } else {
        "Between browser and mail server, all on the one core of this machine."
    }
}

/// Rounds over all ways in turn, so that whatever else the machine does hits them alike; then the medians. A way that
/// failed in a round is noted and has one round less.
fn speeds(world: &World, ways: &[Way], length: Length, notes: &mut Vec<String>) -> io::Result<Vec<Figures>> {
    let standing = ways.iter().map(|way| way.start(world)).collect::<io::Result<Vec<_>>>()?;
    let mut rounds = vec![Vec::new(); ways.len()];
    for round in 1..=length.rounds() {
        header(&format!("Round {round} of {}", length.rounds()));
        for ((way, standing), rounds) in ways.iter().zip(&standing).zip(&mut rounds) {
            match speed(world, standing, length) {
                Ok(figures) => {
                    println!("{}: {figures:.2?}", way.name());
                    rounds.push(figures);
                }
                Err(error) => notes.push(format!("{}, round {round}: {error}", way.name())),
            }
        }
    }
    Ok(rounds.iter().map(|rounds| medians(rounds)).collect())
}

fn speed(world: &World, standing: &Standing, length: Length) -> io::Result<Figures> {
    let mut figures = Figures::new();
    let bytes = length.bytes();
    for (direction, speed, cost) in [("down", "down", "down_cpu"), ("up", "up", "up_cpu")] {
        let ((seconds, _open), cpu) = metered(standing.meter, || {
            let arguments = [direction, &bytes.to_string(), &standing.url];
            let mut load = Core::Others.run(|| world.load.start(&arguments))?;
            let seconds: f64 = load.line()?.parse().map_err(io::Error::other)?;
            Ok((seconds, load))
        })?;
        figures.insert(speed, bytes as f64 / seconds / 1e6);
        figures.extend(cpu.map(|cpu| (cost, cpu / (bytes as f64 / GIBIBYTE))));
    }
    let [median, tail] =
        Core::Others.run(|| world.load.measure(&["rounds", length.trips(), &standing.url]))?;
    figures.extend([("p50", median), ("p99", tail)]);
    let (starts, cpu) = metered(standing.meter, || {
        let arguments = ["starts", length.seconds(), AT_ONCE, &standing.url];
        let [starts] = Core::Others.run(|| world.load.measure(&arguments))?;
        Ok(starts)
    })?;
    figures.insert("starts", starts);
    let seconds: f64 = length.seconds().parse().unwrap_or(1.0);
    figures.extend(cpu.map(|cpu| ("start_cpu", cpu / (starts * seconds) * 1e3)));
    Ok(figures)
}

/// What `measure` says, and the CPU seconds that it cost the proxy.
fn metered<T>(meter: Option<Meter>, measure: impl FnOnce() -> io::Result<T>) -> io::Result<(T, Option<f64>)> {
    let before = meter.map(Meter::cpu).transpose()?;
    let measured = measure()?;
    let after = meter.map(Meter::cpu).transpose()?;
    Ok((measured, after.zip(before).map(|(after, before)| after - before)))
}

fn medians(rounds: &[Figures]) -> Figures {
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (key, figure) in rounds.iter().flatten() {
        all.entry(key).or_default().push(*figure);
    }
    let median = |mut figures: Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    all.into_iter().map(|(key, figures)| (key, median(figures))).collect()
}

/// Memory while connections are held, of a program that has just started; and a word where it took fewer.
fn memory(world: &World, way: Way, idle: &[(&'static str, usize)]) -> io::Result<(Figures, Option<String>)> {
    let mut figures = Figures::new();
    let mut refused = None;
    for (&(key, count), (bytes, open)) in idle.iter().zip(hold(world, way, "idle", idle)?) {
        figures.insert(key, bytes / open as f64 / 1024.0);
        if open < count {
            refused = Some(format!("{} refuses more than {open}: its figure is at that.", way.name()));
        }
    }
    // It keeps all that comes: a hundred are enough.
    let stalled = if matches!(way, Way::Websockify { .. }) { &STALLED[..1] } else { &STALLED };
    for (&(key, _), (bytes, _)) in stalled.iter().zip(hold(world, way, "stalled", stalled)?) {
        figures.insert(key, bytes / 1024.0 / 1024.0);
    }
    Ok((figures, refused))
}

/// How many idle ones are tried, with the columns' keys.
fn idle_counts(way: Way, descriptors: usize, length: Length) -> Vec<(&'static str, usize)> {
    let few = length == Length::Quick || matches!(way, Way::Websockify { .. });
    let mut counts = vec![("idle_some", SOME)];
    // websockify takes a process for each: it refuses long before.
    if !few {
        counts.push(("idle_most", most(descriptors)));
    }
    counts
}

/// The memory that each number of connections takes beside what the program takes without any, and how many there are.
fn hold(
    world: &World,
    way: Way,
    how: &str,
    counts: &[(&'static str, usize)],
) -> io::Result<Vec<(f64, usize)>> {
    let standing = way.start(world)?;
    let Some(meter) = standing.meter else { return Ok(Vec::new()) };
    let without = meter.settled_memory()?;
    let mut client = Core::Others.run(|| world.load.start(&["hold", how, &standing.url]))?;
    let mut held = Vec::new();
    for (_, count) in counts {
        let open: usize = client.ask(&count.to_string())?.parse().map_err(io::Error::other)?;
        let bytes = meter.settled_memory()?.saturating_sub(without) as f64;
        println!("{open} {how}: {:.1} MiB", bytes / 1024.0 / 1024.0);
        held.push((bytes, open));
    }
    Ok(held)
}

/// Each takes two, and the program has some of its own.
fn most(descriptors: usize) -> usize {
    (descriptors / 2).saturating_sub(100).min(MOST)
}

impl Plan {
    fn covers(&self, way: Way) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| way.name().contains(name))
    }
}

impl Length {
    fn rounds(self) -> usize {
        match self {
            Self::Full => 5,
            Self::Quick => 1,
        }
    }

    /// For each direction. CPU time is told in hundredths of a second, so that less would make it a guess.
    fn bytes(self) -> u64 {
        match self {
            Self::Full => 1 << 30,
            Self::Quick => 512 << 20,
        }
    }

    fn trips(self) -> &'static str {
        match self {
            Self::Full => "5000",
            Self::Quick => "2000",
        }
    }

    /// For opening connections.
    fn seconds(self) -> &'static str {
        match self {
            Self::Full => "1",
            Self::Quick => "0.5",
        }
    }
}

/// With their decimals.
const COLUMNS: [(Column, usize); 12] = [
    (Column { key: "down", head: "down\nMB/s" }, 0),
    (Column { key: "down_cpu", head: "CPU\ns/GiB" }, 2),
    (Column { key: "up", head: "up\nMB/s" }, 0),
    (Column { key: "up_cpu", head: "CPU\ns/GiB" }, 2),
    (Column { key: "p50", head: "20 bytes\np50 us" }, 0),
    (Column { key: "p99", head: "\np99 us" }, 0),
    (Column { key: "starts", head: "starts\nper s" }, 0),
    (Column { key: "start_cpu", head: "CPU\nms each" }, 2),
    (Column { key: "idle_some", head: "idle KiB\nat 1,000" }, 1),
    (Column { key: "idle_most", head: "idle KiB\nat most" }, 1),
    (Column { key: "stalled_100", head: "stalled\n100 MiB" }, 1),
    (Column { key: "stalled_200", head: "stalled\n200 MiB" }, 1),
];

const GIBIBYTE: f64 = (1_u64 << 30) as f64;
/// New connections that are under way together.
const AT_ONCE: &str = "8";
const STALLED: [(&str, usize); 2] = [("stalled_100", 100), ("stalled_200", 200)];
const SOME: usize = 1_000;
const MOST: usize = 10_000;
