//! Addresses of a header field (RFC 5322 section 3.4), read as tolerantly as they are written: a comma in a display name
//! that nobody quoted, a bracket that is never closed, a name in a comment.

use crate::charset::DecodeCharset;
use crate::words;

/// A person's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The decoded display name on one line; empty where there is none.
    pub name: String,
    /// `local@domain`; the local part alone where that is all there is.
    pub address: String,
}

/// The addresses of a field's value. Names of groups are left out, their members are there. `beside` is the charset
/// that the message's body says it is in, or empty.
///
/// ```
/// let found = postern_mime::addresses(b"Abend, Noemi <noemi@mail.example>, bo@mail.example", "", None);
/// assert_eq!(found[0].name, "Abend, Noemi");
/// assert_eq!(found[1].address, "bo@mail.example");
/// ```
pub fn parse(raw: &[u8], beside: &str, decoder: Option<DecodeCharset>) -> Vec<Mailbox> {
    let text = match str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        // Its own charset, but encoded words as they are: a comma within one does not end an address.
        Err(_) => words::raw_text(raw, beside, decoder),
    };
    let mut found = Vec::new();
    let mut pending: Vec<String> = Vec::new();
    for piece in split(&text) {
        let piece = piece.trim();
        match (Entry::read(piece), pending.is_empty()) {
            _ if piece.is_empty() => {}
            // The first half of a name with a comma in it.
            (None, _) => pending.push(piece.to_owned()),
            (Some(entry), true) => found.push(entry.mailbox(decoder)),
            (Some(entry), false) if entry.is_bare => {
                found.extend(pending.drain(..).map(|word| lone(&word, decoder)));
                found.push(entry.mailbox(decoder));
            }
            (Some(entry), false) => {
                pending.push(entry.name);
                let name = std::mem::take(&mut pending).join(", ");
                found.push(Entry { name, ..entry }.mailbox(decoder));
            }
        }
    }
    found.extend(pending.into_iter().map(|word| lone(&word, decoder)));
    found.retain(|mailbox| !mailbox.address.is_empty() || !mailbox.name.is_empty());
    found
}

/// One address, before its words are decoded.
struct Entry {
    name: String,
    address: String,
    /// No angle brackets, so that a name can't stand before it.
    is_bare: bool,
}

impl Entry {
    /// None for a word that is no address.
    fn read(piece: &str) -> Option<Self> {
        if let Some(open) = outside_quotes(piece, '<') {
            let (before, rest) = (&piece[..open], piece[open..].trim_start_matches('<'));
            let (address, after) = rest.split_once('>').unwrap_or((rest, ""));
            let name =
                if before.trim().is_empty() { after.trim_matches([' ', '\t', '<', '>']) } else { before };
            return Some(Self { name: name.trim().to_owned(), address: address.to_owned(), is_bare: false });
        }
        let (address, comment) = without_comments(piece);
        let name_end = address_start(&address);
        let (name, address) = address.split_at(name_end);
        if !address.contains('@') {
            return None;
        }
        match name.trim() {
            "" => Some(Self { name: comment, address: unwrapped(address).to_owned(), is_bare: true }),
            // `Ada ada@x.example`: the brackets are missing.
            name => {
                Some(Self { name: name.to_owned(), address: unwrapped(address).to_owned(), is_bare: false })
            }
        }
    }

    fn mailbox(self, decoder: Option<DecodeCharset>) -> Mailbox {
        let (name, comment) = without_comments(&self.name);
        let name = if name.trim().is_empty() { comment } else { name };
        let name = words::decode(unquoted(name.trim()).as_bytes(), decoder);
        let address = without_spaces(&without_comments(&self.address).0);
        let address = match address.get(..7) {
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => address[7..].to_owned(),
            _ => address,
        };
        // A route (RFC 5322 section 4.4): `@one,@two:local@domain`.
        let address = match address.strip_prefix('@').and_then(|rest| rest.split_once(':')) {
            Some((_, address)) => address.to_owned(),
            None => address,
        };
        let address = words::decode(address.as_bytes(), decoder);
        Mailbox {
            name: words::one_line(without_outer_quotes(name.trim())),
            address: words::one_line(&address),
        }
    }
}

/// A word alone: the name of somebody on the same machine, or of nobody at all.
fn lone(word: &str, decoder: Option<DecodeCharset>) -> Mailbox {
    let (word, _) = without_comments(word);
    let text = words::one_line(&words::decode(unquoted(word.trim()).as_bytes(), decoder));
    // A mailer that encoded the address with its name. Quoted ones in it are the sender's words.
    if word.contains("=?")
        && let Some(Entry { name, address, is_bare: false }) = Entry::read(&text)
        && address.contains('@')
    {
        return Mailbox { name: without_outer_quotes(name.trim()).to_owned(), address };
    }
    match text.contains(char::is_whitespace) || text.is_empty() {
        true => Mailbox { name: text, address: String::new() },
        false => Mailbox { name: String::new(), address: text },
    }
}

/// Cuts at commas and semicolons outside quotes, comments, angle brackets and encoded words; takes the names of groups
/// off.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    // Whether what stands since there may be an address.
    let mut has_at = false;
    let mut state = Scan::new(text);
    // A semicolon ends a group (RFC 5322 section 3.4), or it has no members. Else the colon is a character of a name
    // that nobody quoted.
    let last_end = text.rfind(';').unwrap_or(0);
    let last = text.trim_end().len().saturating_sub(1);
    for (at, c) in text.char_indices() {
        let is_outside = state.is_outside(at, c);
        has_at |= c == '@';
        if !is_outside {
            continue;
        }
        match c {
            ',' | ';' => {
                pieces.push(&text[start..at]);
                (start, has_at) = (at + 1, false);
            }
            // The name of a group. An address has none outside its brackets.
            ':' if !has_at && (at < last_end || at == last) => start = at + 1,
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Where the last word begins, outside quotes: the whole text where that has no white space.
fn address_start(text: &str) -> usize {
    let mut state = Scan::new(text);
    let spaces = text.char_indices().filter(|(at, c)| state.is_outside(*at, *c) && c.is_whitespace());
    spaces.last().map_or(0, |(at, c)| at + c.len_utf8())
}

/// An address without the brackets and quotes that some put round it, or leave of a pair.
fn unwrapped(address: &str) -> &str {
    let address = address.trim_matches(['<', '>']);
    [('[', ']'), ('\'', '\''), ('"', '"')]
        .iter()
        .find_map(|(open, close)| address.strip_prefix(*open)?.strip_suffix(*close))
        .filter(|inner| !inner.contains(['"', '[', '\'']))
        .unwrap_or(address)
}

/// Without white space but that in a quoted local part.
fn without_spaces(text: &str) -> String {
    let mut state = Scan::new(text);
    let kept = text.char_indices().filter(|(at, c)| {
        state.is_outside(*at, *c);
        state.is_quoted || !c.is_whitespace()
    });
    kept.map(|(_, c)| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Walks a field's value and knows what each character stands in. In linear time, whatever is opened and never closed.
struct Scan<'a> {
    text: &'a str,
    /// Behind these nothing is closed any more.
    last_quote: Option<usize>,
    last_comment_end: Option<usize>,
    last_word_end: Option<usize>,
    is_quoted: bool,
    is_escaped: bool,
    is_bracketed: bool,
    /// Where a run of opening angle brackets ends.
    brackets_end: usize,
    comments: usize,
    /// Where an encoded word ends.
    word_end: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            last_quote: text.rfind('"'),
            last_comment_end: text.rfind(')'),
            last_word_end: text.rfind("?="),
            is_quoted: false,
            is_escaped: false,
            is_bracketed: false,
            brackets_end: 0,
            comments: 0,
            word_end: 0,
        }
    }

    /// Whether this character, which is the next one, stands outside all of them.
    fn is_outside(&mut self, at: usize, c: char) -> bool {
        if at < self.word_end {
            return false;
        }
        let was_escaped = self.is_escaped;
        self.is_escaped = !was_escaped && c == '\\';
        match c {
            _ if was_escaped => {}
            // A quote that is never closed is a character.
            '"' if self.comments == 0 && (self.is_quoted || self.last_quote > Some(at)) => {
                self.is_quoted = !self.is_quoted;
            }
            _ if self.is_quoted => {}
            '(' if self.last_comment_end > Some(at) => self.comments += 1,
            ')' => self.comments = self.comments.saturating_sub(1),
            _ if self.comments > 0 => {}
            // One that is never closed ends at the next comma.
            '<' if at >= self.brackets_end => self.open_brackets(at),
            '<' => {}
            '>' => self.is_bracketed = false,
            '=' if self.text[at..].starts_with("=?") => self.word_end = at + self.encoded_word(at),
            _ => {}
        }
        !(self.is_quoted || self.comments > 0 || self.is_bracketed || at < self.word_end)
    }

    /// They count where they are closed before another one opens.
    fn open_brackets(&mut self, at: usize) {
        let rest = self.text[at..].trim_start_matches('<');
        self.brackets_end = self.text.len() - rest.len();
        self.is_bracketed = rest.find(['<', '>']).is_some_and(|end| rest[end..].starts_with('>'));
    }

    /// How long the encoded word here is; 0 where there is none.
    fn encoded_word(&self, at: usize) -> usize {
        let text = &self.text[at..];
        let mut marks = text.match_indices('?').map(|(mark, _)| mark);
        let Some(third) = marks.nth(2) else { return 0 };
        if self.last_word_end <= Some(at + third) {
            return 0;
        }
        text[third + 1..].find("?=").map_or(0, |end| third + 1 + end + 2)
    }
}

/// Quotes that some mailers put into an encoded word.
fn without_outer_quotes(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// The first `wanted` outside quotes.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut state = Scan::new(text);
    text.char_indices().find_map(|(at, c)| {
        let was_quoted = state.is_quoted || state.comments > 0 || at < state.word_end;
        state.is_outside(at, c);
        (c == wanted && !was_quoted).then_some(at)
    })
}

/// The text outside comments, and the text of the comments.
fn without_comments(text: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut state = Scan::new(text);
    for (at, c) in text.char_indices() {
        let was_in_comment = state.comments > 0;
        state.is_outside(at, c);
        match (was_in_comment, state.comments > 0) {
            (false, false) => outside.push(c),
            (true, true) if c == '\\' && state.is_escaped => {}
            (true, true) => inside.push(c),
            _ => {}
        }
    }
    (outside.trim().to_owned(), inside.trim().to_owned())
}

/// A quoted string without its quotes and backslashes.
fn unquoted(text: &str) -> String {
    if !text.contains('"') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {}
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

/// Whether a server put this in place of an address that it could not read, or of a part of it. They are no addresses:
/// the header says what there is.
///
/// Dovecot has `MISSING_MAILBOX` and `MISSING_DOMAIN`; the University of Washington's server and its heirs
/// `.SYNTAX-ERROR.`, `.MISSING-HOST-NAME.`, `MISSING_MAILBOX_TERMINATOR`, `INVALID_ADDRESS` and
/// `UNEXPECTED_DATA_AFTER_ADDRESS`; Cyrus `unspecified-domain`.
pub fn is_stand_in(address: &str) -> bool {
    const WORDS: [&str; 11] = [
        "missing_domain",
        "missing_mailbox",
        "missing_mailbox_terminator",
        "missing-mailbox-terminator",
        "invalid_address",
        "invalid-address",
        "unexpected_data_after_address",
        "syntax-error",
        "syntax_error",
        "missing-host-name",
        "unspecified-domain",
    ];
    let is_one = |word: &str| {
        let word = word.trim_matches(['.', '"', '<', '>', ' ']);
        WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    is_one(local) || is_one(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::tests::text_decoder;

    /// `name <address>` each, separated by ` | `.
    fn check(raw: &[u8], expected: &str) {
        let found: Vec<_> = parse(raw, "windows-1251", Some(text_decoder))
            .into_iter()
            .map(|mailbox| format!("{} <{}>", mailbox.name, mailbox.address).trim().to_owned())
            .collect();
        assert_eq!(found.join(" | "), expected, "{}", raw.escape_ascii());
    }

    #[test]
    fn addresses_as_they_should_be() {
        check(b"Ada <ada@x.example>", "Ada <ada@x.example>");
        check(b"\"Byron, Ada\" <ada@x.example>, bo@x.example", "Byron, Ada <ada@x.example> | <bo@x.example>");
        check(b"ada@x.example (Ada B.)", "Ada B. <ada@x.example>");
        check(b"=?utf-8?q?=C3=89a?= <e@x.example>", "Éa <e@x.example>");
        check(b"Team: ada@x.example, Bo <bo@x.example>;", "<ada@x.example> | Bo <bo@x.example>");
        check(b"undisclosed-recipients:;", "");
        check(b"\"a\\\"b\" <q@x.example>", "a\"b <q@x.example>");
        check(b"<@one.example,@two.example:ada@x.example>", "<ada@x.example>");
        check(b"\"a,b\"@x.example", "<\"a,b\"@x.example>");
        check(b"", "");
    }

    #[test]
    fn a_comma_in_a_name_that_nobody_quoted() {
        check(b"Abend, Noemi <noemi@mail.example>", "Abend, Noemi <noemi@mail.example>");
        check(
            b"Abend, Noemi <noemi@x.example>, Bo <bo@x.example>, Ost, West, Nord <o@x.example>",
            "Abend, Noemi <noemi@x.example> | Bo <bo@x.example> | Ost, West, Nord <o@x.example>",
        );
        check(b"=?utf-8?Q?Abend,_Noemi?= <noemi@x.example>", "Abend, Noemi <noemi@x.example>");
    }

    #[test]
    fn addresses_with_faults() {
        check(b"Noemi <noemi@x.example", "Noemi <noemi@x.example>");
        check(b"Noemi <noemi@x.example, Bo <bo@x.example>", "Noemi <noemi@x.example> | Bo <bo@x.example>");
        check(b"<<noemi@x.example>>", "<noemi@x.example>");
        check(b"<noemi@x.example> Noemi", "Noemi <noemi@x.example>");
        check(b"a@x.example <a@x.example>", "a@x.example <a@x.example>");
        check(b"Bo \"the <Boss>\" B <bo@x.example>", "Bo the <Boss> B <bo@x.example>");
        check(b"\"Noemi <noemi@x.example>", "Noemi <noemi@x.example>");
        check(b"root", "<root>");
        check(b"Noemi Abend", "Noemi Abend <>");
        check(b"Noemi <>", "Noemi <>");
        check(b"\xc8\xf0\xe8\xed\xe0 <irina@x.example>", "Ирина <irina@x.example>");
        check("Ирина <irina@x.example>".as_bytes(), "Ирина <irina@x.example>");
        check(b"(((", "<(((>");
    }

    #[test]
    fn addresses_in_other_wrappings() {
        check(b"<mailto:a@x.example>", "<a@x.example>");
        check(
            b"[a@x.example], 'b@x.example', \"c@x.example\"",
            "<a@x.example> | <b@x.example> | <c@x.example>",
        );
        check(b"a@x.example>, <b@x.example", "<a@x.example> | <b@x.example>");
        check(
            b"Ada ada@x.example, =?utf-8?q?=C3=89a?= e@x.example",
            "Ada <ada@x.example> | \u{c9}a <e@x.example>",
        );
        check(b"=?utf-8?q?Ada_=3Cada=40x=2Eexample=3E?=", "Ada <ada@x.example>");
        check(b"<a@x.example> <b@x.example>", "b@x.example <a@x.example>");
    }

    #[test]
    fn comments_and_spaces_within_addresses() {
        check(
            b"Pete(A nice \\) chap) <pete(his account)@silly.example(his host)>",
            "Pete <pete@silly.example>",
        );
        check(b"ada@x.example (Ada \\) L)", "Ada ) L <ada@x.example>");
        check(b"John <\"john q@home\"@x.example>", "John <\"john q@home\"@x.example>");
        check(b"\"a b\"@x.example", "<\"a b\"@x.example>");
    }

    /// If it were quadratic, this would take most of an hour.
    #[test]
    fn what_is_opened_and_never_closed_is_read_in_linear_time() {
        let length = 1 << 17;
        let repeated = [
            "(",
            "<",
            "<a",
            "\"",
            "\\\"",
            "=?",
            " =??? ",
            "=?a?q?",
            "a:",
            "a:;",
            "(()",
            "<a@b.example",
            "a,",
            "a b ",
        ];
        for unit in repeated {
            let text = unit.repeat(length / unit.len());
            for value in
                [text.clone(), format!("{text};"), format!("{text}@:;"), format!("a@b.example {text}")]
            {
                parse(value.as_bytes(), "", None);
            }
        }
        let colons = format!("{}@{};", "a".repeat(length / 2), ":".repeat(length / 2));
        parse(colons.as_bytes(), "", None);
    }

    #[test]
    fn a_colon_in_a_name_that_nobody_quoted() {
        check(b"Doe John: EXT <j@x.example>, bo@x.example", "Doe John: EXT <j@x.example> | <bo@x.example>");
        check(b"undisclosed-recipients:", "");
        check(b"Empty:;, Team: ada@x.example;, bo@x.example", "<ada@x.example> | <bo@x.example>");
    }

    #[test]
    fn stand_ins_of_servers_are_no_addresses() {
        for address in [
            "Abend@MISSING_DOMAIN",
            "MISSING_MAILBOX@x.example",
            "MISSING_MAILBOX@MISSING_DOMAIN",
            "x@.SYNTAX-ERROR.",
            "noemi@.MISSING-HOST-NAME.",
            "noemi@unspecified-domain",
            "INVALID_ADDRESS@.SYNTAX-ERROR.",
        ] {
            assert!(is_stand_in(address), "{address}");
        }
        assert!(!is_stand_in("missing@domain.example"));
        assert!(!is_stand_in("root"));
    }
}
