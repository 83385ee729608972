//! The stream cut in pieces gives the same frames as the stream at once, and no byte is lost.
//!
//! The first byte of the input says how long the pieces are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postern_protocol::imap::{Frame, FrameError, Framer, Limits};

fuzz_target!(|input: &[u8]| {
    let Some((&size, stream)) = input.split_first() else { return };
    let whole = frames(&[stream]);
    let pieces: Vec<&[u8]> = stream.chunks(usize::from(size).max(1)).collect();
    assert_eq!(whole, frames(&pieces));
});

/// What came out, with the chunks of each body joined.
fn frames(pieces: &[&[u8]]) -> Result<Vec<Vec<u8>>, (FrameError, usize)> {
    let limits = Limits { line: 4096, literal: 4096, response: 8192, literals: 50, stream_over: 8 };
    let mut framer = Framer::new(limits);
    let mut out: Vec<Vec<u8>> = Vec::new();
    let mut in_body = false;
    for piece in pieces {
        framer.handle_input(piece);
        loop {
            let count = out.len();
            match framer.poll_frame().map_err(|error| (error, count))? {
                None => break,
                Some(Frame::BodyChunk(chunk)) => {
                    assert!(in_body && !chunk.is_empty());
                    out.last_mut().expect("a head came first").extend(chunk);
                }
                Some(Frame::BodyHead { head, .. }) => {
                    assert_eq!(head.streamed.last(), Some(&head.bytes.len()));
                    in_body = true;
                    out.extend([head.bytes.to_vec(), Vec::new()]);
                }
                Some(Frame::BodyEnd) => in_body = false,
                Some(Frame::Response(raw)) => {
                    assert!(!in_body && raw.bytes.ends_with(b"\n"));
                    out.push(raw.bytes.to_vec());
                }
            }
        }
    }
    Ok(out)
}
