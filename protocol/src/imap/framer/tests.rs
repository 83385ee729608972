use super::*;

/// One stream, cut at once, in two pieces at every byte, and byte by byte: the frames are always `expected`.
///
/// Chunks of one body are joined, since their borders follow the input's. Each frame is shown with a letter:
/// R(esponse), H(ead), C(hunks), E(nd).
fn check(input: &str, expected: &[&str]) {
    let limits = Limits { stream_over: 4, ..Limits::default() };
    assert_eq!(frames(&[input.as_bytes()], limits), Ok(expected.iter().map(ToString::to_string).collect()));
    for at in 0..input.len() {
        let (a, b) = input.as_bytes().split_at(at);
        assert_eq!(frames(&[a, b], limits).unwrap(), expected, "split at {at}");
    }
    let bytes: Vec<&[u8]> = input.as_bytes().chunks(1).collect();
    assert_eq!(frames(&bytes, limits).unwrap(), expected, "byte by byte");
}

fn frames(pieces: &[&[u8]], limits: Limits) -> Result<Vec<String>, FrameError> {
    let mut framer = Framer::new(limits);
    let mut out: Vec<String> = Vec::new();
    for piece in pieces {
        framer.handle_input(piece);
        while let Some(frame) = framer.poll_frame()? {
            let show = |raw: Raw<'_>| String::from_utf8_lossy(raw.bytes).into_owned();
            match frame {
                Frame::Response(raw) => out.push(format!("R{}", show(raw))),
                Frame::BodyHead { head, size } => {
                    assert_eq!(head.streamed.last(), Some(&head.bytes.len()));
                    out.push(format!("H{size} {}", show(head)));
                }
                Frame::BodyChunk(chunk) => match out.last_mut() {
                    Some(last) if last.starts_with('C') => last.push_str(&String::from_utf8_lossy(chunk)),
                    _ => out.push(format!("C{}", String::from_utf8_lossy(chunk))),
                },
                Frame::BodyEnd => out.push("E".into()),
            }
        }
    }
    Ok(out)
}

#[test]
fn lines_and_literals() {
    check("* OK hi\r\na1 OK done\r\n", &["R* OK hi\r\n", "Ra1 OK done\r\n"]);
    check("* OK hi\n* 1 EXISTS\r\r\n", &["R* OK hi\n", "R* 1 EXISTS\r\r\n"]);
    check("\r\n\r\n* OK\r\n  \r\n", &["R* OK\r\n"]);
    check("* LIST () \"/\" {3}\r\na\r\n\r\n* X\r\n", &["R* LIST () \"/\" {3}\r\na\r\n\r\n", "R* X\r\n"]);
    check("* X {3+}\r\nabc {0}\r\n ~{2}\r\n\0\n)\r\n", &["R* X {3+}\r\nabc {0}\r\n ~{2}\r\n\0\n)\r\n"]);
}

/// RFC 9051 section 7.1: the words of a status response may be anything.
#[test]
fn a_brace_in_words_is_no_literal() {
    check(
        "* OK see {12}\r\n+ go {5}\r\na NO {1}\r\n",
        &["R* OK see {12}\r\n", "R+ go {5}\r\n", "Ra NO {1}\r\n"],
    );
    check("* X a{-1}\r\n* X {}\r\n* X {1x}\r\n", &["R* X a{-1}\r\n", "R* X {}\r\n", "R* X {1x}\r\n"]);
}

#[test]
fn large_bodies_go_by_in_chunks() {
    check(
        "* 1 FETCH (UID 7 BODY[] {6}\r\nab\r\ncd FLAGS (\\Seen))\r\n* 2 EXISTS\r\n",
        &[
            "H6 * 1 FETCH (UID 7 BODY[] {6}\r\n",
            "Cab\r\ncd",
            "E",
            "R* 1 FETCH (UID 7 BODY[] {6}\r\n FLAGS (\\Seen))\r\n",
            "R* 2 EXISTS\r\n",
        ],
    );
    check(
        "* 1 fetch (BODY[1]<0> {5}\r\n12345 BODY[HEADER] {1}\r\nx RFC822.TEXT ~{5}\r\n67890)\r\n",
        &[
            "H5 * 1 fetch (BODY[1]<0> {5}\r\n",
            "C12345",
            "E",
            "H5 * 1 fetch (BODY[1]<0> {5}\r\n BODY[HEADER] {1}\r\nx RFC822.TEXT ~{5}\r\n",
            "C67890",
            "E",
            "R* 1 fetch (BODY[1]<0> {5}\r\n BODY[HEADER] {1}\r\nx RFC822.TEXT ~{5}\r\n)\r\n",
        ],
    );
}

#[test]
fn a_line_break_in_quotes_or_before_the_last_parenthesis_is_joined() {
    let split = "* 1 FETCH (ENVELOPE (\"a\r\n b\" \"c {3}\r\n)\" NIL))\r\n";
    check(&format!("{split}* 2 EXISTS\r\n"), &[&format!("R{split}"), "R* 2 EXISTS\r\n"]);
    let late = "* 1 FETCH (BODY[1] {2}\r\nab\r\n)\r\n";
    check(&format!("{late}a OK\r\n"), &[&format!("R{late}"), "Ra OK\r\n"]);
    check(
        "* 1 FETCH (BODY[1] {5}\r\nabcde\r\n)\r\na OK\r\n",
        &[
            "H5 * 1 FETCH (BODY[1] {5}\r\n",
            "Cabcde",
            "E",
            "R* 1 FETCH (BODY[1] {5}\r\n\r\n)\r\n",
            "Ra OK\r\n",
        ],
    );
    // Where the next line is a response, the doubtful one ended after all.
    check(
        "* 1 FETCH (ENVELOPE (\"a\r\n* 2 EXISTS\r\n",
        &["R* 1 FETCH (ENVELOPE (\"a\r\n", "R* 2 EXISTS\r\n"],
    );
    check("* 1 FETCH (FLAGS ()\r\na OK\r\n", &["R* 1 FETCH (FLAGS ()\r\n", "Ra OK\r\n"]);
}

/// Found by fuzzing: a line of one word was taken for a FETCH response where the next line had arrived, too.
#[test]
fn the_next_line_does_not_tell_what_this_one_is() {
    check("@\"\n1 FETCH (\n* 2 EXISTS\r\n", &["R@\"\n", "R1 FETCH (\n", "R* 2 EXISTS\r\n"]);
}

/// S1: a declared size allocates nothing, whatever it is.
#[test]
fn s1_declared_sizes_are_not_believed() {
    let check = |input: &str, expected| {
        let mut framer = Framer::default();
        framer.handle_input(input.as_bytes());
        assert_eq!(framer.poll_frame().map(|frame| frame.is_some()), expected, "{input}");
        assert!(framer.buffer.capacity() < 1024);
    };
    let too_long = Err(FrameError::LiteralTooLong(Limits::default().literal));
    check("* LIST () \"/\" {4294967295}\r\n", too_long);
    check("* LIST () \"/\" {99999999999999999999}\r\n", too_long);
    check("* 1 FETCH (BODY[] {99999999999999999999}\r\n", too_long);
    check("* 1 FETCH (ENVELOPE ({4294967295}\r\n", too_long);
    // A body is streamed, so its size costs nothing.
    check("* 1 FETCH (BODY[] {4294967295}\r\n", Ok(true));
    check("* LIST () \"/\" {-1}\r\n", Ok(true));
    check("* LIST () \"/\" {}\r\n", Ok(true));
}

/// S2: each limit ends the stream, and says which it was.
#[test]
fn s2_limits() {
    let limits = Limits { line: 20, literal: 8, response: 40, literals: 2, stream_over: 4 };
    let check = |input: &str, error| {
        assert_eq!(frames(&[input.as_bytes()], limits), Err(error));
        let bytes: Vec<&[u8]> = input.as_bytes().chunks(1).collect();
        assert_eq!(frames(&bytes, limits), Err(error));
    };
    check("* X 567890123456789012345", FrameError::LineTooLong(20));
    check("* X {9}\r\n", FrameError::LiteralTooLong(8));
    check("* X {8}\r\n12345678 {8}\r\n12345678 9012345678", FrameError::ResponseTooLong(40));
    check("* X {1}\r\na {1}\r\na {1}\r\n", FrameError::TooManyLiterals(2));
}

/// S3: many tiny literals cost no more each than few do. Linear work is done at once; quadratic work would be
/// 40,000,000,000 steps, and this test would not end.
#[test]
fn s3_many_tiny_literals_stay_linear() {
    let mut input = b"* 1 FETCH (X (".to_vec();
    for _ in 0..200_000 {
        input.extend(b"{1}\r\na ");
    }
    input.extend(b"\r\n))\r\n");
    let mut framer = Framer::default();
    let mut responses = 0;
    for piece in input.chunks(1000) {
        framer.handle_input(piece);
        while framer.poll_frame().unwrap().is_some() {
            responses += 1;
        }
    }
    assert_eq!(responses, 1);
}

/// A body of any size passes through without being held.
#[test]
fn a_streamed_body_takes_no_room() {
    let mut framer = Framer::default();
    framer.handle_input(b"* 1 FETCH (BODY[] {1000000000}\r\n");
    assert!(matches!(framer.poll_frame(), Ok(Some(Frame::BodyHead { size: 1_000_000_000, .. }))));
    let piece = [b'x'; 64 << 10];
    let mut seen = 0;
    for _ in 0..1000 {
        framer.handle_input(&piece);
        while let Some(Frame::BodyChunk(chunk)) = framer.poll_frame().unwrap() {
            seen += chunk.len();
        }
    }
    assert_eq!(seen, 1000 * piece.len());
    assert!(framer.buffer.capacity() < 4 * piece.len());
}

#[test]
fn what_follows_can_be_taken_out() {
    let mut framer = Framer::default();
    framer.handle_input(b"a OK go\r\n\x16\x03");
    assert!(framer.poll_frame().unwrap().is_some());
    assert_eq!(framer.unread(), b"\x16\x03");
    assert_eq!(framer.take_unread(), b"\x16\x03");
    assert!(framer.unread().is_empty());
}

/// In memory as a whole, the same responses come out.
#[test]
fn responses_of_a_slice() {
    let bytes = b"* OK hi\r\n\r\n* 1 FETCH (BODY[] {6}\r\nab\r\ncd)\r\n* half";
    let mut responses = Responses::new(bytes);
    let lengths: Vec<usize> = responses.by_ref().map(|raw| raw.bytes.len()).collect();
    assert_eq!(lengths, [9, 32]);
    assert_eq!(responses.rest(), b"* half");
}
