//! Between the server, `postern_mime` and the view: a BODYSTRUCTURE becomes a tree of [`Part`]s, within limits
//! (security.md H9: 1,000 parts, depth 20), and what was read of them a [`MessageView`].

use crate::border::{Attachment, InlineImage, MessageBody, MessageId, MessageView, Notice};
use crate::store::Message;
use postern_mime::{DecodeCharset, Parameters, Part, Piece, content_id};
use postern_protocol::imap::{self, BodyStructure};

/// The tree of a message's parts; none for a multipart without any, which is what servers say of messages that
/// they can't take apart.
pub fn part(structure: &BodyStructure<'_>) -> Option<Part> {
    let mut room = MOST_PARTS;
    let root = convert(structure.root(), structure.root().number(), DEEPEST, &mut room);
    let is_empty = root.is_multipart() && root.children.is_empty();
    (!is_empty).then_some(root)
}

/// What is shown of a message besides its header, in the border's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The subject, if the message itself was taken apart; else empty.
    pub subject: String,
    /// Its text and HTML.
    pub body: MessageBody,
    /// The images that the HTML may draw.
    pub inline_images: Vec<InlineImage>,
    /// Every part that is not text on screen.
    pub attachments: Vec<Attachment>,
    /// What could not be shown as it was meant.
    pub notices: Vec<Notice>,
}

/// What is shown of a message. `pieces` are those that [`postern_mime::pieces`] named, with their bytes.
#[must_use]
pub fn shown(
    structure: Option<&Part>,
    size: u32,
    pieces: Vec<Piece>,
    decoder: Option<DecodeCharset>,
) -> Shown {
    let body = postern_mime::body(structure, size, pieces, decoder);
    let subject = body.header.map(|header| header.text("subject", "", decoder)).unwrap_or_default();
    Shown {
        subject,
        body: MessageBody { text: body.text, html: body.html },
        inline_images: body.images.into_iter().map(inline_image).collect(),
        attachments: body.attachments.into_iter().map(attachment).collect(),
        notices: body.notices.into_iter().map(notice).collect(),
    }
}

/// The message as the view shows it. `pieces` were read.
pub(crate) fn view(
    id: MessageId,
    message: &Message,
    pieces: Vec<Piece>,
    decoder: Option<DecodeCharset>,
) -> MessageView {
    let head = message.head.clone();
    let shown = shown(message.structure.as_ref(), message.size, pieces, decoder);
    MessageView {
        id,
        subject: if head.subject.is_empty() { shown.subject } else { head.subject },
        from: head.from,
        sender: head.sender,
        reply_to: head.reply_to,
        to: head.to,
        cc: head.cc,
        bcc: head.bcc,
        date: head.date,
        body: shown.body,
        inline_images: shown.inline_images,
        attachments: shown.attachments,
        notices: shown.notices,
    }
}

fn inline_image(image: postern_mime::InlineImage) -> InlineImage {
    let postern_mime::InlineImage { part, content_id, content_location, mime_type, bytes } = image;
    InlineImage { part, content_id, content_location, mime_type, bytes }
}

fn attachment(file: postern_mime::Attachment) -> Attachment {
    let postern_mime::Attachment { part, name, mime_type, size, hide_if_drawn } = file;
    Attachment { part, name, mime_type, size, hide_if_drawn }
}

fn notice(notice: postern_mime::Notice) -> Notice {
    match notice {
        postern_mime::Notice::Truncated => Notice::Truncated,
        postern_mime::Notice::UnknownCharset => Notice::UnknownCharset,
        postern_mime::Notice::TooManyParts => Notice::TooManyParts,
        postern_mime::Notice::Signed => Notice::Signed,
        postern_mime::Notice::OpaquelySigned => Notice::OpaquelySigned,
        postern_mime::Notice::EncryptedPgp => Notice::EncryptedPgp,
        postern_mime::Notice::EncryptedSmime => Notice::EncryptedSmime,
        postern_mime::Notice::Invitation => Notice::Invitation,
        postern_mime::Notice::Tnef => Notice::Tnef,
        postern_mime::Notice::Uuencoded => Notice::Uuencoded,
        _ => Notice::BrokenStructure,
    }
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
    Part {
        section,
        mime_type: format!("{}/{}", lower(&part.media_type()), lower(&part.subtype())),
        parameters: parameters(part.parameters()),
        disposition: lower(&part.disposition().unwrap_or_default()),
        disposition_parameters: parameters(part.disposition_parameters()),
        content_id: content_id(&part.id().unwrap_or_default()),
        content_location: location(&part.location().unwrap_or_default()),
        encoding: lower(&part.encoding().unwrap_or_default()),
        subject: part.envelope().and_then(|envelope| Some(envelope.subject()?.into_owned())),
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
