//! Untagged responses: which is it?
//!
//! RFC 9051 section 7: `response-data = "*" SP (resp-cond-state / resp-cond-bye / mailbox-data / message-data /
//! capability-data / enable-data) CRLF`

use std::borrow::Cow;

use super::cx::{Cx, Fault, Read};
use super::lex::{self, Str, nstring, number, space};
use super::quirk::Quirk;
use super::{code, fetch, mailbox, search, status};
use crate::imap::types::{
    Fetch, IdField, ListKind, Named, Response, Section, SectionText, SeqNo, Source, Uid,
};

type Done<'a> = Result<Response<'a>, nom::Err<Fault<'a>>>;

/// `line` is all of it, `i` what stands behind the star and its space.
#[inline]
pub(super) fn untagged<'a>(cx: &Cx<'a>, line: &'a [u8], i: &'a [u8]) -> Done<'a> {
    let i = if i.first() == Some(&b' ') {
        cx.forgive(Quirk::SurplusSpace, i)?;
        lex::skip_spaces(i)
    } else {
        i
    };
    if i.first().is_some_and(u8::is_ascii_digit)
        && let Ok((rest, value)) = number(i)
        && rest.first() == Some(&b' ')
    {
        return numbered(cx, line, lex::skip_spaces(rest), value);
    }
    let (rest, name) = lex::word(i);
    if let Some(status) = status::status(name) {
        return Ok(Response::Status { status, text: status::text_behind(cx, rest)? });
    }
    named(cx, line, rest, name)
}

/// `message-data = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att))`, EXISTS, RECENT, UIDFETCH.
#[inline]
fn numbered<'a>(cx: &Cx<'a>, line: &'a [u8], i: &'a [u8], value: u64) -> Done<'a> {
    let (rest, name) = lex::word(i);
    let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
    let small = u32::try_from(value).unwrap_or(u32::MAX);
    if is(b"FETCH") {
        let seq = SeqNo::new(small);
        if seq.is_none() {
            cx.forgive(Quirk::ZeroNumber, line)?;
        }
        let mut message = Fetch { seq, ..Fetch::default() };
        fetch::fetch(cx, space(cx, rest)?, &mut message)?;
        return Ok(Response::Fetch(message));
    }
    let response = if is(b"EXISTS") {
        Response::Exists(small)
    } else if is(b"RECENT") {
        Response::Recent(small)
    } else if is(b"EXPUNGE") || is(b"EXPUNGED") {
        if is(b"EXPUNGED") {
            cx.forgive(Quirk::OddName, i)?;
        }
        match SeqNo::new(small) {
            Some(seq) => Response::Expunge(seq),
            None => {
                // No message is gone, so there is nothing to tell.
                cx.forgive(Quirk::ZeroNumber, line)?;
                let arguments = Cow::Borrowed(rest);
                Response::Named(Named { name: lex::upper(name), number: Some(0), arguments })
            }
        }
    } else if is(b"UIDFETCH") {
        // RFC 9586 section 3.3.
        let mut message = Fetch { uid: Uid::new(small), ..Fetch::default() };
        fetch::fetch(cx, space(cx, rest)?, &mut message)?;
        return Ok(Response::Fetch(message));
    } else {
        return Ok(kept(line, name, Some(small), rest));
    };
    end(cx, rest)?;
    Ok(response)
}

/// Everything else begins with its name. What can't be read is set aside.
fn named<'a>(cx: &Cx<'a>, line: &'a [u8], rest: &'a [u8], name: &'a [u8]) -> Done<'a> {
    match cx.attempt(|| known(cx, line, rest, name).map(|response| (rest, response))) {
        Ok((_, response)) => Ok(response),
        Err(nom::Err::Error(fault)) => {
            cx.forgive(Quirk::UnreadableResponse, fault.at)?;
            Ok(Response::Unknown(Cow::Borrowed(line)))
        }
        Err(failure) => Err(failure),
    }
}

fn known<'a>(cx: &Cx<'a>, line: &'a [u8], rest: &'a [u8], name: &'a [u8]) -> Done<'a> {
    let upper = lex::upper(name);
    let sp = || space(cx, rest);
    let (rest, response) = match &*upper {
        "CAPABILITY" => return capability(cx, rest).map(Response::Capability),
        "ENABLED" => return capability(cx, rest).map(Response::Enabled),
        "LIST" => mailbox::mailbox_list(cx, sp()?, ListKind::List).map(into(Response::List))?,
        "LSUB" => mailbox::mailbox_list(cx, sp()?, ListKind::Lsub).map(into(Response::List))?,
        "XLIST" => mailbox::mailbox_list(cx, sp()?, ListKind::XList).map(into(Response::List))?,
        "STATUS" => mailbox::status(cx, sp()?).map(into(Response::MailboxStatus))?,
        "FLAGS" => fetch::flags(cx, sp()?).map(into(Response::Flags))?,
        "SEARCH" => search::found(cx, rest).map(into(Response::Search))?,
        "SORT" => search::found(cx, rest).map(into(Response::Sort))?,
        "ESEARCH" => search::esearch(cx, rest).map(into(Response::ESearch))?,
        "THREAD" => search::threads(cx, rest).map(into(Response::Thread))?,
        "VANISHED" => search::vanished(cx, rest)?,
        "UIDBATCHES" => search::uid_batches(cx, rest)?,
        "NAMESPACE" => mailbox::namespaces(cx, sp()?).map(into(Response::Namespace))?,
        "ID" => id(cx, sp()?).map(into(Response::Id))?,
        "ACL" => mailbox::acl(cx, sp()?).map(into(Response::Acl))?,
        "LISTRIGHTS" => mailbox::list_rights(cx, sp()?).map(into(Response::ListRights))?,
        "MYRIGHTS" => mailbox::my_rights(cx, sp()?).map(into(Response::MyRights))?,
        "QUOTA" => mailbox::quota(cx, sp()?).map(into(Response::Quota))?,
        "QUOTAROOT" => mailbox::quota_root(cx, sp()?).map(into(Response::QuotaRoot))?,
        "METADATA" => mailbox::metadata(cx, sp()?).map(into(Response::Metadata))?,
        "LANGUAGE" => languages(cx, sp()?).map(into(Response::Language))?,
        "COMPARATOR" => comparator(cx, rest).map(into(Response::Comparator))?,
        "JMAPACCESS" => string(cx, sp()?).map(into(Response::JmapAccess))?,
        _ => return Ok(kept(line, name, None, rest)),
    };
    end(cx, rest)?;
    Ok(response)
}

fn into<'a, T, R>(make: fn(T) -> R) -> impl FnOnce((&'a [u8], T)) -> (&'a [u8], R) {
    move |(rest, value)| (rest, make(value))
}

/// What the client has no use for, but whose name stands in some document; and what has no known name.
fn kept<'a>(line: &'a [u8], name: &'a [u8], number: Option<u32>, rest: &'a [u8]) -> Response<'a> {
    let name = lex::upper(name);
    if !NAMED.contains(&&*name) {
        return Response::Unknown(Cow::Borrowed(line));
    }
    let arguments = Cow::Borrowed(rest.strip_prefix(b" ").unwrap_or(rest));
    Response::Named(Named { name, number, arguments })
}

/// The end of a response. Spaces are forgiven, and what stands behind them.
pub(super) fn end<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<(), nom::Err<Fault<'a>>> {
    if i.is_empty() {
        return Ok(());
    }
    let rest = lex::skip_spaces(i);
    let closing = !rest.is_empty() && rest.iter().all(|byte| b") ".contains(byte));
    cx.forgive(
        if rest.is_empty() {
            Quirk::SurplusSpace
        } else if closing {
            Quirk::UnbalancedList
        } else {
            Quirk::SurplusData
        },
        i,
    )
}

/// `*(SP capability)`
fn capability<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Result<crate::imap::types::Capabilities, nom::Err<Fault<'a>>> {
    if i.ends_with(b" ") || memchr::memmem::find(i, b"  ").is_some() {
        cx.forgive(Quirk::SurplusSpace, i)?;
    }
    if i.iter().any(|byte| b"()\",".contains(byte)) {
        cx.forgive(Quirk::ListForm, i)?;
    }
    Ok(code::capabilities(i))
}

/// RFC 2971 section 4: `id-response = "ID" SP id-params-list`, `"(" #(string SP nstring) ")" / nil`
fn id<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<Vec<IdField>>> {
    if let Some(rest) = lex::nil(i) {
        return Ok((rest, None));
    }
    if i.is_empty() {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((i, None));
    }
    let text = |i| nstring(cx, i).map(|(i, text)| (i, text.map(Str::lossy)));
    let (i, words) = match cx.attempt(|| lex::list(cx, i, text)) {
        Err(nom::Err::Error(_)) => lex::flat(cx, i, text)?,
        read => read?,
    };
    if words.len() % 2 == 1 {
        cx.forgive(Quirk::ListForm, i)?;
    }
    let fields = words.chunks(2).map(|pair| {
        let name = pair[0].clone().unwrap_or_default();
        (name, pair.get(1).cloned().flatten())
    });
    Ok((i, Some(fields.collect())))
}

fn string<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Box<str>> {
    lex::astring(cx, i).map(|(i, text)| (i, text.lossy()))
}

/// RFC 5255 section 3.3: `"LANGUAGE" SP "(" lang-tag-quoted *(SP lang-tag-quoted) ")"`
fn languages<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    if i.is_empty() {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((i, Vec::new()));
    }
    if i.first() != Some(&b'(') {
        return lex::flat(cx, i, |i| string(cx, i));
    }
    lex::list(cx, i, |i| string(cx, i))
}

/// RFC 5255 section 4.8: `"COMPARATOR" SP comp-sel-quoted [SP "(" comp-id-quoted *(SP comp-id-quoted) ")"]`
fn comparator<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    let (i, first) = string(cx, space(cx, i)?)?;
    let mut all = vec![first];
    let i = if i.starts_with(b" (") {
        let (i, others) = lex::list(cx, &i[1..], |i| string(cx, i))?;
        all.extend(others);
        i
    } else {
        i
    };
    Ok((i, all))
}

/// RFC 3501 section 6.4.5: `RFC822` is `BODY[]`, `RFC822.HEADER` is `BODY[HEADER]`, `RFC822.TEXT` is `BODY[TEXT]`.
pub(super) fn rfc822_section(name: &str) -> Section {
    let text = match name {
        "RFC822.HEADER" => SectionText::Header,
        "RFC822.TEXT" | "RFC822.TEXT.PEEK" => SectionText::Text,
        _ => SectionText::All,
    };
    Section { source: Source::Body, part: Box::default(), text }
}

/// Responses that are kept as they came, and where they are described.
const NAMED: &[&str] = &[
    "ADDED",              // Cyrus, XCONVUPDATES
    "ANNOTATION",         // The ANNOTATEMORE draft: METADATA before RFC 5464
    "BBOARD",             // RFC 1176
    "CHANGED",            // Cyrus, XCONVUPDATES
    "CONVERSION",         // RFC 5259
    "CONVERTED",          // RFC 5259
    "COPY",               // RFC 2062
    "FILTER",             // Dovecot, FILTER=SIEVE
    "FILTERED",           // Dovecot, FILTER=SIEVE
    "MAILBOX",            // RFC 2062
    "READONLY",           // RFC 1203
    "READWRITE",          // RFC 1203
    "REMOVED",            // Cyrus, XCONVUPDATES
    "SNIPPET",            // Cyrus, XSNIPPETS
    "STATE",              // Dovecot, X-STATE
    "STORE",              // RFC 2062
    "SUPPORTED.VERSIONS", // RFC 1203
    "XAOL-OPTION",        // AOL, as Mozilla reads it
    "XAPPLEPUSHSERVICE",  // Apple's push notifications
    "XCONVERSATIONS",     // Cyrus
    "XCONVMETA",          // Cyrus
    "XCONVMULTI",         // Cyrus, XCONVMULTISORT
    "XSTATE",             // Cyrus, XGETSTATE
    "XSTATS",             // Cyrus
];
