//! Texts and headers of which only the beginning is read, as they come.

use crate::account::desk::Desk;
use crate::border::MessageId;
use postern_protocol::imap::{Item, SeqNo};

/// The bytes of some message's text or header as they come, one message after the other.
#[derive(Debug, Default)]
pub(crate) struct Arriving {
    message: Option<(MessageId, Vec<u8>)>,
}

impl Arriving {
    /// Puts them together, and gives them once they are whole.
    pub(crate) fn accept(&mut self, item: Item, desk: &Desk<'_, '_>) -> Option<(MessageId, Vec<u8>)> {
        match item {
            Item::BodyStart(start) => {
                let selection = desk.line.selection.as_ref().filter(|_| desk.followed().is_some());
                let seq = start.seq.map(SeqNo::value);
                let id = seq.and_then(|seq| selection?.id_at(desk.tx, seq));
                self.message = id.map(|id| (id, Vec::new()));
            }
            Item::BodyChunk(chunk) => {
                if let Some((_, bytes)) = self.message.as_mut().filter(|(_, bytes)| bytes.len() < LONGEST) {
                    bytes.extend(chunk);
                }
            }
            Item::BodyEnd => return self.message.take(),
            _ => {}
        }
        None
    }
}

/// Bytes of a text or a header that are kept at most: as many as are asked for, unless the server sends more.
const LONGEST: usize = 64 * 1024;
