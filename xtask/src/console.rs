//! What the person at the terminal sees: one line a step, how long it has taken, what it is doing now.
//!
//! A step's own output goes to a file and is shown only where the step failed. Steps that run at the same time share
//! the one line that changes; each leaves a line of its own when it is done.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Something to do beside something else.
pub(crate) type Job<'a> = Box<dyn FnOnce() -> io::Result<()> + Send + 'a>;

/// Runs jobs at the same time and waits for all of them.
///
/// # Errors
/// The first job's that failed, in their order; the others have run to their end.
pub(crate) fn together<const N: usize>(jobs: [Job<'_>; N]) -> io::Result<()> {
    thread::scope(|scope| {
        let running = jobs.map(|job| scope.spawn(job));
        let ended = running.map(|job| job.join().map_err(|_| io::Error::other("a step panicked"))?);
        ended.into_iter().collect()
    })
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

/// A step under way: on a terminal a part of the line that changes, elsewhere a line now and then.
struct Progress<'a> {
    title: &'a str,
    start: Instant,
    said: Instant,
    terminal: bool,
}

/// The titles of the steps under way, and what each does now.
static UNDER_WAY: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

impl<'a> Progress<'a> {
    fn start(title: &'a str) -> Self {
        let (start, terminal) = (Instant::now(), io::stdout().is_terminal());
        let mut all = under_way();
        all.push((title.to_owned(), String::new()));
        if terminal {
            draw(&all);
        } else {
            println!("{title} …");
        }
        Self { title, start, said: start, terminal }
    }

    fn tick(&mut self, log: &Path) {
        let (elapsed, now) = (seconds(self.start.elapsed()), last_line(log).unwrap_or_default());
        let mut all = under_way();
        if self.terminal {
            if let Some(own) = all.iter_mut().find(|(title, _)| title == self.title) {
                own.1 = format!("{elapsed}  {now}");
            }
            draw(&all);
        } else if self.said.elapsed() >= Duration::from_secs(20) {
            self.said = Instant::now();
            let title = if all.len() > 1 { format!("{}, ", self.title) } else { String::new() };
            println!("  {title}{elapsed}: {now}");
        }
    }

    fn end(self, success: bool) {
        let mut all = under_way();
        all.retain(|(title, _)| title != self.title);
        let start = if self.terminal { CLEAR_LINE } else { "" };
        let word = if success { "done" } else { "FAILED" };
        println!("{start}{}: {word} after {}", self.title, seconds(self.start.elapsed()));
        if self.terminal && !all.is_empty() {
            draw(&all);
        }
    }
}

/// A thread that panicked left at worst a title too many.
fn under_way() -> MutexGuard<'static, Vec<(String, String)>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn draw(under_way: &[(String, String)]) {
    // A terminal that wraps the line could not go back to its start.
    let width = rustix::termios::tcgetwinsize(io::stdout()).map_or(80, |size| usize::from(size.ws_col));
    print!("{CLEAR_LINE}{}", line(under_way, width.max(40) - 1));
    // A terminal that is gone is no reason to stop.
    let _ = io::stdout().flush();
}

/// The line that changes: each step gets its share of the width.
fn line(under_way: &[(String, String)], width: usize) -> String {
    let share = width / under_way.len().max(1) - BETWEEN.len();
    let parts: Vec<String> = under_way
        .iter()
        .map(|(title, now)| format!("{title} … {now}").chars().take(share).collect())
        .collect();
    parts.join(BETWEEN)
}

const CLEAR_LINE: &str = "\r\x1b[K";
const BETWEEN: &str = " | ";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_at_the_same_time_share_the_line() {
        let steps = ["Compiling the client", "Installing packages"]
            .map(|title| (title.to_owned(), "1.0 s  x".repeat(9)));
        for width in [39, 80, 200] {
            for steps in [&steps[..1], &steps] {
                let line = line(steps, width);
                assert!(line.chars().count() <= width, "{line} is wider than {width}");
                assert_eq!(line.matches(" | ").count(), steps.len() - 1);
            }
        }
        assert!(
            line(&steps, 80).contains("Compiling the client")
                && line(&steps, 80).contains("Installing packages")
        );
    }

    #[test]
    fn together_waits_for_all_and_tells_the_first_failure() {
        let ran = Mutex::new(Vec::new());
        let job = |name: &'static str, fails: bool| -> Job<'_> {
            let ran = &ran;
            Box::new(move || {
                ran.lock().unwrap().push(name);
                if fails { Err(io::Error::other(name)) } else { Ok(()) }
            })
        };
        let result = together([job("one", false), job("two", true), job("three", true)]);
        assert_eq!(result.unwrap_err().to_string(), "two");
        assert_eq!(ran.lock().unwrap().len(), 3);
    }
}
