//! Response codes.
//!
//! RFC 9051 section 7.1, RFC 5530, and the extensions that [`Code`] names.

use nom::Parser as _;
use nom::bytes::complete::tag;
use nom::combinator::opt;
use nom::sequence::preceded;

use super::cx::{Cx, Fault, Read, fault};
use super::lex::{self, astring, list, number, number32, set, space};
use super::quirk::Quirk;
use crate::imap::types::{
    Capabilities, Capability, Code, Flags, MetadataCode, ModSeq, Number, Uid, UidValidity,
};

/// `"[" resp-text-code "]"`
///
/// `None` where the bracket never closes: then it only begins the words. Arguments that are not those of the
/// code's name are kept as they came.
pub(super) fn bracketed<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<Code>> {
    let inside = &i[1..];
    let (rest, name) = lex::word(inside);
    let known = cx.attempt(|| {
        let (rest, code) = code(cx, rest, &lex::upper(name))?;
        let rest = lex::skip_spaces(rest);
        match rest.strip_prefix(b"]") {
            Some(rest) => Ok((rest, code)),
            None => fault(rest, "the end of a response code"),
        }
    });
    match known {
        Ok((rest, code)) => return Ok((rest, Some(code))),
        Err(failure @ nom::Err::Failure(_)) => return Err(failure),
        Err(_) => {}
    }
    let Some(end) = memchr::memchr(b']', inside) else {
        cx.forgive(Quirk::OddCode, i)?;
        return Ok((i, None));
    };
    let (name, arguments) = inside[..end].split_at(name.len().min(end));
    if Code::is_known(&lex::upper(name)) {
        cx.forgive(Quirk::OddCode, i)?;
    }
    let text = |bytes: &[u8]| Box::from(String::from_utf8_lossy(bytes.trim_ascii()));
    let arguments = (!arguments.trim_ascii().is_empty()).then(|| text(arguments));
    Ok((&inside[end + 1..], Some(Code::Unknown { name: lex::upper(name), arguments })))
}

/// What stands behind the code's name, without the space.
fn code<'a>(cx: &Cx<'a>, i: &'a [u8], name: &str) -> Read<'a, Code> {
    if let Some(code) = Code::bare(name) {
        return Ok((i, code));
    }
    // Most codes with arguments have a space before them; those that do without are told apart by it.
    let sp = |i| space(cx, i).map(|i| (i, ()));
    let has_arguments = i.first() == Some(&b' ');
    match name {
        "CAPABILITY" => Ok((behind(i), Code::Capability(capabilities(inside(i))))),
        "PERMANENTFLAGS" => permanent_flags(cx, sp(i)?.0),
        "UIDVALIDITY" => numbered(cx, i, |n| UidValidity::new(n).map(Code::UidValidity)),
        "UIDNEXT" => numbered(cx, i, |n| Uid::new(n).map(Code::UidNext)),
        "UNSEEN" => numbered(cx, i, |n| Some(Code::Unseen(n))),
        "HIGHESTMODSEQ" => number(sp(i)?.0).map(|(i, n)| (i, Code::HighestModSeq(ModSeq(n)))),
        "APPENDUID" => append_uid(cx, sp(i)?.0),
        "COPYUID" => copy_uid(cx, sp(i)?.0),
        "MODIFIED" => set(cx, sp(i)?.0).map(|(i, set)| (i, Code::Modified(set))),
        "DOWNGRADED" => set(cx, sp(i)?.0).map(|(i, set)| (i, Code::Downgraded(set))),
        "OBJECTID" => match named_id(cx, sp(i)?.0, "MAILBOXID")? {
            (i, Some(id)) => Ok((i, Code::MailboxId(id))),
            (i, None) => fault(i, "a mailbox's id"),
        },
        "MAILBOXID" => match object_id(cx, sp(i)?.0)? {
            (i, Some(id)) => Ok((i, Code::MailboxId(id))),
            (i, None) => fault(i, "a mailbox's id"),
        },
        "BADCHARSET" if has_arguments => charsets(cx, sp(i)?.0),
        "BADCHARSET" => Ok((i, Code::BadCharset(Vec::new()))),
        "BADEVENT" => strings(cx, sp(i)?.0).map(|(i, list)| (i, Code::BadEvent(list))),
        "BADURL" => url(i).map(|(i, url)| (i, Code::BadUrl(url))),
        "REFERRAL" => url(i).map(|(i, url)| (i, Code::Referral(url))),
        "WEBALERT" if has_arguments => url(i).map(|(i, url)| (i, Code::WebAlert(Some(url)))),
        "WEBALERT" => Ok((i, Code::WebAlert(None))),
        "METADATA" => metadata(cx, sp(i)?.0).map(|(i, code)| (i, Code::Metadata(code))),
        "ANNOTATE" => annotate(sp(i)?.0),
        "ANNOTATIONS" => url(i).map(|(i, rest)| (i, Code::Annotations(rest))),
        "INPROGRESS" => in_progress(cx, i),
        "MESSAGELIMIT" => message_limit(cx, sp(i)?.0),
        "NOUPDATE" => text(cx, sp(i)?.0).map(|(i, tag)| (i, Code::NoUpdate(tag))),
        "UNDEFINED-FILTER" => text(cx, sp(i)?.0).map(|(i, filter)| (i, Code::UndefinedFilter(filter))),
        "MAXCONVERTMESSAGES" => numbered(cx, i, |n| Some(Code::MaxConvertMessages(n))),
        "MAXCONVERTPARTS" => numbered(cx, i, |n| Some(Code::MaxConvertParts(n))),
        "NEWNAME" => new_name(cx, sp(i)?.0),
        _ => fault(i, "a known response code"),
    }
}

/// `SP nz-number`; what no such number may be leaves the code unread.
fn numbered<'a>(cx: &Cx<'a>, i: &'a [u8], make: impl Fn(u32) -> Option<Code>) -> Read<'a, Code> {
    let (rest, value) = number32(cx, space(cx, i)?)?;
    match make(value) {
        Some(code) => Ok((rest, code)),
        None => {
            cx.forgive(Quirk::ZeroNumber, i)?;
            fault(i, "a number that is not 0")
        }
    }
}

/// `"(" [flag-perm *(SP flag-perm)] ")"`. Flags of some servers hold brackets, so the list ends at its parenthesis;
/// only where it has none, as in RFC 2193 section 4.1, the code's bracket ends it.
fn permanent_flags<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    let list = if memchr::memchr(b')', i).is_some() { i } else { inside(i) };
    let (rest, flags) = super::fetch::flags(cx, list)?;
    Ok((&i[list.len() - rest.len()..], Code::PermanentFlags(Flags::into_owned(flags))))
}

/// RFC 4315 section 3: `nz-number SP append-uid`
fn append_uid<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    let (i, uid_validity) = uid_validity(cx, i)?;
    let (i, uids) = set(cx, space(cx, i)?)?;
    Ok((i, Code::AppendUid { uid_validity, uids }))
}

/// RFC 4315 section 3: `nz-number SP uid-set SP uid-set`
fn copy_uid<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    let (i, uid_validity) = uid_validity(cx, i)?;
    let (i, from) = set(cx, space(cx, i)?)?;
    // An empty set leaves its spaces behind, or nothing at all.
    let i = if i.first() == Some(&b']') { i } else { space(cx, i)? };
    let (i, to) = set(cx, i)?;
    Ok((i, Code::CopyUid { uid_validity, from, to }))
}

fn uid_validity<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, UidValidity> {
    let (rest, value) = number32(cx, i)?;
    match UidValidity::new(value) {
        Some(value) => Ok((rest, value)),
        None => fault(i, "a UIDVALIDITY that is not 0"),
    }
}

/// RFC 5464 section 4.2.1 and 4.3.
fn metadata<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MetadataCode> {
    let (rest, name) = lex::word(i);
    let sized = |make: fn(u64) -> MetadataCode| number(space(cx, rest)?).map(|(i, size)| (i, make(size)));
    match &*lex::upper(name) {
        "LONGENTRIES" => sized(MetadataCode::LongEntries),
        "MAXSIZE" => sized(MetadataCode::MaxSize),
        "TOOMANY" => Ok((rest, MetadataCode::TooMany)),
        "NOPRIVATE" => Ok((rest, MetadataCode::NoPrivate)),
        _ => fault(i, "a METADATA code"),
    }
}

/// RFC 5257 section 4.5.
fn annotate(i: &[u8]) -> Read<'_, Code> {
    let (rest, name) = lex::word(i);
    match &*lex::upper(name) {
        "TOOBIG" => Ok((rest, Code::AnnotateTooBig)),
        "TOOMANY" => Ok((rest, Code::AnnotateTooMany)),
        _ => fault(i, "an ANNOTATE code"),
    }
}

/// RFC 9585 section 4: `"INPROGRESS" [SP "(" (quoted / nil) SP (number / nil) SP (nz-number / nil) ")"]`
fn in_progress<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    if i.first() != Some(&b' ') {
        return Ok((i, Code::InProgress { tag: None, done: None, total: None }));
    }
    let (i, ()) = lex::open(space(cx, i)?)?;
    let (i, tag) = lex::nstring(cx, i)?;
    let (i, done) = maybe_number(cx, space(cx, i)?)?;
    let (i, total) = maybe_number(cx, space(cx, i)?)?;
    let (i, _) = lex::close(cx, i)?;
    Ok((i, Code::InProgress { tag: tag.map(lex::Str::lossy), done, total }))
}

fn maybe_number<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<u32>> {
    match lex::nil(i) {
        Some(rest) => Ok((rest, None)),
        None => number32(cx, i).map(|(i, value)| (i, Some(value))),
    }
}

/// RFC 9738 section 3: `"MESSAGELIMIT" SP nz-number [SP nz-number]`
fn message_limit<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    let (i, limit) = number32(cx, i)?;
    let (i, last) = opt(preceded(tag(" "), |i| number32(cx, i))).parse(i)?;
    Ok((i, Code::MessageLimit { limit, last_uid: last.and_then(<Uid as Number>::new) }))
}

fn new_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    let (i, old) = text(cx, i)?;
    let (i, new) = text(cx, space(cx, i)?)?;
    Ok((i, Code::NewName { old, new }))
}

/// A string, or an atom up to the closing bracket.
fn text<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Box<str>> {
    if i.first() == Some(&b'"') {
        return astring(cx, i).map(|(i, text)| (i, text.lossy()));
    }
    let (i, text) = lex::word(i);
    Ok((i, String::from_utf8_lossy(text).into()))
}

/// RFC 8474 section 4.1: `"(" objectid ")"`, and without the parentheses; `None` for NIL and `()`.
pub(super) fn object_id<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<Box<str>>> {
    if let Some(rest) = lex::nil(i).or_else(|| i.strip_prefix(b"\"\"")) {
        cx.forgive(Quirk::NilForString, i)?;
        return Ok((rest, None));
    }
    let Some(inside) = i.strip_prefix(b"(") else {
        cx.forgive(Quirk::ListForm, i)?;
        return id(i).map(|(i, id)| (i, Some(id)));
    };
    if let (rest, true) = lex::close(cx, inside)? {
        cx.forgive(Quirk::NilForString, i)?;
        return Ok((rest, None));
    }
    let (rest, found) = id(inside)?;
    match lex::close(cx, rest)? {
        (rest, true) => Ok((rest, Some(found))),
        (rest, false) => fault(rest, "the end of an object's id"),
    }
}

/// `"(" [name SP objectid *(SP name SP objectid)] ")"`: the id of that name.
///
/// draft-ietf-mailmaint-imap-objectid-bis: `OBJECTID`, which has all ids of a mailbox or a message.
pub(super) fn named_id<'a>(cx: &Cx<'a>, i: &'a [u8], name: &str) -> Read<'a, Option<Box<str>>> {
    let (i, words) = strings(cx, i)?;
    let id =
        words.chunks_exact(2).find(|pair| pair[0].eq_ignore_ascii_case(name)).map(|pair| pair[1].clone());
    Ok((i, id))
}

/// `objectid = 1*255(ALPHA / DIGIT / "_" / "-")`, in quotes or not. Servers' own ids may have other characters, but
/// none that no atom may have.
fn id(i: &[u8]) -> Read<'_, Box<str>> {
    let (start, quoted) = i.strip_prefix(b"\"").map_or((i, false), |inside| (inside, true));
    let (rest, id) = lex::word(start);
    let rest = if quoted { rest.strip_prefix(b"\"") } else { Some(rest) };
    match rest {
        Some(rest) if !id.is_empty() && id.iter().all(u8::is_ascii_graphic) => {
            Ok((rest, String::from_utf8_lossy(id).into()))
        }
        _ => fault(i, "an object's id"),
    }
}

/// `"(" charset *(SP charset) ")"`, and without the parentheses, as RFC 9051 section 6.4.4.4 shows it.
fn charsets<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Code> {
    if i.first() == Some(&b'(') {
        return strings(cx, i).map(|(i, list)| (i, Code::BadCharset(list)));
    }
    cx.forgive(Quirk::ListForm, i)?;
    Ok((behind(i), Code::BadCharset(words(inside(i)))))
}

fn strings<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    list(cx, i, |i| astring(cx, i).map(|(i, text)| (i, text.lossy())))
}

/// Everything up to the closing bracket.
fn url(i: &[u8]) -> Result<(&[u8], Box<str>), nom::Err<Fault<'_>>> {
    Ok((behind(i), String::from_utf8_lossy(inside(i).trim_ascii()).into()))
}

fn inside(i: &[u8]) -> &[u8] {
    &i[..memchr::memchr(b']', i).unwrap_or(i.len())]
}

fn behind(i: &[u8]) -> &[u8] {
    &i[inside(i).len()..]
}

fn words(i: &[u8]) -> Vec<Box<str>> {
    let words = i.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
    words.map(|word| String::from_utf8_lossy(word).into()).collect()
}

/// `capability *(SP capability)`, however many spaces there are, and whatever list or quotes stand around them.
pub(super) fn capabilities(i: &[u8]) -> Capabilities {
    let names = i.split(|byte| b" \t()\",".contains(byte)).filter(|name| !name.is_empty());
    names.map(|name| Capability::from(&*String::from_utf8_lossy(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_written_as_they_are_read() {
        for name in ["ALREADYEXISTS", "OVERQUOTA", "READ-ONLY", "UTF-8-ONLY", "NOTIFICATIONOVERFLOW"] {
            assert_eq!(Code::bare(name).unwrap().name(), name);
        }
    }
}
