//! Turns a compiled WebAssembly module into what JavaScript loads: a script around it, that script's declarations, and
//! the module without what only wasm-bindgen reads.
//!
//! It is wasm-bindgen's own library. The program `wasm-bindgen` around it takes four times as long to build.

use std::env;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [target, module, folder] = arguments.as_slice() else {
        bail!("usage: xtask-bindgen web|nodejs MODULE FOLDER");
    };
    let mut bindgen = Bindgen::new();
    match target.as_str() {
        // `init()` finds the module beside its script, as it does with the program; the library's default differs.
        "web" => bindgen.web(true)?.omit_default_module_path(false),
        "nodejs" => bindgen.nodejs(true)?,
        unknown => bail!("{unknown} is not a target: web or nodejs"),
    };
    bindgen
        .input_path(module)
        .typescript(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen refuses {module}"))
}
