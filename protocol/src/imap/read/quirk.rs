//! What servers do wrong, and we forgive: one table, so that no other place knows a server by its name.
//!
//! A strict reader ([`Reader::strict`](super::Reader::strict)) refuses each of them.

macro_rules! quirks {
    ($($name:ident { who: $who:literal, what: $what:literal, source: $source:literal, })*) => {
        /// A rule that some servers break in a way that can still be read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Quirk {
            $(#[doc = $what] $name,)*
        }

        impl Quirk {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What is wrong.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }

            /// Which servers are known to do it.
            #[must_use]
            pub const fn who(self) -> &'static str {
                match self { $(Self::$name => $who,)* }
            }

            /// Where that was told, or the rule that it breaks.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)* }
            }
        }
    };
}

quirks! {
    MissingSpace {
        who: "Exchange, SmarterMail",
        what: "no space between two values",
        source: "RFC 9051 section 9: exactly one SP",
    }
    SurplusSpace {
        who: "Gmail, Courier, hMailServer, Yandex",
        what: "more than one space between two values, or one at the end of a list or line",
        source: "RFC 9051 section 9: exactly one SP",
    }
    MissingText {
        who: "Exchange, Domino, Yandex",
        what: "no words behind a status or its code",
        source: "RFC 3501 section 9: resp-text = [\"[\" code \"]\" SP] text",
    }
    NilForString {
        who: "Exchange, Gmail, Yandex",
        what: "NIL where a string must stand",
        source: "RFC 9051 section 9: media-basic, body-fld-enc, body-fld-param",
    }
    UnquotedString {
        who: "Domino, GroupWise",
        what: "an atom where a string must stand",
        source: "RFC 9051 section 9: nstring",
    }
    UnescapedQuote {
        who: "QQ, 163, mail.ru",
        what: "a quote without a backslash inside a quoted string",
        source: "RFC 9051 section 9: QUOTED-CHAR",
    }
    OddNumber {
        who: "Exchange, iCloud, Zoho, mail.ru",
        what: "a number that is negative, in quotes, NIL or too large",
        source: "RFC 9051 section 9: number, number64",
    }
    EmptyList {
        who: "GroupWise, Zoho, QQ",
        what: "() or an empty string where NIL must stand",
        source: "RFC 9051 section 9: body-fld-param, env-from",
    }
    EnvelopeFields {
        who: "Domino, Zoho, Yahoo",
        what: "an envelope or an address with too few or too many fields, or NIL for an envelope",
        source: "RFC 9051 section 9: envelope, address",
    }
    BodyFields {
        who: "Exchange, Gmail, Domino, QQ, SmarterMail",
        what: "a body structure with missing, surplus or misplaced fields",
        source: "RFC 9051 section 9: body-type-1part",
    }
    EmptyMultipart {
        who: "Exchange, Gmail, mail.ru",
        what: "a multipart without parts, or NIL for a body structure",
        source: "RFC 9051 section 9: body-type-mpart = 1*body",
    }
    ListForm {
        who: "SmarterMail, Zoho, QQ",
        what: "a parameter list of another form: an odd count, no parentheses, a list as a value",
        source: "RFC 9051 section 9: body-fld-param, body-fld-dsp",
    }
    UnreadableItem {
        who: "any",
        what: "an item of a message that can't be read is set aside",
        source: "RFC 9051 section 7.5.2",
    }
    OddFlag {
        who: "Gmail, Domino, mail.ru",
        what: "a flag with characters that no flag may have, or flags without a list",
        source: "RFC 9051 section 9: flag",
    }
    OddDate {
        who: "Courier, GroupWise, Zoho, iCloud",
        what: "a date of another form",
        source: "RFC 9051 section 9: date-time",
    }
    ZeroNumber {
        who: "Zoho, SmarterMail",
        what: "0 for a message number, UID or UIDVALIDITY",
        source: "RFC 9051 section 9: nz-number",
    }
    UnquotedName {
        who: "Domino, hMailServer, Binc",
        what: "a mailbox name with spaces or brackets, without quotes",
        source: "RFC 9051 section 9: mailbox = astring",
    }
    OddDelimiter {
        who: "Domino, Yahoo, QQ",
        what: "a hierarchy delimiter that is not one quoted character or NIL",
        source: "RFC 9051 section 9: mailbox-list",
    }
    OddSet {
        who: "Exchange, iCloud, Zoho",
        what: "a set that is empty, or holds 0, * or too large a number",
        source: "RFC 9051 section 9: sequence-set, uid-set",
    }
    OddCode {
        who: "Exchange, Domino, GMX",
        what: "a response code whose arguments are not those of its name, or that never ends",
        source: "RFC 9051 section 9: resp-text-code",
    }
    OddTag {
        who: "Binc, Courier",
        what: "a tagged BYE or PREAUTH",
        source: "RFC 9051 section 9: response-tagged",
    }
    BrokenLine {
        who: "Yandex, QQ, Exchange",
        what: "a line break inside a quoted string or before a list's end",
        source: "RFC 9051 section 9: QUOTED-CHAR excludes CR and LF",
    }
    BareLineFeed {
        who: "Courier, Binc",
        what: "a line that ends with LF alone, or with several CR",
        source: "RFC 9051 section 2.2: lines end with CRLF",
    }
    UnbalancedList {
        who: "GroupWise, Zoho",
        what: "a list that is not closed at the end of its response, or closed twice",
        source: "RFC 9051 section 9: msg-att",
    }
    SurplusData {
        who: "Domino, SmarterMail",
        what: "something behind the end of a response",
        source: "RFC 9051 section 9",
    }
    OddThread {
        who: "UW",
        what: "a thread list with empty or doubled parentheses",
        source: "RFC 5256 section 5: thread-list",
    }
    OddSection {
        who: "Courier, GroupWise",
        what: "a section with other spaces, quotes or brackets than the grammar's",
        source: "RFC 9051 section 9: section",
    }
}

/// The quirks that one response showed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks(u64);

impl Quirks {
    pub(super) const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | 1 << quirk as u8)
    }

    /// True if the response keeps to the grammar.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if `quirk` is among them.
    #[must_use]
    pub const fn contains(self, quirk: Quirk) -> bool {
        self.0 & 1 << quirk as u8 != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Quirk> {
        Quirk::ALL.iter().copied().filter(move |&quirk| self.contains(quirk))
    }
}

impl std::fmt::Debug for Quirks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
