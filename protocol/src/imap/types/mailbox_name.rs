//! Mailbox names: Unicode inside, modified UTF-7 or UTF-8 on the wire.
//!
//! RFC 3501 section 5.1.3, RFC 9051 section 5.1, RFC 6855 section 3.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A mailbox's name, as a person reads it.
///
/// A name that a server sent goes back as the same bytes, even where they were not a proper encoding: the
/// server must find its own mailbox again. `INBOX` is the same in any case (RFC 9051 section 5.1).
///
/// ```
/// use postern_protocol::imap::{MailboxEncoding, MailboxName};
///
/// let name = MailboxName::try_from("Entwürfe").unwrap();
/// assert_eq!(&*name.to_wire(MailboxEncoding::ModifiedUtf7), b"Entw&APw-rfe");
/// assert_eq!(MailboxName::from_wire(b"Entw&APw-rfe", MailboxEncoding::ModifiedUtf7), name);
/// assert!(MailboxName::try_from("inbox").unwrap().is_inbox());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName {
    text: Box<str>,
    /// The server's bytes, where encoding the text would not give them back.
    wire: Option<Box<[u8]>>,
}

/// How names travel on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailboxEncoding {
    /// RFC 3501 section 5.1.3: what every server speaks until told otherwise.
    #[default]
    ModifiedUtf7,
    /// After `ENABLE UTF8=ACCEPT` (RFC 6855) or `ENABLE IMAP4rev2` (RFC 9051 section 5.1).
    Utf8,
}

/// A name that no command can carry: it holds NUL, CR or LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mailbox name may not hold NUL, CR or LF")]
pub struct InvalidMailboxName;

impl MailboxName {
    /// The mailbox that every account has.
    #[must_use]
    pub fn inbox() -> Self {
        Self { text: INBOX.into(), wire: None }
    }

    /// Reads a name that a server sent. It never fails: what can't be decoded stays as it is, and what is
    /// neither encoded nor ASCII is taken as UTF-8.
    #[must_use]
    pub fn from_wire(wire: &[u8], encoding: MailboxEncoding) -> Self {
        if wire.eq_ignore_ascii_case(INBOX.as_bytes()) {
            return Self::inbox();
        }
        let text = match encoding {
            MailboxEncoding::ModifiedUtf7 => decode(wire),
            MailboxEncoding::Utf8 => String::from_utf8_lossy(wire).into_owned(),
        };
        let name = Self { text: text.into(), wire: None };
        if *name.to_wire(encoding) == *wire { name } else { Self { wire: Some(wire.into()), ..name } }
    }

    /// The bytes that name it in a command: without quotes, which the command's writer adds.
    #[must_use]
    pub fn to_wire(&self, encoding: MailboxEncoding) -> Cow<'_, [u8]> {
        match (&self.wire, encoding) {
            (Some(wire), _) => Cow::Borrowed(wire),
            (None, MailboxEncoding::Utf8) => Cow::Borrowed(self.text.as_bytes()),
            (None, MailboxEncoding::ModifiedUtf7) => encode(&self.text),
        }
    }

    /// The name to show.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True for the mailbox that every account has.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        *self.text == *INBOX
    }
}

impl TryFrom<&str> for MailboxName {
    type Error = InvalidMailboxName;

    fn try_from(text: &str) -> Result<Self, InvalidMailboxName> {
        if text.contains(['\0', '\r', '\n']) {
            return Err(InvalidMailboxName);
        }
        if text.eq_ignore_ascii_case(INBOX) {
            return Ok(Self::inbox());
        }
        Ok(Self { text: text.into(), wire: None })
    }
}

impl AsRef<str> for MailboxName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailboxName({:?})", self.text)
    }
}

/// Printable ASCII stands for itself, `&` is `&-`, and the rest is UTF-16 in base64 between `&` and `-`.
fn encode(text: &str) -> Cow<'_, [u8]> {
    let plain = |c: char| matches!(c, ' '..='~' if c != '&');
    if text.chars().all(plain) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut wire = Vec::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let shifted = |c: char| !plain(c) && c != '&';
        if next == '&' {
            wire.extend(b"&-");
            rest = &rest[1..];
        } else if plain(next) {
            wire.extend(next.to_string().bytes());
            rest = &rest[1..];
        } else {
            let end = rest.find(|c| !shifted(c)).unwrap_or(rest.len());
            let utf16: Vec<u8> = rest[..end].encode_utf16().flat_map(u16::to_be_bytes).collect();
            wire.extend(format!("&{}-", BASE64.encode(utf16)).bytes());
            rest = &rest[end..];
        }
    }
    Cow::Owned(wire)
}

/// What can't be decoded is left as it stands, so that a person still tells two such mailboxes apart.
fn decode(wire: &[u8]) -> String {
    let mut text = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some(shift) = memchr::memchr(b'&', rest) {
        text.push_str(&String::from_utf8_lossy(&rest[..shift]));
        rest = &rest[shift..];
        let end = memchr::memchr(b'-', rest).map_or(rest.len(), |dash| dash + 1);
        match decode_shifted(&rest[..end]) {
            Some(decoded) => text.push_str(&decoded),
            None => text.push_str(&String::from_utf8_lossy(&rest[..end])),
        }
        rest = &rest[end..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// Decodes one `&…-`.
fn decode_shifted(shifted: &[u8]) -> Option<String> {
    let base64 = shifted.strip_prefix(b"&")?.strip_suffix(b"-")?;
    if base64.is_empty() {
        return Some("&".into());
    }
    let bytes = BASE64.decode(base64).ok()?;
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
    String::from_utf16(&units).ok()
}

const INBOX: &str = "INBOX";

/// RFC 3501 section 5.1.3: `,` for `/`, no padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wire: &[u8], text: &str) {
        let name = MailboxName::from_wire(wire, MailboxEncoding::ModifiedUtf7);
        assert_eq!(name.as_str(), text);
        if !wire.eq_ignore_ascii_case(b"inbox") {
            assert_eq!(&*name.to_wire(MailboxEncoding::ModifiedUtf7), wire, "{text} goes back as it came");
        }
    }

    #[test]
    fn decodes_and_goes_back() {
        check(b"inBox", "INBOX");
        check(b"INBOX/Sent", "INBOX/Sent");
        check(b"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語");
        check(b"R&-D", "R&D");
        check(b"&2D3eAA-", "😀");
        check(b"&AAo-", "\n");
    }

    #[test]
    fn what_is_badly_encoded_stays_usable() {
        check(b"a&b", "a&b");
        check(b"&!!-x", "&!!-x");
        check(b"&AA-", "&AA-");
        check(b"&2D0-", "&2D0-");
        // ASCII in base64 and two shifts in a row are against the RFC; they decode all the same.
        check(b"&AGE-", "a");
        check(b"&U,A-&UxA-", "叀刐".replace("叀刐", "\u{53f0}\u{5310}").as_str());
        check("Entwürfe".as_bytes(), "Entwürfe");
        check(b"caf\xe9", "caf\u{fffd}");
    }

    #[test]
    fn what_no_command_can_carry_is_refused() {
        assert!(MailboxName::try_from("a\r\nb LOGOUT").is_err());
        assert!(MailboxName::try_from("a\0").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives(text in "\\PC*") {
            let name = MailboxName::try_from(text.as_str()).unwrap();
            for encoding in [MailboxEncoding::ModifiedUtf7, MailboxEncoding::Utf8] {
                let wire = name.to_wire(encoding);
                proptest::prop_assert_eq!(&MailboxName::from_wire(&wire, encoding), &name);
            }
            proptest::prop_assert!(name.to_wire(MailboxEncoding::ModifiedUtf7).iter().all(u8::is_ascii));
        }

        #[test]
        fn any_bytes_go_back_as_they_came(wire in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40)) {
            let name = MailboxName::from_wire(&wire, MailboxEncoding::ModifiedUtf7);
            if !name.is_inbox() {
                proptest::prop_assert_eq!(&*name.to_wire(MailboxEncoding::ModifiedUtf7), &wire[..]);
            }
        }
    }
}
