//! The readers: ours, ours in wasm, our peers, and the loop that no reader can be faster than.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::build::target;
use crate::console::step;
use crate::{bindgen, root, tools};

pub(super) const OURS: &str = "postern";
pub(super) const OURS_IN_WASM: &str = "postern in wasm under Node";
pub(super) const IMAPFLOW: &str = "imapflow in Node";
pub(super) const RUST_PEERS: [&str; 2] = ["imap-codec", "imap-proto"];

/// A program that reads a file of responses.
pub(super) struct Reader {
    /// In the table.
    pub(super) name: &'static str,
    /// The program and its first arguments.
    command: Vec<String>,
    /// Reads each file once a round: others read until it took long enough to be told from noise.
    is_slow: bool,
    /// Whether it has values that can be held.
    holds: bool,
}

/// A file to be read.
pub(super) struct Input {
    pub(super) file: PathBuf,
    /// How often it is read in each round: what takes milliseconds, more often.
    pub(super) reps: u32,
}

/// What a program said of one file.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) bytes: f64,
    pub(super) responses: f64,
    pub(super) secs: f64,
    peak_rss_kb: f64,
}

/// Installs and builds what is missing.
///
/// # Errors
/// Where something can't be installed or built.
pub(super) fn build_all() -> io::Result<Vec<Reader>> {
    step(
        "Building our reader",
        tools::cargo().args([
            "build",
            "--release",
            "--package",
            "postern-protocol",
            "--example",
            "responses",
        ]),
    )?;
    build_apart("Building its peers", "xtask/peers", &["--locked"])?;
    let module = build_wasm()?;
    tools::npm("xtask/peers/node")?;

    let ours = target().join("release/examples/responses").display().to_string();
    let peers = target().join("peers/release/postern-peers").display().to_string();
    let measure = root().join("xtask/peers/node/measure.mjs").display().to_string();
    let node = |peer: &str| vec!["node".to_owned(), measure.clone(), peer.to_owned()];
    let rust = |name: &'static str| Reader {
        name,
        command: vec![peers.clone(), name.to_owned()],
        is_slow: false,
        holds: true,
    };
    let [imap_codec, imap_proto] = RUST_PEERS.map(rust);
    Ok(vec![
        Reader {
            name: "line ends and literals only",
            command: vec![peers.clone(), "limit".to_owned()],
            is_slow: false,
            holds: false,
        },
        Reader { name: OURS, command: vec![ours], is_slow: false, holds: true },
        Reader { name: OURS_IN_WASM, command: node(&module), is_slow: false, holds: true },
        imap_codec,
        imap_proto,
        Reader { name: IMAPFLOW, command: node("imapflow"), is_slow: true, holds: true },
    ])
}

/// Our reader as a module for Node; the folder comes back.
fn build_wasm() -> io::Result<String> {
    tools::wasm_target()?;
    build_apart(
        "Compiling our reader to WebAssembly",
        "xtask/peers/wasm",
        &["--target", tools::WASM_TARGET],
    )?;
    let module = target().join("peers/wasm32-unknown-unknown/release/postern_reader_wasm.wasm");
    let folder = target().join("peers/node");
    bindgen::build()?;
    bindgen::run("nodejs", &module, &folder)?;
    Ok(folder.display().to_string())
}

/// Builds a package that stands outside the workspace.
fn build_apart(title: &str, folder: &str, arguments: &[&str]) -> io::Result<()> {
    let mut build = tools::cargo();
    build.args(["build", "--release", "--manifest-path"]);
    build.arg(root().join(folder).join("Cargo.toml")).arg("--target-dir").arg(target().join("peers"));
    step(title, build.args(arguments))
}

impl Reader {
    /// Reads the file and lets go of each answer at once.
    ///
    /// # Errors
    /// Where the program fails, or can't read a response.
    pub(super) fn read(&self, input: &Input) -> io::Result<Run> {
        let reps = if self.is_slow { 1 } else { input.reps };
        self.run(&["--reps", &reps.to_string()], &input.file)
    }

    /// Reads the file and holds every answer: peak memory in bytes, if it has such values.
    ///
    /// # Errors
    /// Where the program fails, or can't read a response.
    pub(super) fn hold(&self, input: &Input) -> io::Result<Option<f64>> {
        if !self.holds {
            return Ok(None);
        }
        self.run(&["--reps", "1", "--keep"], &input.file).map(|run| Some(run.peak_rss_kb * 1024.0))
    }

    fn run(&self, flags: &[&str], input: &Path) -> io::Result<Run> {
        let failed = |why: &str| io::Error::other(format!("{} on {}: {why}", self.name, input.display()));
        let (program, arguments) = self.command.split_first().ok_or_else(|| failed("no program"))?;
        let output = Command::new(program).args(arguments).args(flags).arg(input).output()?;
        let said: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| failed(&format!("{error}: {}", String::from_utf8_lossy(&output.stderr))))?;
        let number = |key: &str| said[key].as_f64().ok_or_else(|| failed(&format!("no {key} in {said}")));
        if number("errors")? > 0.0 {
            return Err(failed(&said.to_string()));
        }
        let (bytes, responses, secs) = (number("bytes")?, number("responses")?, number("secs")?);
        Ok(Run { bytes, responses, secs, peak_rss_kb: number("peak_rss_kb")? })
    }
}
