//! The project's own commands: what cargo alone can't say. `cargo xtask` lists them.

#![expect(clippy::print_stdout, reason = "this program talks to who runs it")]

mod stack;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["stack"] => stack::run(),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

const HELP: &str = "\
usage: cargo xtask <command>

  stack     start the seeded Dovecot and the proxy for a test in another language";
