//! One connection of the account: its number, its state machine, and what each of its commands was sent for.

use crate::border::{DownloadId, MailboxId, MessageId, Problem};
use crate::links::close::Heard;
use postern_protocol::Time;
use postern_protocol::imap::command::Ask;
use postern_protocol::imap::{CommandId, Connection};
use std::collections::BTreeMap;
use std::fmt;

/// A link, as the engine numbers it. Each attempt to connect has a number of its own, never used again, so that
/// late words of an old link can't be mistaken for a new one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub(crate) u32);

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// The proxy's `/imap`, or `/imap/{upstream}`.
    Imap {
        /// The proxy's name for the mail server; none for its default.
        upstream: Option<String>,
    },
}

/// What a link is for. There is at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Answers the user.
    Work,
    /// Waits for news, and carries downloads so that they stand in nobody's way.
    Side,
}

/// How far a link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The WebSocket is being opened.
    Connecting,
    /// Open; the greeting and the sign-in are under way.
    SigningIn,
    /// Signed in; what the server can do is not known yet.
    Learning,
    /// Ready for commands.
    SignedIn,
}

/// What a command was sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    Id,
    Mailboxes,
    Counts(MailboxId),
    Select(MailboxId),
    Rows(Detail),
    Reconcile,
    Previews,
    Store(u64),
    /// A window of the part with this index among those that are read of a message.
    Part {
        message: MessageId,
        part: usize,
        offset: u32,
    },
    Window {
        download: DownloadId,
        offset: u32,
    },
    Poll,
    Idle,
}

impl Purpose {
    /// Whether it belongs to the mailbox that was selected when it was sent.
    pub(crate) fn needs_mailbox(self) -> bool {
        matches!(
            self,
            Self::Rows(_)
                | Self::Reconcile
                | Self::Previews
                | Self::Store(_)
                | Self::Part { .. }
                | Self::Window { .. }
                | Self::Idle
        )
    }
}

/// How much of each row is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Full,
    /// Without ENVELOPE and BODYSTRUCTURE: for messages whose full row the server could not give.
    Lean,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: LinkId,
    pub(crate) connection: Connection,
    pub(crate) stage: Stage,
    pub(crate) heard: Heard,
    /// The server refused IDLE, for all that it offers it.
    pub(crate) refuses_idle: bool,
    /// The mailbox that is selected and answered for.
    pub(crate) selected: Option<MailboxId>,
    /// Why it closes, once that is known.
    pub(crate) problem: Option<Problem>,
    purposes: BTreeMap<CommandId, Purpose>,
}

impl Link {
    pub(crate) fn new(id: LinkId, connection: Connection) -> Self {
        Self {
            id,
            connection,
            stage: Stage::Connecting,
            heard: Heard::Nothing,
            refuses_idle: false,
            selected: None,
            problem: None,
            purposes: BTreeMap::new(),
        }
    }

    /// Asks something of the server.
    pub(crate) fn send(&mut self, command: impl Ask, purpose: Purpose, now: Time) {
        let id = self.connection.send(command, now);
        self.purposes.insert(id, purpose);
    }

    /// What a command was sent for.
    pub(crate) fn purpose(&self, id: CommandId) -> Option<Purpose> {
        self.purposes.get(&id).copied()
    }

    /// The command was answered.
    pub(crate) fn settle(&mut self, id: CommandId) -> Option<Purpose> {
        self.purposes.remove(&id)
    }

    /// How many unanswered commands are there for such a purpose.
    pub(crate) fn count(&self, is_wanted: impl Fn(Purpose) -> bool) -> usize {
        self.purposes.values().filter(|purpose| is_wanted(**purpose)).count()
    }

    /// Whether a command for such a purpose is unanswered.
    pub(crate) fn any(&self, is_wanted: impl Fn(Purpose) -> bool) -> bool {
        self.count(is_wanted) > 0
    }

    /// Gives up whatever was asked for such a purpose. Each still settles, as cancelled.
    pub(crate) fn cancel(&mut self, is_wanted: impl Fn(Purpose) -> bool, now: Time) {
        let ids: Vec<_> =
            self.purposes.iter().filter(|(_, purpose)| is_wanted(**purpose)).map(|(id, _)| *id).collect();
        for id in ids {
            self.connection.cancel(id, now);
        }
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.stage == Stage::SignedIn
    }
}
