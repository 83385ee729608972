//! Log lines on their way to standard error.
//!
//! Whoever reads them may stop: a full pipe must hold up no connection. So lines wait in a queue of bounded length, one
//! thread writes them, and what does not fit is counted and dropped.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Lines that wait, and the thread that writes them.
#[derive(Clone, Debug)]
pub struct Log(Arc<Queue>);

/// Takes one line, in one call, as `tracing_subscriber` gives it.
#[derive(Debug)]
pub struct Line<'a>(&'a Queue);

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Box<[u8]>>,
    /// Of the lines, and of those that are being written.
    bytes: usize,
    /// Lines that found no room since it was last told.
    dropped: u64,
}

impl Log {
    /// Starts the thread that writes to `target`, for as long as the process lives.
    pub fn to(target: impl Write + Send + 'static) -> Self {
        let log = Self(Arc::default());
        let queue = Arc::clone(&log.0);
        // Without a thread all lines are dropped in the end, which is what there is to do then.
        let _ = thread::Builder::new().name("log".to_owned()).spawn(move || queue.write_all(target));
        log
    }

    /// For one line.
    pub fn line(&self) -> Line<'_> {
        Line(&self.0)
    }

    /// Waits until all is written, as long as a reader may take that is still there.
    pub fn finish(&self) {
        let queue = &*self.0;
        let _ = queue.changed.wait_timeout_while(queue.state(), PATIENCE, |state| state.bytes > 0);
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: &[u8]) {
        let mut state = self.state();
        if state.bytes + line.len() > MAX_WAITING {
            state.dropped += 1;
            return;
        }
        state.bytes += line.len();
        state.lines.push_back(line.into());
        self.changed.notify_all();
    }

    fn write_all(&self, mut target: impl Write) {
        loop {
            for line in self.next_lines() {
                // A reader that has gone is no reason to stop serving.
                let _ = target.write_all(&line);
                self.state().bytes -= line.len();
                self.changed.notify_all();
            }
            let dropped = mem::take(&mut self.state().dropped);
            if dropped > 0 {
                tracing::warn!(dropped, "log lines found no room, since nobody read them");
            }
        }
    }

    /// At least one.
    fn next_lines(&self) -> VecDeque<Box<[u8]>> {
        let waiting = self.changed.wait_while(self.state(), |state| state.lines.is_empty());
        mem::take(&mut waiting.unwrap_or_else(PoisonError::into_inner).lines)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.add(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of lines.
const MAX_WAITING: usize = 1024 * 1024;

const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_reader_that_stalls_holds_nobody_up() {
        let (mut reader, writer) = io::pipe().unwrap();
        let log = Log::to(writer);
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        // Twice what the queue and the pipe hold.
        const LINES: usize = 4 * MAX_WAITING / 1024;
        for _ in 0..LINES {
            log.line().write_all(&line).unwrap();
        }
        let dropped = log.0.state().dropped;
        assert!(dropped > 0);
        let mut read = vec![0; 1024 * (LINES - usize::try_from(dropped).unwrap())];
        reader.read_exact(&mut read).unwrap();
        assert!(read.chunks(1024).all(|one| one == line), "whole lines alone");
        log.finish();
        assert_eq!(log.0.state().bytes, 0);
    }

    #[test]
    fn a_reader_that_has_gone_holds_nobody_up() {
        let (reader, writer) = io::pipe().unwrap();
        let log = Log::to(writer);
        drop(reader);
        log.line().write_all(b"gone\n").unwrap();
        log.finish();
        assert_eq!(log.0.state().bytes, 0);
    }
}
