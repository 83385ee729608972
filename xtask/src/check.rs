//! `cargo xtask check`: what can be told without running anything.

use std::env;
use std::io;
use std::process::Command;

use crate::console::{aloud, step};
use crate::suite::Suite;
use crate::{build, licences, root, tools};

/// Checks everything, and goes on after a failure: one run tells all.
///
/// # Errors
/// Where something can't be installed.
pub(crate) fn run(suite: &mut Suite) -> io::Result<()> {
    tools::wasm_target()?;
    let typos = tools::typos()?;
    tools::cargo_tool(&tools::CARGO_DENY)?;
    tools::npm("www")?;
    let path = tools::path_with_tools()?;

    suite.stage("format", || {
        step("Checking the format", tools::cargo().args(["fmt", "--all", "--check"]))?;
        let fuzz = ["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"];
        step("Checking the fuzz targets' format", tools::cargo().args(fuzz))?;
        let bindgen = ["fmt", "--check", "--manifest-path", "xtask/bindgen/Cargo.toml"];
        step("Checking the format of what runs wasm-bindgen", tools::cargo().args(bindgen))
    });
    suite.stage("clippy", || {
        aloud("Clippy", &mut clippy(&["--workspace", "--all-targets", "--all-features"]))
    });
    suite.stage("clippy for wasm", || {
        let browser = ["--package", "postern-client", "--target", "wasm32-unknown-unknown", "--all-targets"];
        aloud("Clippy for the browser", &mut clippy(&browser))
    });
    suite.stage("clippy for the fuzz targets", || {
        let apart = ["--manifest-path", "fuzz/Cargo.toml", "--no-default-features"];
        let mut clippy = clippy(&apart);
        // A workspace of its own, which must not build the others' dependencies in another way.
        aloud("Clippy for the fuzz targets", clippy.env("CARGO_TARGET_DIR", build::target().join("fuzz")))
    });
    suite.stage("documentation", || {
        let mut doc = tools::cargo();
        doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings");
        step("Building the documentation", &mut doc)
    });
    suite.stage("spelling", || step("Checking the spelling", Command::new(&typos).current_dir(root())));
    suite.stage("dependencies", || {
        // Advisories are a database of their own, fetched from elsewhere: `cargo deny check` where there is a way.
        let mut deny = tools::cargo();
        deny.args(["deny", "--all-features", "check", "bans", "licenses", "sources"]).env("PATH", &path);
        step("Checking the dependencies", &mut deny)
    });
    suite.stage("third-party notices", licences::check);
    suite.stage("the package's types", || {
        build::wasm()?;
        let mut tsc = Command::new(root().join("www/node_modules/.bin/tsc"));
        tsc.args(["-p", "client-wasm/tests/tsconfig.json"]);
        step("Checking the package's types", tsc.current_dir(root()))?;
        let mut node = Command::new("node");
        node.args(["--test", "client-wasm/tests/package.test.mjs"]);
        step("Checking the package and its README", node.current_dir(root()))
    });
    suite.stage("the page's sources", || {
        build::wasm()?;
        build::page_wasm()?;
        step(
            "Checking the page's sources",
            Command::new("npm").args(["run", "check"]).current_dir(root().join("www")),
        )
    });
    Ok(())
}

/// Warnings are errors where nobody reads them.
fn clippy(what: &[&str]) -> Command {
    let mut clippy = tools::cargo();
    clippy.args(["clippy", "--quiet"]).args(what);
    if env::var_os("CI").is_some() {
        clippy.args(["--", "-D", "warnings"]);
    }
    clippy
}
