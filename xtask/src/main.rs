//! The project's own commands: what cargo alone can't say. `cargo xtask` lists them.

#![expect(clippy::print_stdout, reason = "this program talks to who runs it")]

mod bench;
mod bindgen;
mod build;
mod check;
mod console;
mod demo;
mod dist;
mod fingerprint;
mod fuzz;
mod licences;
mod npm_package;
mod remap;
mod stack;
mod suite;
mod tools;
mod unpack;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use demo::Demo;
use fuzz::Fuzz;
use suite::Suite;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments).unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &[&str]) -> io::Result<ExitCode> {
    match arguments {
        ["demo", rest @ ..] => Demo::from_arguments(rest)?.run()?,
        ["test"] => return suite::run(),
        ["check"] => {
            let mut suite = Suite::default();
            check::run(&mut suite)?;
            return Ok(suite.end());
        }
        ["wasm"] => build::wasm()?,
        ["page"] => build::page()?,
        ["dist"] => dist::run()?,
        ["licences"] => licences::write()?,
        [name] if let Some(server) = unpack::named(name) => unpack::install(server)?,
        ["pymap"] => tools::pymap()?,
        ["stack"] => stack::run()?,
        ["bench", rest @ ..] => bench::run(rest)?,
        ["fuzz", rest @ ..] => Fuzz::from_arguments(rest)?.run()?,
        _ => {
            println!("{HELP}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

const HELP: &str = "\
usage: cargo xtask <command>

  demo      install what is missing, build, start a mail server with mail in it and Postern before it
            --imap imaps://mail.example.com   before your own server instead
            --listen 127.0.0.1:8080           at this address
  test      install what is missing, check and test everything
  check     format, lints, documentation, spelling, dependencies, the page's sources
  wasm      build client-wasm/pkg, the npm package
  page      build www/dist, the web page
  dist      build target/dist: one static program with the page inside, its checksum, and the licences
  licences  write proxy/licences.txt, the notices of all that others wrote and postern brings
  cyrus     unpack one of the tests' other mail servers, for a `cargo test` without `cargo xtask test`
  courier   another one
  imap4d    another one
  pymap     another one, from PyPI
  stack     start the seeded mail server and the proxy for a test in another language
  bench     protocol   how fast responses are read, beside other parsers, in one table
            client     how fast messages become JavaScript's, through the npm package in Chromium
            proxy      the proxy beside HAProxy, websockify and websocat: speed, CPU, memory
                       --quick, --only NAME (of a row)
            idle       10,000 pages in IDLE, then a drain; --minutes 10
            --json FILE   the same table as data
  fuzz      run each fuzz target for a minute
            --seconds N   for so long; and a target's name for that one alone";
