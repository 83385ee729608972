//! `postern`: reads the configuration, starts the proxy, reads the configuration again at SIGHUP,
//! stops at SIGTERM or SIGINT. Or checks it all and exits.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::LazyLock;

use postern_proxy::check::{self, Finding, Outcome};
use postern_proxy::config::{Action, Config, LogFormat};
use postern_proxy::listener::Listener;
use postern_proxy::log::Log;
use postern_proxy::reload::Reloader;
use postern_proxy::server::{Server, StartError};
use postern_proxy::{descriptors, systemd};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

static LOG: LazyLock<Log> = LazyLock::new(|| Log::to(io::stderr()));

const UNCHANGED: &str = "the configuration was not changed; the one before it goes on to serve";

/// What a wrong flag, environment variable or file ends with, as clap does it.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    // Nobody needs a mail server to read them.
    if std::env::args_os().nth(1).is_some_and(|word| word == "licences") {
        return licences();
    }
    let config = match Config::from_process() {
        Ok(config) => config,
        Err(error) => {
            complain(&error);
            return ExitCode::from(EXIT_USAGE);
        }
    };
    start_log(&config);
    descriptors::raise_limit(&config.limits);
    let result = run(config);
    LOG.finish();
    result.unwrap_or_else(|error| {
        complain(&error);
        ExitCode::FAILURE
    })
}

/// Prints them as they are.
fn licences() -> ExitCode {
    // Whoever reads only the beginning has closed the pipe by now.
    let _ = io::stdout().write_all(postern_proxy::licences());
    ExitCode::SUCCESS
}

/// Runs the server in a runtime of its own.
fn run(config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let result = runtime.block_on(async {
        match config.action {
            Action::Serve => serve(config).await,
            Action::Check => check(config).await,
            Action::Licences => Ok(licences()),
        }
    });
    // A name look-up may hang in the system's resolver for longer than anyone waits.
    runtime.shutdown_background();
    Ok(result?)
}

/// Serves until a signal comes, then drains. A second signal ends the process at once.
async fn serve(config: Config) -> Result<ExitCode, StartError> {
    let server = match Listener::from_systemd().map_err(StartError::Inherited)? {
        Some(listener) => Server::with(config, listener)?,
        None => Server::bind(config).await?,
    };
    let stop = CancellationToken::new();
    // Heard from before anyone is told that we run: until then a signal ends the process without a drain.
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(terminate), Ok(interrupt)) => {
            tokio::spawn(stop_on_signal(terminate, interrupt, stop.clone()));
        }
        _ => tracing::warn!("no signal handler: this process stops without a drain"),
    }
    match signal(SignalKind::hangup()) {
        Ok(hangup) => {
            let had_terminal = io::stderr().is_terminal();
            tokio::spawn(reload_on_signal(hangup, server.reloader(), had_terminal, stop.clone()));
        }
        Err(error) => tracing::warn!(%error, "no signal handler: SIGHUP ends this process"),
    }
    // The one line on standard output: whoever started us with port 0 reads the address from it.
    let _ = writeln!(io::stdout(), "postern listens on {}", server.url());
    systemd::notify("READY=1");
    server.run(stop).await;
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration again at each SIGHUP, from where it came at the start. Where the terminal that it was started
/// from was closed, the signal means what it always meant: it drains and ends.
async fn reload_on_signal(
    mut hangup: Signal,
    reloader: Reloader,
    had_terminal: bool,
    stop: CancellationToken,
) {
    while hangup.recv().await.is_some() {
        if had_terminal && !io::stderr().is_terminal() {
            return stop.cancel();
        }
        systemd::notify("RELOADING=1");
        match Config::again() {
            Ok(config) => {
                descriptors::raise_limit(&config.limits);
                if let Err(error) = reloader.reload(config) {
                    tracing::error!(%error, "{UNCHANGED}");
                }
            }
            Err(error) => tracing::error!(%error, "{UNCHANGED}"),
        }
        systemd::notify("READY=1");
    }
}

/// Says of each server whether it can be used. One line each on standard output; what was found in detail is logged.
async fn check(config: Config) -> Result<ExitCode, StartError> {
    let mut code = ExitCode::SUCCESS;
    let report = |Finding { path, target, outcome }| {
        let _ = match outcome {
            Outcome::Good => writeln!(io::stdout(), "ok      {path}  {target}"),
            Outcome::Unvisited => {
                let hint = "not connected to; name a host of it behind check to try it";
                writeln!(io::stdout(), "pattern {path}  {target}  {hint}")
            }
            Outcome::Warning(words) => writeln!(io::stdout(), "warning {path}  {target}  {words}"),
            Outcome::Trouble(trouble) => {
                code = ExitCode::FAILURE;
                writeln!(io::stdout(), "FAILED  {path}  {target}  {trouble}")
            }
        };
    };
    check::check(config, report).await?;
    Ok(code)
}

async fn stop_on_signal(mut terminate: Signal, mut interrupt: Signal, stop: CancellationToken) {
    for hint in ["draining; a second signal stops at once", "stopped without waiting for the drain"] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        systemd::notify("STOPPING=1");
        tracing::info!("{hint}");
        if stop.is_cancelled() {
            LOG.finish();
            std::process::exit(0);
        }
        stop.cancel();
    }
}

/// Logs go to standard error, so that standard output carries the address alone.
fn start_log(config: &Config) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.log))
        .with_ansi(io::stderr().is_terminal())
        .with_writer(|| LOG.line());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

fn complain(error: &impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "postern: {error}");
}
