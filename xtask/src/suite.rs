//! `cargo xtask test`: everything, stage by stage, and what came of each.

use std::env;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use postern_tests::pymap::WITHOUT_PYMAP;
use postern_tests::token::{Validity, access_token};
use postern_tests::unpacked::{self, Unpacked};
use postern_tests::{Cyrus, Dovecot, PASSWORD, Proxy, cyrus, ports, seed};

use crate::console::{aloud, header, seconds, together};
use crate::{build, check, root, tools, unpack};

/// The stages so far.
#[derive(Debug, Default)]
pub(crate) struct Suite {
    stages: Vec<Stage>,
}

#[derive(Debug)]
struct Stage {
    name: String,
    time: Duration,
    outcome: Outcome,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    LeftOut,
}

impl Suite {
    /// Runs a stage. A failure is remembered, and the next stage runs all the same.
    pub(crate) fn stage(&mut self, name: &str, run: impl FnOnce() -> io::Result<()>) {
        let start = Instant::now();
        let result = run();
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.note(name, start.elapsed(), outcome, result);
    }

    /// Installs what only some tests need. Whether it is there: where it can't be had, those are left out, and the
    /// table says so.
    pub(crate) fn optional(&mut self, name: &str, install: impl FnOnce() -> io::Result<()>) -> bool {
        let result = install();
        let is_there = result.is_ok();
        if !is_there {
            self.note(name, Duration::ZERO, Outcome::LeftOut, result);
        }
        is_there
    }

    fn note(&mut self, name: &str, time: Duration, outcome: Outcome, result: io::Result<()>) {
        if let Err(error) = result {
            eprintln!("{name}: {error}");
        }
        self.stages.push(Stage { name: name.to_owned(), time, outcome });
    }

    /// Prints the table and how many stages passed.
    pub(crate) fn end(&self) -> ExitCode {
        let count = |outcome| self.stages.iter().filter(|stage| stage.outcome == outcome).count();
        let failed = count(Outcome::Failed);
        header("Summary");
        print!("{}", self.table());
        println!("stages: {} passed, {failed} failed", count(Outcome::Passed));
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn table(&self) -> String {
        self.stages.iter().fold(String::new(), |mut table, stage| {
            let word = match stage.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "FAILED",
                Outcome::LeftOut => "left out",
            };
            // Writing to a string can't fail.
            let _ = writeln!(table, "{word:<8}  {:>12}  {}", seconds(stage.time), stage.name);
            table
        })
    }
}

/// Installs what is missing, then runs everything.
///
/// # Errors
/// Where something can't be installed or built at all; a failed stage is told by [`Suite::end`].
pub(crate) fn run() -> io::Result<ExitCode> {
    let mut suite = Suite::default();
    let mut left_out: Vec<&Unpacked> = Vec::new();
    let mut has_pymap = false;
    let servers = || {
        tools::mail_server()?;
        tools::reverse_proxies()?;
        tools::browsers()?;
        let missing = |server: &&Unpacked| !suite.optional(server.title, || unpack::install(server));
        left_out = unpacked::ALL.into_iter().filter(missing).collect();
        has_pymap = suite.optional("pymap", tools::pymap);
        Ok(())
    };
    // What is downloaded need not wait for what is compiled.
    together([Box::new(servers), Box::new(browser_tools)])?;
    let has_cyrus = left_out.iter().all(|server| server.name != cyrus::UNPACKED.name);
    check::run(&mut suite)?;
    let postern = build::everything()?;
    suite.stage("Rust", || {
        let mut test = tools::cargo();
        test.args(["test", "--workspace", "--no-fail-fast"]).env("POSTERN_BIN", &postern);
        // The same cases each time: what fails here fails again. Bare `cargo test` looks for new ones.
        if env::var_os(PROPERTY_SEED).is_none() {
            test.env(PROPERTY_SEED, "1");
        }
        for server in &left_out {
            test.env(server.without, "1");
        }
        if !has_pymap {
            test.env(WITHOUT_PYMAP, "1");
        }
        aloud("Rust tests", &mut test)
    });
    suite.stage("page", || aloud("The page's tests", npm_test("www").env("POSTERN_BIN", &postern)));
    for browser in ["chrome", "firefox"] {
        suite.stage(&format!("wasm in {browser}"), || wasm_in(browser, &postern, has_cyrus));
    }
    suite.stage("browsers", || {
        let path = tools::path_with_tools()?;
        aloud(
            "The whole in browsers",
            npm_test("tests/browser").env("POSTERN_BIN", &postern).env("PATH", path),
        )
    });
    Ok(suite.end())
}

/// What the browsers' tests run beside the browsers themselves.
fn browser_tools() -> io::Result<()> {
    for folder in ["www", "tests/browser"] {
        tools::npm(folder)?;
    }
    tools::wasm_target()?;
    for tool in [&tools::WASM_BINDGEN, &tools::WASM_PACK, &tools::GECKODRIVER] {
        tools::cargo_tool(tool)?;
    }
    Ok(())
}

/// The wasm tests in a headless browser, through the real proxy to a real Dovecot, and to a Cyrus where there is one.
fn wasm_in(browser: &str, postern: &Path, has_cyrus: bool) -> io::Result<()> {
    let mailboxes = seed::person(seed::now());
    let dovecot = Dovecot::start(&[(seed::USER, &mailboxes)])?;
    let cyrus = if has_cyrus { Some(Cyrus::start(&[CYRUS_USER])?) } else { None };
    if let Some(cyrus) = &cyrus {
        cyrus.fill_inbox(CYRUS_USER)?;
    }
    // The tests' page is served from here, and the proxy must know its origin.
    let [port] = ports::free()?;
    let address = format!("127.0.0.1:{port}");
    let mut more = vec!["--origin".to_owned(), format!("http://{address}")];
    if let Some(cyrus) = &cyrus {
        more.extend(["--imap".to_owned(), format!("cyrus={}", cyrus.imaps_url())]);
        more.extend(["--ca-file".to_owned(), cyrus.authority().display().to_string()]);
    }
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let proxy = Proxy::before_at(postern, &dovecot, &more)?;
    let mut pack = Command::new("wasm-pack");
    pack.args(["test", "--headless", &format!("--{browser}"), "client-wasm"]).current_dir(root());
    pack.env("PATH", tools::path_with_tools()?)
        .env("WASM_BINDGEN_TEST_ADDRESS", address)
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_PATIENCE)
        .env("POSTERN_TEST_PROXY", proxy.websocket_url())
        .env("POSTERN_TEST_USER", seed::USER)
        .env("POSTERN_TEST_PASSWORD", PASSWORD)
        .env("POSTERN_TEST_TOKEN", access_token(seed::USER, Validity::Current)?)
        .env("POSTERN_TEST_EXPIRED_TOKEN", access_token(seed::USER, Validity::Expired)?);
    if cyrus.is_some() {
        pack.env("POSTERN_TEST_CYRUS_USER", CYRUS_USER);
    }
    if browser == "chrome" {
        pack.env("CHROMEDRIVER", "/usr/bin/chromedriver");
    }
    aloud(&format!("wasm tests in {browser}"), &mut pack)
}

fn npm_test(folder: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["test", "--silent"]).current_dir(root().join(folder));
    npm
}

/// Seconds that all wasm tests of a browser together never take, not even on two cores that others keep busy. Only a run
/// that hangs waits so long.
const WASM_TEST_PATIENCE: &str = "1200";

/// What proptest draws its cases from.
const PROPERTY_SEED: &str = "PROPTEST_RNG_SEED";

/// Who has an account at the second server.
const CYRUS_USER: &str = "robin";
