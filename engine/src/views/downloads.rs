//! The parts that somebody saves, and how far each is ahead of whoever puts it away.

use crate::border::{DownloadId, MessageId};
use crate::demand::DownloadDemand;

/// All downloads under way, oldest number first.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    all: Vec<DownloadDemand>,
    last_serial: u32,
}

impl Downloads {
    pub(super) fn start(&mut self, id: DownloadId, message: MessageId, part: String) {
        self.remove(id);
        self.last_serial = self.last_serial.wrapping_add(1);
        self.all.push(DownloadDemand { id, serial: self.last_serial, message, part, ahead: 0 });
        self.all.sort_by_key(|download| download.id);
    }

    /// So many bytes were put away.
    pub(super) fn put_away(&mut self, id: DownloadId, bytes: u32) {
        if let Some(download) = self.find(id) {
            download.ahead = download.ahead.saturating_sub(u64::from(bytes));
        }
    }

    /// So many bytes are given out; `false` if nobody wants them.
    pub(super) fn give(&mut self, id: DownloadId, bytes: usize) -> bool {
        let Some(download) = self.find(id) else { return false };
        download.ahead += bytes as u64;
        true
    }

    /// It is over; `false` if it was before.
    pub(super) fn remove(&mut self, id: DownloadId) -> bool {
        let before = self.all.len();
        self.all.retain(|download| download.id != id);
        self.all.len() < before
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    pub(super) fn demand(&self) -> Vec<DownloadDemand> {
        self.all.clone()
    }

    fn find(&mut self, id: DownloadId) -> Option<&mut DownloadDemand> {
        self.all.iter_mut().find(|download| download.id == id)
    }
}
