//! Mailboxes: what is asked of them and what they are.

use super::message::MessageFlags;
use super::search::Uids;
use crate::error::Error;
use postern_protocol::imap::command::Resync;
use postern_protocol::imap::{
    self, Item, ListItem, MailboxAttribute, ModSeq, Selected, SeqNo, State, StatusItem, Uid, UidValidity,
};
use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ImapState {
    /// The server has not greeted yet.
    Connecting,
    /// Nobody is signed in: `login` comes next.
    NotAuthenticated,
    /// Signed in; no mailbox is open.
    Authenticated,
    /// A mailbox is open.
    Selected,
    /// The session is over.
    Closed,
}

impl From<State> for ImapState {
    fn from(state: State) -> Self {
        match state {
            State::Connecting => Self::Connecting,
            State::NotAuthenticated => Self::NotAuthenticated,
            State::Authenticated => Self::Authenticated,
            State::Selected => Self::Selected,
            State::LoggedOut => Self::Closed,
        }
    }
}

/// Which mailboxes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListOptions {
    /// Which names: `*` stands for anything, `%` for anything within one level. All where it is left out.
    #[cfg_attr(test, ts(optional = nullable))]
    pub pattern: Option<String>,
    /// Only those that the user subscribed to.
    #[cfg_attr(test, ts(optional = nullable))]
    pub subscribed: Option<bool>,
    /// Count the messages of each as well.
    #[cfg_attr(test, ts(optional = nullable))]
    pub status: Option<bool>,
}

/// A mailbox (folder).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListEntry {
    /// Its whole name, decoded.
    pub name: String,
    /// What stands between the parts of its name; `null` where there are no levels.
    pub delimiter: Option<String>,
    /// Its attributes as the server gives them: `\Noselect`, `\HasChildren`, `\Sent` and so on.
    pub attributes: Vec<String>,
    /// Its numbers, where they were asked for and the server gave them.
    pub status: Option<MailboxStatus>,
}

impl ListEntry {
    pub(crate) fn from_item(item: &ListItem) -> Self {
        Self {
            name: item.name.as_str().to_owned(),
            delimiter: item.delimiter.map(String::from),
            attributes: names_of(&item.attributes),
            status: None,
        }
    }
}

/// A mailbox's numbers. What the server did not tell is `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailboxStatus {
    /// How many messages it has.
    pub messages: Option<u32>,
    /// How many of them are unread.
    pub unseen: Option<u32>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<u32>,
    /// What its UIDs are good for: where this changes, every UID known before is void.
    pub uid_validity: Option<u32>,
}

impl MailboxStatus {
    pub(crate) fn from_item(item: &StatusItem) -> Self {
        Self {
            messages: item.messages,
            unseen: item.unseen,
            uid_next: item.uid_next.map(Uid::value),
            uid_validity: item.uid_validity.map(UidValidity::value),
        }
    }
}

/// How to make a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateOptions {
    /// What it is for.
    #[cfg_attr(test, ts(optional = nullable))]
    pub special_use: Option<SpecialUse>,
}

/// What a mailbox is for (RFC 6154, RFC 8457).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SpecialUse {
    /// Every message.
    All,
    /// What is done with.
    Archive,
    /// What is not finished.
    Drafts,
    /// What is marked for attention.
    Flagged,
    /// What is important.
    Important,
    /// What nobody asked for.
    Junk,
    /// What was sent.
    Sent,
    /// What is about to be removed.
    Trash,
}

impl From<SpecialUse> for MailboxAttribute {
    fn from(special_use: SpecialUse) -> Self {
        match special_use {
            SpecialUse::All => Self::All,
            SpecialUse::Archive => Self::Archive,
            SpecialUse::Drafts => Self::Drafts,
            SpecialUse::Flagged => Self::Flagged,
            SpecialUse::Important => Self::Important,
            SpecialUse::Junk => Self::Junk,
            SpecialUse::Sent => Self::Sent,
            SpecialUse::Trash => Self::Trash,
        }
    }
}

/// Where mailboxes lie (RFC 2342).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Namespaces {
    /// The user's own.
    pub personal: Vec<NamespaceInfo>,
    /// Those of other users.
    pub other_users: Vec<NamespaceInfo>,
    /// Those shared by many.
    pub shared: Vec<NamespaceInfo>,
}

/// One place where mailboxes lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamespaceInfo {
    /// What its mailboxes' names begin with.
    pub prefix: String,
    /// What stands between the parts of their names; `null` where there are no levels.
    pub delimiter: Option<String>,
}

impl Namespaces {
    pub(crate) fn from_data(data: &imap::Namespaces) -> Self {
        let all = |list: &[imap::Namespace]| {
            let one = |it: &imap::Namespace| NamespaceInfo {
                prefix: it.prefix.to_string(),
                delimiter: it.delimiter.map(String::from),
            };
            list.iter().map(one).collect()
        };
        Self { personal: all(&data.personal), other_users: all(&data.other_users), shared: all(&data.shared) }
    }
}

/// How to open a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SelectOptions {
    /// Change nothing in it (EXAMINE).
    #[cfg_attr(test, ts(optional = nullable))]
    pub read_only: Option<bool>,
    /// Tell what happened since it was last open.
    #[cfg_attr(test, ts(optional = nullable))]
    pub changes_since: Option<ChangesSince>,
}

/// What is known of a mailbox from before.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangesSince {
    /// Its `uidValidity` then.
    pub uid_validity: u32,
    /// Its `highestModSeq` then.
    #[cfg_attr(test, ts(type = "number"))]
    pub mod_seq: u64,
    /// The messages that are known; all that there may be where it is left out.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, type = "number | readonly number[] | string | null"))]
    pub known: Option<Uids>,
}

impl ChangesSince {
    /// # Errors
    /// Where a number is none.
    pub(crate) fn resync(&self) -> Result<Resync, Error> {
        let validity = UidValidity::new(self.uid_validity)
            .ok_or_else(|| Error::invalid("options.changesSince.uidValidity: must not be 0"))?;
        let known = self.known.clone().map(Uids::set).transpose()?;
        Ok(Resync { known, ..Resync::new(validity, ModSeq(self.mod_seq)) })
    }
}

/// What happened in a mailbox while it was not open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailboxChanges {
    /// The flags of those messages that are new or changed.
    pub messages: Vec<MessageFlags>,
    /// Those that are gone, as sets such as `3:5,9`. They may never have been there.
    pub vanished: Vec<String>,
}

impl MailboxChanges {
    pub(crate) fn take_in(&mut self, item: Item) {
        match item {
            Item::Message(message) => self.messages.extend(MessageFlags::from_data(&message)),
            Item::Vanished(uids) if !uids.is_empty() => self.vanished.push(uids.to_string()),
            _ => {}
        }
    }
}

/// The mailbox that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailboxInfo {
    /// Its whole name, decoded.
    pub name: String,
    /// How many messages it has.
    pub exists: u32,
    /// What its UIDs are good for: where this changes, every UID known before is void.
    pub uid_validity: Option<u32>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<u32>,
    /// The flags that it knows.
    pub flags: Vec<String>,
    /// The flags that can be changed for good; `null` where the server did not say, and then all can.
    pub permanent_flags: Option<Vec<String>>,
    /// The sequence number of the first unread message, where the server told it.
    pub first_unseen: Option<u32>,
    /// The number of its last change (RFC 7162), where the server keeps one.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub highest_mod_seq: Option<u64>,
    /// Its identifier, which survives a rename (RFC 8474), where the server has one.
    pub mailbox_id: Option<String>,
    /// Nothing can be changed in it.
    pub read_only: bool,
    /// What happened since, where that was asked for and it is still the same mailbox.
    pub changes: Option<MailboxChanges>,
}

impl MailboxInfo {
    pub(crate) fn new(name: String, selected: &Selected, changes: Option<MailboxChanges>) -> Self {
        Self {
            name,
            exists: selected.exists,
            uid_validity: selected.uid_validity.map(UidValidity::value),
            uid_next: selected.uid_next.map(Uid::value),
            flags: names_of(&selected.flags),
            permanent_flags: selected.permanent_flags.as_ref().map(names_of),
            first_unseen: selected.unseen.map(SeqNo::value),
            highest_mod_seq: selected.highest_mod_seq.map(|mod_seq| mod_seq.0),
            mailbox_id: selected.mailbox_id.as_deref().map(str::to_owned),
            read_only: selected.read_only,
            changes,
        }
    }
}

/// Flags and attributes as the wire has them, backslash and all.
pub(super) fn names_of<T: ToString>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(|name| name.to_string()).collect()
}
