//! What was found: SEARCH, SORT, ESEARCH, THREAD, UIDBATCHES, VANISHED.
//!
//! RFC 9051 section 7.3.4, RFC 4731, RFC 5256, RFC 5267, RFC 7162, RFC 7377, RFC 9394.

use super::super::types::{ESearch, Found, ModSeq, Partial, Response, ThreadNode, Threads, UidSet};
use super::cx::{Cx, Fault, Read, fault};
use super::lex::{self, Str, astring, list, number, number32, set, space};
use super::quirk::Quirk;

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
        let (rest, value) = number32(cx, i)?;
        if value == 0 {
            cx.forgive(Quirk::ZeroNumber, i)?;
        } else {
            found.numbers.push(value);
        }
        i = rest;
    }
    Ok((i, found))
}

/// `esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`
pub(super) fn esearch<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, ESearch> {
    let mut found = ESearch::default();
    if i.starts_with(b" (") {
        i = correlator(cx, &i[1..], &mut found)?;
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
            return_data(cx, &lex::upper(name), rest, &mut found)?
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
        "MIN" => keep(&mut found.min),
        "MAX" => keep(&mut found.max),
        "COUNT" => keep(&mut found.count),
        "ALL" => {
            let (i, all) = set(cx, value)?;
            found.all = Some(all);
            Ok(i)
        }
        "MODSEQ" => {
            let (i, value) = number(value)?;
            found.mod_seq = Some(ModSeq(value));
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

/// RFC 9394 section 3.1: `"PARTIAL" SP "(" partial-range SP (sequence-set / nil) ")"`
fn partial<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Partial> {
    let (i, ()) = lex::open(i)?;
    let (i, first) = signed(i)?;
    let Some(i) = i.strip_prefix(b":") else { return fault(i, "a range") };
    let (i, last) = signed(i)?;
    let i = space(cx, i)?;
    let (i, set) = match lex::nil(i) {
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
                let Some(back) = outer.pop() else { return fault(i, "a thread") };
                depth = back;
                opened = false;
                i = rest;
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
    while let [b' ' | b',', rest @ ..] = i {
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
        [b'(', ..] => {
            let (i, words) = list(cx, i, |i| astring(cx, i).map(|(i, word)| (i, Str::lossy(word))))?;
            let i = if i.is_empty() { i } else { space(cx, i)? };
            (i, words.iter().any(|word| word.eq_ignore_ascii_case("EARLIER")))
        }
        _ => (i, false),
    };
    let (i, uids) = set(cx, i)?;
    Ok((i, Response::Vanished { earlier, uids }))
}
