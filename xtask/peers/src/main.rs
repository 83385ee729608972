//! Reads a file of IMAP responses with another parser, as `examples/responses` does with ours, and says the same.
//!
//! ```text
//! peers NAME --reps N [--keep] FILE      NAME: limit, imap-codec or imap-proto
//! ```
//!
//! The whole file lies in memory. `--keep` makes every answer owned and holds all of them to the end of the run.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use imap_codec::ResponseCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::IntoStatic;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (name, reps, keep, file) = match arguments[..] {
        [name, "--reps", reps, "--keep", file] => (name, reps, true, file),
        [name, "--reps", reps, file] => (name, reps, false, file),
        _ => return usage(),
    };
    let read = match (name, keep) {
        ("limit", false) => limit,
        ("imap-codec", false) => |bytes: &[u8]| imap_codec(bytes, drop),
        ("imap-codec", true) => {
            |bytes: &[u8]| keeping(|kept| imap_codec(bytes, |r| kept.push(r.into_static())))
        }
        ("imap-proto", false) => |bytes: &[u8]| imap_proto(bytes, drop),
        ("imap-proto", true) => {
            |bytes: &[u8]| keeping(|kept| imap_proto(bytes, |r| kept.push(r.into_owned())))
        }
        _ => return usage(),
    };
    let (Ok(reps), Ok(bytes)) = (reps.parse(), std::fs::read(file)) else { return usage() };
    println!("{}", measure(name, file, &bytes, reps, read));
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: peers limit|imap-codec|imap-proto --reps N [--keep] FILE");
    ExitCode::from(2)
}

/// How many responses there were, and how many could not be read.
#[derive(Clone, Copy, Default)]
struct Count {
    responses: usize,
    errors: usize,
}

fn measure(label: &str, file: &str, bytes: &[u8], reps: usize, read: impl Fn(&[u8]) -> Count) -> String {
    let mut count = Count::default();
    let mut times: Vec<f64> = (0..reps.max(1))
        .map(|_| {
            let start = Instant::now();
            count = black_box(read(black_box(bytes)));
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (length, secs, Count { responses, errors }) = (bytes.len(), times[times.len() / 2], count);
    format!(
        "{{\"label\":{label:?},\"file\":{file:?},\"bytes\":{length},\"responses\":{responses},\"errors\":{errors},\"secs\":{secs:.6},\"peak_rss_kb\":{}}}",
        peak_rss_kb()
    )
}

/// The answers are let go inside the measured time, as ours are.
fn keeping<T>(read: impl FnOnce(&mut Vec<T>) -> Count) -> Count {
    let mut kept = Vec::new();
    let count = read(&mut kept);
    black_box(&kept);
    count
}

/// What no reader can be faster than: the ends of lines, and literals passed over by their size.
fn limit(bytes: &[u8]) -> Count {
    let (mut at, mut responses) = (0, 0);
    while let Some(end) = memchr::memchr(b'\n', &bytes[at..]) {
        let line = &bytes[at..at + end];
        at += end + 1;
        match literal(line) {
            Some(size) => at = (at + size).min(bytes.len()),
            None => responses += 1,
        }
    }
    Count { responses, errors: 0 }
}

fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"}\r")?;
    let brace = memchr::memrchr(b'{', line)?;
    std::str::from_utf8(&line[brace + 1..]).ok()?.parse().ok()
}

fn imap_codec<'a>(
    bytes: &'a [u8],
    mut take: impl FnMut(imap_codec::imap_types::response::Response<'a>),
) -> Count {
    let codec = ResponseCodec::default();
    each(bytes, |rest| {
        let (rest, response) = codec.decode(rest).ok()?;
        take(response);
        Some(rest)
    })
}

fn imap_proto<'a>(bytes: &'a [u8], mut take: impl FnMut(imap_proto::Response<'a>)) -> Count {
    each(bytes, |rest| {
        let (rest, response) = imap_proto::Response::parse(rest).ok()?;
        take(response);
        Some(rest)
    })
}

/// Response after response; one that can't be read is passed over up to its line's end.
fn each<'a>(mut rest: &'a [u8], mut read: impl FnMut(&'a [u8]) -> Option<&'a [u8]>) -> Count {
    let mut count = Count::default();
    while !rest.is_empty() {
        count.responses += 1;
        rest = read(rest).unwrap_or_else(|| {
            count.errors += 1;
            memchr::memchr(b'\n', rest).map_or(&[], |end| &rest[end + 1..])
        });
    }
    count
}

/// The most memory that the process ever held, file and all, where the system tells (Linux).
fn peak_rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}
