//! What a message is marked with.
//!
//! RFC 9051 sections 2.3.2 and 9 (`flag`).

use std::borrow::Cow;
use std::fmt;

/// One flag. Names compare without regard to case, as RFC 9051 section 2.3.2 asks for.
///
/// ```
/// use postern_protocol::imap::Flag;
///
/// assert_eq!(Flag::from("\\seen"), Flag::Seen);
/// assert_eq!(Flag::from("$Forwarded"), Flag::from("$FORWARDED"));
/// assert_eq!(Flag::from("Work").to_string(), "Work");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Flag {
    /// `\Seen`: it was read.
    Seen,
    /// `\Answered`: it was answered.
    Answered,
    /// `\Flagged`: it is marked for attention.
    Flagged,
    /// `\Deleted`: the next expunge removes it.
    Deleted,
    /// `\Draft`: it is not finished.
    Draft,
    /// `\Recent`: this session is the first to see it (RFC 3501; gone in RFC 9051).
    Recent,
    /// `\*`: new keywords may be made. Only in PERMANENTFLAGS.
    Any,
    /// Another flag of the server's, without its backslash.
    Extension(Box<str>),
    /// A flag that a person or program made up: `$Forwarded`, `Work`.
    Keyword(Box<str>),
}

impl Flag {
    /// Reads the wire's form. Bytes that are not UTF-8 become the replacement character.
    #[must_use]
    pub fn from_wire(bytes: &[u8]) -> Self {
        match System::find(bytes) {
            Some(system) => system.flag(),
            None => Self::from_unknown(&String::from_utf8_lossy(bytes)),
        }
    }

    fn from_unknown(name: &str) -> Self {
        match name.strip_prefix('\\') {
            Some("*") => Self::Any,
            Some(name) => Self::Extension(name.into()),
            None => Self::Keyword(name.into()),
        }
    }

    /// The name without a system flag's backslash.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Seen => "Seen",
            Self::Answered => "Answered",
            Self::Flagged => "Flagged",
            Self::Deleted => "Deleted",
            Self::Draft => "Draft",
            Self::Recent => "Recent",
            Self::Any => "*",
            Self::Extension(name) | Self::Keyword(name) => name,
        }
    }
}

impl From<&str> for Flag {
    fn from(name: &str) -> Self {
        Self::from_wire(name.as_bytes())
    }
}

impl PartialEq for Flag {
    fn eq(&self, other: &Self) -> bool {
        matches!(self, Self::Keyword(_)) == matches!(other, Self::Keyword(_))
            && self.name().eq_ignore_ascii_case(other.name())
    }
}

impl Eq for Flag {}

impl std::hash::Hash for Flag {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name().bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// As the wire has it.
impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self, Self::Keyword(_)) {
            f.write_str("\\")?;
        }
        f.write_str(self.name())
    }
}

/// The flags of a message or a mailbox, as one list of the server's gave them.
///
/// The system flags are bits; only the others stay text, borrowed from the response. So reading a list
/// allocates nothing, and owning one allocates only where it holds keywords.
#[derive(Clone, Default)]
pub struct Flags<'a> {
    system: u8,
    /// The others, as the wire had them, with a space or more between them.
    others: Cow<'a, [u8]>,
}

impl<'a> Flags<'a> {
    /// Reads a list as almost all are, up to and with the closing parenthesis: system flags in their usual letters
    /// and plain keywords, with one space between them. `None` for any other.
    #[inline]
    pub(crate) fn plain(list: &'a [u8]) -> Option<(Self, &'a [u8])> {
        if let [b')', rest @ ..] = list {
            return Some((Self::default(), rest));
        }
        let (mut system, mut others) = (0, None);
        let mut rest = list;
        loop {
            let here = rest;
            if let [b'\\', ..] = rest {
                let flag = System::plain(rest)?;
                system |= flag.bit();
                rest = &rest[flag.name().len()..];
            } else {
                let len =
                    rest.iter().position(|&byte| ENDS_KEYWORD[usize::from(byte)]).filter(|&len| len > 0)?;
                let start = list.len() - rest.len();
                others = Some((others.map_or(start, |(first, _)| first), start + len));
                rest = &rest[len..];
            }
            match rest {
                [b' ', more @ ..] => rest = more,
                [b')', more @ ..] if here.len() != rest.len() => {
                    let others = others.map_or(&[][..], |(first, end)| &list[first..end]);
                    return Some((Self { system, others: Cow::Borrowed(others) }, more));
                }
                _ => return None,
            }
        }
    }

    /// Splits `list`, the text between the parentheses.
    pub(crate) fn from_list(list: &'a [u8]) -> Self {
        let mut flags = Self::default();
        let mut others: Option<(usize, usize)> = None;
        for (start, name) in words(list) {
            match System::find(name) {
                Some(system) => flags.system |= system.bit(),
                None => others = Some((others.map_or(start, |(first, _)| first), start + name.len())),
            }
        }
        // System flags between the others stay in the slice; `iter` skips them there.
        if let Some((first, end)) = others {
            flags.others = Cow::Borrowed(&list[first..end]);
        }
        flags
    }

    /// True if a name has characters that no flag may have (RFC 9051 section 9: `atom`).
    pub(crate) fn has_odd_names(&self) -> bool {
        !self.others.is_empty()
            && self.others().any(|name| name.iter().any(|&byte| is_odd(byte)) || name == b"\\")
    }

    /// True if the list has no flag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.system == 0 && self.others.is_empty()
    }

    /// True if `flag` is in the list.
    #[must_use]
    pub fn contains(&self, flag: &Flag) -> bool {
        match System::of(flag) {
            Some(system) => self.system & system.bit() != 0,
            None => {
                let keyword = matches!(flag, Flag::Keyword(_));
                self.others().any(|name| match name.strip_prefix(b"\\") {
                    Some(name) => !keyword && name.eq_ignore_ascii_case(flag.name().as_bytes()),
                    None => keyword && name.eq_ignore_ascii_case(flag.name().as_bytes()),
                })
            }
        }
    }

    /// The flags: system flags first, then the others in the server's order.
    pub fn iter(&self) -> impl Iterator<Item = Flag> + '_ {
        let system = System::ALL.iter().filter(|system| self.system & system.bit() != 0).map(|s| s.flag());
        system.chain(self.others().map(|name| Flag::from_unknown(&String::from_utf8_lossy(name))))
    }

    fn others(&self) -> impl Iterator<Item = &[u8]> {
        words(&self.others).map(|(_, name)| name).filter(|name| System::find(name).is_none())
    }

    /// The same list, free of the response that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Flags<'static> {
        Flags { system: self.system, others: Cow::Owned(self.others.into_owned()) }
    }
}

impl PartialEq for Flags<'_> {
    fn eq(&self, other: &Self) -> bool {
        // As bytes: two names that are no UTF-8 may look the same as text.
        // Sorted, since a list may be as long as a response.
        let sorted = |flags: &Self| {
            let mut names: Vec<Vec<u8>> = flags.others().map(<[u8]>::to_ascii_lowercase).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        self.system == other.system && (self.others == other.others || sorted(self) == sorted(other))
    }
}

impl Eq for Flags<'_> {}

impl FromIterator<Flag> for Flags<'static> {
    fn from_iter<I: IntoIterator<Item = Flag>>(iter: I) -> Self {
        let mut flags = Flags::default();
        let mut others = String::new();
        for flag in iter {
            match System::of(&flag) {
                Some(system) => flags.system |= system.bit(),
                None => others.push_str(&format!("{}{flag}", if others.is_empty() { "" } else { " " })),
            }
        }
        flags.others = Cow::Owned(others.into_bytes());
        flags
    }
}

impl fmt::Debug for Flags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|flag| flag.to_string())).finish()
    }
}

const fn is_odd(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'(' | b')' | b'{' | b'%' | b'"' | b'[' | b']' | 0x7f..)
}

/// True for what no keyword may hold. A backslash in it is looked at by the slower way.
const ENDS_KEYWORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    loop {
        table[byte as usize] = is_odd(byte) || byte == b'\\';
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// The words of a list and where each begins.
fn words(list: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += list[at..].iter().take_while(|&&byte| byte == b' ').count();
        let start = at;
        at += list[at..].iter().take_while(|&&byte| byte != b' ').count();
        (start < at).then(|| (start, &list[start..at]))
    })
}

/// The flags that the RFCs define: each is one bit of [`Flags`].
#[derive(Clone, Copy)]
enum System {
    Seen,
    Answered,
    Flagged,
    Deleted,
    Draft,
    Recent,
    Any,
}

impl System {
    const ALL: [Self; 7] =
        [Self::Seen, Self::Answered, Self::Flagged, Self::Deleted, Self::Draft, Self::Recent, Self::Any];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    fn flag(self) -> Flag {
        match self {
            Self::Seen => Flag::Seen,
            Self::Answered => Flag::Answered,
            Self::Flagged => Flag::Flagged,
            Self::Deleted => Flag::Deleted,
            Self::Draft => Flag::Draft,
            Self::Recent => Flag::Recent,
            Self::Any => Flag::Any,
        }
    }

    fn of(flag: &Flag) -> Option<Self> {
        Some(match flag {
            Flag::Seen => Self::Seen,
            Flag::Answered => Self::Answered,
            Flag::Flagged => Self::Flagged,
            Flag::Deleted => Self::Deleted,
            Flag::Draft => Self::Draft,
            Flag::Recent => Self::Recent,
            Flag::Any => Self::Any,
            Flag::Extension(_) | Flag::Keyword(_) => return None,
        })
    }

    /// With its backslash, in its usual letters.
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Seen => b"\\Seen",
            Self::Answered => b"\\Answered",
            Self::Flagged => b"\\Flagged",
            Self::Deleted => b"\\Deleted",
            Self::Draft => b"\\Draft",
            Self::Recent => b"\\Recent",
            Self::Any => b"\\*",
        }
    }

    /// The flag that `list` begins with, in its usual letters.
    #[inline]
    fn plain(list: &[u8]) -> Option<Self> {
        let begins = |flag: Self| list.starts_with(flag.name()).then_some(flag);
        match list.get(1..3)? {
            b"Se" => begins(Self::Seen),
            b"An" => begins(Self::Answered),
            b"Fl" => begins(Self::Flagged),
            b"De" => begins(Self::Deleted),
            b"Dr" => begins(Self::Draft),
            b"Re" => begins(Self::Recent),
            _ => None,
        }
    }

    fn find(name: &[u8]) -> Option<Self> {
        // The length and the backslash tell almost all keywords apart before any comparison.
        let name = name.strip_prefix(b"\\")?;
        let (word, system): (&[u8], _) = match (name.len(), name.first()? | 0x20) {
            (4, b's') => (b"seen", Self::Seen),
            (8, b'a') => (b"answered", Self::Answered),
            (7, b'f') => (b"flagged", Self::Flagged),
            (7, b'd') => (b"deleted", Self::Deleted),
            (5, b'd') => (b"draft", Self::Draft),
            (6, b'r') => (b"recent", Self::Recent),
            (1, b'*') => (b"*", Self::Any),
            _ => return None,
        };
        name.eq_ignore_ascii_case(word).then_some(system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let check = |list: &str, expected: &[&str]| {
            let flags = Flags::from_list(list.as_bytes());
            let names: Vec<String> = flags.iter().map(|flag| flag.to_string()).collect();
            assert_eq!(names, expected, "{list}");
            assert_eq!(flags.clone().into_owned(), flags);
            assert!(expected.iter().all(|name| flags.contains(&Flag::from(*name))));
        };
        check("", &[]);
        check("\\Seen", &["\\Seen"]);
        check("\\SEEN  \\flagged ", &["\\Seen", "\\Flagged"]);
        check("$Junk \\Draft Work \\X", &["\\Draft", "$Junk", "Work", "\\X"]);
        check("\\*", &["\\*"]);
        check("\\", &["\\"]);
    }

    #[test]
    fn plain_lists_are_what_the_slower_way_makes_of_them() {
        let check = |list: &str, plain: bool| {
            let text = format!("{list}) UID 4)");
            let read = Flags::plain(text.as_bytes());
            assert_eq!(read.is_some(), plain, "{list}");
            if let Some((flags, rest)) = read {
                assert_eq!((flags, rest), (Flags::from_list(list.as_bytes()), &b" UID 4)"[..]), "{list}");
            }
        };
        for list in ["", "\\Seen", "\\Seen a \\Draft b", "$A", "\\Answered \\Flagged \\Deleted \\Recent x-y"]
        {
            check(list, true);
        }
        for list in [" ", "\\Seen ", "a  b", "\\seen", "\\Seens", "\\Starred", "a\"", "\\", "a\\b", "\\*"] {
            check(list, false);
        }
        assert!(Flags::plain(b"\\Seen").is_none());
    }

    /// Found by fuzzing: a list was not equal to itself.
    #[test]
    fn names_that_are_no_text_compare_as_bytes() {
        assert_eq!(Flags::from_list(b"a\xff"), Flags::from_list(b"A\xff"));
        assert_ne!(Flags::from_list(b"a\xff"), Flags::from_list(b"a\xfe"));
    }

    #[test]
    fn a_keyword_is_not_the_system_flag_of_its_name() {
        assert_ne!(Flag::from("Seen"), Flag::Seen);
        assert!(!Flags::from_list(b"Seen").contains(&Flag::Seen));
        assert!(Flags::from_iter([Flag::from("a"), Flag::Seen]).contains(&Flag::from("A")));
    }
}
