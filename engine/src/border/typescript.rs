//! The border as TypeScript declarations, for `client-wasm`. Never written by hand: they come from the Rust
//! types, docs and all.

use super::{
    Address, Attachment, DownloadId, Flags, InlineImage, Intent, ListState, MailboxId, MailboxRole,
    MailboxRow, MessageBody, MessageId, MessageRow, MessageView, Notice, Password, Problem, ProblemCode,
    Session, Update,
};
use ts_rs::{Config, TS};

/// Every type of the border as one `export type` each, in one text without imports.
///
/// ```
/// let text = postern_engine::border::typescript();
/// assert!(text.contains("export type Intent = "));
/// ```
#[must_use]
pub fn typescript() -> String {
    [
        declaration::<Intent>(),
        declaration::<Update>(),
        declaration::<Session>(),
        declaration::<ListState>(),
        declaration::<Problem>(),
        declaration::<ProblemCode>(),
        declaration::<MailboxId>(),
        declaration::<MailboxRow>(),
        declaration::<MailboxRole>(),
        declaration::<MessageId>(),
        declaration::<MessageRow>(),
        declaration::<Flags>(),
        declaration::<MessageView>(),
        declaration::<MessageBody>(),
        declaration::<Address>(),
        declaration::<Attachment>(),
        declaration::<InlineImage>(),
        declaration::<Notice>(),
        declaration::<DownloadId>(),
        declaration::<Password>(),
    ]
    .join("\n")
}

/// One type with its docs.
fn declaration<T: TS>() -> String {
    let config = Config::new();
    let docs = T::docs().map(|docs| docs.trim_end().to_owned() + "\n").unwrap_or_default();
    let text = format!("{docs}export {}\n", T::decl(&config));
    let lines = text.lines().map(|line| without_rust_links(line.trim_end()) + "\n");
    lines.collect()
}

/// Rust's doc links read as plain words: ``[`Intent::Download`](super::Intent::Download)`` becomes
/// `` `Intent::Download` ``.
fn without_rust_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        out.push_str(&format!("{before}`{name}`"));
        rest = match after.split_once(')') {
            Some((_, behind)) if after.starts_with('(') => behind,
            _ => after,
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What the view may rely on: numbers stay numbers, bytes are bytes, unions are told apart by a tag.
    #[test]
    fn declares_what_serde_writes() {
        let text = typescript();
        for line in [
            "export type MessageId = number;",
            "date: number",
            "bytes: Uint8Array<ArrayBuffer>",
            r#""type": "openMailbox""#,
            r#""state": "reconnecting""#,
            "retryIn: number",
            r#""wrongPassword""#,
        ] {
            assert!(text.contains(line), "missing: {line}\n{text}");
        }
        assert!(!text.contains("bigint"), "{text}");
        assert!(!text.contains("import "), "{text}");
    }

    /// A change of the border shows as a change of this file, for review beside the Rust.
    #[test]
    fn matches_the_snapshot() {
        insta::with_settings!({
            snapshot_path => Path::new(env!("CARGO_MANIFEST_DIR")).join("src/border/snapshots"),
            prepend_module_to_snapshot => false,
        }, { insta::assert_snapshot!("border", typescript()) });
    }

    /// Every type that a declaration names is declared.
    #[test]
    fn is_closed() {
        let text = typescript();
        let words = text.lines().filter(|line| !line.starts_with(" *")).flat_map(|line| {
            line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(char::is_uppercase))
        });
        let foreign = ["Array", "Uint8Array", "ArrayBuffer"];
        for word in words.filter(|word| !foreign.contains(word)) {
            assert!(text.contains(&format!("export type {word} = ")), "{word} is named, not declared");
        }
    }
}
