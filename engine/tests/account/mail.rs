//! Mail for the model server: what a message looks like to FETCH. Made by hand, so that no test depends on a MIME
//! parser of its own.

use std::collections::BTreeMap;

/// A message as the server keeps it: the answers that it gives.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) envelope: String,
    pub(crate) structure: String,
    /// By section number; the empty one is the whole.
    pub(crate) sections: BTreeMap<String, Vec<u8>>,
}

impl Mail {
    /// A letter of plain text.
    pub(crate) fn plain(subject: &str, text: &str) -> Self {
        let octets = text.len();
        let structure =
            format!(r#"("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" {octets} 1 NIL NIL NIL NIL)"#);
        Self::new(subject, structure, &[("1", text.as_bytes())])
    }

    /// A letter with one attachment, which travels as it is given.
    pub(crate) fn with_attachment(subject: &str, name: &str, encoding: &str, content: &[u8]) -> Self {
        let structure = format!(
            r#"(("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 5 1 NIL NIL NIL NIL)("APPLICATION" "OCTET-STREAM" NIL NIL NIL "{encoding}" {} NIL ("ATTACHMENT" ("FILENAME" "{name}")) NIL NIL) "MIXED" ("BOUNDARY" "x") NIL NIL NIL)"#,
            content.len()
        );
        Self::new(subject, structure, &[("1", b"hello"), ("2", content)])
    }

    /// HTML that names one image.
    pub(crate) fn with_image(subject: &str) -> Self {
        let html = "<p>look: <img src=\"cid:logo@example\"></p>";
        let structure = format!(
            r#"(("TEXT" "HTML" ("CHARSET" "utf-8") NIL NIL "7BIT" {} 1 NIL NIL NIL NIL)("IMAGE" "PNG" NIL "<logo@example>" NIL "BASE64" 20 NIL ("INLINE" NIL) NIL NIL) "RELATED" ("BOUNDARY" "x") NIL NIL NIL)"#,
            html.len()
        );
        Self::new(subject, structure, &[("1", html.as_bytes()), ("2", b"iVBORw0KGgppbWFnZQ==")])
    }

    /// One part of this type, in UTF-8.
    pub(crate) fn of_type(subject: &str, media_type: &str, subtype: &str, content: &str) -> Self {
        let octets = content.len();
        let lines = if media_type == "TEXT" { " 1" } else { "" };
        let structure =
            format!(r#"("{media_type}" "{subtype}" NIL NIL NIL "8BIT" {octets}{lines} NIL NIL NIL NIL)"#);
        Self::new(subject, structure, &[("1", content.as_bytes())])
    }

    fn new(subject: &str, structure: String, parts: &[(&str, &[u8])]) -> Self {
        let mut sections: BTreeMap<_, _> =
            parts.iter().map(|(section, bytes)| ((*section).to_owned(), bytes.to_vec())).collect();
        let body =
            parts.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect::<Vec<_>>().join("\r\n");
        let whole = format!("Subject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}");
        sections.insert(String::new(), whole.into_bytes());
        let address = r#"(("Ada Lovelace" NIL "ada" "example.com"))"#;
        let envelope = format!(
            r#"("Mon, 2 Nov 2026 10:00:00 +0000" "{subject}" {address} {address} {address} (("Bob" NIL "bob" "example.com")) NIL NIL NIL "<1@example.com>")"#
        );
        Self { envelope, structure, sections }
    }
}
