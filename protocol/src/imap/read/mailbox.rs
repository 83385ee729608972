//! What is said of mailboxes: LIST, STATUS, NAMESPACE, rights, quotas, notes.
//!
//! RFC 9051 section 7.3, RFC 5258, RFC 4314, RFC 9208, RFC 5464.

use super::code::{named_id, object_id};
use super::cx::{Cx, Fault, Read, fault};
use super::lex::{
    self, Str, astring, close, list, mailbox, mailbox_name, nstring, number, odd_number, space,
};
use super::quirk::Quirk;
use crate::imap::types::{
    Acl, Entry, ListItem, ListKind, ListRights, MailboxAttribute, MailboxName, Metadata, ModSeq, MyRights,
    Namespace, Namespaces, Quota, QuotaResource, QuotaRoot, Rights, StatusItem, Uid, UidValidity,
};

/// `mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox [SP
/// mbox-list-extended]`
pub(super) fn mailbox_list<'a>(cx: &Cx<'a>, i: &'a [u8], kind: ListKind) -> Read<'a, ListItem> {
    let (rest, mut attributes) = attributes(cx, i)?;
    if attributes.iter().any(is_message_flag) {
        cx.forgive(Quirk::FlagsOfMessages, i)?;
        // The one that would mean something here stands there for no more than the others do.
        attributes.retain(|it| !is_message_flag(it) && *it != MailboxAttribute::Flagged);
    }
    let i = rest;
    let (i, delimiter) = delimiter(cx, space(cx, i)?)?;
    let i = if i.is_empty() { i } else { space(cx, i)? };
    let (i, name) = list_name(cx, i)?;
    let mut item = ListItem {
        kind,
        name,
        delimiter,
        attributes,
        child_info: Vec::new(),
        old_name: None,
        extended: Vec::new(),
    };
    let i = if i.starts_with(b" (") { extended(cx, &i[1..], &mut item)? } else { i };
    Ok((i, item))
}

/// `"(" [mbx-list-flags] ")"`
fn attributes<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<MailboxAttribute>> {
    let listed = cx.attempt(|| {
        list(cx, i, |i| match lex::word(i) {
            (_, []) => fault(i, "a mailbox attribute"),
            (rest, name) => Ok((rest, attribute(name))),
        })
    });
    match listed {
        Err(nom::Err::Error(_)) => odd_attributes(cx, i),
        listed => listed,
    }
}

/// In no list, in several, in quotes, or in a list that does not end: whatever stands before the delimiter.
fn odd_attributes<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<MailboxAttribute>> {
    let Some(end) = (0..i.len()).find(|&at| begins_delimiter(&i[at..])) else {
        return fault(i, "a hierarchy delimiter");
    };
    cx.forgive(Quirk::ListForm, i)?;
    let names = i[..end].split(|byte| b" ()\",".contains(byte)).filter(|name| !name.is_empty());
    let end = if i[..end].ends_with(b" ") { end - 1 } else { end };
    Ok((&i[end..], names.map(attribute).collect()))
}

fn begins_delimiter(i: &[u8]) -> bool {
    match i {
        [b'"', b'\\', _, b'"', rest @ ..] | [b'"', _, b'"', rest @ ..] => rest.first() == Some(&b' '),
        _ => i.starts_with(b"NIL "),
    }
}

fn attribute(name: &[u8]) -> MailboxAttribute {
    MailboxAttribute::from_name(String::from_utf8_lossy(name).trim_start_matches('\\'))
}

/// RFC 9051 section 2.3.2.
fn is_message_flag(attribute: &MailboxAttribute) -> bool {
    let MailboxAttribute::Other(name) = attribute else { return false };
    ["Seen", "Answered", "Deleted", "Draft", "Recent"].iter().any(|flag| flag.eq_ignore_ascii_case(name))
}

fn delimiter<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Option<char>> {
    if let [b'"', delimiter, b'"', rest @ ..] = i
        && !matches!(delimiter, b'"' | b'\\')
    {
        return Ok((rest, Some(char::from(*delimiter))));
    }
    if let [b'"', b'\\', b'"', rest @ ..] = i
        && matches!(rest, [] | [b' ', ..])
    {
        cx.forgive(Quirk::OddDelimiter, i)?;
        return Ok((rest, Some('\\')));
    }
    if let Some(rest) = lex::nil(i) {
        return Ok((rest, None));
    }
    if matches!(i.first(), None | Some(b'(' | b')')) {
        // None at all, or something else.
        cx.forgive(Quirk::OddDelimiter, i)?;
        return Ok((lex::skip_value(i).map_or(i, |(rest, _)| rest), None));
    }
    let (rest, text) = astring(cx, i)?;
    let text = text.lossy();
    let mut letters = text.chars();
    let delimiter = letters.next();
    if delimiter.is_none() || letters.next().is_some() || i.first() != Some(&b'"') {
        cx.forgive(Quirk::OddDelimiter, i)?;
    }
    Ok((rest, delimiter))
}

/// `mailbox`, which some servers do not quote: then it is the rest of the line, up to extended data.
fn list_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MailboxName> {
    if matches!(i.first(), Some(b'"' | b'{' | b'~'))
        && let Ok((rest, name)) = mailbox(cx, i)
    {
        return Ok((rest, name));
    }
    let plain = i.iter().position(|byte| b" ()\"".contains(byte)).unwrap_or(i.len());
    let (name, rest) = i.split_at(plain);
    if plain > 0 && (rest.is_empty() || rest.starts_with(b" (") && rest.ends_with(b")")) {
        return Ok((rest, mailbox_name(cx.encoding, name)));
    }
    cx.forgive(Quirk::UnquotedName, i)?;
    Ok((&i[i.len()..], mailbox_name(cx.encoding, i.trim_ascii_end())))
}

/// RFC 5258 section 6: `"(" [mbox-list-extended-item *(SP mbox-list-extended-item)] ")"`, each a name and a value.
fn extended<'a>(cx: &Cx<'a>, i: &'a [u8], item: &mut ListItem) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let one = |i| {
        let (i, name) = astring(cx, i)?;
        if matches!(i.first(), None | Some(b')')) {
            cx.forgive(Quirk::ListForm, i)?;
            return Ok((i, ()));
        }
        let value = space(cx, i)?;
        match &*lex::upper(&name.text()) {
            "CHILDINFO" => {
                let (i, info) = lex::list_or_one(cx, value, |i| astring(cx, i))?;
                item.child_info = info.into_iter().map(Str::lossy).collect();
                Ok((i, ()))
            }
            "OLDNAME" => {
                let (i, names) = lex::list_or_one(cx, value, |i| mailbox(cx, i))?;
                item.old_name = names.into_iter().next();
                Ok((i, ()))
            }
            name => {
                let (i, value) = lex::skip_value(value)?;
                item.extended.push((name.into(), value.into()));
                Ok((i, ()))
            }
        }
    };
    match cx.attempt(|| list(cx, i, one)) {
        Ok((i, _)) => Ok(i),
        Err(nom::Err::Error(_)) => {
            cx.forgive(Quirk::SurplusData, i)?;
            Ok(&i[i.len()..])
        }
        Err(failure) => Err(failure),
    }
}

/// `mailbox SP "(" [status-att-list] ")"`
pub(super) fn status<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, StatusItem> {
    let (i, name) = status_name(cx, i)?;
    let mut item = StatusItem::new(name);
    let Some(mut i) = i.strip_prefix(b"(") else {
        // No list, and so no end of it.
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((i, item));
    };
    let mut first = true;
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, item));
        }
        if lex::skip_spaces(rest).is_empty() {
            cx.forgive(Quirk::UnbalancedList, rest)?;
            return Ok((&rest[rest.len()..], item));
        }
        let start = if first { lex::skip_first(cx, rest)? } else { space(cx, rest)? };
        i = match cx.attempt(|| status_attribute(cx, start, &mut item).map(|rest| (rest, ()))) {
            Ok((rest, ())) => rest,
            Err(nom::Err::Error(_)) if cx.may_search() => {
                cx.forgive(Quirk::UnreadableItem, start)?;
                next_attribute(start)
            }
            Err(error) => return Err(error),
        };
        first = false;
    }
}

/// Behind an attribute that can't be read: where the next one that we know begins, or the list's end.
fn next_attribute(i: &[u8]) -> &[u8] {
    let known = |rest: &[u8]| {
        let (behind, name) = lex::word(rest);
        behind.starts_with(b" ") && STATUS_ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let next = memchr::memchr_iter(b' ', i).find(|&at| known(&i[at + 1..]));
    let end = || memchr::memrchr(b')', i).unwrap_or(i.len());
    &i[next.unwrap_or_else(end)..]
}

const STATUS_ATTRIBUTES: &[&[u8]] = &[
    b"MESSAGES",
    b"RECENT",
    b"UNSEEN",
    b"DELETED",
    b"SIZE",
    b"DELETED-STORAGE",
    b"UIDNEXT",
    b"UIDVALIDITY",
    b"HIGHESTMODSEQ",
    b"APPENDLIMIT",
    b"MAILBOXID",
];

/// The name, and past it to the list. One without quotes may have spaces, so it ends at the last list.
fn status_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MailboxName> {
    if let Ok((rest, name)) = cx.attempt(|| mailbox(cx, i))
        && (rest.first() == Some(&b' ') || i.first() == Some(&b'"'))
        && let Ok(rest) = cx.attempt(|| space(cx, rest).map(|rest| (rest, ()))).map(|(rest, ())| rest)
        && rest.first() == Some(&b'(')
    {
        return Ok((rest, name));
    }
    let Some(end) = memchr::memrchr(b'(', i) else { return lone_name(cx, i) };
    cx.forgive(Quirk::UnquotedName, i)?;
    Ok((&i[end..], mailbox_name(cx.encoding, i[..end].trim_ascii())))
}

/// A name without a list behind it: one word or string, or else all of the line.
fn lone_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MailboxName> {
    let trimmed = i.trim_ascii_end();
    if trimmed.is_empty() {
        return fault(i, "a mailbox name and a list");
    }
    match cx.attempt(|| mailbox(cx, i)) {
        Ok((rest, name)) if lex::skip_spaces(rest).is_empty() => Ok((rest, name)),
        Ok((rest, name)) if STATUS_ATTRIBUTES.contains(&lex::word(lex::skip_spaces(rest)).1) => {
            Ok((rest, name))
        }
        _ => {
            cx.forgive(Quirk::UnquotedName, i)?;
            Ok((&i[i.len()..], mailbox_name(cx.encoding, trimmed)))
        }
    }
}

fn status_attribute<'a>(
    cx: &Cx<'a>,
    i: &'a [u8],
    item: &mut StatusItem,
) -> Result<&'a [u8], nom::Err<Fault<'a>>> {
    let (rest, name) = lex::word(i);
    if name.is_empty() {
        return fault(i, "a status attribute").map(|(i, ())| i);
    }
    let value = space(cx, rest)?;
    let name = lex::upper(name);
    let small = || lex::number32(cx, value);
    let large = || odd_number(cx, value);
    Ok(match &*name {
        "MESSAGES" => keep(&mut item.messages, small()?),
        "RECENT" => keep(&mut item.recent, small()?),
        "UNSEEN" => keep(&mut item.unseen, small()?),
        "DELETED" => keep(&mut item.deleted, small()?),
        "SIZE" => keep(&mut item.size, large()?),
        "DELETED-STORAGE" => keep(&mut item.deleted_storage, large()?),
        "UIDNEXT" => {
            let (i, value) = small()?;
            item.uid_next = Uid::new(value);
            i
        }
        "UIDVALIDITY" => {
            let (i, value) = small()?;
            item.uid_validity = UidValidity::new(value);
            i
        }
        "HIGHESTMODSEQ" => {
            let (i, value) = large()?;
            item.highest_mod_seq = Some(ModSeq(value));
            i
        }
        // RFC 7889 section 3: NIL where there is no limit.
        "APPENDLIMIT" => match lex::nil(value) {
            Some(i) => i,
            None => keep(&mut item.append_limit, large()?),
        },
        "MAILBOXID" => match object_id(cx, value)? {
            (i, Some(id)) => keep(&mut item.mailbox_id, (i, id)),
            (i, None) => i,
        },
        "OBJECTID" => {
            let (i, id) = named_id(cx, value, "MAILBOXID")?;
            item.mailbox_id = id;
            i
        }
        _ => {
            let (i, value) = lex::skip_value(value)?;
            item.others.push((name, value.into()));
            i
        }
    })
}

fn keep<'a, T>(place: &mut Option<T>, (rest, value): (&'a [u8], T)) -> &'a [u8] {
    *place = Some(value);
    rest
}

/// `namespace SP namespace SP namespace`
pub(super) fn namespaces<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Namespaces> {
    let mut i = i;
    let mut kinds = [const { Vec::new() }; 3];
    for (index, kind) in kinds.iter_mut().enumerate() {
        if lex::skip_spaces(i).is_empty() {
            cx.forgive(Quirk::EmptyList, i)?;
            break;
        }
        i = if index > 0 { space(cx, i)? } else { i };
        (i, *kind) = namespace(cx, i)?;
    }
    let [personal, other_users, shared] = kinds;
    Ok((i, Namespaces { personal, other_users, shared }))
}

/// `namespace = nil / "(" 1*namespace-descr ")"`
fn namespace<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<Namespace>> {
    if let Some(rest) = lex::nil(i) {
        return Ok((rest, Vec::new()));
    }
    let start = i;
    if let Some(rest) = i.strip_prefix(b"\"\"") {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((rest, Vec::new()));
    }
    if i.starts_with(b"(\"") {
        // One without the parentheses of a list.
        cx.forgive(Quirk::ListForm, i)?;
        return namespace_descr(cx, i).map(|(i, one)| (i, vec![one]));
    }
    let (mut i, ()) = lex::open(i)?;
    let mut list = Vec::new();
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            if list.is_empty() {
                cx.forgive(Quirk::EmptyList, start)?;
            }
            return Ok((rest, list));
        }
        i = lex::skip_spaces(rest);
        if i.is_empty() {
            cx.forgive(Quirk::UnbalancedList, i)?;
            return Ok((i, list));
        }
        if let Some(rest) = lex::nil(i) {
            cx.forgive(Quirk::EmptyList, i)?;
            i = rest;
            continue;
        }
        let one;
        (i, one) = namespace_descr(cx, i)?;
        list.push(one);
    }
}

/// `namespace-descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) [namespace-response-extensions] ")"`
fn namespace_descr<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Namespace> {
    let (i, ()) = lex::open(i)?;
    let (i, prefix) = lex::string(cx, lex::skip_first(cx, i)?)?;
    let (i, delimiter) = match lex::skip_spaces(i).first() {
        None | Some(b')') => {
            cx.forgive(Quirk::OddDelimiter, i)?;
            (i, None)
        }
        _ => delimiter(cx, space(cx, i)?)?,
    };
    let prefix = mailbox_name(cx.encoding, &prefix.text());
    let mut namespace = Namespace { prefix: prefix.as_str().into(), delimiter, extensions: Vec::new() };
    let mut i = i;
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, namespace));
        }
        if lex::skip_spaces(rest).is_empty() {
            cx.forgive(Quirk::UnbalancedList, rest)?;
            return Ok((rest, namespace));
        }
        let (rest, name) = lex::string(cx, space(cx, rest)?)?;
        let values;
        (i, values) = lex::list_or_one(cx, space(cx, rest)?, |i| lex::string(cx, i))?;
        let name = name.lossy();
        // RFC 5255 section 3.4: the prefix in the user's language, encoded as the prefix itself is.
        let is_prefix = name.eq_ignore_ascii_case("TRANSLATION");
        let decoded = |value: Str<'_>| match is_prefix {
            true => mailbox_name(cx.encoding, &value.text()).as_str().into(),
            false => value.lossy(),
        };
        namespace.extensions.push((name, values.into_iter().map(decoded).collect()));
    }
}

/// `acl-data = "ACL" SP mailbox *(SP identifier SP rights)`
pub(super) fn acl<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Acl> {
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, words) = strings_behind(cx, i)?;
    let mut words = words.into_iter();
    let mut entries = Vec::new();
    while let Some(identifier) = words.next() {
        entries.push((identifier, Rights(words.next().unwrap_or_default())));
    }
    Ok((i, Acl { mailbox, entries }))
}

/// `listrights-data = "LISTRIGHTS" SP mailbox SP identifier SP rights *(SP rights)`
pub(super) fn list_rights<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, ListRights> {
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, words) = strings_behind(cx, i)?;
    let mut words = words.into_iter();
    let Some(identifier) = words.next() else { return fault(i, "an identifier") };
    let required = Rights(words.next().unwrap_or_default());
    Ok((i, ListRights { mailbox, identifier, required, optional: words.map(Rights).collect() }))
}

/// `myrights-data = "MYRIGHTS" SP mailbox SP rights`
pub(super) fn my_rights<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MyRights> {
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, words) = strings_behind(cx, i)?;
    if words.is_empty() {
        cx.forgive(Quirk::NilForString, i)?;
    } else if words.len() > 1 {
        cx.forgive(Quirk::SurplusSpace, i)?;
    }
    Ok((i, MyRights { mailbox, rights: Rights(words.concat().into()) }))
}

/// `quota-response = "QUOTA" SP quota-root-name SP "(" [quota-resource *(SP quota-resource)] ")"`
pub(super) fn quota<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Quota> {
    let (i, root) = quota_root_name(cx, i)?;
    if lex::skip_spaces(i).is_empty() {
        cx.forgive(Quirk::EmptyList, i)?;
        return Ok((i, Quota { root, resources: Vec::new() }));
    }
    let listed = cx.attempt(|| {
        list(cx, i, |i| {
            let (i, name) = astring(cx, i)?;
            let (i, usage) = odd_number(cx, space(cx, i)?)?;
            let (i, limit) = number(space(cx, i)?)?;
            Ok((i, QuotaResource { name: lex::upper(&name.text()), usage, limit }))
        })
    });
    match listed {
        Err(nom::Err::Error(_)) => odd_resources(cx, i).map(|(i, resources)| (i, Quota { root, resources })),
        listed => listed.map(|(i, resources)| (i, Quota { root, resources })),
    }
}

/// `quota-root-name = astring`, which some servers leave out, or do not quote.
fn quota_root_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Box<str>> {
    if i.first() != Some(&b'(') {
        let (rest, root) = astring(cx, i)?;
        if rest.is_empty() {
            return Ok((rest, root.lossy()));
        }
        let behind = space(cx, rest)?;
        if matches!(behind.first(), Some(b'(')) || lex::nil(behind).is_some() {
            return Ok((behind, root.lossy()));
        }
    }
    let Some(end) = memchr::memchr(b'(', i) else {
        return astring(cx, i).map(|(rest, root)| (rest, root.lossy()));
    };
    cx.forgive(Quirk::UnquotedName, i)?;
    Ok((&i[end..], String::from_utf8_lossy(i[..end].trim_ascii()).into()))
}

/// Resources in no list, in several, or cut off. One whose limit is no number has none.
fn odd_resources<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Vec<QuotaResource>> {
    let (i, words) = lex::flat(cx, i, |i| astring(cx, i).map(|(i, text)| (i, text.lossy())))?;
    let resources = words.chunks(3).filter_map(|words| match words {
        [name, usage, limit] => Some(QuotaResource {
            name: lex::upper(name.as_bytes()),
            usage: usage.parse().ok()?,
            limit: limit.parse().ok()?,
        }),
        _ => None,
    });
    Ok((i, resources.collect()))
}

/// `quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)`
pub(super) fn quota_root<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, QuotaRoot> {
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, roots) = strings_behind(cx, i)?;
    Ok((i, QuotaRoot { mailbox, roots }))
}

/// `*(SP astring)` to the end. Where a list stands among them, its values count.
pub(super) fn strings_behind<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    let mut strings = Vec::new();
    if lex::skip_spaces(i).first() == Some(&b'(') {
        return lex::flat(cx, i, |i| astring(cx, i).map(|(i, text)| (i, text.lossy())));
    }
    while !lex::skip_spaces(i).is_empty() {
        let (rest, text) = astring(cx, space(cx, i)?)?;
        strings.push(text.lossy());
        i = rest;
    }
    Ok((i, strings))
}

/// RFC 5464 section 5: `"METADATA" SP mailbox SP (entry-values / entry-list)`
pub(super) fn metadata<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Metadata> {
    let (i, mailbox) = mailbox(cx, i)?;
    let rest = space(cx, i)?;
    if rest.first() != Some(&b'(') {
        let (i, names) = strings_behind(cx, i)?;
        let entries = names.into_iter().map(|name| Entry { name, value: None }).collect();
        return Ok((i, Metadata { mailbox, entries }));
    }
    let mut name: Option<Box<str>> = None;
    let mut entries = Vec::new();
    let (i, _) = list(cx, rest, |i| match name.take() {
        None => {
            let (i, text) = astring(cx, i)?;
            name = Some(text.lossy());
            Ok((i, ()))
        }
        Some(name) if i.first() == Some(&b'(') => {
            // A list whose quotes are missing.
            cx.forgive(Quirk::UnquotedString, i)?;
            let (i, value) = lex::skip_value(i)?;
            entries.push(Entry { name, value: Some(value.into()) });
            Ok((i, ()))
        }
        Some(name) => {
            let (i, value) = nstring(cx, i)?;
            entries.push(Entry { name, value: value.map(|value| value.text().into()) });
            Ok((i, ()))
        }
    })?;
    Ok((i, Metadata { mailbox, entries }))
}
