//! From a FETCH response to what the view shows of a message: decoded, cleaned, bounded.

use crate::account::stubborn::Detail;
use crate::border::{Address, Flags, MailboxId};
use crate::mime;
use crate::store::{Head, Message};
use postern_mime::{Choice, DecodeCharset, Part, decode_words_beside, is_stand_in, one_line, server_preview};
use postern_protocol::imap::command::FetchAttribute;
use postern_protocol::imap::{Addresses, Envelope, FetchItem, Flag, MessageData, Uid};

/// Whether a response holds what a row needs. A mere change of flags doesn't.
pub(crate) fn is_row(data: &MessageData) -> bool {
    data.size.is_some()
}

/// Whether nothing more of a row is to come. What is missing when the answer ends was not to be had; what is missing when
/// the link breaks is asked for again.
pub(crate) fn is_whole(data: &MessageData, detail: Detail) -> bool {
    let has_details = data.envelope.is_some() && data.body_structure.is_some();
    is_row(data) && (detail == Detail::Lean || has_details)
}

pub(crate) fn attributes(detail: Detail) -> Vec<FetchAttribute> {
    let lean =
        vec![FetchAttribute::Uid, FetchAttribute::Flags, FetchAttribute::InternalDate, FetchAttribute::Size];
    match detail {
        Detail::Lean => lean,
        Detail::Full => {
            [lean, vec![FetchAttribute::Envelope, FetchAttribute::BodyStructure, FetchAttribute::Preview]]
                .concat()
        }
    }
}

/// What one response says of a message and another said before.
pub(crate) fn join(known: &mut MessageData, data: &MessageData) {
    let data = data.clone();
    known.seq = data.seq.or(known.seq);
    known.uid = data.uid.or(known.uid);
    known.flags = data.flags.or(known.flags.take());
    known.internal_date = data.internal_date.or(known.internal_date);
    known.size = data.size.or(known.size);
    known.envelope = data.envelope.or(known.envelope.take());
    known.body_structure = data.body_structure.or(known.body_structure.take());
    known.items.extend(data.items);
}

/// Adds what a message lacked: its head, its structure, its preview. Whether anything came of it.
pub(crate) fn complete(message: &mut Message, data: &MessageData, decoder: Option<DecodeCharset>) -> bool {
    let has_preview = data.items.iter().any(|item| matches!(item, FetchItem::Preview(Some(_))));
    let is_news = (data.envelope.is_some() && message.head.is_bare())
        || (data.body_structure.is_some() && message.structure.is_none())
        || (has_preview && message.preview.is_none());
    if !is_news {
        return false;
    }
    let new = self::message(message.mailbox, message.uid, data, decoder);
    if data.envelope.is_some() {
        let date = new.head.date.or(message.head.date);
        (message.head, message.is_misread) = (Head { date, ..new.head }, new.is_misread);
    }
    if new.structure.is_some() {
        (message.structure, message.has_attachment) = (new.structure, new.has_attachment);
    }
    message.preview_is_ours |= new.preview_is_ours;
    if new.preview.is_some() {
        (message.preview, message.preview_asked) = (new.preview, true);
    }
    if data.size.is_some() {
        message.size = new.size;
    }
    true
}

/// The flags, if the response has them.
pub(crate) fn flags(data: &MessageData) -> Option<Flags> {
    let flags = data.flags.as_ref()?;
    Some(Flags {
        seen: flags.contains(&Flag::Seen),
        flagged: flags.contains(&Flag::Flagged),
        answered: flags.contains(&Flag::Answered),
        forwarded: flags.contains(&Flag::from("$Forwarded")),
        draft: flags.contains(&Flag::Draft),
    })
}

/// The message that a response describes.
pub(crate) fn message(
    mailbox: MailboxId,
    uid: Uid,
    data: &MessageData,
    decoder: Option<DecodeCharset>,
) -> Message {
    let structure = data.body_structure.as_ref().and_then(mime::part);
    let has_attachment = structure.as_ref().is_some_and(|part| Choice::new(part).has_attachment());
    let arrived = data.internal_date.map(|date| date.unix_seconds.saturating_mul(1000));
    let beside = body_charset(structure.as_ref());
    let head = data.envelope.as_ref().map(|envelope| head(envelope, &beside, decoder)).unwrap_or_default();
    let theirs = data.items.iter().find_map(|item| match item {
        FetchItem::Preview(Some(text)) => Some(String::from_utf8_lossy(text)),
        _ => None,
    });
    let preview = theirs.as_deref().filter(|text| !text.trim().is_empty()).and_then(server_preview);
    Message {
        mailbox,
        uid,
        flags: flags(data).unwrap_or_default(),
        is_misread: data.envelope.is_some() && is_misread(&head),
        head: Head { date: head.date.or(arrived), ..head },
        size: data.size.map_or(0, |size| u32::try_from(size).unwrap_or(u32::MAX)),
        structure,
        has_attachment,
        preview_is_ours: theirs.is_some() && preview.is_none(),
        preview_asked: preview.is_some(),
        preview,
    }
}

/// The charset that the message's text says it is in; empty if it says none. Raw 8-bit headers are most likely in the
/// same.
pub(crate) fn body_charset(structure: Option<&Part>) -> String {
    let choice = structure.map(Choice::new).unwrap_or_default();
    let parts = choice.texts.iter().flat_map(|text| text.plain.iter().chain(&text.html));
    parts.map(|part| part.charset()).find(|charset| !charset.is_empty()).unwrap_or_default()
}

fn is_misread(head: &Head) -> bool {
    let lists = [&head.from, &head.sender, &head.reply_to, &head.to, &head.cc, &head.bcc];
    head.date.is_none() || lists.into_iter().flatten().any(|address| is_stand_in(&address.address))
}

fn head(envelope: &Envelope<'_>, beside: &str, decoder: Option<DecodeCharset>) -> Head {
    let list = |addresses| addresses_of(addresses, beside, decoder);
    let subject = envelope.subject().map(|raw| decode_words_beside(&raw, beside, decoder));
    let from = list(envelope.from());
    Head {
        subject: one_line(&subject.unwrap_or_default()),
        sender: unless_same(list(envelope.sender()), &from),
        reply_to: unless_same(list(envelope.reply_to()), &from),
        to: list(envelope.to()),
        cc: list(envelope.cc()),
        bcc: list(envelope.bcc()),
        date: envelope.date().and_then(|raw| postern_mime::date(&raw)),
        from,
    }
}

/// Servers repeat `From:` if a message has no `Sender:` or `Reply-To:` (RFC 9051 section 7.5.2).
pub(crate) fn unless_same(addresses: Vec<Address>, from: &[Address]) -> Vec<Address> {
    let is_same = addresses.len() == from.len()
        && addresses.iter().zip(from).all(|(one, other)| one.address.eq_ignore_ascii_case(&other.address));
    if is_same { Vec::new() } else { addresses }
}

/// Group names and ends are left out: their members are there.
fn addresses_of(addresses: Addresses<'_>, beside: &str, decoder: Option<DecodeCharset>) -> Vec<Address> {
    let one = |address: postern_protocol::imap::Address<'_>| {
        let name = address.name.as_ref().map(|raw| decode_words_beside(raw, beside, decoder));
        let name = one_line(&name.unwrap_or_default());
        Some(Address { name, address: one_line(&address.address()?) })
    };
    addresses.filter_map(one).take(MOST_ADDRESSES).collect()
}

/// Addresses kept of each field: more than any list of recipients has, and no more than fits a response.
const MOST_ADDRESSES: usize = 10_000;
