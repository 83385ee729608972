//! What a connection gives out: bytes to send, and what the bytes that came in meant.

use crate::imap::command::SearchResult;
use crate::imap::{
    Acl, Capabilities, Code, CommandError, ConnectionError, ESearch, Flag, ListItem, ListRights, MailboxName,
    MessageData, Metadata, ModSeq, MyRights, Namespaces, Quota, QuotaRoot, Response, ResponseText, Section,
    SeqNo, StatusItem, Threads, Uid, UidSet, UidValidity,
};
use std::fmt;
use std::ops::RangeInclusive;

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

/// Where a session stands. RFC 9051 section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The greeting has not come yet.
    Connecting,
    /// Nobody is signed in.
    NotAuthenticated,
    /// Signed in; no mailbox is open.
    Authenticated,
    /// A mailbox is open.
    Selected,
    /// The session is over; the link may still have to be closed.
    LoggedOut,
}

/// What a session is in this state: "in which nobody is signed in".
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "that the server has not greeted yet",
            Self::NotAuthenticated => "in which nobody is signed in",
            Self::Authenticated => "in which no mailbox is open",
            Self::Selected => "in which a mailbox is open",
            Self::LoggedOut => "that is over",
        })
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The server is there. Commands that were sent before go out now.
    Greeting(Greeting),
    /// [`Connection::capabilities`](super::Connection::capabilities) changed.
    Capabilities,
    /// The server wants a person to read this (`ALERT`, RFC 9051 section 7.1). Shown as text, never as HTML. It is not
    /// told over a link that [`Security::Cleartext`](super::Security::Cleartext) describes, where anybody may have
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
        /// Which.
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
    /// [`Connection::append_chunk`](super::Connection::append_chunk) now, for APPEND and REPLACE. More will be
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

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Done {
    /// The server said OK.
    Ok(ResponseText),
    /// A mailbox is open, for SELECT and EXAMINE.
    Selected(Selected),
    /// What is on now, for ENABLE.
    Enabled(Capabilities),
    /// The languages that the server speaks, or the one that it speaks now, for LANGUAGE.
    Languages(Vec<Box<str>>),
    /// The comparator in use, and others that matched, for COMPARATOR.
    Comparators(Vec<Box<str>>),
    /// Ranges of UIDs, the newest first, for UIDBATCHES.
    Batches(Vec<RangeInclusive<Uid>>),
    /// What SEARCH or SORT found.
    Found(SearchResult),
    /// The conversations that THREAD found; numbers are UIDs.
    Threads(Threads),
    /// Where mailboxes lie, for NAMESPACE.
    Namespaces(Namespaces),
    /// The messages are stored, for APPEND and REPLACE.
    Appended(Appended),
    /// Who the server says it is, for ID.
    Id(Vec<(String, Option<String>)>),
}

/// What the server told of the mailbox that it opened. RFC 9051 section 6.3.2.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Selected {
    /// How many messages it has.
    pub exists: u32,
    /// What its UIDs are good for; none where the server keeps none (RFC 9051 section 7.1, `UIDNOTSTICKY`).
    pub uid_validity: Option<UidValidity>,
    /// The UID that the next message will have at least.
    pub uid_next: Option<Uid>,
    /// The flags that it knows.
    pub flags: Vec<Flag>,
    /// The flags that can be changed for good; none where the server did not say, and then all can.
    pub permanent_flags: Option<Vec<Flag>>,
    /// The first message without `\Seen`.
    pub unseen: Option<SeqNo>,
    /// The highest modification sequence in it (RFC 7162).
    pub highest_mod_seq: Option<ModSeq>,
    /// Its identifier, which survives a rename (RFC 8474).
    pub mailbox_id: Option<Box<str>>,
    /// Nothing can be changed in it.
    pub read_only: bool,
}

/// Where messages were stored.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Appended {
    /// How many.
    pub count: u32,
    /// What their UIDs are good for; none where the server lacks UIDPLUS (RFC 4315), or may not tell.
    pub uid_validity: Option<UidValidity>,
    /// Their UIDs, which rise in the order of the messages.
    pub uids: UidSet,
    /// What the server said last.
    pub text: ResponseText,
}

impl Appended {
    /// So many more are stored.
    ///
    /// RFC 4315 section 3: one UID for each. Where that is not so, of these or of those before, no UID can be relied on.
    pub(crate) fn take(&mut self, count: u32, mut text: ResponseText) {
        self.count += count;
        if let Some(Code::AppendUid { uid_validity, uids }) = &text.code {
            if self.uid_validity.is_some_and(|before| before != *uid_validity) {
                self.uids = UidSet::new();
            }
            self.uid_validity = Some(*uid_validity);
            for range in uids.ranges() {
                self.uids.push_range(*range.start(), *range.end());
            }
        }
        if self.uids.count() != u64::from(self.count) {
            (self.uids, self.uid_validity) = (UidSet::new(), None);
            text.code = text.code.filter(|code| !matches!(code, Code::AppendUid { .. }));
        }
        self.text = text;
    }

    /// An error, and with it what is stored all the same.
    pub(crate) fn partial(&mut self, error: CommandError) -> CommandError {
        if self.count == 0 {
            return error;
        }
        CommandError::Partial { stored: Box::new(std::mem::take(self)), error: Box::new(error) }
    }
}
