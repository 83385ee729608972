//! `cargo xtask fuzz`: a short run of every fuzz target, from the corpus that is in git.
//!
//! What a run adds to the corpus stays in cargo's target folder; what it finds goes to `fuzz/artifacts`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::build::target;
use crate::console::{aloud, step};
use crate::{root, tools};

/// What the command line asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fuzz {
    /// How long each target runs.
    seconds: u32,
    /// One target alone; otherwise all.
    only: Option<String>,
}

impl Fuzz {
    /// Reads `--seconds N` and a target's name.
    ///
    /// # Errors
    /// Where a word is unknown or no number.
    pub(crate) fn from_arguments(arguments: &[&str]) -> io::Result<Self> {
        let mut fuzz = Self { seconds: 60, only: None };
        let mut rest = arguments.iter();
        while let Some(&word) = rest.next() {
            let number = || rest.clone().next().and_then(|number| number.parse().ok());
            match word {
                "--seconds" => {
                    fuzz.seconds = number().ok_or_else(|| io::Error::other(USAGE))?;
                    rest.next();
                }
                name if !name.starts_with('-') => fuzz.only = Some(name.to_owned()),
                unknown => return Err(io::Error::other(format!("{unknown} is unknown: {USAGE}"))),
            }
        }
        Ok(fuzz)
    }

    /// Builds the targets and runs each. A finding ends the run, with the input that shows it.
    ///
    /// # Errors
    /// Where there is no nightly compiler, a target is unknown or can't be built, or one found something.
    pub(crate) fn run(&self) -> io::Result<()> {
        let targets = self.targets()?;
        has_nightly()?;
        tools::cargo_tool(&tools::CARGO_FUZZ)?;
        for name in &targets {
            step(&format!("Building the fuzz target {name}"), cargo_fuzz("build")?.arg(name))?;
        }
        for name in &targets {
            aloud(&format!("Fuzzing {name}"), &mut self.command(name)?)?;
        }
        Ok(())
    }

    fn targets(&self) -> io::Result<Vec<String>> {
        let files = fs::read_dir(root().join("fuzz/fuzz_targets"))?.collect::<io::Result<Vec<_>>>()?;
        let mut all: Vec<String> =
            files.iter().filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
        all.sort();
        match &self.only {
            None => Ok(all),
            Some(only) if all.contains(only) => Ok(vec![only.clone()]),
            Some(only) => Err(io::Error::other(format!("{only} is none of {}", all.join(", ")))),
        }
    }

    fn command(&self, name: &str) -> io::Result<Command> {
        let new = target().join("fuzz-corpus").join(name);
        fs::create_dir_all(&new)?;
        let seeds = folder().join("corpus").join(name);
        let mut command = cargo_fuzz("run")?;
        command.arg(name).arg(new).arg(seeds).arg("--");
        command.arg(format!("-max_total_time={}", self.seconds));
        command.arg(format!("-dict={}", folder().join("dictionaries/imap.dict").display()));
        command.args(["-max_len=4096", "-timeout=20", "-print_final_stats=1", "-verbosity=0"]);
        Ok(command)
    }
}

/// `cargo +nightly fuzz …`, by rustup's own `cargo`: the one that runs us is of another toolchain.
fn cargo_fuzz(what: &str) -> io::Result<Command> {
    let mut command = Command::new("cargo");
    command.args(["+nightly", "fuzz", what, "--fuzz-dir", "fuzz"]).current_dir(root());
    for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
        command.env_remove(variable);
    }
    command.env("CARGO_TARGET_DIR", target().join("fuzz")).env("PATH", tools::path_with_tools()?);
    Ok(command)
}

fn has_nightly() -> io::Result<()> {
    let said = Command::new("rustup").args(["toolchain", "list"]).output();
    if said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("nightly")) {
        return Ok(());
    }
    Err(io::Error::other(
        "fuzzing needs a nightly compiler: rustup toolchain install nightly --profile minimal",
    ))
}

fn folder() -> PathBuf {
    root().join("fuzz")
}

const USAGE: &str = "usage: cargo xtask fuzz [--seconds N] [TARGET]";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let check = |arguments: &[&str], seconds, only: Option<&str>| {
            let only = only.map(str::to_owned);
            assert_eq!(Fuzz::from_arguments(arguments).unwrap(), Fuzz { seconds, only });
        };
        check(&[], 60, None);
        check(&["--seconds", "5"], 5, None);
        check(&["framing", "--seconds", "5"], 5, Some("framing"));
        assert!(Fuzz::from_arguments(&["--seconds"]).is_err());
        assert!(Fuzz::from_arguments(&["--fast"]).is_err());
    }

    #[test]
    fn every_target_has_a_corpus() {
        let targets = Fuzz::from_arguments(&[]).unwrap().targets().unwrap();
        assert!(!targets.is_empty());
        for name in targets {
            assert!(folder().join("corpus").join(&name).is_dir(), "{name}");
        }
    }
}
