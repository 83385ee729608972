//! The words of the language: atoms, numbers, strings, lists.
//!
//! RFC 9051 section 9. What a string may look like beyond that is decided here, once for all responses.

use std::borrow::Cow;

use memchr::memchr2;

use super::cx::{Cx, Read, fault};
use super::quirk::Quirk;
use crate::imap::types::{MailboxEncoding, MailboxName, Number, Set, Text, unescape};

/// A string as it lies in the response, and whether there are escapes in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Str<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) escaped: bool,
}

impl<'a> Str<'a> {
    pub(super) fn text(self) -> Text<'a> {
        if self.escaped { Cow::Owned(unescape(self.bytes)) } else { Cow::Borrowed(self.bytes) }
    }

    pub(super) fn lossy(self) -> Box<str> {
        String::from_utf8_lossy(&self.text()).into()
    }
}

/// `nstring = string / nil`
///
/// Anything else that stands where a string should is taken up to the next space or parenthesis.
#[inline]
pub(super) fn nstring<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<Str<'a>>> {
    match i {
        [b'"', ..] => quoted(cx, i).map(|(i, text)| (i, Some(text))),
        [b'N' | b'n', b'I' | b'i', b'L' | b'l', rest @ ..] if ends_word(rest) => Ok((rest, None)),
        _ => other_string(cx, i).map(|(i, text)| (i, Some(text))),
    }
}

/// `string = quoted / literal`, where NIL is forgiven as an empty one.
pub(super) fn string<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    let (rest, text) = nstring(cx, i)?;
    if let Some(text) = text {
        return Ok((rest, text));
    }
    cx.forgive(Quirk::NilForString, i)?;
    Ok((rest, Str { bytes: b"", escaped: false }))
}

/// `astring = 1*ASTRING-CHAR / string`
pub(super) fn astring<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    match i.first() {
        Some(b'"') => quoted(cx, i),
        Some(b'{' | b'~') => literal(i).or_else(|_| bare(i)),
        Some(b'*') => starred(cx, i),
        _ => bare(i),
    }
}

/// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`
///
/// The closing quote is known by what follows it, since some servers leave quotes inside unescaped.
fn quoted<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    if let Some((rest, bytes)) = plain_quoted(i) {
        return Ok((rest, Str { bytes, escaped: false }));
    }
    match memchr2(b'"', b'\\', &i[1..]) {
        Some(end) => quoted_slow(cx, i, end),
        None => fault(i, "the end of a quoted string"),
    }
}

/// A quoted string as almost all are: without a backslash, and with a space or parenthesis behind it.
#[inline(always)]
pub(super) fn plain_quoted(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let [b'"', inside @ ..] = i else { return None };
    let end = find_quote(inside)?;
    let (bytes, rest) = inside.split_at_checked(end)?;
    match rest {
        [b'"', rest @ ..] if matches!(rest.first(), Some(b' ' | b')')) || ends_word(rest) => {
            Some((rest, bytes))
        }
        _ => None,
    }
}

/// NIL as almost everybody writes it: what follows it.
#[inline(always)]
pub(super) fn plain_nil(i: &[u8]) -> Option<&[u8]> {
    match i.first_chunk::<4>() {
        Some(b"NIL " | b"NIL)") => Some(&i[3..]),
        _ => None,
    }
}

/// Where the first quote or backslash stands. Most strings are too short for a call of memchr to pay.
#[inline(always)]
fn find_quote(i: &[u8]) -> Option<usize> {
    let found = |word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        zero_bytes(word ^ every(b'"')) | zero_bytes(word ^ every(b'\\'))
    };
    let mut at = 0;
    for two in i.as_chunks::<16>().0.iter().take(2) {
        let [a, b, c, d, e, f, g, h, rest @ ..] = *two;
        let (first, second) = (found([a, b, c, d, e, f, g, h]), found(rest));
        if first != 0 {
            return Some(at + first.trailing_zeros() as usize / 8);
        }
        if second != 0 {
            return Some(at + 8 + second.trailing_zeros() as usize / 8);
        }
        at += 16;
    }
    find_quote_far(i, at)
}

#[inline(never)]
fn find_quote_far(i: &[u8], at: usize) -> Option<usize> {
    memchr2(b'"', b'\\', i.get(at..)?).map(|more| at + more)
}

const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is 0; bits above the lowest of them may be wrong.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(every(0x01)) & !word & every(0x80)
}

/// With escapes, or with quotes that should have been.
#[cold]
fn quoted_slow<'a>(cx: &Cx<'a>, i: &'a [u8], mut at: usize) -> Read<'a, Str<'a>> {
    let inside = &i[1..];
    let mut escaped = false;
    // The first quote that nothing escapes, in case that none is followed by what should follow.
    let mut first_quote = None;
    loop {
        if inside[at] == b'\\' {
            // A backslash before the last quote is one that should itself have been escaped.
            if matches!(inside[at + 1..], [b'"'] | [b'"', b')'])
                || cx.backslash_ends_string(&inside[at + 1..])
            {
                cx.forgive(Quirk::UnescapedQuote, &inside[at..])?;
            } else {
                escaped = true;
                at += 1;
            }
        } else if ends_word(&inside[at + 1..]) && (first_quote.is_none() || begins_value(&inside[at + 1..])) {
            if first_quote.is_some() {
                cx.forgive(Quirk::UnescapedQuote, i)?;
            }
            return Ok((&inside[at + 1..], Str { bytes: &inside[..at], escaped }));
        } else {
            first_quote = first_quote.or(Some(at));
            if !cx.has_searches() {
                break;
            }
        }
        let next = (at + 1).min(inside.len());
        match memchr2(b'"', b'\\', &inside[next..]) {
            Some(more) => at = next + more,
            None => break,
        }
    }
    let Some(at) = first_quote else { return escaped_end(cx, i) };
    // All of the response was gone through, for nothing.
    cx.may_search();
    cx.forgive(Quirk::MissingSpace, &inside[at + 1..])?;
    Ok((&inside[at + 1..], Str { bytes: &inside[..at], escaped }))
}

/// A quoted string whose text ends with a backslash that the server did not escape, and behind which there is no
/// other quote.
fn escaped_end<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    let inside = &i[1..];
    for at in memchr::memmem::find_iter(inside, b"\\\"") {
        if begins_value(&inside[at + 2..]) {
            cx.forgive(Quirk::UnescapedQuote, &inside[at..])?;
            return Ok((&inside[at + 2..], Str { bytes: &inside[..=at], escaped: true }));
        }
    }
    fault(i, "the end of a quoted string")
}

/// RFC 5738 section 3.1: `utf8-quoted = "*" DQUOTE …`, which RFC 6855 took back; or an atom that none may be.
fn starred<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    if i.get(1) == Some(&b'"') { quoted(cx, &i[1..]) } else { bare(i) }
}

/// True if a string can't go on here.
#[inline]
pub(super) fn ends_word(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b' ' | b')' | b'(' | b']' | b'\r' | b'\n' | b'>'))
}

/// True if what follows a string is its list's end, or a space and another value: so the quote before it, among
/// others that should have been escaped, is the last.
fn begins_value(rest: &[u8]) -> bool {
    match rest {
        [b' ', value @ ..] => {
            nil(value).is_some()
                || matches!(value.first(), None | Some(b'"' | b'(' | b')' | b'{' | b'0'..=b'9'))
        }
        _ => true,
    }
}

/// A literal, or something that is no string at all but stands for one.
#[cold]
fn other_string<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Str<'a>> {
    if matches!(i.first(), Some(b'{' | b'~'))
        && let Ok(literal) = literal(i)
    {
        return Ok(literal);
    }
    if i.starts_with(b"*\"") {
        return starred(cx, i);
    }
    let (rest, text) = bare(i)?;
    cx.forgive(Quirk::UnquotedString, i)?;
    Ok((rest, text))
}

/// Up to a space or a parenthesis.
fn bare(i: &[u8]) -> Read<'_, Str<'_>> {
    let end =
        i.iter().position(|&byte| matches!(byte, b' ' | b'(' | b')' | b'\r' | b'\n')).unwrap_or(i.len());
    if end == 0 {
        return fault(i, "a string");
    }
    Ok((&i[end..], Str { bytes: &i[..end], escaped: false }))
}

/// `literal = "{" number64 ["+"] "}" CRLF *CHAR8`, and `literal8` with a `~` before it.
pub(super) fn literal(i: &[u8]) -> Read<'_, Str<'_>> {
    let (rest, size) = literal_head(i)?;
    match usize::try_from(size).ok().and_then(|size| rest.split_at_checked(size)) {
        Some((bytes, rest)) => Ok((rest, Str { bytes, escaped: false })),
        None => fault(i, "all of a literal"),
    }
}

/// The size, without the octets that follow.
pub(super) fn literal_head(i: &[u8]) -> Read<'_, u64> {
    let start = i.strip_prefix(b"~").unwrap_or(i);
    let Some(digits) = start.strip_prefix(b"{") else { return fault(i, "a literal") };
    let (rest, size) = number(digits)?;
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    let Some(mut rest) = rest.strip_prefix(b"}") else { return fault(i, "the end of a literal's size") };
    while let Some(shorter) = rest.strip_prefix(b"\r") {
        rest = shorter;
    }
    match rest.strip_prefix(b"\n") {
        Some(rest) => Ok((rest, size)),
        None => fault(rest, "a line end behind a literal's size"),
    }
}

/// `number64 = 1*DIGIT`; what is over 64 bits is an error.
#[inline]
pub(super) fn number(i: &[u8]) -> Read<'_, u64> {
    let mut value = 0u64;
    for (at, byte) in i.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return if at == 0 { fault(i, "a number") } else { Ok((&i[at..], value)) };
        }
        // 19 digits always fit.
        value = if at < 19 {
            value * 10 + u64::from(digit)
        } else {
            match value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit))) {
                Some(value) => value,
                None => return fault(i, "a number that fits in 64 bits"),
            }
        };
    }
    if i.is_empty() { fault(i, "a number") } else { Ok((&i[i.len()..], value)) }
}

/// A number where servers put strange ones: negative, in quotes, NIL, or too large. Those count as 0.
#[inline]
pub(super) fn odd_number<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, u64> {
    match number(i) {
        Ok((rest, _)) if rest.first() == Some(&b'.') => real_number(cx, i),
        Ok(found) => Ok(found),
        Err(_) => odd_number_slow(cx, i),
    }
}

#[cold]
fn odd_number_slow<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, u64> {
    let (rest, text) = cx.attempt(|| match i.first() {
        Some(b'"' | b'N' | b'n' | b'{') => nstring(cx, i),
        _ => {
            let (rest, text) = bare(i)?;
            let digits = text.bytes.strip_prefix(b"-").or_else(|| text.bytes.strip_prefix(b"+"));
            let digits = digits.unwrap_or(text.bytes);
            if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
                return fault(i, "a number");
            }
            Ok((rest, Some(text)))
        }
    })?;
    cx.forgive(Quirk::OddNumber, i)?;
    let value = text.and_then(|text| number(text.bytes.strip_prefix(b"+").unwrap_or(text.bytes)).ok());
    Ok((rest, value.map_or(0, |(_, value)| value)))
}

/// What stands behind a whole number that is not whole: `1.86931e+06`. The value is cut off behind its point.
#[cold]
fn real_number<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, u64> {
    let (rest, text) = bare(i)?;
    let value = std::str::from_utf8(text.bytes).ok().and_then(|text| text.parse::<f64>().ok());
    let Some(value) = value.filter(|value| value.is_finite() && *value >= 0.0) else {
        return fault(i, "a number");
    };
    cx.forgive(Quirk::OddNumber, i)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above; `as` saturates"
    )]
    Ok((rest, value as u64))
}

/// A number of 32 bits; a larger one is forgiven as the largest.
pub(super) fn number32<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, u32> {
    let (rest, value) = odd_number(cx, i)?;
    if let Ok(value) = u32::try_from(value) {
        return Ok((rest, value));
    }
    cx.forgive(Quirk::OddNumber, i)?;
    Ok((rest, u32::MAX))
}

/// `SP`: one space. None or several are forgiven.
#[inline]
pub(super) fn space<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<super::cx::Fault<'a>>> {
    match i {
        [b' ', rest @ ..] if rest.first() != Some(&b' ') => Ok(rest),
        _ => odd_space(cx, i),
    }
}

#[cold]
fn odd_space<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<super::cx::Fault<'a>>> {
    let rest = skip_spaces(i);
    let quirk = if rest.len() == i.len() { Quirk::MissingSpace } else { Quirk::SurplusSpace };
    cx.forgive(quirk, i)?;
    Ok(rest)
}

/// Spaces and, where a server breaks a line inside a list, line ends.
pub(super) fn skip_spaces(i: &[u8]) -> &[u8] {
    let end = i.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(i.len());
    &i[end..]
}

/// `(` at the front.
#[inline]
pub(super) fn open(i: &[u8]) -> Read<'_, ()> {
    match i {
        [b'(', rest @ ..] => Ok((rest, ())),
        _ => fault(i, "an opening parenthesis"),
    }
}

/// True, and past it, if the list ends here. Spaces before the end are forgiven.
#[inline]
pub(super) fn close<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, bool> {
    match i {
        [b')', rest @ ..] => Ok((rest, true)),
        [b' ' | b'\r' | b'\n', ..] => late_close(cx, i),
        _ => Ok((i, false)),
    }
}

fn late_close<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, bool> {
    match skip_spaces(i) {
        [b')', rest @ ..] => {
            cx.forgive(Quirk::SurplusSpace, i)?;
            Ok((rest, true))
        }
        _ => Ok((i, false)),
    }
}

/// `"(" [item *(SP item)] ")"`, or NIL, which is an empty list to many servers.
pub(super) fn list<'a, T>(
    cx: &Cx<'a>,
    i: &'a [u8],
    mut item: impl FnMut(&'a [u8]) -> Read<'a, T>,
) -> Read<'a, Vec<T>> {
    if let Some(rest) = nil(i) {
        return Ok((rest, Vec::new()));
    }
    let (mut i, ()) = open(i)?;
    let mut items = Vec::new();
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, items));
        }
        if skip_spaces(rest).is_empty() {
            cx.forgive(Quirk::UnbalancedList, rest)?;
            return Ok((&rest[rest.len()..], items));
        }
        let start = if items.is_empty() { skip_first(cx, rest)? } else { space(cx, rest)? };
        let (rest, value) = item(start)?;
        if rest.len() == i.len() {
            return fault(i, "the end of a list");
        }
        items.push(value);
        i = rest;
    }
}

/// [`list`], where one value without parentheses stands for a list of it.
pub(super) fn list_or_one<'a, T>(
    cx: &Cx<'a>,
    i: &'a [u8],
    item: impl Fn(&'a [u8]) -> Read<'a, T>,
) -> Read<'a, Vec<T>> {
    if i.first() == Some(&b'(') || nil(i).is_some() {
        return list(cx, i, item);
    }
    cx.forgive(Quirk::ListForm, i)?;
    item(i).map(|(i, value)| (i, vec![value]))
}

/// Values up to the end of the response, whatever lists stand around them: for what servers send in another form
/// than its document has it, where the values alone tell what is meant.
pub(super) fn flat<'a, T>(
    cx: &Cx<'a>,
    mut i: &'a [u8],
    mut value: impl FnMut(&'a [u8]) -> Read<'a, T>,
) -> Read<'a, Vec<T>> {
    cx.forgive(Quirk::ListForm, i)?;
    let mut values = Vec::new();
    loop {
        let between = i.iter().take_while(|byte| b" ()\t\r\n".contains(byte)).count();
        i = &i[between..];
        if i.is_empty() {
            return Ok((i, values));
        }
        let (rest, one) = value(i)?;
        if rest.len() == i.len() {
            return fault(i, "a value");
        }
        values.push(one);
        i = rest;
    }
}

/// Spaces before a list's first item are forgiven.
pub(super) fn skip_first<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<super::cx::Fault<'a>>> {
    if i.first() == Some(&b' ') { odd_space(cx, i) } else { Ok(i) }
}

/// What follows a NIL.
#[inline]
pub(super) fn nil(i: &[u8]) -> Option<&[u8]> {
    match i {
        [b'N' | b'n', b'I' | b'i', b'L' | b'l', rest @ ..] if ends_word(rest) => Some(rest),
        _ => None,
    }
}

/// Passes over any value: a string, an atom, or a list of any depth. Never recurses.
pub(super) fn skip_value(start: &[u8]) -> Read<'_, &[u8]> {
    let mut i = start;
    let mut depth = 0usize;
    loop {
        match i.first() {
            None => return fault(start, "the end of a value"),
            Some(b'"') => i = skip_quoted(i)?,
            Some(b'(') => {
                depth += 1;
                i = &i[1..];
            }
            Some(b')') if depth == 0 => return fault(start, "a value"),
            Some(b')') => {
                depth -= 1;
                i = &i[1..];
            }
            Some(b'{' | b'~') => i = literal(i).or_else(|_| bare(i))?.0,
            Some(b' ' | b'\r' | b'\n' | b'\t') if depth > 0 => i = skip_spaces(i),
            Some(_) => i = bare(i)?.0,
        }
        // A section's brackets may hold a list: `BODY[HEADER.FIELDS (A)]`.
        if depth == 0 {
            return Ok((i, &start[..start.len() - i.len()]));
        }
    }
}

fn skip_quoted(i: &[u8]) -> Result<&[u8], nom::Err<super::cx::Fault<'_>>> {
    let mut rest = &i[1..];
    loop {
        match memchr2(b'"', b'\\', rest) {
            Some(at) if rest[at] == b'\\' => rest = rest.get(at + 2..).unwrap_or_default(),
            Some(at) => return Ok(&rest[at + 1..]),
            None => return fault(i, "the end of a quoted string").map(|(i, ())| i),
        }
    }
}

/// A mailbox's name: `astring`, decoded.
pub(super) fn mailbox<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MailboxName> {
    let (i, name) = astring(cx, i)?;
    Ok((i, mailbox_name(cx.encoding, &name.text())))
}

pub(super) fn mailbox_name(encoding: MailboxEncoding, wire: &[u8]) -> MailboxName {
    MailboxName::from_wire(wire, encoding)
}

/// `sequence-set`, without the `*` that a server never sends. Zeros, and empty sets, are forgiven.
pub(super) fn set<'a, T: Number>(cx: &Cx<'a>, start: &'a [u8]) -> Read<'a, Set<T>> {
    match start {
        [open @ (b'"' | b'('), inside @ ..] => {
            let close = if *open == b'"' { b'"' } else { b')' };
            cx.forgive(Quirk::OddSet, start)?;
            let (rest, set) = plain_set(cx, inside)?;
            match skip_spaces(rest) {
                [end, rest @ ..] if *end == close => Ok((rest, set)),
                _ => fault(rest, "the end of a set"),
            }
        }
        _ => match nil(start) {
            Some(rest) => {
                cx.forgive(Quirk::OddSet, start)?;
                Ok((rest, Set::new()))
            }
            None => plain_set(cx, start),
        },
    }
}

fn plain_set<'a, T: Number>(cx: &Cx<'a>, start: &'a [u8]) -> Read<'a, Set<T>> {
    let mut set = Set::new();
    let mut i = start;
    while let Ok((rest, first)) = number(i) {
        let (rest, last) = match rest.strip_prefix(b":") {
            Some(more) => end_of_range(cx, more, first)?,
            None => (rest, first),
        };
        match (u32::try_from(first).ok().and_then(T::new), u32::try_from(last).ok().and_then(T::new)) {
            (Some(first), Some(last)) => set.push_range(first, last),
            _ => cx.forgive(Quirk::OddSet, i)?,
        }
        i = rest;
        match i.strip_prefix(b",") {
            Some(rest) => i = rest,
            None => break,
        }
    }
    if i.len() == start.len() || start[..start.len() - i.len()].ends_with(b",") {
        cx.forgive(Quirk::OddSet, i)?;
    }
    Ok((i, set))
}

/// What stands behind the colon: a number; or `*`, which no server may send; or nothing, which ends the range where
/// it began.
fn end_of_range<'a>(cx: &Cx<'a>, i: &'a [u8], first: u64) -> Read<'a, u64> {
    if let Ok(end) = number(i) {
        return Ok(end);
    }
    cx.forgive(Quirk::OddSet, i)?;
    match i.strip_prefix(b"*") {
        Some(rest) => Ok((rest, u64::from(u32::MAX))),
        None => Ok((i, first)),
    }
}

/// An atom's letters up to a space, a bracket or a parenthesis.
#[inline]
pub(super) fn word(i: &[u8]) -> (&[u8], &[u8]) {
    let end = i.iter().position(|&byte| ENDS_WORD[usize::from(byte)]).unwrap_or(i.len());
    (&i[end..], &i[..end])
}

/// The bytes that end an atom.
const ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut ends: &[u8] = b" \t()[]<\"\r\n";
    while let [byte, rest @ ..] = ends {
        table[*byte as usize] = true;
        ends = rest;
    }
    table
};

pub(super) fn upper(name: &[u8]) -> Box<str> {
    String::from_utf8_lossy(name).to_ascii_uppercase().into()
}
