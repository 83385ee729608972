//! Which messages: a UID, several, or IMAP's own words for a set, such as `"1:*"`.

use crate::error::Error;
use crate::input::shown;
use js_sys::Array;
use postern_protocol::imap::{Uid, UidSet};
use wasm_bindgen::prelude::*;

/// Reads a JavaScript `MessageSet`: a number, an array of numbers, or a string. Of an empty array it is empty: whatever
/// is asked of these messages is done already, and nothing must go to the server.
///
/// # Errors
/// Says what is wrong with it.
pub(crate) fn from_js(value: &JsValue) -> Result<UidSet, Error> {
    if let Some(text) = value.as_string() {
        parse(&text)
    } else if let Some(array) = value.dyn_ref::<Array>() {
        array.iter().map(|uid| uid_from_js(&uid)).collect()
    } else {
        Ok(UidSet::from(uid_from_js(value)?))
    }
}

/// The same of an argument that may be left out: then it is every message.
///
/// # Errors
/// Likewise.
pub(crate) fn from_js_or_all(value: &JsValue) -> Result<UidSet, Error> {
    if value.is_undefined() || value.is_null() { Ok(UidSet::all()) } else { from_js(value) }
}

/// From UIDs as numbers.
///
/// # Errors
/// If one of them is 0.
pub(crate) fn from_numbers(uids: &[u32]) -> Result<UidSet, Error> {
    uids.iter().map(|&uid| Uid::new(uid)).collect::<Option<UidSet>>().ok_or_else(no_uid)
}

/// From one UID as a number.
///
/// # Errors
/// If it is not a valid one.
pub(crate) fn from_number(uid: u32) -> Result<Uid, Error> {
    Uid::new(uid).ok_or_else(no_uid)
}

fn no_uid() -> Error {
    Error::invalid("UIDs are whole numbers from 1 to 4294967295")
}

/// Reads one UID.
///
/// # Errors
/// If it is no whole number from 1 to 4294967295.
pub(crate) fn uid_from_js(value: &JsValue) -> Result<Uid, Error> {
    serde_wasm_bindgen::from_value(value.clone()).ok().and_then(Uid::new).ok_or_else(|| {
        Error::invalid(format!("{} is no UID; UIDs are whole numbers from 1 to 4294967295", shown(value)))
    })
}

/// ABNF: `uid-set = (uniqueid / uid-range) *("," uid-set)`; `*` only at the end of a range.
///
/// RFC 9051 section 9 lets `*` stand for the largest UID in use, and `9:*` for that one message where it is below
/// 9. Nobody means that: here `*` is the end of all numbers.
///
/// # Errors
/// If it is not a valid one.
pub(crate) fn parse(text: &str) -> Result<UidSet, Error> {
    let wrong =
        || Error::invalid(format!("“{text}” is no set of UIDs; write one like \"7\", \"1:4,9\" or \"1:*\""));
    // `parse` would take a plus sign.
    let number = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+')).and_then(Uid::new);
    let mut set = UidSet::new();
    for range in text.split(',') {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let first = number(first).ok_or_else(wrong)?;
        let last = if last == "*" { Uid::new(u32::MAX) } else { number(last) };
        set.push_range(first, last.ok_or_else(wrong)?);
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).ok().map(|set| set.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_sets() {
        check("7", Some("7"));
        check("1:4,9", Some("1:4,9"));
        check("4:1", Some("1:4"));
        check("1,2,3", Some("1:3"));
        check("10:*", Some("10:4294967295"));
    }

    #[test]
    fn refuses_what_is_no_set() {
        for text in ["", "0", "*", "*:4", "1:", ":1", "1,,2", "1 2", "-1", "4294967296", "1:2:3", "+1"] {
            check(text, None);
        }
    }
}
