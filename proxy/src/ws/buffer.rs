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

use super::frame::MAX_HEADER;

/// All that one direction of a connection may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// 60 KiB: one segment where the MTU is 64 KiB, as between programs of one machine. 64 KiB would be one and a few
    /// bytes, which cost a third of the CPU time.
    Segment,
    /// Three records of TLS as they are read, and the header of a frame. Of a fourth that does not fit rustls would
    /// hold the rest.
    Records,
}

/// Bytes on their way: `filled` are still to be written.
#[derive(Debug)]
pub(super) struct Buffer {
    capacity: Capacity,
    bytes: Option<Box<[u8]>>,
    filled: Range<usize>,
}

impl Buffer {
    pub(super) fn new(capacity: Capacity) -> Self {
        Self { capacity, bytes: None, filled: 0..0 }
    }

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
        self.bytes.get_or_insert_with(|| take(self.capacity))
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
            give_back(self.capacity, bytes);
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Capacity {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Segment => 60 * 1024,
            // RFC 8446 section 5.1.
            Self::Records => MAX_HEADER + 3 * 16 * 1024,
        }
    }
}

fn take(capacity: Capacity) -> Box<[u8]> {
    let spare = SPARE.with_borrow_mut(|spare| spare[capacity as usize].pop());
    spare.unwrap_or_else(|| vec![0; capacity.bytes()].into_boxed_slice())
}

fn give_back(capacity: Capacity, bytes: Box<[u8]>) {
    // A thread that is ending has no spare buffers any more; then this one just goes.
    let _ = SPARE.try_with(|spare| {
        let spare = &mut spare.borrow_mut()[capacity as usize];
        if spare.len() < MAX_SPARE {
            spare.push(bytes);
        }
    });
}

thread_local! {
    /// By their capacity.
    static SPARE: RefCell<[Vec<Box<[u8]>>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

const MAX_SPARE: usize = 8;
