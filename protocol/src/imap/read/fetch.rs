//! One message's data.
//!
//! RFC 9051 section 9: `msg-att`, and the items of the extensions that [`FetchItem`] names.

use std::borrow::Cow;

use super::super::types::{Annotation, BodyData, Fetch, FetchItem, Flags, ModSeq, SeqNo, Source, Uid};
use super::body_structure::body_structure;
use super::code::parenthesised;
use super::cx::{Cx, Fault, Read, fault};
use super::date_time::date_time;
use super::envelope::envelope;
use super::lex::{self, close, number, odd_number, space};
use super::quirk::Quirk;
use super::section::{part, section};
use super::{BodyHead, untagged};

/// `msg-att = "(" (msg-att-dynamic / msg-att-static) *(SP …) ")"`, to the end of the response.
pub(super) fn fetch<'a>(cx: &Cx<'a>, i: &'a [u8], fetch: &mut Fetch<'a>) -> Result<(), nom::Err<Fault<'a>>> {
    let mut i = match i {
        [b'(', inside @ ..] => inside,
        [b'A'..=b'Z' | b'a'..=b'z', ..] if lex::nil(i).is_none() => {
            // Items without a list around them.
            cx.forgive(Quirk::UnbalancedList, i)?;
            i
        }
        _ if i.is_empty() || lex::nil(i).is_some() => {
            cx.forgive(Quirk::EmptyList, i)?;
            return Ok(());
        }
        _ => return lex::open(i).map(|_| ()),
    };
    let mut first = true;
    // Lists inside the list, around an item or several.
    let mut inner = 0;
    loop {
        let (rest, closed) = match i {
            [b')'] if inner == 0 => return Ok(()),
            [b'A'..=b'Z', ..] if first => (i, false),
            [b' ', next, ..] if *next != b' ' && *next != b')' && !first => (&i[1..], false),
            _ => between(cx, i, first)?,
        };
        if closed && inner > 0 {
            inner -= 1;
            i = rest;
            continue;
        }
        if closed {
            untagged::end(cx, rest)?;
            return Ok(());
        }
        if rest.is_empty() {
            cx.forgive(Quirk::UnbalancedList, rest)?;
            return Ok(());
        }
        first = rest.first() == Some(&b'(');
        if first {
            cx.forgive(Quirk::UnbalancedList, rest)?;
            inner += 1;
            i = &rest[1..];
        } else {
            i = item_or_rest(cx, rest, fetch)?;
        }
    }
}

/// Between two items, where all is not as usual: true at the end of the list.
fn between<'a>(cx: &Cx<'a>, i: &'a [u8], first: bool) -> Read<'a, bool> {
    let broken = i.iter().take_while(|byte| byte.is_ascii_whitespace()).any(|&byte| byte == b'\n');
    if broken {
        // The framer joined two lines here.
        cx.forgive(Quirk::BrokenLine, i)?;
    }
    let (rest, closed) = close(cx, i)?;
    if closed || lex::skip_spaces(rest).is_empty() {
        return Ok((if closed { rest } else { lex::skip_spaces(rest) }, closed));
    }
    Ok((if first { lex::skip_first(cx, rest)? } else { space(cx, rest)? }, false))
}

/// Reads an item. One that can't be read is set aside, so that the rest of the message is not lost.
fn item_or_rest<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    fetch: &mut Fetch<'a>,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let error = match cx.attempt(|| item(cx, i, fetch)) {
        Ok((rest, ())) => return Ok(rest),
        Err(failure @ nom::Err::Failure(_)) => return Err(failure),
        Err(error) => error,
    };
    let (rest, name) = lex::word(i);
    if name.is_empty() {
        return Err(error);
    }
    cx.forgive(Quirk::UnreadableItem, i)?;
    // Where not even its end can be found, it is all there is.
    let value = lex::skip_spaces(rest);
    let end = lex::skip_value(value).map_or(&i[i.len()..], |(rest, _)| rest);
    let value = Cow::Borrowed(&value[..value.len() - end.len()]);
    fetch.items.push(FetchItem::Unreadable { name: lex::upper(name), value });
    Ok(end)
}

/// The items that have a field of their own in [`Fetch`].
#[derive(Clone, Copy)]
enum Common {
    Uid,
    Flags,
    Size,
    Envelope,
    BodyStructure,
    InternalDate,
    ModSeq,
}

/// A common item's name as almost every server writes it, and its space; what follows is the value.
#[inline]
fn plain_name(i: &[u8]) -> Option<(Common, &[u8])> {
    let (item, rest) = match i.first()? {
        b'U' => (Common::Uid, i.strip_prefix(b"UID ")?),
        b'F' => (Common::Flags, i.strip_prefix(b"FLAGS ")?),
        b'I' => (Common::InternalDate, i.strip_prefix(b"INTERNALDATE ")?),
        b'R' => (Common::Size, i.strip_prefix(b"RFC822.SIZE ")?),
        b'E' => (Common::Envelope, i.strip_prefix(b"ENVELOPE ")?),
        b'B' => (Common::BodyStructure, i.strip_prefix(b"BODYSTRUCTURE ")?),
        b'M' => (Common::ModSeq, i.strip_prefix(b"MODSEQ ")?),
        _ => return None,
    };
    (rest.first() != Some(&b' ')).then_some((item, rest))
}

/// The same, in any letters.
fn odd_name(name: &[u8], rest: &[u8]) -> Option<Common> {
    let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
    Some(match (name.len(), name.first()? | 0x20) {
        (3, _) if is(b"UID") => Common::Uid,
        (5, b'f') if is(b"FLAGS") => Common::Flags,
        (11, b'r') if is(b"RFC822.SIZE") => Common::Size,
        (8, b'e') if is(b"ENVELOPE") => Common::Envelope,
        (13, b'b') if is(b"BODYSTRUCTURE") => Common::BodyStructure,
        (4, b'b') if is(b"BODY") && matches!(rest, [b' ', b'(' | b'N' | b'n', ..]) => Common::BodyStructure,
        (12, b'i') if is(b"INTERNALDATE") => Common::InternalDate,
        (6, b'm') if is(b"MODSEQ") => Common::ModSeq,
        _ => return None,
    })
}

/// One item's name, the space behind it, and its value.
#[inline]
fn item<'a>(cx: &Cx<'a>, i: &'a [u8], fetch: &mut Fetch<'a>) -> Read<'a, ()> {
    if let Some((common, value)) = plain_name(i) {
        return common_item(cx, common, value, fetch);
    }
    let (rest, name) = lex::word(i);
    match odd_name(name, rest) {
        Some(common) => common_item(cx, common, space(cx, rest)?, fetch),
        None => rare_item(cx, rest, name).map(|(i, item)| {
            fetch.items.push(item);
            (i, ())
        }),
    }
}

fn common_item<'a>(cx: &Cx<'a>, item: Common, i: &'a [u8], fetch: &mut Fetch<'a>) -> Read<'a, ()> {
    let rest = match item {
        Common::Uid => return uid(cx, i, fetch),
        Common::InternalDate => return internal_date(cx, i, fetch),
        Common::Flags => {
            let (rest, flags) = flags(cx, i)?;
            fetch.flags = Some(flags);
            rest
        }
        Common::Size => {
            let (rest, size) = odd_number(cx, i)?;
            fetch.size = Some(size);
            rest
        }
        Common::Envelope => {
            let (rest, envelope) = envelope(cx, i)?;
            fetch.envelope = Some(envelope);
            rest
        }
        Common::BodyStructure => {
            let (rest, structure) = body_structure(cx, i)?;
            fetch.body_structure = Some(structure);
            rest
        }
        Common::ModSeq => {
            let (rest, mod_seq) = mod_seq(cx, i)?;
            fetch.mod_seq = Some(mod_seq);
            rest
        }
    };
    Ok((rest, ()))
}

fn uid<'a>(cx: &Cx<'a>, i: &'a [u8], fetch: &mut Fetch<'a>) -> Read<'a, ()> {
    let (rest, value) = odd_number(cx, i)?;
    fetch.uid = u32::try_from(value).ok().and_then(Uid::new);
    if fetch.uid.is_none() {
        // S11: a message without a UID is of little use, but the other items stand.
        cx.forgive(Quirk::ZeroNumber, i)?;
    }
    Ok((rest, ()))
}

/// NIL, which Courier sends where it knows no date, leaves the field empty; so does text that is no date.
fn internal_date<'a>(cx: &Cx<'a>, i: &'a [u8], fetch: &mut Fetch<'a>) -> Read<'a, ()> {
    match cx.attempt(|| date_time(cx, i)) {
        Ok((i, date)) => {
            fetch.internal_date = Some(date);
            Ok((i, ()))
        }
        Err(failure @ nom::Err::Failure(_)) => Err(failure),
        Err(_) => {
            cx.forgive(Quirk::OddDate, i)?;
            lex::nstring(cx, i).map(|(i, _)| (i, ()))
        }
    }
}

/// RFC 7162 section 7: `"MODSEQ" SP "(" permsg-modsequence ")"`
fn mod_seq<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, ModSeq> {
    let Ok((inside, ())) = lex::open(i) else {
        cx.forgive(Quirk::ListForm, i)?;
        return odd_number(cx, i).map(|(i, value)| (i, ModSeq(value)));
    };
    let (i, value) = odd_number(cx, inside)?;
    match close(cx, i)? {
        (i, true) => Ok((i, ModSeq(value))),
        (i, false) => fault(i, "the end of a mod-sequence"),
    }
}

/// `flag-list = "(" [flag *(SP flag)] ")"`
#[inline]
pub(super) fn flags<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Flags<'a>> {
    let [b'(', inside @ ..] = i else { return flags_without_list(cx, i) };
    match Flags::plain(inside) {
        Some((flags, rest)) => Ok((rest, flags)),
        None => odd_flags(cx, i, inside),
    }
}

#[cold]
fn odd_flags<'a>(cx: &Cx<'a>, i: &'a [u8], inside: &'a [u8]) -> Read<'a, Flags<'a>> {
    // Lists are short: a call of memchr would cost more than it saves.
    let Some(end) = inside.iter().position(|&byte| byte == b')') else {
        return fault(i, "the end of a list of flags");
    };
    let flags = Flags::from_list(&inside[..end]);
    if flags.has_odd_names() {
        cx.forgive(Quirk::OddFlag, i)?;
    }
    if inside[..end].starts_with(b" ") || inside[..end].ends_with(b" ") {
        cx.forgive(Quirk::SurplusSpace, i)?;
    }
    Ok((&inside[end + 1..], flags))
}

#[cold]
fn flags_without_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Flags<'a>> {
    if !matches!(i.first(), Some(b'\\' | b'N' | b'n' | b'$')) {
        return fault(i, "a list of flags");
    }
    cx.forgive(Quirk::OddFlag, i)?;
    let (rest, flag) = lex::word(i);
    Ok((rest, if lex::nil(i).is_some() { Flags::default() } else { Flags::from_list(flag) }))
}

/// The items that few ask for.
#[cold]
fn rare_item<'a>(cx: &Cx<'a>, i: &'a [u8], name: &'a [u8]) -> Read<'a, FetchItem<'a>> {
    let sp = |i| space(cx, i);
    let name = lex::upper(name);
    match &*name {
        "BODY" | "BODY.PEEK" => body(cx, i, Source::Body),
        "BINARY" | "BINARY.PEEK" => body(cx, i, Source::Binary),
        "RFC822" | "RFC822.HEADER" | "RFC822.TEXT" => {
            let (i, data) = body_data(cx, sp(i)?)?;
            let section = untagged::rfc822_section(&name);
            Ok((i, FetchItem::Body { section, origin: None, data }))
        }
        "BINARY.SIZE" => {
            let Some(inside) = i.strip_prefix(b"[") else { return fault(i, "a section") };
            let (i, part) = part(inside);
            let Some(i) = i.strip_prefix(b"]") else { return fault(i, "the end of a section") };
            let (i, size) = odd_number(cx, sp(i)?)?;
            Ok((i, FetchItem::BinarySize { part, size }))
        }
        "EMAILID" => parenthesised(cx, sp(i)?).map(|(i, id)| (i, FetchItem::EmailId(id))),
        "THREADID" => {
            let i = sp(i)?;
            match lex::nil(i) {
                Some(rest) => Ok((rest, FetchItem::ThreadId(None))),
                None => parenthesised(cx, i).map(|(i, id)| (i, FetchItem::ThreadId(Some(id)))),
            }
        }
        "PREVIEW" => {
            let (i, text) = lex::nstring(cx, sp(i)?)?;
            Ok((i, FetchItem::Preview(text.map(lex::Str::text))))
        }
        "SAVEDATE" => {
            let i = sp(i)?;
            match lex::nil(i) {
                Some(rest) => Ok((rest, FetchItem::SaveDate(None))),
                None => date_time(cx, i).map(|(i, date)| (i, FetchItem::SaveDate(Some(date)))),
            }
        }
        "X-GM-MSGID" => number(sp(i)?).map(|(i, id)| (i, FetchItem::GmailMessageId(id))),
        "X-GM-THRID" => number(sp(i)?).map(|(i, id)| (i, FetchItem::GmailThreadId(id))),
        "X-GM-LABELS" => {
            let (i, labels) = lex::list(cx, sp(i)?, |i| lex::astring(cx, i))?;
            Ok((i, FetchItem::GmailLabels(labels.into_iter().map(lex::Str::text).collect())))
        }
        "ANNOTATION" => annotations(cx, sp(i)?).map(|(i, list)| (i, FetchItem::Annotations(list))),
        _ => unknown(cx, i, name),
    }
}

/// An item that is of no use here, or that no document names: its value is kept, brackets and all.
fn unknown<'a>(cx: &Cx<'a>, i: &'a [u8], name: Box<str>) -> Read<'a, FetchItem<'a>> {
    if name.is_empty() {
        return fault(i, "an item's name");
    }
    let value = if i.first() == Some(&b'[') { i } else { space(cx, i)? };
    let end =
        if i.first() == Some(&b'[') { memchr::memchr(b']', i).map_or(i, |end| &i[end + 1..]) } else { value };
    let (rest, _) = lex::skip_value(lex::skip_spaces(end))?;
    let value = Cow::Borrowed(&value[..value.len() - rest.len()]);
    let named = NAMED.contains(&&*name);
    Ok((rest, if named { FetchItem::Named { name, value } } else { FetchItem::Unknown { name, value } }))
}

/// Items that are kept as they came, and whose documents describe them.
const NAMED: &[&str] = &[
    "BASECID",         // Cyrus, conversations
    "CID",             // Cyrus, conversations
    "CREATEDMODSEQ",   // Cyrus
    "DIGEST.SHA1",     // Cyrus
    "FOLDER",          // Cyrus, XCONVMULTISORT
    "GUID",            // Cyrus
    "LASTUPDATED",     // Cyrus
    "MAILBOXES",       // Cyrus
    "MAILBOXIDS",      // Cyrus
    "RFC822.FILESIZE", // Cyrus
    "RFC822.SHA1",     // Cyrus
    "SNIPPET",         // Dovecot, PREVIEW before RFC 8970
    "UIDVALIDITY",     // Cyrus, XCONVMULTISORT
    "X-GUID",          // Dovecot
    "X-MAILBOX",       // Dovecot, virtual mailboxes
    "X-REAL-UID",      // Dovecot, virtual mailboxes
    "X-SAVEDATE",      // Dovecot, SAVEDATE before RFC 8514
    "XSENDER",         // Sun and Oracle Messaging Server
];

/// `"BODY" section ["<" number ">"] SP nstring`
fn body<'a>(cx: &Cx<'a>, i: &'a [u8], source: Source) -> Read<'a, FetchItem<'a>> {
    let (i, section) = section(cx, i, source)?;
    let (i, origin) = origin(i)?;
    if matches!(lex::skip_spaces(i), [] | [b')', ..]) {
        // Nothing at all where an empty part's data should stand.
        cx.forgive(Quirk::NilForString, i)?;
        return Ok((i, FetchItem::Body { section, origin, data: BodyData::Nil }));
    }
    let (i, data) = body_data(cx, space(cx, i)?)?;
    Ok((i, FetchItem::Body { section, origin, data }))
}

/// `"<" number ">"`; some servers repeat the count behind a dot, which is passed over.
fn origin(i: &[u8]) -> Read<'_, Option<u32>> {
    let Some(inside) = i.strip_prefix(b"<") else { return Ok((i, None)) };
    let (rest, value) = number(inside)?;
    let value = u32::try_from(value).unwrap_or(u32::MAX);
    match memchr::memchr(b'>', rest) {
        Some(end) => Ok((&rest[end + 1..], Some(value))),
        None => fault(rest, "the end of a body's origin"),
    }
}

/// `nstring / literal8`, where the octets of a literal may have gone by already.
fn body_data<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, BodyData<'a>> {
    if let Ok((rest, size)) = lex::literal_head(i)
        && cx.streamed.contains(&cx.offset(rest))
    {
        return Ok((rest, BodyData::Streamed(size)));
    }
    let (i, text) = lex::nstring(cx, i)?;
    Ok((i, text.map_or(BodyData::Nil, |text| BodyData::Whole(text.text()))))
}

/// RFC 5257 section 5: `"(" entry-att *(SP entry-att) ")"`, each an entry, a space and `"(" att-value… ")"`.
fn annotations<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Annotation>> {
    let text = |i| lex::astring(cx, i).map(|(i, text)| (i, text.lossy()));
    let mut entry = None;
    let mut annotations = Vec::new();
    let (i, _) = lex::list(cx, i, |i| {
        let Some(entry) = entry.take() else {
            let (i, name) = text(i)?;
            entry = Some(name);
            return Ok((i, ()));
        };
        let mut name = None;
        let mut attributes = Vec::new();
        let (i, _) = lex::list(cx, i, |i| {
            let Some(name) = name.take() else {
                let (i, attribute) = text(i)?;
                name = Some(attribute);
                return Ok((i, ()));
            };
            let (i, value) = lex::nstring(cx, i)?;
            attributes.push((name, value.map(|value| value.text().into())));
            Ok((i, ()))
        })?;
        annotations.push(Annotation { entry, attributes });
        Ok((i, ()))
    })?;
    Ok((i, annotations))
}

/// A response up to a streamed body: its items before the last tell the UID, the last one is the body.
pub(super) fn body_head<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, BodyHead> {
    let Some(rest) = i.strip_prefix(b"* ") else { return fault(i, "a FETCH response") };
    let (rest, number) = number(rest)?;
    let (rest, name) = lex::word(space(cx, rest)?);
    let number = u32::try_from(number).ok();
    let mut fetch = if name.eq_ignore_ascii_case(b"UIDFETCH") {
        Fetch { uid: number.and_then(Uid::new), ..Fetch::default() }
    } else {
        Fetch { seq: number.and_then(SeqNo::new), ..Fetch::default() }
    };
    let (mut i, ()) = lex::open(space(cx, rest)?)?;
    loop {
        i = item_or_rest(cx, lex::skip_spaces(i), &mut fetch)?;
        if i.is_empty() {
            break;
        }
    }
    let Some(FetchItem::Body { section, origin, data: BodyData::Streamed(_) }) = fetch.items.pop() else {
        return fault(i, "a body");
    };
    Ok((i, BodyHead { seq: fetch.seq, uid: fetch.uid, section, origin }))
}
