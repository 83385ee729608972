//! The first words of each message on screen. Servers with PREVIEW (RFC 8970) send them with the row; of others
//! the first bytes of the plain text are read, for what is on screen alone.

use crate::border::{MailboxId, MessageId};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::message::messages::Message;
use crate::message::reading::window;
use postern_mime::{DecodeCharset, Transfer, decode_charset, one_line};
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{Capability, Item, SeqNo, UidSet};
use std::collections::BTreeMap;

impl Engine {
    /// Asks for the previews that are missing on screen, one command for each section number.
    pub(crate) fn ask_previews(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let Some(folder) = self.folders.get(mailbox) else { return };
        let shown = folder.list.known().filter(|(position, _)| self.view.is_shown(*position));
        let mut sections: BTreeMap<String, UidSet> = BTreeMap::new();
        for (_, id) in shown {
            let Some(message) = self.messages.get_mut(id).filter(|message| !message.preview_asked) else {
                continue;
            };
            message.preview_asked = true;
            if let Some(section) = plain_section(message) {
                sections.entry(section).or_default().push(message.uid);
            }
        }
        let Some(link) = self.ready_link(Role::Work) else { return };
        if link.connection.capabilities().contains(&Capability::Preview) {
            return;
        }
        for (section, set) in sections {
            let items = vec![window(&section, 0, OCTETS)];
            link.send(Fetch::new(set, items), Purpose::Previews, now);
        }
    }

    /// The first bytes of some message's text.
    pub(crate) fn preview_item(&mut self, item: Item) {
        match item {
            Item::BodyStart(start) => {
                let id = start.seq.and_then(|seq| self.listed_id(seq));
                self.view.preview = id.map(|id| (id, Vec::new()));
            }
            Item::BodyChunk(chunk) => {
                if let Some((_, bytes)) = &mut self.view.preview {
                    bytes.extend(chunk);
                }
            }
            Item::BodyEnd => {
                if let Some((id, bytes)) = self.view.preview.take() {
                    self.take_preview(id, &bytes);
                }
            }
            _ => {}
        }
    }

    fn take_preview(&mut self, id: MessageId, bytes: &[u8]) {
        let decoder = self.config.decode_charset;
        let Some(message) = self.messages.get_mut(id) else { return };
        message.preview = Some(preview(message, bytes, decoder));
        let list = self.view.mailbox.and_then(|mailbox| self.folders.get(mailbox)).map(|folder| &folder.list);
        let position = list.and_then(|list| list.known().find(|(_, known)| *known == id));
        self.view.changed.extend(position.map(|(position, _)| position));
    }

    fn listed_id(&mut self, seq: SeqNo) -> Option<MessageId> {
        let mailbox = self.listed_mailbox()?;
        self.folders.get_mut(mailbox).current().at_seq(seq.value())
    }
}

/// The words of a server's PREVIEW, or of ours: one line, not too long.
pub(crate) fn shortened(text: &str) -> String {
    one_line(text).chars().take(CHARACTERS).collect()
}

fn plain_section(message: &Message) -> Option<String> {
    let choice = message.choice()?;
    let plain = choice.texts.first()?.plain?;
    Some(plain.section.clone())
}

fn preview(message: &Message, bytes: &[u8], decoder: Option<DecodeCharset>) -> String {
    let choice = message.choice();
    let Some(part) = choice.as_ref().and_then(|choice| choice.texts.first()?.plain) else {
        return String::new();
    };
    let (mut transfer, mut decoded) = (Transfer::new(&part.encoding), Vec::new());
    transfer.push(bytes, &mut decoded);
    let text = decode_charset(&part.charset(), &decoded, decoder).text;
    // The last character may be cut in two.
    shortened(text.trim_end_matches('\u{fffd}'))
}

const OCTETS: u32 = 512;
const CHARACTERS: usize = 200;
