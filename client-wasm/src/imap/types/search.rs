//! What `search` looks for.

use crate::error::Error;
use crate::imap::options::from_js_exact;
use crate::imap::set;
use js_sys::{Array, Reflect};
use postern_protocol::imap::command::{Date, SearchKey};
use postern_protocol::imap::{ModSeq, UidSet};
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
    #[cfg_attr(test, ts(type = "Record<string, string> | null"))]
    pub header: Option<BTreeMap<String, String>>,
    /// It arrived on this day or later: `"2026-11-23"`, where the server is.
    pub since: Option<String>,
    /// It arrived before this day.
    pub before: Option<String>,
    /// Its `Date:` is of this day or later.
    pub sent_since: Option<String>,
    /// Its `Date:` is before this day.
    pub sent_before: Option<String>,
    /// It has more bytes.
    pub larger: Option<u32>,
    /// It has fewer bytes.
    pub smaller: Option<u32>,
    /// It is one of these.
    #[cfg_attr(test, ts(type = "number | readonly number[] | string | null"))]
    pub uid: Option<Uids>,
    /// It changed at this modification sequence or later (RFC 7162).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
    /// It is not like this.
    #[cfg_attr(test, ts(type = "SearchQuery | null"))]
    pub not: Option<Box<SearchQuery>>,
    /// It is like at least one of these.
    #[cfg_attr(test, ts(type = "readonly SearchQuery[] | null"))]
    pub or: Option<Vec<SearchQuery>>,
}

/// A `MessageSet` within other data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Uids {
    /// One.
    One(u32),
    /// Several.
    Several(Vec<u32>),
    /// In IMAP's words.
    Words(String),
}

/// What makes a key of its argument.
type Key<T> = fn(T) -> SearchKey;

impl SearchQuery {
    /// Reads one, and tells of a misspelt name however deep it stands.
    pub(crate) fn read(value: &JsValue) -> Result<Self, Error> {
        if !value.is_object() {
            return Err(Error::invalid("query: must be an object; {} finds every message"));
        }
        let inner = |name: &str| Reflect::get(value, &JsValue::from_str(name)).unwrap_or_default();
        for deeper in inner("or").dyn_ref::<Array>().iter().flat_map(|queries| queries.iter()) {
            Self::read(&deeper)?;
        }
        let not = inner("not");
        if not.is_object() {
            Self::read(&not)?;
        }
        from_js_exact("query", value, &[])
    }

    /// The same where it may be left out: then it is every message.
    pub(crate) fn read_or_all(value: &JsValue) -> Result<Self, Error> {
        if value.is_undefined() || value.is_null() { Ok(Self::default()) } else { Self::read(value) }
    }

    /// The same in the protocol's terms.
    ///
    /// # Errors
    /// Where a day, a set or a list of alternatives is none.
    pub(crate) fn key(self) -> Result<SearchKey, Error> {
        let mut keys = self.flags();
        keys.extend(self.texts());
        let days: [(_, Key<Date>); 4] = [
            (&self.since, SearchKey::Since),
            (&self.before, SearchKey::Before),
            (&self.sent_since, SearchKey::SentSince),
            (&self.sent_before, SearchKey::SentBefore),
        ];
        for (text, key) in days {
            keys.extend(text.as_deref().map(day).transpose()?.map(key));
        }
        keys.extend(self.larger.map(SearchKey::Larger));
        keys.extend(self.smaller.map(SearchKey::Smaller));
        keys.extend(self.mod_seq.map(|value| SearchKey::ModSeq(ModSeq(value))));
        keys.extend(self.uid.map(Uids::set).transpose()?.map(SearchKey::Uid));
        if let Some(not) = self.not {
            keys.push(SearchKey::Not(Box::new(not.key()?)));
        }
        if let Some(alternatives) = self.or {
            keys.push(any_of(alternatives)?);
        }
        Ok(match keys.len() {
            0 => SearchKey::All,
            1 => keys.remove(0),
            _ => SearchKey::And(keys),
        })
    }

    fn flags(&self) -> Vec<SearchKey> {
        let asked = [
            (self.seen, SearchKey::Seen),
            (self.flagged, SearchKey::Flagged),
            (self.answered, SearchKey::Answered),
            (self.deleted, SearchKey::Deleted),
            (self.draft, SearchKey::Draft),
        ];
        let key = |(asked, key): (Option<bool>, SearchKey)| {
            asked.map(|is_so| if is_so { key } else { SearchKey::Not(Box::new(key)) })
        };
        asked.into_iter().filter_map(key).collect()
    }

    fn texts(&self) -> Vec<SearchKey> {
        let asked: [(_, Key<String>); 8] = [
            (&self.keyword, SearchKey::Keyword),
            (&self.from, SearchKey::From),
            (&self.to, SearchKey::To),
            (&self.cc, SearchKey::Cc),
            (&self.bcc, SearchKey::Bcc),
            (&self.subject, SearchKey::Subject),
            (&self.body, SearchKey::Body),
            (&self.text, SearchKey::Text),
        ];
        let texts = asked.into_iter().filter_map(|(text, key)| text.clone().map(key));
        let fields = self.header.iter().flatten();
        texts.chain(fields.map(|(name, text)| SearchKey::Header(name.clone(), text.clone()))).collect()
    }
}

impl Uids {
    pub(super) fn set(self) -> Result<UidSet, Error> {
        match self {
            Self::One(uid) => set::from_numbers(&[uid]),
            Self::Several(uids) => set::from_numbers(&uids),
            Self::Words(text) => set::parse(&text),
        }
    }
}

/// IMAP's OR has two sides.
fn any_of(alternatives: Vec<SearchQuery>) -> Result<SearchKey, Error> {
    let keys = alternatives.into_iter().map(SearchQuery::key).collect::<Result<Vec<_>, _>>()?;
    let either = |one, other| SearchKey::Or(Box::new(one), Box::new(other));
    keys.into_iter()
        .reduce(either)
        .ok_or_else(|| Error::invalid("query: “or” needs at least one alternative"))
}

/// `2026-11-23`.
fn day(text: &str) -> Result<Date, Error> {
    let mut parts = text.splitn(3, '-');
    let mut date = || {
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    date().ok_or_else(|| Error::invalid(format!("query: “{text}” is no day; write one like \"2026-11-23\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: SearchQuery, expected: SearchKey) {
        assert_eq!(query.key().ok(), Some(expected));
    }

    fn subject(text: &str) -> SearchQuery {
        SearchQuery { subject: Some(text.into()), ..SearchQuery::default() }
    }

    #[test]
    fn all_that_is_said_must_hold() {
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
        let since = SearchQuery { since: Some("2026-11-23".into()), ..SearchQuery::default() };
        check(since, SearchKey::Since(Date::new(2026, 11, 23).unwrap()));
        let uids = SearchQuery { uid: Some(Uids::Words("1:3".into())), ..SearchQuery::default() };
        check(uids, SearchKey::Uid(set::parse("1:3").ok().unwrap()));
    }

    #[test]
    fn what_is_none_is_told() {
        for text in ["", "2026", "2026-13-01", "2026-01-32", "23.11.2026", "2026-11-23T10:00"] {
            let query = SearchQuery { before: Some(text.into()), ..SearchQuery::default() };
            assert!(query.key().is_err(), "{text}");
        }
        let nothing = SearchQuery { or: Some(Vec::new()), ..SearchQuery::default() };
        assert!(nothing.key().is_err());
        let zero = SearchQuery { uid: Some(Uids::One(0)), ..SearchQuery::default() };
        assert!(zero.key().is_err());
    }
}
