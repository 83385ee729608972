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

            /// Where that was told; where nobody told it in public, the rule that it breaks.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)* }
            }
        }
    };
}

quirks! {
    MissingSpace {
        who: "several",
        what: "no space between two values",
        source: "RFC 9051 section 9: exactly one SP",
    }
    SurplusSpace {
        who: "QQ",
        what: "more than one space between two values, or one at the end of a list or line",
        source: "https://github.com/jakartaee/mail-api/issues/209",
    }
    MissingText {
        who: "QQ, Gmail",
        what: "no words behind a status or its code",
        source: "https://github.com/jstedfast/MailKit/issues/225",
    }
    NilForString {
        who: "mail.ru, Yandex, GNU Mailutils",
        what: "NIL or nothing where a string must stand",
        source: "https://github.com/kisli/vmime/issues/159, https://github.com/jstedfast/MailKit/issues/1708",
    }
    UnquotedString {
        who: "several",
        what: "an atom where a string must stand",
        source: "RFC 9051 section 9: nstring",
    }
    UnescapedQuote {
        who: "163, QQ, GreenMail",
        what: "a quote or a backslash without a backslash before it inside a quoted string",
        source: "https://github.com/emersion/go-imap/issues/659, https://github.com/jakartaee/mail-api/issues/669, https://github.com/MailCore/mailcore2/issues/1220",
    }
    OddNumber {
        who: "mail.ru, Exchange",
        what: "a number that is negative, in quotes, NIL, too large or not whole",
        source: "https://github.com/jstedfast/MailKit/issues/1840, https://github.com/jstedfast/MailKit/issues/823",
    }
    EmptyList {
        who: "mail.ru",
        what: "nothing, () or an empty string where a list or NIL must stand",
        source: "https://github.com/emersion/go-imap/issues/557",
    }
    EnvelopeFields {
        who: "QQ",
        what: "an envelope or an address with too few or too many fields, or NIL for an envelope",
        source: "https://github.com/jstedfast/MailKit/issues/669",
    }
    BodyFields {
        who: "Yandex, mail.ru",
        what: "a body structure with missing, surplus or misplaced fields",
        source: "https://github.com/jstedfast/MailKit/issues/1861, https://github.com/emersion/go-imap/issues/557",
    }
    EmptyMultipart {
        who: "Gmail, Exchange",
        what: "a multipart without parts, or NIL for a body structure",
        source: "https://github.com/jstedfast/MailKit/issues/1841, https://github.com/jstedfast/MailKit/issues/823, https://github.com/emersion/go-imap/issues/701, https://github.com/jstedfast/MailKit/issues/1393",
    }
    ListForm {
        who: "Exchange",
        what: "a parameter list of another form: an odd count, no parentheses, a list as a value",
        source: "https://github.com/jstedfast/MailKit/issues/919, https://github.com/javaee/javamail/issues/278, https://github.com/jstedfast/MailKit/issues/323",
    }
    UnreadableItem {
        who: "Cyrus 3.6.1, iCloud",
        what: "an item of a message or of a mailbox's status that can't be read is set aside",
        source: "https://github.com/nextcloud/mail/issues/3401, RFC 8474 section 4.3",
    }
    UnreadableResponse {
        who: "several",
        what: "a response that can't be read is set aside",
        source: "RFC 9051 section 7",
    }
    OddFlag {
        who: "Gmail, InterMail",
        what: "a flag with characters that no flag may have, or flags without a list",
        source: "https://github.com/ruby/net-imap/issues/241, https://github.com/jstedfast/MailKit/issues/771",
    }
    OddDate {
        who: "Domino, Courier",
        what: "a date of another form",
        source: "https://github.com/jstedfast/MailKit/issues/1236",
    }
    ZeroNumber {
        who: "SmarterMail",
        what: "0 for a message number, UID or UIDVALIDITY",
        source: "https://github.com/jstedfast/MailKit/issues/150",
    }
    UnquotedName {
        who: "Exchange, Domino",
        what: "a mailbox name with spaces or brackets, without quotes",
        source: "https://github.com/jstedfast/MailKit/issues/945, https://github.com/IndySockets/Indy/issues/329",
    }
    OddDelimiter {
        who: "several",
        what: "a hierarchy delimiter that is not one quoted character or NIL",
        source: "RFC 9051 section 9: mailbox-list",
    }
    FlagsOfMessages {
        who: "Twisted",
        what: "the flags of messages where a mailbox's attributes must stand",
        source: "Twisted 26.10, twisted/mail/imap4.py: _cbListWork",
    }
    OddSet {
        who: "Outlook.com, Purelymail",
        what: "a set that is empty, or holds 0, * or too large a number",
        source: "https://github.com/jstedfast/MailKit/issues/555, https://github.com/emersion/go-imap/issues/749",
    }
    OddCode {
        who: "Exchange, bea-to-email.de",
        what: "a response code whose arguments are not those of its name, or that never ends",
        source: "https://github.com/ruby/net-imap/issues/597, https://github.com/jstedfast/MailKit/issues/1589",
    }
    LateCode {
        who: "GNU Mailutils, Rumble",
        what: "a response code behind the command's name",
        source: "RFC 9051 section 7.1; imap4d/append.c of GNU Mailutils; recorded from 3.15",
    }
    OddName {
        who: "GNU Mailutils",
        what: "EXPUNGED for EXPUNGE",
        source: "RFC 9051 section 7.5.1; recorded from imap4d 3.15",
    }
    OddTag {
        who: "Exchange, IceWarp",
        what: "a tagged BYE or PREAUTH, or a status without its tag or star",
        source: "https://github.com/ruby/net-imap/issues/250, https://github.com/jstedfast/MailKit/issues/1073",
    }
    BrokenLine {
        who: "several",
        what: "a line break inside a quoted string or before a list's end",
        source: "RFC 9051 section 9: QUOTED-CHAR excludes CR and LF",
    }
    BareLineFeed {
        who: "GNU Mailutils",
        what: "a line that ends with LF alone, or with several CR",
        source: "RFC 9051 section 2.2: lines end with CRLF",
    }
    UnbalancedList {
        who: "Domino",
        what: "a list that is not closed at the end of its response, is closed twice, or stands around an item",
        source: "https://github.com/jstedfast/MailKit/issues/943",
    }
    SurplusData {
        who: "several",
        what: "something behind the end of a response",
        source: "RFC 9051 section 9",
    }
    OddThread {
        who: "several",
        what: "a thread list with empty or doubled parentheses",
        source: "RFC 5256 section 5: thread-list",
    }
    OddSection {
        who: "several",
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
