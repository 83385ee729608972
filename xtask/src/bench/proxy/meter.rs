//! What a process and its children cost: CPU time and memory, as `/proc` tells it (proc(5)).

use std::fs;
use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A process with its children, and theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    root: u32,
}

impl Meter {
    pub(crate) fn of(root: u32) -> Self {
        Self { root }
    }

    /// CPU seconds so far, of those that have ended as well.
    pub(crate) fn cpu(self) -> io::Result<f64> {
        let ticks: u64 = self.tree()?.iter().map(|process| process.ticks).sum();
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    /// Bytes in memory: a page that several of them share counts once (PSS).
    pub(crate) fn memory(self) -> io::Result<u64> {
        let of = |process: &Process| {
            // One that ended in between holds nothing.
            let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id)).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
            let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            kibibytes.unwrap_or(0) * 1024
        };
        Ok(self.tree()?.iter().map(of).sum())
    }

    /// The same, as soon as it has stopped changing.
    pub(super) fn settled_memory(self) -> io::Result<u64> {
        let deadline = Instant::now() + PATIENCE;
        let mut before = self.memory()?;
        loop {
            sleep(Duration::from_millis(500));
            let now = self.memory()?;
            if now.abs_diff(before) <= now / 200 || Instant::now() > deadline {
                return Ok(now);
            }
            before = now;
        }
    }

    fn tree(self) -> io::Result<Vec<Process>> {
        let mut others: Vec<Process> = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let stat = fs::read_to_string(entry?.path().join("stat"));
            others.extend(stat.ok().as_deref().and_then(Process::parse));
        }
        let mut tree: Vec<Process> = Vec::new();
        let mut parents = vec![self.root];
        while let Some(parent) = parents.pop() {
            tree.extend(others.iter().filter(|process| process.id == parent).copied());
            parents
                .extend(others.iter().filter(|process| process.parent == parent).map(|process| process.id));
        }
        Ok(tree)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: u32,
    parent: u32,
    ticks: u64,
}

impl Process {
    /// Reads `/proc/PID/stat`. The name in its brackets may hold anything.
    fn parse(stat: &str) -> Option<Self> {
        let id = stat.split(' ').next()?.parse().ok()?;
        let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_whitespace().collect();
        // Own time and that of children that were waited for: utime, stime, cutime, cstime.
        let ticks = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
        Some(Self { id, parent: fields.get(1)?.parse().ok()?, ticks })
    }
}

/// Always, on Linux, for those who read it in `/proc`.
const TICKS_PER_SECOND: f64 = 100.0;

const PATIENCE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line() {
        let line = "42 (a ) b) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 1 0 5 6 7";
        assert_eq!(Process::parse(line), Some(Process { id: 42, parent: 7, ticks: 124 }));
    }

    #[test]
    fn this_process_costs_something() {
        let meter = Meter::of(std::process::id());
        assert!(meter.memory().unwrap() > 100_000);
        assert!(meter.cpu().unwrap() < 1e6);
    }
}
