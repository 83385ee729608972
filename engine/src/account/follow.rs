//! Keeps the open mailbox's list in step with the server: what came, what went, and what FETCH says of messages, whether
//! somebody asked or not.

use crate::account::desk::Desk;
use crate::account::ingest;
use crate::border::{MailboxId, MessageId};
use crate::store::{Grown, Order};
use postern_protocol::imap::{MessageData, SeqNo, Uid};

/// `EXISTS` on the foreground link.
pub(crate) fn exists(desk: &mut Desk<'_, '_>, len: u32) {
    let Some(mailbox) = desk.followed() else { return };
    let grown = match incoming(desk) {
        Some(incoming) => incoming.exists(len),
        None => desk.tx.grow(mailbox, len),
    };
    // It only ever grows by this (RFC 9051 section 7.4.1).
    if grown == Grown::Shrunk {
        desk.start_over(mailbox);
    }
}

/// `EXPUNGE` on the foreground link.
pub(crate) fn expunged(desk: &mut Desk<'_, '_>, seq: SeqNo) {
    let Some(mailbox) = desk.followed() else { return };
    if let Some(incoming) = incoming(desk) {
        incoming.expunge(seq.value());
    } else if desk.tx.expunge(mailbox, seq.value()) {
        desk.work.rows.numbers_moved();
    }
}

/// One FETCH response of the foreground link, asked for or not.
pub(crate) fn fetched(desk: &mut Desk<'_, '_>, data: &MessageData) {
    let Some(mailbox) = desk.followed() else { return flags_elsewhere(desk, data) };
    let Some(seq) = data.seq.map(SeqNo::value) else { return };
    let placed = desk.line.selection.as_ref().and_then(|selection| selection.id_at(desk.tx, seq));
    let known = data.uid.map_or(placed, |uid| desk.tx.message_id(mailbox, uid));
    // Two UIDs for one sequence number: one of us has lost count.
    if let (Some(_), Some(placed)) = (data.uid, placed)
        && known != Some(placed)
        && desk.tx.message(placed).is_some()
    {
        return desk.start_over(mailbox);
    }
    match (known, data.uid) {
        (Some(id), _) => take_known(desk, mailbox, seq, id, data),
        (None, _) if desk.work.rows.is_asked(seq) => {
            if let Some((uid, whole)) = desk.work.rows.join(seq, data) {
                take_new(desk, mailbox, seq, uid, &whole);
            }
        }
        (None, Some(uid)) if ingest::is_row(data) => take_new(desk, mailbox, seq, uid, data),
        // Flags of a message that was never fetched: only its count matters.
        _ => desk.tx.doubt_unread(mailbox),
    }
}

/// The server's order is whole: the list is brought in line with it.
pub(crate) fn adopt(desk: &mut Desk<'_, '_>, mailbox: MailboxId, order: &Order) {
    if desk.tx.adopt(mailbox, order) {
        desk.work.rows.numbers_moved();
    }
}

/// A message that was not known before.
pub(crate) fn take_new(desk: &mut Desk<'_, '_>, mailbox: MailboxId, seq: u32, uid: Uid, data: &MessageData) {
    let id = desk.tx.put_message(ingest::message(mailbox, uid, data, desk.decoder));
    place(desk, mailbox, seq, id);
}

fn take_known(desk: &mut Desk<'_, '_>, mailbox: MailboxId, seq: u32, id: MessageId, data: &MessageData) {
    if let Some(flags) = ingest::flags(data) {
        desk.tx.set_server_flags(id, flags);
    }
    let decoder = desk.decoder;
    desk.tx.edit_message(id, |message| ingest::complete(message, data, decoder));
    let is_there = desk.line.selection.as_ref().and_then(|selection| selection.id_at(desk.tx, seq));
    if is_there != Some(id) {
        place(desk, mailbox, seq, id);
    }
}

fn place(desk: &mut Desk<'_, '_>, mailbox: MailboxId, seq: u32, id: MessageId) {
    if let Some(incoming) = incoming(desk) {
        incoming.place(seq, id);
    } else if desk.tx.place(mailbox, seq, id) {
        desk.work.rows.note_placed();
    }
}

/// An answer to a STORE in a mailbox that is selected for that alone.
fn flags_elsewhere(desk: &mut Desk<'_, '_>, data: &MessageData) {
    if let (Some(mailbox), Some(uid), Some(flags)) = (desk.line.mailbox(), data.uid, ingest::flags(data))
        && let Some(id) = desk.tx.message_id(mailbox, uid)
    {
        desk.tx.set_server_flags(id, flags);
    }
}

fn incoming<'d>(desk: &'d mut Desk<'_, '_>) -> Option<&'d mut Order> {
    desk.line.selection.as_mut()?.incoming()
}
