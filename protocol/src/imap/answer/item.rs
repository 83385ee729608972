//! What a command's answer is made of, part by part as it arrives.

use super::SearchResult;
use crate::imap::{
    Acl, ListItem, ListRights, MailboxName, MessageData, Metadata, MyRights, Quota, QuotaRoot, Section,
    SeqNo, StatusItem, Uid, UidSet, UidValidity,
};

/// Part of a command's answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// One mailbox, for LIST.
    Mailbox(ListItem),
    /// One mailbox's numbers, for STATUS, and for LIST where it was asked to count.
    Status(StatusItem),
    /// One message, for FETCH and STORE: everything that came with it but its bodies.
    Message(MessageData),
    /// What was found in one mailbox, for a search of several.
    Found {
        /// Which mailbox.
        mailbox: MailboxName,
        /// What its UIDs are good for.
        uid_validity: Option<UidValidity>,
        /// As much as was asked for.
        result: SearchResult,
    },
    /// How full a quota root is.
    Quota(Quota),
    /// Which quota roots count a mailbox.
    QuotaRoot(QuotaRoot),
    /// Who may do what with a mailbox.
    Acl(Acl),
    /// What someone may be allowed to do with a mailbox.
    ListRights(ListRights),
    /// What the user may do with a mailbox.
    MyRights(MyRights),
    /// Notes on a mailbox or on the server.
    Metadata(Metadata),
    /// The address of the account's JMAP session resource.
    JmapAccess(Box<str>),
    /// Messages that are gone since the client last knew, for FETCH and SELECT that ask for changes. They may
    /// never have been there.
    Vanished(UidSet),
    /// Messages that a conditional STORE left alone, since they changed meanwhile.
    Modified(UidSet),
    /// A FETCH response that could not be read. It is set aside; the command goes on.
    Unreadable {
        /// The message's number, where that much could be read.
        seq: Option<SeqNo>,
        /// Its UID, where that much could be read.
        uid: Option<Uid>,
    },
    /// A body begins. Its bytes follow as [`Item::BodyChunk`], with nothing of the same command in between.
    BodyStart(BodyStart),
    /// The next bytes of the body that began last.
    BodyChunk(Vec<u8>),
    /// The body is complete: as many bytes as its start said.
    BodyEnd,
    /// So many octets of a message may be handed to
    /// [`Connection::append_chunk`](crate::imap::Connection::append_chunk) now, for APPEND and REPLACE. More will be
    /// wanted once these are on their way; a driver that can tell waits until its link has taken them. Streams
    /// are asked for in the order in which they stand in the command.
    Wanted(usize),
    /// The server is listening, for IDLE: from here on news arrive as they happen.
    Idling,
}

/// A body, or a window of one, that is about to arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyStart {
    /// The message's number; none under UIDONLY (RFC 9586).
    pub seq: Option<SeqNo>,
    /// Its UID, where the server told it before the body. It comes with the message's [`Item::Message`], too.
    pub uid: Option<Uid>,
    /// Which section.
    pub section: Section,
    /// Where the window begins, in octets; none for a whole section.
    pub origin: Option<u32>,
    /// How many octets follow. A window that is shorter than asked for is the last one.
    pub size: u64,
}
