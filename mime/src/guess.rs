//! What charset bytes are in of which nobody told. Only what a few counts can tell: a wrong guess is no worse than
//! Windows-1252 for text that isn't.

/// A canonical name.
pub(crate) fn charset(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => return "utf-8",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return "utf-16",
        _ => {}
    }
    if bytes.is_ascii() {
        return seven_bit(bytes);
    }
    if is_utf_8(bytes) { "utf-8" } else { eight_bit(bytes) }
}

/// Whether a guess stands even where some of the text can't be read in it.
pub(crate) fn is_sure(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf-16" | "iso-2022-jp" | "iso-2022-kr" | "windows-1252")
}

/// Whether nearly all of it is UTF-8: a text that quotes one foreign byte is not in another charset, and one that
/// was cut may end within a character. In other charsets valid sequences are rare accidents.
pub(crate) fn is_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let is_cut = chunks.peek().is_none() && is_start_of_character(chunk.invalid());
        bad += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    good > bad
}

/// UTF-16 without a mark: in most text one byte of each pair is small.
pub(crate) fn is_little_endian(bytes: &[u8]) -> bool {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    zeros(1) > zeros(0)
}

/// Escapes that stand in no other text (RFC 1468, RFC 1557).
fn seven_bit(bytes: &[u8]) -> &'static str {
    let has = |escape: &[u8]| bytes.windows(escape.len()).any(|window| window == escape);
    if !bytes.contains(&0x1b) {
        "utf-8"
    } else if has(b"\x1b$B") || has(b"\x1b$@") {
        "iso-2022-jp"
    } else if has(b"\x1b$)C") {
        "iso-2022-kr"
    } else {
        "utf-8"
    }
}

/// Latin text has single letters beyond ASCII; Cyrillic and Chinese words are made of nothing else.
fn eight_bit(bytes: &[u8]) -> &'static str {
    let is_high = |byte: &u8| *byte >= 0x80;
    let runs = bytes.split(|byte| !is_high(byte)).map(<[u8]>::len);
    let in_runs: usize = runs.filter(|run| *run >= 3).sum();
    let high: Vec<u8> = bytes.iter().copied().filter(is_high).collect();
    let count = |from: u8, to: u8| high.iter().filter(|byte| (from..=to).contains(byte)).count();
    if in_runs * 3 < high.len() * 2 {
        return "windows-1252";
    }
    // Letters of Cyrillic charsets lie from 0xC0 on; second bytes of East Asia's lie anywhere.
    if count(0x80, 0xbf) * 6 > high.len() {
        return "gb18030";
    }
    // Most letters are small: those of KOI8-R are where the capitals of Windows-1251 are.
    if count(0xe0, 0xff) >= count(0xc0, 0xdf) { "windows-1251" } else { "koi8-r" }
}

fn is_start_of_character(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
