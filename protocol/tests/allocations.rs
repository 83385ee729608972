//! What reading costs in memory: nothing per message where only flags are asked for, and no more for a large body
//! than for a small one.
//!
//! A file of its own, because it counts what the allocator is asked for.

use allocation_counter::{AllocationInfo, measure};
use postern_protocol::Time;
use postern_protocol::imap::command::Compress;
use postern_protocol::imap::{Config, Connection, Frame, Framer, Limits, Reader, Responses};

/// `FETCH (UID FLAGS)` of so many messages.
fn flags(count: u32) -> Vec<u8> {
    const FLAGS: [&str; 4] = ["", "\\Seen", "\\Seen \\Answered $Forwarded", "NonJunk \\Flagged \\Seen"];
    let line = |n: u32| format!("* {n} FETCH (UID {} FLAGS ({}))\r\n", n + 1000, FLAGS[n as usize % 4]);
    (1..=count).map(line).collect::<String>().into_bytes()
}

#[test]
fn flags_allocate_nothing_per_message() {
    let session = flags(10_000);
    let mut read = 0;
    let cost = measure(|| {
        let reader = Reader::default();
        read = Responses::new(&session).filter(|&raw| reader.read(raw).is_ok()).count();
    });
    assert_eq!((read, cost.count_total), (10_000, 0));
}

/// The framer's buffer grows to the size of a piece, and then no more.
#[test]
fn flags_in_pieces_allocate_nothing_per_message() {
    let cost = |count: u32| {
        let session = flags(count);
        let mut read = 0;
        let cost = measure(|| read = stream(session.chunks(16 << 10)));
        assert_eq!(read, count as usize);
        (cost.count_total, cost.bytes_max)
    };
    assert_eq!(cost(20_000), cost(5_000));
}

/// What an envelope and a structure hold is three lists, whatever stands in them.
#[test]
fn a_message_of_a_list_takes_three_allocations() {
    let address = "(\"Ada\" NIL \"ada\" \"example.com\")";
    let text = "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 5 1 NIL NIL NIL NIL)";
    let session = format!(
        "* 1 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" RFC822.SIZE 44827 ENVELOPE \
         (\"Mon, 7 Feb 1994 21:52:25 -0800\" \"Hi\" ({address}) ({address}) ({address}) ({address}) NIL NIL NIL \
         \"<1@x>\") BODYSTRUCTURE ({text}{text} \"ALTERNATIVE\" (\"BOUNDARY\" \"b\") NIL NIL NIL))\r\n"
    );
    let cost = measure(|| assert!(Reader::default().read(session.as_bytes()).is_ok()));
    assert_eq!((cost.count_total, cost.bytes_current), (3, 0));
}

#[test]
fn a_large_body_takes_no_more_memory_than_a_small_one() {
    let cost = |size: usize| -> AllocationInfo {
        let head = format!("* 1 FETCH (UID 7 BODY[] {{{size:09}}}\r\n");
        let piece = vec![b'x'; 64 << 10];
        let full = std::iter::repeat_n(&piece[..], size / piece.len());
        let pieces = [head.as_bytes()].into_iter().chain(full).chain([&b" FLAGS (\\Seen))\r\n"[..]]);
        measure(|| assert_eq!(stream(pieces), 1))
    };
    let (small, large) = (cost(1 << 20), cost(256 << 20));
    assert_eq!(large.bytes_max, small.bytes_max);
    assert!(large.bytes_max < 512 << 10, "{large:?}");
}

/// Mostly the deflater's tables, which `miniz_oxide` has in one size.
#[test]
fn compression_takes_under_half_a_megabyte_a_connection() {
    let now = Time::ZERO;
    let mut connection = Connection::new(Config::default(), now);
    connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi\r\n", now);
    connection.send(Compress, now);
    while connection.poll_output().is_some() {}
    let cost = measure(|| {
        connection.handle_input(b"A1 OK deflated\r\n", now);
        while connection.poll_output().is_some() {}
    });
    let kept = usize::try_from(cost.bytes_current).expect("more is kept than before");
    assert!((64 << 10..450 << 10).contains(&kept), "{kept} bytes");
}

/// Hands the pieces to a framer and reads what comes out: how many responses there were.
fn stream<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> usize {
    let (reader, mut framer, mut read) = (Reader::default(), Framer::new(Limits::default()), 0);
    for piece in pieces {
        framer.handle_input(piece);
        while let Some(frame) = framer.poll_frame().expect("within limits") {
            match frame {
                Frame::Response(raw) => read += usize::from(reader.read(raw).is_ok()),
                Frame::BodyHead { head, .. } => assert!(reader.read_body_head(head).is_ok()),
                Frame::BodyChunk(_) | Frame::BodyEnd => {}
            }
        }
    }
    read
}
