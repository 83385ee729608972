//! The dialogue before TLS ends byte by byte as line by line, in larger pieces it accepts no more than that, it asks for
//! nothing but the upgrade, and it takes nothing behind it.
//!
//! The first byte of the input says which protocol, the second how long the pieces are.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postern_protocol::starttls::{Dialogue, Error};

fuzz_target!(|input: &[u8]| {
    let [protocol, size, stream @ ..] = input else { return };
    let new = || match protocol % 3 {
        0 => Dialogue::imap(),
        1 => Dialogue::smtp("[127.0.0.1]"),
        _ => Dialogue::sieve(),
    };
    let by_lines = talk(new(), stream.split_inclusive(|&byte| byte == b'\n')).ok();
    assert_eq!(talk(new(), stream.chunks(1)).ok(), by_lines);
    // Who answers before he is asked is found out.
    if talk(new(), stream.chunks(usize::from(*size).max(1))) == Ok(true) {
        assert_eq!(by_lines, Some(true));
    }
});

/// Whether it came to the point where TLS may begin.
fn talk<'a>(mut dialogue: Dialogue, pieces: impl Iterator<Item = &'a [u8]>) -> Result<bool, Error> {
    for piece in pieces {
        while let Some(command) = dialogue.poll_transmit() {
            let text = String::from_utf8(command).expect("ASCII").to_ascii_uppercase();
            let asks = ["STARTTLS\r\n", "CAPABILITY\r\n"].iter().any(|end| text.ends_with(end));
            assert!(asks || text.starts_with("EHLO "), "{text}");
        }
        dialogue.handle_input(piece)?;
    }
    if dialogue.is_ready() {
        assert_eq!(dialogue.handle_input(b"x"), Err(Error::Injected));
        return Ok(true);
    }
    Ok(false)
}
