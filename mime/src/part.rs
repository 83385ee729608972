//! What a message is made of, as far as showing it needs: a tree of parts with limits, so that whoever walks it
//! may recurse. Made from a server's BODYSTRUCTURE (`structure`).

use crate::charset::DecodeCharset;
use crate::parameters::{self, Parameters};
use crate::transfer;

/// One MIME part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Its section number, `1.2`; empty for the root of a multipart.
    pub section: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The parameters of `Content-Type`.
    pub parameters: Parameters,
    /// `attachment`, `inline` …, lower case; empty where nothing was said.
    pub disposition: String,
    /// The parameters of `Content-Disposition`.
    pub disposition_parameters: Parameters,
    /// `Content-ID` without the angle brackets.
    pub content_id: String,
    /// `Content-Location` (RFC 2557 section 4), without white space.
    pub content_location: String,
    /// `Content-Transfer-Encoding`.
    pub encoding: String,
    /// Its size in octets, encoded, as the server counts.
    pub octets: u32,
    /// The parts of a `multipart/…`. Those of a `message/rfc822` are left out: it is shown as one file.
    pub children: Vec<Part>,
    /// Parts below it were left out, over the limits.
    pub is_cut: bool,
}

impl Part {
    /// The name for the file that this part becomes.
    pub fn file_name(&self, decoder: Option<DecodeCharset>) -> String {
        parameters::file_name(&self.disposition_parameters, &self.parameters, &self.mime_type, decoder)
    }

    /// The charset label; empty where none is given.
    pub fn charset(&self) -> String {
        parameters::value(&self.parameters, "charset", None).unwrap_or_default()
    }

    /// The size after decoding, as near as can be told.
    pub fn decoded_size(&self) -> u32 {
        transfer::decoded_size(&self.encoding, self.octets)
    }

    /// The part of this section number.
    pub fn find(&self, section: &str) -> Option<&Part> {
        if self.section == section && !self.is_multipart() {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(section))
    }

    /// Whether parts were left out anywhere.
    pub fn is_cut(&self) -> bool {
        self.is_cut || self.children.iter().any(Self::is_cut)
    }

    /// Whether it is a `multipart/…`.
    pub fn is_multipart(&self) -> bool {
        self.mime_type.starts_with("multipart/")
    }

    /// Whether it is meant to be read in place: text without a file name that nobody called an attachment.
    pub fn is_body_text(&self) -> bool {
        matches!(self.mime_type.as_str(), "text/plain" | "text/html")
            && self.disposition != "attachment"
            && (self.disposition == "inline"
                || !parameters::has_file_name(&self.disposition_parameters, &self.parameters))
    }

    /// Whether it is an image that HTML can name, and is there for that. SVG is none: it can hold scripts.
    pub fn is_inline_image(&self) -> bool {
        let can_be_named = !self.content_id.is_empty() || !self.content_location.is_empty();
        let is_image = self.mime_type.starts_with("image/") && self.mime_type != "image/svg+xml";
        is_image && can_be_named && self.disposition != "attachment"
    }
}
