//! What the person at the terminal sees: one line a step, how long it has taken, what it is doing now.
//!
//! A step's own output goes to a file and is shown only where the step failed.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::root;

/// Runs `command` and shows how it goes. Its output is kept in `target/xtask/`.
///
/// # Errors
/// Where it can't be started or fails; the error has the end of what it printed.
pub(crate) fn step(title: &str, command: &mut Command) -> io::Result<()> {
    let log = log_file(title)?;
    let output = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    let mut progress = Progress::start(title);
    let status = wait(child, || progress.tick(&log))?;
    progress.end(status.success());
    if status.success() { Ok(()) } else { Err(io::Error::other(failure(title, &log, status))) }
}

/// Runs `command` with its output on the terminal, behind a header and before the time that it took.
///
/// # Errors
/// Where it can't be started or fails.
pub(crate) fn aloud(title: &str, command: &mut Command) -> io::Result<()> {
    header(title);
    let start = Instant::now();
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    let word = if status.success() { "done" } else { "FAILED" };
    println!("── {title}: {word} after {}", seconds(start.elapsed()));
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{title}: {status}"))) }
}

/// A line that stands out, for what comes below it.
pub(crate) fn header(title: &str) {
    println!("\n── {title}");
}

/// `3.4 s`, `2 min 5 s`.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..=59 => format!("{:.1} s", time.as_secs_f32()),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// A step under way: on a terminal a line that changes, elsewhere a line now and then.
struct Progress<'a> {
    title: &'a str,
    start: Instant,
    said: Instant,
    terminal: bool,
}

impl<'a> Progress<'a> {
    fn start(title: &'a str) -> Self {
        let (start, terminal) = (Instant::now(), io::stdout().is_terminal());
        if !terminal {
            println!("{title} …");
        }
        Self { title, start, said: start, terminal }
    }

    fn tick(&mut self, log: &Path) {
        let (elapsed, now) = (seconds(self.start.elapsed()), last_line(log).unwrap_or_default());
        if self.terminal {
            print!("\r\x1b[K{} … {elapsed}  \x1b[2m{now}\x1b[0m", self.title);
            // A terminal that is gone is no reason to stop.
            let _ = io::stdout().flush();
        } else if self.said.elapsed() >= Duration::from_secs(20) {
            self.said = Instant::now();
            println!("  {elapsed}: {now}");
        }
    }

    fn end(self, success: bool) {
        let start = if self.terminal { "\r\x1b[K" } else { "" };
        let word = if success { "done" } else { "FAILED" };
        println!("{start}{}: {word} after {}", self.title, seconds(self.start.elapsed()));
    }
}

/// Waits for the child's end, with a call each half second.
fn wait(mut child: Child, mut tick: impl FnMut()) -> io::Result<ExitStatus> {
    let (ended, is_over) = mpsc::channel();
    let waiting = thread::spawn(move || {
        let status = child.wait();
        // Nobody listens any more only where the whole program ends.
        let _ = ended.send(());
        status
    });
    while let Err(RecvTimeoutError::Timeout) = is_over.recv_timeout(Duration::from_millis(500)) {
        tick();
    }
    waiting.join().map_err(|_| io::Error::other("the waiting thread panicked"))?
}

fn log_file(title: &str) -> io::Result<PathBuf> {
    let folder = root().join("target/xtask");
    fs::create_dir_all(&folder)?;
    let name: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    Ok(folder.join(format!("{name}.log")))
}

fn last_line(log: &Path) -> Option<String> {
    let end = tail(log, 400).ok()?;
    let line = end.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|c| !c.is_control()).take(70).collect())
}

fn tail(log: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(bytes)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).into_owned())
}

fn failure(title: &str, log: &Path, status: ExitStatus) -> String {
    let end = tail(log, 6_000).unwrap_or_default();
    format!("{end}\n{title}: {status}. The whole output is in {}", log.display())
}

fn cannot_start(command: &Command, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("can't start {}: {error}", command.get_program().display()))
}
