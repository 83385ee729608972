//! What a message is made of, as far as showing it needs: a tree of parts with limits, so that whoever walks it
//! may recurse. Made from a server's BODYSTRUCTURE (`structure`).

use super::charset::DecodeCharset;
use super::parameters::{self, Parameters};
use super::transfer;

/// One MIME part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its section number, `1.2`; empty for the root of a multipart.
    pub(crate) section: String,
    /// `type/subtype`, lower case.
    pub(crate) mime_type: String,
    /// The parameters of `Content-Type`.
    pub(crate) parameters: Parameters,
    /// `attachment`, `inline` …, lower case; empty where nothing was said.
    pub(crate) disposition: String,
    /// The parameters of `Content-Disposition`.
    pub(crate) disposition_parameters: Parameters,
    /// `Content-ID` without the angle brackets.
    pub(crate) content_id: String,
    /// `Content-Location` (RFC 2557 section 4), without white space.
    pub(crate) content_location: String,
    /// `Content-Transfer-Encoding`.
    pub(crate) encoding: String,
    /// Its size in octets, encoded, as the server counts.
    pub(crate) octets: u32,
    /// The parts of a `multipart/…`. Those of a `message/rfc822` are left out: it is shown as one file.
    pub(crate) children: Vec<Part>,
    /// Parts below it were left out, over the limits.
    pub(crate) is_cut: bool,
}

impl Part {
    /// The name for the file that this part becomes.
    pub(crate) fn file_name(&self, decoder: Option<DecodeCharset>) -> String {
        parameters::file_name(&self.disposition_parameters, &self.parameters, &self.mime_type, decoder)
    }

    /// The charset label; empty where none is given.
    pub(crate) fn charset(&self) -> String {
        parameters::value(&self.parameters, "charset", None).unwrap_or_default()
    }

    /// The size after decoding, as near as can be told.
    pub(crate) fn decoded_size(&self) -> u32 {
        transfer::decoded_size(&self.encoding, self.octets)
    }

    /// The part of this section number.
    pub(crate) fn find(&self, section: &str) -> Option<&Part> {
        if self.section == section && !self.is_multipart() {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(section))
    }

    /// Whether parts were left out anywhere.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut || self.children.iter().any(Self::is_cut)
    }

    pub(crate) fn is_multipart(&self) -> bool {
        self.mime_type.starts_with("multipart/")
    }

    /// Whether it is meant to be read in place: text without a file name that nobody called an attachment.
    pub(crate) fn is_body_text(&self) -> bool {
        matches!(self.mime_type.as_str(), "text/plain" | "text/html")
            && self.disposition != "attachment"
            && (self.disposition == "inline"
                || !parameters::has_file_name(&self.disposition_parameters, &self.parameters))
    }

    /// Whether it is an image that HTML can name, and is there for that. SVG is none: it can hold scripts.
    pub(crate) fn is_inline_image(&self) -> bool {
        let can_be_named = !self.content_id.is_empty() || !self.content_location.is_empty();
        let is_image = self.mime_type.starts_with("image/") && self.mime_type != "image/svg+xml";
        is_image && can_be_named && self.disposition != "attachment"
    }
}
