//! From the bytes of a message's parts to what is shown. Where the server gave no structure that can be
//! used, the start of the whole message is read instead, and mail-parser takes it apart.

use crate::charset::{self, DecodeCharset};
use crate::choice::Choice;
use crate::image;
use crate::part::Part;
use crate::transfer::Transfer;
use crate::words;
use mail_parser::{Encoding, MessageParser, MessagePart, MimeHeaders, PartType};

/// A message's text, images and files, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The subject, where the message itself was taken apart; else empty.
    pub subject: String,
    /// `text/plain`, decoded to Unicode, lines ended by `\n`.
    pub text: Option<String>,
    /// `text/html`, decoded to Unicode and otherwise as it came: **not sanitised**.
    pub html: Option<String>,
    /// Images that the HTML may draw. Each is among the attachments too.
    pub images: Vec<InlineImage>,
    /// Every part that is not text on screen, in the message's order.
    pub attachments: Vec<Attachment>,
    /// What could not be shown as it was meant.
    pub notices: Vec<Notice>,
}

/// A part to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its section number, or [`WHOLE`] for the message itself.
    pub part: String,
    /// A file name without path or control characters; never empty.
    pub name: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The decoded size in bytes, as near as can be told before it is read.
    pub size: u32,
    /// It is there to be drawn within the HTML: once it was, a list may leave it out.
    pub hide_if_drawn: bool,
}

/// An image that is part of the HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineImage {
    /// The same part as [`Attachment::part`].
    pub part: String,
    /// Its `Content-ID` without the angle brackets; empty where it has none.
    pub content_id: String,
    /// Its `Content-Location` (RFC 2557); empty where it has none.
    pub content_location: String,
    /// What browsers call it, by its first bytes: see [`drawable_type`](crate::drawable_type).
    pub mime_type: String,
    /// The decoded image.
    pub bytes: Vec<u8>,
}

/// What could not be shown as it was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notice {
    /// The text was cut: it is longer than is read at once. The whole is among the attachments.
    Truncated,
    /// The message's structure is broken; what could be read is shown.
    BrokenStructure,
    /// A character set is unknown; some characters are wrong.
    UnknownCharset,
    /// More parts, or deeper ones, than the limits allow. The rest is not shown; the whole message is among the
    /// attachments.
    TooManyParts,
}

/// What a part is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The plain form of the text with this index.
    Plain(usize),
    /// The HTML form of the text with this index.
    Html(usize),
    /// To be drawn within the HTML.
    Image,
    /// The message itself, headers and all, as far as the limit.
    Whole,
}

/// A part with the bytes of it that came, decoded.
#[derive(Debug)]
pub struct Piece {
    /// What it is read for.
    pub form: Form,
    /// The part; for [`Form::Whole`] one without a section number.
    pub part: Part,
    transfer: Transfer,
    bytes: Vec<u8>,
    limit: usize,
}

impl Piece {
    fn new(form: Form, part: Part) -> Self {
        let limit = if form == Form::Whole { MOST_WHOLE } else { MOST_TEXT };
        let limit = if form == Form::Image { MOST_IMAGES } else { limit };
        Self { form, transfer: Transfer::new(&part.encoding), part, bytes: Vec::new(), limit }
    }

    /// The next bytes, encoded.
    pub fn push(&mut self, chunk: &[u8]) {
        if !self.is_full() {
            self.transfer.push(chunk, &mut self.bytes);
        }
    }

    /// Whether enough was read.
    pub fn is_full(&self) -> bool {
        self.bytes.len() > self.limit
    }

    /// How many octets it will take, as near as can be told.
    pub fn expected(&self) -> u32 {
        self.part.octets.min(u32::try_from(self.limit).unwrap_or(u32::MAX))
    }

    /// Whether some of it is missing.
    fn is_cut(&self) -> bool {
        self.bytes.len() >= self.limit
    }

    /// Forgets what came.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.transfer = Transfer::new(&self.part.encoding);
    }

    /// No more comes. Tells what is wrong with it.
    fn finish(&mut self) -> Option<Notice> {
        self.transfer.finish(&mut self.bytes);
        if self.is_full() {
            self.bytes.truncate(self.limit);
            return Some(Notice::Truncated);
        }
        self.transfer.damaged().then_some(Notice::BrokenStructure)
    }
}

/// What has to be read to show a message.
pub fn pieces(structure: Option<&Part>, size: u32) -> Vec<Piece> {
    let Some(choice) = structure.map(Choice::new) else {
        let whole = Part { octets: size, ..Part::default() };
        return vec![Piece::new(Form::Whole, whole)];
    };
    let texts = choice.texts.iter().enumerate().flat_map(|(index, text)| {
        let plain = text.plain.map(|part| Piece::new(Form::Plain(index), part.clone()));
        let html = text.html.map(|part| Piece::new(Form::Html(index), part.clone()));
        plain.into_iter().chain(html)
    });
    let images = shown_images(&choice).into_iter().map(|part| Piece::new(Form::Image, part.clone()));
    texts.chain(images).collect()
}

/// The message as it is shown. `pieces` are those that [`pieces`] named, with their bytes.
pub fn body(structure: Option<&Part>, size: u32, pieces: Vec<Piece>, decoder: Option<DecodeCharset>) -> Body {
    let mut body = Body::default();
    match structure.map(Choice::new) {
        Some(choice) => fill(&mut body, &choice, pieces, decoder),
        None => fill_from_whole(&mut body, size, pieces, decoder),
    }
    if structure.is_some_and(Part::is_cut) {
        note(&mut body, Notice::TooManyParts);
        // So that nothing is lost.
        body.attachments.push(whole(size));
    }
    body
}

/// What [`Attachment::part`] says for the message itself.
pub const WHOLE: &str = "message";

fn fill(body: &mut Body, choice: &Choice<'_>, pieces: Vec<Piece>, decoder: Option<DecodeCharset>) {
    let mut texts = vec![Forms::default(); choice.texts.len()];
    let mut images = Vec::new();
    let mut cut = Vec::new();
    for mut piece in pieces {
        let notice = piece.finish();
        if let Some(notice) = notice {
            note(body, notice);
        }
        if notice == Some(Notice::Truncated) {
            cut.push(piece.part.clone());
        }
        match piece.form {
            Form::Plain(index) => {
                texts[index].text = Some(lines(&decoded(body, &piece.part, &piece.bytes, decoder)));
            }
            Form::Html(index) => texts[index].html = Some(decoded(body, &piece.part, &piece.bytes, decoder)),
            Form::Image | Form::Whole => images.push(piece),
        }
    }
    (body.text, body.html) = joined(&texts);
    let html = body.html.as_deref().unwrap_or_default();
    images.retain(|image| !image.is_cut() && may_name(html, &image.part));
    body.images = images.into_iter().filter_map(inline_image).collect();
    let files = choice.files.iter().copied().chain(&cut);
    body.attachments = files.map(|part| attachment(part, decoder)).collect();
}

/// The images to read, in order, while they fit. None where there is no HTML that could name them.
fn shown_images<'a>(choice: &Choice<'a>) -> Vec<&'a Part> {
    if choice.texts.iter().all(|text| text.html.is_none()) {
        return Vec::new();
    }
    let mut room = u32::try_from(MOST_IMAGES).unwrap_or(u32::MAX);
    let mut fits = |part: &&Part| {
        let left = room.checked_sub(part.decoded_size());
        room = left.unwrap_or(room);
        left.is_some()
    };
    choice.images.iter().copied().filter(|part| fits(part)).collect()
}

/// A text in the forms that were read.
#[derive(Debug, Clone, Default)]
struct Forms {
    text: Option<String>,
    html: Option<String>,
}

/// Several texts as one. Where any is HTML, the plain ones become HTML too; plain text is given where all of
/// them have it.
fn joined(texts: &[Forms]) -> (Option<String>, Option<String>) {
    let plain: Option<Vec<_>> = texts.iter().map(|text| text.text.clone()).collect();
    let html = texts.iter().any(|text| text.html.is_some()).then(|| {
        let as_html = |text: &Forms| match (&text.html, &text.text) {
            (Some(html), _) => html.clone(),
            (None, plain) => preformatted(plain.as_deref().unwrap_or_default()),
        };
        texts.iter().map(as_html).collect::<Vec<_>>().join("\n<hr>\n")
    });
    (plain.filter(|plain| !plain.is_empty()).map(|plain| plain.join("\n")), html)
}

fn preformatted(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<pre style=\"white-space: pre-wrap\">{escaped}</pre>")
}

fn decoded(body: &mut Body, part: &Part, bytes: &[u8], decoder: Option<DecodeCharset>) -> String {
    let decoded = charset::decode(&part.charset(), bytes, decoder);
    if !decoded.known {
        note(body, Notice::UnknownCharset);
    }
    decoded.text
}

/// Lines end by `\n`, and NUL, which no text holds, goes.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// Whether the HTML may draw the image: who draws it finds out, by whatever escapes the HTML writes.
fn may_name(html: &str, part: &Part) -> bool {
    let has_cid = || html.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"cid:"));
    !part.content_location.is_empty() || has_cid()
}

/// None where no browser draws it.
fn inline_image(piece: Piece) -> Option<InlineImage> {
    let Part { section, content_id, content_location, .. } = piece.part;
    let mime_type = image::drawable_type(&piece.bytes)?.to_owned();
    Some(InlineImage { part: section, content_id, content_location, mime_type, bytes: piece.bytes })
}

fn attachment(part: &Part, decoder: Option<DecodeCharset>) -> Attachment {
    Attachment {
        part: part.section.clone(),
        name: part.file_name(decoder),
        mime_type: part.mime_type.clone(),
        size: part.decoded_size(),
        hide_if_drawn: part.is_inline_image(),
    }
}

/// The message itself, to download.
fn whole(size: u32) -> Attachment {
    let (part, name) = (WHOLE.to_owned(), "message.eml".to_owned());
    let mime_type = "message/rfc822".to_owned();
    Attachment { part, name, mime_type, size, hide_if_drawn: false }
}

fn note(body: &mut Body, notice: Notice) {
    if !body.notices.contains(&notice) {
        body.notices.push(notice);
    }
}

/// There is no structure, only the first bytes of the message.
fn fill_from_whole(body: &mut Body, size: u32, pieces: Vec<Piece>, decoder: Option<DecodeCharset>) {
    note(body, Notice::BrokenStructure);
    body.attachments = vec![whole(size)];
    let Some(mut piece) = pieces.into_iter().next() else { return };
    if let Some(notice) = piece.finish() {
        note(body, notice);
    }
    let Some(parsed) = MessageParser::default().parse(&piece.bytes) else { return };
    let text = |ids: &[u32], subtype: &str| {
        let parts = ids.iter().filter_map(|id| parsed.parts.get(*id as usize));
        let texts: Vec<_> = parts.filter_map(|part| text_of(part, subtype, &piece.bytes, decoder)).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    };
    body.text = text(&parsed.text_body, "plain").map(|text| lines(&text));
    body.html = text(&parsed.html_body, "html");
    body.subject = words::one_line(parsed.subject().unwrap_or_default());
}

/// A text part that mail-parser found, decoded by our own tables: it has none for the charsets of East Asia.
fn text_of(
    part: &MessagePart<'_>,
    subtype: &str,
    whole: &[u8],
    decoder: Option<DecodeCharset>,
) -> Option<String> {
    let is_wanted =
        matches!((&part.body, subtype), (PartType::Text(_), "plain") | (PartType::Html(_), "html"));
    let raw = whole.get(part.offset_body as usize..part.offset_end as usize).filter(|_| is_wanted)?;
    let encoding = match part.encoding {
        Encoding::Base64 => "base64",
        Encoding::QuotedPrintable => "quoted-printable",
        Encoding::None => "7bit",
    };
    let (mut transfer, mut bytes) = (Transfer::new(encoding), Vec::new());
    transfer.push(raw, &mut bytes);
    transfer.finish(&mut bytes);
    let charset = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default();
    Some(charset::decode(charset, &bytes, decoder).text)
}

const MOST_TEXT: usize = 1024 * 1024;
/// For all images of a message together.
const MOST_IMAGES: usize = 5 * 1024 * 1024;
const MOST_WHOLE: usize = 2 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    fn part(section: &str, mime_type: &str, encoding: &str) -> Part {
        let (section, mime_type, encoding) = (section.to_owned(), mime_type.to_owned(), encoding.to_owned());
        Part { section, mime_type, encoding, octets: 100, ..Part::default() }
    }

    /// Reads the parts of a message, each with the bytes given for its section.
    fn read(structure: Option<&Part>, bodies: &[(&str, &[u8])]) -> Body {
        let mut pieces = pieces(structure, 100);
        for piece in &mut pieces {
            let body = bodies.iter().find(|(section, _)| *section == piece.part.section);
            piece.push(body.expect("a body for each part that is read").1);
        }
        body(structure, 100, pieces, Some(text_decoder))
    }

    fn related(image: Part) -> Part {
        let children = vec![part("1", "text/html", "7bit"), image];
        Part { mime_type: "multipart/related".to_owned(), children, ..Part::default() }
    }

    #[test]
    fn text_is_decoded() {
        let mut text = part("1", "text/plain", "quoted-printable");
        text.parameters = vec![("charset".to_owned(), b"iso-8859-1".to_vec())];
        let view = read(Some(&text), &[("1", b"Gr=FC=DFe\r\n")]);
        assert_eq!((view.text.as_deref(), view.html), (Some("Grüße\n"), None));
        assert_eq!((view.attachments, view.notices), (vec![], vec![]));
    }

    #[test]
    fn an_image_that_the_html_names_is_inline_and_listed_and_another_is_only_listed() {
        let image = Part { content_id: "logo@x".to_owned(), ..part("2", "image/x-png", "base64") };
        let png = b"iVBORw0KGgo=";
        let named = read(Some(&related(image.clone())), &[("1", b"<img src=CID:logo@x>"), ("2", png)]);
        let shown = &named.images[0];
        assert_eq!((shown.part.as_str(), shown.content_id.as_str()), ("2", "logo@x"));
        assert_eq!(
            (shown.mime_type.as_str(), shown.bytes.as_slice()),
            ("image/png", b"\x89PNG\r\n\x1a\n".as_slice())
        );
        assert_eq!((named.attachments[0].part.as_str(), named.attachments[0].hide_if_drawn), ("2", true));
        let unnamed = read(Some(&related(image)), &[("1", b"<p>none</p>"), ("2", png)]);
        assert_eq!(unnamed.images, []);
        assert_eq!(unnamed.attachments[0].part, "2");
    }

    #[test]
    fn an_image_that_no_browser_draws_is_only_listed() {
        let image = Part { content_id: "scan@x".to_owned(), ..part("2", "image/tiff", "base64") };
        let view = read(Some(&related(image)), &[("1", b"<img src=cid:scan@x>"), ("2", b"SUkqAA==")]);
        assert_eq!((view.images.len(), view.attachments.len()), (0, 1));
    }

    #[test]
    fn an_image_may_be_named_by_its_location() {
        let location = "https://pictures.example/a.png".to_owned();
        let image = Part { content_location: location.clone(), ..part("2", "image/png", "base64") };
        let view = read(Some(&related(image)), &[("1", b"<img src=a.png>"), ("2", b"iVBORw0KGgo=")]);
        assert_eq!(view.images[0].content_location, location);
    }

    #[test]
    fn a_long_text_is_cut_and_offered_whole() {
        let text = vec![b'a'; MOST_TEXT + 5];
        let view = read(Some(&part("1", "text/plain", "7bit")), &[("1", &text)]);
        assert_eq!(view.text.map(|text| text.len()), Some(MOST_TEXT));
        assert_eq!(view.notices, [Notice::Truncated]);
        assert_eq!(view.attachments[0].part, "1");
    }

    #[test]
    fn plain_text_beside_html_is_escaped() {
        let bodies = [
            Forms { text: Some("1 < 2".to_owned()), html: None },
            Forms { text: None, html: Some("<p>3</p>".to_owned()) },
        ];
        let both = joined(&bodies);
        assert_eq!(both.0, None);
        assert!(both.1.is_some_and(|html| html.contains("1 &lt; 2") && html.contains("<p>3</p>")));
    }

    #[test]
    fn without_a_structure_the_message_itself_is_taken_apart() {
        let whole =
            b"Subject: =?utf-8?q?=E2=82=AC?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\
            \x1b$B%O%m!<\x1b(B\r\n";
        let view = read(None, &[("", whole)]);
        assert_eq!(view.subject, "€");
        assert_eq!(view.text.as_deref(), Some("ハロー\n"));
        assert_eq!(view.notices, [Notice::BrokenStructure]);
        assert_eq!(view.attachments[0].part, WHOLE);
    }

    #[test]
    fn broken_base64_is_read_as_far_as_it_goes() {
        let view = read(Some(&part("1", "text/plain", "base64")), &[("1", b"aGkg*dGhlcmU")]);
        assert_eq!(view.text.as_deref(), Some("hi there"));
        assert_eq!(view.notices, [Notice::BrokenStructure]);
    }
}
