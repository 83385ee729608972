//! Reads files as the bytes that a server sent.
//!
//! ```text
//! responses [--verbose] FILE…
//!     prints `FILE ok=N unknown=N bad=N` for each, and exits with 1 where a `bad` is not 0.
//!     What could not be read, and with --verbose what is unknown or was forgiven, goes to standard error.
//!     `unknown` is what no document names, and what is named but had to be set aside, in whole or in part.
//!     A recording may begin and end anywhere: a last response that is cut off is told, but is not bad. Where
//!     lines end with LF, the literals' sizes tell whether they once ended with CRLF.
//! responses --reps N [--stream] [--keep] FILE
//!     reads FILE N times and prints one line of JSON with the median time. The file lies in memory as a whole;
//!     --stream hands it over in pieces of 64 KiB, as a socket would; --keep makes every answer owned and holds
//!     all of them until the end of the run.
//! ```

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::process::ExitCode;

use postern_protocol::imap::{
    Fetch, FetchItem, Frame, FrameError, Framer, Limits, Raw, ReadError, Reader, Reading, Response, Responses,
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
    let tally = Tally::of(bytes, verbose);
    // An editor or a version control system may have changed line ends, and no literal's size with them.
    let may_be_changed = tally.rank() > Tally::default().rank() && has_literal(bytes);
    let others = [with_crlf, with_lf].into_iter().filter(|_| may_be_changed);
    let tally = others.map(|change| Tally::of(&change(bytes), verbose)).fold(tally, Tally::better);
    tally.notes.iter().for_each(|note| eprintln!("{file}: {note}"));
    println!("{file} ok={} unknown={} bad={}", tally.ok, tally.unknown, tally.bad);
    tally.bad == 0
}

/// True if the size of a literal stands anywhere.
fn has_literal(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|two| two == b"}\n" || two == b"}\r")
}

/// As they were before something took their CR from lines, all of them or some.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    with_ends(bytes, b"\r\n")
}

/// As they were before something gave lines a CR.
fn with_lf(bytes: &[u8]) -> Vec<u8> {
    with_ends(bytes, b"\n")
}

fn with_ends(bytes: &[u8], end: &[u8]) -> Vec<u8> {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    lines.fold(Vec::with_capacity(bytes.len() * 2), |mut all, line| {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                all.extend(line.strip_suffix(b"\r").unwrap_or(line));
                all.extend(end);
            }
            None => all.extend(line),
        }
        all
    })
}

/// What a session was found to hold.
#[derive(Default)]
struct Tally {
    ok: usize,
    unknown: usize,
    bad: usize,
    /// Octets at the end that are no whole response.
    cut_off: usize,
    notes: Vec<String>,
}

impl Tally {
    fn of(bytes: &[u8], verbose: bool) -> Self {
        let mut tally = Self::default();
        let rest = stream(bytes, |raw, result, last| tally.take(raw, result, verbose, last));
        match rest {
            Ok(0) => {}
            Ok(rest) => tally.cut_off(&bytes[bytes.len().saturating_sub(rest)..]),
            Err(error) => {
                tally.bad += 1;
                tally.notes.push(error.to_string());
            }
        }
        tally
    }

    fn take(&mut self, raw: Raw<'_>, result: Result<Reading<'_>, ReadError>, verbose: bool, last: bool) {
        match result {
            Ok(Reading { response, quirks, .. }) => {
                let unknown = is_unknown(&response);
                *(if unknown { &mut self.unknown } else { &mut self.ok }) += 1;
                if verbose && (unknown || !quirks.is_empty()) {
                    self.notes.push(format!("{quirks:?}: {:?}", text(raw.bytes)));
                }
            }
            Err(_) if last => self.cut_off(raw.bytes),
            Err(error) => {
                self.bad += 1;
                self.notes.push(format!("{error}: {:?}", text(raw.bytes)));
            }
        }
    }

    fn cut_off(&mut self, rest: &[u8]) {
        self.cut_off += rest.len();
        self.notes.push(format!("cut off: {:?}", text(rest)));
    }

    /// The better of two readings of the same session; this one where they are alike.
    fn better(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }

    /// Smaller is better: first nothing that can't be read, then nothing that is left over or unknown.
    fn rank(&self) -> (usize, bool, usize) {
        (self.bad, self.cut_off > 0, self.unknown)
    }
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

/// Hands the bytes over in pieces, and every response to `take`, with whether it is a last one without its line
/// end; how many octets are left over comes back.
fn stream(
    bytes: &[u8],
    mut take: impl FnMut(Raw<'_>, Result<Reading<'_>, ReadError>, bool),
) -> Result<usize, FrameError> {
    let (reader, mut framer) = (Reader::default(), Framer::new(Limits::default()));
    let mut in_body = false;
    let end = (END, !bytes.ends_with(b"\n"));
    for (piece, last) in bytes.chunks(64 << 10).map(|piece| (piece, false)).chain([end]) {
        framer.handle_input(piece);
        while let Some(frame) = framer.poll_frame()? {
            match frame {
                Frame::Response(raw) => take(raw, reader.read(raw), last),
                Frame::BodyHead { head, .. } => {
                    in_body = true;
                    // What is wrong with it, if anything is, shows again where its response ends.
                    drop(std::hint::black_box(reader.read_body_head(head)));
                }
                Frame::BodyChunk(_) => {}
                Frame::BodyEnd => in_body = false,
            }
        }
    }
    Ok(framer.unread().trim_ascii_end().len().max(usize::from(in_body)))
}

/// What the last line may lack.
const END: &[u8] = b"\r\n";

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
            if stream(bytes, |_, result, _| last.take(result, options.keep)).is_err() {
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
