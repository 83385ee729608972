//! Envelopes.
//!
//! RFC 9051 section 9: `envelope`, `address`.

use std::borrow::Cow;

use super::super::types::{AddressSpans, Envelope, EnvelopeTable, Span};
use super::cx::{Cx, Read};
use super::lex::{self, close, nstring, space};
use super::quirk::Quirk;

/// `envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP
/// env-bcc SP env-in-reply-to SP env-message-id ")"`
pub(super) fn envelope<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Envelope<'a>> {
    // Most messages have a sender three times over and one or two addressees.
    let mut addresses = Vec::with_capacity(6);
    let (rest, table) = table(cx, i, i, &mut addresses)?;
    let text = &i[..i.len() - rest.len()];
    Ok((rest, Envelope { text: Cow::Borrowed(text), addresses: Cow::Owned(addresses), table }))
}

/// Where the envelope's fields lie, from `base` on.
pub(super) fn table<'a>(
    cx: &Cx<'a>,
    base: &'a [u8],
    i: &'a [u8],
    addresses: &mut Vec<AddressSpans>,
) -> Read<'a, EnvelopeTable> {
    let first = index(addresses.len());
    let mut table = EnvelopeTable { first, ends: [first; 6], ..EnvelopeTable::default() };
    if let Some(rest) = lex::nil(i) {
        cx.forgive(Quirk::EnvelopeFields, i)?;
        return Ok((rest, table));
    }
    let (mut i, ()) = lex::open(i)?;
    for field in 0..10 {
        let (rest, closed) = close(cx, i)?;
        if closed {
            // The fields behind the last one that is there have no value.
            cx.forgive(Quirk::EnvelopeFields, i)?;
            table.ends[usize::min(field.max(2) - 2, 6)..].fill(index(addresses.len()));
            return Ok((rest, table));
        }
        i = if field == 0 { lex::skip_first(cx, rest)? } else { space(cx, rest)? };
        match field {
            0 | 1 => (i, table.fields[field]) = span(cx, base, i)?,
            8 | 9 => (i, table.fields[field - 6]) = span(cx, base, i)?,
            _ => {
                i = address_list(cx, base, i, addresses)?.0;
                table.ends[field - 2] = index(addresses.len());
            }
        }
    }
    let (i, ()) = close_behind(cx, i, Quirk::EnvelopeFields)?;
    Ok((i, table))
}

/// The end of a list, past fields that nobody knows.
pub(super) fn close_behind<'a>(cx: &Cx<'a>, mut i: &'a [u8], quirk: Quirk) -> Read<'a, ()> {
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, ()));
        }
        cx.forgive(quirk, i)?;
        i = lex::skip_value(lex::skip_spaces(rest))?.0;
    }
}

/// `nstring`, as a place from `base` on.
#[inline]
pub(super) fn span<'a>(cx: &Cx<'a>, base: &'a [u8], i: &'a [u8]) -> Read<'a, Span> {
    if let Some((rest, text)) = lex::plain_quoted(i) {
        return Ok((rest, Span::of(text, base, false)));
    }
    match lex::nil(i) {
        Some(rest) => Ok((rest, Span::NIL)),
        None => odd_span(cx, base, i),
    }
}

/// A literal or a string with escapes; or a list, which has no text.
#[cold]
fn odd_span<'a>(cx: &Cx<'a>, base: &'a [u8], i: &'a [u8]) -> Read<'a, Span> {
    if i.first() == Some(&b'(') {
        cx.forgive(Quirk::EnvelopeFields, i)?;
        return lex::skip_value(i).map(|(i, _)| (i, Span::NIL));
    }
    let (i, text) = nstring(cx, i)?;
    Ok((i, text.map_or(Span::NIL, |text| Span::of(text.bytes, base, text.escaped))))
}

/// `"(" 1*address ")" / nil`
fn address_list<'a>(
    cx: &Cx<'a>,
    base: &'a [u8],
    i: &'a [u8],
    addresses: &mut Vec<AddressSpans>,
) -> Read<'a, ()> {
    let start = i;
    let [b'(', rest @ ..] = i else { return no_list(cx, i) };
    let mut i = rest;
    loop {
        match i.first() {
            Some(b'(') => i = address(cx, base, i, addresses)?.0,
            Some(b')') if i.len() + 1 == start.len() => {
                cx.forgive(Quirk::EmptyList, i)?;
                return Ok((&i[1..], ()));
            }
            Some(b')') => return Ok((&i[1..], ())),
            Some(b' ') => i = space_in_list(cx, i)?,
            Some(b'"') if i.len() + 1 == start.len() => {
                // One address without the parentheses of a list.
                cx.forgive(Quirk::EnvelopeFields, i)?;
                return address(cx, base, start, addresses);
            }
            _ => {
                let (rest, _) = lex::skip_value(i)?;
                cx.forgive(Quirk::EnvelopeFields, i)?;
                i = rest;
            }
        }
    }
}

#[cold]
fn space_in_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<super::cx::Fault<'a>>> {
    cx.forgive(Quirk::SurplusSpace, i)?;
    Ok(lex::skip_spaces(i))
}

/// NIL, and what stands for it: an empty string, or a name that is no list.
fn no_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, ()> {
    let (rest, text) = nstring(cx, i)?;
    if text.is_some() {
        cx.forgive(Quirk::EmptyList, i)?;
    }
    Ok((rest, ()))
}

/// `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"`
fn address<'a>(cx: &Cx<'a>, base: &'a [u8], i: &'a [u8], addresses: &mut Vec<AddressSpans>) -> Read<'a, ()> {
    let start = i;
    let mut i = &i[1..];
    let mut spans = AddressSpans::default();
    let mut fields = 0;
    for (field, place) in spans.iter_mut().enumerate() {
        if field > 0 {
            i = match i {
                [b')', ..] => break,
                [b' ', rest @ ..] if rest.first() != Some(&b' ') => rest,
                _ => space(cx, i)?,
            };
        }
        if i.first() == Some(&b')') {
            break;
        }
        (i, *place) = span(cx, base, i)?;
        fields += 1;
    }
    addresses.push(spans);
    match i {
        [b')', rest @ ..] if fields == 4 => Ok((rest, ())),
        _ => {
            cx.forgive(Quirk::EnvelopeFields, start)?;
            close_behind(cx, i, Quirk::EnvelopeFields)
        }
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
