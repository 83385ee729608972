//! Lays out what ts-rs generates. It writes for compilers; this is for people, and for wasm-bindgen, which takes
//! the braces at the ends of lines for the nesting.

/// The same text with every field and every brace on a line of its own.
pub(super) fn layout(text: &str) -> String {
    let mut out = Layout::default();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let end = match next {
            '/' if rest.starts_with("//") => rest.find('\n'),
            '/' => rest.find("*/").map(|at| at + 2),
            '"' => rest[1..].find('"').map(|at| at + 2),
            next => Some(next.len_utf8()),
        };
        let (token, behind) = rest.split_at(end.unwrap_or(rest.len()));
        out.push(token);
        rest = behind;
    }
    out.text
}

#[derive(Default)]
struct Layout {
    text: String,
    depth: usize,
    /// Inside `Record<…>`: a comma there ends no field.
    angles: usize,
}

impl Layout {
    fn push(&mut self, token: &str) {
        match token {
            "{" => {
                self.text.push('{');
                self.depth += 1;
                self.new_line();
            }
            "}" => {
                self.depth -= 1;
                self.new_line();
                self.text.push('}');
            }
            "," if self.angles == 0 => {
                self.text.push(',');
                self.new_line();
            }
            "\n" if self.depth == 0 => self.text.push('\n'),
            " " | "\n" if self.text.ends_with([' ', '\n']) => {}
            "\n" => self.text.push(' '),
            comment if comment.starts_with("/*") => self.comment(comment),
            token => {
                self.angles += usize::from(token == "<");
                self.angles -= usize::from(token == ">");
                self.text.push_str(token);
            }
        }
    }

    /// A comment of one sentence gets one line.
    fn comment(&mut self, comment: &str) {
        let lines: Vec<&str> = comment.lines().map(str::trim).collect();
        if let [first, only, last] = lines[..] {
            self.text.push_str(&format!("{first} {} {last}", only.trim_start_matches("* ")));
        } else {
            for (number, line) in lines.into_iter().enumerate() {
                if number > 0 {
                    self.new_line();
                    self.text.push(' ');
                }
                self.text.push_str(line);
            }
        }
        if self.depth > 0 {
            self.new_line();
        }
    }

    /// A line is never empty and never ends in spaces.
    fn new_line(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn lays_out_fields_comments_and_unions() {
        let given = "/**\n * One.\n */\nexport type A = { \"type\": \"a, {b}\", \n/**\n * Two, {three}.\n */\nm: Record<string, B>, } | { \"type\": \"c\" };\n";
        let expected = "\
/** One. */
export type A = {
  \"type\": \"a, {b}\",
  /** Two, {three}. */
  m: Record<string, B>,
} | {
  \"type\": \"c\"
};
";
        assert_eq!(layout(given), expected);
    }
}
