//! Names for files, out of what senders wrote: whole, but harmless on any system.

use crate::charset::DecodeCharset;
use crate::parameters::{self, Parameters};
use crate::part::Part;
use crate::words;

/// A name fit for a file: what the sender called it, with `_` for what can't stand in a name (slashes too: they
/// belong to the name more often than to a path), without control and bidi characters and leading dots, never empty,
/// never a device of Windows. Where there is no extension, that of the type; where there is no name, an attached
/// message's subject.
pub(crate) fn file_name(part: &Part, decoder: Option<DecodeCharset>) -> String {
    let given = given(part, decoder).filter(|name| !is_extension_alone(name, &part.mime_type));
    let given = given.map(|name| safe(&name)).filter(|name| !name.is_empty());
    let subject = || {
        let subject = words::decode(part.subject.as_deref()?, decoder);
        Some(safe(&subject)).filter(|name| !name.is_empty())
    };
    let extension = extension(&part.mime_type);
    match given {
        Some(name) => match extension {
            Some(extension) if !has_extension(&name) => shortened(&format!("{name}.{extension}")),
            _ => name,
        },
        None => {
            let stem = subject().unwrap_or_else(|| "attachment".to_owned());
            shortened(&format!("{stem}.{}", extension.unwrap_or("bin")))
        }
    }
}

/// Whether the sender gave it a name.
pub(crate) fn is_given(part: &Part) -> bool {
    let named = |parameters: &Parameters, name: &str| {
        parameters
            .iter()
            .any(|(key, _)| key.split('*').next().is_some_and(|key| key.eq_ignore_ascii_case(name)))
    };
    named(&part.disposition_parameters, "filename") || named(&part.parameters, "name")
}

/// The extension that the sender gave it, in lower case; empty where there is none.
pub(crate) fn given_extension(part: &Part) -> String {
    let name = given(part, None).unwrap_or_default();
    name.trim_end().rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

fn given(part: &Part, decoder: Option<DecodeCharset>) -> Option<String> {
    let from = |parameters, name| {
        parameters::value(parameters, name, decoder).filter(|name| !name.trim().is_empty())
    };
    from(&part.disposition_parameters, "filename")
        .or_else(|| from(&part.parameters, "name"))
        // Against the RFCs, but seen.
        .or_else(|| from(&part.disposition_parameters, "name"))
        .or_else(|| from(&part.parameters, "filename"))
}

fn safe(name: &str) -> String {
    let line = words::one_line(name);
    let allowed: String = line.chars().map(|c| if "/\\<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let trimmed = allowed.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let name = shortened(trimmed);
    if is_device(&name) { format!("_{name}") } else { name }
}

/// Names that Windows takes for devices, whatever extension they have.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port = |port: &str| {
        stem.strip_prefix(port).is_some_and(|number| {
            matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" | "clock$")
        || is_port("com")
        || is_port("lpt")
}

/// `.pdf` for a file of that type: its name was lost.
fn is_extension_alone(name: &str, mime_type: &str) -> bool {
    let rest = name.trim().strip_prefix('.');
    rest.is_some_and(|rest| extension(mime_type).is_some_and(|usual| usual.eq_ignore_ascii_case(rest)))
}

/// A letter or digits and a letter, up to 10 of them: `pdf`, `7z`, `jpeg`, but not the 5 of `No.5`.
fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && extension.len() <= 10
            && extension.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '~')
            && extension.contains(|c: char| c.is_ascii_alphabetic())
    })
}

/// At most 200 bytes, the extension kept: file systems allow 255.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 200;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').filter(|(_, ext)| ext.len() <= 16).unwrap_or((name, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let room = LONGEST - extension.len() - dot.len();
    let end = (0..=room).rev().find(|end| stem.is_char_boundary(*end)).unwrap_or(0);
    format!("{}{dot}{extension}", stem[..end].trim_end())
}

/// The extension of the types that mail has most.
fn extension(mime_type: &str) -> Option<&'static str> {
    Some(match mime_type {
        "message/rfc822" | "message/global" | "message/partial" | "message/news" => "eml",
        "text/calendar" | "application/ics" => "ics",
        "text/csv" | "text/comma-separated-values" => "csv",
        "text/css" => "css",
        "text/html" | "text/x-amp-html" => "html",
        "application/xhtml+xml" => "xhtml",
        "text/markdown" | "text/x-markdown" => "md",
        "text/rtf" | "application/rtf" | "text/richtext" => "rtf",
        "text/tab-separated-values" => "tsv",
        "text/vcard" | "text/x-vcard" | "text/directory" => "vcf",
        "text/xml" | "application/xml" => "xml",
        "text/x-patch" | "text/x-diff" => "patch",
        "image/jpeg" | "image/jpg" | "image/pjpeg" | "image/jfif" => "jpg",
        "image/png" | "image/x-png" => "png",
        "image/svg+xml" => "svg",
        "image/tiff" => "tiff",
        "image/heic" => "heic",
        "image/heif" => "heif",
        "image/bmp" | "image/x-ms-bmp" => "bmp",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/avif" => "avif",
        "image/x-icon" | "image/vnd.microsoft.icon" => "ico",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/aac" => "aac",
        "audio/amr" => "amr",
        "audio/flac" | "audio/x-flac" => "flac",
        "audio/ogg" | "audio/opus" => "ogg",
        "audio/wav" | "audio/x-wav" | "audio/vnd.wave" => "wav",
        "audio/midi" => "mid",
        "video/mp4" => "mp4",
        "video/mpeg" => "mpg",
        "video/quicktime" => "mov",
        "video/webm" => "webm",
        "video/3gpp" => "3gp",
        "video/x-msvideo" => "avi",
        "application/pdf" | "application/x-pdf" => "pdf",
        "application/json" => "json",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/gzip" | "application/x-gzip" => "gz",
        "application/x-tar" => "tar",
        "application/x-7z-compressed" => "7z",
        "application/vnd.rar" | "application/x-rar-compressed" => "rar",
        "application/epub+zip" => "epub",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.ms-outlook" => "msg",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/vnd.oasis.opendocument.spreadsheet" => "ods",
        "application/vnd.oasis.opendocument.presentation" => "odp",
        "application/postscript" => "ps",
        "application/javascript" | "text/javascript" => "js",
        "application/ms-tnef" | "application/vnd.ms-tnef" => "dat",
        "application/pgp-signature" | "application/pgp-encrypted" | "application/pgp-keys" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        // Delivery reports, read receipts, headers alone, and every text that has no name of its own.
        other if other.starts_with("text/") || other.starts_with("message/") => "txt",
        other if other.starts_with("multipart/") => "eml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn part(mime_type: &str, pairs: &[(&str, &str)]) -> Part {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Part { mime_type: mime_type.to_owned(), disposition_parameters: pairs.collect(), ..Part::default() }
    }

    fn check(pairs: &[(&str, &str)], expected: &str) {
        assert_eq!(file_name(&part("application/pdf", pairs), Some(text_decoder)), expected);
    }

    fn check_type(mime_type: &str, name: &str, expected: &str) {
        let pairs = [("filename", name)];
        let pairs = if name.is_empty() { &[][..] } else { &pairs[..] };
        assert_eq!(file_name(&part(mime_type, pairs), Some(text_decoder)), expected);
    }

    #[test]
    fn file_names_as_mailers_write_them() {
        check(&[("filename", "a.pdf")], "a.pdf");
        check(&[("FileName", "Grüße.pdf")], "Grüße.pdf");
        check(&[("filename", "=?utf-8?q?=E2=82=AC.pdf?=")], "€.pdf");
        check(&[("filename*", "UTF-8''%e2%82%ac%20rates.pdf")], "€ rates.pdf");
        check(&[("filename*", "100%.pdf")], "100%.pdf");
        check(&[], "attachment.pdf");
    }

    #[test]
    fn slashes_belong_to_the_name() {
        check(&[("filename", "Auftrag 225/2385/5648.pdf")], "Auftrag 225_2385_5648.pdf");
        check(&[("filename", "a\\b.pdf")], "a_b.pdf");
        check(&[("filename", "../../etc/passwd.pdf")], "_.._etc_passwd.pdf");
        check(&[("filename", "C:\\Windows\\x.exe")], "C__Windows_x.exe");
    }

    #[test]
    fn file_names_that_lie() {
        check(&[("filename", "..")], "attachment.pdf");
        check(&[("filename", ".bashrc")], "bashrc.pdf");
        check(&[("filename", ".PDF")], "attachment.pdf");
        check(&[("filename", "a\r\nb\0.pdf")], "a b .pdf");
        check(&[("filename", "in\u{202e}fdp.exe")], "infdp.exe");
        check(&[("filename", "in\u{61c}v.exe\u{200b}")], "inv.exe");
        check(&[("filename", "a?b*c:d.pdf")], "a_b_c_d.pdf");
        let long = format!("{}.pdf", "é".repeat(300));
        check(&[("filename", &long)], &format!("{}.pdf", "é".repeat(98)));
    }

    #[test]
    fn devices_of_windows_are_no_names() {
        check(&[("filename", "con.pdf")], "_con.pdf");
        check(&[("filename", "LPT1.pdf")], "_LPT1.pdf");
        check(&[("filename", "Aux")], "_Aux.pdf");
        check(&[("filename", "console.pdf")], "console.pdf");
        check(&[("filename", "com10.pdf")], "com10.pdf");
    }

    #[test]
    fn the_type_gives_the_extension_where_there_is_none() {
        check(&[("filename", "Rechnung")], "Rechnung.pdf");
        check(&[("filename", "Rechnung No.5")], "Rechnung No.5.pdf");
        check(&[("filename", "scan.tif")], "scan.tif");
        check_type("application/octet-stream", "README", "README");
        check_type("message/rfc822", "Re: hello", "Re_ hello.eml");
        check_type("image/pjpeg", "photo", "photo.jpg");
        check_type("message/delivery-status", "", "attachment.txt");
        check_type("text/rfc822-headers", "", "attachment.txt");
        check_type("audio/mpeg", "", "attachment.mp3");
        check_type("application/x-nobody-knows", "", "attachment.bin");
    }

    #[test]
    fn an_attached_message_is_called_by_its_subject() {
        let mut mail = part("message/rfc822", &[]);
        mail.subject = Some(b"=?utf-8?q?Gr=C3=BC=C3=9Fe:_a/b?=".to_vec());
        assert_eq!(file_name(&mail, Some(text_decoder)), "Grüße_ a_b.eml");
        mail.disposition_parameters = vec![("filename".to_owned(), b"given.eml".to_vec())];
        assert_eq!(file_name(&mail, Some(text_decoder)), "given.eml");
    }
}
