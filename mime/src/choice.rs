//! Which parts of a message are shown as its text, which as images within it, and which as files.
//!
//! RFC 2046 section 5.1 says what multiparts mean; mailers differ, so that the rule is: nothing is lost. What is
//! neither text nor an image that the HTML can name is a file.

use crate::part::Part;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// As `text/plain`.
    pub plain: Option<&'a Part>,
    /// As `text/html`.
    pub html: Option<&'a Part>,
}

impl<'a> Choice<'a> {
    /// Chooses among the parts below `root`.
    pub fn new(root: &'a Part) -> Self {
        let mut choice = Self::default();
        choice.visit(root, None);
        choice
    }

    /// Whether there is something to download, as the list's mark says: files, and not the images of a letter.
    pub fn has_attachment(&self) -> bool {
        let is_signature = |part: &&&Part| {
            matches!(part.mime_type.as_str(), "application/pgp-signature" | "application/pkcs7-signature")
        };
        self.files.iter().filter(|part| !is_signature(part) && !part.is_inline_image()).count() > 0
    }

    /// `alternative` is the text whose other forms stand beside this part.
    fn visit(&mut self, part: &'a Part, alternative: Option<usize>) {
        match part.mime_type.as_str() {
            "multipart/alternative" => {
                let inner = alternative.unwrap_or(self.texts.len());
                part.children.iter().for_each(|child| self.visit(child, Some(inner)));
            }
            multipart if multipart.starts_with("multipart/") => {
                part.children.iter().for_each(|child| self.visit(child, alternative));
            }
            _ => self.leaf(part, alternative),
        }
    }

    fn leaf(&mut self, part: &'a Part, alternative: Option<usize>) {
        if part.is_body_text() && self.take_text(part, alternative.unwrap_or(self.texts.len())) {
            return;
        }
        if part.is_inline_image() {
            self.images.push(part);
        }
        self.files.push(part);
    }

    /// Makes this part a form of the text at `index`. Not where there is one already, or too many texts.
    fn take_text(&mut self, part: &'a Part, index: usize) -> bool {
        if index == self.texts.len() && index < MOST_TEXTS {
            self.texts.push(Text::default());
        }
        let Some(text) = self.texts.get_mut(index) else { return false };
        let slot = if part.mime_type == "text/plain" { &mut text.plain } else { &mut text.html };
        let is_free = slot.is_none();
        slot.get_or_insert(part);
        is_free
    }
}

/// Texts shown one below the other at most; more are files.
const MOST_TEXTS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(section: &str, mime_type: &str) -> Part {
        Part { section: section.to_owned(), mime_type: mime_type.to_owned(), ..Part::default() }
    }

    fn file(section: &str, mime_type: &str) -> Part {
        Part { disposition: "attachment".to_owned(), ..leaf(section, mime_type) }
    }

    fn image(section: &str, content_id: &str) -> Part {
        Part { content_id: content_id.to_owned(), ..leaf(section, "image/png") }
    }

    fn multi(subtype: &str, children: Vec<Part>) -> Part {
        Part { mime_type: format!("multipart/{subtype}"), children, ..Part::default() }
    }

    /// `plain/html+plain/html images files`, each as section numbers.
    fn check(root: &Part, expected: &str) {
        let choice = Choice::new(root);
        let sections =
            |parts: &[&Part]| parts.iter().map(|part| part.section.as_str()).collect::<Vec<_>>().join(",");
        let one = |part: Option<&Part>| part.map_or("-".to_owned(), |part| part.section.clone());
        let texts: Vec<_> = choice.texts.iter().map(|text| one(text.plain) + "/" + &one(text.html)).collect();
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
    }

    #[test]
    fn a_signature_is_no_attachment() {
        let signed = multi("signed", vec![leaf("1", "text/plain"), leaf("2", "application/pgp-signature")]);
        assert!(!Choice::new(&signed).has_attachment());
        assert!(Choice::new(&multi("mixed", vec![file("1", "application/pdf")])).has_attachment());
    }
}
