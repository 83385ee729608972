//! Whole messages, each with a fault that mailers or servers have: read as a client reads them, part by part. What each
//! is stands in its name and in `tests/mail`.

use postern_mime::{
    Attachment, Body, Entity, Header, Notice, body, is_stand_in, more, pieces, preview, preview_part,
};
use std::path::Path;

fn text_decoder(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn mail(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail").join(name).with_extension("eml");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn octets(message: &[u8]) -> u32 {
    u32::try_from(message.len()).expect("messages of the tests are small")
}

/// Reads a message from its structure on, each part in portions of seven bytes.
fn read_bytes(message: &[u8]) -> Body {
    let entity = Entity::parse(message);
    let structure = Some(&entity.structure);
    let size = octets(message);
    let mut read = Vec::new();
    let mut left = pieces(structure, size);
    while !left.is_empty() {
        for piece in &mut left {
            let found = entity.bodies.iter().find(|(section, _)| *section == piece.part.section);
            let bytes = found.map_or(message, |(_, bytes)| *bytes);
            bytes.chunks(7).for_each(|chunk| piece.push(chunk));
        }
        read.append(&mut left);
        left = more(structure, size, &read.iter().collect::<Vec<_>>(), Some(text_decoder));
    }
    body(structure, size, read, Some(text_decoder))
}

fn read(name: &str) -> Body {
    read_bytes(&mail(name))
}

fn header(name: &str) -> Header {
    Entity::parse(&mail(name)).header
}

fn subject(name: &str, beside: &str) -> String {
    header(name).text("subject", beside, Some(text_decoder))
}

/// `name <address>` of the first sender.
fn sender(name: &str, beside: &str) -> String {
    let from = header(name).addresses("from", beside, Some(text_decoder));
    assert_eq!(from.len(), 1, "{from:?}");
    assert!(!is_stand_in(&from[0].address));
    format!("{} <{}>", from[0].name, from[0].address)
}

fn names(body: &Body) -> Vec<&str> {
    body.attachments.iter().map(|file| file.name.as_str()).collect()
}

/// The parts that are drawn, by number.
fn images(body: &Body) -> Vec<(&str, &str)> {
    body.images.iter().map(|image| (image.part.as_str(), image.mime_type.as_str())).collect()
}

fn text(body: &Body) -> &str {
    body.text.as_deref().expect("a text").trim_end()
}

fn html(body: &Body) -> &str {
    body.html.as_deref().expect("a form in HTML")
}

mod charsets {
    use super::*;

    #[test]
    fn words_of_iso_2022_jp_are_read_one_by_one() {
        assert_eq!(subject("iso-2022-jp-words", ""), "来月の定例会議の日程と会場のお知らせ");
        assert_eq!(sender("iso-2022-jp-words", ""), "田中花子 <hanako@mail.example>");
        assert!(text(&read("iso-2022-jp-words")).starts_with("会場は"));
    }

    #[test]
    fn characters_of_gbk_under_the_label_gb2312() {
        let read = read("gb2312-label");
        assert!(!html(&read).contains('\u{fffd}') && !subject("gb2312-label", "").contains('\u{fffd}'));
    }

    #[test]
    fn a_raw_header_is_in_the_charset_of_the_body() {
        assert_eq!(subject("raw-windows-1251", "windows-1251"), "Счёт за октябрь");
        assert_eq!(sender("raw-windows-1251", "windows-1251"), "Ирина <irina@mail.example>");
        // Where the body says nothing it is guessed.
        assert_eq!(subject("raw-windows-1251", ""), "Счёт за октябрь");
    }

    #[test]
    fn one_foreign_byte_does_not_spoil_a_text() {
        let read = read("foreign-byte");
        assert!(text(&read).starts_with("Доставка не удалась"));
        assert!(text(&read).contains("caf\u{fffd} menu"));
    }

    #[test]
    fn a_preview_that_was_cut_stays_utf_8() {
        let message = mail("undeclared-greek");
        let entity = Entity::parse(&message);
        let (part, octets) = preview_part(&entity.structure).unwrap();
        for cut in 200..=usize::try_from(octets).unwrap() {
            let preview = preview(&part, &entity.bodies[0].1[..cut], Some(text_decoder));
            assert!(preview.chars().all(|c| !matches!(c, '\u{80}'..='\u{ff}' | '\u{fffd}')), "{preview}");
        }
    }

    #[test]
    fn html_names_its_charset_itself() {
        assert!(html(&read("meta-charset")).contains("Příliš žluťoučký kůň"));
    }

    #[test]
    fn rare_labels() {
        let read = read("charset-zoo");
        let lines: Vec<_> = text(&read).lines().collect();
        assert_eq!(
            lines,
            [
                "שלום עולם",
                "Xin cha\u{300}o ba\u{323}n",
                "Привет мир",
                "Привет мак",
                "Grüße aus Köln",
                "Привет ДОС",
                "안녕하세요 여러분",
                "똠방각하",
                "你哋喺度嘅",
                "plain only"
            ]
        );
        assert_eq!(read.notices, []);
    }
}

mod headers {
    use super::*;

    #[test]
    fn a_comma_in_a_name_that_nobody_quoted() {
        assert_eq!(sender("comma-in-name", ""), "Abend, Noemi <noemi@mail.example>");
        assert_eq!(sender("encoded-comma", ""), "Löwe, Karin - WERK 7 <karin@werk7.example>");
    }

    #[test]
    fn empty_encoded_words_are_nothing() {
        assert_eq!(subject("empty-encoded-word", "").replace(' ', ""), "[EXTERN]BestätigungIhrerBestellung");
    }

    #[test]
    fn a_date_with_a_comment_in_any_charset() {
        assert_eq!(header("date-comment").date(), Some(1_615_988_457_000));
    }

    #[test]
    fn a_date_without_seconds_in_a_named_zone() {
        assert_eq!(header("date-two-digits").date(), Some(1_644_728_640_000));
    }

    #[test]
    fn six_hundred_recipients() {
        let list: Vec<_> = (0..600).map(|number| format!("Person {number} <p{number}@x.example>")).collect();
        let message = format!("To: {}\r\nX: {}\r\n\r\nhi", list.join(",\r\n "), "x".repeat(40_000));
        let header = Entity::parse(message.as_bytes()).header;
        assert_eq!(header.addresses("to", "", None).len(), 600);
    }
}

mod file_names {
    use super::*;

    #[test]
    fn slashes_stay_as_underscores() {
        let read = read("slashes");
        assert!(
            read.attachments.iter().any(|file| file.name == "Auftrag_225_2385_5648.pdf"),
            "{:?}",
            names(&read)
        );
    }

    #[test]
    fn continuations_whose_text_has_apostrophes() {
        assert_eq!(
            names(&read("continuations-apostrophes")),
            ["2 Koche 'Suppe' ist's wert_ -Heute Abend probieren, und mehr.eml"]
        );
    }

    #[test]
    fn names_of_east_asia() {
        assert_eq!(names(&read("encoded-name")), ["テスト_見積.pdf"]);
        assert_eq!(names(&read("utf-16-label")), ["K7-remote.rdp"]);
    }

    #[test]
    fn files_without_a_name() {
        assert_eq!(
            names(&read("no-names")),
            [
                "Protokoll der Sitzung.eml",
                "Tagesordnung.eml",
                "attachment.docx",
                "attachment.mp3",
                "attachment.csv",
                "attachment.heic",
                "attachment.mp4"
            ]
        );
    }

    #[test]
    fn a_bounce_has_files_that_open_as_text() {
        let read = read("bounce");
        assert_eq!(text(&read), "Ihre Nachricht konnte nicht zugestellt werden.");
        assert_eq!(names(&read), ["attachment.txt", "attachment.txt"]);
    }

    #[test]
    fn a_message_in_base64_is_one_file() {
        assert_eq!(names(&read("rfc822-base64")), ["alt.eml"]);
    }
}

mod structures {
    use super::*;

    #[test]
    fn both_halves_of_apple_mails_html_are_shown() {
        let read = read("apple-mixed");
        assert_eq!(
            html(&read).matches("<p").count() + html(&read).matches("<div").count(),
            2,
            "{}",
            html(&read)
        );
        assert_eq!(names(&read), ["Plan Erdgeschoss.pdf"]);
    }

    #[test]
    fn of_two_content_types_the_one_that_fits_counts() {
        let read = read("two-content-types");
        assert_eq!(text(&read), "Guten Morgen Welt");
        assert_eq!(html(&read), "<b>Guten Morgen Welt</b>");
    }

    #[test]
    fn a_structure_that_comes_to_nothing_makes_the_message_itself_be_read() {
        let message = mail("two-content-types");
        let size = octets(&message);
        // What Dovecot says of it: one part, and nothing in it.
        let empty = postern_mime::Part {
            section: "1".to_owned(),
            mime_type: "text/plain".to_owned(),
            ..postern_mime::Part::default()
        };
        let root = postern_mime::Part {
            mime_type: "multipart/alternative".to_owned(),
            children: vec![empty],
            ..postern_mime::Part::default()
        };
        let mut read = pieces(Some(&root), size);
        let mut whole = more(Some(&root), size, &read.iter().collect::<Vec<_>>(), None);
        whole[0].push(&message);
        read.append(&mut whole);
        assert!(more(Some(&root), size, &read.iter().collect::<Vec<_>>(), None).is_empty());
        let body = body(Some(&root), size, read, None);
        assert_eq!(text(&body), "Guten Morgen Welt");
        assert_eq!(names(&body), ["message.eml"]);
        assert_eq!(body.notices, [Notice::BrokenStructure]);
    }

    #[test]
    fn an_empty_message_is_no_broken_one() {
        let read = read_bytes(b"Subject: nothing\r\n\r\n\r\n");
        assert_eq!((read.notices, read.attachments), (vec![], vec![]));
    }

    #[test]
    fn texts_that_the_sender_named_are_files() {
        let read = read("named-texts");
        assert_eq!(text(&read), "Anbei drei Dateien.");
        assert_eq!(names(&read), ["notiz.txt", "bericht.html", "lager.csv"]);
    }

    #[test]
    fn unknown_text_is_plain_text() {
        let read = read("markdown");
        assert!(!text(&read).is_empty());
        assert_eq!(read.attachments, []);
    }

    #[test]
    fn a_form_for_another_program_is_not_listed() {
        let read = read("amp");
        assert!(html(&read).contains("Die HTML-Fassung"));
        assert_eq!(read.attachments, []);
    }

    #[test]
    fn html_is_read_up_to_four_mebibytes() {
        let picture = "A".repeat(700_000);
        let html =
            format!("<img src=\"data:image/png;base64,{picture}\"><img src=\"data:,{picture}\"><p>end</p>");
        let read = read_bytes(format!("Content-Type: text/html\r\n\r\n{html}").as_bytes());
        assert!(super::html(&read).ends_with("<p>end</p>"));
        assert_eq!(read.notices, []);
    }

    #[test]
    fn what_stands_behind_base64_is_shown_as_it_is() {
        let read = read("footer-behind-base64");
        assert!(text(&read).starts_with("Grüße an alle in der Liste"));
        assert!(text(&read).ends_with("liste mailing list\nliste@liste.example"), "{}", text(&read));
        assert_eq!(read.notices, []);
    }

    #[test]
    fn misspelt_transfer_encodings() {
        let read = read("transfer-misspelt");
        assert_eq!(text(&read).lines().collect::<Vec<_>>(), ["acht Bits ä", "Anführung ö", "Kommentar ü"]);
    }

    #[test]
    fn flowed_text_arrives_unfolded() {
        let read = read("flowed");
        assert!(text(&read).contains("umgebrochen, sodass"), "{}", text(&read));
        assert!(
            text(&read)
                .contains("https://web.example/sehr/langer/pfad/der/ueber/die/zeile/hinaus/geht/ende77")
        );
        assert!(text(&read).contains("> Zitat, ebenfalls weich umgebrochen."));
    }
}

mod pictures {
    use super::*;

    #[test]
    fn a_picture_that_is_an_attachment_and_named() {
        let read = read("picture-attachment");
        assert_eq!(images(&read), [("2", "image/png")]);
        assert_eq!(hides(&read), [false]);
    }

    fn hides(body: &Body) -> Vec<bool> {
        body.attachments.iter().map(|file: &Attachment| file.hide_if_drawn).collect()
    }

    #[test]
    fn identifiers_in_any_case_and_escape() {
        let read = read("cid-escapes");
        assert_eq!(read.images.len(), 3);
        assert_eq!(read.images[2].content_id, "drei leer@h3");
        assert_eq!(hides(&read), [true; 3]);
    }

    #[test]
    fn an_identifier_in_encoded_words() {
        assert_eq!(read("cid-encoded-word").images[0].content_id, "795d06e8bc6823570539@h3.0");
    }

    #[test]
    fn odd_types_are_what_their_bytes_say_and_all_are_listed() {
        let read = read("odd-image-types");
        let expected = [("2", "image/png"), ("3", "image/jpeg"), ("4", "image/png"), ("5", "image/jpeg")];
        assert_eq!(images(&read), expected);
        assert_eq!(names(&read), ["a1.gif", "a2.jpg", "a3.png", "a4.jfif", "scan.tif"]);
    }

    #[test]
    fn pictures_of_styles_and_links_are_listed() {
        let read = read("cid-in-css");
        assert_eq!((read.images.len(), read.attachments.len()), (5, 5));
    }

    #[test]
    fn pictures_by_location() {
        let read = read("content-location");
        let locations: Vec<_> = read.images.iter().map(|image| image.content_location.as_str()).collect();
        assert_eq!(locations, ["http://web.example/a/logo.png", "pics/b.png"]);
        assert_eq!(read.attachments.len(), 2);
    }

    #[test]
    fn a_picture_without_name_and_disposition() {
        let read = read("domino");
        assert_eq!(images(&read), [("2", "image/png")]);
        assert_eq!(hides(&read), [true]);
    }
}

mod kinds {
    use super::*;

    fn check(message: &str, expected: &[Notice]) {
        assert_eq!(read_bytes(message.replace('\n', "\r\n").as_bytes()).notices, expected, "{message}");
    }

    #[test]
    fn what_is_not_opened_is_said() {
        for (name, notice) in [
            ("opaque-signature", Notice::OpaquelySigned),
            ("winmail", Notice::Tnef),
            ("uuencoded", Notice::Uuencoded),
        ] {
            assert_eq!(read(name).notices, [notice], "{name}");
        }
        assert_eq!(names(&read("opaque-signature")), ["smime.p7m"]);
    }

    #[test]
    fn signed_messages() {
        check(
            "Content-Type: multipart/signed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/pgp-signature\n\nsig\n--x--\n",
            &[Notice::Signed],
        );
        check("\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhi\n", &[Notice::Signed]);
    }

    #[test]
    fn encrypted_messages() {
        let pgp = "Content-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--x--\n";
        check(pgp, &[Notice::EncryptedPgp]);
        check("\n-----BEGIN PGP MESSAGE-----\n\nabc\n", &[Notice::EncryptedPgp]);
        check(
            "Content-Type: text/html\n\n<pre>-----BEGIN PGP MESSAGE-----<br>abc</pre>",
            &[Notice::EncryptedPgp],
        );
        check(
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx",
            &[Notice::EncryptedSmime],
        );
        check("Content-Type: application/octet-stream; name=smime.p7m\n\nx", &[Notice::EncryptedSmime]);
    }

    #[test]
    fn invitations() {
        check("Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n", &[Notice::Invitation]);
        let both = "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nCome\n--x\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--x--\n";
        check(both, &[Notice::Invitation]);
    }

    #[test]
    fn tnef_by_its_name_alone() {
        check("Content-Type: application/octet-stream; name=WINMAIL.DAT\n\nx", &[Notice::Tnef]);
    }
}

/// Every message that the tests know, read from its bytes alone, as where a server tells no structure.
#[test]
fn every_message_is_readable_without_a_structure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail");
    for entry in std::fs::read_dir(folder).unwrap() {
        let message = std::fs::read(entry.unwrap().path()).unwrap();
        let size = octets(&message);
        let mut read = pieces(None, size);
        read[0].push(&message);
        let body = body(None, size, read, Some(text_decoder));
        let subject = body.header.map(|header| header.text("subject", "", Some(text_decoder)));
        assert!(subject.is_some_and(|subject| !subject.is_empty()));
        assert_eq!(body.attachments.len(), 1, "the message itself");
    }
}
