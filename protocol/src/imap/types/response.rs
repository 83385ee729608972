//! Everything that a server may say.
//!
//! RFC 9051 section 7 and the extensions named at each kind.

use std::borrow::Cow;

use super::acl::{Acl, ListRights, MyRights};
use super::capability::Capabilities;
use super::code::Code;
use super::fetch::Fetch;
use super::flag::Flags;
use super::ids::SeqNo;
use super::list::ListItem;
use super::metadata::Metadata;
use super::namespace::Namespaces;
use super::quota::{Quota, QuotaRoot};
use super::search::{ESearch, Found, Threads};
use super::set::UidSet;
use super::status::StatusItem;

/// One response. It borrows from the bytes that it was read from where that saves work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// The end of a command: `a1 OK …`.
    Tagged {
        /// The command's tag.
        tag: Cow<'a, str>,
        /// How it ended: OK, NO or BAD.
        status: Status,
        /// What the server says about it.
        text: ResponseText,
    },
    /// `* OK …` and its like; the greeting is one.
    Status {
        /// What kind.
        status: Status,
        /// What the server says.
        text: ResponseText,
    },
    /// `+ …`: the server waits for more of a command.
    Continue(Continue),
    /// What the server can do.
    Capability(Capabilities),
    /// What is on now (RFC 5161).
    Enabled(Capabilities),
    /// A mailbox: LIST, LSUB or XLIST.
    List(ListItem),
    /// A mailbox's numbers.
    MailboxStatus(StatusItem),
    /// The flags that the open mailbox knows.
    Flags(Flags<'a>),
    /// How many messages the open mailbox has.
    Exists(u32),
    /// How many of them no session saw before (RFC 3501).
    Recent(u32),
    /// A message is gone, and those behind it moved up.
    Expunge(SeqNo),
    /// Messages are gone, by UID (RFC 7162 section 3.2.10).
    Vanished {
        /// They went before this session selected the mailbox.
        earlier: bool,
        /// Which. Empty where the server named none.
        uids: UidSet,
    },
    /// A message's data: FETCH or UIDFETCH.
    Fetch(Fetch<'a>),
    /// What SEARCH found.
    Search(Found),
    /// What SORT found (RFC 5256).
    Sort(Found),
    /// What a search found, in the newer form (RFC 4731).
    ESearch(ESearch),
    /// Messages by conversation (RFC 5256).
    Thread(Threads),
    /// RFC 2342.
    Namespace(Namespaces),
    /// Who the server is (RFC 2971). `None` where it says NIL.
    Id(Option<Vec<IdField>>),
    /// RFC 9208.
    Quota(Quota),
    /// RFC 9208.
    QuotaRoot(QuotaRoot),
    /// RFC 4314.
    Acl(Acl),
    /// RFC 4314.
    ListRights(ListRights),
    /// RFC 4314.
    MyRights(MyRights),
    /// RFC 5464.
    Metadata(Metadata),
    /// The languages that the server speaks, or now does (RFC 5255).
    Language(Vec<Box<str>>),
    /// The comparator in use, and those that matched (RFC 5255 section 4.8).
    Comparator(Vec<Box<str>>),
    /// The account's JMAP session resource (RFC 9698).
    JmapAccess(Box<str>),
    /// UIDs that part the mailbox in batches: highest and lowest of each.
    UidBatches {
        /// The command that this answers.
        tag: Option<Box<str>>,
        /// From the newest batch on; each as the server gave it, high end first.
        batches: Vec<(u32, u32)>,
    },
    /// A response that a document names, but that this client has no use for: its name in upper case, and its
    /// arguments as they came. See [`Named`].
    Named(Named<'a>),
    /// Any other. Kept, never fatal.
    Unknown(Cow<'a, [u8]>),
}

/// A field of a server's identity and its value, if it has one (RFC 2971 section 3.3).
pub type IdField = (Box<str>, Option<Box<str>>);

/// How a command ended, or the state that the server speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Done.
    Ok,
    /// Refused, for a reason that lies outside the client.
    No,
    /// Not understood.
    Bad,
    /// The server ends the session. Never tagged.
    Bye,
    /// The greeting of a session that is signed in already. Never tagged.
    PreAuth,
}

/// What the server says to a person, and its code for the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseText {
    /// For the program.
    pub code: Option<Code>,
    /// For a person; may be empty. Untrusted, and plain text.
    pub text: String,
}

/// What stands behind the `+`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Continue {
    /// All of it, as it came: a SASL challenge in base64, or words for a person. May be empty.
    pub text: Box<[u8]>,
}

/// A response of an extension that needs nothing from a client that did not ask for it: kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named<'a> {
    /// In upper case: `CONVERTED`, `ANNOTATION`, `XAPPLEPUSHSERVICE`.
    pub name: Box<str>,
    /// The number before the name, where there is one.
    pub number: Option<u32>,
    /// What stands behind the name.
    pub arguments: Cow<'a, [u8]>,
}

impl Response<'_> {
    /// The same response, free of the bytes that it was read from.
    #[must_use]
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Self::Tagged { tag, status, text } => {
                Response::Tagged { tag: Cow::Owned(tag.into_owned()), status, text }
            }
            Self::Flags(flags) => Response::Flags(flags.into_owned()),
            Self::Fetch(fetch) => Response::Fetch(fetch.into_owned()),
            Self::Named(Named { name, number, arguments }) => {
                Response::Named(Named { name, number, arguments: Cow::Owned(arguments.into_owned()) })
            }
            Self::Unknown(line) => Response::Unknown(Cow::Owned(line.into_owned())),
            // The rest owns what it holds.
            Self::Status { status, text } => Response::Status { status, text },
            Self::Continue(text) => Response::Continue(text),
            Self::Capability(list) => Response::Capability(list),
            Self::Enabled(list) => Response::Enabled(list),
            Self::List(item) => Response::List(item),
            Self::MailboxStatus(item) => Response::MailboxStatus(item),
            Self::Exists(count) => Response::Exists(count),
            Self::Recent(count) => Response::Recent(count),
            Self::Expunge(seq) => Response::Expunge(seq),
            Self::Vanished { earlier, uids } => Response::Vanished { earlier, uids },
            Self::Search(found) => Response::Search(found),
            Self::Sort(found) => Response::Sort(found),
            Self::ESearch(found) => Response::ESearch(found),
            Self::Thread(threads) => Response::Thread(threads),
            Self::Namespace(namespaces) => Response::Namespace(namespaces),
            Self::Id(fields) => Response::Id(fields),
            Self::Quota(quota) => Response::Quota(quota),
            Self::QuotaRoot(root) => Response::QuotaRoot(root),
            Self::Acl(acl) => Response::Acl(acl),
            Self::ListRights(rights) => Response::ListRights(rights),
            Self::MyRights(rights) => Response::MyRights(rights),
            Self::Metadata(metadata) => Response::Metadata(metadata),
            Self::Language(list) => Response::Language(list),
            Self::Comparator(list) => Response::Comparator(list),
            Self::JmapAccess(url) => Response::JmapAccess(url),
            Self::UidBatches { tag, batches } => Response::UidBatches { tag, batches },
        }
    }
}
