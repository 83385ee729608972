//! Writes messages: header fields, encoded words, transfer encodings, multiparts (RFC 5322, 2045 to 2047).

use super::date;
use super::maildir::{Mark, Message};
use std::fmt::Write;

/// A message as it is written down; [`Mail::finish`] makes bytes of it.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    from: String,
    to: String,
    subject: String,
    /// Seconds before now.
    ago: u64,
    fields: Vec<(&'static str, String)>,
    marks: Vec<Mark>,
    part: Part,
}

/// A body with the fields that describe it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// `Content-…` fields, whole lines without their end.
    fields: Vec<String>,
    body: Vec<u8>,
}

impl Mail {
    /// To Robin, unread.
    pub(super) fn new(from: &str, subject: &str, ago: u64, part: Part) -> Self {
        Self {
            from: address(from),
            to: address(super::people::ROBIN),
            subject: encoded(subject),
            ago,
            fields: Vec::new(),
            marks: Vec::new(),
            part,
        }
    }

    /// To somebody else.
    pub(super) fn to(mut self, to: &str) -> Self {
        self.to = address(to);
        self
    }

    /// With a field more.
    pub(super) fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// With its subject as it stands, not encoded again.
    pub(super) fn raw_subject(mut self, subject: String) -> Self {
        self.subject = subject;
        self
    }

    /// Marked so.
    pub(super) fn marked(mut self, marks: &[Mark]) -> Self {
        self.marks = marks.to_vec();
        self
    }

    /// Read.
    pub(super) fn seen(self) -> Self {
        self.marked(&[Mark::Seen])
    }

    /// Its `Message-ID`: the same for the same sender, subject and age.
    pub(super) fn id(&self) -> String {
        let domain = self.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
        format!("<{:016x}@{domain}>", hash(&[&self.from, &self.subject, &self.ago.to_string()]))
    }

    /// The message as it lies on the server at `now`.
    pub(super) fn finish(self, now: u64) -> Message {
        // People don't write at the same second of every hour; what is new keeps its order to the minute.
        let jitter =
            if self.ago < date::DAY { 0 } else { hash(&[&self.subject, &self.from]) % (40 * date::MINUTE) };
        let arrived = now - self.ago - jitter;
        let id = self.id();
        let mut head = String::new();
        // Writing into a `String` can't fail.
        let _ = write!(
            head,
            "Return-Path: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {id}\r\n",
            bare(&self.from),
            self.from,
            self.to,
            self.subject,
            date::rfc5322(arrived),
        );
        for (name, value) in &self.fields {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("MIME-Version: 1.0\r\n");
        let mut bytes = head.into_bytes();
        self.part.write(&mut bytes);
        Message { arrived, marks: self.marks, bytes }
    }
}

impl Part {
    /// `text/plain` in UTF-8; as it is where it is ASCII, else quoted-printable.
    pub(super) fn text(text: &str) -> Self {
        Self::textual("text/plain", text)
    }

    /// `text/html` in UTF-8.
    pub(super) fn html(html: &str) -> Self {
        Self::textual("text/html", html)
    }

    fn textual(media_type: &str, text: &str) -> Self {
        let lines = text.replace('\n', "\r\n");
        let fits = lines.is_ascii() && lines.lines().all(|line| line.len() < 998);
        let (encoding, body) =
            if fits { ("7bit", lines) } else { ("quoted-printable", quoted_printable(&lines)) };
        let content_type = format!("Content-Type: {media_type}; charset=utf-8");
        Self {
            fields: vec![content_type, format!("Content-Transfer-Encoding: {encoding}")],
            body: body.into(),
        }
    }

    /// Anything, its bytes as they are.
    pub(super) fn raw(fields: &[&str], body: impl Into<Vec<u8>>) -> Self {
        Self { fields: fields.iter().map(|&field| field.to_owned()).collect(), body: body.into() }
    }

    /// Anything, in base64.
    pub(super) fn base64(content_type: &str, bytes: &[u8]) -> Self {
        let fields = [&format!("Content-Type: {content_type}"), "Content-Transfer-Encoding: base64"];
        Self::raw(&fields, base64_lines(bytes))
    }

    /// A file to download.
    pub(super) fn file(name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let name = encoded(name);
        Self::base64(&format!("{media_type}; name=\"{name}\""), bytes)
            .with(&format!("Content-Disposition: attachment; filename=\"{name}\""))
    }

    /// A picture that the HTML beside it names.
    pub(super) fn inline(content_id: &str, media_type: &str, bytes: &[u8]) -> Self {
        Self::base64(media_type, bytes)
            .with(&format!("Content-ID: <{content_id}>"))
            .with("Content-Disposition: inline")
    }

    /// With a field more.
    pub(super) fn with(mut self, field: &str) -> Self {
        self.fields.push(field.to_owned());
        self
    }

    /// `multipart/…`; its parameters may follow the subtype.
    pub(super) fn multipart(subtype: &str, parts: &[Self]) -> Self {
        // Told apart from the boundaries inside: those are part of what is hashed.
        let lengths: Vec<String> =
            parts.iter().map(|part| format!("{:?}{}", part.fields, part.body.len())).collect();
        let lengths: Vec<&str> = lengths.iter().map(String::as_str).collect();
        let boundary = format!("=_{:016x}", hash(&lengths));
        let mut body = Vec::new();
        for part in parts {
            body.extend(format!("--{boundary}\r\n").into_bytes());
            part.write(&mut body);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").into_bytes());
        Self { fields: vec![format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"")], body }
    }

    /// The text and the HTML, either of which a reader may choose.
    pub(super) fn alternative(text: &str, html: &str) -> Self {
        Self::multipart("alternative", &[Self::text(text), Self::html(html)])
    }

    /// Its fields, an empty line, its body.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        for field in &self.fields {
            bytes.extend(field.as_bytes());
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
    }
}

/// `Name <local@domain>` with its name encoded where it must be.
pub(super) fn address(text: &str) -> String {
    match text.rsplit_once(" <") {
        Some((name, rest)) if !name.is_ascii() => format!("{} <{rest}", encoded(name)),
        _ => text.to_owned(),
    }
}

/// The address alone, in angle brackets.
fn bare(address: &str) -> String {
    let start = address.rfind('<').map_or(0, |at| at + 1);
    format!("<{}>", address[start..].trim_end_matches('>'))
}

/// RFC 2047: ASCII as it is, else encoded words of at most 75 characters, folded.
pub(super) fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for character in text.chars() {
        // 45 bytes are 60 characters of base64, and 12 around it.
        if words.last().is_some_and(|word| word.len() + character.len_utf8() > 45) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let words: Vec<String> = words.iter().map(|word| encoded_word("utf-8", word.as_bytes())).collect();
    words.join("\r\n ")
}

/// One encoded word in base64.
pub(super) fn encoded_word(charset: &str, bytes: &[u8]) -> String {
    format!("=?{charset}?B?{}?=", base64(bytes))
}

/// RFC 2045 section 6.8, in one line.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for chunk in bytes.chunks(3) {
        let all =
            chunk.iter().fold(0_u32, |all, &byte| all << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// The same in lines of 76.
pub(super) fn base64_lines(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 57 * 78 + 80);
    for chunk in bytes.chunks(57) {
        text += &base64(chunk);
        text += "\r\n";
    }
    text
}

/// RFC 2045 section 6.7, for text with CR LF.
fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.split("\r\n").enumerate() {
        if number > 0 {
            out += "\r\n";
        }
        let mut width = 0;
        for (at, &byte) in line.as_bytes().iter().enumerate() {
            let last = at + 1 == line.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !last);
            let piece = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if width + piece.len() > 75 {
                out += "=\r\n";
                width = 0;
            }
            width += piece.len();
            out += &piece;
        }
    }
    out
}

/// FNV-1a: not secret, only always the same.
pub(super) fn hash(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }

    #[test]
    fn quoted_printable_keeps_lines_short_and_trailing_spaces() {
        let written = quoted_printable(&format!("Grüße \r\n{}", "é".repeat(40)));
        assert!(written.starts_with("Gr=C3=BC=C3=9Fe=20\r\n=C3=A9"), "{written}");
        assert!(written.lines().all(|line| line.len() <= 76), "{written}");
    }

    #[test]
    fn encoded_words_stay_below_their_limit() {
        let words = encoded(&"Größenordnung ".repeat(12));
        assert!(words.split("\r\n ").all(|word| word.len() <= 75 && word.is_ascii()), "{words}");
    }
}
