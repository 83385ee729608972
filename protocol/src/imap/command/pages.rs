//! Each command's page in the documentation has what the others have: a source, an example, and what happens where the
//! server lacks it.

use super::NAMES;
use std::fs;
use std::path::{Path, PathBuf};

/// The source files of this folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The documentation of the public type of this name, line by line.
fn page(sources: &[String], name: &str) -> Vec<String> {
    let is_it = |line: &str| {
        let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric()).collect();
        matches!(words[..], ["pub", "struct" | "enum", it, ..] if it == name)
    };
    let source = sources.iter().find(|source| source.lines().any(is_it)).expect(name);
    let before: Vec<_> = source.lines().take_while(|line| !is_it(line)).collect();
    let attributes = before.iter().rev().take_while(|line| line.starts_with("#[")).count();
    let docs = before.iter().rev().skip(attributes);
    let mut page: Vec<_> = docs
        .map_while(|line| line.strip_prefix("///").or(line.strip_prefix("#[doc")))
        .map(str::to_owned)
        .collect();
    page.reverse();
    page
}

/// What a page lacks of what every page has.
fn lacks(page: &[String]) -> Vec<&'static str> {
    let has = |start: &str| page.iter().any(|line| line.trim_start().starts_with(start));
    let links_to =
        |place: &str| page.iter().any(|line| line.trim_start().starts_with('[') && line.contains(place));
    let source =
        links_to("]: https://www.rfc-editor.org/rfc/") || links_to("]: https://developers.google.com/");
    let behind = page.iter().skip_while(|line| line.trim() != "# Where the server lacks it");
    let fallback = behind.skip(1).any(|line| !line.trim().is_empty() && !line.trim().starts_with('['));
    let parts = [
        (has("Source: [") && source, "a source with a link"),
        (has("# Examples") && has("```"), "an example"),
        (fallback, "what happens where the server lacks it"),
    ];
    parts.into_iter().filter(|(there, _)| !there).map(|(_, part)| part).collect()
}

#[test]
fn each_command_has_a_whole_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/imap/command");
    let sources: Vec<_> = files(&folder).iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let short: Vec<_> = NAMES
        .iter()
        .map(|name| (name, lacks(&page(&sources, name))))
        .filter(|(_, lacks)| !lacks.is_empty())
        .collect();
    assert!(short.is_empty(), "{short:#?}");
    assert!(NAMES.len() > 50, "{NAMES:?}");
}

#[test]
fn what_a_page_lacks_is_named() {
    let page = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let whole = "Source: [RFC 1].\n# Examples\n```\n```\n# Where the server lacks it\nNothing.\n\
        [RFC 1]: https://www.rfc-editor.org/rfc/rfc1";
    assert!(lacks(&page(whole)).is_empty());
    assert_eq!(lacks(&page("Removes a mailbox.")).len(), 3);
    assert_eq!(lacks(&page(&whole.replace("https://www", "see www"))), ["a source with a link"]);
    assert_eq!(lacks(&page(&whole.replace("# Examples", ""))), ["an example"]);
    assert_eq!(lacks(&page(&whole.replace("Nothing.\n", ""))), ["what happens where the server lacks it"]);
}
