//! What each published package says of itself, and brings.

#![expect(
    clippy::unwrap_used,
    reason = "these are tests, helpers included: what can't be unwrapped has failed"
)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// `cargo metadata` of the crates that others can use.
fn published() -> Vec<Value> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let metadata: Value = serde_json::from_slice(&cargo.output().unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    // The client goes to npm, the others to crates.io.
    let is_ours = |package: &&Value| package["publish"].is_null() || package["name"] == "postern-client";
    packages.iter().filter(is_ours).cloned().collect()
}

#[test]
fn every_package_says_what_it_is_and_how_it_is_licensed() {
    let packages = published();
    assert_eq!(packages.len(), 5, "a crate that is not published says `publish = false`");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for field in ["description", "license", "readme", "rust_version"] {
            assert!(package[field].is_string(), "{name} has no {field}");
        }
        // crates.io takes no more than five of each.
        for field in ["keywords", "categories"] {
            let count = package[field].as_array().unwrap().len();
            assert!((1..=5).contains(&count), "{name} has {count} {field}");
        }
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(folder.join(file).is_file(), "{name} has no {file}");
        }
    }
}

#[test]
fn every_readme_tells_the_licence() {
    for package in published() {
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(readme.contains("MIT or Apache-2.0"), "{}", folder.display());
    }
}
