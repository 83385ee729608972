//! `docs/security.md` is the list that code, tests and documents cite by number: each number cited is there, and each
//! test that it names exists.

#![expect(
    clippy::unwrap_used,
    reason = "these are tests, helpers included: what can't be unwrapped has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_number_that_is_cited_has_its_rule() {
    let rules = rules(&list());
    let mut cited = 0;
    for (path, text) in sources() {
        for (index, line) in text.lines().enumerate() {
            for number in numbers(prose(&path, line)) {
                cited += 1;
                let place = format!("{}:{}", path.strip_prefix(root()).unwrap().display(), index + 1);
                assert!(rules.contains(&number), "{place}: docs/security.md has no {number}");
            }
        }
    }
    assert!(cited > 100, "only {cited} citations were found");
}

#[test]
fn every_test_that_is_named_exists() {
    let sources = sources();
    let is_there =
        |words: &str| sources.iter().any(|(path, text)| !is_document(path) && text.contains(words));
    let list = list();
    let mut named = 0;
    for row in list.lines().filter(|line| line.starts_with("| **")) {
        let tests = row.trim_end_matches('|').rsplit('|').next().unwrap();
        for name in tests.split('`').skip(1).step_by(2).filter(|name| !name.contains('/')) {
            named += 1;
            let words = match name.strip_suffix('*') {
                Some(start) => format!("fn {start}"),
                None => format!("fn {name}("),
            };
            assert!(is_there(&words), "there is no test {name}: {row}");
        }
        for name in tests.split('"').skip(1).step_by(2) {
            named += 1;
            assert!(is_there(&format!("(\"{name}\"")), "there is no test {name:?}: {row}");
        }
    }
    assert!(named > 60, "only {named} tests are named");
}

#[test]
fn numbers_are_words_of_their_own() {
    let check = |text: &str, expected: &[&str]| assert_eq!(numbers(text), expected, "{text}");
    check("(security.md S8, S9; NST 12): P16.", &["S8", "S9", "NST12", "P16"]);
    check("UTF-8, SHA1, IPS3x, S100, S01, KS1, HS256, H264, P", &[]);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn list() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// The numbers that the list has a rule for.
fn rules(list: &str) -> BTreeSet<String> {
    list.split("| **").skip(1).filter_map(number).collect()
}

/// Every source, document and test, by its path.
fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && !MADE.contains(&name.as_str())
            {
                waiting.push(path);
            } else if path.is_file() && READ.contains(&extension.as_str()) {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path, text);
            }
        }
    }
    found
}

/// What of a line is for people: all of a document, comments of a source.
fn prose<'a>(path: &Path, line: &'a str) -> &'a str {
    if is_document(path) || line.trim_start().starts_with("* ") {
        return line;
    }
    let start = ["// ", "//! ", "/// ", "/** "].iter().filter_map(|mark| line.find(mark)).min();
    start.map_or("", |start| &line[start..])
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// All numbers in a text that stand as words of their own.
fn numbers(text: &str) -> Vec<String> {
    let starts = text.char_indices().filter(|&(at, _)| {
        !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '=' | '/' | '#'))
    });
    starts.filter_map(|(at, _)| number(&text[at..])).collect()
}

/// `P16`, or `NST12` of `NST 12`, at the start of a text.
fn number(text: &str) -> Option<String> {
    let kind = KINDS.into_iter().find(|kind| text.starts_with(kind))?;
    let rest = text[kind.len()..].trim_start_matches(if kind == "NST" { " " } else { "" });
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(length);
    let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_number = (1..=2).contains(&length) && ends && !digits.starts_with('0');
    is_number.then(|| format!("{kind}{digits}"))
}

/// What is made or received, not written.
const MADE: &[&str] =
    &["node_modules", "target", "pkg", "pkg-page", "dist", "corpus", "sessions", "artifacts"];

const READ: &[&str] = &["rs", "ts", "tsx", "mjs", "js", "md"];

const KINDS: [&str; 6] = ["NST", "P", "S", "H", "K", "R"];
