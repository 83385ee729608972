//! Buffers that a connection holds only while bytes are in flight.
//!
//! An idle connection holds none: it takes one to read, and gives it back when nothing is left in it. Those given
//! back wait in their thread, a few at most, so that a busy proxy does not allocate.

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

/// All that one direction of a connection may hold.
pub(super) const CAPACITY: usize = 64 * 1024;

/// Bytes on their way: `filled` are still to be written.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Option<Box<[u8]>>,
    filled: Range<usize>,
}

impl Buffer {
    pub(super) fn is_empty(&self) -> bool {
        self.filled.is_empty()
    }

    #[cfg(test)]
    pub(super) fn is_held(&self) -> bool {
        self.bytes.is_some()
    }

    pub(super) fn filled(&self) -> &[u8] {
        match &self.bytes {
            Some(bytes) => &bytes[self.filled.clone()],
            None => &[],
        }
    }

    /// All of its space, to be written before [`fill`](Self::fill) says what of it counts.
    pub(super) fn space(&mut self) -> &mut [u8] {
        self.bytes.get_or_insert_with(take)
    }

    pub(super) fn fill(&mut self, filled: Range<usize>) {
        self.filled = filled;
        self.release_if_empty();
    }

    /// Reads once into the space from `offset` on and returns how many bytes came, 0 at the end. If none came it holds
    /// nothing; else [`fill`](Self::fill) must say what counts.
    pub(super) fn poll_read(
        &mut self,
        offset: usize,
        reader: &mut (impl AsyncRead + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let mut space = ReadBuf::new(&mut self.space()[offset..]);
        let polled = Pin::new(reader).poll_read(context, &mut space);
        let count = space.filled().len();
        if count == 0 {
            self.clear();
        }
        polled.map_ok(|()| count)
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.filled.start += count;
        self.release_if_empty();
    }

    /// Drops what it holds.
    pub(super) fn clear(&mut self) {
        self.fill(0..0);
    }

    fn release_if_empty(&mut self) {
        if self.filled.is_empty()
            && let Some(bytes) = self.bytes.take()
        {
            give_back(bytes);
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.clear();
    }
}

fn take() -> Box<[u8]> {
    SPARE.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; CAPACITY].into_boxed_slice())
}

fn give_back(bytes: Box<[u8]>) {
    // A thread that is ending has no spare buffers any more; then this one just goes.
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < MAX_SPARE {
            spare.push(bytes);
        }
    });
}

thread_local! {
    static SPARE: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

const MAX_SPARE: usize = 8;
