use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A frame as a client writes it; `first` is the byte with the opcode.
pub(in crate::ws) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x12, 0x34, 0x56, 0x78];
    let mut bytes = vec![first];
    // By hand, since what writes frames is what is tested; 0x80 says that a mask follows.
    match payload.len() {
        length @ 0..=125 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// Data, answers to pings, and the end that `input` leads to, whole and cut at every byte.
fn check(input: &[u8], data: &[u8], pongs: &[u8], end: Option<End>) {
    for cut in 0..=input.len() {
        let got = decode([&input[..cut], &input[cut..]].into_iter());
        assert_eq!(got, (data.to_vec(), pongs.to_vec(), end), "cut at {cut} of {input:02x?}");
    }
}

/// Data, answers to pings, and the end of what comes in these pieces.
fn decode<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, Vec<u8>, Option<End>) {
    let mut decoder = Decoder::new(MAX);
    let (mut data, mut end) = (Vec::new(), None);
    for piece in pieces {
        let mut piece = piece.to_vec();
        if end.is_none() {
            let decoded = decoder.decode(&mut piece);
            data.extend(&piece[decoded.data]);
            end = decoded.end;
        }
    }
    (data, decoder.take_pongs(), end)
}

proptest! {
    /// Of every kind, whole and cut short, with noise between.
    #[test]
    fn p17_any_frames_mean_the_same_however_they_are_cut(
        frames in vec((any::<u8>(), vec(any::<u8>(), 0..200), 0..200_usize, any::<bool>()), 0..12),
        size in 1..50_usize,
    ) {
        let input: Vec<u8> = frames
            .into_iter()
            .flat_map(|(first, payload, length, noise)| {
                let whole = frame(if noise { first } else { 0x80 | (first % 11) }, &payload);
                let length = if noise { length.min(whole.len()) } else { whole.len() };
                whole[..length].to_vec()
            })
            .collect();
        let (data, pongs, end) = decode([&input[..]].into_iter());
        prop_assert!(data.len() <= input.len());
        prop_assert_eq!((data, pongs, end), decode(input.chunks(size)));
    }
}

#[test]
fn data_passes_on_and_control_frames_do_not() {
    check(&frame(0x82, b"a1 NOOP\r\n"), b"a1 NOOP\r\n", b"", None);
    check(&[frame(0x82, b"one"), frame(0x82, b""), frame(0x82, b"two")].concat(), b"onetwo", b"", None);
    check(&frame(0x82, &[b'x'; 300]), &[b'x'; 300], b"", None);
    check(&frame(0x8a, b"unasked"), b"", b"", None);
    check(&[frame(0x89, b"hi"), frame(0x82, b"x")].concat(), b"x", b"\x8a\x02hi", None);
    check(&[frame(0x89, b"1"), frame(0x89, b"2")].concat(), b"", b"\x8a\x011\x8a\x012", None);
}

#[test]
fn fragments_are_one_message_with_control_frames_between() {
    let message = [frame(0x02, b"ab"), frame(0x89, b""), frame(0x00, b"cd"), frame(0x80, b"ef")];
    check(&message.concat(), b"abcdef", b"\x8a\x00", None);
    check(&[frame(0x02, b"a"), frame(0x82, b"b")].concat(), b"a", b"", Some(End::Refused(Reason::Protocol)));
    check(&frame(0x80, b"a"), b"", b"", Some(End::Refused(Reason::Protocol)));
}

#[test]
fn a_close_frame_ends_the_data() {
    let close = |payload: &[u8]| [frame(0x82, b"x"), frame(0x88, payload), frame(0x82, b"y")].concat();
    for payload in [&b""[..], b"\x03\xe8", b"\x03\xe8bye", b"\x0b\xb8", b"\x13\x87"] {
        check(&close(payload), b"x", b"", Some(End::Closed));
    }
    // One byte, codes that are never sent, and a reason that is not UTF-8 (RFC 6455 section 7.4).
    for payload in
        [&b"\x03"[..], b"\x03\xe7", b"\x03\xed", b"\x03\xee", b"\x0b\xb7", b"\x13\x88", b"\x03\xe8\xff"]
    {
        check(&close(payload), b"x", b"", Some(End::Refused(Reason::Protocol)));
    }
}

#[test]
fn what_breaks_the_rfc_is_refused() {
    for (input, reason) in [
        (frame(0x81, b"text"), Reason::TextRefused),
        (frame(0xc2, b"compressed"), Reason::Protocol),
        (frame(0xa2, b"reserved"), Reason::Protocol),
        (frame(0x83, b"unknown"), Reason::Protocol),
        (frame(0x8b, b"unknown"), Reason::Protocol),
        (frame(0x09, b"a control frame in parts"), Reason::Protocol),
        (frame(0x89, &[0; 126]), Reason::Protocol),
        (b"\x82\x02ab".to_vec(), Reason::Protocol),
        (b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff1234".to_vec(), Reason::Protocol),
        (b"\x82\xff\x00\x00\x00\x00\x00\x00\x04\x011234".to_vec(), Reason::TooBig),
        ([frame(0x02, &[0; 600]), frame(0x80, &[0; 600])].concat(), Reason::TooBig),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), Reason::Protocol),
    ] {
        let mut decoder = Decoder::new(MAX);
        assert_eq!(decoder.decode(&mut input.clone()).end, Some(End::Refused(reason)), "{input:02x?}");
    }
}

#[test]
fn a_length_alone_is_judged_before_its_payload_comes() {
    let mut decoder = Decoder::new(MAX);
    let mut header = frame(0x82, &[0; 5000])[..8].to_vec();
    assert_eq!(decoder.decode(&mut header).end, Some(End::Refused(Reason::TooBig)));
}

#[test]
fn pings_without_end_do_not_pile_up() {
    let mut decoder = Decoder::new(MAX);
    let mut flood = frame(0x89, &[b'x'; 125]).repeat(1000);
    decoder.decode(&mut flood);
    assert!(decoder.take_pongs().len() <= MAX_PONGS + 2 + MAX_CONTROL);
}

#[test]
fn headers_end_where_the_payload_starts() {
    for (length, header) in
        [(0, &b"\x82\x00"[..]), (125, b"\x82\x7d"), (126, b"\x82\x7e\x00\x7e"), (65_532, b"\x82\x7e\xff\xfc")]
    {
        let mut bytes = vec![0; MAX_HEADER + length];
        let start = put_header(&mut bytes, MAX_HEADER..MAX_HEADER + length);
        assert_eq!(&bytes[start..MAX_HEADER], header, "{length}");
    }
}

#[test]
fn every_reason_fits_a_close_frame() {
    let mut frame = Vec::new();
    put_control(&mut frame, close_frame(Reason::GoingAway));
    assert_eq!(frame[..4], [0x88, u8::try_from(frame.len() - 2).unwrap(), 0x03, 0xe9]);
    assert!(frame[4..].starts_with(b"going-away: "));
}

const MAX: u64 = 1024;
