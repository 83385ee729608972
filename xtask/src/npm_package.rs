//! What makes a folder with a compiled client an npm package: `package.json`, the README and the licences.
//!
//! All that is said in `package.json` is said in the crate's manifest, once.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::{root, tools};

/// Completes the package in `folder`, whose script and module are there.
///
/// # Errors
/// If the crate's manifest can't be read, lacks a field, or a file can't be written.
pub(crate) fn complete(folder: &Path) -> io::Result<()> {
    let crate_folder = root().join("client-wasm");
    for name in TEXTS {
        fs::copy(crate_folder.join(name), folder.join(name))?;
    }
    fs::write(folder.join("package.json"), manifest(&crate_metadata()?, folder.join("snippets").is_dir())?)
}

/// Puts `js/guard.js` at the end of the package's script: only there can it see before all others whether the module is
/// loaded. The page does without.
///
/// # Errors
/// If a file can't be read or written.
pub(crate) fn guard(folder: &Path) -> io::Result<()> {
    let script = folder.join(SCRIPT);
    let guard = fs::read_to_string(root().join("client-wasm/js/guard.js"))?;
    let text = fs::read_to_string(&script)? + "\n" + &guard;
    fs::write(script, text)
}

/// What cargo knows of the crate.
fn crate_metadata() -> io::Result<Value> {
    let mut cargo = tools::cargo();
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let workspace: Value = serde_json::from_slice(&output.stdout)?;
    let packages = workspace["packages"].as_array().into_iter().flatten();
    let own = packages.into_iter().find(|package| package["name"] == CRATE);
    own.cloned().ok_or_else(|| io::Error::other(format!("there is no crate {CRATE} in the workspace")))
}

/// `package.json`. If it lacks a field, so does the crate's manifest.
fn manifest(package: &Value, has_snippets: bool) -> io::Result<String> {
    let said = |field: &str| match &package[field] {
        Value::Null => Err(io::Error::other(format!("{CRATE} has no {field} in its Cargo.toml"))),
        value => Ok(value.clone()),
    };
    let mut files = vec![MODULE, MODULE_TYPES, SCRIPT, TYPES];
    files.extend(has_snippets.then_some("snippets"));
    // npm packs a README by itself, but no licence of such a name.
    files.extend(TEXTS);
    let mut fields = vec![
        ("name", said("name")?),
        ("version", said("version")?),
        ("description", said("description")?),
        ("keywords", said("keywords")?),
        ("license", said("license")?),
        ("author", said("authors")?[0].take()),
    ];
    fields.extend(package["homepage"].as_str().map(|homepage| ("homepage", json!(homepage))));
    if let Some(url) = package["repository"].as_str() {
        fields.push(("repository", json!({ "type": "git", "url": url, "directory": "client-wasm" })));
    }
    fields.extend([
        ("type", json!("module")),
        ("main", json!(SCRIPT)),
        ("types", json!(TYPES)),
        ("files", json!(files)),
        ("sideEffects", json!(["./snippets/*"])),
    ]);
    let mut fields: Vec<(&str, String)> =
        fields.into_iter().map(|(name, value)| (name, value.to_string())).collect();
    fields.push(("exports", exports()));
    Ok(object(&fields) + "\n")
}

/// The script, and the module by its own address, which some bundlers want.
fn exports() -> String {
    let relative = |file: &str| json!(format!("./{file}")).to_string();
    // The first condition that fits wins, so the types come first.
    let typed = |file, types| object(&[("types", relative(types)), ("default", relative(file))]);
    object(&[
        (".", typed(SCRIPT, TYPES)),
        (&format!("./{MODULE}"), typed(MODULE, MODULE_TYPES)),
        ("./package.json", relative("package.json")),
    ])
}

/// A JSON object with its fields in this order; `serde_json` sorts them.
fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("  {}: {}", json!(name), value.replace('\n', "\n  ")))
        .collect();
    format!("{{\n{}\n}}", fields.join(",\n"))
}

const CRATE: &str = "postern-client";

const SCRIPT: &str = "postern_client.js";
const TYPES: &str = "postern_client.d.ts";
const MODULE: &str = "postern_client_bg.wasm";
const MODULE_TYPES: &str = "postern_client_bg.wasm.d.ts";

/// Copied from the crate's folder.
const TEXTS: [&str; 3] = ["README.md", "LICENSE-APACHE", "LICENSE-MIT"];

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(has_snippets: bool) -> Value {
        serde_json::from_str(&manifest(&crate_metadata().unwrap(), has_snippets).unwrap()).unwrap()
    }

    #[test]
    fn manifest_says_what_the_crate_says() {
        let manifest = parsed(true);
        assert_eq!(manifest["name"], "postern-client");
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"), "all of the workspace has one version");
        assert_eq!(manifest["license"], "MIT OR Apache-2.0");
        assert_eq!(manifest["type"], "module");
        assert!(manifest["keywords"].as_array().unwrap().contains(&json!("imap")));
    }

    #[test]
    fn manifest_names_licences_and_snippets() {
        let has = |manifest: &Value, name: &str| manifest["files"].as_array().unwrap().contains(&json!(name));
        let manifest = parsed(true);
        for name in ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "snippets", MODULE, SCRIPT, TYPES] {
            assert!(has(&manifest, name), "{name}");
        }
        assert!(!has(&parsed(false), "snippets"));
    }

    #[test]
    fn types_come_before_what_they_are_of() {
        let text = exports();
        let exports: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(exports["."]["default"], "./postern_client.js");
        assert!(text.find(TYPES) < text.find(SCRIPT), "{text}");
        assert!(text.find(MODULE_TYPES) < text.rfind("\"./postern_client_bg.wasm\""), "{text}");
    }

    #[test]
    fn manifest_without_a_licence_is_an_error() {
        let mut package = crate_metadata().unwrap();
        package["license"] = Value::Null;
        assert!(manifest(&package, false).unwrap_err().to_string().contains("license"));
    }
}
