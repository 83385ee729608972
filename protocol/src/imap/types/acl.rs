//! Who may do what with a mailbox.
//!
//! RFC 4314.

use super::mailbox_name::MailboxName;

/// Rights: each letter is one (RFC 4314 section 2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights(pub Box<str>);

impl Rights {
    /// True if `right`, a letter, is among them.
    #[must_use]
    pub fn contains(&self, right: char) -> bool {
        self.0.contains(right)
    }
}

/// `ACL`: everyone's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acl {
    /// Of this mailbox.
    pub mailbox: MailboxName,
    /// Identifiers, where a leading `-` takes rights away, and what they may do.
    pub entries: Vec<(Box<str>, Rights)>,
}

/// `LISTRIGHTS`: what rights someone may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListRights {
    /// Of this mailbox.
    pub mailbox: MailboxName,
    /// To whom.
    pub identifier: Box<str>,
    /// Always granted.
    pub required: Rights,
    /// May be granted; the letters of one entry go together.
    pub optional: Vec<Rights>,
}

/// `MYRIGHTS`: what the user may do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MyRights {
    /// With this mailbox.
    pub mailbox: MailboxName,
    /// These.
    pub rights: Rights,
}
