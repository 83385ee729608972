//! Base subjects: what is left of a subject without `Re:`, `Fwd:` and the marks of mailing lists.
//!
//! RFC 5256 section 2.1. Every step moves on, so that a subject made to be slow is not.

use crate::compared;

/// A subject without what answering and forwarding add to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BaseSubject {
    /// In the form in which it is compared. Empty where nothing is left.
    pub key: String,
    /// Whether something of an answer or a forward was left out.
    pub is_reply: bool,
}

impl BaseSubject {
    /// Of a subject as it stands in a header, or in an ENVELOPE.
    ///
    /// ```
    /// use postern_mime::BaseSubject;
    ///
    /// let base = BaseSubject::of(b"[list] Re: hello (fwd)");
    /// assert_eq!((base.key.as_str(), base.is_reply), ("HELLO", true));
    /// ```
    pub fn of(raw: &[u8]) -> Self {
        let text = compared::text(raw);
        let mut rest = text.as_str();
        let mut is_reply = false;
        loop {
            rest = without_trailers(rest, &mut is_reply);
            rest = without_leaders(rest, &mut is_reply);
            // Step 6: "[fwd:" … "]" around all of it.
            match strip_word(rest, "[fwd:").and_then(|inside| inside.strip_suffix(']')) {
                Some(inside) => rest = inside,
                None => break,
            }
            is_reply = true;
        }
        Self { key: compared::folded(rest), is_reply }
    }
}

/// Step 2: `subj-trailer = "(fwd)" / WSP`
fn without_trailers<'a>(mut rest: &'a str, is_reply: &mut bool) -> &'a str {
    loop {
        rest = rest.trim_end_matches(SPACE);
        let head = rest.len().checked_sub("(fwd)".len()).and_then(|at| rest.split_at_checked(at));
        match head {
            Some((head, tail)) if tail.eq_ignore_ascii_case("(fwd)") => rest = head,
            _ => return rest,
        }
        *is_reply = true;
    }
}

/// Steps 3 to 5: leaders, and blobs as long as something is left behind them.
fn without_leaders<'a>(mut rest: &'a str, is_reply: &mut bool) -> &'a str {
    loop {
        rest = rest.trim_start_matches(SPACE);
        // subj-leader = (*subj-blob subj-refwd) / WSP
        let mut behind = rest;
        let mut last_blob = rest;
        while let Some(next) = blob(behind) {
            last_blob = behind;
            behind = next;
        }
        if let Some(next) = refwd(behind) {
            rest = next;
            *is_reply = true;
            continue;
        }
        // Step 4 takes them one by one, and stops before the last where that is all there is.
        let without = if behind.is_empty() { last_blob } else { behind };
        return without;
    }
}

/// `subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"`
fn refwd(text: &str) -> Option<&str> {
    let rest = ["re", "fwd", "fw"].iter().find_map(|word| strip_word(text, word))?;
    let rest = rest.trim_start_matches(SPACE);
    blob(rest).unwrap_or(rest).strip_prefix(':')
}

/// `subj-blob = "[" *BLOBCHAR "]" *WSP`, where a BLOBCHAR is anything but a bracket.
fn blob(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(['[', ']']).filter(|&end| inside[end..].starts_with(']'))?;
    Some(inside[end + 1..].trim_start_matches(SPACE))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(rest)
}

const SPACE: [char; 2] = [' ', '\t'];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, base: &str, is_reply: bool) {
        let found = BaseSubject::of(subject.as_bytes());
        assert_eq!((found.key.as_str(), found.is_reply), (base, is_reply), "{subject}");
    }

    #[test]
    fn answers_and_forwards() {
        check("Hello", "HELLO", false);
        check("Re: hello", "HELLO", true);
        check("RE : re: FW:\tFwd: hello (fwd) (FWD) ", "HELLO", true);
        check("[list] Re[2]: [other] hello", "HELLO", true);
        check("[list] hello", "HELLO", false);
        check("[a] [b] re: [c] [d]", "[D]", true);
        check("[fwd: [fwd: Re: hello]]", "HELLO", true);
        check("[only]", "[ONLY]", false);
        check("Re: ", "", true);
        check("Reply: no", "REPLY: NO", false);
        check("re", "RE", false);
        check("re [x: y", "RE [X: Y", false);
        check("", "", false);
        check("=?utf-8?q?Re=3A_Gr=C3=BC=C3=9Fe?=", "GRÜSSE", true);
        check("ä(fwd)", "Ä", true);
        check("(fw\u{e4})", "(FW\u{c4})", false);
    }

    /// S3 and S4: what is made to be slow is not.
    #[test]
    fn s4_long_runs_stay_linear() {
        let many = 200_000;
        check(&format!("{}x", "[a]".repeat(many)), "X", false);
        check(&"[a]".repeat(many), "[A]", false);
        check(&format!("{}x", "re: ".repeat(many)), "X", true);
        check(&format!("{}x{}", "[fwd: ".repeat(many), "]".repeat(many)), "X", true);
        check(&format!("x{}", "(fwd)".repeat(many)), "X", true);
        assert_eq!(BaseSubject::of("[".repeat(many).as_bytes()).key.len(), many);
    }
}
