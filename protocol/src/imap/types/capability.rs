//! What a server can do.
//!
//! RFC 9051 section 7.2.2 and the IANA registry of IMAP capabilities.

use std::fmt;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident = $wire:literal,)*) => {
        /// One thing that a server can do. Names compare without regard to case.
        ///
        /// ```
        /// use postern_protocol::imap::Capability;
        ///
        /// assert_eq!(Capability::from("idle"), Capability::Idle);
        /// assert_eq!(Capability::from("AUTH=PLAIN"), Capability::Auth("PLAIN".into()));
        /// assert_eq!(Capability::from("X-NEW").to_string(), "X-NEW");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[$doc])* $name,)*
            /// `AUTH=`: a SASL mechanism, in upper case.
            Auth(Box<str>),
            /// `RIGHTS=`: rights beyond RFC 2086's (RFC 4314 section 2.1).
            Rights(Box<str>),
            /// `QUOTA=RES-`: a resource that quotas may limit, in upper case: `STORAGE` (RFC 9208 section 3.1.1).
            QuotaResource(Box<str>),
            /// `IMAPSIEVE=`: where the scripts that changes run are looked after; may be empty (RFC 6785
            /// section 2.3).
            ImapSieve(Box<str>),
            /// `APPENDLIMIT=`: the largest message that APPEND takes, in octets; `None` where STATUS tells it
            /// for each mailbox (RFC 7889).
            AppendLimit(Option<u64>),
            /// `MESSAGELIMIT=`: the most messages that a command acts on (RFC 9738 section 3.1).
            MessageLimit(Option<u32>),
            /// `SAVELIMIT=`: the same, where only COPY and APPEND are limited (RFC 9738 section 3).
            SaveLimit(Option<u32>),
            /// `UIDBATCHES=`: the smallest batch that may be asked for.
            UidBatches(Option<u32>),
            /// Any other, in upper case.
            Other(Box<str>),
        }

        impl Capability {
            fn known(upper: &str) -> Option<Self> {
                Some(match upper {
                    $($wire => Self::$name,)*
                    _ => return None,
                })
            }
        }

        /// As the wire has it.
        impl fmt::Display for Capability {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.write_str($wire),)*
                    Self::Auth(name) => write!(f, "AUTH={name}"),
                    Self::Rights(rights) => write!(f, "RIGHTS={rights}"),
                    Self::QuotaResource(name) => write!(f, "QUOTA=RES-{name}"),
                    Self::ImapSieve(url) => write!(f, "IMAPSIEVE={url}"),
                    Self::AppendLimit(limit) => valued(f, "APPENDLIMIT", *limit),
                    Self::MessageLimit(limit) => valued(f, "MESSAGELIMIT", limit.map(u64::from)),
                    Self::SaveLimit(limit) => valued(f, "SAVELIMIT", limit.map(u64::from)),
                    Self::UidBatches(limit) => valued(f, "UIDBATCHES", limit.map(u64::from)),
                    Self::Other(name) => f.write_str(name),
                }
            }
        }
    };
}

capabilities! {
    /// RFC 3501.
    Imap4Rev1 = "IMAP4REV1",
    /// RFC 9051.
    Imap4Rev2 = "IMAP4REV2",
    /// RFC 1730.
    Imap4 = "IMAP4",
    /// RFC 9051 section 6.2.1.
    StartTls = "STARTTLS",
    /// RFC 9051 section 6.2.3: LOGIN is refused, for now.
    LoginDisabled = "LOGINDISABLED",
    /// RFC 4314.
    Acl = "ACL",
    /// RFC 5257.
    Annotate = "ANNOTATE-EXPERIMENT-1",
    /// RFC 3516.
    Binary = "BINARY",
    /// RFC 4469.
    Catenate = "CATENATE",
    /// RFC 3348.
    Children = "CHILDREN",
    /// RFC 4978.
    CompressDeflate = "COMPRESS=DEFLATE",
    /// RFC 7162.
    CondStore = "CONDSTORE",
    /// RFC 5267.
    ContextSearch = "CONTEXT=SEARCH",
    /// RFC 5267.
    ContextSort = "CONTEXT=SORT",
    /// RFC 5259.
    Convert = "CONVERT",
    /// RFC 6154.
    CreateSpecialUse = "CREATE-SPECIAL-USE",
    /// RFC 5161.
    Enable = "ENABLE",
    /// RFC 4731.
    ESearch = "ESEARCH",
    /// RFC 5267.
    ESort = "ESORT",
    /// RFC 5466.
    Filters = "FILTERS",
    /// RFC 5255.
    I18nLevel1 = "I18NLEVEL=1",
    /// RFC 5255.
    I18nLevel2 = "I18NLEVEL=2",
    /// RFC 2971.
    Id = "ID",
    /// RFC 2177.
    Idle = "IDLE",
    /// RFC 9585.
    InProgress = "INPROGRESS",
    /// RFC 9698.
    JmapAccess = "JMAPACCESS",
    /// RFC 5255.
    Language = "LANGUAGE",
    /// RFC 5258.
    ListExtended = "LIST-EXTENDED",
    /// RFC 9590.
    ListMetadata = "LIST-METADATA",
    /// RFC 8440.
    ListMyRights = "LIST-MYRIGHTS",
    /// RFC 5819.
    ListStatus = "LIST-STATUS",
    /// RFC 7888: literals up to 4,096 octets without waiting.
    LiteralMinus = "LITERAL-",
    /// RFC 7888: literals without waiting.
    LiteralPlus = "LITERAL+",
    /// RFC 2221: a login may be sent elsewhere. Never followed (security.md).
    LoginReferrals = "LOGIN-REFERRALS",
    /// RFC 2193: a mailbox may be elsewhere. Never followed (security.md).
    MailboxReferrals = "MAILBOX-REFERRALS",
    /// RFC 5464.
    Metadata = "METADATA",
    /// RFC 5464.
    MetadataServer = "METADATA-SERVER",
    /// RFC 6851.
    Move = "MOVE",
    /// RFC 3502.
    MultiAppend = "MULTIAPPEND",
    /// RFC 7377.
    MultiSearch = "MULTISEARCH",
    /// RFC 2342.
    Namespace = "NAMESPACE",
    /// RFC 5465.
    Notify = "NOTIFY",
    /// RFC 8474.
    ObjectId = "OBJECTID",
    /// RFC 9394.
    Partial = "PARTIAL",
    /// RFC 8970.
    Preview = "PREVIEW",
    /// RFC 7162.
    QResync = "QRESYNC",
    /// RFC 9208, RFC 2087.
    Quota = "QUOTA",
    /// RFC 9208.
    QuotaSet = "QUOTASET",
    /// RFC 8508.
    Replace = "REPLACE",
    /// RFC 4959.
    SaslIr = "SASL-IR",
    /// RFC 8514.
    SaveDate = "SAVEDATE",
    /// RFC 6203.
    SearchFuzzy = "SEARCH=FUZZY",
    /// RFC 5182.
    SearchRes = "SEARCHRES",
    /// RFC 5256.
    Sort = "SORT",
    /// RFC 5957.
    SortDisplay = "SORT=DISPLAY",
    /// RFC 6154.
    SpecialUse = "SPECIAL-USE",
    /// RFC 8438.
    StatusSize = "STATUS=SIZE",
    /// RFC 5256.
    ThreadOrderedSubject = "THREAD=ORDEREDSUBJECT",
    /// RFC 5256.
    ThreadReferences = "THREAD=REFERENCES",
    /// Threads by References alone, whatever the subjects are (Dovecot).
    ThreadRefs = "THREAD=REFS",
    /// RFC 9586.
    UidOnly = "UIDONLY",
    /// RFC 4315.
    UidPlus = "UIDPLUS",
    /// RFC 8437.
    Unauthenticate = "UNAUTHENTICATE",
    /// RFC 3691.
    Unselect = "UNSELECT",
    /// RFC 4467.
    UrlAuth = "URLAUTH",
    /// RFC 5524.
    UrlAuthBinary = "URLAUTH=BINARY",
    /// RFC 5550 section 5.7.1.
    UrlPartial = "URL-PARTIAL",
    /// RFC 6855.
    Utf8Accept = "UTF8=ACCEPT",
    /// RFC 5738, gone in RFC 6855.
    Utf8All = "UTF8=ALL",
    /// RFC 5738, gone in RFC 6855.
    Utf8Append = "UTF8=APPEND",
    /// RFC 6855.
    Utf8Only = "UTF8=ONLY",
    /// RFC 5738, gone in RFC 6855.
    Utf8User = "UTF8=USER",
    /// RFC 5032.
    Within = "WITHIN",
    /// Gmail's labels, thread and message ids, and raw search.
    GmailExt1 = "X-GM-EXT-1",
    /// Special folders before RFC 6154 (Gmail, old Exchange gateways).
    XList = "XLIST",
}

impl From<&str> for Capability {
    fn from(name: &str) -> Self {
        let upper = name.to_ascii_uppercase();
        if let Some(known) = Self::known(&upper) {
            return known;
        }
        let (key, value) = upper.split_once('=').unwrap_or((&upper, ""));
        let as_it_came = || name.get(key.len() + 1..).unwrap_or_default().into();
        match key {
            "AUTH" if !value.is_empty() => Self::Auth(value.into()),
            "RIGHTS" => Self::Rights(as_it_came()),
            "IMAPSIEVE" => Self::ImapSieve(as_it_came()),
            "QUOTA" if let Some(resource) = value.strip_prefix("RES-") => {
                Self::QuotaResource(resource.into())
            }
            "APPENDLIMIT" => Self::AppendLimit(value.parse().ok()),
            "MESSAGELIMIT" => Self::MessageLimit(value.parse().ok()),
            "SAVELIMIT" => Self::SaveLimit(value.parse().ok()),
            "UIDBATCHES" => Self::UidBatches(value.parse().ok()),
            _ => Self::Other(upper.into()),
        }
    }
}

fn valued(f: &mut fmt::Formatter<'_>, name: &str, value: Option<u64>) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{name}={value}"),
        None => f.write_str(name),
    }
}

/// Everything that a server said it can do, in its order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    list: Vec<Capability>,
}

impl Capabilities {
    /// True if the server said so.
    #[must_use]
    pub fn contains(&self, capability: &Capability) -> bool {
        self.list.contains(capability)
    }

    /// True if the server offers the SASL mechanism `name`, given in any case.
    #[must_use]
    pub fn has_auth(&self, name: &str) -> bool {
        self.auth_mechanisms().any(|mechanism| mechanism.eq_ignore_ascii_case(name))
    }

    /// The SASL mechanisms that the server offers, in upper case.
    pub fn auth_mechanisms(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|capability| match capability {
            Capability::Auth(name) => Some(&**name),
            _ => None,
        })
    }

    /// All of them, in the server's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Capability> {
        self.list.iter()
    }

    /// True if the server has said nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(iter: I) -> Self {
        let mut capabilities = Self::default();
        capabilities.extend(iter);
        capabilities
    }
}

impl Extend<Capability> for Capabilities {
    fn extend<I: IntoIterator<Item = Capability>>(&mut self, iter: I) {
        let mut seen: std::collections::HashSet<Capability> = self.list.iter().cloned().collect();
        self.list.extend(iter.into_iter().filter(|capability| seen.insert(capability.clone())));
    }
}

impl<'a> IntoIterator for &'a Capabilities {
    type Item = &'a Capability;
    type IntoIter = std::slice::Iter<'a, Capability>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for name in [
            "IMAP4REV1",
            "COMPRESS=DEFLATE",
            "APPENDLIMIT=35",
            "APPENDLIMIT",
            "RIGHTS=kxte",
            "QUOTA=RES-MESSAGE",
            "X-FOO=BAR",
        ] {
            assert_eq!(Capability::from(name).to_string(), name);
            if !name.starts_with("RIGHTS") {
                assert_eq!(Capability::from(name.to_ascii_lowercase().as_str()), Capability::from(name));
            }
        }
    }

    #[test]
    fn each_once_in_order() {
        let list: Capabilities =
            ["IDLE", "auth=plain", "Idle", "AUTH=Plain"].map(Capability::from).into_iter().collect();
        assert_eq!(list.iter().count(), 2);
        assert!(list.has_auth("Plain"));
        assert!(!list.contains(&Capability::Move));
    }
}
