//! The headers of messages whose addresses or dates the server could not read: it puts words of its own in their place, or
//! none, while the header says well enough who wrote (a comma in a display name that nobody quoted is all it takes)
//! and when.

use crate::account::arriving::Arriving;
use crate::account::desk::Desk;
use crate::account::ingest;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::refused_in_passing;
use crate::border::Address;
use crate::store::{Message, Order};
use postern_mime::{DecodeCharset, Header};
use postern_protocol::imap::command::{Fetch, FetchAttribute};
use postern_protocol::imap::{CommandError, Done, Item, Section, SectionText, UidSet};

#[derive(Debug, Default)]
struct Headers {
    arriving: Arriving,
}

pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.work.rows.headers_asked();
    let mut set = UidSet::new();
    let order = desk.demand.open_mailbox().and_then(|open| desk.tx.order(open));
    let known = order.into_iter().flat_map(Order::known);
    let messages = known.filter_map(|(_, id)| desk.tx.message(id));
    messages.filter(|message| message.is_misread).for_each(|message| set.push(message.uid));
    if set.is_empty() {
        return;
    }
    let text = SectionText::HeaderFields(FIELDS.iter().map(|name| (*name).into()).collect());
    let section = Section { text, ..Section::whole() };
    let items = vec![FetchAttribute::window(section, 0, MOST_OCTETS)];
    link.send(Fetch::new(set, items), Box::new(Headers::default()), desk.now);
}

impl Job for Headers {
    fn key(&self) -> JobKey {
        JobKey::Headers
    }

    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        let Some((id, bytes)) = self.arriving.accept(item, desk) else { return };
        let decoder = desk.decoder;
        desk.tx.edit_message(id, |message| {
            message.is_misread = false;
            read(message, &Header::split(&bytes).0, decoder);
            true
        });
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        if let Err(error) = result {
            refused_in_passing(desk, error);
        }
    }
}

/// Puts the header's own addresses and date in place of the server's. Fields that can't be read are left as they are.
fn read(message: &mut Message, header: &Header, decoder: Option<DecodeCharset>) {
    let beside = ingest::body_charset(message.structure.as_ref());
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
            // The server repeats `From:` if these are missing (RFC 9051 section 7.5.2), stand-ins and all.
            addresses.clear();
        }
    }
    head.date = header.date().or(head.date);
    head.sender = ingest::unless_same(std::mem::take(&mut head.sender), &head.from);
    head.reply_to = ingest::unless_same(std::mem::take(&mut head.reply_to), &head.from);
}

const FIELDS: [&str; 7] = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date"];

/// Octets of a header that are read.
const MOST_OCTETS: u32 = 64 * 1024;
