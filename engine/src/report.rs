//! What the account reports and no store keeps: plain data, from the account to the views, which never name each other.

use crate::border::{DownloadId, MailboxId, MessageId, MessageView, Problem, Session};

/// One thing to show.
#[derive(Debug)]
pub(crate) enum Report {
    /// How it stands between us and the server.
    Session(Session),
    /// Words of the server that its user must see.
    Alert(String),
    /// Something does not work, and nothing had to be reverted.
    Trouble(Problem),
    /// A person asks anew: the same troubles may be shown again.
    TroublesForgiven,
    /// Something that was shown as done was reverted.
    ActionFailed(Problem),
    /// The mailbox is not there.
    MailboxGone(MailboxId, Problem),
    /// A message on its way: octets so far, and in all.
    Progress(MessageId, u32, u32),
    /// A message of which something is missing, so that it is not kept.
    Damaged(Box<MessageView>),
    /// A message that can't be read.
    MessageFailed(MessageId, Problem),
    /// The next bytes of a download, decoded.
    Chunk(DownloadId, Vec<u8>),
    /// A download is whole.
    DownloadDone(DownloadId),
    DownloadFailed(DownloadId, Problem),
}
