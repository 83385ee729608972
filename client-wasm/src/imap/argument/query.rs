//! What `search` and its like look for. RFC 9051 section 6.4.4.

use crate::error::Error;
use crate::imap::argument::day::Day;
use crate::imap::argument::mailbox::mailbox_name;
use crate::imap::argument::set;
use crate::imap::argument::uids::Uids;
use crate::imap::options::from_js_exact;
use js_sys::{Array, Reflect};
use postern_protocol::imap::command::{Date, SearchKey};
use postern_protocol::imap::{Flag, ModSeq, SeqSet, UidSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// What messages must be like: all that is said must hold. `true` asks for those that are so, `false` for the others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct SearchQuery {
    /// It was read.
    pub seen: Option<bool>,
    /// It is marked for attention.
    pub flagged: Option<bool>,
    /// It was answered.
    pub answered: Option<bool>,
    /// The next `expunge` removes it.
    pub deleted: Option<bool>,
    /// It is not finished.
    pub draft: Option<bool>,
    /// No other session has seen it yet (`IMAP4rev1` alone).
    pub recent: Option<bool>,
    /// It has this keyword, such as `$Forwarded`.
    pub keyword: Option<String>,
    /// In `From:`.
    pub from: Option<String>,
    /// In `To:`.
    pub to: Option<String>,
    /// In `Cc:`.
    pub cc: Option<String>,
    /// In `Bcc:`.
    pub bcc: Option<String>,
    /// In `Subject:`.
    pub subject: Option<String>,
    /// In the body.
    pub body: Option<String>,
    /// In the header or the body.
    pub text: Option<String>,
    /// In fields of these names; an empty text asks only whether the field is there.
    #[cfg_attr(test, ts(optional, type = "Record<string, string> | null"))]
    pub header: Option<BTreeMap<String, String>>,
    /// It arrived on this day or later: `"2026-11-23"`, where the server is; of a `Date`, its day here.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub since: Option<Day>,
    /// It arrived on this day.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub on: Option<Day>,
    /// It arrived before this day.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub before: Option<Day>,
    /// Its `Date:` is of this day or later.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub sent_since: Option<Day>,
    /// Its `Date:` is of this day.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub sent_on: Option<Day>,
    /// Its `Date:` is before this day.
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub sent_before: Option<Day>,
    /// It came into this mailbox on this day or later (SAVEDATE, RFC 8514).
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub saved_since: Option<Day>,
    /// It came into this mailbox on this day (SAVEDATE).
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub saved_on: Option<Day>,
    /// It came into this mailbox before this day (SAVEDATE).
    #[cfg_attr(test, ts(optional, type = "string | Date | null"))]
    pub saved_before: Option<Day>,
    /// The mailbox knows when it came in (SAVEDATE).
    pub save_date_supported: Option<bool>,
    /// It arrived more than this many seconds ago (WITHIN, RFC 5032).
    pub older: Option<u32>,
    /// It arrived at most this many seconds ago (WITHIN).
    pub younger: Option<u32>,
    /// It has more bytes.
    pub larger: Option<u32>,
    /// It has fewer bytes.
    pub smaller: Option<u32>,
    /// It is one of these.
    #[cfg_attr(test, ts(optional, type = "number | readonly number[] | string | null"))]
    pub uid: Option<Uids>,
    /// It has a higher UID.
    pub uid_after: Option<u32>,
    /// It has a lower UID.
    pub uid_before: Option<u32>,
    /// It is one of these by sequence number, from 1. Sequence numbers change: prefer `uid`.
    #[cfg_attr(test, ts(optional, type = "number | readonly number[] | string | null"))]
    pub seq: Option<Uids>,
    /// It is one of those that the last search with `save` found (SEARCHRES, RFC 5182), or none of them.
    pub saved: Option<bool>,
    /// It changed at this modification sequence or later (CONDSTORE, RFC 7162).
    #[cfg_attr(test, ts(optional, type = "number | null"))]
    pub mod_seq: Option<u64>,
    /// The same for one flag alone (CONDSTORE).
    pub flag_mod_seq: Option<FlagModSeq>,
    /// It has this identifier (OBJECTID, RFC 8474).
    pub email_id: Option<String>,
    /// It is in this conversation (OBJECTID).
    pub thread_id: Option<String>,
    /// It has an annotation like this (ANNOTATE, RFC 5257).
    pub annotation: Option<AnnotationQuery>,
    /// It is like the search that is kept on the server under this name (FILTERS, RFC 5466).
    pub filter: Option<String>,
    /// As Gmail's own search field has it, such as `has:attachment` (X-GM-EXT-1, as the next three).
    pub gmail_raw: Option<String>,
    /// It has this id of Gmail's: decimal digits, more than a number holds.
    pub gmail_message_id: Option<String>,
    /// It is in this conversation of Gmail's: decimal digits.
    pub gmail_thread_id: Option<String>,
    /// It has this label of Gmail's.
    pub gmail_label: Option<String>,
    /// It is more or less like this, as the server sees it (SEARCH=FUZZY, RFC 6203); exactly, if it can't.
    #[cfg_attr(test, ts(optional, type = "SearchQuery | null"))]
    pub fuzzy: Option<Box<SearchQuery>>,
    /// It is not like this.
    #[cfg_attr(test, ts(optional, type = "SearchQuery | null"))]
    pub not: Option<Box<SearchQuery>>,
    /// It is like at least one of these.
    #[cfg_attr(test, ts(optional, type = "readonly SearchQuery[] | null"))]
    pub or: Option<Vec<SearchQuery>>,
    /// It is like all of these: for what can't be said twice in one query.
    #[cfg_attr(test, ts(optional, type = "readonly SearchQuery[] | null"))]
    pub and: Option<Vec<SearchQuery>>,
}

/// A change of one flag (RFC 7162 section 3.1.5).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FlagModSeq {
    /// Which flag, such as `\Seen`.
    pub flag: String,
    /// When it changed, at the earliest.
    #[cfg_attr(test, ts(type = "number"))]
    pub mod_seq: u64,
}

/// Text in an annotation of a message (RFC 5257 section 4.8).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnnotationQuery {
    /// Which annotations: `/comment`; `*` and `%` are wildcards.
    pub entry: String,
    /// What of them: `value`, `value.priv`, `value.shared`.
    pub attribute: String,
    /// The text.
    pub text: String,
}

/// What makes a key of its argument.
type Key<T> = fn(T) -> SearchKey;

impl SearchQuery {
    /// Reads one, and tells of a misspelt name however deep it stands.
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, Error> {
        if !value.is_object() {
            return Err(Error::invalid("query: must be an object; {} finds every message"));
        }
        let inner = |name: &str| Reflect::get(value, &JsValue::from_str(name)).unwrap_or_default();
        for name in ["or", "and"] {
            for deeper in inner(name).dyn_ref::<Array>().iter().flat_map(|queries| queries.iter()) {
                Self::from_js(&deeper)?;
            }
        }
        for deeper in ["not", "fuzzy"].map(inner).iter().filter(|query| query.is_object()) {
            Self::from_js(deeper)?;
        }
        from_js_exact("query", value, &[])
    }

    /// The same of an argument that may be left out: then it is every message.
    pub(crate) fn from_js_or_all(value: &JsValue) -> Result<Self, Error> {
        if value.is_undefined() || value.is_null() { Ok(Self::default()) } else { Self::from_js(value) }
    }

    fn flags(&self) -> Vec<SearchKey> {
        let asked = [
            (self.seen, SearchKey::Seen),
            (self.flagged, SearchKey::Flagged),
            (self.answered, SearchKey::Answered),
            (self.deleted, SearchKey::Deleted),
            (self.draft, SearchKey::Draft),
            (self.recent, SearchKey::Recent),
            (self.saved, SearchKey::Saved),
            (self.save_date_supported, SearchKey::SaveDateSupported),
        ];
        let key = |(asked, key): (Option<bool>, SearchKey)| {
            asked.map(|is_so| if is_so { key } else { SearchKey::Not(Box::new(key)) })
        };
        asked.into_iter().filter_map(key).collect()
    }

    fn texts(&self) -> Vec<SearchKey> {
        let asked: [(_, Key<String>); 12] = [
            (&self.keyword, SearchKey::Keyword),
            (&self.from, SearchKey::From),
            (&self.to, SearchKey::To),
            (&self.cc, SearchKey::Cc),
            (&self.bcc, SearchKey::Bcc),
            (&self.subject, SearchKey::Subject),
            (&self.body, SearchKey::Body),
            (&self.text, SearchKey::Text),
            (&self.email_id, SearchKey::EmailId),
            (&self.thread_id, SearchKey::ThreadId),
            (&self.filter, SearchKey::Filter),
            (&self.gmail_raw, SearchKey::GmailRaw),
        ];
        let texts = asked.into_iter().filter_map(|(text, key)| text.clone().map(key));
        let fields = self.header.iter().flatten();
        texts.chain(fields.map(|(name, text)| SearchKey::Header(name.clone(), text.clone()))).collect()
    }

    fn days(&self) -> Result<Vec<SearchKey>, Error> {
        let asked: [(_, Key<Date>); 9] = [
            (&self.since, SearchKey::Since),
            (&self.on, SearchKey::On),
            (&self.before, SearchKey::Before),
            (&self.sent_since, SearchKey::SentSince),
            (&self.sent_on, SearchKey::SentOn),
            (&self.sent_before, SearchKey::SentBefore),
            (&self.saved_since, SearchKey::SavedSince),
            (&self.saved_on, SearchKey::SavedOn),
            (&self.saved_before, SearchKey::SavedBefore),
        ];
        let key = |(text, key): (&Option<Day>, Key<Date>)| Some(Date::try_from(text.as_ref()?).map(key));
        asked.into_iter().filter_map(key).collect()
    }

    /// What Gmail names messages by.
    fn ids(&self) -> Result<Vec<SearchKey>, Error> {
        let asked: [(_, Key<u64>); 2] = [
            (&self.gmail_message_id, SearchKey::GmailMessageId),
            (&self.gmail_thread_id, SearchKey::GmailThreadId),
        ];
        let key = |(text, key): (&Option<String>, Key<u64>)| Some(gmail_id(text.as_deref()?).map(key));
        let label = self.gmail_label.as_deref().map(|label| mailbox_name(label).map(SearchKey::GmailLabel));
        asked.into_iter().filter_map(key).chain(label).collect()
    }
}

/// # Errors
/// If a day, a set, an id or a list of alternatives is not a valid one.
impl TryFrom<SearchQuery> for SearchKey {
    type Error = Error;

    fn try_from(query: SearchQuery) -> Result<Self, Error> {
        let mut keys = query.flags();
        keys.extend(query.texts());
        keys.extend(query.days()?);
        keys.extend(query.ids()?);
        let numbers: [(_, Key<u32>); 4] = [
            (query.larger, Self::Larger),
            (query.smaller, Self::Smaller),
            (query.older, Self::Older),
            (query.younger, Self::Younger),
        ];
        keys.extend(numbers.into_iter().filter_map(|(number, key)| number.map(key)));
        keys.extend(query.mod_seq.map(|value| Self::ModSeq(ModSeq(value))));
        keys.extend(query.flag_mod_seq.map(|FlagModSeq { flag, mod_seq }| {
            Self::FlagModSeq(Flag::from(flag.as_str()), ModSeq(mod_seq))
        }));
        keys.extend(query.annotation.map(|AnnotationQuery { entry, attribute, text }| Self::Annotation {
            entry,
            attribute,
            text,
        }));
        keys.extend(
            query.uid.map(UidSet::try_from).transpose()?.map(|set| one_of(set.is_empty(), Self::Uid(set))),
        );
        keys.extend(query.uid_after.map(set::from_number).transpose()?.map(Self::UidAfter));
        keys.extend(query.uid_before.map(set::from_number).transpose()?.map(Self::UidBefore));
        keys.extend(
            query.seq.map(SeqSet::try_from).transpose()?.map(|set| one_of(set.is_empty(), Self::Seq(set))),
        );
        if let Some(key) = query.fuzzy {
            keys.push(Self::Fuzzy(Box::new((*key).try_into()?)));
        }
        if let Some(key) = query.not {
            keys.push(Self::Not(Box::new((*key).try_into()?)));
        }
        if let Some(alternatives) = query.or {
            keys.push(any_of(alternatives)?);
        }
        for deeper in query.and.into_iter().flatten() {
            keys.push(deeper.try_into()?);
        }
        Ok(match keys.len() {
            0 => Self::All,
            1 => keys.remove(0),
            _ => Self::And(keys),
        })
    }
}

/// No message is one of none.
fn one_of(is_none: bool, key: SearchKey) -> SearchKey {
    if is_none { SearchKey::Not(Box::new(SearchKey::All)) } else { key }
}

/// IMAP's OR has two sides.
fn any_of(alternatives: Vec<SearchQuery>) -> Result<SearchKey, Error> {
    let keys = alternatives.into_iter().map(SearchKey::try_from).collect::<Result<Vec<_>, _>>()?;
    let either = |one, other| SearchKey::Or(Box::new(one), Box::new(other));
    keys.into_iter()
        .reduce(either)
        .ok_or_else(|| Error::invalid("query: “or” needs at least one alternative"))
}

/// Decimal digits.
fn gmail_id(text: &str) -> Result<u64, Error> {
    let wrong = || Error::invalid(format!("query: “{text}” is no id of Gmail's; they are decimal digits"));
    // `parse` would take a plus sign.
    text.parse().ok().filter(|_| !text.starts_with('+')).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use postern_protocol::imap::SeqNo;

    fn check(query: SearchQuery, expected: SearchKey) {
        assert_eq!(SearchKey::try_from(query).ok(), Some(expected));
    }

    fn subject(text: &str) -> SearchQuery {
        SearchQuery { subject: Some(text.into()), ..SearchQuery::default() }
    }

    #[test]
    fn a_query_is_the_conjunction_of_its_fields() {
        check(SearchQuery::default(), SearchKey::All);
        check(subject("tea"), SearchKey::Subject("tea".into()));
        let unread = SearchQuery { seen: Some(false), ..subject("tea") };
        let not_seen = SearchKey::Not(Box::new(SearchKey::Seen));
        check(unread, SearchKey::And(vec![not_seen, SearchKey::Subject("tea".into())]));
    }

    #[test]
    fn alternatives_and_negations_nest() {
        let query = SearchQuery {
            or: Some(vec![subject("a"), subject("b"), subject("c")]),
            ..SearchQuery::default()
        };
        let [a, b, c] = ["a", "b", "c"].map(|text| Box::new(SearchKey::Subject(text.into())));
        let either = SearchKey::Or(Box::new(SearchKey::Or(a, b)), c);
        check(query.clone(), either.clone());
        let not = SearchQuery { not: Some(Box::new(query)), ..SearchQuery::default() };
        check(not, SearchKey::Not(Box::new(either)));
    }

    #[test]
    fn days_and_sets_are_read() {
        let since = SearchQuery { since: Some(Day("2026-11-23".into())), ..SearchQuery::default() };
        check(since, SearchKey::Since(Date::new(2026, 11, 23).unwrap()));
        let uids = SearchQuery { uid: Some(Uids::Words("1:3".into())), ..SearchQuery::default() };
        check(uids, SearchKey::Uid(set::parse("1:3").ok().unwrap()));
    }

    #[test]
    fn each_name_has_its_key() {
        let query = SearchQuery::default;
        let day = Date::new(2026, 11, 23).unwrap();
        let text = || Some(Day("2026-11-23".to_owned()));
        check(SearchQuery { on: text(), ..query() }, SearchKey::On(day));
        check(SearchQuery { sent_on: text(), ..query() }, SearchKey::SentOn(day));
        check(SearchQuery { saved_since: text(), ..query() }, SearchKey::SavedSince(day));
        check(SearchQuery { older: Some(60), ..query() }, SearchKey::Older(60));
        check(SearchQuery { younger: Some(60), ..query() }, SearchKey::Younger(60));
        check(SearchQuery { saved: Some(true), ..query() }, SearchKey::Saved);
        let [first, last] = [1, u32::MAX].map(|uid| set::from_number(uid).ok().unwrap());
        check(SearchQuery { uid_after: Some(1), ..query() }, SearchKey::UidAfter(first));
        check(SearchQuery { uid_before: Some(u32::MAX), ..query() }, SearchKey::UidBefore(last));
        let filter = SearchQuery { filter: Some("boss".into()), ..query() };
        check(filter, SearchKey::Filter("boss".into()));
        check(SearchQuery { email_id: Some("M1".into()), ..query() }, SearchKey::EmailId("M1".into()));
        let id = Some("18446744073709551615".into());
        check(SearchQuery { gmail_message_id: id, ..query() }, SearchKey::GmailMessageId(u64::MAX));
        let label = SearchKey::GmailLabel(mailbox_name("Family").ok().unwrap());
        check(SearchQuery { gmail_label: Some("Family".into()), ..query() }, label);
        let seq = SearchQuery { seq: Some(Uids::Words("2:*".into())), ..query() };
        check(seq, SearchKey::Seq(SeqSet::from_first(SeqNo::new(2).unwrap())));
        let seen = FlagModSeq { flag: "\\Seen".into(), mod_seq: 9 };
        check(
            SearchQuery { flag_mod_seq: Some(seen), ..query() },
            SearchKey::FlagModSeq(Flag::Seen, ModSeq(9)),
        );
        let fuzzy = SearchQuery { fuzzy: Some(Box::new(subject("tea"))), ..query() };
        check(fuzzy, SearchKey::Fuzzy(Box::new(SearchKey::Subject("tea".into()))));
        let both = SearchQuery { and: Some(vec![subject("a"), subject("b")]), ..query() };
        check(both, SearchKey::And(["a", "b"].map(|text| SearchKey::Subject(text.into())).into()));
    }

    #[test]
    fn values_that_are_not_valid_are_errors() {
        for text in ["", "2026", "2026-13-01", "2026-01-32", "23.11.2026", "2026-11-23T10:00"] {
            let query = SearchQuery { before: Some(Day(text.into())), ..SearchQuery::default() };
            assert!(SearchKey::try_from(query).is_err(), "{text}");
        }
        let none = SearchQuery { uid: Some(Uids::Several(Vec::new())), ..SearchQuery::default() };
        check(none, SearchKey::Not(Box::new(SearchKey::All)));
        let nothing = SearchQuery { or: Some(Vec::new()), ..SearchQuery::default() };
        assert!(SearchKey::try_from(nothing).is_err());
        let zero = SearchQuery { uid: Some(Uids::One(0)), ..SearchQuery::default() };
        assert!(SearchKey::try_from(zero).is_err());
        for id in ["", "+1", "0x1", "18446744073709551616"] {
            let query = SearchQuery { gmail_thread_id: Some(id.into()), ..SearchQuery::default() };
            assert!(SearchKey::try_from(query).is_err(), "{id}");
        }
    }
}
