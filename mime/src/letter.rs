//! From the bytes of a message's parts to what is shown. Where the server told no structure that can be used, the
//! start of the whole message is read instead and taken apart here.

use crate::charset::{self, DecodeCharset};
use crate::choice::{Choice, Text};
use crate::entity::{self, Entity};
use crate::header::Header;
use crate::part::Part;
use crate::transfer::Transfer;
use crate::{enriched, flowed, html, image, kind, mixed};

/// A message's text, images and files, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The message's own header, where the message itself had to be taken apart.
    pub header: Option<Header>,
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
    /// A file name fit for any system; never empty.
    pub name: String,
    /// `type/subtype`, lower case.
    pub mime_type: String,
    /// The decoded size in bytes, as near as can be told before it is read.
    pub size: u32,
    /// It is there to be drawn within the HTML: once it was, a list may leave it out. Never true of what the sender
    /// called an attachment.
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

/// What could not be shown as it was meant, and what kind of message it is where that is not opened here.
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
    /// It is signed (OpenPGP or S/MIME), and the text can be read. The signature was not verified.
    Signed,
    /// It is signed in a form that wraps the text (S/MIME `signed-data`), which is not opened.
    OpaquelySigned,
    /// It is encrypted with OpenPGP.
    EncryptedPgp,
    /// It is encrypted with S/MIME.
    EncryptedSmime,
    /// There is an invitation or another calendar entry (RFC 5545) in it.
    Invitation,
    /// Files are wrapped in a `winmail.dat` (TNEF), which is not opened.
    Tnef,
    /// A file stands in its text, uuencoded.
    Uuencoded,
}

/// What a part is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be shown as text, plain or HTML.
    Text,
    /// To be drawn within the HTML.
    Image,
    /// To find out what kind of message it is: its first bytes alone.
    Kind,
    /// The message itself, headers and all, as far as the limit.
    Whole,
}

/// A part with the bytes of it that came, decoded.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What it is read for.
    pub form: Form,
    /// The part; for [`Form::Whole`] one without a section number.
    pub part: Part,
    transfer: Transfer,
    bytes: Vec<u8>,
    limit: usize,
    /// Text in base64 as it came: some of its lines may not be.
    raw: Vec<u8>,
    /// The lines above and below what was encoded.
    around: [Vec<u8>; 2],
}

impl Piece {
    fn new(form: Form, mut part: Part) -> Self {
        if form == Form::Kind {
            part.octets = part.octets.min(MOST_OF_KIND);
        }
        let limit = match form {
            Form::Text if part.is_html() => MOST_HTML,
            Form::Text => MOST_PLAIN,
            Form::Image => MOST_IMAGES,
            Form::Kind => 96,
            Form::Whole => MOST_WHOLE,
        };
        let (transfer, bytes, raw) = (Transfer::new(&part.encoding), Vec::new(), Vec::new());
        Self { form, transfer, part, bytes, limit, raw, around: Default::default() }
    }

    /// The next bytes, encoded as they travel.
    pub fn push(&mut self, chunk: &[u8]) {
        if !self.is_full() {
            self.transfer.push(chunk, &mut self.bytes);
            if self.form == Form::Text && matches!(self.transfer, Transfer::Base64(_)) {
                self.raw.extend_from_slice(chunk);
            }
        }
    }

    /// Whether enough was read: the limit is 1 MiB for plain text, 4 MiB for HTML, 5 MiB for images, 2 MiB for a whole
    /// message.
    pub fn is_full(&self) -> bool {
        self.bytes.len() > self.limit
    }

    /// How many octets it will take, as near as can be told.
    pub fn expected(&self) -> u32 {
        self.part.octets.min(u32::try_from(self.limit).unwrap_or(u32::MAX))
    }

    /// Forgets what came.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.raw.clear();
        self.transfer = Transfer::new(&self.part.encoding);
    }

    /// Whether some of it is missing.
    fn is_cut(&self) -> bool {
        self.bytes.len() >= self.limit
    }

    /// No more comes. Tells what is wrong with it.
    fn finish(&mut self) -> Option<Notice> {
        self.transfer.finish(&mut self.bytes);
        if self.is_full() {
            self.bytes.truncate(self.limit);
            return Some(Notice::Truncated);
        }
        let raw = std::mem::take(&mut self.raw);
        if self.transfer.behind().is_empty()
            && let Some(mixed) = mixed::read(&raw)
        {
            (self.bytes, self.around) = (mixed.data, [mixed.before, mixed.behind]);
            return None;
        }
        self.transfer.damaged().then_some(Notice::BrokenStructure)
    }

    fn is_blank(&self) -> bool {
        // Up to three letters of base64 are not decoded before the end.
        let is_held_back = matches!(self.raw.trim_ascii().len(), 1..4);
        self.bytes.trim_ascii().is_empty() && !is_held_back
    }
}

/// What has to be read to show a message. `structure` is none where the server told nothing that can be used; then it
/// is the message itself, of `size` octets.
pub fn pieces(structure: Option<&Part>, size: u32) -> Vec<Piece> {
    let Some(choice) = structure.map(Choice::new) else { return vec![whole_piece(size)] };
    let texts = choice.text_parts().into_iter().map(|part| Piece::new(Form::Text, part.clone()));
    let likely = choice.images.iter().copied().filter(|part| part.is_inline_image() && choice.has_html());
    let images = fitting(likely, MOST_IMAGES).map(|part| Piece::new(Form::Image, part.clone()));
    let unclear = choice.files.iter().copied().filter(|part| kind::is_unclear(part)).take(MOST_KINDS);
    let unclear = unclear.map(|part| Piece::new(Form::Kind, part.clone()));
    texts.chain(images).chain(unclear).collect()
}

/// What has to be read beyond `read`, once these have their bytes: pictures that are attachments and that the HTML names
/// all the same; and the message itself where its parts come to nothing, since a server may have misread it. Ask again
/// with all of them until nothing more comes.
pub fn more(
    structure: Option<&Part>,
    size: u32,
    read: &[&Piece],
    decoder: Option<DecodeCharset>,
) -> Vec<Piece> {
    let Some(choice) = structure.map(Choice::new) else { return Vec::new() };
    if read.iter().any(|piece| piece.form == Form::Whole) {
        return Vec::new();
    }
    // Of a structure that was cut the message itself is offered anyway.
    if !structure.is_some_and(Part::is_cut)
        && read.iter().all(|piece| piece.form == Form::Kind || piece.is_blank())
        && (choice.files.is_empty() || !choice.texts.is_empty() && lacks_much(structure, size))
    {
        return vec![whole_piece(size)];
    }
    let is_read = |part: &Part| read.iter().any(|piece| piece.part.section == part.section);
    let left: Vec<_> = choice.images.iter().copied().filter(|part| !is_read(part)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let htmls = read.iter().filter(|piece| piece.form == Form::Text && piece.part.is_html());
    let html =
        |piece: &&Piece| html::decode(&piece.part.charset(), &piece.bytes, decoder).text.to_lowercase();
    let htmls: Vec<_> = htmls.map(html).collect();
    let named = left.into_iter().filter(|part| htmls.iter().any(|html| html::names(html, part)));
    let taken: usize =
        read.iter().filter(|piece| piece.form == Form::Image).map(|piece| piece.bytes.len()).sum();
    let room = MOST_IMAGES.saturating_sub(taken);
    fitting(named, room).map(|part| Piece::new(Form::Image, part.clone())).collect()
}

/// The message as it is shown. `pieces` are those that [`pieces`] and [`more`] named, with their bytes.
pub fn body(
    structure: Option<&Part>,
    size: u32,
    mut pieces: Vec<Piece>,
    decoder: Option<DecodeCharset>,
) -> Body {
    let whole = pieces.iter().position(|piece| piece.form == Form::Whole).map(|index| pieces.remove(index));
    let mut body = structure.map(|root| of_parts(root, pieces, decoder)).unwrap_or_default();
    if let Some(piece) = whole {
        let of_whole = of_whole(size, piece, decoder);
        let has_more = of_whole.attachments.len() > body.attachments.len() + 1
            || !is_blank(&of_whole.text)
            || !is_blank(&of_whole.html);
        if structure.is_none() || has_more {
            let attachments = [body.attachments, vec![whole_file(size)]].concat();
            body = Body { attachments, ..of_whole };
            note(&mut body, Notice::BrokenStructure);
        }
    }
    if structure.is_some_and(Part::is_cut) {
        note(&mut body, Notice::TooManyParts);
        // So that nothing is lost.
        body.attachments.push(whole_file(size));
    }
    body
}

/// What [`Attachment::part`] says for the message itself.
pub const WHOLE: &str = "message";

fn whole_piece(size: u32) -> Piece {
    Piece::new(Form::Whole, Part { octets: size, ..Part::default() })
}

/// Whether the parts are so much smaller than the message that there is more in it than a header; or the message is so
/// small that it costs nothing to look.
fn lacks_much(structure: Option<&Part>, size: u32) -> bool {
    let parts = structure.map(Part::leaves).unwrap_or_default();
    let told = parts.iter().map(|part| part.octets).fold(0, u32::saturating_add);
    size < 8 * 1024 || size.saturating_sub(told) > 32 * 1024
}

/// The images to read, in order, while they fit.
fn fitting<'a>(images: impl Iterator<Item = &'a Part>, room: usize) -> impl Iterator<Item = &'a Part> {
    let mut room = u32::try_from(room).unwrap_or(u32::MAX);
    images.filter(move |part| {
        let left = room.checked_sub(part.decoded_size());
        room = left.unwrap_or(room);
        left.is_some()
    })
}

fn of_parts(root: &Part, pieces: Vec<Piece>, decoder: Option<DecodeCharset>) -> Body {
    let choice = Choice::new(root);
    let mut body = Body::default();
    let (mut texts, mut images, mut cut, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for mut piece in pieces {
        if piece.form == Form::Kind {
            piece.transfer.finish(&mut piece.bytes);
            starts.push((piece.part.section, piece.bytes));
            continue;
        }
        let notice = piece.finish();
        if let Some(notice) = notice {
            note(&mut body, notice);
        }
        if notice == Some(Notice::Truncated) && piece.form == Form::Text {
            cut.push(piece.part.clone());
        }
        match piece.form {
            Form::Text => {
                let text = text(&mut body, &piece, decoder);
                texts.push((piece.part.section, text));
            }
            Form::Image | Form::Kind | Form::Whole => images.push(piece),
        }
    }
    (body.text, body.html) = without_blank(joined(&choice.texts, &texts));
    let html = body.html.as_deref().unwrap_or_default();
    images.retain(|image| !image.is_cut() && html::may_name(html, &image.part));
    body.images = images.into_iter().filter_map(inline_image).collect();
    cut.retain(|part| !choice.files.iter().any(|file| file.section == part.section));
    let files = choice.files.iter().copied().chain(&cut);
    body.attachments = files.map(|part| attachment(part, decoder)).collect();
    let kinds = kind::of_parts(root, &starts).into_iter();
    let texts = [&body.text, &body.html].into_iter().flatten().flat_map(|text| kind::of_text(text));
    for notice in kinds.chain(texts).collect::<Vec<_>>() {
        note(&mut body, notice);
    }
    body
}

/// Of two forms the one that has anything in it: some mailers leave one empty.
fn without_blank((text, html): (Option<String>, Option<String>)) -> (Option<String>, Option<String>) {
    let (is_text, is_html) = (!is_blank(&text), html.as_deref().is_some_and(|html| !html::is_blank(html)));
    match (text, html) {
        (text, Some(_)) if is_text && !is_html => (text, None),
        (Some(_), html) if is_html && !is_text => (None, html),
        both => both,
    }
}

/// There is no structure, only the first bytes of the message.
fn of_whole(size: u32, mut piece: Piece, decoder: Option<DecodeCharset>) -> Body {
    let notice = piece.finish();
    if !piece.bytes.contains(&b'\n') {
        // Lines of very old mailers end by CR alone.
        piece.bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    let entity = Entity::parse(&piece.bytes);
    let mut pieces = pieces(Some(&entity.structure), size);
    loop {
        for piece in &mut pieces {
            let body = entity.bodies.iter().find(|(section, _)| *section == piece.part.section);
            if let Some((_, bytes)) = body.filter(|_| piece.bytes.is_empty()) {
                piece.push(bytes);
            }
        }
        let mut left = more(Some(&entity.structure), size, &pieces.iter().collect::<Vec<_>>(), decoder);
        left.retain(|piece| piece.form != Form::Whole);
        if left.is_empty() {
            break;
        }
        pieces.extend(left);
    }
    let mut body = of_parts(&entity.structure, pieces, decoder);
    if body.attachments.is_empty() && is_blank(&body.text) && is_blank(&body.html) {
        let beside = charset::decode("", &entity::beside_parts(&piece.bytes), decoder).text;
        body.text = Some(lines(&beside)).filter(|text| !text.trim().is_empty()).or(body.text);
    }
    body.attachments.push(whole_file(size));
    if let Some(notice) = notice {
        note(&mut body, notice);
    }
    body.header = Some(entity.header);
    body
}

/// A text part, decoded, as it is shown.
fn text(body: &mut Body, piece: &Piece, decoder: Option<DecodeCharset>) -> String {
    let Piece { part, bytes, .. } = piece;
    let is_html = part.is_html();
    let decode = if is_html { html::decode } else { charset::decode };
    let decoded = decode(&part.charset(), bytes, decoder);
    if !decoded.known {
        note(body, Notice::UnknownCharset);
    }
    let mut text = decoded.text;
    if piece.is_cut() {
        // The last character may be cut in two.
        text.truncate(text.trim_end_matches('\u{fffd}').len());
    }
    if !is_html {
        text = lines(&text);
        if part.parameter("format").eq_ignore_ascii_case("flowed") {
            text = flowed::unfolded(&text, part.parameter("delsp").eq_ignore_ascii_case("yes"));
        }
        if let "text/enriched" | "text/richtext" = part.mime_type.as_str()
            && !text.starts_with("{\\rtf")
        {
            text = enriched::plain(&text, part.mime_type == "text/richtext");
        }
    } else if !html::has_tags(&text) && text.trim().contains('\n') {
        // Plain text, whatever was said.
        text = preformatted(&lines(&text));
    }
    let [before, behind] = &piece.around;
    let behind = if behind.is_empty() { piece.transfer.behind() } else { behind };
    let beside = |bytes: &[u8]| lines(&charset::decode("", bytes, decoder).text);
    match (before.is_empty(), behind.is_empty()) {
        (true, true) => text,
        (_, _) if is_html => {
            let around = [before, behind]
                .map(|bytes| if bytes.is_empty() { String::new() } else { preformatted(&beside(bytes)) });
            around.join(&text)
        }
        (_, true) => beside(before) + &text,
        (_, false) => format!("{}{text}\n{}", beside(before), beside(behind)),
    }
}

/// Several texts as one: plain text where all of them have it, and HTML where any is HTML; then the plain ones become
/// HTML too. `texts` are by section number.
fn joined(choice: &[Text<'_>], texts: &[(String, String)]) -> (Option<String>, Option<String>) {
    let find = |part: &Part| texts.iter().find(|(section, _)| *section == part.section);
    let text = |part: &Part| find(part).map(|(_, text)| text.clone()).unwrap_or_default();
    let plain = |form: &Text<'_>| {
        let texts: Vec<_> = form.plain.iter().map(|part| text(part)).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    };
    let plain: Option<Vec<_>> = choice.iter().map(plain).collect();
    let as_html = |part: &&Part| if part.is_html() { text(part) } else { preformatted(&text(part)) };
    let designed = |form: &Text<'_>| form.designed().iter().map(as_html).collect::<Vec<_>>().join("\n");
    let html = choice.iter().any(|form| !form.html.is_empty());
    let html = html.then(|| choice.iter().map(designed).collect::<Vec<_>>().join("\n<hr>\n"));
    (plain.filter(|plain| !plain.is_empty()).map(|plain| plain.join("\n")), html)
}

fn preformatted(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<pre style=\"white-space: pre-wrap\">{escaped}</pre>")
}

/// Lines end by `\n`, and NUL, which no text holds, goes.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
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
fn whole_file(size: u32) -> Attachment {
    let (part, name) = (WHOLE.to_owned(), "message.eml".to_owned());
    let mime_type = "message/rfc822".to_owned();
    Attachment { part, name, mime_type, size, hide_if_drawn: false }
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_ref().is_none_or(|text| text.trim().is_empty())
}

fn note(body: &mut Body, notice: Notice) {
    if !body.notices.contains(&notice) {
        body.notices.push(notice);
    }
}

const MOST_PLAIN: usize = 1024 * 1024;
/// As much as the page draws.
const MOST_HTML: usize = 4 * 1024 * 1024;
/// For all images of a message together.
const MOST_IMAGES: usize = 5 * 1024 * 1024;
const MOST_WHOLE: usize = 2 * 1024 * 1024;
/// Octets that tell the kind of a part, and how many parts are asked.
const MOST_OF_KIND: u32 = 128;
const MOST_KINDS: usize = 5;

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
        let text = vec![b'a'; MOST_PLAIN + 5];
        let view = read(Some(&part("1", "text/plain", "7bit")), &[("1", &text)]);
        assert_eq!(view.text.map(|text| text.len()), Some(MOST_PLAIN));
        assert_eq!(view.notices, [Notice::Truncated]);
        assert_eq!(view.attachments[0].part, "1");
    }

    #[test]
    fn plain_text_beside_html_is_escaped() {
        let children = vec![part("1", "text/plain", "7bit"), part("2", "text/html", "7bit")];
        let root = Part { mime_type: "multipart/mixed".to_owned(), children, ..Part::default() };
        let view = read(Some(&root), &[("1", b"1 < 2"), ("2", b"<p>3</p>")]);
        assert_eq!(view.text, None);
        assert!(view.html.is_some_and(|html| html.contains("1 &lt; 2") && html.contains("<p>3</p>")));
    }

    #[test]
    fn without_a_structure_the_message_itself_is_taken_apart() {
        let whole =
            b"Subject: =?utf-8?q?=E2=82=AC?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\
            \x1b$B%O%m!<\x1b(B\r\n";
        let view = read(None, &[("", whole)]);
        assert_eq!(view.header.map(|header| header.text("subject", "", None)).as_deref(), Some("€"));
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
