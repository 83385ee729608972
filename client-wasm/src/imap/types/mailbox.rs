//! Mailboxes: what is asked of them and what they are.

use super::message::MessageFlags;
use super::search::Uids;
use crate::error::Error;
use crate::imap::mailboxes::mailbox_name;
use postern_protocol::imap::command::{self, Resync, StatusAttribute as Attribute, Which};
use postern_protocol::imap::{
    self, Entry, Item, ListItem, MailboxAttribute, MailboxName, ModSeq, Selected, SeqNo, State, StatusItem,
    Uid, UidValidity,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct ListOptions {
    /// Which names: `*` stands for anything, `%` for anything within one level. All where it is left out.
    pub pattern: Option<String>,
    /// Which of them; all where it is left out.
    pub which: Option<ListedMailboxes>,
    /// Count the messages of each as well.
    pub status: Option<bool>,
    /// Tell what the user may do with each as well.
    pub rights: Option<bool>,
    /// Read these notes on each as well, such as `/private/comment`.
    pub metadata: Option<Vec<String>>,
}

/// Which mailboxes to list (RFC 5258, RFC 6154).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ListedMailboxes {
    /// All that there are.
    All,
    /// Those that the user subscribed to.
    Subscribed,
    /// Those, and those above them that match the pattern.
    SubscribedOrAbove,
    /// Those that are for something, such as sent mail.
    SpecialUse,
    /// All, and those on other servers.
    Remote,
}

impl From<ListedMailboxes> for Which {
    fn from(which: ListedMailboxes) -> Self {
        match which {
            ListedMailboxes::All => Self::All,
            ListedMailboxes::Subscribed => Self::Subscribed,
            ListedMailboxes::SubscribedOrAbove => Self::SubscribedOrAbove,
            ListedMailboxes::SpecialUse => Self::SpecialUse,
            ListedMailboxes::Remote => Self::Remote,
        }
    }
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
    /// What the user may do with it, a letter each, where that was asked for and the server told.
    pub rights: Option<String>,
    /// The notes on it that were asked for and that it has.
    #[cfg_attr(test, ts(type = "Record<string, string | null>"))]
    pub metadata: BTreeMap<String, Option<String>>,
}

impl ListEntry {
    pub(crate) fn from_item(item: &ListItem) -> Self {
        Self {
            name: item.name.as_str().to_owned(),
            delimiter: item.delimiter.map(String::from),
            attributes: names_of(&item.attributes),
            status: None,
            rights: None,
            metadata: BTreeMap::new(),
        }
    }

    /// What is told of a mailbox comes behind the mailbox itself.
    pub(crate) fn take_in(entries: &mut Vec<Self>, item: Item) {
        match item {
            Item::Mailbox(mailbox) => entries.push(Self::from_item(&mailbox)),
            Item::Status(status) => {
                if let Some(entry) = Self::find(entries, &status.mailbox) {
                    entry.status.get_or_insert_default().take_in(&status);
                }
            }
            Item::MyRights(mine) => {
                if let Some(entry) = Self::find(entries, &mine.mailbox) {
                    entry.rights = Some(mine.rights.0.into());
                }
            }
            Item::Metadata(metadata) => {
                if let Some(entry) = Self::find(entries, &metadata.mailbox) {
                    entry.metadata.extend(metadata.entries.into_iter().map(note));
                }
            }
            _ => {}
        }
    }

    fn find<'a>(entries: &'a mut [Self], name: &MailboxName) -> Option<&'a mut Self> {
        entries.iter_mut().find(|entry| entry.name == name.as_str())
    }
}

/// A note's name and its text.
pub(crate) fn note(entry: Entry) -> (String, Option<String>) {
    let text = |value: Box<[u8]>| String::from_utf8_lossy(&value).into_owned();
    (entry.name.into(), entry.value.map(text))
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
    /// How many messages the next `expunge` removes (RFC 9051).
    pub deleted: Option<u32>,
    /// How many bytes its messages have in all (RFC 8438).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub size: Option<u64>,
    /// The number of its last change (RFC 7162).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub highest_mod_seq: Option<u64>,
    /// Its identifier, which survives a rename (RFC 8474).
    pub mailbox_id: Option<String>,
    /// The largest message that it takes, in bytes (RFC 7889).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub append_limit: Option<u64>,
    /// How many bytes an `expunge` would free (RFC 9208).
    #[cfg_attr(test, ts(type = "number | null"))]
    pub deleted_storage: Option<u64>,
}

impl MailboxStatus {
    /// Takes what was told of the same mailbox in a further response.
    pub(crate) fn take_in(&mut self, item: &StatusItem) {
        let (before, told) = (std::mem::take(self), Self::from_item(item));
        *self = Self {
            messages: told.messages.or(before.messages),
            unseen: told.unseen.or(before.unseen),
            uid_next: told.uid_next.or(before.uid_next),
            uid_validity: told.uid_validity.or(before.uid_validity),
            deleted: told.deleted.or(before.deleted),
            size: told.size.or(before.size),
            highest_mod_seq: told.highest_mod_seq.or(before.highest_mod_seq),
            mailbox_id: told.mailbox_id.or(before.mailbox_id),
            append_limit: told.append_limit.or(before.append_limit),
            deleted_storage: told.deleted_storage.or(before.deleted_storage),
        };
    }

    pub(crate) fn from_item(item: &StatusItem) -> Self {
        Self {
            messages: item.messages,
            unseen: item.unseen,
            uid_next: item.uid_next.map(Uid::value),
            uid_validity: item.uid_validity.map(UidValidity::value),
            deleted: item.deleted,
            size: item.size,
            highest_mod_seq: item.highest_mod_seq.map(|ModSeq(value)| value),
            mailbox_id: item.mailbox_id.as_deref().map(str::to_owned),
            append_limit: item.append_limit,
            deleted_storage: item.deleted_storage,
        }
    }
}

/// What `status` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatusOptions {
    /// Which numbers; `messages`, `unseen`, `uidNext` and `uidValidity` where it is left out. What the server can't
    /// count is left out of the question.
    #[cfg_attr(test, ts(optional = nullable))]
    pub attributes: Option<Vec<StatusAttribute>>,
}

impl StatusOptions {
    pub(crate) fn attributes(self) -> Vec<Attribute> {
        self.attributes.map_or(COUNTED.to_vec(), |asked| asked.into_iter().map(Into::into).collect())
    }
}

/// One of a mailbox's numbers, as [`MailboxStatus`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum StatusAttribute {
    /// How many messages there are.
    Messages,
    /// How many are unread.
    Unseen,
    /// The UID that the next one will have at least.
    UidNext,
    /// What UIDs are good for.
    UidValidity,
    /// How many the next `expunge` removes.
    Deleted,
    /// How many bytes there are in all.
    Size,
    /// The number of the last change.
    HighestModSeq,
    /// What survives a rename.
    MailboxId,
    /// The largest message that can be stored.
    AppendLimit,
    /// How many bytes an `expunge` would free.
    DeletedStorage,
}

impl From<StatusAttribute> for Attribute {
    fn from(attribute: StatusAttribute) -> Self {
        match attribute {
            StatusAttribute::Messages => Self::Messages,
            StatusAttribute::Unseen => Self::Unseen,
            StatusAttribute::UidNext => Self::UidNext,
            StatusAttribute::UidValidity => Self::UidValidity,
            StatusAttribute::Deleted => Self::Deleted,
            StatusAttribute::Size => Self::Size,
            StatusAttribute::HighestModSeq => Self::HighestModSeq,
            StatusAttribute::MailboxId => Self::MailboxId,
            StatusAttribute::AppendLimit => Self::AppendLimit,
            StatusAttribute::DeletedStorage => Self::DeletedStorage,
        }
    }
}

/// What every server can count.
pub(crate) const COUNTED: [Attribute; 4] =
    [Attribute::Messages, Attribute::Unseen, Attribute::UidNext, Attribute::UidValidity];

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

/// A group of mailboxes (RFC 5465, RFC 7377).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MailboxFilter {
    /// The open one.
    Selected,
    /// The open one; numbers stay until a command allows them to change. For `notify` alone.
    SelectedDelayed,
    /// Those that new mail comes to.
    Inboxes,
    /// All of the user's own.
    Personal,
    /// Those that the user subscribed to.
    Subscribed,
    /// These.
    Mailboxes(Vec<String>),
    /// These and all below them.
    Subtree(Vec<String>),
    /// These and those right below them.
    SubtreeOne(Vec<String>),
}

impl MailboxFilter {
    /// # Errors
    /// Where a name can't be a mailbox's.
    pub(crate) fn filter(self) -> Result<command::MailboxFilter, Error> {
        use command::MailboxFilter as To;
        Ok(match self {
            Self::Selected => To::Selected,
            Self::SelectedDelayed => To::SelectedDelayed,
            Self::Inboxes => To::Inboxes,
            Self::Personal => To::Personal,
            Self::Subscribed => To::Subscribed,
            Self::Mailboxes(names) => To::Mailboxes(all(&names)?),
            Self::Subtree(names) => To::Subtree(all(&names)?),
            Self::SubtreeOne(names) => To::SubtreeOne(all(&names)?),
        })
    }
}

fn all(names: &[String]) -> Result<Vec<MailboxName>, Error> {
    names.iter().map(|name| mailbox_name(name)).collect()
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
        // Of no message nothing can have happened: the others are asked about.
        let known = self.known.clone().map(Uids::set).transpose()?.filter(|known| !known.is_empty());
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
