//! A server as a child process: what it says is kept, and it is ended gently.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to say that it is ready, and to end.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running program. Ended on drop.
#[derive(Debug)]
pub struct Server {
    name: String,
    child: Child,
    log: Arc<Log>,
}

/// The lines that a program has written so far.
#[derive(Debug, Default)]
struct Log {
    lines: Mutex<Lines>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Lines {
    all: Vec<String>,
    /// How many of its two streams have ended.
    ended: usize,
}

impl Server {
    /// Starts it, in a process group of its own: Ctrl-C in a terminal must reach us first, and it through us.
    ///
    /// # Errors
    /// Where the program can't be started.
    pub fn start(name: &str, command: &mut Command) -> io::Result<Self> {
        use std::os::unix::process::CommandExt;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().map_err(|error| {
            io::Error::new(error.kind(), format!("{name} can't be started ({command:?}): {error}"))
        })?;
        let log = Arc::new(Log::default());
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let log = Arc::clone(&log);
            thread::spawn(move || log.follow(stream));
        }
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// All that it wrote, line by line, both streams as they came.
    pub fn log(&self) -> Vec<String> {
        self.log.lines.lock().unwrap_or_else(PoisonError::into_inner).all.clone()
    }

    /// Waits until it has written a line in which `find` finds something.
    ///
    /// # Errors
    /// Where it ended, or took longer than [`PATIENCE`]; with what it said.
    pub fn wait_for_line<T>(&self, find: impl Fn(&str) -> Option<T>) -> io::Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut lines = self.log.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = 0;
        loop {
            if let Some(found) = lines.all[seen..].iter().find_map(|line| find(line)) {
                return Ok(found);
            }
            seen = lines.all.len();
            let left = deadline.saturating_duration_since(Instant::now());
            if lines.ended == 2 || left.is_zero() {
                return Err(self.not_ready(&lines));
            }
            let waited = self.log.changed.wait_timeout(lines, left);
            lines = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until something is so that a server shows without a word, such as a socket that takes connections.
    ///
    /// # Errors
    /// Where it ended, or took longer than [`PATIENCE`]; with what it said.
    pub fn wait_until(&self, is_so: impl Fn() -> bool) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            let lines = self.log.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.ended == 2 || Instant::now() > deadline {
                return Err(self.not_ready(&lines));
            }
            drop(lines);
            thread::yield_now();
        }
        Ok(())
    }

    fn not_ready(&self, lines: &Lines) -> io::Error {
        let said = lines.all.join("\n  ");
        let how = if lines.ended == 2 { "ended" } else { "is not ready" };
        io::Error::other(format!("{} {how}. It said:\n  {said}", self.name))
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// Where it can't be asked, or had to be killed after [`PATIENCE`].
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        // Its whole group: Dovecot alone would wait 10 s for those of its processes that have a client.
        signal_group("TERM", self.child.id())?;
        // Its streams end when it does: no need to ask again and again.
        if !self.log.wait_until_ended() {
            self.child.kill()?;
            self.child.wait()?;
            return Err(io::Error::other("did not end by itself and was killed"));
        }
        self.child.wait()
    }
}

/// Ends it at once: whoever wants to see it end well calls [`Server::stop`].
impl Drop for Server {
    fn drop(&mut self) {
        let ended = match self.child.try_wait() {
            Ok(Some(_)) => Ok(()),
            _ => signal_group("KILL", self.child.id()).and_then(|()| self.child.wait().map(drop)),
        };
        if let Err(error) = ended {
            eprintln!("{}: {error}", self.name);
        }
        // Its other processes as well: what they write to is about to be removed.
        self.log.wait_until_ended();
    }
}

impl Log {
    /// Waits until both streams have ended, at most [`PATIENCE`]. Whether they have.
    fn wait_until_ended(&self) -> bool {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(lines, PATIENCE, |lines| lines.ended < 2);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended == 2
    }

    fn follow(&self, stream: impl Read) {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        // Lossy, not `lines()`: a line that is not UTF-8 must not end the log.
        while matches!(stream.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.lines.lock().unwrap_or_else(PoisonError::into_inner).all.push(text);
            self.changed.notify_all();
            line.clear();
        }
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).ended += 1;
        self.changed.notify_all();
    }
}

/// A command that is told to end (SIGTERM) when the thread that starts it does, however that comes: a test that was
/// killed leaves no server behind. So whoever keeps the [`Server`] must start it.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    // Part of util-linux, which every Debian has. `unsafe` alone could do the same from here.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// Sends a signal through the shell's own `kill`: the standard library can only kill one process.
fn signal_group(signal: &str, leader: u32) -> io::Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("kill -s {signal} -- -{leader}")).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("there is no process group {leader}")))
    }
}
