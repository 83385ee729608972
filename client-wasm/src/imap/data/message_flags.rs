//! Flags of messages, and what changed meanwhile.

use crate::imap::data::message::NoUid;
use crate::imap::data::text::names_of;
use postern_protocol::imap::{Item, MessageData, ModSeq};
use serde::Serialize;

/// A message's flags, as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageFlags {
    /// Which message.
    pub uid: u32,
    /// All of its flags.
    pub flags: Vec<String>,
    /// The number of its last change (RFC 7162), if the server reports it.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub mod_seq: Option<u64>,
}

impl TryFrom<&MessageData> for MessageFlags {
    type Error = NoUid;

    /// Fails if flags are missing as well.
    fn try_from(data: &MessageData) -> Result<Self, NoUid> {
        let (Some(uid), Some(flags)) = (data.uid, &data.flags) else { return Err(NoUid) };
        let mod_seq = data.mod_seq.map(|ModSeq(value)| value);
        Ok(Self { uid: uid.value(), flags: names_of(flags.iter()), mod_seq })
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
    pub(crate) fn accept(&mut self, item: Item) {
        match item {
            Item::Message(message) => self.messages.extend(MessageFlags::try_from(&message)),
            Item::Vanished(uids) if !uids.is_empty() => self.vanished.push(uids.to_string()),
            _ => {}
        }
    }
}
