//! Messages as single mailers write them, each with its right outcome: written out here, and read from their bytes.

use postern_mime::{Body, Entity, Notice, Part, body, more, pieces, preview, preview_part};

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
    fn of_two_forms_the_one_that_is_not_empty_is_shown() {
        let html = "Content-Type: text/html\n\n<html><style>p {}</style><body><br>&nbsp;</body></html>";
        let read_one = read(multipart("alternative", &["\nall the words", html]));
        assert_eq!((read_one.text.as_deref(), read_one.html), (Some("all the words"), None));
        let spaces = " <br>\n".repeat(40);
        let html = format!("Content-Type: text/html\n\n{spaces}<p>all the words");
        let read_other = read(multipart("alternative", &["\n \r\n", &html]));
        assert_eq!(read_other.text, None);
        assert!(read_other.html.is_some_and(|html| html.ends_with("words")));
        let picture = "Content-Type: text/html\n\n<img src=\"https://x.example/a.png\">";
        assert!(read(multipart("alternative", &["\nwords", picture])).html.is_some());
    }

    #[test]
    fn plain_text_that_is_called_html_keeps_its_lines() {
        let html = read("Content-Type: text/html\n\njust plain\nlines < 3\n").html;
        assert!(
            html.is_some_and(|html| html.contains("white-space: pre-wrap") && html.contains("lines &lt; 3"))
        );
    }

    #[test]
    fn enriched_text_is_read_without_its_commands() {
        let message = "Content-Type: text/enriched\n\n<bold>Hi</bold>\nthere\n\nNext";
        assert_eq!(text_of(message), "Hi there\nNext");
        assert_eq!(preview_of(message), "Hi there Next");
    }

    #[test]
    fn a_footer_below_base64_without_padding_and_text_that_nobody_encoded() {
        let header = "Content-Transfer-Encoding: base64\n\n";
        let footed = format!("{header}R3LDvMOfZSBhbiBhbGxlIGluOg\n\n-- \nThe list\nhttps://lists.example/\n");
        assert_eq!(text_of(&footed), "Grüße an alle in:\n\n-- \nThe list\nhttps://lists.example/");
        assert_eq!(read(&footed).notices, []);
        assert_eq!(preview_of(&footed), "Grüße an alle in:");
        let plain = "Hello,\nthis is plain text, whatever was said.\nBo";
        assert_eq!(text_of(format!("{header}{plain}")), plain);
        assert_eq!(
            text_of(format!("{header}EXTERNAL: take care!\nR3LDvMOfZSBhbiBhbGxl\n")),
            "EXTERNAL: take care!\nGrüße an alle"
        );
        assert_eq!(text_of(format!("{header}R3 LD\n\n vM Of\tZQ = =\n")), "Grüße");
    }

    #[test]
    fn a_word_of_base64_without_padding() {
        let message = "Content-Transfer-Encoding: base64\n\nSGk";
        assert_eq!((read(message).text.as_deref(), preview_of(message).as_str()), (Some("Hi"), "Hi"));
        assert_eq!(read(message).notices, []);
    }

    #[test]
    fn lines_that_end_by_cr_alone() {
        let message = b"Subject: x\rContent-Type: text/html\r\r<p>hello\r";
        let mut read = pieces(None, 40);
        read[0].push(message);
        let body = body(None, 40, read, None);
        assert_eq!(body.html.as_deref(), Some("<p>hello\n"));
    }

    #[test]
    fn text_that_stands_in_no_part() {
        let read = read(
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n\n--x--\nThe text\n",
        );
        assert_eq!(read.text.as_deref().map(str::trim), Some("The text"));
        assert_eq!(
            (names(&read), read.notices.as_slice()),
            (vec!["message.eml"], [Notice::BrokenStructure].as_slice())
        );
    }

    #[test]
    fn an_empty_part_beside_a_file_may_be_an_invention() {
        let message = multipart("mixed", &["\nthe text", "Content-Type: application/pdf; name=a.pdf\n\nx"]);
        let size = u32::try_from(message.len()).expect("a small message");
        let leaf = |section: &str, mime_type: &str| Part {
            section: section.to_owned(),
            mime_type: mime_type.to_owned(),
            ..Part::default()
        };
        let children = vec![leaf("1", "text/plain"), leaf("2", "application/pdf")];
        let root = Part { mime_type: "multipart/mixed".to_owned(), children, ..Part::default() };
        let mut read = pieces(Some(&root), size);
        let mut whole = more(Some(&root), size, &read.iter().collect::<Vec<_>>(), None);
        whole[0].push(message.as_bytes());
        read.append(&mut whole);
        let found = body(Some(&root), size, read, None);
        assert_eq!(found.text.as_deref(), Some("the text"));
        assert_eq!(names(&found), ["attachment.pdf", "message.eml"]);
        // A file without words is no broken message.
        let silent = multipart("mixed", &["\n", "Content-Type: application/pdf; name=a.pdf\n\nx"]);
        let found = super::read(silent);
        assert_eq!((names(&found), found.notices.as_slice()), (vec!["a.pdf"], [].as_slice()));
    }

    #[test]
    fn a_preview_is_of_the_html_where_the_plain_form_is_blank() {
        let html = "Content-Type: text/html\n\n<p>all the words</p>";
        assert_eq!(preview_of(&multipart("alternative", &["\n \r\n\r\n", html])), "all the words");
        let empty = "Content-Type: text/html\n\n";
        assert_eq!(preview_of(&multipart("alternative", &["\nwords", empty])), "words");
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
    fn the_bytes_of_smime_tell_its_kind() {
        // ContentInfo with signed-data, and with enveloped-data.
        for (bytes, notice) in [
            ("MIAGCSqGSIb3DQEHAqCAMIA=", Notice::OpaquelySigned),
            ("MIAGCSqGSIb3DQEHA6CAMIA=", Notice::EncryptedSmime),
            ("AAAA", Notice::EncryptedSmime),
        ] {
            for kind in ["application/pkcs7-mime", "application/octet-stream"] {
                let header =
                    format!("Content-Type: {kind}; name=smime.p7m\nContent-Transfer-Encoding: base64");
                let read = read(format!("{header}\n\n{bytes}\n"));
                assert_eq!(
                    (names(&read), read.notices.as_slice()),
                    (vec!["smime.p7m"], [notice].as_slice()),
                    "{bytes}"
                );
            }
        }
    }

    #[test]
    fn tnef_by_its_other_types() {
        let file = "Content-Type: application/x-ms-tnef; name=\"part.dat\"\n\nx";
        assert_eq!(read(multipart("mixed", &["\nhi", file])).notices, [Notice::Tnef]);
    }
}
