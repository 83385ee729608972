//! One message's data.
//!
//! RFC 9051 section 9: `msg-att`, and the items of the extensions that [`FetchItem`] names.

use std::borrow::Cow;

use super::body_structure::body_structure;
use super::cx::{Cx, Fault, Read, fault};
use super::date_time::date_time;
use super::envelope::envelope;
use super::lex::{self, close, number, odd_number, space};
use super::quirk::{Quirk, Quirks};
use super::rare_item::rare_item;
use super::section::section;
use super::{BodyHead, untagged};
use crate::imap::types::{BodyData, Fetch, FetchItem, Flags, ModSeq, SeqNo, Source, Uid};

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
            match behind_list(cx, rest)? {
                Some(more) => i = more,
                None => return Ok(()),
            }
            continue;
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

/// What follows the end of the list, where it is not the end of the response: some close it before its last items.
#[cold]
fn behind_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Option<&'a [u8]>, nom::Err<Fault<'a>>> {
    let more = lex::skip_spaces(i);
    if begins_item(more.strip_prefix(b"(").unwrap_or(more)) {
        cx.forgive(Quirk::UnbalancedList, i)?;
        return Ok(Some(i));
    }
    untagged::end(cx, i)?;
    Ok(None)
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
    let before = cx.quirks();
    match item(cx, i, fetch) {
        Ok((rest, ())) if cx.quirks() == before => Ok(rest),
        Ok((rest, ())) => reread(cx, i, before, Ok(rest), fetch),
        Err(error) => reread(cx, i, before, Err(error), fetch),
    }
}

/// An item in which something is wrong. If that can be a backslash that should have been escaped, and the item is
/// right with it, then that was all.
#[cold]
fn reread<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    before: Quirks,
    first: Result<&'a [u8], nom::Err<Fault<'a>>>,
    fetch: &mut Fetch<'a>,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let signs =
        || CUT_WRONG.iter().filter(|&&sign| cx.quirks().contains(sign) && !before.contains(sign)).count();
    let found = if first.is_err() { usize::MAX } else { signs() };
    let has_strings = [&b"ENVELOPE"[..], b"BODYSTRUCTURE", b"BODY"].contains(&lex::word(i).1);
    let tell = |first: Result<&'a [u8], nom::Err<Fault<'a>>>, fetch: &mut Fetch<'a>| match first {
        Err(nom::Err::Error(fault)) => {
            cx.forget(before);
            set_aside(cx, i, nom::Err::Error(fault), fetch)
        }
        first => first,
    };
    if cx.strict
        || !has_strings
        || found == 0
        || !cx.may_search()
        || memchr::memmem::find(i, b"\\\"").is_none()
    {
        return tell(first, fetch);
    }
    cx.forget(before);
    if let Ok((rest, ())) = cx.with_plain_backslashes(|| item(cx, i, fetch))
        && signs() < found
    {
        return Ok(rest);
    }
    cx.forget(before);
    let first = item(cx, i, fetch).map(|(rest, ())| rest);
    tell(first, fetch)
}

/// What shows that a string ended in the wrong place.
const CUT_WRONG: &[Quirk] =
    &[Quirk::EnvelopeFields, Quirk::BodyFields, Quirk::MissingSpace, Quirk::UnbalancedList];

fn set_aside<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    error: nom::Err<Fault<'a>>,
    fetch: &mut Fetch<'a>,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let (rest, name) = lex::word(i);
    if name.is_empty() {
        return Err(error);
    }
    cx.forgive(Quirk::UnreadableItem, i)?;
    let value = lex::skip_spaces(rest);
    let end = end_of_unreadable(cx, value);
    let value = Cow::Borrowed(&value[..value.len() - end.len()]);
    fetch.items.push(FetchItem::Unreadable { name: lex::upper(name), value });
    Ok(end)
}

/// Where an item's unreadable value, which may be missing, ends: if not where a value should, then where the next
/// item that we know begins. Where not even that can be found, it is all there is.
fn end_of_unreadable<'a>(cx: &Cx<'a>, value: &'a [u8]) -> &'a [u8] {
    if begins_item(value) {
        return value;
    }
    match lex::skip_value(value) {
        Ok((rest, _)) if matches!(rest.first(), None | Some(b' ' | b')')) => rest,
        _ if value.first() == Some(&b')') => value,
        _ if cx.may_search() => {
            let spaces = memchr::memchr_iter(b' ', value);
            let next = spaces.map(|at| &value[at..]).find(|rest| begins_item(&rest[1..]));
            next.unwrap_or(&value[value.len()..])
        }
        _ => &value[value.len()..],
    }
}

/// True if an item that we know begins here, and not a value.
pub(super) fn begins_item(i: &[u8]) -> bool {
    let (rest, name) = lex::word(i);
    match rest.first() {
        Some(b' ') => KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known)),
        Some(b'[') => name.eq_ignore_ascii_case(b"BODY") || name.eq_ignore_ascii_case(b"BINARY"),
        _ => false,
    }
}

const KNOWN: &[&[u8]] = &[
    b"UID",
    b"FLAGS",
    b"RFC822.SIZE",
    b"ENVELOPE",
    b"BODYSTRUCTURE",
    b"BODY",
    b"INTERNALDATE",
    b"MODSEQ",
    b"RFC822",
    b"RFC822.HEADER",
    b"RFC822.TEXT",
    b"EMAILID",
    b"THREADID",
    b"PREVIEW",
    b"SAVEDATE",
    b"X-GM-MSGID",
    b"X-GM-THRID",
    b"X-GM-LABELS",
    b"ANNOTATION",
];

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
    odd_item(cx, i, fetch)
}

#[cold]
fn odd_item<'a>(cx: &Cx<'a>, i: &'a [u8], fetch: &mut Fetch<'a>) -> Read<'a, ()> {
    let (rest, name) = lex::word(i);
    if let Some(common) = odd_name(name, rest) {
        return common_item(cx, common, space(cx, rest)?, fetch);
    }
    if !i.first().is_some_and(u8::is_ascii_alphabetic) || lex::nil(i).is_some() {
        // A value without a name.
        cx.forgive(Quirk::SurplusData, i)?;
        return lex::skip_value(i).map(|(rest, _)| (rest, ()));
    }
    match memchr::memchr(b'{', name) {
        // A literal without a space before it.
        Some(end) => rare_item(cx, &i[end..], &name[..end], &mut fetch.items),
        None => rare_item(cx, rest, name, &mut fetch.items),
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
            fetch.mod_seq = mod_seq;
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
        Err(error) if begins_item(i) || i.first() == Some(&b'(') => Err(error),
        Err(_) => {
            cx.forgive(Quirk::OddDate, i)?;
            lex::nstring(cx, i).map(|(i, _)| (i, ()))
        }
    }
}

/// RFC 7162 section 7: `"MODSEQ" SP "(" permsg-modsequence ")"`
pub(super) fn mod_seq<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<ModSeq>> {
    let Ok((inside, ())) = lex::open(i) else {
        cx.forgive(Quirk::ListForm, i)?;
        return odd_number(cx, i).map(|(i, value)| (i, Some(ModSeq(value))));
    };
    if let (rest, true) = close(cx, inside)? {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((rest, None));
    }
    let (mut i, value) = odd_number(cx, inside)?;
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, Some(ModSeq(value))));
        }
        cx.forgive(Quirk::ListForm, i)?;
        i = lex::skip_value(lex::skip_spaces(rest))?.0;
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
    let (end, rest) = match end_of_flags(inside) {
        Some(end) => (end, &inside[end + 1..]),
        None => {
            cx.forgive(Quirk::UnbalancedList, i)?;
            (inside.len(), &inside[inside.len()..])
        }
    };
    let flags = if inside[..end].contains(&b'"') {
        cx.forgive(Quirk::OddFlag, i)?;
        Flags::from_list(&without_quotes(&inside[..end])).into_owned()
    } else {
        Flags::from_list(&inside[..end])
    };
    if flags.has_odd_names() {
        cx.forgive(Quirk::OddFlag, i)?;
    }
    if inside[..end].starts_with(b" ") || inside[..end].ends_with(b" ") {
        cx.forgive(Quirk::SurplusSpace, i)?;
    }
    Ok((rest, flags))
}

/// Flags that the server put into quotes, as some do with all of theirs and some with those that it made up.
fn without_quotes(list: &[u8]) -> Vec<u8> {
    let mut plain: Vec<u8> = list.iter().copied().filter(|&byte| byte != b'"').collect();
    // Inside the quotes, a backslash has another before it.
    plain.dedup_by(|a, b| (*a, *b) == (b'\\', b'\\'));
    plain
}

/// Where the list's closing parenthesis stands. One that a flag opened, or that stands in a quoted flag, is none.
fn end_of_flags(inside: &[u8]) -> Option<usize> {
    let first = inside.iter().position(|&byte| byte == b')')?;
    if !inside[..first].iter().any(|byte| b"(\"".contains(byte)) {
        return Some(first);
    }
    let mut depth = 0;
    let mut at = 0;
    while let Some(&byte) = inside.get(at) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b'"' => at += memchr::memchr(b'"', &inside[at + 1..]).map_or(0, |end| end + 1),
            _ => {}
        }
        at += 1;
    }
    Some(first)
}

/// NIL or an empty string for no flags, or the flags themselves, each with its backslash.
#[cold]
fn flags_without_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Flags<'a>> {
    if let Some(rest) = lex::nil(i).or_else(|| i.strip_prefix(b"\"\"")) {
        cx.forgive(Quirk::OddFlag, i)?;
        return Ok((rest, Flags::default()));
    }
    let mut end = 0;
    while let [b'\\' | b'$', ..] = &i[end..] {
        end += lex::word(&i[end..]).1.len();
        if !matches!(i[end..], [b' ', b'\\' | b'$', ..]) {
            break;
        }
        end += 1;
    }
    if end == 0 {
        return fault(i, "a list of flags");
    }
    cx.forgive(Quirk::OddFlag, i)?;
    Ok((&i[end..], Flags::from_list(&i[..end])))
}

/// `"BODY" section ["<" number ">"] SP nstring`
pub(super) fn body<'a>(cx: &Cx<'a>, i: &'a [u8], source: Source) -> Read<'a, FetchItem<'a>> {
    let (i, section) = section(cx, i, source)?;
    let (i, origin) = origin(cx, i)?;
    let (i, data) = body_data(cx, i)?;
    Ok((i, FetchItem::Body { section, origin, data }))
}

/// `"<" number ">"`; some servers repeat the count behind a dot, which is passed over.
pub(super) fn origin<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<u32>> {
    let inside = match i {
        [b'<', inside @ ..] => inside,
        [b' ', b'<', inside @ ..] => {
            cx.forgive(Quirk::OddSection, i)?;
            inside
        }
        _ => return Ok((i, None)),
    };
    let (rest, value) = number(inside).map_or((inside, None), |(rest, value)| (rest, Some(value)));
    let value = value.map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    let end = rest.iter().position(|byte| b"> )\r".contains(byte)).unwrap_or(rest.len());
    if value.is_none() || rest.get(end) != Some(&b'>') {
        cx.forgive(Quirk::OddSection, inside)?;
    }
    let rest = &rest[end..];
    Ok((rest.strip_prefix(b">").unwrap_or(rest), value))
}

/// `SP (nstring / literal8)`, where the octets of a literal may have gone by already.
pub(super) fn body_data<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, BodyData<'a>> {
    let ahead = lex::skip_spaces(i);
    if matches!(ahead, [] | [b')', ..]) || begins_item(ahead) {
        // Nothing at all where an empty part's data should stand.
        cx.forgive(Quirk::NilForString, i)?;
        return Ok((i, BodyData::Nil));
    }
    let i = space(cx, i)?;
    if let Ok((rest, size)) = lex::literal_head(i)
        && cx.streamed.contains(&cx.offset(rest))
    {
        return Ok((rest, BodyData::Streamed(size)));
    }
    if let Some(rest) = i.strip_prefix(b"()") {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((rest, BodyData::Nil));
    }
    let (i, text) = lex::nstring(cx, i)?;
    Ok((i, text.map_or(BodyData::Nil, |text| BodyData::Whole(text.text()))))
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
    let mut i = space(cx, rest)?;
    loop {
        // The list's parenthesis, or one that some servers put around an item.
        let between = i.iter().take_while(|byte| b" ()\t\r\n".contains(byte)).count();
        i = item_or_rest(cx, &i[between..], &mut fetch)?;
        if i.is_empty() {
            break;
        }
    }
    let Some(FetchItem::Body { section, origin, data: BodyData::Streamed(_) }) = fetch.items.pop() else {
        return fault(i, "a body");
    };
    Ok((i, BodyHead { seq: fetch.seq, uid: fetch.uid, section, origin }))
}
