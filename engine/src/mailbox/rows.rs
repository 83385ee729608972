//! From a FETCH response to what the view shows of a message: decoded, cleaned, bounded.

use crate::border::{Address, Flags, MailboxId};
use crate::mailbox::previews;
use crate::message::messages::{Head, Message};
use crate::mime;
use mail_parser::DateTime;
use postern_mime::{Choice, DecodeCharset, decode_words, one_line};
use postern_protocol::imap::{Addresses, Envelope, FetchItem, Flag, MessageData, Uid};

/// Whether a response holds what a row needs. A mere change of flags doesn't.
pub(crate) fn is_row(data: &MessageData) -> bool {
    data.size.is_some()
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
        let date = if new.head.date == 0 { message.head.date } else { new.head.date };
        message.head = Head { date, ..new.head };
    }
    if new.structure.is_some() {
        (message.structure, message.has_attachment) = (new.structure, new.has_attachment);
    }
    if new.preview.is_some() {
        (message.preview, message.preview_asked) = (new.preview, true);
    }
    if data.size.is_some() {
        message.size = new.size;
    }
    true
}

/// The flags, where the response has them.
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

/// The message that a response tells of.
pub(crate) fn message(
    mailbox: MailboxId,
    uid: Uid,
    data: &MessageData,
    decoder: Option<DecodeCharset>,
) -> Message {
    let structure = data.body_structure.as_ref().and_then(mime::part);
    let has_attachment = structure.as_ref().is_some_and(|part| Choice::new(part).has_attachment());
    let arrived = data.internal_date.map_or(0, |date| date.unix_seconds.saturating_mul(1000));
    let head = data.envelope.as_ref().map(|envelope| head(envelope, decoder)).unwrap_or_default();
    let date = Some(head.date).filter(|date| *date != 0).unwrap_or(arrived);
    let preview = data.items.iter().find_map(|item| match item {
        FetchItem::Preview(Some(text)) => Some(previews::shortened(&String::from_utf8_lossy(text))),
        _ => None,
    });
    Message {
        mailbox,
        uid,
        flags: flags(data).unwrap_or_default(),
        head: Head { date, ..head },
        size: data.size.map_or(0, |size| u32::try_from(size).unwrap_or(u32::MAX)),
        structure,
        has_attachment,
        preview_asked: preview.is_some(),
        preview,
    }
}

fn head(envelope: &Envelope<'_>, decoder: Option<DecodeCharset>) -> Head {
    let list = |addresses| addresses_of(addresses, decoder);
    let subject = envelope.subject().map(|raw| decode_words(&raw, decoder));
    let from = list(envelope.from());
    Head {
        subject: one_line(&subject.unwrap_or_default()),
        sender: unless_same(list(envelope.sender()), &from),
        reply_to: unless_same(list(envelope.reply_to()), &from),
        to: list(envelope.to()),
        cc: list(envelope.cc()),
        bcc: list(envelope.bcc()),
        date: envelope.date().and_then(|raw| date(&raw)).unwrap_or(0),
        from,
    }
}

/// Servers repeat `From:` where a message has no `Sender:` or `Reply-To:` (RFC 9051 section 7.5.2).
fn unless_same(addresses: Vec<Address>, from: &[Address]) -> Vec<Address> {
    let is_same = addresses.len() == from.len()
        && addresses.iter().zip(from).all(|(one, other)| one.address.eq_ignore_ascii_case(&other.address));
    if is_same { Vec::new() } else { addresses }
}

/// Group names and ends are left out: their members are there.
fn addresses_of(addresses: Addresses<'_>, decoder: Option<DecodeCharset>) -> Vec<Address> {
    let one = |address: postern_protocol::imap::Address<'_>| {
        let name = address.name.as_ref().map(|raw| decode_words(raw, decoder)).unwrap_or_default();
        Some(Address { name: one_line(&name), address: one_line(&address.address()?) })
    };
    addresses.filter_map(one).take(MOST_ADDRESSES).collect()
}

/// Addresses shown of each field.
const MOST_ADDRESSES: usize = 500;

/// A `Date:` as milliseconds since 1970-01-01 UTC. Old mail has hyphens in it, and pymap puts them there.
fn date(raw: &[u8]) -> Option<i64> {
    let text = str::from_utf8(raw).ok()?;
    let parse = |text: &str| DateTime::parse_rfc822(text).filter(DateTime::is_valid);
    let date = parse(text).or_else(|| parse(&text.replacen('-', " ", 2)))?;
    Some(date.to_timestamp().saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_with_and_without_hyphens() {
        for text in [
            "Mon, 1 Jun 2026 10:00:00 -0200",
            "01-Jun-2026 10:00:00 -0200",
            "Mon, 01-Jun-2026 12:00:00 GMT",
            "Mon, 1 Jun 2026 12:00:00 +0000 (UTC)",
        ] {
            assert_eq!(date(text.as_bytes()), Some(1_780_315_200_000), "{text}");
        }
        assert_eq!(date(b"yesterday"), None);
    }
}
