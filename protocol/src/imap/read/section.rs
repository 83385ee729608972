//! Section specifiers.
//!
//! RFC 9051 section 9: `section`, RFC 3516 section 7: `section-binary`.

use super::cx::{Cx, Read, fault};
use super::lex::{self, Str};
use super::quirk::Quirk;
use crate::imap::types::{Section, SectionText, Source};

/// `"[" [section-spec] "]"`
pub(super) fn section<'a>(cx: &Cx<'a>, i: &'a [u8], source: Source) -> Read<'a, Section> {
    let Some(inside) = lex::skip_spaces(i).strip_prefix(b"[") else { return fault(i, "a section") };
    let start = lex::skip_spaces(inside);
    if i.first() != Some(&b'[') || start.len() != inside.len() {
        cx.forgive(Quirk::OddSection, i)?;
    }
    let (i, part) = part(start);
    let (i, text) = text(cx, i)?;
    let trimmed = lex::skip_spaces(i);
    if trimmed.len() != i.len() {
        cx.forgive(Quirk::OddSection, i)?;
    }
    match trimmed.strip_prefix(b"]") {
        Some(rest) => Ok((rest, Section { source, part, text })),
        None => fault(trimmed, "the end of a section"),
    }
}

/// `section-part = nz-number *("." nz-number)`, and a dot behind it if text follows.
pub(super) fn part(mut i: &[u8]) -> (&[u8], Box<[u32]>) {
    let mut part = Vec::new();
    while let Ok((rest, number)) = lex::number(i) {
        part.push(u32::try_from(number).unwrap_or(u32::MAX));
        i = rest.strip_prefix(b".").unwrap_or(rest);
    }
    (i, part.into())
}

fn text<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, SectionText> {
    let (rest, name) = match lex::plain_quoted(i) {
        Some((rest, name)) => {
            cx.forgive(Quirk::OddSection, i)?;
            (rest, name)
        }
        None => lex::word(i),
    };
    match &*lex::upper(name) {
        "" => Ok((i, SectionText::All)),
        "HEADER" => Ok((rest, SectionText::Header)),
        "TEXT" => Ok((rest, SectionText::Text)),
        "MIME" => Ok((rest, SectionText::Mime)),
        "HEADER.FIELDS" => names(cx, rest).map(|(i, names)| (i, SectionText::HeaderFields(names))),
        "HEADER.FIELDS.NOT" => names(cx, rest).map(|(i, names)| (i, SectionText::HeaderFieldsNot(names))),
        _ => fault(i, "a section's text"),
    }
}

/// `header-list = "(" astring *(SP astring) ")"`
fn names<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    let i = if i.first() == Some(&b' ') { lex::space(cx, i)? } else { odd(cx, i)? };
    if i.first() == Some(&b'(') {
        return lex::list(cx, i, |i| lex::astring(cx, i).map(|(i, name)| (i, Str::lossy(name))));
    }
    // Without parentheses: everything up to the bracket.
    let end = memchr::memchr(b']', i).unwrap_or(i.len());
    let names = i[..end].split(|&byte| byte == b' ').filter(|name| !name.is_empty());
    let names = names.map(|name| String::from_utf8_lossy(name).into()).collect();
    odd(cx, &i[end..]).map(|i| (i, names))
}

fn odd<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<&'a [u8], nom::Err<super::cx::Fault<'a>>> {
    cx.forgive(Quirk::OddSection, i)?;
    Ok(i)
}
