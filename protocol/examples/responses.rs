//! Reads files as the bytes that a server sent.
//!
//! ```text
//! responses [--verbose] FILE…
//!     prints `FILE ok=N unknown=N bad=N` for each, and exits with 1 where a `bad` is not 0.
//!     What could not be read, and with --verbose what is unknown or was forgiven, goes to standard error.
//! responses --reps N [--stream] [--keep] FILE
//!     reads FILE N times and prints one line of JSON with the median time. The file lies in memory as a whole;
//!     --stream hands it over in pieces of 64 KiB, as a socket would; --keep makes every answer owned and holds
//!     all of them until the end of the run.
//! ```

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::process::ExitCode;

use postern_protocol::imap::{
    Fetch, FetchItem, Frame, Framer, Limits, Raw, ReadError, Reader, Reading, Response, Responses,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(options) = Options::read(&arguments) else {
        eprintln!("usage: responses [--verbose] FILE…\n       responses --reps N [--stream] [--keep] FILE");
        return ExitCode::from(2);
    };
    let mut all_well = true;
    for file in &options.files {
        match std::fs::read(file) {
            Ok(bytes) if options.reps > 0 => println!("{}", measure(file, &bytes, &options)),
            Ok(bytes) => all_well &= report(file, &bytes, options.verbose),
            Err(error) => {
                eprintln!("{file}: {error}");
                all_well = false;
            }
        }
    }
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Options {
    files: Vec<String>,
    reps: usize,
    stream: bool,
    keep: bool,
    verbose: bool,
}

impl Options {
    fn read(arguments: &[String]) -> Option<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--reps" => options.reps = arguments.next()?.parse().ok().filter(|&reps| reps > 0)?,
                "--stream" => options.stream = true,
                "--keep" => options.keep = true,
                "--verbose" => options.verbose = true,
                file if !file.starts_with("--") => options.files.push(file.into()),
                _ => return None,
            }
        }
        (!options.files.is_empty()).then_some(options)
    }
}

/// Reads one session and prints how many responses could be read. True if all could.
fn report(file: &str, bytes: &[u8], verbose: bool) -> bool {
    let (mut ok, mut unknown, mut bad) = (0, 0, 0);
    let rest = stream(bytes, |raw, result| match result {
        Ok(reading) => {
            if is_unknown(&reading.response) {
                unknown += 1;
            } else {
                ok += 1;
            }
            if verbose && (is_unknown(&reading.response) || !reading.quirks.is_empty()) {
                eprintln!("{file}: {:?}: {:?}", reading.quirks, text(raw.bytes));
            }
        }
        Err(error) => {
            bad += 1;
            eprintln!("{file}: {error}: {:?}", text(raw.bytes));
        }
    });
    if let Err(error) = rest {
        bad += 1;
        eprintln!("{file}: {error}");
    }
    println!("{file} ok={ok} unknown={unknown} bad={bad}");
    bad == 0
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned()
}

/// True for what no document names, and for a message that something of was set aside.
fn is_unknown(response: &Response<'_>) -> bool {
    let unknown =
        |item: &FetchItem<'_>| matches!(item, FetchItem::Unknown { .. } | FetchItem::Unreadable { .. });
    match response {
        Response::Unknown(_) => true,
        Response::Fetch(Fetch { items, .. }) => items.iter().any(unknown),
        _ => false,
    }
}

/// Hands the bytes over in pieces, and every response to `take`.
///
/// A recording may end without a line end: what is left is its last response.
fn stream<'a>(
    bytes: &'a [u8],
    mut take: impl FnMut(Raw<'_>, Result<Reading<'_>, ReadError>),
) -> Result<(), Box<dyn std::error::Error + 'a>> {
    let reader = Reader::default();
    let mut framer = Framer::new(Limits::default());
    for piece in bytes.chunks(64 << 10).chain([&b"\r\n"[..]]) {
        framer.handle_input(piece);
        while let Some(frame) = framer.poll_frame()? {
            match frame {
                Frame::Response(raw) => take(raw, reader.read(raw)),
                Frame::BodyHead { head, .. } => {
                    if let Err(error) = reader.read_body_head(head) {
                        take(head, Err(error));
                    }
                }
                Frame::BodyChunk(_) | Frame::BodyEnd => {}
            }
        }
    }
    let rest = framer.unread();
    if rest.trim_ascii().is_empty() { Ok(()) } else { Err(format!("cut off: {:?}", text(rest)).into()) }
}

/// What one run counted.
#[derive(Default)]
struct Run {
    responses: usize,
    errors: usize,
    kept: Vec<Response<'static>>,
}

impl Run {
    fn take(&mut self, result: Result<Reading<'_>, ReadError>, keep: bool) {
        self.responses += 1;
        match result {
            Ok(reading) if keep => self.kept.push(reading.response.into_owned()),
            Ok(reading) => drop(std::hint::black_box(reading)),
            Err(_) => self.errors += 1,
        }
    }
}

fn measure(file: &str, bytes: &[u8], options: &Options) -> String {
    let mut times = Vec::new();
    let mut last = Run::default();
    for _ in 0..options.reps {
        // What the run before kept is let go before this one begins.
        last = Run::default();
        let start = now();
        if options.stream {
            if stream(bytes, |_, result| last.take(result, options.keep)).is_err() {
                last.errors += 1;
            }
        } else {
            let reader = Reader::default();
            Responses::new(bytes).for_each(|raw| last.take(reader.read(raw), options.keep));
        }
        times.push(now() - start);
    }
    times.sort();
    let secs = times[times.len() / 2].as_secs_f64();
    format!(
        "{{\"label\":\"postern\",\"file\":{file:?},\"bytes\":{},\"responses\":{},\"errors\":{},\"secs\":{secs:.6},\"peak_rss_kb\":{}}}",
        bytes.len(),
        last.responses,
        last.errors,
        peak_rss_kb(),
    )
}

#[expect(clippy::disallowed_methods, reason = "a driver has a clock")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// The most memory that the process ever held, file and all, where the system tells (Linux).
fn peak_rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}
