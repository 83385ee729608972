//! What was found: SEARCH, SORT, ESEARCH, THREAD, UIDBATCHES, VANISHED.
//!
//! RFC 9051 section 7.3.4, RFC 4731, RFC 5256, RFC 5267, RFC 7162, RFC 7377, RFC 9394.

use super::cx::{Cx, Fault, Read, fault};
use super::lex::{self, Str, astring, list, number, number32, set, space};
use super::quirk::Quirk;
use crate::imap::types::{ESearch, Found, ModSeq, Partial, Response, ThreadNode, Threads, UidSet};

/// `*(SP nz-number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]`, from behind the name on.
pub(super) fn found<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, Found> {
    let mut found = Found::default();
    while !lex::skip_spaces(i).is_empty() {
        i = space(cx, i)?;
        if i.first() == Some(&b'(') {
            let (rest, mod_seq) = list(cx, i, |i| match number(i) {
                Ok((rest, value)) => Ok((rest, Some(ModSeq(value)))),
                Err(_) => Ok((lex::word(i).0, None)),
            })?;
            found.mod_seq = mod_seq.into_iter().flatten().last();
            return Ok((rest, found));
        }
        let (rest, value) = match number32(cx, i) {
            Ok(read) => read,
            Err(nom::Err::Error(_)) => return odd_end(cx, i, found),
            Err(failure) => return Err(failure),
        };
        if value == 0 {
            cx.forgive(Quirk::ZeroNumber, i)?;
        } else {
            found.numbers.push(value);
        }
        i = match rest {
            [b',' | b':', ..] => rest_of_set(cx, rest, value, &mut found)?,
            _ => rest,
        };
    }
    Ok((i, found))
}

/// Commas or colons behind a number: the server sends a set where a list must stand.
#[cold]
fn rest_of_set<'a>(
    cx: &Cx<'a>,
    mut i: &'a [u8],
    mut last: u32,
    found: &mut Found,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    cx.forgive(Quirk::OddSet, i)?;
    while let [mark @ (b',' | b':'), rest @ ..] = i
        && let Ok((rest, next)) = number32(cx, rest)
    {
        // S5: what a range stands for might be everything.
        let room = MAX_FROM_RANGES.saturating_sub(found.numbers.len());
        let first = if *mark == b':' { last.saturating_add(1) } else { next };
        found.numbers.extend((first.max(1)..=next).take(room));
        (i, last) = (rest, next);
    }
    Ok(i)
}

/// How many messages ranges may stand for where none may stand.
const MAX_FROM_RANGES: usize = 100_000;

/// What is no number: a mod-sequence without its parentheses, a comma, or words.
#[cold]
fn odd_end<'a>(cx: &Cx<'a>, i: &'a [u8], mut found: Found) -> Read<'a, Found> {
    let (rest, name) = lex::word(i);
    if name.eq_ignore_ascii_case(b"MODSEQ") {
        cx.forgive(Quirk::ListForm, i)?;
        let (rest, value) = lex::odd_number(cx, space(cx, rest)?)?;
        found.mod_seq = Some(ModSeq(value));
        return Ok((rest, found));
    }
    cx.forgive(Quirk::SurplusData, i)?;
    Ok((&i[i.len()..], found))
}

/// `esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`
pub(super) fn esearch<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, ESearch> {
    let mut found = ESearch::default();
    if i.starts_with(b" (") {
        i = correlator(cx, &i[1..], &mut found)?;
    }
    if i.starts_with(b" \"") {
        // The tag alone.
        cx.forgive(Quirk::ListForm, i)?;
        let tag;
        (i, tag) = astring(cx, &i[1..])?;
        found.tag = Some(tag.lossy());
    }
    while !lex::skip_spaces(i).is_empty() {
        let start = space(cx, i)?;
        let (start, in_list) = match start.strip_prefix(b"(") {
            Some(inside) => {
                // As SEARCH has it (RFC 7162 section 3.1.5).
                cx.forgive(Quirk::ListForm, start)?;
                (inside, true)
            }
            None => (start, false),
        };
        let (rest, name) = lex::word(start);
        if name.is_empty() {
            return fault(start, "a search result's name");
        }
        i = if name.eq_ignore_ascii_case(b"UID") {
            found.uid = true;
            rest
        } else {
            data_or_rest(cx, &lex::upper(name), rest, &mut found)?
        };
        if in_list {
            i = lex::close(cx, i)?.0;
        }
    }
    Ok((i, found))
}

/// RFC 9051 section 9: `search-correlator = SP "(" "TAG" SP tag-string ")"`; RFC 7377 section 4 adds the mailbox.
fn correlator<'a>(cx: &Cx<'a>, i: &'a [u8], found: &mut ESearch) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let mut name: Option<Box<str>> = None;
    let (i, _) = list(cx, i, |i| {
        let (i, text) = astring(cx, i)?;
        match name.take().as_deref() {
            None => name = Some(lex::upper(&text.text())),
            Some("TAG") => found.tag = Some(text.lossy()),
            Some("MAILBOX") => found.mailbox = Some(lex::mailbox_name(cx.encoding, &text.text())),
            Some("UIDVALIDITY") => found.uid_validity = text.lossy().parse().ok(),
            Some(other) => found.others.push((other.into(), text.text().into())),
        }
        Ok((i, ()))
    })?;
    Ok(i)
}

/// Reads what a name tells. What can't be read is kept as it came.
fn data_or_rest<'a>(
    cx: &Cx<'a>,
    name: &str,
    rest: &'a [u8],
    found: &mut ESearch,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    match cx.attempt(|| return_data(cx, name, rest, found).map(|rest| (rest, ()))) {
        Ok((rest, ())) => Ok(rest),
        Err(nom::Err::Error(_)) if cx.may_search() => {
            cx.forgive(Quirk::UnreadableItem, rest)?;
            let value = lex::skip_spaces(rest);
            let next = lex::word(value).1;
            if value.is_empty() || RETURN_DATA.iter().any(|name| next.eq_ignore_ascii_case(name)) {
                return Ok(rest);
            }
            let (rest, value) = lex::skip_value(value)?;
            found.others.push((name.into(), value.into()));
            Ok(rest)
        }
        Err(error) => Err(error),
    }
}

const RETURN_DATA: &[&[u8]] = &[b"MIN", b"MAX", b"COUNT", b"ALL", b"MODSEQ", b"PARTIAL", b"RELEVANCY"];

fn return_data<'a>(
    cx: &Cx<'a>,
    name: &str,
    rest: &'a [u8],
    found: &mut ESearch,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let value = if lex::skip_spaces(rest).is_empty() { rest } else { space(cx, rest)? };
    let keep = |place: &mut Option<u32>| {
        let (i, value) = number32(cx, value)?;
        *place = Some(value);
        Ok(i)
    };
    match name {
        "TAG" => {
            cx.forgive(Quirk::ListForm, rest)?;
            let (i, tag) = astring(cx, value)?;
            found.tag = Some(tag.lossy());
            Ok(i)
        }
        "MIN" => message_number(cx, value, &mut found.min),
        "MAX" => message_number(cx, value, &mut found.max),
        "COUNT" => keep(&mut found.count),
        "ALL" => {
            let (i, all) = set(cx, value)?;
            found.all = Some(all);
            Ok(i)
        }
        "MODSEQ" => {
            let (i, mod_seq) = match number(value) {
                Ok((i, value)) => (i, Some(ModSeq(value))),
                Err(_) => super::fetch::mod_seq(cx, value)?,
            };
            found.mod_seq = mod_seq;
            Ok(i)
        }
        "PARTIAL" => {
            let (i, partial) = partial(cx, value)?;
            found.partial = Some(partial);
            Ok(i)
        }
        "ADDTO" => updates(cx, value, &mut found.added),
        "REMOVEFROM" => updates(cx, value, &mut found.removed),
        "RELEVANCY" => {
            let (i, scores) = list(cx, value, |i| number32(cx, i))?;
            found.relevancy =
                scores.into_iter().map(|score| u8::try_from(score).unwrap_or(u8::MAX)).collect();
            Ok(i)
        }
        _ => {
            let (i, value) = lex::skip_value(value)?;
            found.others.push((name.into(), value.into()));
            Ok(i)
        }
    }
}

/// `nz-number`; 0 stands for none, which should have been left out.
fn message_number<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    place: &mut Option<u32>,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let (rest, value) = number32(cx, i)?;
    *place = Some(value).filter(|&value| value > 0);
    if place.is_none() {
        cx.forgive(Quirk::ZeroNumber, i)?;
    }
    Ok(rest)
}

/// RFC 9394 section 3.1: `"PARTIAL" SP "(" partial-range SP (sequence-set / nil) ")"`
fn partial<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Partial> {
    let (i, ()) = lex::open(i)?;
    let (i, first) = signed(i)?;
    let Some(i) = i.strip_prefix(b":") else { return fault(i, "a range") };
    let (i, last) = signed(i)?;
    let i = space(cx, i)?;
    let (i, set) = match lex::nil(i) {
        _ if i.first() == Some(&b')') => (i, None),
        Some(rest) => (rest, None),
        None => set(cx, i).map(|(i, set)| (i, Some(set)))?,
    };
    match lex::close(cx, i)? {
        (i, true) => Ok((i, Partial { window: (first, last), set })),
        (i, false) => fault(i, "the end of a window"),
    }
}

fn signed(i: &[u8]) -> Read<'_, i64> {
    let (digits, sign) = i.strip_prefix(b"-").map_or((i, 1), |digits| (digits, -1));
    let (i, value) = number(digits)?;
    Ok((i, i64::try_from(value).unwrap_or(i64::MAX) * sign))
}

/// RFC 5267 section 4.3: `"(" context-position SP sequence-set *(SP context-position SP sequence-set) ")"`
fn updates<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    runs: &mut Vec<(u32, UidSet)>,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let (i, found) = list(cx, i, |i| {
        let (i, position) = number32(cx, i)?;
        let (i, set) = set(cx, space(cx, i)?)?;
        Ok((i, (position, set)))
    })?;
    runs.extend(found);
    Ok(i)
}

/// `"THREAD" [SP 1*thread-list]`. Lists may be nested without bound, so this keeps its own stack (S4).
///
/// RFC 5256 section 5: `thread-list = "(" (thread-members / thread-nested) ")"`
pub(super) fn threads<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, Threads> {
    let mut threads = Threads::default();
    let mut outer: Vec<u32> = Vec::new();
    let mut depth = 0;
    let mut opened = false;
    loop {
        match i {
            [] => break,
            [b' ', rest @ ..] => {
                i = rest;
                continue;
            }
            [b'(', rest @ ..] => {
                if opened {
                    // Siblings whose parent is gone.
                    threads.nodes.push(ThreadNode { number: None, depth });
                    depth += 1;
                }
                outer.push(depth);
                opened = true;
                i = rest;
            }
            [b')', rest @ ..] => {
                if opened {
                    cx.forgive(Quirk::OddThread, i)?;
                }
                match outer.pop() {
                    Some(back) => depth = back,
                    None => cx.forgive(Quirk::UnbalancedList, i)?,
                }
                opened = false;
                i = rest;
            }
            [b',', rest @ ..] => {
                cx.forgive(Quirk::OddThread, i)?;
                i = rest;
            }
            _ if number(i).is_err() && outer.is_empty() && !threads.nodes.is_empty() => {
                cx.forgive(Quirk::SurplusData, i)?;
                return Ok((&i[i.len()..], threads));
            }
            _ => {
                let (rest, number) = number32(cx, i)?;
                threads.nodes.push(ThreadNode { number: Some(number), depth });
                depth += 1;
                opened = false;
                i = rest;
            }
        }
        // The parent that was made up ends with its list.
        if outer.is_empty() {
            depth = 0;
        }
    }
    if !outer.is_empty() {
        cx.forgive(Quirk::UnbalancedList, i)?;
    }
    Ok((i, threads))
}

/// `"UIDBATCHES" search-correlator [SP range *("," range)]`
pub(super) fn uid_batches<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Response<'a>> {
    let mut found = ESearch::default();
    let i = if i.starts_with(b" (") { correlator(cx, &i[1..], &mut found)? } else { i };
    let mut batches = Vec::new();
    let mut i = i;
    if i.starts_with(b" (") {
        cx.forgive(Quirk::ListForm, i)?;
        i = &i[1..];
    }
    while let [b' ' | b',' | b'(', rest @ ..] = i
        && rest.first().is_some_and(u8::is_ascii_digit)
    {
        let (rest, high) = number32(cx, rest)?;
        let (rest, low) = match rest.strip_prefix(b":") {
            Some(rest) => number32(cx, rest)?,
            None => (rest, high),
        };
        batches.push((high, low));
        i = rest;
    }
    Ok((i, Response::UidBatches { tag: found.tag, batches }))
}

/// RFC 7162 section 7: `"VANISHED" [SP "(EARLIER)"] SP known-uids`
pub(super) fn vanished<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Response<'a>> {
    let i = space(cx, i)?;
    let (i, earlier) = match i {
        [b'(', letter, ..] if letter.is_ascii_alphabetic() => {
            let (i, words) = list(cx, i, |i| astring(cx, i).map(|(i, word)| (i, Str::lossy(word))))?;
            let i = if i.is_empty() { i } else { space(cx, i)? };
            (i, words.iter().any(|word| word.eq_ignore_ascii_case("EARLIER")))
        }
        _ => match lex::word(i) {
            (rest, word) if word.eq_ignore_ascii_case(b"EARLIER") => {
                cx.forgive(Quirk::ListForm, i)?;
                (space(cx, rest)?, true)
            }
            _ => (i, false),
        },
    };
    let (mut i, mut uids) = set(cx, i)?;
    // None of them may be missed, whatever stands between them.
    while number(lex::skip_spaces(i)).is_ok() {
        cx.forgive(Quirk::OddSet, i)?;
        let (rest, more) = set(cx, lex::skip_spaces(i))?;
        more.ranges().for_each(|range| uids.push_range(*range.start(), *range.end()));
        i = rest;
    }
    Ok((i, Response::Vanished { earlier, uids }))
}
