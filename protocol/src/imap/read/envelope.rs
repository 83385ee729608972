//! Envelopes.
//!
//! RFC 9051 section 9: `envelope`, `address`.

use std::borrow::Cow;

use super::cx::{Cx, Read, fault};
use super::lex::{self, close, nstring, space};
use super::quirk::Quirk;
use crate::imap::types::{Envelope, Span, Width, layout};

/// `envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP env-cc SP
/// env-bcc SP env-in-reply-to SP env-message-id ")"`
pub(super) fn envelope<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Envelope<'a>> {
    // Most messages have a sender three times over and one or two addressees.
    let mut words = Vec::with_capacity(40);
    let (rest, ()) = table(cx, i, i, Width::for_text(i.len()), &mut words)?;
    let text = &i[..i.len() - rest.len()];
    Ok((rest, Envelope { text: Cow::Borrowed(text), words: Cow::Owned(words) }))
}

/// Writes where the envelope's fields lie, from `base` on: see [`layout`].
pub(super) fn table<'a>(
    cx: &Cx<'a>,
    base: &'a [u8],
    i: &'a [u8],
    width: Width,
    words: &mut Vec<u32>,
) -> Read<'a, ()> {
    let at = words.len();
    words.extend([width.word(), 0, 0, 0, 0, 0, 0]);
    (0..4).for_each(|_| width.push(words, Span::NIL));
    let [b'(', inside @ ..] = i else { return no_envelope(cx, i) };
    let mut i = inside;
    let mut count = 0;
    let mut from = Repeated { list: &[], at: words.len(), end: words.len() };
    for field in 0..10 {
        i = match i {
            [b' ', rest @ ..] if field > 0 && !matches!(rest.first(), Some(b' ' | b')')) => rest,
            _ => {
                let (rest, closed) = close(cx, i)?;
                if closed {
                    // The fields behind the last one that is there have no value.
                    cx.forgive(Quirk::EnvelopeFields, i)?;
                    words[at + layout::ENDS + usize::min(field.max(2) - 2, 6)..at + layout::FIELDS]
                        .fill(count);
                    return Ok((rest, ()));
                }
                if field == 0 { lex::skip_first(cx, rest)? } else { space(cx, rest)? }
            }
        };
        match field {
            0 | 1 | 8 | 9 => {
                let (rest, text) = span(cx, base, i)?;
                let place = if field < 2 { field } else { field - 6 };
                width.put(words, at + layout::FIELDS + place * width.words(), text);
                i = rest;
            }
            3 | 4 if from.begins(i, width) => {
                i = from.repeat(base, i, words);
                count += words[at + layout::ENDS];
                words[at + layout::ENDS + field - 2] = count;
            }
            _ => {
                let (rest, addresses) = address_list(cx, base, i, width, words)?;
                count += addresses;
                words[at + layout::ENDS + field - 2] = count;
                if field == 2 {
                    from = Repeated { list: &i[..i.len() - rest.len()], end: words.len(), ..from };
                }
                i = rest;
            }
        }
    }
    match i {
        [b')', rest @ ..] => Ok((rest, ())),
        _ => close_behind(cx, i, Quirk::EnvelopeFields),
    }
}

/// NIL or an empty string, where the server knows nothing of the message.
#[cold]
fn no_envelope<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, ()> {
    let Some(rest) = lex::nil(i).or_else(|| i.strip_prefix(b"\"\"")) else { return fault(i, "an envelope") };
    cx.forgive(Quirk::EnvelopeFields, i)?;
    Ok((rest, ()))
}

/// The list of authors, which the server repeats as sender and reply-to where the message names no others.
///
/// Then the bytes are the same, and what was read of them is the same but for where it lies.
struct Repeated<'a> {
    /// With its parentheses.
    list: &'a [u8],
    /// Where its spans are.
    at: usize,
    end: usize,
}

impl<'a> Repeated<'a> {
    #[inline]
    fn begins(&self, i: &[u8], width: Width) -> bool {
        width == Width::Narrow && self.list.first() == Some(&b'(') && i.starts_with(self.list)
    }

    /// Writes the same spans, moved to where `i` begins; what follows the list comes back.
    fn repeat(&self, base: &[u8], i: &'a [u8], words: &mut Vec<u32>) -> &'a [u8] {
        let by = self.list.as_ptr() as usize - base.as_ptr() as usize;
        let by = (base.len() - i.len()).wrapping_sub(by);
        words.reserve(self.end - self.at);
        for index in self.at..self.end {
            let moved = words[index];
            words.push(Span::moved(moved, by));
        }
        &i[self.list.len()..]
    }
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

/// `nstring`, as a place from `base` on, of which `i` is the end.
#[inline(always)]
pub(super) fn span<'a>(cx: &Cx<'a>, base: &'a [u8], i: &'a [u8]) -> Read<'a, Span> {
    if let Some((rest, text)) = lex::plain_quoted(i) {
        // Behind the opening quote.
        return Ok((rest, Span::at((base.len() - i.len()).wrapping_add(1), text.len())));
    }
    match lex::plain_nil(i) {
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
    if let Some(rest) = lex::nil(i) {
        return Ok((rest, Span::NIL));
    }
    let (i, text) = nstring(cx, i)?;
    Ok((i, text.map_or(Span::NIL, |text| Span::of(text.bytes, base, text.escaped))))
}

/// `"(" 1*address ")" / nil`; how many there were.
fn address_list<'a>(
    cx: &Cx<'a>,
    base: &'a [u8],
    i: &'a [u8],
    width: Width,
    words: &mut Vec<u32>,
) -> Read<'a, u32> {
    let start = i;
    let [b'(', rest @ ..] = i else { return no_list(cx, i) };
    let mut i = rest;
    let mut count = 0;
    loop {
        match i.first() {
            Some(b'(') => {
                i = address(cx, base, i, width, words)?.0;
                count += 1;
            }
            Some(b')') if i.len() + 1 == start.len() => {
                cx.forgive(Quirk::EmptyList, i)?;
                return Ok((&i[1..], count));
            }
            Some(b')') => return Ok((&i[1..], count)),
            Some(b' ') => i = space_in_list(cx, i)?,
            Some(b'"') if i.len() + 1 == start.len() => {
                // One address without the parentheses of a list.
                cx.forgive(Quirk::EnvelopeFields, i)?;
                return address(cx, base, start, width, words).map(|(i, ())| (i, 1));
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
fn no_list<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, u32> {
    if let Some(rest) = lex::plain_nil(i) {
        return Ok((rest, 0));
    }
    let (rest, text) = nstring(cx, i)?;
    if text.is_some() {
        cx.forgive(Quirk::EmptyList, i)?;
    }
    Ok((rest, 0))
}

/// `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"`
fn address<'a>(cx: &Cx<'a>, base: &'a [u8], i: &'a [u8], width: Width, words: &mut Vec<u32>) -> Read<'a, ()> {
    let start = i;
    let mut i = &i[1..];
    let mut spans = [Span::NIL; layout::ADDRESS];
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
    match width {
        Width::Narrow => words.extend(spans.map(Span::narrow)),
        Width::Wide => spans.into_iter().for_each(|span| width.push(words, span)),
    }
    match i {
        [b')', rest @ ..] if fields == layout::ADDRESS => Ok((rest, ())),
        _ => {
            cx.forgive(Quirk::EnvelopeFields, start)?;
            close_behind(cx, i, Quirk::EnvelopeFields)
        }
    }
}
