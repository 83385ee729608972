//! Where a user's, other users' and shared mailboxes lie.
//!
//! RFC 2342, RFC 9051 section 7.3.2.

/// `NAMESPACE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Namespaces {
    /// The user's own.
    pub personal: Vec<Namespace>,
    /// Those of other users.
    pub other_users: Vec<Namespace>,
    /// Those shared by many.
    pub shared: Vec<Namespace>,
}

/// One namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Namespace {
    /// What its mailboxes' names begin with, decoded.
    pub prefix: Box<str>,
    /// What parts the levels of its names.
    pub delimiter: Option<char>,
    /// Extensions (`TRANSLATION` of RFC 5255 section 3.4, its value decoded): names and values.
    pub extensions: Vec<(Box<str>, Vec<Box<str>>)>,
}
