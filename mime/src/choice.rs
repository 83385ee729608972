//! Which parts of a message are shown as its text, which as images within it, and which as files.
//!
//! RFC 2046 section 5.1 says what multiparts mean; mailers differ, so that the rule is: nothing is lost. Every part
//! that is not shown as text is a file; the one exception is a form of a text that only some other program shows.

use crate::file_name;
use crate::part::{self, Part};

/// What to show, by reference into the tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The texts to show one below the other: mostly one; a mailing list's footer makes it two.
    pub texts: Vec<Text<'a>>,
    /// Images that the HTML may name: drawn in place if it does. Each is among the files too.
    pub images: Vec<&'a Part>,
    /// Everything that is not text, in the message's order.
    pub files: Vec<&'a Part>,
}

/// One text in one or both of its forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// As plain text: parts to show one below the other, mostly one. Empty where there is no such form.
    pub plain: Vec<&'a Part>,
    /// As HTML: parts to show one below the other, mostly one; Apple Mail cuts its HTML where a file stands. Plain
    /// parts may be among them. Empty where there is no such form.
    pub html: Vec<&'a Part>,
}

impl<'a> Choice<'a> {
    /// Chooses among the parts below `root`.
    pub fn new(root: &'a Part) -> Self {
        let mut texts = texts(root, Place::Anywhere);
        let leaves = root.leaves();
        // A letter whose only text has a name is read, and is a file as well.
        let mut named = Vec::new();
        if texts.is_empty() {
            named.extend(leaves.iter().copied().find(|part| part.is_body_text()));
            texts.extend(named.iter().copied().map(Text::of));
        }
        texts.truncate(MOST_TEXTS);
        let is_shown = |part: &Part| {
            let mut shown = texts.iter().flat_map(|text| text.plain.iter().chain(&text.html));
            shown.any(|shown| std::ptr::eq(*shown, part))
        };
        let is_file = |part: &&Part| {
            let is_named = named.iter().any(|named| std::ptr::eq(*named, *part));
            (is_named || !is_shown(part)) && (texts.is_empty() || !is_for_others(part))
        };
        let files: Vec<_> = leaves.into_iter().filter(is_file).collect();
        let images = files.iter().copied().filter(|part| part.is_nameable_image()).collect();
        Self { texts, images, files }
    }

    /// Whether there is something to download, as the list's mark says: files, and not the images of a letter.
    pub fn has_attachment(&self) -> bool {
        self.files.iter().any(|part| !is_signature(part) && !is_drawn(part))
    }

    /// Every part that is shown as text, once.
    pub(crate) fn text_parts(&self) -> Vec<&'a Part> {
        let mut parts: Vec<&Part> = Vec::new();
        for part in self.texts.iter().flat_map(|text| text.plain.iter().chain(&text.html)) {
            if !parts.iter().any(|known| std::ptr::eq(*known, *part)) {
                parts.push(part);
            }
        }
        parts
    }

    /// Whether there is any HTML to show.
    pub(crate) fn has_html(&self) -> bool {
        self.texts.iter().any(|text| !text.html.is_empty())
    }
}

impl<'a> Text<'a> {
    fn of(part: &'a Part) -> Self {
        if part.is_html() {
            return Self { plain: Vec::new(), html: vec![part] };
        }
        Self { plain: vec![part], html: Vec::new() }
    }

    /// As HTML where there is that form, else as plain text.
    pub fn designed(&self) -> &[&'a Part] {
        if self.html.is_empty() { &self.plain } else { &self.html }
    }
}

/// Where a part stands, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// It is a form of a text by itself, so that a name does not make it a file.
    Alternative,
}

/// The texts of this part and those below it.
fn texts(part: &Part, place: Place) -> Vec<Text<'_>> {
    match part.mime_type.as_str() {
        "multipart/alternative" => alternative(part),
        "multipart/related" => related(part, place),
        _ if part.is_multipart() => {
            part.children.iter().flat_map(|child| texts(child, Place::Anywhere)).collect()
        }
        _ if part.is_body_text() && (place == Place::Alternative || !file_name::is_given(part)) => {
            vec![Text::of(part)]
        }
        _ => Vec::new(),
    }
}

/// RFC 2046 section 5.1.4: each part is a form of the same text, the best one last. One form may be several parts.
fn alternative(part: &Part) -> Vec<Text<'_>> {
    let forms: Vec<_> = part.children.iter().map(|child| texts(child, Place::Alternative)).collect();
    let is_html = |form: &&Vec<Text<'_>>| form.iter().any(|text| !text.html.is_empty());
    let designed = forms.iter().rev().find(is_html);
    let plain = forms.iter().find(|form| !form.is_empty() && !is_html(form)).or(designed);
    let html = designed.into_iter().flatten().flat_map(|text| text.designed().iter().copied());
    // Plain text that is only half of the form is none.
    let plain = plain.filter(|form| form.iter().all(|text| !text.plain.is_empty()));
    let plain = plain.into_iter().flatten().flat_map(|text| text.plain.iter().copied());
    let text = Text { plain: plain.take(MOST_TEXTS).collect(), html: html.take(MOST_TEXTS).collect() };
    if text == Text::default() { Vec::new() } else { vec![text] }
}

/// RFC 2387: one part is the text, the others are what it names. Text among these that nothing can name was meant to
/// be read.
fn related(part: &Part, place: Place) -> Vec<Text<'_>> {
    let start = part::content_id(part.parameter("start").as_bytes());
    let is_start = |child: &Part| !start.is_empty() && child.content_id == start;
    let root = part.children.iter().position(is_start).unwrap_or(0);
    let mut found = Vec::new();
    for (index, child) in part.children.iter().enumerate() {
        let is_named = !child.content_id.is_empty() || !child.content_location.is_empty();
        match index == root {
            true => found.extend(texts(child, place)),
            false if is_named => {}
            false => found.extend(texts(child, Place::Anywhere)),
        }
    }
    found
}

/// Forms of a text that only one other program shows.
fn is_for_others(part: &Part) -> bool {
    matches!(part.mime_type.as_str(), "text/x-amp-html" | "text/watch-html" | "text/x-watch-html")
        && part.disposition != "attachment"
}

fn is_signature(part: &Part) -> bool {
    matches!(
        part.mime_type.as_str(),
        "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature"
    )
}

/// Whether the HTML is likely to draw it.
fn is_drawn(part: &Part) -> bool {
    let is_drawable = !matches!(part.mime_type.as_str(), "image/tiff" | "image/heic" | "image/heif");
    part.is_inline_image() && is_drawable
}

/// Texts shown one below the other at most; more are files.
const MOST_TEXTS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(section: &str, mime_type: &str) -> Part {
        Part { section: section.to_owned(), mime_type: mime_type.to_owned(), ..Part::default() }
    }

    fn file(section: &str, mime_type: &str) -> Part {
        Part { disposition: "attachment".to_owned(), ..leaf(section, mime_type) }
    }

    fn named(section: &str, mime_type: &str, name: &str) -> Part {
        let parameters = vec![("name".to_owned(), name.as_bytes().to_vec())];
        Part { parameters, ..leaf(section, mime_type) }
    }

    fn with_id(section: &str, mime_type: &str, content_id: &str) -> Part {
        Part { content_id: content_id.to_owned(), ..leaf(section, mime_type) }
    }

    fn image(section: &str, content_id: &str) -> Part {
        with_id(section, "image/png", content_id)
    }

    fn multi(subtype: &str, children: Vec<Part>) -> Part {
        Part { mime_type: format!("multipart/{subtype}"), children, ..Part::default() }
    }

    /// `plain/html+plain/html [images] [files]`, each as section numbers.
    fn check(root: &Part, expected: &str) {
        let choice = Choice::new(root);
        let sections =
            |parts: &[&Part]| parts.iter().map(|part| part.section.as_str()).collect::<Vec<_>>().join(",");
        let one = |parts: &[&Part]| if parts.is_empty() { "-".to_owned() } else { sections(parts) };
        let texts: Vec<_> =
            choice.texts.iter().map(|text| one(&text.plain) + "/" + &one(&text.html)).collect();
        let (images, files) = (sections(&choice.images), sections(&choice.files));
        let found = format!("{} [{images}] [{files}]", texts.join("+"));
        assert_eq!(found, expected);
    }

    #[test]
    fn single_parts() {
        check(&leaf("1", "text/plain"), "1/- [] []");
        check(&leaf("1", "text/html"), "-/1 [] []");
        check(&leaf("1", "application/pdf"), " [] [1]");
        check(&leaf("1", "text/calendar"), " [] [1]");
        check(&leaf("1", "application/ms-tnef"), " [] [1]");
        check(&leaf("1", "message/rfc822"), " [] [1]");
    }

    #[test]
    fn unknown_text_is_plain_text() {
        check(&leaf("1", "text/markdown"), "1/- [] []");
        check(&leaf("1", "text/x-nobody-knows"), "1/- [] []");
        check(&leaf("1", "text/"), "1/- [] []");
        check(&multi("mixed", vec![leaf("1", "text/plain"), leaf("2", "text/csv")]), "1/- [] [2]");
    }

    #[test]
    fn the_usual_letters() {
        let both = || vec![leaf("1", "text/plain"), leaf("2", "text/html")];
        check(&multi("alternative", both()), "1/2 [] []");
        let alternative = multi("alternative", vec![leaf("1.1", "text/plain"), leaf("1.2", "text/html")]);
        check(&multi("mixed", vec![alternative, file("2", "application/pdf")]), "1.1/1.2 [] [2]");
        let related = multi("related", vec![leaf("2.1", "text/html"), image("2.2", "logo@x")]);
        check(&multi("alternative", vec![leaf("1", "text/plain"), related]), "1/2.1 [2.2] [2.2]");
        check(&multi("mixed", vec![leaf("1", "text/plain"), file("2", "text/plain")]), "1/- [] [2]");
        check(
            &multi("signed", vec![leaf("1", "text/plain"), leaf("2", "application/pgp-signature")]),
            "1/- [] [2]",
        );
    }

    #[test]
    fn nothing_is_lost() {
        let two_letters = vec![leaf("1", "text/plain"), file("2", "application/pdf"), leaf("3", "text/html")];
        check(&multi("mixed", two_letters), "1/-+-/3 [] [2]");
        let alternative = multi("alternative", vec![leaf("2.1", "text/plain"), leaf("2.2", "text/html")]);
        check(&multi("mixed", vec![leaf("1", "text/plain"), alternative]), "1/-+2.1/2.2 [] []");
        let twice = vec![leaf("1", "text/plain"), leaf("2", "text/plain")];
        check(&multi("alternative", twice), "1/- [] [2]");
        check(&multi("mixed", vec![image("1", ""), leaf("2", "text/plain")]), "2/- [] [1]");
        check(&multi("alternative", vec![leaf("1", "text/plain"), leaf("2", "text/calendar")]), "1/- [] [2]");
        let svg = Part { content_id: "a@b".to_owned(), ..leaf("2", "image/svg+xml") };
        check(&multi("related", vec![leaf("1", "text/html"), svg]), "-/1 [] [2]");
        check(&multi("mixed", vec![]), " [] []");
        let empty = Part { section: "2".to_owned(), ..multi("mixed", vec![]) };
        check(&multi("mixed", vec![leaf("1", "text/plain"), empty]), "1/- [] [2]");
        let digest = vec![leaf("1", "message/rfc822"), leaf("2", "message/rfc822")];
        check(&multi("digest", digest), " [] [1,2]");
        let parallel = vec![leaf("1", "text/plain"), leaf("2", "audio/basic"), leaf("3", "text/plain")];
        check(&multi("parallel", parallel), "1/-+3/- [] [2]");
        let many = (1..=25).map(|number| leaf(&number.to_string(), "text/plain")).collect();
        let many = multi("mixed", many);
        assert_eq!((Choice::new(&many).texts.len(), Choice::new(&many).files.len()), (20, 5));
    }

    #[test]
    fn one_form_of_an_alternative_may_be_several_parts() {
        let apple = || {
            let pdf = named("2.2", "application/pdf", "Plan.pdf");
            multi("mixed", vec![leaf("2.1", "text/html"), pdf, leaf("2.3", "text/html")])
        };
        check(&multi("alternative", vec![leaf("1", "text/plain"), apple()]), "1/2.1,2.3 [] [2.2]");
        let footed = multi("mixed", vec![leaf("2.1", "text/html"), leaf("2.2", "text/plain")]);
        check(&multi("alternative", vec![leaf("1", "text/plain"), footed]), "1/2.1,2.2 [] []");
        let inner = multi("alternative", vec![leaf("1.1", "text/plain"), leaf("1.2", "text/html")]);
        let related = multi("related", vec![inner, image("2", "a@b")]);
        check(&multi("alternative", vec![related]), "1.1/1.2 [2] [2]");
    }

    #[test]
    fn text_that_the_sender_named_is_a_file() {
        let letter = leaf("1", "text/plain");
        let inline = Part { disposition: "inline".to_owned(), ..named("2", "text/plain", "notiz.txt") };
        let three = vec![letter, inline, named("3", "text/html", "bericht.html")];
        check(&multi("mixed", three), "1/- [] [2,3]");
        // The only text is read all the same.
        check(&named("1", "text/plain", "body.txt"), "1/- [] [1]");
        let forms = vec![named("1", "text/plain", "a.txt"), named("2", "text/html", "a.html")];
        check(&multi("alternative", forms), "1/2 [] []");
    }

    #[test]
    fn the_start_of_what_is_related_is_its_text() {
        let mut related = multi(
            "related",
            vec![
                with_id("1", "text/plain", "caption@x"),
                with_id("2", "text/html", "root@x"),
                image("3", "a@x"),
            ],
        );
        related.parameters = vec![("start".to_owned(), b"<root@x>".to_vec())];
        check(&related, "-/2 [3] [1,3]");
        let footed =
            multi("related", vec![leaf("1", "text/html"), image("2", "a@x"), leaf("3", "text/plain")]);
        check(&footed, "-/1+3/- [2] [2]");
    }

    #[test]
    fn a_form_for_other_programs_is_neither_shown_nor_listed() {
        let forms = vec![leaf("1", "text/plain"), leaf("2", "text/x-amp-html"), leaf("3", "text/html")];
        let amp = multi("alternative", forms);
        check(&amp, "1/3 [] []");
        assert!(!Choice::new(&amp).has_attachment());
        check(&leaf("1", "text/x-amp-html"), " [] [1]");
    }

    #[test]
    fn a_picture_that_the_text_names_may_be_an_attachment_too() {
        let picture = Part { disposition: "attachment".to_owned(), ..image("2", "a@x") };
        let letter = multi("mixed", vec![leaf("1", "text/html"), picture]);
        check(&letter, "-/1 [2] [2]");
        assert!(Choice::new(&letter).has_attachment());
        let unknown = with_id("2", "application/octet-stream", "a@x");
        let jpeg = Part { parameters: vec![("name".to_owned(), b"a.JPG".to_vec())], ..unknown };
        let letter = multi("related", vec![leaf("1", "text/html"), jpeg]);
        check(&letter, "-/1 [2] [2]");
        assert!(!Choice::new(&letter).has_attachment());
    }

    #[test]
    fn a_signature_is_no_attachment() {
        let signed = multi("signed", vec![leaf("1", "text/plain"), leaf("2", "application/pgp-signature")]);
        assert!(!Choice::new(&signed).has_attachment());
        assert!(Choice::new(&multi("mixed", vec![file("1", "application/pdf")])).has_attachment());
    }
}
