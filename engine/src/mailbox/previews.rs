//! The first words of each message on screen. Servers with PREVIEW (RFC 8970) send them with the row; of others
//! the first bytes of the text are read, for what is on screen alone; and of these too where theirs is no text for
//! people.

use crate::border::{MailboxId, MessageId};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::message::reading::window;
use postern_mime::{preview, preview_part};
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{Capability, Item, SeqNo, UidSet};
use std::collections::BTreeMap;

impl Engine {
    /// Asks for the previews that are missing on screen, one command for each section number.
    pub(crate) fn ask_previews(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let Some(folder) = self.folders.get(mailbox) else { return };
        let shown = folder.list.known().filter(|(position, _)| self.view.is_shown(*position));
        let link = self.work.as_ref();
        let has_previews =
            link.is_some_and(|link| link.connection.capabilities().contains(&Capability::Preview));
        // By section number, and how much of it.
        let mut sections: BTreeMap<(String, u32), UidSet> = BTreeMap::new();
        for (_, id) in shown {
            let Some(message) = self.messages.get_mut(id).filter(|message| !message.preview_asked) else {
                continue;
            };
            if has_previews && !message.preview_is_ours {
                continue;
            }
            message.preview_asked = true;
            if let Some((part, octets)) = message.structure.as_ref().and_then(preview_part) {
                sections.entry((part.section, octets)).or_default().push(message.uid);
            }
        }
        let Some(link) = self.ready_link(Role::Work) else { return };
        for ((section, octets), set) in sections {
            let items = vec![window(&section, 0, octets)];
            link.send(Fetch::new(set, items), Purpose::Previews, now);
        }
    }

    /// The first bytes of some message's text.
    pub(crate) fn preview_item(&mut self, item: Item) {
        let decoder = self.config.decode_charset;
        let Some((id, bytes)) = self.arrived(item) else { return };
        let Some(message) = self.messages.get_mut(id) else { return };
        let Some((part, _)) = message.structure.as_ref().and_then(preview_part) else { return };
        message.preview = Some(preview(&part, &bytes, decoder));
        self.row_changed(id);
    }

    /// Puts together what comes of one message after the other, and gives the bytes once they are whole.
    pub(crate) fn arrived(&mut self, item: Item) -> Option<(MessageId, Vec<u8>)> {
        match item {
            Item::BodyStart(start) => {
                let id = start.seq.and_then(|seq| self.listed_id(seq));
                self.view.arriving = id.map(|id| (id, Vec::new()));
            }
            Item::BodyChunk(chunk) => {
                if let Some((_, bytes)) =
                    self.view.arriving.as_mut().filter(|(_, bytes)| bytes.len() < LONGEST)
                {
                    bytes.extend(chunk);
                }
            }
            Item::BodyEnd => return self.view.arriving.take(),
            _ => {}
        }
        None
    }

    /// The row of this message is to be told anew.
    pub(crate) fn row_changed(&mut self, id: MessageId) {
        let list = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox)).map(|folder| &folder.list);
        let position = list.and_then(|list| list.known().find(|(_, known)| *known == id));
        self.view.changed.extend(position.map(|(position, _)| position));
    }

    fn listed_id(&mut self, seq: SeqNo) -> Option<MessageId> {
        let mailbox = self.listed_mailbox()?;
        self.folders.get_mut(mailbox).current().at_seq(seq.value())
    }
}

/// Bytes of a text or a header that are kept at most: as many as are asked for, unless the server sends more.
const LONGEST: usize = 64 * 1024;
