//! `cargo xtask licences`: the notices of what others wrote and `postern` brings, in `proxy/licences.txt`.
//!
//! That is every crate in the proxy and in the page's module, every npm package in the page, and what the compiler
//! links by itself. The list follows the lock files and the texts are those that the packages carry. The file is
//! committed, so that the proxy builds without any of this; `cargo xtask check` tells if it is stale.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{root, tools};

/// Writes the file anew.
///
/// # Errors
/// If a package's sources can't be had, or one has neither a licence's text nor a licence that we have the text of.
pub(crate) fn write() -> io::Result<()> {
    fs::write(file(), text()?)
}

/// Whether the committed file is what [`write()`] would write.
///
/// # Errors
/// As [`write()`], and if it is stale.
pub(crate) fn check() -> io::Result<()> {
    let committed = fs::read_to_string(file()).unwrap_or_default();
    if committed == text()? {
        return Ok(());
    }
    Err(io::Error::other("proxy/licences.txt is stale: run `cargo xtask licences` and commit it"))
}

fn file() -> PathBuf {
    root().join("proxy/licences.txt")
}

/// Something that others wrote.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Work {
    /// Name and version.
    title: String,
    /// An SPDX expression.
    licence: String,
    notices: BTreeSet<Notice>,
}

/// What a licence wants repeated.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Notice {
    /// Who wrote it; empty if that stands within the terms.
    copyright: String,
    terms: String,
}

/// The whole file: what there is, then each text once, below the names of all that it is of.
fn text() -> io::Result<String> {
    tools::npm("www")?;
    let mut works = linked_by_the_compiler();
    for (package, features, target) in
        [("postern-proxy", "default", PROXY_TARGET), ("postern-client", "", tools::WASM_TARGET)]
    {
        works.extend(crates(package, features, target)?);
    }
    works.extend(npm_packages("www")?);
    Ok(layout(&works))
}

fn layout(works: &BTreeSet<Work>) -> String {
    let mut out = String::from(INTRODUCTION);
    let mut holders: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for work in works {
        // Writing to a string can't fail.
        let _ = writeln!(out, "{}  ({})", work.title, work.licence);
        for notice in &work.notices {
            let copyright =
                notice.copyright.lines().fold(String::new(), |all, line| format!("{all}\n    {line}"));
            holders.entry(&notice.terms).or_default().push(format!("{}{copyright}", work.title));
        }
    }
    let mut holders: Vec<(Vec<String>, &str)> = holders.into_iter().map(|(terms, of)| (of, terms)).collect();
    holders.sort_unstable();
    for (of, terms) in holders {
        let _ = write!(out, "\n{RULE}\n{}\n{RULE}\n\n{terms}", of.join("\n"));
    }
    out
}

/// The crates that end up in what is built of `package`: no build script's, no test's.
fn crates(package: &str, features: &str, target: &str) -> io::Result<BTreeSet<Work>> {
    let mut cargo = tools::cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", target]);
    cargo.args(["--no-default-features", "--manifest-path"]);
    cargo.arg(root().join(folder_of(package)).join("Cargo.toml"));
    if !features.is_empty() {
        cargo.args(["--features", features]);
    }
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages: HashMap<&str, &Value> =
        list(&metadata["packages"]).filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let nodes: HashMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let own = packages.iter().find(|(_, value)| value["name"] == package);
    let (own, _) = own.ok_or_else(|| io::Error::other(format!("there is no crate {package}")))?;
    let mut found = BTreeSet::from([*own]);
    let mut waiting = vec![*own];
    while let Some(id) = waiting.pop() {
        let dependencies = nodes.get(id).map(|node| list(&node["deps"])).into_iter().flatten();
        let linked = dependencies
            .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()));
        let new = linked.filter_map(|dependency| dependency["pkg"].as_str());
        waiting.extend(new.filter(|id| found.insert(id)));
    }
    // What has no source is ours.
    found
        .iter()
        .map(|id| packages[id])
        .filter(|package| package["source"].is_string())
        .map(crate_work)
        .collect()
}

fn folder_of(package: &str) -> &'static str {
    if package == "postern-proxy" { "proxy" } else { "client-wasm" }
}

fn crate_work(package: &Value) -> io::Result<Work> {
    let field = |name: &str| package[name].as_str().unwrap_or_default();
    let folder = Path::new(field("manifest_path")).parent().unwrap_or(Path::new("/"));
    let authors: Vec<&str> = list(&package["authors"]).filter_map(Value::as_str).collect();
    work(field("name"), field("version"), field("license"), &authors.join(", "), folder)
}

/// The npm packages that are not for development alone.
fn npm_packages(folder: &str) -> io::Result<BTreeSet<Work>> {
    let folder = root().join(folder);
    let lock: Value = serde_json::from_str(&fs::read_to_string(folder.join("package-lock.json"))?)?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    let shipped = packages.filter(|(path, package)| {
        !path.is_empty()
            && package["dev"] != true
            && package["devOptional"] != true
            && package["optional"] != true
    });
    let work = |(path, package): (&String, &Value)| {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let field = |name: &str| package[name].as_str().unwrap_or_default();
        work(name, field("version"), field("license"), "its authors", &folder.join(path))
    };
    shipped.map(work).collect()
}

fn work(name: &str, version: &str, licence: &str, authors: &str, folder: &Path) -> io::Result<Work> {
    let title = format!("{name} {version}");
    let mut texts = BTreeSet::new();
    for entry in
        fs::read_dir(folder).map_err(|error| io::Error::other(format!("{}: {error}", folder.display())))?
    {
        let path = entry?.path();
        if path.is_file() && is_notice(&path) {
            texts.insert(tidy(&String::from_utf8_lossy(&fs::read(&path)?)));
        }
    }
    choose(licence, &mut texts);
    if texts.is_empty() {
        texts.insert(standard_text(licence, authors).ok_or_else(|| {
            io::Error::other(format!("{title} ({licence}) has no licence's text in {}", folder.display()))
        })?);
    }
    let notices = texts.iter().map(|text| Notice::of(text)).collect();
    Ok(Work { title, licence: licence.to_owned(), notices })
}

/// Leaves one licence of those that are offered, and all if none is offered instead of another.
fn choose(licence: &str, texts: &mut BTreeSet<String>) {
    for (name, phrase) in [("MIT", MIT_PHRASE), ("Apache-2.0", "Apache License")] {
        let is_it = |text: &String| words(text).contains(phrase);
        if offers(licence, name) && texts.iter().any(is_it) {
            texts.retain(is_it);
            return;
        }
    }
}

impl Notice {
    /// The MIT licence's terms are the same for all, however their lines are broken, so they are parted from who
    /// grants them.
    fn of(text: &str) -> Self {
        let (_, standard) = at_terms(MIT);
        match at_terms(text) {
            (head, terms) if words(terms) == words(standard) => {
                let is_title = |line: &&str| line.to_ascii_lowercase().contains("mit licen");
                let copyright: Vec<&str> =
                    head.lines().map(str::trim).filter(|line| !line.is_empty() && !is_title(line)).collect();
                Self { copyright: copyright.join("\n"), terms: tidy(standard) }
            }
            _ => Self { copyright: String::new(), terms: text.to_owned() },
        }
    }
}

/// What comes before the MIT licence's terms, and those.
fn at_terms(text: &str) -> (&str, &str) {
    text.split_at(text.find("Permission is hereby granted").unwrap_or(text.len()))
}

/// The text with each run of spaces and line ends as one space.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a licence is one of those that one may choose.
fn offers(expression: &str, licence: &str) -> bool {
    !expression.contains(" AND ") && expression.split([' ', '/', '(', ')']).any(|word| word == licence)
}

fn is_notice(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
    let is_source = [".RS", ".JS", ".TS", ".SH"].iter().any(|ending| name.ends_with(ending));
    !is_source && NOTICES.iter().any(|start| name.starts_with(start))
}

/// The same text with other line ends or spaces at the ends of lines is one text.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_matches('\n'))
}

/// For a package that names its licence and carries no text.
fn standard_text(licence: &str, authors: &str) -> Option<String> {
    if offers(licence, "MIT") {
        return Some(tidy(&format!("Copyright (c) {authors}\n\n{}", at_terms(MIT).1)));
    }
    (licence == "Apache-2.0").then(|| tidy(APACHE))
}

/// What the compiler adds to every program.
fn linked_by_the_compiler() -> BTreeSet<Work> {
    let work = |title: &str, licence: &str, copyright: &str| Work {
        title: title.to_owned(),
        licence: licence.to_owned(),
        notices: standard_text("MIT", copyright).iter().map(|text| Notice::of(text)).collect(),
    };
    BTreeSet::from([
        work("Rust's standard library", "MIT OR Apache-2.0", "The Rust Project contributors"),
        work("musl libc", "MIT", "2005-2020 Rich Felker, et al."),
    ])
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

const INTRODUCTION: &str = "\
Postern itself is licensed under MIT or Apache-2.0, as you like. This is what others wrote that is part of the program
`postern` and of the web page that it serves, with their licences and notices. If a work may be had under MIT or
another licence, it is here under MIT, else under Apache-2.0 if that is offered.

";

/// Always the same, so that the file is the same on every machine.
const PROXY_TARGET: &str = "x86_64-unknown-linux-musl";

const RULE: &str = "--------------------------------------------------------------------------------";

/// What the names of files with licences and notices begin with.
const NOTICES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

const MIT_PHRASE: &str = "Permission is hereby granted, free of charge";
const MIT: &str = include_str!("../../LICENSE-MIT");
const APACHE: &str = include_str!("../../LICENSE-APACHE");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mit_is_said_once_however_its_lines_are_broken() {
        let (_, terms) = at_terms(MIT);
        let ours = Notice::of(&format!("The MIT License (MIT)\n\nCopyright (c) 2015 Ana\n\n{terms}"));
        let theirs = Notice::of(&format!(
            "Copyright 2016 Bo\n{}",
            terms.split_whitespace().collect::<Vec<_>>().join(" ")
        ));
        assert_eq!(ours.copyright, "Copyright (c) 2015 Ana");
        assert_eq!(theirs.copyright, "Copyright 2016 Bo");
        assert_eq!(ours.terms, theirs.terms);
        let other = Notice::of("Copyright 2017 Cy\n\nDo as you like.\n");
        assert_eq!(
            other,
            Notice { copyright: String::new(), terms: "Copyright 2017 Cy\n\nDo as you like.\n".to_owned() }
        );
    }

    #[test]
    fn all_terms_of_a_conjunction_are_kept() {
        for (licence, is_offered) in [
            ("MIT", true),
            ("Apache-2.0 OR MIT", true),
            ("MIT/Unlicense", true),
            ("MIT AND ISC", false),
            ("Apache-2.0", false),
        ] {
            assert_eq!(offers(licence, "MIT"), is_offered, "{licence}");
        }
    }

    #[test]
    fn works_without_any_text_or_known_licence_are_refused() {
        assert!(
            standard_text("MIT OR Apache-2.0", "Ana").unwrap().starts_with("Copyright (c) Ana\n\nPermission")
        );
        assert!(standard_text("Apache-2.0", "Ana").unwrap().contains("Apache License"));
        assert_eq!(standard_text("MPL-2.0", "Ana"), None);
    }

    #[test]
    fn notices_name_what_is_in_program_and_page() {
        let committed = fs::read_to_string(file()).unwrap();
        for work in
            ["rustls ", "tokio ", "ring ", "dompurify ", "solid-js ", "wasm-bindgen ", "nom ", "musl libc"]
        {
            assert!(committed.lines().any(|line| line.starts_with(work)), "{work}");
        }
    }
}
