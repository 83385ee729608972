//! Which part of a message: `"1.2"`, `"HEADER"`, `"1.2.MIME"`, or `""` for the whole of it.

use crate::error::Error;
use postern_protocol::imap::{Section, SectionText};

/// ABNF: `section-spec = section-msgtext / (section-part ["." section-text])`, RFC 9051 section 9, without
/// `HEADER.FIELDS`.
///
/// # Errors
/// If it is something else.
pub(crate) fn parse(text: &str) -> Result<Section, Error> {
    let wrong =
        || Error::invalid(format!("“{text}” is no section; write one like \"1.2\", \"HEADER\" or \"\""));
    let mut section = Section::whole();
    let mut part = Vec::new();
    if text.is_empty() {
        return Ok(section);
    }
    for word in text.split('.') {
        if section.text != SectionText::All {
            return Err(wrong());
        }
        match word.to_ascii_uppercase().as_str() {
            "HEADER" => section.text = SectionText::Header,
            "TEXT" => section.text = SectionText::Text,
            "MIME" if !part.is_empty() => section.text = SectionText::Mime,
            number if number.starts_with(|first: char| ('1'..='9').contains(&first)) => {
                part.push(number.parse().map_err(|_| wrong())?);
            }
            _ => return Err(wrong()),
        }
    }
    section.part = part.into();
    Ok(section)
}

/// A part such as `"1.2"`.
///
/// # Errors
/// If it is something else: only parts have a transfer encoding.
pub(crate) fn part(text: &str) -> Result<Section, Error> {
    let section = parse(text)?;
    if section.part.is_empty() || section.text != SectionText::All {
        return Err(Error::invalid(format!("“{text}” can't be decoded; only parts such as \"1.2\" can")));
    }
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).ok().map(|section| section.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_sections() {
        check("", Some("BODY[]"));
        check("1", Some("BODY[1]"));
        check("1.2.10", Some("BODY[1.2.10]"));
        check("header", Some("BODY[HEADER]"));
        check("2.MIME", Some("BODY[2.MIME]"));
        check("2.1.TEXT", Some("BODY[2.1.TEXT]"));
    }

    #[test]
    fn only_parts_are_decoded() {
        let part = |text| part(text).ok().map(|section| section.to_string());
        assert_eq!(part("1.2").as_deref(), Some("BODY[1.2]"));
        for text in ["", "HEADER", "1.MIME", "0"] {
            assert_eq!(part(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_section() {
        for text in
            ["0", "1..2", ".1", "1.", "MIME", "HEADER.1", "HEADER.FIELDS (A)", "+1", "1]", "99999999999"]
        {
            check(text, None);
        }
    }
}
