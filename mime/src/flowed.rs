//! Text that flows: `format=flowed` (RFC 3676). A line that ends with a space goes on in the next one.

/// The text with its paragraphs on one line each. `deletes_space` is `delsp=yes`: then the space that ends a line is not
/// part of the text. Lines end by `\n`.
pub(crate) fn unfolded(text: &str, deletes_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The depth of the paragraph that may go on.
    let mut open: Option<usize> = None;
    for (index, line) in text.split('\n').enumerate() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let (quotes, content) = line.split_at(depth);
        // RFC 3676 section 4.4: a space that was put before a line so that nothing takes it for something else.
        let content = content.strip_prefix(' ').unwrap_or(content);
        // RFC 3676 section 4.3: the line above a signature is no paragraph.
        let is_signature = content == "-- ";
        let continues = open == Some(depth) && !is_signature;
        if !continues {
            if index > 0 {
                out.push('\n');
            }
            out.push_str(quotes);
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !is_signature;
        let end = if flows && deletes_space { content.len() - 1 } else { content.len() };
        out.push_str(&content[..end]);
        open = flows.then_some(depth);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unfolded;

    fn check(text: &str, expected: &str) {
        assert_eq!(unfolded(text, false), expected);
    }

    #[test]
    fn paragraphs_are_put_together() {
        check("one \ntwo\nthree\n", "one two\nthree\n");
        check("one \n\ntwo", "one \ntwo");
        check("> a \n> b\n>> c \n>> d\ne", "> a b\n>> c d\ne");
        check("> a \nb", "> a \nb");
        check("a \n-- \nme", "a \n-- \nme");
        check(" From here\n >not a quote", "From here\n>not a quote");
        check("", "");
    }

    #[test]
    fn the_space_at_the_end_may_be_no_text() {
        assert_eq!(unfolded("https://a.example/ein/ \nende77\n", true), "https://a.example/ein/ende77\n");
    }
}
