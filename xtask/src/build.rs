//! Builds what the demo and the tests run: the wasm packages, the page around one, and the proxy with both inside.
//!
//! Each is skipped where nothing that goes into it has changed.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::console::{step, together};
use crate::fingerprint::Stamp;
use crate::{bindgen, npm_package, remap, root, tools};

/// The wasm package, the page, and the proxy. The program's path comes back.
///
/// # Errors
/// Where something can't be installed or built.
pub(crate) fn everything() -> io::Result<PathBuf> {
    page()?;
    postern()
}

/// `client-wasm/pkg`: the npm package, optimised.
///
/// # Errors
/// Where something can't be installed or built.
pub(crate) fn wasm() -> io::Result<()> {
    package("the mail client", "wasm", "pkg", &[])
}

/// `client-wasm/pkg-page`: the part of it that the page loads, which is half as large.
///
/// # Errors
/// Where something can't be installed or built.
pub(crate) fn page_wasm() -> io::Result<()> {
    package("the page's mail engine", "page-wasm", "pkg-page", &["--no-default-features"])
}

/// Builds `client-wasm` into one of its folders, unless what stands there is current.
fn package(what: &str, stamp: &str, folder: &str, features: &[&str]) -> io::Result<()> {
    let sources =
        [".cargo", "mime", "protocol", "engine", "client-wasm", "xtask/bindgen", "Cargo.toml", "Cargo.lock"];
    let sources = sources.map(|name| root().join(name));
    let output = root().join("client-wasm").join(folder);
    let stamp = Stamp::of(stamp, &sources.each_ref().map(PathBuf::as_path), &output)?;
    // wasm-opt comes with the page's packages.
    let packages = || tools::npm("www");
    if stamp.is_current() {
        return packages();
    }
    // What another build left would go into the package.
    match fs::remove_dir_all(&output) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    together([Box::new(packages), Box::new(bindgen::build), Box::new(|| compile(what, features))])?;
    let compiled = target().join(format!("{}/wasm/postern_client.wasm", tools::WASM_TARGET));
    bindgen::run("web", &compiled, &output)?;
    npm_package::complete(&output)?;
    if features.is_empty() {
        npm_package::guard(&output)?;
    }
    let module = output.join("postern_client_bg.wasm");
    let optimised = module.with_extension("opt");
    let mut optimise = Command::new(root().join("www/node_modules/.bin/wasm-opt"));
    step("Optimising it", optimise.arg("-Os").arg(&module).arg("-o").arg(&optimised))?;
    fs::rename(optimised, module)?;
    stamp.write()
}

fn compile(what: &str, features: &[&str]) -> io::Result<()> {
    tools::wasm_target()?;
    let mut build = tools::cargo();
    build.args(["build", "--package", "postern-client", "--lib", "--profile", "wasm"]);
    build.args(["--target", tools::WASM_TARGET]).args(features);
    // The module is in every page and package.
    build.args(remap::arguments(tools::WASM_TARGET));
    step(&format!("Compiling {what} to WebAssembly"), &mut build)
}

/// `www/dist`: the page.
///
/// # Errors
/// Where something can't be installed or built.
pub(crate) fn page() -> io::Result<()> {
    page_wasm()?;
    let folders = ["www", "client-wasm/pkg-page"].map(|name| root().join(name));
    let stamp = Stamp::of("page", &folders.each_ref().map(PathBuf::as_path), &root().join("www/dist"))?;
    if stamp.is_current() {
        return Ok(());
    }
    step("Building the page", Command::new("npm").args(["run", "build"]).current_dir(root().join("www")))?;
    stamp.write()
}

/// `postern` with the page that stands in `www/dist`, for the demo and the tests. It is optimised a little, which
/// takes a third of the time.
///
/// # Errors
/// If it can't be built.
pub(crate) fn postern() -> io::Result<PathBuf> {
    proxy("demo")
}

/// The same as it is released, to be measured.
///
/// # Errors
/// If it can't be built.
pub(crate) fn released_postern() -> io::Result<PathBuf> {
    proxy("release")
}

fn proxy(profile: &str) -> io::Result<PathBuf> {
    let mut build = tools::cargo();
    step("Building the proxy", build.args(["build", "--package", "postern-proxy", "--profile", profile]))?;
    Ok(target().join(profile).join("postern"))
}

/// Cargo's target folder: we stand in it.
pub(crate) fn target() -> PathBuf {
    let configured = std::env::var_os("CARGO_TARGET_DIR").map(|folder| root().join(folder));
    configured.unwrap_or_else(|| root().join("target"))
}
