//! Charsets that switch by escapes: made into what decoders without that state know.

/// ISO-2022-JP without the escapes that switch nothing: one directly followed by another, as where two encoded words
/// meet. Decoders of the WHATWG Encoding Standard (section 12.2.1) put U+FFFD there.
pub(crate) fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        match escape(rest) {
            Some(length) if escape(&rest[length..]).is_some() => rest = &rest[length..],
            Some(length) => {
                out.extend_from_slice(&rest[..length]);
                rest = &rest[length..];
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// Two encoded words of ISO-2022-JP as one text: a word that ends in a two-byte charset goes on in the next one if a
/// character was cut between them, or if the next one switches back; else it has only forgotten to (RFC 2047 section 3
/// asks for that).
pub(crate) fn join_iso_2022_jp(bytes: &mut Vec<u8>, next: &[u8]) {
    let next_escape = next.windows(3).find(|three| escape(three).is_some());
    let switches_back = next_escape.is_some_and(|escape| matches!(escape, [0x1b, b'(', b'B' | b'J']));
    if !next.starts_with(b"\x1b") && !switches_back && is_between_characters(bytes) {
        bytes.extend_from_slice(b"\x1b(B");
    }
    bytes.extend_from_slice(next);
}

/// Whether the text stands in a two-byte charset, and all its characters are whole.
fn is_between_characters(bytes: &[u8]) -> bool {
    let Some(last) = bytes.windows(3).rposition(|three| escape(three).is_some()) else { return false };
    let is_double = bytes[last + 1] == b'$';
    is_double && (bytes.len() - last - 3).is_multiple_of(2)
}

/// How long the escape at the start is.
fn escape(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x1b, b'(', b'B' | b'J' | b'I' | b'H', ..] | [0x1b, b'$', b'B' | b'@', ..] => Some(3),
        _ => None,
    }
}

/// ISO-2022-KR (RFC 1557) as EUC-KR: between SO and SI the high bit is meant.
pub(crate) fn iso_2022_kr(bytes: &[u8]) -> Vec<u8> {
    const SHIFT_OUT: u8 = 0x0e;
    const SHIFT_IN: u8 = 0x0f;
    let mut out = Vec::with_capacity(bytes.len());
    let mut is_korean = false;
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match *first {
            0x1b if rest.starts_with(b"\x1b$)C") => &rest[4..],
            SHIFT_OUT | SHIFT_IN => {
                is_korean = *first == SHIFT_OUT;
                after
            }
            byte => {
                out.push(if is_korean && byte > b' ' { byte | 0x80 } else { byte });
                after
            }
        };
    }
    out
}

/// HZ (RFC 1843) as GBK: between `~{` and `~}` the high bit is meant.
pub(crate) fn hz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut is_chinese = false;
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match rest {
            [b'~', b'{', after @ ..] | [b'~', b'}', after @ ..] => {
                is_chinese = rest[1] == b'{';
                after
            }
            [b'~', b'~', after @ ..] if !is_chinese => {
                out.push(b'~');
                after
            }
            // A line that goes on.
            [b'~', b'\n', after @ ..] => after,
            _ => {
                is_chinese &= *first != b'\n';
                out.push(if is_chinese && *first > b' ' { first | 0x80 } else { *first });
                after
            }
        };
    }
    out
}
