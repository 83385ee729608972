//! A mailbox, as LIST tells of it. RFC 9051 section 7.3.1, RFC 5819.

use crate::imap::data::mailbox_status::MailboxStatus;
use crate::imap::data::metadata::name_and_text;
use crate::imap::data::text::names_of;
use postern_protocol::imap::{Item, ListItem, MailboxName};
use serde::Serialize;
use std::collections::BTreeMap;

/// A mailbox (folder).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListEntry {
    /// Its whole name, decoded.
    pub name: String,
    /// The hierarchy separator of its name; `null` if there is no hierarchy.
    pub delimiter: Option<String>,
    /// Its attributes as the server gives them: `\Noselect`, `\HasChildren`, `\Sent` and so on.
    pub attributes: Vec<String>,
    /// Its numbers, if they were asked for and the server gave them.
    pub status: Option<MailboxStatus>,
    /// What the user may do with it, a letter each, if that was asked for and the server reported it.
    pub rights: Option<String>,
    /// The METADATA entries of it that were asked for and that it has.
    #[cfg_attr(test, ts(type = "Record<string, string | null>"))]
    pub metadata: BTreeMap<String, Option<String>>,
}

impl From<&ListItem> for ListEntry {
    fn from(item: &ListItem) -> Self {
        Self {
            name: item.name.as_str().to_owned(),
            delimiter: item.delimiter.map(String::from),
            attributes: names_of(&item.attributes),
            status: None,
            rights: None,
            metadata: BTreeMap::new(),
        }
    }
}

impl ListEntry {
    /// What is reported of a mailbox comes after the mailbox itself.
    pub(crate) fn accept(entries: &mut Vec<Self>, item: Item) {
        match item {
            Item::Mailbox(mailbox) => entries.push(Self::from(&mailbox)),
            Item::Status(status) => {
                if let Some(entry) = Self::find(entries, &status.mailbox) {
                    entry.status.get_or_insert_default().accept(&status);
                }
            }
            Item::MyRights(mine) => {
                if let Some(entry) = Self::find(entries, &mine.mailbox) {
                    entry.rights = Some(mine.rights.0.into());
                }
            }
            Item::Metadata(metadata) => {
                if let Some(entry) = Self::find(entries, &metadata.mailbox) {
                    entry.metadata.extend(metadata.entries.into_iter().map(name_and_text));
                }
            }
            _ => {}
        }
    }

    fn find<'a>(entries: &'a mut [Self], name: &MailboxName) -> Option<&'a mut Self> {
        entries.iter_mut().find(|entry| entry.name == name.as_str())
    }
}
