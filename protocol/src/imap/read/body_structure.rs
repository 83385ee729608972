//! Body structures.
//!
//! RFC 9051 section 9: `body`, `body-type-1part`, `body-type-mpart`, `body-extension`.

use std::borrow::Cow;

use super::cx::{Cx, Fault, Read, fault};
use super::envelope::{self, close_behind};
use super::lex::{self, close, nstring, odd_number, space};
use super::quirk::Quirk;
use crate::imap::types::{BodyStructure, Node, Range, Span, Tree, Width};

/// `body = "(" (body-type-1part / body-type-mpart) ")"`
pub(super) fn body_structure<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, BodyStructure<'a>> {
    let mut builder = Builder { cx, base: i, tree: Tree::new(Width::for_text(i.len())) };
    let (rest, ()) = builder.body(i, 0)?;
    let text = &i[..i.len() - rest.len()];
    Ok((rest, BodyStructure { text: Cow::Borrowed(text), words: builder.tree.into_words() }))
}

/// S4: how deep parts may be nested. Real mail stays under 20.
const MAX_DEPTH: u16 = 100;

struct Builder<'c, 'a> {
    cx: &'c Cx<'a>,
    base: &'a [u8],
    tree: Tree,
}

type Rest<'a> = Result<&'a [u8], nom::Err<Fault<'a>>>;

impl<'a> Builder<'_, 'a> {
    fn body(&mut self, i: &'a [u8], depth: u16) -> Read<'a, ()> {
        if depth > MAX_DEPTH {
            return fault(i, "fewer parts inside each other");
        }
        let number = self.tree.add();
        let mut node = Node { depth, ..Node::default() };
        let rest = match i {
            [b'(', b'(', ..] => self.multipart(&i[1..], depth, &mut node)?,
            [b'(', b')', rest @ ..] => {
                self.cx.forgive(Quirk::EmptyMultipart, i)?;
                rest
            }
            [b'(', b' ', inside @ ..] if lex::skip_spaces(inside).first() == Some(&b'(') => {
                self.cx.forgive(Quirk::SurplusSpace, i)?;
                self.multipart(lex::skip_spaces(inside), depth, &mut node)?
            }
            [b'(', ..] => self.single(lex::skip_first(self.cx, &i[1..])?, depth, &mut node)?,
            _ => {
                let Some(rest) = lex::nil(i).or_else(|| i.strip_prefix(b"\"\"")) else {
                    return fault(i, "a body structure");
                };
                self.cx.forgive(Quirk::EmptyMultipart, i)?;
                rest
            }
        };
        node.end = self.tree.len();
        self.tree.put(number, &node);
        Ok((rest, ()))
    }

    /// `1*body SP media-subtype [SP body-ext-mpart]`, and the closing parenthesis.
    fn multipart(&mut self, mut i: &'a [u8], depth: u16, node: &mut Node) -> Rest<'a> {
        loop {
            match i {
                [b'(' | b'N' | b'n', ..] => i = self.body(i, depth + 1)?.0,
                [b' ', b'(', ..] => {
                    self.cx.forgive(Quirk::SurplusSpace, i)?;
                    i = &i[1..];
                }
                _ => break,
            }
        }
        let (rest, closed) = close(self.cx, i)?;
        if closed {
            self.cx.forgive(Quirk::BodyFields, i)?;
            return Ok(rest);
        }
        (i, node.subtype) = self.string(space(self.cx, rest)?)?;
        self.multipart_extension(i, node)
    }

    /// `body-ext-mpart = body-fld-param [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP
    /// body-extension)]]]`
    fn multipart_extension(&mut self, i: &'a [u8], node: &mut Node) -> Rest<'a> {
        let Some(i) = self.next(i)? else { return self.end(i) };
        let i = self.parameters(i, &mut node.parameters)?;
        self.extension(i, node)
    }

    /// `body-type-basic / body-type-msg / body-type-text`, and the closing parenthesis.
    fn single(&mut self, i: &'a [u8], depth: u16, node: &mut Node) -> Rest<'a> {
        let start = i;
        let mut i = i;
        (i, node.media_type) = self.nil_string(i)?;
        let Some(next) = self.next(i)? else {
            // One name alone: a multipart whose parts are missing, and all else of it too.
            self.cx.forgive(Quirk::EmptyMultipart, start)?;
            node.subtype = std::mem::take(&mut node.media_type);
            return self.end(i);
        };
        if next.first() == Some(&b'(') {
            // One name before the parameters: a multipart whose parts are missing.
            self.cx.forgive(Quirk::EmptyMultipart, start)?;
            node.subtype = std::mem::take(&mut node.media_type);
            return self.multipart_extension(i, node);
        }
        (i, node.subtype) = self.nil_string(next)?;
        if is(node.media_type, self.base, b"MULTIPART") {
            self.cx.forgive(Quirk::EmptyMultipart, start)?;
            node.media_type = Span::NIL;
        } else if node.media_type.is_nil() {
            node.media_type = Span::EMPTY;
        }
        match self.fields(i, node)? {
            Some(i) => self.by_type(i, depth, node),
            None => {
                if node.media_type.is_empty() {
                    // NIL for a type, and no size: a multipart whose parts are missing.
                    self.cx.forgive(Quirk::EmptyMultipart, start)?;
                    node.media_type = Span::NIL;
                }
                self.cut_off(i)
            }
        }
    }

    /// `body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP body-fld-enc SP body-fld-octets`
    ///
    /// `None` where the list ends before the last of them.
    #[inline]
    fn fields(&mut self, i: &'a [u8], node: &mut Node) -> Result<Option<&'a [u8]>, nom::Err<Fault<'a>>> {
        let Some(i) = self.next(i)? else { return Ok(None) };
        let i = self.parameters(i, &mut node.parameters)?;
        let Some(i) = self.next(i)? else { return Ok(None) };
        let (i, id) = self.field(i)?;
        let Some(i) = self.next(i)? else { return Ok(None) };
        let (i, description) = self.field(i)?;
        let Some(i) = self.next(i)? else { return Ok(None) };
        (node.id, node.description) = (id, description);
        let i = match lex::number(i) {
            // Without an encoding, its place is the size's.
            Ok((rest, _)) if matches!(rest.first(), Some(b' ' | b')')) => {
                self.cx.forgive(Quirk::BodyFields, i)?;
                i
            }
            _ => {
                let (i, encoding) = self.nil_string(i)?;
                node.encoding = encoding;
                let Some(i) = self.next(i)? else { return Ok(None) };
                i
            }
        };
        let (i, size) = match odd_number(self.cx, i) {
            Ok(size) => size,
            Err(error) => self.no_size(i, error)?,
        };
        node.size = size;
        Ok(Some(i))
    }

    /// A word or a list where the size should stand.
    #[cold]
    fn no_size(&self, i: &'a [u8], error: nom::Err<Fault<'a>>) -> Read<'a, u64> {
        if matches!(error, nom::Err::Failure(_)) {
            return Err(error);
        }
        self.cx.forgive(Quirk::OddNumber, i)?;
        lex::skip_value(i).map(|(i, _)| (i, 0))
    }

    /// A part that ends before its size: what it has stands in its node already, so only its end is looked for.
    fn cut_off(&self, i: &'a [u8]) -> Rest<'a> {
        self.cx.forgive(Quirk::BodyFields, i)?;
        close_behind(self.cx, i, Quirk::BodyFields).map(|(i, ())| i)
    }

    /// What only some types have, then what all may have.
    fn by_type(&mut self, i: &'a [u8], depth: u16, node: &mut Node) -> Rest<'a> {
        let text = is(node.media_type, self.base, b"TEXT");
        let message = is(node.media_type, self.base, b"MESSAGE")
            && (is(node.subtype, self.base, b"RFC822") || is(node.subtype, self.base, b"GLOBAL"));
        let i = if message {
            self.message(i, depth, node)?
        } else if text {
            self.lines(i, node)?
        } else {
            self.surplus_lines(i, node)?
        };
        // `body-ext-1part = body-fld-md5 [SP body-fld-dsp …]`
        let Some(next) = self.next(i)? else { return self.end(i) };
        if next.first() == Some(&b'(') {
            // Without the MD5, its place is the disposition's.
            self.cx.forgive(Quirk::BodyFields, next)?;
            return self.extension(i, node);
        }
        let (i, md5) = self.field(next)?;
        node.md5 = md5;
        self.extension(i, node)
    }

    /// `body-fld-lines` of a text. Servers that leave it out go on with the MD5, which is no number.
    fn lines(&mut self, i: &'a [u8], node: &mut Node) -> Rest<'a> {
        let Some(next) = self.next(i)? else {
            self.cx.forgive(Quirk::BodyFields, i)?;
            return Ok(i);
        };
        if !matches!(next.first(), Some(b'0'..=b'9' | b'-')) && lex::nil(next).is_none() {
            self.cx.forgive(Quirk::BodyFields, next)?;
            return Ok(i);
        }
        let (i, lines) = odd_number(self.cx, next)?;
        // RFC 9051 allows 64 bits. No part of so many lines will ever be read.
        node.lines = Some(u32::try_from(lines).unwrap_or(u32::MAX));
        Ok(i)
    }

    /// Lines where no type has any.
    fn surplus_lines(&mut self, i: &'a [u8], node: &mut Node) -> Rest<'a> {
        match i {
            [b' ', next @ ..] if matches!(next.first(), Some(b'0'..=b'9' | b'-')) => {
                self.cx.forgive(Quirk::BodyFields, next)?;
                let (i, lines) = lex::number32(self.cx, next)?;
                node.lines = Some(lines);
                Ok(i)
            }
            _ => Ok(i),
        }
    }

    /// `SP envelope SP body SP body-fld-lines`. Servers that could not read the message leave all three out.
    fn message(&mut self, i: &'a [u8], depth: u16, node: &mut Node) -> Rest<'a> {
        let Some(next) = self.next(i)? else {
            self.cx.forgive(Quirk::BodyFields, i)?;
            return Ok(i);
        };
        let nil_envelope = lex::nil(next).is_some_and(is_body_behind);
        if next.first() != Some(&b'(') && !nil_envelope {
            self.cx.forgive(Quirk::BodyFields, next)?;
            return self.surplus_lines(i, node);
        }
        let Tree { width, lists, .. } = &mut self.tree;
        node.envelope = Some(index(lists.len()));
        let (i, ()) = envelope::table(self.cx, self.base, next, *width, lists)?;
        let Some(next) = self.next(i)? else {
            self.cx.forgive(Quirk::BodyFields, i)?;
            return Ok(i);
        };
        if next.first().is_some_and(u8::is_ascii_digit) {
            // The lines of a message whose body the server does not know.
            self.cx.forgive(Quirk::BodyFields, next)?;
            return self.lines(i, node);
        }
        let (i, ()) = self.body(next, depth + 1)?;
        self.lines(i, node)
    }

    /// `[SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP body-extension)]]]`, and the end.
    fn extension(&mut self, i: &'a [u8], node: &mut Node) -> Rest<'a> {
        let Some(next) = self.next(i)? else { return self.end(i) };
        let i = self.disposition(next, node)?;
        let Some(next) = self.next(i)? else { return self.end(i) };
        let i = self.languages(next, &mut node.languages)?;
        let Some(next) = self.next(i)? else { return self.end(i) };
        let (mut i, location) = self.field(next)?;
        node.location = location;
        // `body-extension`: anything, for the future.
        while let Some(next) = self.next(i)? {
            i = lex::skip_value(next)?.0;
        }
        self.end(i)
    }

    /// `body-fld-dsp = "(" string SP body-fld-param ")" / nil`
    fn disposition(&mut self, i: &'a [u8], node: &mut Node) -> Rest<'a> {
        if let Some(rest) = lex::plain_nil(i) {
            return Ok(rest);
        }
        let [b'(', inside @ ..] = i else {
            let (rest, text) = nstring(self.cx, i)?;
            if let Some(text) = text {
                self.cx.forgive(Quirk::ListForm, i)?;
                node.disposition = Span::of(text.bytes, self.base, text.escaped);
            }
            return Ok(rest);
        };
        let (rest, closed) = close(self.cx, inside)?;
        if closed {
            self.cx.forgive(Quirk::EmptyList, i)?;
            return Ok(rest);
        }
        let (i, disposition) = self.nil_string(inside)?;
        node.disposition = disposition;
        let Some(next) = self.next(i)? else {
            self.cx.forgive(Quirk::ListForm, i)?;
            return self.end(i);
        };
        if next.first() == Some(&b'"') {
            // Names and values without parentheses of their own.
            self.cx.forgive(Quirk::ListForm, next)?;
            return self.pairs(next, &mut node.disposition_parameters);
        }
        let i = self.parameters(next, &mut node.disposition_parameters)?;
        close_behind(self.cx, i, Quirk::ListForm).map(|(i, ())| i)
    }

    /// `body-fld-lang = nstring / "(" string *(SP string) ")"`
    fn languages(&mut self, i: &'a [u8], range: &mut Range) -> Rest<'a> {
        if let Some(rest) = lex::plain_nil(i) {
            return Ok(rest);
        }
        range.start = index(self.tree.lists.len());
        if i.first() == Some(&b'(') {
            let (rest, list) = lex::list(self.cx, i, |i| match i.first() {
                Some(b'(') => {
                    self.cx.forgive(Quirk::ListForm, i)?;
                    lex::skip_value(i).map(|(i, _)| (i, None))
                }
                _ => nstring(self.cx, i),
            })?;
            for text in list.into_iter().flatten() {
                self.push(Span::of(text.bytes, self.base, text.escaped), range);
            }
            return Ok(rest);
        }
        let (rest, language) = self.field(i)?;
        if !language.is_nil() {
            self.push(language, range);
        }
        Ok(rest)
    }

    /// Adds a span to the range that is being written.
    #[inline]
    fn push(&mut self, span: Span, range: &mut Range) {
        self.tree.width.push(&mut self.tree.lists, span);
        range.count += 1;
    }

    /// `body-fld-param = "(" string SP string *(SP string SP string) ")" / nil`
    fn parameters(&mut self, i: &'a [u8], range: &mut Range) -> Rest<'a> {
        match i {
            [b'(', b')', rest @ ..] => {
                self.cx.forgive(Quirk::EmptyList, i)?;
                Ok(rest)
            }
            [b'(', inside @ ..] => self.pairs(lex::skip_first(self.cx, inside)?, range),
            _ => {
                if let Some(rest) = lex::plain_nil(i) {
                    return Ok(rest);
                }
                let (rest, text) = nstring(self.cx, i)?;
                if text.is_some() {
                    self.cx.forgive(Quirk::ListForm, i)?;
                }
                Ok(rest)
            }
        }
    }

    /// Strings up to the closing parenthesis, two by two.
    fn pairs(&mut self, mut i: &'a [u8], range: &mut Range) -> Rest<'a> {
        range.start = index(self.tree.lists.len());
        loop {
            if i.first() == Some(&b'(') {
                // A list in place of a name or a value.
                self.cx.forgive(Quirk::ListForm, i)?;
                i = lex::skip_value(i)?.0;
                self.push(Span::EMPTY, range);
            } else {
                let (rest, text) = self.nil_string(i)?;
                self.push(text, range);
                i = rest;
            }
            match self.next(i)? {
                Some(next) => i = next,
                None => break,
            }
        }
        if range.count % 2 == 1 {
            self.cx.forgive(Quirk::ListForm, i)?;
            self.push(Span::EMPTY, range);
        }
        self.end(i)
    }

    /// What follows the next space, or `None` where the list ends.
    #[inline]
    fn next(&self, i: &'a [u8]) -> Result<Option<&'a [u8]>, nom::Err<Fault<'a>>> {
        match i {
            [b')', ..] => Ok(None),
            [b' ', rest @ ..] if !matches!(rest.first(), Some(b' ' | b')')) => Ok(Some(rest)),
            _ => {
                let rest = lex::skip_spaces(i);
                match rest.first() {
                    None => fault(i, "the end of a list").map(|(_, none)| none),
                    Some(b')') => Ok(None),
                    Some(_) => space(self.cx, i).map(Some),
                }
            }
        }
    }

    fn end(&self, i: &'a [u8]) -> Rest<'a> {
        match close(self.cx, i)? {
            (rest, true) => Ok(rest),
            (rest, false) => fault(rest, "the end of a list").map(|(i, ())| i),
        }
    }

    /// `nstring`; where a list stands, it is passed over.
    #[inline(always)]
    fn field(&self, i: &'a [u8]) -> Read<'a, Span> {
        // Most fields of most parts have no value.
        if let Some(rest) = lex::plain_nil(i) {
            return Ok((rest, Span::NIL));
        }
        self.field_with_value(i)
    }

    fn field_with_value(&self, i: &'a [u8]) -> Read<'a, Span> {
        if i.first() == Some(&b'(') {
            self.cx.forgive(Quirk::BodyFields, i)?;
            return lex::skip_value(i).map(|(i, _)| (i, Span::NIL));
        }
        envelope::span(self.cx, self.base, i)
    }

    /// `string`, where NIL is forgiven and told apart.
    #[inline]
    fn nil_string(&self, i: &'a [u8]) -> Read<'a, Span> {
        let (rest, span) = self.field_with_value(i)?;
        if span.is_nil() {
            self.cx.forgive(Quirk::NilForString, i)?;
        }
        Ok((rest, span))
    }

    fn string(&self, i: &'a [u8]) -> Read<'a, Span> {
        let (rest, span) = self.nil_string(i)?;
        Ok((rest, if span.is_nil() { Span::EMPTY } else { span }))
    }
}

/// True if a body stands behind the space, rather than a disposition: that has a list or NIL as its second value.
fn is_body_behind(i: &[u8]) -> bool {
    match i {
        [b' ', b'(', b'(' | b')', ..] => true,
        [b' ', b'(', inside @ ..] => {
            lex::skip_value(inside).is_ok_and(|(rest, _)| lex::skip_spaces(rest).first() == Some(&b'"'))
        }
        _ => false,
    }
}

#[inline]
fn is(span: Span, base: &[u8], name: &[u8]) -> bool {
    span.raw(base).is_some_and(|text| text.eq_ignore_ascii_case(name))
}

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
