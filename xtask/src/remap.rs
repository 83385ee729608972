//! Where nothing of the machine that builds may show: the compiler's flags that rename its folders.
//!
//! A panic's message names its source file, and for a crate of the registry that is a path below somebody's home.

use std::env;
use std::path::{Path, PathBuf};

use crate::build::target;
use crate::root;

/// A folder, and what it is called in what is built.
type Name = (PathBuf, &'static str);

/// Arguments for cargo: what is built for `target_triple` names no folder of this machine.
///
/// They add to the flags of `.cargo/config.toml`. `RUSTFLAGS` in the environment would take the place of both.
pub(crate) fn arguments(target_triple: &str) -> [String; 2] {
    let flags: Vec<String> = names()
        .iter()
        .map(|(folder, name)| format!("'--remap-path-prefix={}={name}'", folder.display()))
        .collect();
    ["--config".to_owned(), format!("target.{target_triple}.rustflags=[{}]", flags.join(", "))]
}

/// The folders whose names must not show, from the outermost to the innermost: of those that fit, the compiler takes
/// the last.
pub(crate) fn names() -> Vec<Name> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(".cargo")));
    let home = home.map(|home| (home, "home"));
    let cargo = cargo.map(|cargo| (cargo, "cargo"));
    let mut names: Vec<Name> = home.into_iter().chain(cargo).collect();
    names.extend([(root(), "postern"), (target(), "target")]);
    // A home that is the whole system's root is no name of anybody's.
    names.retain(|(folder, _)| folder.parent().is_some());
    names
}

/// The first of those folders that is named in what was built.
pub(crate) fn leak(built: &[u8]) -> Option<PathBuf> {
    let names = names();
    let is_named = |folder: &Path| {
        let folder = [folder.as_os_str().as_encoded_bytes(), b"/"].concat();
        built.windows(folder.len()).any(|window| window == folder)
    };
    names.into_iter().map(|(folder, _)| folder).find(|folder| is_named(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_and_the_registry_are_renamed() {
        let [_, config] = arguments("wasm32-unknown-unknown");
        assert!(
            config.starts_with("target.wasm32-unknown-unknown.rustflags=['--remap-path-prefix="),
            "{config}"
        );
        for name in ["=cargo'", "=postern'", "=target'"] {
            assert!(config.contains(name), "{name} in {config}");
        }
    }

    #[test]
    fn a_folder_of_this_machine_is_found() {
        let source = format!("panicked at {}/proxy/src/lib.rs", root().display());
        assert!(leak(source.as_bytes()).is_some());
        assert_eq!(leak(b"panicked at postern/proxy/src/lib.rs"), None);
    }
}
