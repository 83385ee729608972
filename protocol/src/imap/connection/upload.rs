//! A message that is sent while it is handed in, chunk by chunk. What was announced as a literal's count is what
//! goes out, whatever the caller does: not one octet more, and where there would be less, the connection closes.

use super::outbox::Link;
use super::{CommandId, Connection, ConnectionError};
use crate::Time;
use crate::imap::writer::Piece;
use crate::imap::{CommandError, Item, Misuse};

impl Connection {
    /// Hands in the next octets of a message whose command was sent with
    /// [`Octets::Stream`](crate::imap::command::Octets::Stream), once [`Item::Wanted`] asked for them.
    ///
    /// More or fewer than it asked for are taken too, up to the message's end; they wait in memory for
    /// [`poll_output`](Self::poll_output). A source that breaks off is told by [`cancel`](Self::cancel). Both that
    /// and too many octets close the connection: there is no other way to keep a broken message from being stored.
    ///
    /// # Errors
    /// [`Misuse::NotWanted`] where none are asked for: nothing is taken. [`Misuse::Oversupplied`] where these are
    /// more than the message has left: the command fails with it.
    pub fn append_chunk(&mut self, id: CommandId, chunk: &[u8], now: Time) -> Result<(), Misuse> {
        let sent = self.flight.newest_mut().filter(|sent| sent.owner == Some(id));
        let Some(sent) = sent else { return Err(Misuse::NotWanted) };
        let Some(Piece::Stream(left)) = sent.pieces.front_mut() else { return Err(Misuse::NotWanted) };
        let Some(rest) = left.checked_sub(chunk.len() as u64) else {
            self.settle(Some(id), Err(CommandError::Misused(Misuse::Oversupplied)));
            self.end(ConnectionError::GivenUp, Link::There);
            return Err(Misuse::Oversupplied);
        };
        *left = rest;
        let tag = sent.tag;
        if rest == 0 {
            sent.pieces.pop_front();
        }
        // Whoever uploads slowly is no worse than a server that answers slowly.
        sent.since = now;
        self.wanted = self.wanted.saturating_sub(chunk.len());
        self.outbox.transmit(tag, chunk.to_vec());
        self.proceed();
        self.pump(now);
        Ok(())
    }

    /// Sends what may be sent of the newest command, up to where the server's leave or the caller's octets are
    /// waited for.
    pub(super) fn proceed(&mut self) {
        let Some(sent) = self.flight.newest_mut() else { return };
        while let Some(Piece::Octets(octets)) = sent.pieces.front_mut() {
            self.outbox.transmit(sent.tag, std::mem::take(octets));
            sent.pieces.pop_front();
        }
        let Some(Piece::Stream(left)) = sent.pieces.front() else { return };
        match sent.owner {
            // Nobody is there any more to hand in what was announced.
            None => self.end(ConnectionError::GivenUp, Link::There),
            Some(_) if self.wanted > 0 => {}
            Some(id) => {
                self.wanted = usize::try_from(*left).map_or(WINDOW, |left| WINDOW.min(left));
                let wanted = Item::Wanted(self.wanted);
                self.tell_item(Some(id), wanted);
            }
        }
    }
}

/// Octets that are asked for at once: few enough to hold, enough to keep a link busy.
const WINDOW: usize = 64 << 10;
