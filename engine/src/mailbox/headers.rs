//! The headers of messages whose addresses or dates the server could not read: it puts words of its own in their place, or
//! none, while the header says well enough who wrote (a comma in a display name that nobody quoted is all it takes)
//! and when.

use crate::border::{Address, MailboxId};
use crate::engine::Engine;
use crate::links::link::{Purpose, Role};
use crate::mailbox::rows;
use crate::message::messages::Message;
use postern_mime::{DecodeCharset, Header};
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{Item, Section, SectionText, UidSet};

impl Engine {
    /// Asks for the headers of the messages in the list that the server has misread.
    pub(crate) fn ask_headers(&mut self, mailbox: MailboxId) {
        let now = self.now;
        let is_asked = self.work.as_ref().is_some_and(|link| link.any(|purpose| purpose == Purpose::Headers));
        let Some(folder) = self.folders.get(mailbox).filter(|_| !is_asked) else { return };
        let mut set = UidSet::new();
        let messages = folder.list.known().filter_map(|(_, id)| self.messages.get(id));
        messages.filter(|message| message.is_misread).for_each(|message| set.push(message.uid));
        let Some(link) = self.ready_link(Role::Work).filter(|_| !set.is_empty()) else { return };
        let text = SectionText::HeaderFields(FIELDS.iter().map(|name| (*name).into()).collect());
        let section = Section { text, ..Section::whole() };
        let items = vec![FetchAttribute::window(section, 0, MOST_OCTETS)];
        link.send(Fetch::new(set, items), Purpose::Headers, now);
    }

    /// The addresses in some message's header.
    pub(crate) fn header_item(&mut self, item: Item) {
        let decoder = self.config.decode_charset;
        let Some((id, bytes)) = self.arrived(item) else { return };
        let Some(message) = self.messages.get_mut(id) else { return };
        message.is_misread = false;
        read(message, &Header::split(&bytes).0, decoder);
        self.row_changed(id);
    }
}

/// Puts the header's own addresses and date in place of the server's. A field that can't be read leaves them as they are.
fn read(message: &mut Message, header: &Header, decoder: Option<DecodeCharset>) {
    let beside = rows::body_charset(message.structure.as_ref());
    let list = |name: &str| -> Vec<Address> {
        let found = header.addresses(name, &beside, decoder);
        found.into_iter().map(|mailbox| Address { name: mailbox.name, address: mailbox.address }).collect()
    };
    let head = &mut message.head;
    let fields = [
        ("from", &mut head.from),
        ("sender", &mut head.sender),
        ("reply-to", &mut head.reply_to),
        ("to", &mut head.to),
        ("cc", &mut head.cc),
        ("bcc", &mut head.bcc),
    ];
    for (name, addresses) in fields {
        let own = list(name);
        if !own.is_empty() {
            *addresses = own;
        } else if matches!(name, "sender" | "reply-to") {
            // The server repeats `From:` where these are missing (RFC 9051 section 7.5.2), stand-ins and all.
            addresses.clear();
        }
    }
    head.date = header.date().or(head.date);
    head.sender = rows::unless_same(std::mem::take(&mut head.sender), &head.from);
    head.reply_to = rows::unless_same(std::mem::take(&mut head.reply_to), &head.from);
}

const FIELDS: [&str; 7] = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date"];

/// Octets of a header that are read.
const MOST_OCTETS: u32 = 64 * 1024;
