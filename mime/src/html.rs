//! The little that has to be known of HTML before anyone draws it: its charset, the images that it names, its first words.
//! Never a parser of it, and nothing here makes HTML safe.

use crate::charset::DecodeCharset;
use crate::part::Part;
use crate::{charset, guess, label};

/// HTML as text. `declared` is the label of its part; where that says nothing, and it is not UTF-8, its own `<meta>`
/// counts (HTML section 13.2.3.2).
pub(crate) fn decode(declared: &str, bytes: &[u8], decoder: Option<DecodeCharset>) -> charset::Decoded {
    let says_nothing = label::canonical(declared).is_empty();
    if !says_nothing || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return charset::decode(declared, bytes, decoder);
    }
    let is_utf_8 = !bytes.is_ascii() && guess::is_utf_8(bytes);
    let own = meta_charset(bytes).filter(|own| !is_utf_8 && !own.starts_with("utf-16"));
    charset::decode(&own.unwrap_or_default(), bytes, decoder)
}

/// The canonical charset of `<meta charset=…>`, `<meta http-equiv=… content="…; charset=…">` or `<?xml encoding=…?>`.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let start = &bytes[..bytes.len().min(PRESCAN)];
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let metas = text.match_indices("<meta").map(|(at, _)| (&text[at..], "charset"));
    let xml = text.find("<?xml").map(|at| (&text[at..], "encoding"));
    xml.into_iter().chain(metas).find_map(|(tag, name)| {
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        let value = tag[tag.find(name)? + name.len()..].trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| c.is_whitespace() || "\"';/?".contains(c)).unwrap_or(value.len());
        Some(label::canonical(&value[..end])).filter(|label| !label.is_empty())
    })
}

/// Whether the HTML may draw the image: who draws it finds out, by whatever escapes the HTML writes.
pub(crate) fn may_name(html: &str, part: &Part) -> bool {
    let has_cid = || html.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"cid:"));
    !part.content_location.is_empty() || has_cid()
}

/// Whether the HTML writes the image's Content-ID or Content-Location somewhere. In any case, since mailers change it.
pub(crate) fn names(lower_html: &str, part: &Part) -> bool {
    let has = |text: &str| !text.is_empty() && lower_html.contains(&text.to_ascii_lowercase());
    let escaped = part.content_id.replace('%', "%25").replace('@', "%40").replace(' ', "%20");
    let file = part.content_location.rsplit('/').next().unwrap_or_default();
    has(&part.content_id) || has(&escaped) || has(file)
}

/// The text of HTML, for a preview: without its tags, comments, styles and scripts. `limit` characters at most.
pub(crate) fn text(html: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut rest = html;
    while out.len() < limit {
        let Some(open) = rest.find('<') else {
            out.push_str(&unescaped(rest));
            break;
        };
        out.push_str(&unescaped(&rest[..open]));
        let tag = &rest[open..];
        rest = if let Some(comment) = tag.strip_prefix("<!--") {
            comment.find("-->").map_or("", |end| &comment[end + 3..])
        } else {
            let name: String =
                tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/!?".contains(*c)).collect();
            let name = name.to_ascii_lowercase();
            if name.is_empty() {
                // A bare "less than".
                out.push('<');
                &tag[1..]
            } else if HIDDEN.contains(&name.as_str()) {
                behind_element(tag, &name)
            } else {
                let is_within_word = INLINE.contains(&name.trim_start_matches('/'));
                if !is_within_word {
                    out.push(' ');
                }
                behind_tag(tag)
            }
        };
    }
    out.chars().filter(|c| !PADDING.contains(c)).take(limit).collect()
}

/// Whether there is anything to see in it.
pub(crate) fn is_blank(html: &str) -> bool {
    const DRAWN: [&str; 6] = ["<img", "<svg", "<input", "<hr", "background", "url("];
    let lower = html.to_ascii_lowercase();
    !DRAWN.iter().any(|drawn| lower.contains(drawn)) && text(html, usize::MAX).trim().is_empty()
}

/// Whether there is any tag or comment in it, or a character that only HTML writes.
pub(crate) fn has_tags(html: &str) -> bool {
    let is_tag =
        |pair: &[u8]| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || b"/!?".contains(&pair[1]));
    html.contains('&') || html.as_bytes().windows(2).any(is_tag)
}

/// What follows a tag. A `>` within an attribute's quotes is not its end.
fn behind_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, c) in tag.char_indices().skip(1) {
        match (quote, c) {
            (None, '>') => return &tag[at + 1..],
            (None, '"' | '\'') if tag[..at].trim_end().ends_with('=') => quote = Some(c),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    ""
}

/// What follows an element whose text is never shown.
fn behind_element<'a>(tag: &'a str, name: &str) -> &'a str {
    let rest = behind_tag(tag);
    let end = format!("</{name}");
    let mut from = 0;
    while let Some(found) = rest[from..].find("</") {
        let at = from + found;
        if rest.get(at..at + end.len()).is_some_and(|close| close.eq_ignore_ascii_case(&end)) {
            return behind_tag(&rest[at..]);
        }
        from = at + 2;
    }
    ""
}

/// Character references: those by number, and the few names that mail has.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        let end = reference.find(';').filter(|end| *end <= 10);
        match end.and_then(|end| Some((character(&reference[..end])?, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &reference[end + 1..];
            }
            None => {
                out.push('&');
                rest = reference;
            }
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "zwnj" | "zwj" | "shy" => '\u{ad}',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        "oacute" => 'ó',
        "aacute" => 'á',
        "iacute" => 'í',
        "uacute" => 'ú',
        "euro" => '€',
        "pound" => '£',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        _ => return None,
    })
}

/// Elements whose text is no part of the letter.
const HIDDEN: [&str; 8] = ["style", "script", "title", "template", "noscript", "svg", "select", "textarea"];

/// Tags that stand within words.
const INLINE: [&str; 14] =
    ["a", "abbr", "b", "bdi", "big", "em", "font", "i", "s", "small", "span", "strong", "u", "wbr"];

/// What newsletters fill their preview with, so that nothing else is in it.
const PADDING: [char; 6] = ['\u{ad}', '\u{34f}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}'];

/// How far into the HTML its charset is looked for; the standard says 1024.
const PRESCAN: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn check(declared: &str, html: &[u8], expected: &str) {
        let text = decode(declared, html, Some(text_decoder)).text;
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn html_names_its_charset_itself() {
        check("", b"<meta charset=iso-8859-2>P\xf8\xedli\xb9", "Příliš");
        check(
            "",
            b"<META http-equiv='Content-Type' content='text/html; charset=iso-8859-2'>P\xf8\xedli\xb9",
            "Příliš",
        );
        check("us-ascii", b"<meta charset = \"windows-1251\" />\xcf\xf0\xe8", "При");
        check("", b"<?xml version='1.0' encoding='iso-8859-2'?>P\xf8\xedli\xb9", "Příliš");
        check("", b"\xef\xbb\xbf<meta charset=iso-8859-2>\xc5\x99", "ř");
    }

    #[test]
    fn the_part_knows_better_than_its_html() {
        check("iso-8859-1", b"<meta charset=iso-8859-2>\xe9\xb9", "é¹");
        // Transcoded on the way, and nobody told the HTML.
        check("", "<meta charset=iso-8859-2>Příliš".as_bytes(), "Příliš");
        check("", b"<meta charset=utf-16>caf\xe9", "café");
        check("", b"<meta charset=x-klingon>caf\xe9", "café");
    }

    fn check_text(html: &str, expected: &str) {
        let text = text(html, 200);
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn the_words_of_html() {
        check_text("<p>one</p><p>two</p>", "one two");
        check_text("<b>o</b>n<i>e</i>&nbsp;&amp; t&#119;&#x6f;", "one & two");
        check_text("<html><head><title>no</title><style>p { color: red }</style></head><body>yes", "yes");
        check_text(
            "<STYLE type='a>b'>no</STYLE ><script>no</script>yes<!-- no > -->, no doubt",
            "yes, no doubt",
        );
        check_text("1 < 2 <a title=\"x > y\" href='#'>link</a>", "1 < 2 link");
        check_text("Hi&zwnj;&nbsp;&zwnj;\u{200c}&#847; there", "Hi there");
        check_text("<style>never closed", "");
        check_text("<div", "");
        check_text("a &unknown; b & c", "a &unknown; b & c");
    }
}
