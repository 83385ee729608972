//! Room, rights, notes and news of mailboxes.

use super::mailbox::MailboxFilter;
use crate::error::Error;
use postern_protocol::imap;
use postern_protocol::imap::command::{self, NotifyEvent, Watch};
use serde::{Deserialize, Serialize};

/// How full a part of the account is (RFC 9208).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Quota {
    /// What the server calls that part; often empty.
    pub root: String,
    /// Each thing that is limited there.
    pub resources: Vec<QuotaResource>,
}

/// One thing that is limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuotaResource {
    /// `STORAGE` (in units of 1,024 bytes), `MESSAGE`, `MAILBOX` or another, in upper case.
    pub name: String,
    /// Taken.
    #[cfg_attr(test, ts(type = "number"))]
    pub usage: u64,
    /// The most that may be taken.
    #[cfg_attr(test, ts(type = "number"))]
    pub limit: u64,
}

impl Quota {
    pub(crate) fn gather(item: imap::Item, found: &mut Vec<Self>) {
        if let imap::Item::Quota(quota) = item {
            found.push(Self::from_data(&quota));
        }
    }

    fn from_data(quota: &imap::Quota) -> Self {
        let one = |it: &imap::QuotaResource| QuotaResource {
            name: it.name.to_string(),
            usage: it.usage,
            limit: it.limit,
        };
        Self { root: quota.root.to_string(), resources: quota.resources.iter().map(one).collect() }
    }
}

/// What somebody may do with a mailbox (RFC 4314).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AclEntry {
    /// A user, `anyone`, or a group of the server's; with a `-` before it, the rights are taken away.
    pub identifier: String,
    /// A letter each: `l` see it, `r` read, `s` mark as read, `w` mark otherwise, `i` put in, `k` make mailboxes
    /// below, `x` remove it, `t` mark as deleted, `e` expunge, `a` change rights, `p` post.
    pub rights: String,
}

/// What somebody may be allowed to do with a mailbox (RFC 4314 section 3.4), a letter each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GrantableRights {
    /// What they may do anyway.
    pub required: String,
    /// What they may be given; the letters of one entry go together.
    pub optional: Vec<String>,
}

impl GrantableRights {
    pub(crate) fn from_data(rights: &imap::ListRights) -> Self {
        let text = |rights: &imap::Rights| rights.0.to_string();
        Self { required: text(&rights.required), optional: rights.optional.iter().map(text).collect() }
    }
}

/// How much of a mailbox's notes to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MetadataOptions {
    /// Values of more bytes are left out.
    #[cfg_attr(test, ts(optional = nullable))]
    pub max_size: Option<u32>,
    /// How far below each entry to go.
    #[cfg_attr(test, ts(optional = nullable))]
    pub depth: Option<MetadataDepth>,
}

/// How far below an entry to go (RFC 5464).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MetadataDepth {
    /// The entry alone.
    Entry,
    /// Those right below it, too.
    Children,
    /// All below it, too.
    Subtree,
}

impl From<MetadataDepth> for command::Depth {
    fn from(depth: MetadataDepth) -> Self {
        match depth {
            MetadataDepth::Entry => Self::Entry,
            MetadataDepth::Children => Self::Children,
            MetadataDepth::Subtree => Self::Subtree,
        }
    }
}

/// How to begin with `notify`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotifyOptions {
    /// Tell the numbers of all these mailboxes to begin with.
    #[cfg_attr(test, ts(optional = nullable))]
    pub status: Option<bool>,
}

/// What the server is to tell unasked of a group of mailboxes (RFC 5465).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotifyWatch {
    /// Which.
    pub mailboxes: MailboxFilter,
    /// What. `messageExpunge` goes together with `messageNew`, and `flagChange` and `annotationChange` need both.
    pub events: Vec<WatchedEvent>,
}

/// One kind of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum WatchedEvent {
    /// A message came in.
    MessageNew,
    /// Messages are gone.
    MessageExpunge,
    /// Flags changed.
    FlagChange,
    /// Notes on messages changed.
    AnnotationChange,
    /// Mailboxes were made, renamed or removed.
    MailboxName,
    /// The user subscribed to mailboxes, or no longer.
    SubscriptionChange,
    /// Notes of a mailbox changed.
    MailboxMetadataChange,
    /// Notes of the server changed.
    ServerMetadataChange,
}

impl NotifyWatch {
    /// # Errors
    /// Where a name can't be a mailbox's.
    pub(crate) fn watch(self) -> Result<Watch, Error> {
        let mailboxes = self.mailboxes.filter()?;
        Ok(Watch { mailboxes, events: self.events.into_iter().map(WatchedEvent::event).collect() })
    }
}

impl WatchedEvent {
    fn event(self) -> NotifyEvent {
        match self {
            Self::MessageNew => NotifyEvent::MessageNew(Vec::new()),
            Self::MessageExpunge => NotifyEvent::MessageExpunge,
            Self::FlagChange => NotifyEvent::FlagChange,
            Self::AnnotationChange => NotifyEvent::AnnotationChange,
            Self::MailboxName => NotifyEvent::MailboxName,
            Self::SubscriptionChange => NotifyEvent::SubscriptionChange,
            Self::MailboxMetadataChange => NotifyEvent::MailboxMetadataChange,
            Self::ServerMetadataChange => NotifyEvent::ServerMetadataChange,
        }
    }
}
