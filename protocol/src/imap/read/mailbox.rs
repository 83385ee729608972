//! What is said of mailboxes: LIST, STATUS, NAMESPACE, rights, quotas, notes.
//!
//! RFC 9051 section 7.3, RFC 5258, RFC 4314, RFC 9208, RFC 5464.

use super::super::types::{
    Acl, Entry, ListItem, ListKind, ListRights, MailboxAttribute, MailboxName, Metadata, ModSeq, MyRights,
    Namespace, Namespaces, Quota, QuotaResource, QuotaRoot, Rights, StatusItem, Uid, UidValidity,
};
use super::code::parenthesised;
use super::cx::{Cx, Fault, Read, fault};
use super::lex::{self, Str, astring, close, list, mailbox, mailbox_name, nstring, odd_number, space};
use super::quirk::Quirk;

/// `mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox [SP
/// mbox-list-extended]`
pub(super) fn mailbox_list<'a>(cx: &Cx<'a>, i: &'a [u8], kind: ListKind) -> Read<'a, ListItem> {
    let (i, attributes) = list(cx, i, |i| match lex::word(i) {
        (_, []) => fault(i, "a mailbox attribute"),
        (rest, name) => Ok((rest, MailboxAttribute::from_name(&String::from_utf8_lossy(name)))),
    })?;
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
    let (i, _) = list(cx, i, |i| {
        let (i, name) = astring(cx, i)?;
        let value = space(cx, i)?;
        match &*lex::upper(&name.text()) {
            "CHILDINFO" => {
                let (i, info) = list(cx, value, |i| astring(cx, i))?;
                item.child_info = info.into_iter().map(Str::lossy).collect();
                Ok((i, ()))
            }
            "OLDNAME" => {
                let (i, names) = list(cx, value, |i| mailbox(cx, i))?;
                item.old_name = names.into_iter().next();
                Ok((i, ()))
            }
            name => {
                let (i, value) = lex::skip_value(value)?;
                item.extended.push((name.into(), value.into()));
                Ok((i, ()))
            }
        }
    })?;
    Ok(i)
}

/// `mailbox SP "(" [status-att-list] ")"`
pub(super) fn status<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, StatusItem> {
    let (i, name) = status_name(cx, i)?;
    let mut item = StatusItem::new(name);
    let (mut i, ()) = lex::open(i)?;
    let mut first = true;
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, item));
        }
        let start = if first { lex::skip_first(cx, rest)? } else { space(cx, rest)? };
        i = status_attribute(cx, start, &mut item)?;
        first = false;
    }
}

/// The name, and past it to the list. One without quotes may have spaces, so it ends at the last list.
fn status_name<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, MailboxName> {
    if let Ok((rest, name)) = cx.attempt(|| mailbox(cx, i))
        && (rest.first() == Some(&b' ') || i.first() == Some(&b'"'))
        && let Ok(rest) = cx.attempt(|| space(cx, rest).map(|rest| (rest, ()))).map(|(rest, ())| rest)
        && rest.first() == Some(&b'(')
    {
        return Ok((rest, name));
    }
    let Some(end) = memchr::memrchr(b'(', i) else { return fault(i, "a mailbox name and a list") };
    cx.forgive(Quirk::UnquotedName, i)?;
    Ok((&i[end..], mailbox_name(cx.encoding, i[..end].trim_ascii())))
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
        // RFC 7889 section 4: NIL where there is no limit.
        "APPENDLIMIT" => match lex::nil(value) {
            Some(i) => i,
            None => keep(&mut item.append_limit, large()?),
        },
        "MAILBOXID" => keep(&mut item.mailbox_id, parenthesised(cx, value)?),
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
        if index > 0 && lex::skip_spaces(i).is_empty() {
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
        let one;
        (i, one) = namespace_descr(cx, lex::skip_spaces(rest))?;
        list.push(one);
    }
}

/// `namespace-descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil) [namespace-response-extensions] ")"`
fn namespace_descr<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Namespace> {
    let (i, ()) = lex::open(i)?;
    let (i, prefix) = lex::string(cx, i)?;
    let (i, delimiter) = delimiter(cx, space(cx, i)?)?;
    let prefix = mailbox_name(cx.encoding, &prefix.text());
    let mut namespace = Namespace { prefix: prefix.as_str().into(), delimiter, extensions: Vec::new() };
    let mut i = i;
    loop {
        let (rest, closed) = close(cx, i)?;
        if closed {
            return Ok((rest, namespace));
        }
        let (rest, name) = lex::string(cx, space(cx, rest)?)?;
        let values;
        (i, values) = list(cx, space(cx, rest)?, |i| lex::string(cx, i))?;
        namespace.extensions.push((name.lossy(), values.into_iter().map(Str::lossy).collect()));
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
    let (i, rights) = astring(cx, space(cx, i)?)?;
    Ok((i, MyRights { mailbox, rights: Rights(rights.lossy()) }))
}

/// `quota-response = "QUOTA" SP quota-root-name SP "(" [quota-resource *(SP quota-resource)] ")"`
pub(super) fn quota<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, Quota> {
    let (i, root) = if i.first() == Some(&b'(') {
        // No name at all where an empty one should stand.
        cx.forgive(Quirk::UnquotedName, i)?;
        (i, Box::default())
    } else {
        let (i, root) = astring(cx, i)?;
        (space(cx, i)?, root.lossy())
    };
    let (i, resources) = list(cx, i, |i| {
        let (i, name) = astring(cx, i)?;
        let (i, usage) = odd_number(cx, space(cx, i)?)?;
        let (i, limit) = odd_number(cx, space(cx, i)?)?;
        Ok((i, QuotaResource { name: lex::upper(&name.text()), usage, limit }))
    })?;
    Ok((i, Quota { root, resources }))
}

/// `quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)`
pub(super) fn quota_root<'a>(cx: &Cx<'a>, i: &'a [u8]) -> Read<'a, QuotaRoot> {
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, roots) = strings_behind(cx, i)?;
    Ok((i, QuotaRoot { mailbox, roots }))
}

/// `*(SP astring)` to the end.
pub(super) fn strings_behind<'a>(cx: &Cx<'a>, mut i: &'a [u8]) -> Read<'a, Vec<Box<str>>> {
    let mut strings = Vec::new();
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
        Some(name) => {
            let (i, value) = nstring(cx, i)?;
            entries.push(Entry { name, value: value.map(|value| value.text().into()) });
            Ok((i, ()))
        }
    })?;
    Ok((i, Metadata { mailbox, entries }))
}
