//! Cuts what a server says before TLS into lines. Never looks inside one, never holds more than a bounded
//! number of bytes (security.md S2).

use super::Error;

/// The bytes that were not yet read as a line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
    total: usize,
}

impl Lines {
    /// Adds what arrived.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.total = self.total.saturating_add(bytes.len());
        if self.total > MAX_TOTAL {
            return Err(Error::TooLong);
        }
        self.rest.extend_from_slice(bytes);
        Ok(())
    }

    /// The next whole line without its end. A bare LF ends a line too: some servers send nothing else.
    pub(super) fn next_line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let end = memchr::memchr(b'\n', &self.rest);
        if end.unwrap_or(self.rest.len()) > MAX_LINE {
            return Err(Error::TooLong);
        }
        let Some(end) = end else { return Ok(None) };
        let mut line: Vec<u8> = self.rest.drain(..=end).collect();
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// What arrived of a line that has no end yet.
    pub(super) fn rest(&self) -> &[u8] {
        &self.rest
    }

    /// Whether every byte that arrived was given out as part of a line.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// The longest capability lines in the wild are below 1 KiB.
const MAX_LINE: usize = 8 * 1024;

/// A greeting, a capability list and one answer fit many times.
const MAX_TOTAL: usize = 64 * 1024;
