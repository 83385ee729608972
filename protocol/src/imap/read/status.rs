//! What a server says to a person, with its code for the program: tagged, untagged and `+`.
//!
//! RFC 9051 section 7.1, 7.6.

use std::borrow::Cow;

use super::code;
use super::cx::{Cx, Fault, fault};
use super::lex;
use super::quirk::Quirk;
use crate::imap::types::{Code, Continue, Response, ResponseText, Status};

/// `response-tagged = tag SP resp-cond-state CRLF`
///
/// A line that does not begin like a response is kept as unknown: some servers break their words over lines.
pub(super) fn tagged<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    if i.first() == Some(&b'[') {
        return without_status(cx, i);
    }
    let (rest, tag) = lex::word(i);
    let after = lex::skip_spaces(rest);
    let (text, name) = lex::word(after);
    let Some(status) = status(name) else { return without_tag(cx, i, rest, tag) };
    if tag.is_empty() {
        cx.forgive(Quirk::OddTag, i)?;
        return Ok(Response::Status { status, text: text_behind(cx, text)? });
    }
    lex::space(cx, rest)?;
    if matches!(status, Status::Bye | Status::PreAuth) {
        cx.forgive(Quirk::OddTag, after)?;
    }
    Ok(Response::Tagged { tag: String::from_utf8_lossy(tag), status, text: text_behind(cx, text)? })
}

/// A line that begins with its status. Only in upper case: other lines may begin with the same words.
fn without_tag<'a>(
    cx: &Cx<'a>,
    line: &'a [u8],
    rest: &'a [u8],
    name: &[u8],
) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    match status(name).filter(|_| name.iter().all(u8::is_ascii_uppercase)) {
        Some(status) => {
            cx.forgive(Quirk::OddTag, line)?;
            Ok(Response::Status { status, text: text_behind(cx, rest)? })
        }
        None => Ok(Response::Unknown(Cow::Borrowed(line))),
    }
}

/// A line that begins with a code: the status before it is missing. Any other bracket begins just words.
fn without_status<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    let code = cx.attempt(|| match code::bracketed(cx, i)? {
        (_, None | Some(Code::Unknown { .. })) => fault(i, "a code"),
        known => Ok(known),
    });
    match code {
        Ok((rest, code)) => {
            cx.forgive(Quirk::OddTag, i)?;
            let text = String::from_utf8_lossy(rest.trim_ascii()).into();
            Ok(Response::Status { status: Status::Ok, text: ResponseText { code, text } })
        }
        Err(nom::Err::Error(_)) => Ok(Response::Unknown(Cow::Borrowed(i))),
        Err(failure) => Err(failure),
    }
}

/// The status of that name, in any case.
pub(super) fn status(name: &[u8]) -> Option<Status> {
    let is = |status: &[u8]| name.eq_ignore_ascii_case(status);
    match name.len() {
        2 if is(b"OK") => Some(Status::Ok),
        2 if is(b"NO") => Some(Status::No),
        3 if is(b"BAD") => Some(Status::Bad),
        3 if is(b"BYE") => Some(Status::Bye),
        7 if is(b"PREAUTH") => Some(Status::PreAuth),
        _ => None,
    }
}

/// `SP resp-text`. RFC 9051 allows an empty text, but not that its space is missing.
pub(super) fn text_behind<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<ResponseText, nom::Err<Fault<'a>>> {
    if i.is_empty() {
        cx.forgive(Quirk::MissingText, i)?;
        return Ok(ResponseText::default());
    }
    if i == b" " {
        return Ok(ResponseText::default());
    }
    // Spaces in front of the words are harmless; before a code they would hide it.
    let i = if i.starts_with(b"  ") && lex::skip_spaces(i).first() != Some(&b'[') {
        &i[1..]
    } else {
        lex::space(cx, i)?
    };
    resp_text(cx, i)
}

/// `resp-text = ["[" resp-text-code "]" SP] [text]`
fn resp_text<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<ResponseText, nom::Err<Fault<'a>>> {
    let words = |i: &[u8]| String::from_utf8_lossy(i).into_owned();
    if i.first() != Some(&b'[') {
        let late = late_code(cx, i)?;
        return Ok(late.unwrap_or_else(|| ResponseText { code: None, text: words(i) }));
    }
    let (rest, code) = code::bracketed(cx, i)?;
    if code.is_none() {
        return Ok(ResponseText { code, text: words(i) });
    }
    let text = match rest {
        [b' ', text @ ..] => text,
        _ => rest,
    };
    if rest.is_empty() {
        cx.forgive(Quirk::MissingText, rest)?;
    } else if text.len() == rest.len() {
        cx.forgive(Quirk::MissingSpace, rest)?;
    }
    Ok(ResponseText { code, text: words(text) })
}

/// A known code behind the name of the command, as in `UID COPY [TRYCREATE] failed`.
fn late_code<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Option<ResponseText>, nom::Err<Fault<'a>>> {
    let name = i.iter().take_while(|&&byte| byte == b' ' || byte.is_ascii_uppercase()).count();
    let (name, behind) = i.split_at(name);
    if !name.ends_with(b" ") || behind.first() != Some(&b'[') || !behind.contains(&b']') {
        return Ok(None);
    }
    let read = cx.attempt(|| match code::bracketed(cx, behind)? {
        (_, None | Some(Code::Unknown { .. })) => fault(behind, "a code"),
        known => Ok(known),
    });
    let (rest, code) = match read {
        Ok(known) => known,
        Err(nom::Err::Error(_)) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    cx.forgive(Quirk::LateCode, behind)?;
    let words = [name.trim_ascii_end(), rest.trim_ascii_start()].join(&b' ');
    Ok(Some(ResponseText { code, text: String::from_utf8_lossy(&words).into_owned() }))
}

/// `continue-req = "+" SP (resp-text / base64) CRLF`
pub(super) fn continue_request<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<Response<'a>, nom::Err<Fault<'a>>> {
    let text = match i {
        [b' ', text @ ..] => text,
        [] => {
            cx.forgive(Quirk::MissingText, i)?;
            i
        }
        _ => {
            cx.forgive(Quirk::MissingSpace, i)?;
            i
        }
    };
    Ok(Response::Continue(Continue { text: text.into() }))
}
