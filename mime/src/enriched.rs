//! `text/enriched` (RFC 1896) and its elder `text/richtext` (RFC 1341) as plain text: their commands are left out.

/// The words of it, with its paragraphs. Lines end by `\n`.
pub(crate) fn plain(text: &str, is_elder: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut parameters, mut unfilled) = (0_usize, 0_usize);
    while let Some(c) = rest.chars().next() {
        let command = command(rest).filter(|_| is_elder || !rest.starts_with("<<"));
        rest = &rest[command.map_or(c.len_utf8(), |(_, length)| length)..];
        match command.map(|(name, _)| name.to_ascii_lowercase()).as_deref() {
            Some("param" | "comment") => parameters += 1,
            Some("/param" | "/comment") => parameters = parameters.saturating_sub(1),
            Some("nofill" | "verbatim") => unfilled += 1,
            Some("/nofill" | "/verbatim") => unfilled = unfilled.saturating_sub(1),
            Some("nl" | "np" | "paragraph" | "/paragraph") if is_elder => out.push('\n'),
            Some("lt") if is_elder => out.push('<'),
            Some(_) => {}
            None if parameters > 0 => {}
            None if c == '<' && !is_elder => {
                rest = rest.strip_prefix('<').unwrap_or(rest);
                out.push('<');
            }
            // RFC 1896: one line end is a space, and of several one counts for nothing.
            None if c == '\n' && unfilled == 0 => {
                let more = rest.len() - rest.trim_start_matches('\n').len();
                rest = &rest[more..];
                match more {
                    0 => out.push(' '),
                    _ if is_elder => out.push(' '),
                    _ => out.extend(std::iter::repeat_n('\n', more)),
                }
            }
            None => out.push(c),
        }
    }
    out
}

/// The command at the start: its name, and how long it is with its brackets.
fn command(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.bytes().take(60).position(|byte| byte == b'>')?;
    let name = &inner[..end];
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-/".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_name)).then_some((name, end + 2))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn commands_are_left_out() {
        let text = "<bold>Hi</bold>\nthere, 1 << 2.\n\nNext\n\n\n<color><param>red</param>far</color>\n<nofill>a\nb</nofill>";
        assert_eq!(plain(text, false), "Hi there, 1 < 2.\nNext\n\nfar a\nb");
        assert_eq!(plain("a < b <3 >", false), "a < b <3 >");
        assert_eq!(plain("<bold>Hi</bold><nl>1 <lt> 2\nmore<comment>no</comment>", true), "Hi\n1 < 2 more");
    }
}
