//! A server's BODYSTRUCTURE as a tree of [`Part`]s, within limits (security.md H9: 1,000 parts, depth 20).

use super::parameters::Parameters;
use super::part::Part;
use postern_protocol::imap::{self, BodyStructure};

/// The tree of a message's parts; none for a multipart without any, which is what servers say of messages that
/// they can't take apart.
pub(crate) fn part(structure: &BodyStructure<'_>) -> Option<Part> {
    let mut room = MOST_PARTS;
    let root = convert(structure.root(), structure.root().number(), DEEPEST, &mut room);
    let is_empty = root.is_multipart() && root.children.is_empty();
    (!is_empty).then_some(root)
}

/// `depth` levels and `room` parts are left. Section numbers count up on the way (RFC 9051 section 6.4.5.1).
fn convert(part: imap::Part<'_>, section: String, depth: usize, room: &mut usize) -> Part {
    *room = room.saturating_sub(1);
    let mut converted = leaf(part, section);
    if !part.is_multipart() {
        return converted;
    }
    for (index, child) in part.children().enumerate() {
        if depth == 0 || *room == 0 {
            converted.is_cut = true;
            break;
        }
        let number = index + 1;
        let section = match converted.section.as_str() {
            "" => number.to_string(),
            above => format!("{above}.{number}"),
        };
        converted.children.push(convert(child, section, depth - 1, room));
    }
    converted
}

fn leaf(part: imap::Part<'_>, section: String) -> Part {
    let lower = |text: &[u8]| String::from_utf8_lossy(text).trim().to_ascii_lowercase();
    let id = part.id().unwrap_or_default();
    let id = String::from_utf8_lossy(&id);
    Part {
        section,
        mime_type: format!("{}/{}", lower(&part.media_type()), lower(&part.subtype())),
        parameters: parameters(part.parameters()),
        disposition: lower(&part.disposition().unwrap_or_default()),
        disposition_parameters: parameters(part.disposition_parameters()),
        content_id: id.trim().trim_start_matches('<').trim_end_matches('>').to_owned(),
        content_location: location(&part.location().unwrap_or_default()),
        encoding: lower(&part.encoding().unwrap_or_default()),
        octets: u32::try_from(part.size()).unwrap_or(u32::MAX),
        children: Vec::new(),
        is_cut: false,
    }
}

/// A folded URL has white space in it, which no URL has (RFC 2557 section 4.4.1).
fn location(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).split_ascii_whitespace().collect()
}

fn parameters<'a>(pairs: impl Iterator<Item = (imap::Text<'a>, imap::Text<'a>)>) -> Parameters {
    let owned = |(name, value): (imap::Text<'_>, imap::Text<'_>)| {
        (String::from_utf8_lossy(&name).into_owned(), value.into_owned())
    };
    pairs.map(owned).take(MOST_PARAMETERS).collect()
}

const MOST_PARTS: usize = 1_000;
const DEEPEST: usize = 20;
const MOST_PARAMETERS: usize = 200;
