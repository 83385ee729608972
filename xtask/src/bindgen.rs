//! wasm-bindgen as a small program of our own, `xtask/bindgen`, which takes half a minute to build where wasm-bindgen's
//! own takes two.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::console::step;
use crate::{root, tools};

/// Builds the program, where it is not built yet. Like the other tools it is kept outside the checkout.
///
/// # Errors
/// If it can't be built.
pub(crate) fn build() -> io::Result<()> {
    step("Building wasm-bindgen", cargo("build")?.arg("--locked"))
}

/// Makes of `module`, a compiled one, what `target` (`web` or `nodejs`) loads, in `folder`.
///
/// # Errors
/// If the program is not built or refuses the module.
pub(crate) fn run(target: &str, module: &Path, folder: &Path) -> io::Result<()> {
    let mut bindgen = cargo("run")?;
    step("Binding it to JavaScript", bindgen.args(["--quiet", "--", target]).arg(module).arg(folder))
}

fn cargo(what: &str) -> io::Result<Command> {
    let mut command = tools::cargo();
    command.args([what, "--manifest-path"]).arg(root().join("xtask/bindgen/Cargo.toml"));
    // Flags for what the user builds would only build it a second time.
    command.env_remove("RUSTFLAGS").env("CARGO_TARGET_DIR", tools::tools_folder()?.join("build/bindgen"));
    Ok(command)
}
