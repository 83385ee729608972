//! The first words of a message, for a list: of its plain text, or of its HTML where it has no other.

use crate::charset::{self, DecodeCharset};
use crate::choice::Choice;
use crate::part::Part;
use crate::transfer::Transfer;
use crate::{enriched, html, mixed, words};

/// The part to read for a preview, and how many of its octets are enough: HTML has much before its first word. None
/// where there is no text.
pub fn preview_part(structure: &Part) -> Option<(Part, u32)> {
    let choice = Choice::new(structure);
    let text = choice.texts.first()?;
    let part = *text.plain.first().or(text.html.first())?;
    // A few empty lines beside the HTML, as some mailers write them.
    let html = text.html.first().filter(|html| part.octets < 12 && html.octets > 12);
    let part = *html.unwrap_or(&part);
    Some((part.clone(), if part.is_html() { HTML_OCTETS } else { PLAIN_OCTETS }))
}

/// A preview from the first octets of a part, encoded as they travel; they may end anywhere. Empty where the part is
/// made for programs.
pub fn preview(part: &Part, octets: &[u8], decoder: Option<DecodeCharset>) -> String {
    let (mut transfer, mut bytes) = (Transfer::new(&part.encoding), Vec::new());
    transfer.push(octets, &mut bytes);
    transfer.finish(&mut bytes);
    if let Transfer::Base64(_) = transfer
        && let Some(mixed) = mixed::read(octets)
    {
        bytes = [mixed.before, mixed.data].concat();
    }
    if part.is_html() {
        let html = html::decode(&part.charset(), &bytes, decoder).text;
        return shortened(&html::text(&html, 4 * CHARACTERS));
    }
    let text = charset::decode(&part.charset(), &bytes, decoder).text;
    let text = match part.mime_type.as_str() {
        "text/enriched" | "text/richtext" => enriched::plain(&text, part.mime_type == "text/richtext"),
        _ => text,
    };
    // The last character may be cut in two.
    shortened(text.trim_end_matches('\u{fffd}'))
}

/// A server's own preview (RFC 8970) on one line, or none where it is no text for people: servers take it from the first
/// part, whatever that is, or from HTML with its styles.
pub fn server_preview(text: &str) -> Option<String> {
    let line: String = words::one_line(text).chars().take(CHARACTERS).collect();
    (!is_for_programs(&line)).then_some(line)
}

fn shortened(text: &str) -> String {
    server_preview(text).unwrap_or_default()
}

/// Whether it is a calendar, an address card, a style sheet or the like.
fn is_for_programs(line: &str) -> bool {
    let upper = line.get(..line.len().min(40)).unwrap_or(line).to_ascii_uppercase();
    const STARTS: [&str; 8] = [
        "BEGIN:VCALENDAR",
        "BEGIN:VCARD",
        "<!DOCTYPE",
        "<HTML",
        "<?XML",
        "@MEDIA ",
        "@IMPORT ",
        "@FONT-FACE",
    ];
    STARTS.iter().any(|start| upper.starts_with(start)) || is_style(line)
}

/// `p { color: red; }`, and what comes before the brace is a selector: short, and no sentence.
fn is_style(line: &str) -> bool {
    let Some((selector, rest)) = line.split_once('{') else { return false };
    let declaration = rest.split(['}', ';']).next().unwrap_or_default();
    let Some((property, _)) = declaration.split_once(':') else { return false };
    let property = property.trim();
    let is_property = !property.is_empty() && property.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let is_selector = |c: char| c.is_ascii_alphanumeric() || " .#,:>*-_[]=\"'()~+@/".contains(c);
    is_property && selector.chars().all(is_selector)
}

const PLAIN_OCTETS: u32 = 512;
const HTML_OCTETS: u32 = 8 * 1024;
const CHARACTERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn part(mime_type: &str, encoding: &str) -> Part {
        Part {
            mime_type: mime_type.to_owned(),
            encoding: encoding.to_owned(),
            octets: 900,
            ..Part::default()
        }
    }

    #[test]
    fn undeclared_utf_8_that_was_cut_is_read() {
        let greek = "Καλημέρα κόσμε ".repeat(40);
        let found = preview(&part("text/plain", "8bit"), &greek.as_bytes()[..511], Some(text_decoder));
        assert!(found.starts_with("Καλημέρα κόσμε") && !found.contains('\u{fffd}'), "{found}");
    }

    #[test]
    fn html_alone_has_a_preview() {
        let html = b"<html><head><style>p{color:red}</style></head><body><p>Guten=20Tag</p>";
        let found = preview(&part("text/html", "quoted-printable"), html, Some(text_decoder));
        assert_eq!(found, "Guten Tag");
        let root = part("text/html", "7bit");
        assert_eq!(preview_part(&root).map(|(_, octets)| octets), Some(HTML_OCTETS));
    }

    #[test]
    fn no_preview_is_read_from_what_is_made_for_programs() {
        for text in [
            "BEGIN:VCALENDAR VERSION:2.0",
            "begin:vcard",
            "p { color: red; } .x {",
            "@media (max-width: 600px) { td",
            "/* reset */ body, td { margin: 0 }",
            "<!DOCTYPE html>",
        ] {
            assert_eq!(server_preview(text), None, "{text}");
            assert_eq!(preview(&part("text/plain", "7bit"), text.as_bytes(), None), "");
        }
        assert_eq!(
            server_preview("Use { and } with care: they nest.").as_deref(),
            Some("Use { and } with care: they nest.")
        );
        assert_eq!(preview_part(&part("text/calendar", "7bit")), None);
    }
}
