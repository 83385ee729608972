//! The first words of each message on screen. Servers with PREVIEW (RFC 8970) send them with the row; of others
//! the first bytes of the text are read, for what is on screen alone; and of these too if theirs is no text for
//! people.

use crate::account::arriving::Arriving;
use crate::account::desk::Desk;
use crate::account::job::{Job, JobLink};
use crate::account::key::JobKey;
use crate::account::refusals::refused_in_passing;
use crate::account::windows::attribute;
use crate::store::Order;
use postern_mime::{preview, preview_part};
use postern_protocol::imap::command::Fetch;
use postern_protocol::imap::{Capability, CommandError, Done, Item, UidSet};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
struct Previews {
    arriving: Arriving,
}

/// One command for each section number, and for how much of it.
pub(super) fn start(desk: &mut Desk<'_, '_>, link: &mut JobLink) {
    desk.work.rows.previews_asked();
    let has_previews = link.capabilities().contains(&Capability::Preview);
    for ((section, octets), set) in missing(desk, has_previews) {
        let command = Fetch::new(set, vec![attribute(&section, 0, octets)]);
        link.send(command, Box::new(Previews::default()), desk.now);
    }
}

/// The messages on screen that have no preview.
fn missing(desk: &mut Desk<'_, '_>, has_previews: bool) -> BTreeMap<(String, u32), UidSet> {
    let mut sections: BTreeMap<_, UidSet> = BTreeMap::new();
    let Some(list) = desk.demand.list else { return sections };
    let order = desk.tx.order(list.mailbox);
    let shown = order.into_iter().flat_map(Order::known);
    let shown: Vec<_> = shown.filter(|(position, _)| list.is_shown(*position)).map(|(_, id)| id).collect();
    for id in shown {
        let Some(message) = desk.tx.message(id).filter(|message| !message.preview_asked) else { continue };
        if has_previews && !message.preview_is_ours {
            continue;
        }
        if let Some((part, octets)) = message.structure.as_ref().and_then(preview_part) {
            sections.entry((part.section, octets)).or_default().push(message.uid);
        }
        desk.tx.note_preview_asked(id);
    }
    sections
}

impl Job for Previews {
    fn key(&self) -> JobKey {
        JobKey::Previews
    }

    fn item(&mut self, item: Item, desk: &mut Desk<'_, '_>) {
        let Some((id, bytes)) = self.arriving.accept(item, desk) else { return };
        let decoder = desk.decoder;
        desk.tx.edit_message(id, |message| {
            let Some((part, _)) = message.structure.as_ref().and_then(preview_part) else { return false };
            message.preview = Some(preview(&part, &bytes, decoder));
            true
        });
    }

    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>) {
        if let Err(error) = result {
            refused_in_passing(desk, error);
        }
    }
}
