//! The case families of Autobahn's fuzzing client (P17), by frames written by hand.
//!
//! Autobahn's own test suite runs on Python 2 alone, so its cases stand here as data under its numbers, against the
//! proxy before an echo server. The families 12 and 13 are compression, which the proxy never agrees to; text, in 1.1, 6
//! and 9.1, is refused with 1003, since mail is bytes; and messages over 1 MiB, in 9, with 1009.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::*;

/// What must come of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Everything comes back, and the client's own Close is answered with 1000.
    Fine,
    /// The proxy closes with this code.
    Fails(u16),
}

struct Case {
    name: String,
    /// What the client writes. A Close frame follows where all goes well.
    frames: Vec<u8>,
    /// So many bytes at once.
    chop: usize,
    pongs: Vec<Vec<u8>>,
    end: End,
}

/// What a client got.
#[derive(Debug, Default)]
struct Got {
    data: Vec<u8>,
    pongs: Vec<Vec<u8>>,
    close: Option<u16>,
}

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
const FIN: u8 = 0x80;
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A masked frame; `first` holds FIN, reserved bits and opcode.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn message(payload: &[u8]) -> Vec<u8> {
    frame(FIN | BINARY, payload)
}

fn ping(payload: &[u8]) -> Vec<u8> {
    frame(FIN | PING, payload)
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// A message in frames of so many bytes, with something between each two.
fn fragments(payload: &[u8], size: usize, between: &[u8]) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut pieces = payload.chunks(size).enumerate().peekable();
    while let Some((index, piece)) = pieces.next() {
        let opcode = if index == 0 { BINARY } else { 0 };
        let last = pieces.peek().is_none();
        frames.extend(frame(opcode | if last { FIN } else { 0 }, piece));
        if !last {
            frames.extend(between);
        }
    }
    frames
}

/// Collects cases under their numbers.
#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: &str, parts: &[Vec<u8>], end: End) -> &mut Case {
        self.0.push(Case {
            name: name.to_owned(),
            frames: parts.concat(),
            chop: usize::MAX,
            pongs: Vec::new(),
            end,
        });
        self.0.last_mut().unwrap()
    }

    fn fine(&mut self, name: &str, parts: &[Vec<u8>]) -> &mut Case {
        self.add(name, parts, End::Fine)
    }

    fn fails(&mut self, name: &str, parts: &[Vec<u8>]) -> &mut Case {
        self.add(name, parts, End::Fails(1002))
    }
}

impl Case {
    fn chopped(&mut self, chop: usize) -> &mut Self {
        self.chop = chop;
        self
    }

    fn pongs(&mut self, pongs: &[&[u8]]) -> &mut Self {
        self.pongs = pongs.iter().map(|pong| pong.to_vec()).collect();
        self
    }
}

fn framing(cases: &mut Cases) {
    for (number, length) in [0, 125, 126, 127, 128, 65_535, 65_536].into_iter().enumerate() {
        cases.add(
            &format!("1.1.{}", number + 1),
            &[frame(FIN | TEXT, &vec![b'*'; length])],
            End::Fails(1003),
        );
        cases.fine(&format!("1.2.{}", number + 1), &[message(&vec![0xfe; length])]);
    }
    cases.fine("1.2.8", &[message(&vec![0xfe; 65_536])]).chopped(997);
}

fn pings(cases: &mut Cases) {
    let large = [0xfe; 125];
    cases.fine("2.1", &[ping(b"")]).pongs(&[b""]);
    cases.fine("2.2", &[ping(b"Hello, world!")]).pongs(&[b"Hello, world!"]);
    cases.fine("2.3", &[ping(b"\0\xff\xfe\xfd\xfc\xfb\0\xff")]).pongs(&[b"\0\xff\xfe\xfd\xfc\xfb\0\xff"]);
    cases.fine("2.4", &[ping(&large)]).pongs(&[&large]);
    cases.fails("2.5", &[ping(&[0xfe; 126])]);
    cases.fine("2.6", &[ping(&large)]).chopped(1).pongs(&[&large]);
    cases.fine("2.7", &[frame(FIN | PONG, b"")]);
    cases.fine("2.8", &[frame(FIN | PONG, b"unsolicited")]);
    cases.fine("2.9", &[frame(FIN | PONG, b"unsolicited"), ping(b"ping")]).pongs(&[b"ping"]);
    let ten: Vec<_> = (0..10_u8).map(|number| vec![number; 8]).collect();
    let frames: Vec<_> = ten.iter().map(|payload| ping(payload)).collect();
    cases.fine("2.10", &frames).pongs = ten.clone();
    cases.fine("2.11", &frames).chopped(1).pongs = ten;
}

fn reserved_bits(cases: &mut Cases) {
    let hello = message(b"Hello, world!");
    for (number, bits) in (1..=7_u8).enumerate() {
        for (part, opcode) in [BINARY, PING, CLOSE].into_iter().enumerate() {
            let bad = frame(FIN | bits << 4 | opcode, b"");
            for chop in [usize::MAX, 1] {
                let name = format!("3.{} ({part}, chops of {chop})", number + 1);
                cases.fails(&name, &[hello.clone(), bad.clone(), ping(b"")]).chopped(chop);
            }
        }
    }
}

fn opcodes(cases: &mut Cases) {
    for (family, opcodes) in [(1, 3..=7_u8), (2, 11..=15)] {
        for (number, opcode) in opcodes.enumerate() {
            for payload in [&b""[..], b"reserved"] {
                let name = format!("4.{family}.{} ({} bytes)", number + 1, payload.len());
                cases.fails(&name, &[message(b"Hello"), frame(FIN | opcode, payload), ping(b"")]);
            }
        }
    }
}

fn fragmentation(cases: &mut Cases) {
    let two = [fragments(b"fragment1fragment2", 9, b"")];
    let with_ping = [fragments(b"fragment1fragment2", 9, &ping(b"ping"))];
    cases.fails("5.1", &[frame(PING, b"fragment1"), frame(FIN, b"fragment2")]);
    cases.fails("5.2", &[frame(PONG, b"fragment1"), frame(FIN, b"fragment2")]);
    cases.fine("5.3", &two);
    cases.fine("5.5", &two).chopped(1);
    cases.fine("5.6", &with_ping).pongs(&[b"ping"]);
    cases.fine("5.8", &with_ping).chopped(1).pongs(&[b"ping"]);
    let orphan = frame(FIN, b"non-continuation payload");
    cases.fails("5.9", &[orphan.clone(), message(b"Hello")]);
    cases.fails("5.11", &[orphan, message(b"Hello")]).chopped(1);
    cases.fails("5.12", &[frame(0, b"non-continuation payload"), message(b"Hello")]);
    cases.fails("5.14", &[frame(0, b"non-continuation payload"), message(b"Hello")]).chopped(1);
    let whole = fragments(b"fragment1fragment2", 9, b"");
    cases.fails("5.15", &[whole, frame(0, b"fragment3"), frame(FIN | BINARY, b"fragment4")]);
    let twice = [frame(0, b"fragment1"), frame(BINARY, b"fragment2"), frame(FIN, b"fragment3")].concat();
    cases.fails("5.16", &[twice.clone(), twice]);
    cases.fails("5.17", &[frame(FIN, b"fragment1"), frame(BINARY, b"fragment2"), frame(FIN, b"fragment3")]);
    cases.fails("5.18", &[frame(BINARY, b"fragment1"), frame(FIN | BINARY, b"fragment2")]);
    let five = [fragments(b"fragment1fragment2fragment3fragment4fragment5", 9, &ping(b"between"))];
    cases.fine("5.19", &five).pongs(&[&b"between"[..]; 4]);
    cases.fine("5.20", &five).chopped(1).pongs(&[&b"between"[..]; 4]);
}

fn text(cases: &mut Cases) {
    let texts: [(&str, &[u8]); 6] = [
        ("6.1.1", b""),
        ("6.2.1", "Hello-\u{b5}@\u{df}\u{f6}\u{e4}\u{fc}\u{e0}\u{e1}-UTF-8!!".as_bytes()),
        ("6.3.1", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"),
        ("6.6.2", b"\xce\xba"),
        ("6.10.1", b"\xf7\xbf\xbf\xbf"),
        ("6.16.1", b"\xed\xa0\x80"),
    ];
    for (name, payload) in texts {
        cases.add(name, &[frame(FIN | TEXT, payload)], End::Fails(1003));
        let pieces = [frame(TEXT, payload), frame(FIN, b"")];
        cases.add(&format!("{name} in fragments"), &pieces, End::Fails(1003)).chopped(1);
    }
}

fn closing(cases: &mut Cases) {
    let hello = message(b"Hello");
    let bye = close(1000, b"");
    cases.fine("7.1.1", &[hello.clone(), bye.clone()]);
    cases.fine("7.1.2", &[bye.clone(), bye.clone()]);
    cases.fine("7.1.3", &[bye.clone(), ping(b"")]);
    cases.fine("7.1.5", &[frame(BINARY, b"fragment1"), bye.clone(), frame(FIN, b"fragment2")]);
    cases.fine("7.1.6", &[message(&vec![b'*'; 256 * 1024]), bye.clone(), ping(b"")]);
    cases.fine("7.3.1", &[frame(FIN | CLOSE, b"")]);
    cases.fails("7.3.2", &[frame(FIN | CLOSE, b"a")]);
    cases.fine("7.3.3", &[bye]);
    cases.fine("7.3.4", &[close(1000, b"Hello World!")]);
    cases.fine("7.3.5", &[close(1000, &[b'*'; 123])]);
    cases.fails("7.3.6", &[close(1000, &[b'*'; 124])]);
    cases.fails("7.5.1", &[close(1000, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited")]);
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        cases.fine(&format!("7.7 {code}"), &[close(code, b"")]);
    }
    for code in [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535] {
        cases.fails(&format!("7.9 and 7.13 {code}"), &[close(code, b"")]);
        cases.fails(&format!("7.9 and 7.13 {code} with a reason"), &[close(code, b"reason")]);
    }
}

fn sizes(cases: &mut Cases) {
    const MIB: usize = 1024 * 1024;
    let payload: Vec<u8> = (0..MIB).map(|number| number.to_le_bytes()[0] ^ number.to_le_bytes()[1]).collect();
    for (number, length) in [64 * 1024, 256 * 1024, MIB].into_iter().enumerate() {
        cases.fine(&format!("9.2.{}", number + 1), &[message(&payload[..length])]);
    }
    for (number, length) in [4 * MIB, 8 * MIB, 16 * MIB].into_iter().enumerate() {
        // Only the header: the length alone is refused.
        let header = frame(FIN | BINARY, &vec![0; length])[..14].to_vec();
        cases.add(&format!("9.2.{}", number + 4), &[header], End::Fails(1009));
    }
    for (number, size) in [64, 256, 1024, 4096, 16_384, 65_536, 262_144, MIB].into_iter().enumerate() {
        cases.fine(&format!("9.4.{}", number + 1), &[fragments(&payload, size, b"")]);
    }
    let over = fragments(&vec![0; MIB + 1], 65_536, b"");
    cases.add("9.4, one byte more", &[over], End::Fails(1009));
    for (number, chop) in [64, 128, 256, 512, 1024, 2048].into_iter().enumerate() {
        cases.fine(&format!("9.6.{}", number + 1), &[message(&payload)]).chopped(chop);
    }
    for (number, size) in [0, 16, 64, 256, 1024].into_iter().enumerate() {
        cases.fine(&format!("9.8.{}", number + 1), &vec![message(&payload[..size]); 1000]);
    }
    cases.fine("10.1.1", &[fragments(&payload[..65_536], 1300, b"")]);
}

/// The payload of every binary frame up to the first Close, in one piece; the echo server tells no messages apart.
fn payload_of(mut frames: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    while let [first, length, ..] = *frames {
        let (header, length) = match length & 0x7f {
            126 => (4, usize::from(u16::from_be_bytes([frames[2], frames[3]]))),
            127 => (10, usize::try_from(u64::from_be_bytes(frames[2..10].try_into().unwrap())).unwrap()),
            length => (2, usize::from(length)),
        };
        if first & 0xf == CLOSE {
            break;
        }
        let (payload, rest) = frames[header + 4..].split_at(length);
        if matches!(first & 0xf, BINARY | 0) {
            data.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        }
        frames = rest;
    }
    data
}

/// Reads the server's frames until it closes.
async fn read(mut socket: impl AsyncReadExt + Unpin) -> Got {
    let mut got = Got::default();
    while let Ok(first) = socket.read_u8().await {
        let length = match socket.read_u8().await.unwrap() {
            126 => usize::from(socket.read_u16().await.unwrap()),
            127 => usize::try_from(socket.read_u64().await.unwrap()).unwrap(),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        socket.read_exact(&mut payload).await.unwrap();
        match first {
            0x82 => got.data.extend(payload),
            0x8a => got.pongs.push(payload),
            0x88 => {
                got.close = Some(u16::from_be_bytes([payload[0], payload[1]]));
                break;
            }
            other => panic!("an unexpected frame {other:02x}"),
        }
    }
    got
}

async fn run(proxy: &Proxy, case: &Case) -> Got {
    let mut socket = TcpStream::connect(proxy.address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let head = format!(
        "GET /imap HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        proxy.address,
        proxy.origin()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    read_until(&mut socket, b"\r\n\r\n").await;
    let (reader, mut writer) = socket.split();
    let writing = async {
        for piece in
            [&case.frames[..], &close(1000, b"")].concat().chunks(case.chop.min(case.frames.len() + 8))
        {
            // The proxy stops reading where it refuses.
            let _ = writer.write_all(piece).await;
        }
    };
    let ((), got) = timeout(PATIENCE, async { tokio::join!(writing, read(reader)) }).await.expect("no end");
    got
}

#[tokio::test]
async fn p17_autobahns_cases() {
    let port = echo_server().await;
    let limits = "[limits]\nstarts_per_minute = 1000000\nshort_per_minute = 1000000\n";
    let proxy = Proxy::with_file(&format!("imap+plain://127.0.0.1:{port}"), limits).await;
    let mut cases = Cases::default();
    for family in [framing, pings, reserved_bits, opcodes, fragmentation, text, closing, sizes] {
        family(&mut cases);
    }
    assert!(cases.0.len() > 180, "{}", cases.0.len());
    for case in &cases.0 {
        let got = run(&proxy, case).await;
        let name = &case.name;
        match case.end {
            End::Fine => {
                assert_eq!(got.close, Some(1000), "{name}");
                assert!(got.data == payload_of(&case.frames), "{name}: {} bytes came back", got.data.len());
                assert_eq!(got.pongs, case.pongs, "{name}");
            }
            End::Fails(code) => assert_eq!(got.close, Some(code), "{name}"),
        }
    }
}
