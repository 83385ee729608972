//! What a connection gives out: bytes to send, and what the bytes that came in meant.

use crate::imap::{
    CommandError, ConnectionError, Done, ESearch, Flag, Item, ListItem, MessageData, Metadata, Response,
    ResponseText, SeqNo, StatusItem, UidSet,
};

/// One thing for the driver to do.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "each is moved out once, and most are events")
)]
pub enum Output {
    /// Write these bytes to the link, all of them, before the next ones.
    Transmit(Vec<u8>),
    /// Tell whoever uses the connection.
    Event(Event),
    /// Hang up. Nothing is sent after this.
    Close,
}

/// Names one command from [`send`](super::Connection::send) to its [`Event::Done`]. Never used twice on one
/// connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub(super) u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The server is there. Commands that were sent before go out now.
    Greeting(Greeting),
    /// [`Connection::capabilities`](super::Connection::capabilities) changed.
    Capabilities,
    /// The server wants a person to read this (`ALERT`, RFC 9051 section 7.1). Shown as text, never as HTML. It is not
    /// told over a link that [`Security::Cleartext`](crate::imap::Security::Cleartext) describes, where anybody may have
    /// written it.
    Alert(String),
    /// The server ends the session. [`Event::Closed`] follows.
    Bye(ResponseText),
    /// The open mailbox has this many messages now.
    Exists(u32),
    /// This message is gone; the numbers of all later ones are one less from here on.
    Expunge(SeqNo),
    /// These messages are gone (RFC 7162 section 3.2.10).
    Vanished {
        /// They were gone before this session opened the mailbox.
        earlier: bool,
        /// Those that are gone. Some may not have been known.
        uids: UidSet,
    },
    /// The flags that the open mailbox knows.
    Flags(Vec<Flag>),
    /// Something of a message changed, most often its flags. Nobody asked.
    Fetch(MessageData),
    /// A response that is part of no answer and of no use here. Kept, never fatal.
    Unhandled(Response<'static>),
    /// A command takes its time, and the server is at it (RFC 9585). The wait for its answer begins anew.
    Progress {
        /// Which; none where the server did not say, or where nobody waits for it any more.
        command: Option<CommandId>,
        /// How many steps are done.
        done: Option<u32>,
        /// Of how many.
        total: Option<u32>,
    },
    /// A mailbox was made, renamed, subscribed to or removed: news that NOTIFY asked for (RFC 5465).
    Mailbox(ListItem),
    /// Numbers of a mailbox changed: news that NOTIFY asked for (RFC 5465).
    Status(StatusItem),
    /// Entries of a mailbox or of the server changed (RFC 5464 section 4.4.2): often their names alone.
    Metadata(Metadata),
    /// The results of a search changed that is kept up to date (RFC 5267 section 4.3).
    SearchUpdate(Box<ESearch>),
    /// There was too much to tell: nothing that NOTIFY asked for is told any more (RFC 5465 section 5.8).
    NotificationOverflow,
    /// Part of a command's answer, as it arrives.
    Item(CommandId, Item),
    /// A command is settled; exactly once for each [`CommandId`], always.
    Done(CommandId, Result<Done, CommandError>),
    /// The connection is over; exactly once. Nothing comes after it but [`Output::Close`], and the
    /// [`Event::Done`] of whatever is still asked of it.
    Closed(ConnectionError),
}

/// How the server began.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Greeting {
    /// It knows who this is already, by means outside IMAP: no login is needed (`PREAUTH`).
    pub preauthenticated: bool,
    /// What it said.
    pub text: ResponseText,
}
