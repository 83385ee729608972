//! Body structures that keep to the grammar.

use super::read;
use crate::imap::*;

/// Each part as `Debug` shows it, two spaces in for each level.
fn check(structure: &str, expected: &[&str]) -> BodyStructure<'static> {
    let Response::Fetch(fetch) = read(&format!("* 1 FETCH (BODYSTRUCTURE {structure})")) else { panic!() };
    let body = fetch.body_structure.unwrap();
    let parts: Vec<String> =
        body.parts().map(|part| format!("{:width$}{part:?}", "", width = part.depth() * 2)).collect();
    assert_eq!(parts, expected, "{structure}");
    for part in body.parts() {
        assert_eq!(body.part(&part.number()).map(Part::number), Some(part.number()));
    }
    body
}

#[test]
fn one_part() {
    let body = check(
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\" \"NAME\" \"a\\\"b\") \"<id>\" \"words\" \"7BIT\" 1152 23)",
        &["1 TEXT/PLAIN; CHARSET=UTF-8; NAME=a\"b (1152 octets)"],
    );
    let root = body.root();
    assert!(root.is("text", "plain") && !root.is_multipart());
    assert_eq!(root.lines(), Some(23));
    assert_eq!(root.id().as_deref(), Some(&b"<id>"[..]));
    assert_eq!(root.description().as_deref(), Some(&b"words"[..]));
    assert_eq!(root.encoding().as_deref(), Some(&b"7BIT"[..]));
    assert_eq!(root.parameter("charset").as_deref(), Some(&b"UTF-8"[..]));
}

#[test]
fn extension_fields() {
    let body = check(
        "(\"application\" \"pdf\" NIL NIL NIL \"base64\" 5 \"md5\" (\"attachment\" (\"filename\" \"x.pdf\")) \
         (\"de\" \"en\") \"http://l\" (\"new\" (1 NIL)) 7)",
        &["1 application/pdf; filename=x.pdf (5 octets)"],
    );
    let root = body.root();
    assert_eq!(root.md5().as_deref(), Some(&b"md5"[..]));
    assert_eq!(root.disposition().as_deref(), Some(&b"attachment"[..]));
    assert_eq!(root.disposition_parameter("FILENAME").as_deref(), Some(&b"x.pdf"[..]));
    assert_eq!(root.languages().count(), 2);
    assert_eq!(root.location().as_deref(), Some(&b"http://l"[..]));
    check("(\"a\" \"b\" NIL NIL NIL \"7bit\" 1 NIL NIL \"de\" NIL)", &["1 a/b (1 octets)"]);
    check("(\"text\" \"b\" NIL NIL NIL \"7bit\" 1 2 NIL)", &["1 text/b (1 octets)"]);
    // RFC 9051 section 9: `body-fld-octets` and `body-fld-lines` have up to 63 bits.
    let large = check(
        "(\"text\" \"b\" NIL NIL NIL \"7bit\" 9223372036854775807 9223372036854775807)",
        &["1 text/b (9223372036854775807 octets)"],
    );
    assert_eq!(large.root().lines(), Some(u32::MAX));
}

/// RFC 9051 section 6.4.5.1's example of part numbers.
#[test]
fn part_numbers() {
    let text = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)";
    let image = "(\"IMAGE\" \"GIF\" NIL NIL NIL \"BASE64\" 1)";
    let nil = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
    let message = |body: &str| format!("(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 1 {nil} {body} 1)");
    let inner = message(&format!("({text}{image} \"MIXED\")"));
    let alternative = format!("({text}{text} \"ALTERNATIVE\")");
    let outer = message(&format!("({image}{alternative} \"MIXED\")"));
    let single = message(text);
    check(
        &format!("({text}{image}{inner}{outer}{single} \"MIXED\" (\"BOUNDARY\" \"b\") NIL NIL)"),
        &[
            " MULTIPART/MIXED; BOUNDARY=b (0 octets)",
            "  1 TEXT/PLAIN (1 octets)",
            "  2 IMAGE/GIF (1 octets)",
            "  3 MESSAGE/RFC822 (1 octets)",
            "    3 MULTIPART/MIXED (0 octets)",
            "      3.1 TEXT/PLAIN (1 octets)",
            "      3.2 IMAGE/GIF (1 octets)",
            "  4 MESSAGE/RFC822 (1 octets)",
            "    4 MULTIPART/MIXED (0 octets)",
            "      4.1 IMAGE/GIF (1 octets)",
            "      4.2 MULTIPART/ALTERNATIVE (0 octets)",
            "        4.2.1 TEXT/PLAIN (1 octets)",
            "        4.2.2 TEXT/PLAIN (1 octets)",
            "  5 MESSAGE/RFC822 (1 octets)",
            "    5.1 TEXT/PLAIN (1 octets)",
        ],
    );
    check(&message(text), &["1 MESSAGE/RFC822 (1 octets)", "  1.1 TEXT/PLAIN (1 octets)"]);
}

#[test]
fn embedded_envelopes() {
    let body = check(
        "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"8BIT\" 9 \
         (\"d\" \"s\" ((\"n\" NIL \"m\" \"h\")) NIL NIL ((NIL NIL \"t\" \"h\")) NIL NIL NIL \"<i>\") \
         (\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 7 1) 3)",
        &["1 MESSAGE/RFC822 (9 octets)", "  1.1 TEXT/HTML (7 octets)"],
    );
    let envelope = body.root().envelope().unwrap();
    assert_eq!(envelope.subject().as_deref(), Some(&b"s"[..]));
    assert_eq!(envelope.from().next().unwrap().address().as_deref(), Some("m@h"));
    assert_eq!(envelope.to().next().unwrap().address().as_deref(), Some("t@h"));
    assert_eq!(body.root().children().count(), 1);
    assert_eq!(body.root().lines(), Some(3));
}
