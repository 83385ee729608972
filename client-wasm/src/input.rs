//! Plain data from JavaScript, and what is said if it is something else.

use crate::error::Error;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// What JavaScript gave, as our data.
///
/// # Errors
/// Says which argument, and what is wrong with it.
pub(crate) fn from_js<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| Error::invalid(format!("{what}: {}", in_words(&error.to_string()))))
}

/// A value as its program would write it.
#[cfg(feature = "imap-client")]
pub(crate) fn shown(value: &JsValue) -> String {
    in_words(&format!("{value:?}"))
}

/// What is said of a value in Rust's terms, in JavaScript's. The page's own intents are right: it does without.
#[cfg(not(feature = "imap-client"))]
fn in_words(text: &str) -> String {
    text.to_owned()
}

/// What is said of a value in Rust's terms, in JavaScript's.
#[cfg(feature = "imap-client")]
fn in_words(text: &str) -> String {
    let mut words = text.strip_prefix("Error: ").unwrap_or(text).to_owned();
    while let Some(start) = words.find("JsValue(") {
        let inside = start + "JsValue(".len();
        let mut depth = 1;
        let end = words[inside..].find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let Some(end) = end else { break };
        words.replace_range(inside + end..=inside + end, "");
        words.replace_range(start..inside, "");
    }
    for (rust, words_for_it) in TERMS {
        words = words.replace(rust, words_for_it);
    }
    words
}

/// Types by Rust's names, and what they are called elsewhere.
#[cfg(feature = "imap-client")]
const TERMS: [(&str, &str); 12] = [
    ("expected struct ", "expected an object as "),
    ("a nonzero u32", "a whole number from 1"),
    ("a map", "an object"),
    ("a sequence", "an array"),
    ("unit value", "null or undefined"),
    ("floating point ", "number "),
    ("integer ", "number "),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected u64", "expected a whole number from 0"),
    ("expected i64", "expected a whole number"),
    ("expected f64", "expected a number"),
    ("expected a borrowed string", "expected a string"),
];

#[cfg(all(test, feature = "imap-client"))]
mod tests {
    use super::in_words;

    #[test]
    fn says_nothing_in_rusts_terms() {
        let check = |given: &str, expected: &str| assert_eq!(in_words(given), expected);
        check(
            "Error: invalid type: JsValue(Date(2026)), expected a string",
            "invalid type: Date(2026), expected a string",
        );
        check(
            "invalid type: JsValue(1.5), expected u32",
            "invalid type: 1.5, expected a whole number from 0 to 4294967295",
        );
        check("JsValue(undefined)", "undefined");
        check("JsValue(\"a", "JsValue(\"a");
        check(
            "invalid type: unit value, expected struct FetchQuery",
            "invalid type: null or undefined, expected an object as FetchQuery",
        );
    }
}
