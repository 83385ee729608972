//! The items of FETCH that few ask for: of extensions, of vendors, and those that no document names.

use std::borrow::Cow;

use super::code::{named_id, object_id};
use super::cx::{Cx, Read, fault};
use super::date_time::date_time;
use super::fetch::{begins_item, body, body_data, origin};
use super::lex::{self, odd_number, space};
use super::quirk::Quirk;
use super::section::part;
use super::untagged;
use crate::imap::types::{Annotation, DateTime, FetchItem, Source};

/// Reads one of them onto `items`; nothing where its value says nothing.
#[cold]
pub(super) fn rare_item<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    name: &'a [u8],
    items: &mut Vec<FetchItem<'a>>,
) -> Read<'a, ()> {
    let sp = |i| space(cx, i);
    let name = lex::upper(name);
    let (i, item) = match &*name {
        "BODY" | "BODY.PEEK" => body(cx, i, Source::Body)?,
        "BINARY" | "BINARY.PEEK" => body(cx, i, Source::Binary)?,
        "RFC822" | "RFC822.HEADER" | "RFC822.TEXT" | "RFC822.PEEK" | "RFC822.TEXT.PEEK" => {
            let (i, origin) = origin(cx, i)?;
            let (i, data) = body_data(cx, i)?;
            let section = untagged::rfc822_section(&name);
            (i, FetchItem::Body { section, origin, data })
        }
        "BINARY.SIZE" => {
            let (i, part) = size_section(cx, i)?;
            let (i, size) = odd_number(cx, sp(i)?)?;
            (i, FetchItem::BinarySize { part, size })
        }
        "EMAILID" => {
            let (i, id) = object_id(cx, sp(i)?)?;
            items.extend(id.map(FetchItem::EmailId));
            return Ok((i, ()));
        }
        "OBJECTID" => {
            let (rest, id) = named_id(cx, sp(i)?, "EMAILID")?;
            items.extend(id.map(FetchItem::EmailId));
            let (_, id) = named_id(cx, sp(i)?, "THREADID")?;
            items.extend(id.map(|id| FetchItem::ThreadId(Some(id))));
            return Ok((rest, ()));
        }
        "THREADID" => {
            let i = sp(i)?;
            match lex::nil(i) {
                Some(rest) => (rest, FetchItem::ThreadId(None)),
                None => object_id(cx, i).map(|(i, id)| (i, FetchItem::ThreadId(id)))?,
            }
        }
        "PREVIEW" => preview(cx, sp(i)?).map(|(i, text)| (i, FetchItem::Preview(text)))?,
        "SAVEDATE" => save_date(cx, sp(i)?).map(|(i, date)| (i, FetchItem::SaveDate(date)))?,
        "X-GM-MSGID" => {
            let (i, id) = gmail_id(cx, sp(i)?)?;
            items.extend(id.map(FetchItem::GmailMessageId));
            return Ok((i, ()));
        }
        "X-GM-THRID" => {
            let (i, id) = gmail_id(cx, sp(i)?)?;
            items.extend(id.map(FetchItem::GmailThreadId));
            return Ok((i, ()));
        }
        "X-GM-LABELS" => {
            let (i, labels) = lex::list_or_one(cx, sp(i)?, |i| lex::astring(cx, i))?;
            (i, FetchItem::GmailLabels(labels.into_iter().map(lex::Str::text).collect()))
        }
        "ANNOTATION" => annotations(cx, sp(i)?).map(|(i, list)| (i, FetchItem::Annotations(list)))?,
        _ => unknown(cx, i, name)?,
    };
    items.push(item);
    Ok((i, ()))
}

/// RFC 8514 section 5: `"SAVEDATE" SP (date-time / nil)`; text that is no date counts as NIL.
fn save_date<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<DateTime>> {
    if let Some(rest) = lex::nil(i) {
        return Ok((rest, None));
    }
    match cx.attempt(|| date_time(cx, i)) {
        Err(nom::Err::Error(_)) => {
            cx.forgive(Quirk::OddDate, i)?;
            lex::nstring(cx, i).map(|(i, _)| (i, None))
        }
        date => date.map(|(i, date)| (i, Some(date))),
    }
}

/// RFC 3516 section 7: `"BINARY.SIZE" section-binary`
fn size_section<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Box<[u32]>> {
    let Some(inside) = i.strip_prefix(b"[") else {
        cx.forgive(Quirk::OddSection, i)?;
        return Ok((i, Box::default()));
    };
    let (i, part) = part(inside);
    match i.strip_prefix(b"]") {
        Some(rest) => Ok((rest, part)),
        None => fault(i, "the end of a section"),
    }
}

/// `PREVIEW` of RFC 8970, and of its drafts, which had the algorithm and the text in a list.
fn preview<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<Cow<'a, [u8]>>> {
    if i.first() != Some(&b'(') {
        if begins_item(i) {
            return fault(i, "a preview");
        }
        return lex::nstring(cx, i).map(|(i, text)| (i, text.map(lex::Str::text)));
    }
    cx.forgive(Quirk::ListForm, i)?;
    let (i, words) = lex::list(cx, i, |i| match lex::word(i) {
        (rest, name) if name.eq_ignore_ascii_case(b"FUZZY") => Ok((rest, None)),
        _ => lex::nstring(cx, i),
    })?;
    Ok((i, words.into_iter().flatten().next_back().map(lex::Str::text)))
}

/// A number of 64 bits; `None` where it is none.
fn gmail_id<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<u64>> {
    let (rest, id) = odd_number(cx, i)?;
    Ok((rest, Some(id).filter(|&id| id > 0)))
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
    "XAOL-ENVELOPE",   // AOL, as Mozilla asks for it
    "XAOL.SIZE",       // AOL, as Mozilla asks for it
    "XSENDER",         // Sun and Oracle Messaging Server
];

/// RFC 5257 section 5: `"(" entry-att *(SP entry-att) ")"`, each an entry, a space and `"(" att-value… ")"`; or
/// `"(" entry *(SP entry) ")"`, which tells what changed without being asked (section 4.4).
fn annotations<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Annotation>> {
    let text = |i| lex::astring(cx, i).map(|(i, text)| (i, text.lossy()));
    let mut annotations: Vec<Annotation> = Vec::new();
    let (i, _) = lex::list(cx, i, |i| {
        if i.first() != Some(&b'(') {
            let (i, entry) = text(i)?;
            annotations.push(Annotation { entry, attributes: Vec::new() });
            return Ok((i, ()));
        }
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
        match annotations.last_mut() {
            Some(annotation) => annotation.attributes = attributes,
            None => return fault(i, "an annotation's entry"),
        }
        Ok((i, ()))
    })?;
    Ok((i, annotations))
}
