//! Which part of a message a body is.
//!
//! RFC 9051 section 6.4.5.1, RFC 3516 section 4.

use std::fmt;

/// A section specifier: what stands in the brackets of `BODY[…]` and `BINARY[…]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Section {
    /// Whose bytes: as they travel, or decoded.
    pub source: Source,
    /// The part's number; empty for the whole message.
    pub part: Box<[u32]>,
    /// What of it.
    pub text: SectionText,
}

/// The item that a section belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// `BODY[…]`: as the message has it.
    #[default]
    Body,
    /// `BINARY[…]`: with the content transfer encoding undone.
    Binary,
}

/// What of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SectionText {
    /// All of it.
    #[default]
    All,
    /// The header.
    Header,
    /// These fields of the header, and no other.
    HeaderFields(Vec<Box<str>>),
    /// The header without these fields.
    HeaderFieldsNot(Vec<Box<str>>),
    /// What follows the header.
    Text,
    /// The part's own MIME header.
    Mime,
}

impl Section {
    /// The whole message.
    #[must_use]
    pub fn whole() -> Self {
        Self::default()
    }
}

/// As the wire has it, brackets and all: `BODY[1.2.HEADER.FIELDS (Date To)]`.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Body => "BODY[",
            Source::Binary => "BINARY[",
        })?;
        let mut dot = "";
        for number in &self.part {
            write!(f, "{dot}{number}")?;
            dot = ".";
        }
        match &self.text {
            SectionText::All => {}
            SectionText::Header => write!(f, "{dot}HEADER")?,
            SectionText::HeaderFields(names) => write!(f, "{dot}HEADER.FIELDS ({})", names.join(" "))?,
            SectionText::HeaderFieldsNot(names) => write!(f, "{dot}HEADER.FIELDS.NOT ({})", names.join(" "))?,
            SectionText::Text => write!(f, "{dot}TEXT")?,
            SectionText::Mime => write!(f, "{dot}MIME")?,
        }
        f.write_str("]")
    }
}
