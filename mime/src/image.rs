//! What browsers call an image, by its first bytes. What mailers call it (`image/pjpeg`, `image/x-png`, a PNG named
//! `image/gif`) says little, and a picture that no browser draws must stay a file.

/// The type of an image that every browser draws, or none: TIFF, HEIC, SVG (it can hold scripts), or no image at all.
/// The patterns are those of the WHATWG MIME Sniffing Standard section 6.1, and AVIF's `ftyp` box.
pub fn drawable_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', ..] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Some("image/avif"),
        [b'B', b'M', ..] => Some("image/bmp"),
        [0, 0, 1, 0, ..] => Some("image/x-icon"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::drawable_type;

    #[test]
    fn images_are_known_by_their_first_bytes() {
        for (bytes, expected) in [
            (b"\x89PNG\r\n\x1a\n\0\0".as_slice(), Some("image/png")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some("image/jpeg")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x20ftypavif", Some("image/avif")),
            (b"BM\x36", Some("image/bmp")),
            (b"\0\0\x01\0\x01\0", Some("image/x-icon")),
            (b"II*\0", None),
            (b"MM\0*", None),
            (b"\0\0\0\x18ftypheic", None),
            (b"<svg xmlns=", None),
            (b"", None),
        ] {
            assert_eq!(drawable_type(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}
