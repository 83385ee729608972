//! Known answers, by what they are about.

mod bodies;
mod forgiven;
mod hostile;
mod messages;
mod simple;

use super::*;
use crate::imap::{Frame, Framer, Limits};

/// Reads one response, without its line end, that keeps to the grammar: nothing is forgiven, a strict reader
/// reads the same, and it is the same in pieces.
fn read(input: &str) -> Response<'static> {
    let bytes = format!("{input}\r\n").into_bytes();
    let reading = Reader::default().read(&bytes[..]).unwrap_or_else(|error| panic!("{input}: {error}"));
    assert!(reading.quirks.is_empty(), "{input}: {:?}", reading.quirks);
    let strict = Reader { strict: true, ..Reader::default() };
    assert_eq!(strict.read(&bytes[..]).expect(input).response, reading.response);
    let response = reading.response.into_owned();
    for at in 0..bytes.len() {
        let (a, b) = bytes.split_at(at);
        assert_eq!(in_pieces(&[a, b]), response, "{input} split at {at}");
    }
    response
}

/// Through a framer that streams nothing.
fn in_pieces(pieces: &[&[u8]]) -> Response<'static> {
    let mut framer = Framer::new(Limits { stream_over: usize::MAX, ..Limits::default() });
    for piece in pieces {
        framer.handle_input(piece);
        if let Some(Frame::Response(raw)) = framer.poll_frame().expect("within limits") {
            return Reader::default().read(raw).expect("read before").response.into_owned();
        }
    }
    panic!("no response in {pieces:?}");
}

fn check(input: &str, expected: &Response<'_>) {
    assert_eq!(&read(input), expected, "{input}");
}
