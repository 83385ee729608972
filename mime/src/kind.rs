//! What kind of message it is, where there is more to it than its text: signed, encrypted, an invitation, files that
//! only some programs can take out. Says so, and opens none of them.

use crate::file_name;
use crate::letter::Notice;
use crate::part::Part;
use crate::uuencode;

/// What there is to say of a message with these parts. `starts` has the first bytes of some, by section number.
pub(crate) fn of_parts(root: &Part, starts: &[(String, Vec<u8>)]) -> Vec<Notice> {
    let mut found = Vec::new();
    let mut add = |notice: Option<Notice>| found.extend(notice);
    visit(root, &mut |part| {
        let start = starts.iter().find(|(section, _)| *section == part.section && is_unclear(part));
        add(match start.and_then(|(_, bytes)| content_type(bytes)) {
            Some(SIGNED) => Some(Notice::OpaquelySigned),
            Some(ENVELOPED) => Some(Notice::EncryptedSmime),
            _ => of_part(part),
        });
    });
    found
}

/// What there is to say of a message with this text: the forms that are older than MIME.
pub(crate) fn of_text(text: &str) -> Vec<Notice> {
    // Not where somebody quotes it.
    let is_quoted = |before: &str| {
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        line.starts_with('>') || line.ends_with("&gt;")
    };
    let has = |mark: &str| text.match_indices(mark).any(|(at, _)| !is_quoted(&text[..at]));
    let mut found = Vec::new();
    found.extend(has("-----BEGIN PGP MESSAGE-----").then_some(Notice::EncryptedPgp));
    found.extend(has("-----BEGIN PGP SIGNED MESSAGE-----").then_some(Notice::Signed));
    found.extend(uuencode::is_in(text).then_some(Notice::Uuencoded));
    found
}

fn visit<'a>(part: &'a Part, each: &mut impl FnMut(&'a Part)) {
    each(part);
    for child in &part.children {
        visit(child, each);
    }
}

fn of_part(part: &Part) -> Option<Notice> {
    match part.mime_type.as_str() {
        "multipart/encrypted" | "application/pgp-encrypted" => Some(Notice::EncryptedPgp),
        "multipart/signed" => Some(Notice::Signed),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => smime(part),
        "application/pgp" => Some(Notice::EncryptedPgp),
        "text/calendar" | "text/x-vcalendar" | "application/ics" => Some(Notice::Invitation),
        "application/ms-tnef"
        | "application/vnd.ms-tnef"
        | "application/x-ms-tnef"
        | "application/x-tnef" => Some(Notice::Tnef),
        other if other.starts_with("multipart/") => None,
        _ => by_name(part),
    }
}

/// Files of these names are what they seem, whatever type they have: many a gateway knows no types.
fn by_name(part: &Part) -> Option<Notice> {
    match file_name::given_extension(part).as_str() {
        "p7m" => smime(part),
        "dat" if part.file_name(None).eq_ignore_ascii_case("winmail.dat") => Some(Notice::Tnef),
        _ => None,
    }
}

/// Whether only its bytes tell what it is: S/MIME that does not say which kind.
pub(crate) fn is_unclear(part: &Part) -> bool {
    of_part(part) == Some(Notice::EncryptedSmime) && part.parameter("smime-type").is_empty()
}

/// The last number of the content type at the start of a CMS object (RFC 5652 section 3), `1.2.840.113549.1.7.…`.
fn content_type(bytes: &[u8]) -> Option<u8> {
    let start = &bytes[..bytes.len().min(32)];
    let at = start.windows(PKCS7.len()).position(|window| window == PKCS7)?;
    start.get(at + PKCS7.len()).copied()
}

const PKCS7: [u8; 10] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
const SIGNED: u8 = 2;
const ENVELOPED: u8 = 3;

/// RFC 8551 section 3.2.2. Where nothing says which, the name does; and most that say nothing are encrypted.
fn smime(part: &Part) -> Option<Notice> {
    match part.parameter("smime-type").to_ascii_lowercase().as_str() {
        "signed-data" | "signed-receipt" => Some(Notice::OpaquelySigned),
        // Certificates alone, and what was only made smaller.
        "certs-only" | "compressed-data" => None,
        _ if file_name::given_extension(part) == "p7c" => None,
        _ => Some(Notice::EncryptedSmime),
    }
}
