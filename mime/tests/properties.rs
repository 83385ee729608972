//! What holds for every message, whatever is in it: nothing panics, nothing vanishes, and no result depends on how the
//! bytes were cut on their way.

use postern_mime::{
    Choice, Entity, Header, Part, Transfer, addresses, body, canonical_charset, content_id, date,
    decode_charset, decode_words, more, parameter, pieces, preview, server_preview,
};
use proptest::prelude::*;

fn text_decoder(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Bytes in which the marks of every format are frequent.
fn messy() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..12),
        prop::sample::select(MARKS.to_vec()).prop_map(|mark| mark.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

const MARKS: [&str; 40] = [
    "\r\n",
    "\n\n",
    "\r\n\r\n",
    "--x",
    "--x--\r\n",
    "Content-Type: multipart/mixed; boundary=x\r\n",
    "Content-Type: text/html\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Type: multipart/alternative; boundary=\"x\"\r\n",
    "charset=iso-2022-jp",
    "<",
    ">",
    "<!--",
    "-->",
    "<style>",
    "</style>",
    "&#x41;",
    "&amp;",
    "\"",
    "\\",
    "(",
    ")",
    ",",
    ";",
    ":",
    "@",
    "=?utf-8?q?",
    "?=",
    "=?",
    "=E2=82=AC",
    "\u{1b}$B",
    "\u{1b}(B",
    "~{",
    "~}",
    "12:00",
    "+0200",
    "Jun",
    "begin 644 a\n",
    "{",
    "'",
];

const TYPES: [&str; 16] = [
    "text/plain",
    "text/html",
    "text/plain",
    "text/html",
    "text/calendar",
    "text/markdown",
    "text/x-amp-html",
    "image/png",
    "image/tiff",
    "application/pdf",
    "application/octet-stream",
    "message/rfc822",
    "application/pkcs7-mime",
    "application/ms-tnef",
    "multipart/mixed",
    "",
];

fn leaf() -> impl Strategy<Value = Part> {
    let types = prop::sample::select(TYPES.to_vec());
    let dispositions = prop::sample::select(vec!["", "", "inline", "attachment", "x-unknown"]);
    let names = prop::sample::select(vec![None, None, Some("a.txt"), Some("b.jpg"), Some("smime.p7m")]);
    let ids = prop::sample::select(vec!["", "", "a@x", "b@x"]);
    (types, dispositions, names, ids).prop_map(|(mime_type, disposition, name, id)| Part {
        mime_type: mime_type.to_owned(),
        disposition: disposition.to_owned(),
        parameters: name.map(|name| ("name".to_owned(), name.as_bytes().to_vec())).into_iter().collect(),
        content_id: id.to_owned(),
        octets: 10,
        ..Part::default()
    })
}

/// Trees of parts as servers tell them, with their section numbers.
fn structure() -> impl Strategy<Value = Part> {
    let tree = leaf().prop_recursive(4, 30, 5, |child| {
        let kinds =
            prop::sample::select(vec!["mixed", "alternative", "related", "signed", "report", "x-odd"]);
        (kinds, proptest::collection::vec(child, 1..5)).prop_map(|(kind, children)| Part {
            mime_type: format!("multipart/{kind}"),
            children,
            ..Part::default()
        })
    });
    tree.prop_map(|mut root| {
        number(&mut root, "");
        root
    })
}

fn number(part: &mut Part, section: &str) {
    part.section =
        if part.children.is_empty() && section.is_empty() { "1".to_owned() } else { section.to_owned() };
    for (index, child) in part.children.iter_mut().enumerate() {
        let dot = if section.is_empty() { "" } else { "." };
        number(child, &format!("{section}{dot}{}", index + 1));
    }
}

/// Whether only some other program shows it.
fn is_for_others(part: &Part) -> bool {
    part.mime_type == "text/x-amp-html" && part.disposition != "attachment"
}

proptest! {
    /// Every part with bytes of its own is text on screen or listed.
    #[test]
    fn nothing_vanishes(root in structure()) {
        let choice = Choice::new(&root);
        let shown = |part: &Part| {
            let mut parts = choice.texts.iter().flat_map(|text| text.plain.iter().chain(text.designed()));
            parts.any(|shown| shown.section == part.section)
        };
        let listed = |part: &Part| choice.files.iter().any(|file| file.section == part.section);
        for part in root.leaves() {
            let is_hidden = is_for_others(part) && !choice.texts.is_empty();
            prop_assert!(shown(part) || listed(part) || is_hidden, "{part:?} of {root:?}");
            prop_assert!(root.find(&part.section).is_some());
        }
        for image in &choice.images {
            prop_assert!(listed(image));
        }
    }

    /// What was read is on screen: the words of each text, in its best form, are in the HTML, or in the text where there
    /// is no HTML.
    #[test]
    fn every_text_that_is_read_is_shown(root in structure()) {
        let mut read = pieces(Some(&root), 100);
        for piece in &mut read {
            piece.push(format!("words-of-{}.", piece.part.section).as_bytes());
        }
        let body = body(Some(&root), 100, read, None);
        for part in Choice::new(&root).texts.iter().flat_map(postern_mime::Text::designed) {
            let words = format!("words-of-{}.", part.section);
            let shown = body.html.as_ref().or(body.text.as_ref());
            prop_assert!(shown.is_some_and(|shown| shown.contains(&words)), "{part:?} of {root:?}");
        }
    }

    #[test]
    fn no_message_panics(message in messy()) {
        let entity = Entity::parse(&message);
        let size = u32::try_from(message.len()).unwrap();
        for structure in [None, Some(&entity.structure)] {
            let mut read = pieces(structure, size);
            for piece in &mut read {
                piece.push(&message);
            }
            let mut left = more(structure, size, &read.iter().collect::<Vec<_>>(), Some(text_decoder));
            left.iter_mut().for_each(|piece| piece.push(&message));
            read.append(&mut left);
            let body = body(structure, size, read, Some(text_decoder));
            prop_assert!(body.attachments.iter().all(|file| !file.name.is_empty() && !file.name.contains(['/', '\\', '\0'])));
        }
        let header = Header::split(&message).0;
        header.addresses("from", "windows-1251", Some(text_decoder));
        header.date();
    }

    #[test]
    fn no_value_panics(bytes in messy(), label in "[ -~]{0,20}") {
        addresses(&bytes, &label, Some(text_decoder));
        date(&bytes);
        decode_words(&bytes, Some(text_decoder));
        decode_charset(&label, &bytes, Some(text_decoder));
        content_id(&bytes);
        canonical_charset(&label);
        server_preview(&String::from_utf8_lossy(&bytes));
        let parameters = vec![("name*0*".to_owned(), bytes.clone()), ("name*1".to_owned(), bytes.clone())];
        parameter(&parameters, "name", Some(text_decoder));
        for mime_type in ["text/plain", "text/html"] {
            let part = Part { mime_type: mime_type.to_owned(), encoding: label.clone(), ..Part::default() };
            preview(&part, &bytes, Some(text_decoder));
        }
    }

    /// Known charsets read what was written in them.
    #[test]
    fn text_comes_back(text in "[a-zа-я ,.!]{1,40}") {
        for label in ["utf-8", "windows-1251", "koi8-r", "iso-8859-5", "CP-1251", "x-mac-cyrillic"] {
            let canonical = canonical_charset(label);
            let encoding = encoding_rs::Encoding::for_label(canonical.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(&text);
            prop_assert_eq!(&decode_charset(label, &bytes, Some(text_decoder)).text, &text, "{}", label);
        }
        prop_assert_eq!(&decode_charset("", text.as_bytes(), Some(text_decoder)).text, &text);
    }

    /// Decoding undoes encoding, however the stream was cut.
    #[test]
    fn transfer_encodings_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 1_usize..50) {
        for (encoding, encoded) in [("base64", base64(&bytes)), ("quoted-printable", quoted_printable(&bytes))] {
            let (mut transfer, mut out) = (Transfer::new(encoding), Vec::new());
            encoded.chunks(cut).for_each(|chunk| transfer.push(chunk, &mut out));
            transfer.finish(&mut out);
            prop_assert_eq!(&out, &bytes, "{}", encoding);
            prop_assert!(!transfer.damaged());
        }
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    for (index, group) in bytes.chunks(3).enumerate() {
        if index > 0 && index % 19 == 0 {
            out.extend_from_slice(b"\r\n");
        }
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            out.push(if at <= group.len() { ALPHABET[bits >> (18 - 6 * at) & 63] } else { b'=' });
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let one = |(index, byte): (usize, &u8)| {
        let soft_break = if index % 20 == 19 { "=\r\n" } else { "" };
        format!("={byte:02X}{soft_break}")
    };
    bytes.iter().enumerate().map(one).collect::<String>().into_bytes()
}
