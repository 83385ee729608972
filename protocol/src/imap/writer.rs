//! Writes one command as bytes: atoms, quoted strings, literals, mailbox names, sets.
//!
//! Nothing that a person or a server wrote gets onto the wire unchecked: no CR, LF or NUL outside a literal,
//! and a literal's count is taken from its bytes (security.md S12). It knows no command. RFC 9051 sections 4.3
//! and 9; RFC 7888 for literals that need no leave.

use super::{
    Capabilities, Capability, DateTime, Flag, MailboxEncoding, MailboxName, Misuse, Section,
    types::{Number, Set},
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::VecDeque;

/// A command line in the making. It begins with the tag; [`finish`](Self::finish) ends it.
#[derive(Debug)]
pub(crate) struct Writer {
    line: Vec<u8>,
    /// What goes out before `line`.
    before: VecDeque<Piece>,
    literals: Literals,
    encoding: MailboxEncoding,
    tag: Box<str>,
}

/// One step of sending a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// These octets go out.
    Octets(Vec<u8>),
    /// The server must say `+`.
    Leave,
    /// So many octets go out that are not here: the rest of a literal.
    Stream(u64),
}

/// What may be inside a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Literal {
    /// `literal`: all but NUL.
    Text,
    /// `literal8`: anything (RFC 3516, RFC 9051 section 9).
    Binary,
}

/// Which literals may be sent without the server's `+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Literals {
    /// None: RFC 9051 section 4.3.
    Synchronising,
    /// Up to 4,096 octets: LITERAL- (RFC 7888 section 5), which RFC 9051 includes.
    Short,
    /// All: LITERAL+ (RFC 7888 section 3).
    Any,
}

impl Literals {
    /// What the server offers.
    pub(crate) fn of(capabilities: &Capabilities) -> Self {
        if capabilities.contains(&Capability::LiteralPlus) {
            Self::Any
        } else if [Capability::LiteralMinus, Capability::Imap4Rev2].iter().any(|it| capabilities.contains(it))
        {
            Self::Short
        } else {
            Self::Synchronising
        }
    }

    fn need_no_leave(self, size: u64) -> bool {
        match self {
            Self::Synchronising => false,
            Self::Short => size <= SHORT_LITERAL,
            Self::Any => true,
        }
    }
}

impl Writer {
    pub(crate) fn new(tag: &str, literals: Literals, encoding: MailboxEncoding) -> Self {
        Self { line: tag.as_bytes().to_vec(), before: VecDeque::new(), literals, encoding, tag: tag.into() }
    }

    /// What the server will call the command.
    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// The command in the steps that it goes out in; octets begin and end it.
    pub(crate) fn finish(mut self) -> VecDeque<Piece> {
        self.line.extend_from_slice(b"\r\n");
        self.flush();
        self.before
    }

    /// Words that the command's own file spells out.
    pub(crate) fn words(&mut self, words: &'static str) -> &mut Self {
        self.line.extend_from_slice(words.as_bytes());
        self
    }

    /// A space, then words.
    pub(crate) fn arg(&mut self, words: &'static str) -> &mut Self {
        self.words(" ").words(words)
    }

    pub(crate) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        self.line.extend_from_slice(number.into().to_string().as_bytes());
        self
    }

    /// `sequence-set`. The grammar has no empty one.
    pub(crate) fn set<T: Number>(&mut self, set: &Set<T>) -> Result<&mut Self, Misuse> {
        if set.is_empty() {
            return Err(Misuse::EmptySet);
        }
        self.line.extend_from_slice(set.to_string().as_bytes());
        Ok(self)
    }

    /// `atom`: a name that is not one can't be sent at all.
    pub(crate) fn atom(&mut self, atom: &str) -> Result<&mut Self, Misuse> {
        if atom.is_empty() || !atom.bytes().all(is_atom_char) {
            return Err(Misuse::NotAnAtom);
        }
        self.line.extend_from_slice(atom.as_bytes());
        Ok(self)
    }

    /// `flag`, of those that a client may set: `\Recent` and `\*` are the server's.
    pub(crate) fn flag(&mut self, flag: &Flag) -> Result<&mut Self, Misuse> {
        match flag {
            Flag::Recent | Flag::Any => return Err(Misuse::NotSettable),
            Flag::Keyword(_) => {}
            _ => self.line.push(b'\\'),
        }
        self.atom(flag.name())
    }

    /// Base64 of the caller's making.
    pub(crate) fn base64(&mut self, bytes: &[u8]) -> &mut Self {
        self.line.extend_from_slice(BASE64.encode(bytes).as_bytes());
        self
    }

    /// `section`, whose header names the caller has checked, behind `BODY` or `BODY.PEEK`.
    pub(crate) fn section(&mut self, section: &Section, peek: bool) -> &mut Self {
        let text = section.to_string();
        let (name, rest) = text.split_at(text.find('[').unwrap_or(0));
        for part in [name, if peek { ".PEEK" } else { "" }, rest] {
            self.line.extend_from_slice(part.as_bytes());
        }
        self
    }

    /// `mailbox`, in the form that the server reads.
    pub(crate) fn mailbox(&mut self, name: &MailboxName) -> Result<&mut Self, Misuse> {
        let wire = name.to_wire(self.encoding);
        self.astring(&wire)
    }

    /// `list-mailbox`: a mailbox name in which `*` and `%` stand for others. Always as a string: the grammar lets wildcards
    /// stand in an atom, but `WildDuck` 1.46 and hoodiecrow 2.1 say BAD to one behind a letter.
    pub(crate) fn pattern(&mut self, pattern: &MailboxName) -> Result<&mut Self, Misuse> {
        let wire = pattern.to_wire(self.encoding);
        self.string(&wire)
    }

    /// `astring`: as an atom where it can be, else as a string.
    pub(crate) fn astring(&mut self, bytes: &[u8]) -> Result<&mut Self, Misuse> {
        if !bytes.is_empty() && bytes.iter().copied().all(is_astring_char) {
            self.line.extend_from_slice(bytes);
            return Ok(self);
        }
        self.string(bytes)
    }

    /// `string`: quoted where every server reads it right, else a literal.
    pub(crate) fn string(&mut self, bytes: &[u8]) -> Result<&mut Self, Misuse> {
        if bytes.contains(&0) {
            return Err(Misuse::ControlCharacter);
        }
        let quotable = |&byte: &u8| match byte {
            b'\r' | b'\n' => false,
            0x80.. => self.encoding == MailboxEncoding::Utf8,
            _ => true,
        };
        if bytes.len() > MAX_QUOTED || !bytes.iter().all(quotable) || std::str::from_utf8(bytes).is_err() {
            return Ok(self.literal(bytes));
        }
        self.line.push(b'"');
        for &byte in bytes {
            if matches!(byte, b'"' | b'\\') {
                self.line.push(b'\\');
            }
            self.line.push(byte);
        }
        self.line.push(b'"');
        Ok(self)
    }

    /// `date-time`, in quotes. Its grammar has four digits for the year.
    pub(crate) fn date_time(&mut self, date: &DateTime) -> Result<&mut Self, Misuse> {
        if !date.is_writable() {
            return Err(Misuse::NotADate);
        }
        self.line.extend_from_slice(format!("\"{date}\"").as_bytes());
        Ok(self)
    }

    /// A literal of octets that are moved, not copied.
    pub(crate) fn octets(&mut self, literal: Literal, octets: Vec<u8>) -> &mut Self {
        self.announce(literal, octets.len() as u64);
        self.flush();
        self.before.push_back(Piece::Octets(octets));
        self
    }

    /// A literal of so many octets that come later.
    pub(crate) fn stream(&mut self, literal: Literal, size: u64) -> &mut Self {
        self.announce(literal, size);
        self.flush();
        self.before.push_back(Piece::Stream(size));
        self
    }

    /// `literal`: the count, the server's leave where it needs one, the bytes.
    fn literal(&mut self, bytes: &[u8]) -> &mut Self {
        self.announce(Literal::Text, bytes.len() as u64);
        self.line.extend_from_slice(bytes);
        self
    }

    /// The count, and the server's leave where it needs one.
    fn announce(&mut self, literal: Literal, size: u64) {
        let free = self.literals.need_no_leave(size);
        let tilde = if literal == Literal::Binary { "~" } else { "" };
        let plus = if free { "+" } else { "" };
        self.line.extend_from_slice(format!("{tilde}{{{size}{plus}}}\r\n").as_bytes());
        if !free {
            self.flush();
            self.before.push_back(Piece::Leave);
        }
    }

    /// What is written so far goes out before anything else.
    fn flush(&mut self) {
        if !self.line.is_empty() {
            self.before.push_back(Piece::Octets(std::mem::take(&mut self.line)));
        }
    }
}

/// `ATOM-CHAR`: any CHAR but `( ) { SP CTL % * " \ ]`.
fn is_atom_char(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e) && !b"(){%*\"\\]".contains(&byte)
}

/// `ASTRING-CHAR = ATOM-CHAR / resp-specials`
fn is_astring_char(byte: u8) -> bool {
    is_atom_char(byte) || byte == b']'
}

/// RFC 7888 section 5.
const SHORT_LITERAL: u64 = 4096;

/// Some servers read lines into a short buffer: RFC 7162 section 4 asks for 8,192 octets in all.
const MAX_QUOTED: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(literals: Literals, write: impl FnOnce(&mut Writer), expected: &[&str]) {
        let mut writer = Writer::new("A1", literals, MailboxEncoding::ModifiedUtf7);
        write(writer.arg("X "));
        assert_eq!(show(writer.finish()), expected);
    }

    /// Octets as text, `+` for the server's leave, `<n>` for octets to come.
    fn show(pieces: VecDeque<Piece>) -> Vec<String> {
        let show = |piece| match piece {
            Piece::Octets(octets) => String::from_utf8(octets).unwrap(),
            Piece::Leave => "+".into(),
            Piece::Stream(size) => format!("<{size}>"),
        };
        pieces.into_iter().map(show).collect()
    }

    fn string(text: &str, expected: &[&str]) {
        check(
            Literals::Synchronising,
            |writer| {
                writer.astring(text.as_bytes()).unwrap();
            },
            expected,
        );
    }

    #[test]
    fn strings_take_the_shortest_safe_form() {
        string("INBOX]", &["A1 X INBOX]\r\n"]);
        string("", &["A1 X \"\"\r\n"]);
        string("a b\"c\\d", &["A1 X \"a b\\\"c\\\\d\"\r\n"]);
        string("a%", &["A1 X \"a%\"\r\n"]);
        string("ä", &["A1 X {2}\r\n", "+", "ä\r\n"]);
    }

    /// S12: a line end can't leave its literal, and the count is that of the bytes.
    #[test]
    fn s12_line_ends_stay_inside_a_counted_literal() {
        string("a\r\nA2 LOGOUT", &["A1 X {12}\r\n", "+", "a\r\nA2 LOGOUT\r\n"]);
        let plus = &["A1 X {3+}\r\na\nb\r\n"];
        check(
            Literals::Any,
            |writer| {
                writer.astring(b"a\nb").unwrap();
            },
            plus,
        );
    }

    #[test]
    fn s12_what_no_form_can_carry_is_refused() {
        let mut writer = Writer::new("A1", Literals::Any, MailboxEncoding::ModifiedUtf7);
        assert_eq!(writer.string(b"a\0").err(), Some(Misuse::ControlCharacter));
        for atom in ["", "a b", "a\r\n", "ä", "a)", "\\Seen"] {
            assert_eq!(writer.atom(atom).err(), Some(Misuse::NotAnAtom), "{atom}");
        }
        assert_eq!(writer.flag(&Flag::from("a\r\nb")).err(), Some(Misuse::NotAnAtom));
        assert_eq!(writer.flag(&Flag::Recent).err(), Some(Misuse::NotSettable));
        assert_eq!(writer.set(&crate::imap::UidSet::new()).err(), Some(Misuse::EmptySet));
    }

    #[test]
    fn literals_wait_where_the_server_says_so() {
        let long = "x".repeat(5000);
        let both = |writer: &mut Writer| {
            writer.string(b"\n").unwrap().words(" ").string(long.as_bytes()).unwrap();
        };
        check(Literals::Short, both, &["A1 X {1+}\r\n\n {5000}\r\n", "+", &format!("{long}\r\n")]);
        check(Literals::Any, both, &[&format!("A1 X {{1+}}\r\n\n {{5000+}}\r\n{long}\r\n")]);
        check(
            Literals::Synchronising,
            both,
            &["A1 X {1}\r\n", "+", "\n {5000}\r\n", "+", &format!("{long}\r\n")],
        );
    }

    /// S12: a literal's count is that of what follows, whether it is here or still to come.
    #[test]
    fn octets_and_streams_are_counted_alike() {
        let both = |writer: &mut Writer| {
            writer.octets(Literal::Text, b"abc".to_vec()).words(" ").stream(Literal::Binary, 5000);
        };
        check(Literals::Any, both, &["A1 X {3+}\r\n", "abc", " ~{5000+}\r\n", "<5000>", "\r\n"]);
        check(Literals::Short, both, &["A1 X {3+}\r\n", "abc", " ~{5000}\r\n", "+", "<5000>", "\r\n"]);
    }

    #[test]
    fn dates_have_four_digits_for_the_year() {
        let date = |unix_seconds| DateTime { unix_seconds, offset_minutes: -420 };
        let mut writer = Writer::new("", Literals::Any, MailboxEncoding::ModifiedUtf7);
        writer.date_time(&date(837_595_805)).unwrap();
        assert_eq!(show(writer.finish()), ["\"17-Jul-1996 02:30:05 -0700\"\r\n"]);
        let mut writer = Writer::new("", Literals::Any, MailboxEncoding::ModifiedUtf7);
        for seconds in [1 << 40, i64::MAX, i64::MIN, -70_000_000_000] {
            assert_eq!(writer.date_time(&date(seconds)).err(), Some(Misuse::NotADate), "{seconds}");
        }
    }

    #[test]
    fn patterns_keep_their_wildcards_and_names_their_encoding() {
        let name = |text| MailboxName::try_from(text).unwrap();
        check(
            Literals::Any,
            |writer| {
                writer.pattern(&name("a/%")).unwrap();
            },
            &["A1 X \"a/%\"\r\n"],
        );
        check(
            Literals::Any,
            |writer| {
                writer.pattern(&name("a b/*")).unwrap();
            },
            &["A1 X \"a b/*\"\r\n"],
        );
        check(
            Literals::Any,
            |writer| {
                writer.mailbox(&name("Entwürfe")).unwrap();
            },
            &["A1 X Entw&APw-rfe\r\n"],
        );
        let mut writer = Writer::new("A1", Literals::Any, MailboxEncoding::Utf8);
        writer.arg("").mailbox(&name("Entwürfe")).unwrap();
        assert_eq!(show(writer.finish()), ["A1 \"Entwürfe\"\r\n"]);
    }
}
