//! What stands on both sides of a proxy while `cargo xtask bench proxy` measures it.
//!
//! `serve` is the mail server's place, the other commands the browser's. They are made to cost little: blocking
//! sockets, frames that were masked once, payloads that nobody looks at. Each ends by itself, or with its input.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

mod hold;
mod idle;
mod measure;
mod socket;
mod upstream;

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use measure::Direction;
use socket::Address;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    raise_descriptors();
    if !matches!(arguments.first(), Some(&("serve" | "idle"))) {
        thread::spawn(give_up_in_time);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("postern-load {}: {error}", arguments.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    match *arguments {
        ["serve", certificate, key] => upstream::serve(certificate.as_ref(), key.as_ref())?,
        ["down", bytes, url] => measure::bulk(&Address::parse(url)?, Direction::Down, bytes.parse()?)?,
        ["up", bytes, url] => measure::bulk(&Address::parse(url)?, Direction::Up, bytes.parse()?)?,
        ["rounds", count, url] => {
            let [median, tail] = measure::rounds(&Address::parse(url)?, count.parse()?)?;
            println!("{median} {tail}");
        }
        ["starts", seconds, at_once, url] => {
            let time = Duration::from_secs_f64(seconds.parse()?);
            println!("{}", measure::starts(&Address::parse(url)?, time, at_once.parse()?)?);
        }
        ["hold", how, url] => hold::hold(&Address::parse(url)?, how.parse()?)?,
        ["idle", count, ref urls @ ..] => idle::idle(urls, count.parse()?)?,
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// What stands between may take a connection and never answer: then whoever waits for a figure hears of it.
fn give_up_in_time() {
    thread::sleep(PATIENCE);
    eprintln!("postern-load: not done after {PATIENCE:?}");
    std::process::exit(1);
}

/// Two for each connection where both sides are held here.
fn raise_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    // Where it stays low, the connection that is one too many says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Ten times what the slowest of them needs.
const PATIENCE: Duration = Duration::from_secs(180);

const USAGE: &str = "usage: postern-load serve CERTIFICATE KEY
       postern-load down|up BYTES URL        prints the seconds that it took, stays until its input ends
       postern-load rounds COUNT URL         prints the median and the 99th of a hundred, in microseconds
       postern-load starts SECONDS AT-ONCE URL   prints new connections per second
       postern-load hold idle|stalled URL    opens as many as each line of its input says, until that ends
       postern-load idle COUNT URL…          sits in IDLE and answers pings until all are told to leave
URL: tcp://, tls://, ws:// or wss://ADDRESS:PORT/PATH";
