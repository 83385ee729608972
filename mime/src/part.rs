//! What a message is made of, as far as showing it needs: a tree of parts. It comes from a server's BODYSTRUCTURE, or
//! from the message itself (`entity`). Whoever walks it recurses, so its maker bounds its depth.

use crate::charset::DecodeCharset;
use crate::parameters::{self, Parameters};
use crate::{file_name, transfer, words};

/// One MIME part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Its section number, `1.2` (RFC 9051 section 6.4.5.1); empty for the root of a multipart.
    pub section: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The parameters of `Content-Type`.
    pub parameters: Parameters,
    /// `attachment`, `inline` …, lower case; empty where nothing was said.
    pub disposition: String,
    /// The parameters of `Content-Disposition`.
    pub disposition_parameters: Parameters,
    /// `Content-ID`, as [`content_id`] reads it; empty where there is none.
    pub content_id: String,
    /// `Content-Location` (RFC 2557 section 4), without white space; empty where there is none.
    pub content_location: String,
    /// `Content-Transfer-Encoding`.
    pub encoding: String,
    /// The subject of a `message/rfc822`, as it stands in its header.
    pub subject: Option<Vec<u8>>,
    /// Its size in octets, encoded, as the server counts.
    pub octets: u32,
    /// The parts of a `multipart/…`. Those of a `message/rfc822` are left out: it is shown as one file.
    pub children: Vec<Part>,
    /// Parts below it were left out, over the limits.
    pub is_cut: bool,
}

impl Part {
    /// The name for the file that this part becomes: fit for any system, never empty.
    pub fn file_name(&self, decoder: Option<DecodeCharset>) -> String {
        file_name::file_name(self, decoder)
    }

    /// The charset label; empty where none is given.
    pub fn charset(&self) -> String {
        self.parameter("charset")
    }

    /// A parameter of its `Content-Type`; empty where it is not given.
    pub(crate) fn parameter(&self, name: &str) -> String {
        parameters::value(&self.parameters, name, None).unwrap_or_default()
    }

    /// The size after decoding, as near as can be told.
    pub fn decoded_size(&self) -> u32 {
        transfer::decoded_size(&self.encoding, self.octets)
    }

    /// The part of this section number. Not a multipart: its parts are read one by one, unless it has none.
    pub fn find(&self, section: &str) -> Option<&Part> {
        if self.section == section && self.is_leaf() {
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

    /// Whether it has bytes of its own. A multipart of which the server told no parts is one piece.
    pub fn is_leaf(&self) -> bool {
        self.children.is_empty() && !self.is_cut
    }

    /// Every part that has bytes of its own, in the message's order.
    pub fn leaves(&self) -> Vec<&Part> {
        if self.is_leaf() {
            return vec![self];
        }
        self.children.iter().flat_map(Self::leaves).collect()
    }

    /// Whether it is HTML.
    pub(crate) fn is_html(&self) -> bool {
        matches!(self.mime_type.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// Whether it is text that people read as it is. RFC 2046 section 4.1.4: an unknown kind of text is plain text.
    pub(crate) fn is_plain(&self) -> bool {
        let Some(subtype) = self.mime_type.strip_prefix("text/") else {
            return matches!(self.mime_type.as_str(), "" | "/" | "text");
        };
        !self.is_html() && !TEXTS_FOR_PROGRAMS.contains(&subtype)
    }

    /// Whether it is the text of a letter: nobody called it an attachment.
    pub(crate) fn is_body_text(&self) -> bool {
        (self.is_plain() || self.is_html()) && self.disposition != "attachment" && self.is_leaf()
    }

    /// Whether it is an image that HTML can name. SVG is none: it can hold scripts.
    pub(crate) fn is_nameable_image(&self) -> bool {
        let can_be_named = !self.content_id.is_empty() || !self.content_location.is_empty();
        can_be_named && self.is_image()
    }

    /// Whether it is an image that HTML can name, and is there for that.
    pub(crate) fn is_inline_image(&self) -> bool {
        self.is_nameable_image() && self.disposition != "attachment"
    }

    fn is_image(&self) -> bool {
        match self.mime_type.as_str() {
            "image/svg+xml" => false,
            // Some mailers know no types.
            "application/octet-stream" | "application/x-unknown" | "application/unknown" => {
                let extension = file_name::given_extension(self);
                ["png", "jpg", "jpeg", "gif", "webp", "bmp"].contains(&extension.as_str())
            }
            other => other.starts_with("image/"),
        }
    }
}

/// The value of a `Content-ID` field, or of a `start` parameter: without angle brackets, the white space around them and
/// at folds, and the encoded words that a mailer put it into.
///
/// ```
/// assert_eq!(postern_mime::content_id(b" <logo@example>"), "logo@example");
/// assert_eq!(postern_mime::content_id(b"<a b@example>"), "a b@example");
/// assert_eq!(postern_mime::content_id(b"=?us-ascii?Q?=3Clogo=40example=3E?="), "logo@example");
/// ```
pub fn content_id(raw: &[u8]) -> String {
    let text = words::decode(raw, None).replace(['\r', '\n', '\t'], "");
    text.trim().trim_start_matches('<').trim_end_matches('>').trim_matches([' ', '"']).to_owned()
}

/// Kinds of text that are made for programs: files, even where no name is given.
const TEXTS_FOR_PROGRAMS: [&str; 25] = [
    "calendar",
    "css",
    "csv",
    "comma-separated-values",
    "directory",
    "ecmascript",
    "javascript",
    "json",
    "rfc822-headers",
    "rtf",
    "sgml",
    "tab-separated-values",
    "vcard",
    "vnd.wap.wml",
    "watch-html",
    "x-amp-html",
    "x-calendar",
    "x-csv",
    "x-diff",
    "x-patch",
    "x-vcalendar",
    "x-vcard",
    "x-watch-html",
    "xml",
    "xml-external-parsed-entity",
];
