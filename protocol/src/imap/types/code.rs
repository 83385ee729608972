//! The words in brackets that tell a program what the words behind them tell a person.
//!
//! RFC 9051 section 7.1, RFC 5530 and the IANA registry of IMAP response codes.

use super::capability::Capabilities;
use super::flag::Flags;
use super::ids::{ModSeq, Uid, UidValidity};
use super::set::{SeqSet, UidSet};

/// A response code. Those without arguments of their own come first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// The text must be shown to the user (RFC 9051 section 7.1).
    Alert,
    /// RFC 5530: a name or a message is there already.
    AlreadyExists,
    /// RFC 5530: wrong user or password.
    AuthenticationFailed,
    /// RFC 5530: signed in, but not allowed to act as that user.
    AuthorizationFailed,
    /// RFC 5530: the server's own fault.
    ServerBug,
    /// RFC 5530.
    Cannot,
    /// RFC 5530: the client's fault.
    ClientBug,
    /// RFC 7162 section 3.2.11: the mailbox that was open before is closed; what follows is about the next one.
    Closed,
    /// RFC 4978: compression is on already.
    CompressionActive,
    /// RFC 5530: the user should ask the administrator.
    ContactAdmin,
    /// RFC 5530: data is damaged.
    Corruption,
    /// RFC 5530: the password or account is past its date.
    Expired,
    /// RFC 5530: other clients are expunging.
    ExpungeIssued,
    /// RFC 9051: the mailbox has children.
    HasChildren,
    /// RFC 5530: in use by someone else.
    InUse,
    /// RFC 5530: a limit of the server's.
    Limit,
    /// RFC 9208: over quota.
    OverQuota,
    /// RFC 5530.
    NonExistent,
    /// RFC 5530.
    NoPerm,
    /// RFC 3516 section 4.2: the server can't undo the part's transfer encoding.
    UnknownCte,
    /// RFC 9051 section 7.1: the header of a message can't be read.
    Parse,
    /// RFC 5530: say it under TLS.
    PrivacyRequired,
    /// The mailbox was opened without the right to write.
    ReadOnly,
    /// The mailbox was opened with the right to write.
    ReadWrite,
    /// RFC 4315 section 3: UIDs do not last.
    UidNotSticky,
    /// RFC 9051 section 7.1: the mailbox name needs CREATE first.
    TryCreate,
    /// RFC 5530: a part of the server is away.
    Unavailable,
    /// RFC 5182: the search result is not saved.
    NotSaved,
    /// RFC 6154 section 3: no mailbox can be created for that special use.
    UseAttr,
    /// RFC 7162 section 3.1.2.2: the mailbox keeps no mod-sequences.
    NoModSeq,
    /// RFC 5255 section 4.9: no comparator fits what was asked for.
    BadComparator,
    /// RFC 5257 section 4.5: an annotation is too big.
    AnnotateTooBig,
    /// RFC 5257 section 4.5: there are too many annotations.
    AnnotateTooMany,
    /// RFC 4469 section 4.2: the message would be too big.
    TooBig,
    /// RFC 10022 section 3.1.5: the batches would hold too many messages.
    TooMany,
    /// RFC 9586 section 3: UIDs only, and a sequence number was used.
    UidRequired,
    /// RFC 5465 section 5.8: the server has too much to watch, and tells no more.
    NotificationOverflow,
    /// RFC 5738 section 3.2, gone in RFC 6855: the mailbox can't be opened in UTF-8.
    NotUtf8,
    /// RFC 5738 section 3.2, gone in RFC 6855: the mailbox can only be opened in UTF-8.
    Utf8Only,
    /// RFC 9698: the account may be read over JMAP as well.
    JmapAccess,
    /// Gmail and others: sign in with a browser first. With its address, where one is given.
    WebAlert(Option<Box<str>>),
    /// The charsets that SEARCH knows (RFC 9051 section 7.1).
    BadCharset(Vec<Box<str>>),
    /// A URL in CATENATE that can't be read (RFC 4469 section 4.1).
    BadUrl(Box<str>),
    /// RFC 5465 section 3.1: the events that the server knows.
    BadEvent(Vec<Box<str>>),
    /// What the server can do (RFC 9051 section 7.1).
    Capability(Capabilities),
    /// RFC 4315 section 3: where an appended message is.
    AppendUid {
        /// Of the mailbox that it was appended to.
        uid_validity: UidValidity,
        /// More than one after MULTIAPPEND (RFC 3502).
        uids: UidSet,
    },
    /// RFC 4315 section 3: where copies are. Both sets are read side by side.
    CopyUid {
        /// Of the mailbox copied to.
        uid_validity: UidValidity,
        /// The originals.
        from: UidSet,
        /// Their copies.
        to: UidSet,
    },
    /// RFC 7162 section 3.1.2.1.
    HighestModSeq(ModSeq),
    /// RFC 7162 section 3.1.3: messages that a conditional STORE left alone; UIDs or sequence numbers as the
    /// command had them.
    Modified(SeqSet),
    /// RFC 8474 section 4.
    MailboxId(Box<str>),
    /// RFC 6858 section 3: messages that are shown simpler than they are, since the client takes no UTF-8.
    Downgraded(SeqSet),
    /// What lasts when set (RFC 9051 section 7.1).
    PermanentFlags(Flags<'static>),
    /// The UID that the next message gets, at least.
    UidNext(Uid),
    /// See [`UidValidity`].
    UidValidity(UidValidity),
    /// The first unread message (RFC 3501; gone in RFC 9051).
    Unseen(u32),
    /// RFC 5464 section 4.2.1: a METADATA problem.
    Metadata(MetadataCode),
    /// RFC 5257 section 4.1: what annotations the mailbox takes.
    Annotations(Box<str>),
    /// RFC 9585: how far a command has come.
    InProgress {
        /// Of the command, where the server knows it.
        tag: Option<Box<str>>,
        /// Steps done.
        done: Option<u32>,
        /// Steps in all.
        total: Option<u32>,
    },
    /// RFC 9738: only so many messages were worked on.
    MessageLimit {
        /// The most that one command acts on.
        limit: u32,
        /// The lowest UID that was acted on.
        last_uid: Option<Uid>,
    },
    /// RFC 5267: this context can't be updated.
    NoUpdate(Box<str>),
    /// RFC 2221, RFC 2193: elsewhere. Never followed (security.md).
    Referral(Box<str>),
    /// RFC 5259 section 9: a conversion failed for now.
    TempFail,
    /// RFC 5259.
    MaxConvertMessages(u32),
    /// RFC 5259.
    MaxConvertParts(u32),
    /// RFC 5466: an undefined filter.
    UndefinedFilter(Box<str>),
    /// RFC 1730 and 2060: the mailbox has a new name.
    NewName {
        /// The one asked for.
        old: Box<str>,
        /// The one to use.
        new: Box<str>,
    },
    /// Any other: its name in upper case and the rest as it came.
    Unknown {
        /// In upper case.
        name: Box<str>,
        /// Up to the closing bracket.
        arguments: Option<Box<str>>,
    },
}

impl Code {
    /// Its name, in upper case, as IANA's registry has it: `ALREADYEXISTS`. Of an unknown one, as the server wrote it.
    ///
    /// ```
    /// use postern_protocol::imap::Code;
    ///
    /// assert_eq!(Code::OverQuota.name(), "OVERQUOTA");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown { name, .. } => name,
            known => known.known_name(),
        }
    }
}

/// The names of all codes, once: for those who read them and for those who show them.
macro_rules! names {
    (bare { $($bare:ident $bare_name:literal,)* } with_arguments { $($($code:ident)|+ $name:literal,)* }) => {
        impl Code {
            /// The code of this name, in upper case, that has no arguments.
            pub(crate) fn bare(name: &str) -> Option<Self> {
                Some(match name {
                    $($bare_name => Self::$bare,)*
                    _ => return None,
                })
            }

            /// Whether a code of this name, in upper case, is known.
            pub(crate) fn is_known(name: &str) -> bool {
                matches!(name, $($bare_name)|* | $($name)|*)
            }

            fn known_name(&self) -> &'static str {
                match self {
                    $(Self::$bare => $bare_name,)*
                    $($(Self::$code { .. })|+ => $name,)*
                    Self::Unknown { .. } => "",
                }
            }
        }
    };
}

names! {
    bare {
    Alert "ALERT",
    AlreadyExists "ALREADYEXISTS",
    AuthenticationFailed "AUTHENTICATIONFAILED",
    AuthorizationFailed "AUTHORIZATIONFAILED",
    ServerBug "SERVERBUG",
    Cannot "CANNOT",
    ClientBug "CLIENTBUG",
    Closed "CLOSED",
    CompressionActive "COMPRESSIONACTIVE",
    ContactAdmin "CONTACTADMIN",
    Corruption "CORRUPTION",
    Expired "EXPIRED",
    ExpungeIssued "EXPUNGEISSUED",
    HasChildren "HASCHILDREN",
    InUse "INUSE",
    Limit "LIMIT",
    OverQuota "OVERQUOTA",
    NonExistent "NONEXISTENT",
    NoPerm "NOPERM",
    UnknownCte "UNKNOWN-CTE",
    Parse "PARSE",
    PrivacyRequired "PRIVACYREQUIRED",
    ReadOnly "READ-ONLY",
    ReadWrite "READ-WRITE",
    UidNotSticky "UIDNOTSTICKY",
    TryCreate "TRYCREATE",
    Unavailable "UNAVAILABLE",
    NotSaved "NOTSAVED",
    UseAttr "USEATTR",
    NoModSeq "NOMODSEQ",
    BadComparator "BADCOMPARATOR",
    TooBig "TOOBIG",
    TooMany "TOOMANY",
    UidRequired "UIDREQUIRED",
    NotificationOverflow "NOTIFICATIONOVERFLOW",
    NotUtf8 "NOT-UTF-8",
    Utf8Only "UTF-8-ONLY",
    TempFail "TEMPFAIL",
    JmapAccess "JMAPACCESS",
    }
    with_arguments {
    WebAlert "WEBALERT",
    BadCharset "BADCHARSET",
    BadUrl "BADURL",
    BadEvent "BADEVENT",
    Capability "CAPABILITY",
    AppendUid "APPENDUID",
    CopyUid "COPYUID",
    HighestModSeq "HIGHESTMODSEQ",
    Modified "MODIFIED",
    MailboxId "MAILBOXID",
    Downgraded "DOWNGRADED",
    PermanentFlags "PERMANENTFLAGS",
    UidNext "UIDNEXT",
    UidValidity "UIDVALIDITY",
    Unseen "UNSEEN",
    Metadata "METADATA",
    Annotations "ANNOTATIONS",
    InProgress "INPROGRESS",
    MessageLimit "MESSAGELIMIT",
    NoUpdate "NOUPDATE",
    Referral "REFERRAL",
    MaxConvertMessages "MAXCONVERTMESSAGES",
    MaxConvertParts "MAXCONVERTPARTS",
    UndefinedFilter "UNDEFINED-FILTER",
    NewName "NEWNAME",
    AnnotateTooBig | AnnotateTooMany "ANNOTATE",
    }
}

/// What was wrong with a METADATA command (RFC 5464 section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataCode {
    /// GETMETADATA left out entries larger than asked for; the largest has so many octets.
    LongEntries(u64),
    /// SETMETADATA takes no value of more octets than this.
    MaxSize(u64),
    /// No more entries.
    TooMany,
    /// No private entries here.
    NoPrivate,
}
