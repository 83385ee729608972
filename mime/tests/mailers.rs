//! Messages as single mailers write them, each with its right outcome: written out here, and read from their bytes.

use postern_mime::{Body, Entity, Notice, body, more, pieces, preview, preview_part};

fn text_decoder(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Reads a message, part by part, as a client does.
fn read(message: impl AsRef<[u8]>) -> Body {
    let message = message.as_ref();
    let entity = Entity::parse(message);
    let (structure, size) = (Some(&entity.structure), u32::try_from(message.len()).expect("a small message"));
    let mut read = Vec::new();
    let mut left = pieces(structure, size);
    while !left.is_empty() {
        for piece in &mut left {
            let found = entity.bodies.iter().find(|(section, _)| *section == piece.part.section);
            found.map_or(message, |(_, bytes)| *bytes).chunks(7).for_each(|chunk| piece.push(chunk));
        }
        read.append(&mut left);
        left = more(structure, size, &read.iter().collect::<Vec<_>>(), Some(text_decoder));
    }
    body(structure, size, read, Some(text_decoder))
}

fn subject(value: &str) -> String {
    let message = format!("Subject: {value}\r\n\r\nhi");
    Entity::parse(message.as_bytes()).header.text("subject", "", Some(text_decoder))
}

fn text_of(message: impl AsRef<[u8]>) -> String {
    read(message).text.expect("a text").trim_end().to_owned()
}

/// The preview of a message that is read from its start.
fn preview_of(message: &str) -> String {
    let entity = Entity::parse(message.as_bytes());
    let (part, octets) = preview_part(&entity.structure).expect("a text");
    let bytes = entity.bodies.iter().find(|(section, _)| *section == part.section).expect("its bytes").1;
    let octets = bytes.len().min(usize::try_from(octets).expect("a size"));
    preview(&part, &bytes[..octets], Some(text_decoder))
}

fn names(body: &Body) -> Vec<&str> {
    body.attachments.iter().map(|file| file.name.as_str()).collect()
}

/// A multipart with these parts, each with its header.
fn multipart(subtype: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--=b=\n{part}\n")).collect();
    format!("Content-Type: multipart/{subtype}; boundary=\"=b=\"\n\n{parts}--=b=--\n")
}

mod charsets {
    use super::*;

    #[test]
    fn a_word_of_iso_2022_jp_that_goes_on_between_two_characters() {
        // ESC $ B, three characters; then two more, and ESC ( B.
        assert_eq!(
            subject("=?iso-2022-jp?B?GyRCMnE1RCRO?=\r\n =?iso-2022-jp?B?RnxEeBsoQg==?="),
            "会議の日程"
        );
    }

    #[test]
    fn text_that_is_not_in_the_charset_that_it_names() {
        let latin = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xfc\xdfe aus K\xf6ln";
        assert_eq!(text_of(latin), "Grüße aus Köln");
        assert_eq!(
            text_of("Content-Type: text/plain; charset=unicode\r\n\r\nGrüße aus Köln"),
            "Grüße aus Köln"
        );
        let one_foreign = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe \xf6 \xf6";
        assert_eq!(text_of(one_foreign), "Grüße \u{fffd} \u{fffd}");
    }
}

mod headers {
    use super::*;

    #[test]
    fn a_field_called_from_with_a_space_before_its_colon_is_no_line_of_a_mailbox_file() {
        let entity = Entity::parse(b"From : Ada <ada@x.example>\r\nSubject : hi\r\n\r\n");
        assert_eq!(entity.header.addresses("from", "", None)[0].address, "ada@x.example");
        let stored = Entity::parse(b"From ada@x.example Mon Jun  1 12:00:00 2026\r\nSubject: hi\r\n\r\n");
        assert_eq!(stored.header.text("subject", "", None), "hi");
    }
}

mod file_names {
    use super::*;

    fn check(parameters: &str, expected: &str) {
        let file =
            format!("Content-Type: application/pdf\nContent-Disposition: attachment; {parameters}\n\nx");
        assert_eq!(names(&read(multipart("mixed", &["\nhi", &file]))), [expected], "{parameters}");
    }

    #[test]
    fn names_as_mailers_break_them() {
        check("filename=\"C:\\Users\\Ada\\doc.pdf\"", "C__Users_Ada_doc.pdf");
        check("filename=\"the \\\"best\\\".pdf\"", "the _best_.pdf");
        check("filename*0=a; filename*2=c.pdf", "ac.pdf");
        check("filename*1*=%20b.pdf; filename*0*=utf-8''%C3%A4", "ä b.pdf");
        check("filename=\".pdf\"", "attachment.pdf");
    }
}

mod structures {
    use super::*;

    #[test]
    fn xhtml_is_html() {
        let html = "Content-Type: application/xhtml+xml\n\n<html><p>drawn</p></html>";
        let read = read(multipart("alternative", &["\nplain", html]));
        assert!(read.html.as_ref().is_some_and(|html| html.contains("drawn")));
        assert_eq!(names(&read), [""; 0]);
    }

    #[test]
    fn a_preview_is_of_the_html_where_the_plain_form_is_blank() {
        let html = "Content-Type: text/html\n\n<p>all the words</p>";
        assert_eq!(preview_of(&multipart("alternative", &["\n \r\n\r\n", html])), "all the words");
    }
}

mod kinds {
    use super::*;

    #[test]
    fn a_quoted_pgp_message_makes_none() {
        assert_eq!(read("\n> -----BEGIN PGP MESSAGE-----\n> abc\nI can't read this.").notices, []);
        let html = "Content-Type: text/html\n\n<p>&gt; -----BEGIN PGP MESSAGE-----<br>";
        assert_eq!(read(html).notices, []);
        assert_eq!(read("\nhi\n-----BEGIN PGP MESSAGE-----\nabc").notices, [Notice::EncryptedPgp]);
    }

    #[test]
    fn tnef_by_its_other_types() {
        let file = "Content-Type: application/x-ms-tnef; name=\"part.dat\"\n\nx";
        assert_eq!(read(multipart("mixed", &["\nhi", file])).notices, [Notice::Tnef]);
    }
}
