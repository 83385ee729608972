//! One mailbox as LIST, LSUB and XLIST describe it.
//!
//! RFC 9051 section 7.3.1, RFC 5258, RFC 6154.

use std::fmt;

use super::mailbox_name::MailboxName;

/// A mailbox, or a node of the tree that can't be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListItem {
    /// Which command this answers.
    pub kind: ListKind,
    /// The name.
    pub name: MailboxName,
    /// What parts the levels of the name. `None`: there are no levels.
    pub delimiter: Option<char>,
    /// In the server's order.
    pub attributes: Vec<MailboxAttribute>,
    /// `CHILDINFO`: why a mailbox that does not match is listed (RFC 5258 section 3.5).
    pub child_info: Vec<Box<str>>,
    /// `OLDNAME`: the name asked for, or before a rename (RFC 9051 section 6.3.9.7).
    pub old_name: Option<MailboxName>,
    /// Other extended data: names, and values as they came.
    pub extended: Vec<(Box<str>, Box<[u8]>)>,
}

/// Which response a [`ListItem`] came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListKind {
    /// LIST.
    #[default]
    List,
    /// LSUB: subscribed mailboxes, before RFC 9051.
    Lsub,
    /// XLIST: LIST with special uses, before RFC 6154.
    XList,
}

impl ListItem {
    /// True if the server said so.
    #[must_use]
    pub fn has(&self, attribute: &MailboxAttribute) -> bool {
        self.attributes.contains(attribute)
    }

    /// True if the mailbox can be opened.
    #[must_use]
    pub fn is_selectable(&self) -> bool {
        use MailboxAttribute::{NoAccess, NoSelect, NonExistent};
        ![NoSelect, NonExistent, NoAccess].iter().any(|attribute| self.has(attribute))
    }
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal $(| $other:literal)*,)*) => {
        /// What a mailbox is, or is for. Names are read without regard to case.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum MailboxAttribute {
            $($(#[$doc])* $name,)*
            /// Any other, as it came, without its backslash.
            Other(Box<str>),
        }

        impl MailboxAttribute {
            /// Reads a name, with or without its backslash.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                let name = name.strip_prefix('\\').unwrap_or(name);
                match name.to_ascii_lowercase().as_str() {
                    $($wire $(| $other)* => Self::$name,)*
                    _ => Self::Other(name.into()),
                }
            }
        }

        /// With its backslash, in the spelling of this enum: names are read without regard to case.
        impl fmt::Display for MailboxAttribute {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.write_str(concat!("\\", stringify!($name))),)*
                    Self::Other(name) => write!(f, "\\{name}"),
                }
            }
        }
    };
}

attributes! {
    /// No mailbox can be below it.
    NoInferiors = "noinferiors",
    /// It can't be opened.
    NoSelect = "noselect",
    /// New messages came since it was opened last.
    Marked = "marked",
    /// No new messages came.
    Unmarked = "unmarked",
    /// RFC 5258: there is no such mailbox.
    NonExistent = "nonexistent",
    /// RFC 5258: the user subscribed to it.
    Subscribed = "subscribed",
    /// RFC 5258: it is on another server.
    Remote = "remote",
    /// RFC 5465 section 5.9: the user may not look into it.
    NoAccess = "noaccess",
    /// RFC 5738 section 3.4, gone in RFC 6855: it can't be opened in UTF-8.
    NoUtf8 = "noutf8",
    /// RFC 5738 section 3.4, gone in RFC 6855: it can only be opened in UTF-8.
    Utf8Only = "utf8only",
    /// RFC 3348: there are mailboxes below it.
    HasChildren = "haschildren",
    /// RFC 3348: there are none.
    HasNoChildren = "hasnochildren",
    /// RFC 6154: everything. XLIST: `\AllMail`.
    All = "all" | "allmail",
    /// RFC 6154: kept, out of the way.
    Archive = "archive",
    /// RFC 6154: not finished.
    Drafts = "drafts",
    /// RFC 6154: flagged messages. XLIST: `\Starred`.
    Flagged = "flagged" | "starred",
    /// RFC 6154: spam. XLIST: `\Spam`.
    Junk = "junk" | "spam",
    /// RFC 6154: sent.
    Sent = "sent",
    /// RFC 6154: to be deleted.
    Trash = "trash",
    /// RFC 8457: important to the user.
    Important = "important",
    /// XLIST: the inbox, under whatever name.
    Inbox = "inbox",
    /// IANA registry: messages to come back to at a later time.
    Snoozed = "snoozed",
    /// IANA registry: messages to be sent later.
    Scheduled = "scheduled",
    /// IANA registry: memos.
    Memos = "memos",
}
