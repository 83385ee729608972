//! Content-Transfer-Encoding (RFC 2045 section 6) taken off a stream, piece by piece. Never holds more than a
//! few bytes (base64) or one line's white space (quoted-printable) back, so that an attachment of any size
//! passes through; never fails: what is broken is skipped and said in [`Transfer::damaged`].

use crate::base64::Base64;
use crate::quoted_printable::QuotedPrintable;
use crate::uuencode::Uuencode;

/// Takes one transfer encoding off a stream of pieces cut anywhere.
#[derive(Debug, Clone)]
pub enum Transfer {
    /// `7bit`, `8bit`, `binary`, or a word that nobody knows.
    Identity,
    /// `base64`.
    Base64(Base64),
    /// `quoted-printable`.
    QuotedPrintable(QuotedPrintable),
    /// `x-uuencode`, which no RFC has and some mailers write.
    Uuencode(Uuencode),
}

impl Transfer {
    /// For the value of a `Content-Transfer-Encoding` field.
    pub fn new(encoding: &str) -> Self {
        match canonical(encoding).as_str() {
            "base64" | "b64" => Self::Base64(Base64::default()),
            "quotedprintable" | "qp" | "quotedprintible" => Self::QuotedPrintable(QuotedPrintable::default()),
            "uuencode" | "uue" | "uu" => Self::Uuencode(Uuencode::default()),
            _ => Self::Identity,
        }
    }

    /// Decodes the next piece onto `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Identity => out.extend_from_slice(piece),
            Self::Base64(state) => state.push(piece, out),
            Self::QuotedPrintable(state) => state.push(piece, out),
            Self::Uuencode(state) => state.push(piece, out),
        }
    }

    /// The stream ended: gives out what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Identity => {}
            Self::Base64(state) => state.finish(out),
            Self::QuotedPrintable(state) => state.finish(out),
            Self::Uuencode(state) => state.finish(out),
        }
    }

    /// Whether anything had to be skipped or guessed.
    pub fn damaged(&self) -> bool {
        match self {
            Self::Identity => false,
            Self::Base64(state) => state.is_damaged(),
            Self::QuotedPrintable(state) => state.is_damaged(),
            Self::Uuencode(state) => state.is_damaged(),
        }
    }

    /// What stands behind the end of the encoding, as it came: a list server's footer glued to base64. At most 16 KiB.
    pub fn behind(&self) -> &[u8] {
        match self {
            Self::Base64(state) => state.behind(),
            _ => &[],
        }
    }
}

/// The name of an encoding in lower case and without what mailers write around and into it: quotes, comments,
/// hyphens, a leading `x-`.
fn canonical(encoding: &str) -> String {
    let word = encoding.trim_start().split([';', '(', ',', ' ', '\t']).next().unwrap_or_default();
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let word = word.to_ascii_lowercase();
    word.strip_prefix('x').unwrap_or(&word).to_owned()
}

/// How many decoded bytes `octets` encoded ones come to, as near as can be told: base64 in lines of 76 has 57
/// bytes in 78.
pub fn decoded_size(encoding: &str, octets: u32) -> u32 {
    if canonical(encoding) != "base64" {
        return octets;
    }
    // Not more than `octets`: 57 of 78.
    u32::try_from(u64::from(octets) * 57 / 78).unwrap_or(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes whole, and again cut in two at every place: the result may not depend on the cut.
    fn check(encoding: &str, input: &[u8], expected: &[u8], damaged: bool) {
        for cut in 0..=input.len() {
            let mut transfer = Transfer::new(encoding);
            let mut out = Vec::new();
            transfer.push(&input[..cut], &mut out);
            transfer.push(&input[cut..], &mut out);
            transfer.finish(&mut out);
            assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(expected), "cut at {cut}");
            assert_eq!(transfer.damaged(), damaged, "cut at {cut} of {}", String::from_utf8_lossy(input));
        }
    }

    #[test]
    fn identity() {
        check("7bit", b"as it is = 3D\r\n", b"as it is = 3D\r\n", false);
        check("x-unknown", b"same", b"same", false);
    }

    #[test]
    fn base64() {
        check("BASE64", b"R3LDvMOfZQ==", "Grüße".as_bytes(), false);
        check("base64", b"R3LD\r\nvMOf\r\nZQ==\r\n", "Grüße".as_bytes(), false);
        check("base64", b"YQ==YmM=ZGVm", b"abcdef", false);
        check("base64", b"YWJj\0ZGVm", b"abcdef", true);
        check("base64", b"YWJjZA", b"abcd", false);
        check("base64", b"YWJjZ", b"abc", true);
        check("base64", b"", b"", false);
        check("base-64", b"YWJj", b"abc", false);
        check("\"base64\" (really)", b"YWJj", b"abc", false);
    }

    #[test]
    fn quoted_printable() {
        check("quoted-printable", b"Gr=C3=BC=c3=9fe", "Grüße".as_bytes(), false);
        check("quoted-printable", b"one =\r\nline  \t\r\nnext", b"one line\r\nnext", false);
        check("quoted-printable", b"soft =  \r\nbreak=\nhere", b"soft breakhere", false);
        check("quoted-printable", b"a=3Db =3D\r\n", b"a=b =\r\n", false);
        check("quoted-printable", b"50 = fifty", b"50 = fifty", true);
        check("quoted-printable", b"=G1=4", b"=G1=4", true);
        check("quoted-printable", b"==3D", b"==", true);
        check("quoted-printable", b"end=", b"end", false);
    }

    #[test]
    fn base64_ends_at_its_padding() {
        let footer = b"R3LDvMOfZQ==\r\n_______________\r\nMailing list\r\nhttps://lists.example/\r\n";
        check("base64", footer, "Grüße".as_bytes(), false);
        check("base64", b"YQ==\r\nMail\r\n", b"a", false);
        // Encoded pieces that were joined go on.
        let joined = [b"YQ==\r\n".as_slice(), &b"YWJj".repeat(19), b"\r\nZA==\r\n"].concat();
        check("base64", &joined, format!("a{}d", "abc".repeat(19)).as_bytes(), false);
    }

    #[test]
    fn what_stands_behind_base64_is_kept() {
        let mut transfer = Transfer::new("base64");
        let mut out = Vec::new();
        transfer.push(b"YQ==\r\n-- \r\nthe ", &mut out);
        transfer.push(b"list\r\n", &mut out);
        transfer.finish(&mut out);
        assert_eq!((out.as_slice(), transfer.behind()), (b"a".as_slice(), b"-- \r\nthe list\r\n".as_slice()));
    }

    #[test]
    fn uuencode() {
        let text = b"begin 644 a.txt\r\n#86)C\r\n%86)C9&4\r\n`\r\nend\r\nmore\r\n";
        check("x-uuencode", text, b"abcabcde", false);
        check("uuencode", b"no file in here\r\n", b"", true);
    }

    #[test]
    fn a_flood_of_spaces_is_not_held_back() {
        let mut transfer = Transfer::new("quoted-printable");
        let mut out = Vec::new();
        transfer.push(&[b' '; 100_000], &mut out);
        assert!(out.len() > 90_000);
    }

    #[test]
    fn sizes_are_near() {
        let encoded: u32 = 26_214_400 / 57 * 78;
        assert!(decoded_size("base64", encoded).abs_diff(26_214_400) < 100);
        assert_eq!(decoded_size("7bit", 10), 10);
    }
}
