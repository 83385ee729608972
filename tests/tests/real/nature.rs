//! What is different from server to server, all in one place: the cases of `commands` hold for every server, but for
//! what stands here. A capability that a server lacks without its standing here fails the case that asks for it; that a
//! newer version has it, or does better, does not.

/// One server's own ways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nature {
    /// What its name for itself has in it (ID).
    pub(crate) name: &'static str,
    /// What the names of all mailboxes but the inbox begin with.
    pub(crate) prefix: &'static str,
    /// What parts the levels of their names.
    pub(crate) delimiter: char,
    /// The capabilities that it may lack, of those that a case asks for.
    pub(crate) lacks: &'static [&'static str],
    /// What else it may do otherwise.
    pub(crate) oddities: &'static [Oddity],
}

/// What some servers do otherwise than the others, in a way that no client can mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// ID says NIL: what it is, it keeps to itself (RFC 2971 section 3.2).
    IsNameless,
    /// SELECT tells no UIDNEXT: RFC 3501 let it, RFC 9051 does not.
    SelectsWithoutUidNext,
    /// Messages have no flags but the system's.
    NoKeywords,
    /// A message's UID stands in its header, in lines that were not there.
    KeepsUidsInHeader,
    /// COPY leaves the flags behind: RFC 9051 section 6.4.7 only asks to keep them.
    CopiesWithoutFlags,
    /// A message's date is stored without its time zone.
    LosesTimeZones,
    /// IDLE tells nothing until it is left.
    IdlesInSilence,
    /// SORT puts messages that are alike in another order than the mailbox's (RFC 5256 section 3).
    SortsTiesBackwards,
}

impl Nature {
    /// Whether it may lack that.
    pub(crate) fn may_lack(&self, capability: &str) -> bool {
        self.lacks.contains(&capability)
    }

    /// Whether it does that.
    pub(crate) fn has(&self, oddity: Oddity) -> bool {
        self.oddities.contains(&oddity)
    }
}

pub(crate) const DOVECOT: Nature = Nature {
    name: "Dovecot",
    prefix: "",
    delimiter: '/',
    lacks: &[
        "ANNOTATE-EXPERIMENT-1",
        "CREATE-SPECIAL-USE",
        "I18NLEVEL=2",
        "JMAPACCESS",
        "LANGUAGE",
        "MULTISEARCH",
        "OBJECTID",
        "REPLACE",
        "UNAUTHENTICATE",
        "X-GM-EXT-1",
    ],
    oddities: &[],
};

pub(crate) const CYRUS: Nature = Nature {
    name: "Cyrus",
    prefix: "",
    delimiter: '/',
    lacks: &[
        "AUTH=OAUTHBEARER",
        "AUTH=XOAUTH2",
        "CONTEXT=SEARCH",
        "I18NLEVEL=2",
        "JMAPACCESS",
        "LANGUAGE",
        "MULTISEARCH",
        "NOTIFY",
        "UNAUTHENTICATE",
        "X-GM-EXT-1",
    ],
    oddities: &[],
};

pub(crate) const COURIER: Nature = Nature {
    name: "Courier",
    prefix: "INBOX.",
    delimiter: '.',
    lacks: &[
        "ANNOTATE-EXPERIMENT-1",
        "AUTH=OAUTHBEARER",
        "AUTH=SCRAM-SHA-1",
        "AUTH=SCRAM-SHA-256",
        "AUTH=XOAUTH2",
        "BINARY",
        "CATENATE",
        "COMPRESS=DEFLATE",
        "CONDSTORE",
        "CONTEXT=SEARCH",
        "CREATE-SPECIAL-USE",
        "I18NLEVEL=2",
        "JMAPACCESS",
        "LANGUAGE",
        "METADATA",
        "MOVE",
        "MULTISEARCH",
        "NOTIFY",
        "OBJECTID",
        "REPLACE",
        "SPECIAL-USE",
        "STATUS=SIZE",
        "UNAUTHENTICATE",
        "X-GM-EXT-1",
    ],
    oddities: &[Oddity::SelectsWithoutUidNext, Oddity::SortsTiesBackwards],
};

pub(crate) const IMAP4D: Nature = Nature {
    name: "GNU Mailutils",
    prefix: "",
    delimiter: '/',
    lacks: &[
        "ACL",
        "ANNOTATE-EXPERIMENT-1",
        "AUTH=OAUTHBEARER",
        "AUTH=XOAUTH2",
        "BINARY",
        "CATENATE",
        "COMPRESS=DEFLATE",
        "CONDSTORE",
        "CONTEXT=SEARCH",
        "CREATE-SPECIAL-USE",
        "ENABLE",
        "I18NLEVEL=2",
        "JMAPACCESS",
        "LANGUAGE",
        "METADATA",
        "MOVE",
        "MULTISEARCH",
        "NOTIFY",
        "OBJECTID",
        "QUOTA",
        "REPLACE",
        "SORT",
        "SPECIAL-USE",
        "STATUS=SIZE",
        "UIDPLUS",
        "UNAUTHENTICATE",
        "X-GM-EXT-1",
    ],
    oddities: &[
        Oddity::NoKeywords,
        Oddity::KeepsUidsInHeader,
        Oddity::CopiesWithoutFlags,
        Oddity::LosesTimeZones,
        Oddity::IdlesInSilence,
    ],
};

pub(crate) const PYMAP: Nature = Nature {
    name: "pymap",
    prefix: "",
    delimiter: '/',
    lacks: &[
        "ACL",
        "ANNOTATE-EXPERIMENT-1",
        "AUTH=CRAM-MD5",
        "AUTH=OAUTHBEARER",
        "AUTH=SCRAM-SHA-1",
        "AUTH=SCRAM-SHA-256",
        "AUTH=XOAUTH2",
        "CATENATE",
        "COMPRESS=DEFLATE",
        "CONDSTORE",
        "CONTEXT=SEARCH",
        "CREATE-SPECIAL-USE",
        "ENABLE",
        "I18NLEVEL=2",
        "JMAPACCESS",
        "LANGUAGE",
        "METADATA",
        "MULTISEARCH",
        "NAMESPACE",
        "NOTIFY",
        "QUOTA",
        "REPLACE",
        "SORT",
        "SPECIAL-USE",
        "STATUS=SIZE",
        "UNAUTHENTICATE",
        "X-GM-EXT-1",
    ],
    oddities: &[Oddity::IsNameless],
};
