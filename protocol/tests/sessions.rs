//! Sessions made up as servers of two dozen families lead them, faults and all; those of pymap, Twisted, hoodiecrow and
//! `WildDuck` are what these said to the cases of `tests`. Every response is read, none has anything unknown in it, and it
//! does not matter how the bytes arrive.
//!
//! In the files, lines end with LF; a literal's size counts CRLF, as it did on the wire.

use std::path::Path;

use postern_protocol::imap::{FetchItem, Frame, Framer, Limits, Reader, Response, Responses};

#[test]
fn every_family_is_understood() {
    let mut sessions = 0;
    for (name, bytes) in all() {
        let mut rest = Responses::new(&bytes);
        let mut whole = Vec::new();
        for raw in &mut rest {
            let reading = Reader::default().read(raw).unwrap_or_else(|error| panic!("{name}: {error}"));
            let line = String::from_utf8_lossy(raw.bytes);
            assert!(!is_unknown(&reading.response), "{name}: {:?} {line}", reading.quirks);
            whole.push(reading.response);
        }
        assert!(rest.rest().is_empty(), "{name}: {:?}", String::from_utf8_lossy(rest.rest()));
        for size in [1, 7, 4096] {
            assert_eq!(in_pieces(&bytes, size), whole, "{name} in pieces of {size}");
        }
        sessions += 1;
    }
    assert!(sessions >= 28, "{sessions}");
}

/// With bodies streamed as they are by default, each response comes out as one, and all of a body's octets do.
#[test]
fn bodies_stream_out_of_every_session() {
    for (name, bytes) in all() {
        let mut framer = Framer::new(Limits { stream_over: 16, ..Limits::default() });
        let (mut responses, mut announced, mut streamed) = (0, 0, 0);
        for piece in bytes.chunks(10) {
            framer.handle_input(piece);
            while let Some(frame) = framer.poll_frame().unwrap_or_else(|error| panic!("{name}: {error}")) {
                match frame {
                    Frame::Response(raw) => {
                        assert!(Reader::default().read(raw).is_ok(), "{name}: {raw:?}");
                        responses += 1;
                    }
                    Frame::BodyHead { head, size } => {
                        assert!(Reader::default().read_body_head(head).is_ok(), "{name}: {head:?}");
                        announced += size;
                    }
                    Frame::BodyChunk(chunk) => streamed += chunk.len() as u64,
                    Frame::BodyEnd => {}
                }
            }
        }
        assert_eq!((responses, streamed), (Responses::new(&bytes).count(), announced), "{name}");
    }
}

/// The files' names and bytes, as they were on the wire.
fn all() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let files = std::fs::read_dir(folder).expect("the sessions lie beside this file");
    let read = |file: std::io::Result<std::fs::DirEntry>| {
        let file = file.expect("a file");
        let text = std::fs::read_to_string(file.path()).expect("text");
        (file.file_name().to_string_lossy().into_owned(), text.replace('\n', "\r\n").into_bytes())
    };
    files.map(read).collect()
}

fn in_pieces(bytes: &[u8], size: usize) -> Vec<Response<'static>> {
    let mut framer = Framer::new(Limits { stream_over: usize::MAX, ..Limits::default() });
    let mut responses = Vec::new();
    for piece in bytes.chunks(size) {
        framer.handle_input(piece);
        while let Ok(Some(Frame::Response(raw))) = framer.poll_frame() {
            responses.extend(Reader::default().read(raw).map(|reading| reading.response.into_owned()));
        }
    }
    responses
}

fn is_unknown(response: &Response<'_>) -> bool {
    let unknown =
        |item: &FetchItem<'_>| matches!(item, FetchItem::Unknown { .. } | FetchItem::Unreadable { .. });
    match response {
        Response::Unknown(_) => true,
        Response::Fetch(fetch) => fetch.items.iter().any(unknown),
        _ => false,
    }
}
