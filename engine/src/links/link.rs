//! One connection of the account: its number, its state machine, and what each of its commands was sent for.

use crate::border::{DownloadId, MailboxId, MessageId, Problem};
use crate::links::close::Heard;
use crate::links::sign_in::Way;
use postern_protocol::Time;
use postern_protocol::imap::command::Ask;
use postern_protocol::imap::{CommandId, Connection};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

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
    Mailboxes(Listing),
    Counts(MailboxId),
    Select(MailboxId),
    Rows(Detail),
    Reconcile,
    /// The rows that were asked for without their details, with them.
    Details(MailboxId),
    Previews,
    /// Headers of messages whose addresses the server could not read.
    Headers,
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
                | Self::Details(_)
                | Self::Previews
                | Self::Headers
                | Self::Store(_)
                | Self::Part { .. }
                | Self::Window { .. }
                | Self::Idle
        )
    }
}

/// How the mailboxes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// With their counts (LIST-STATUS, RFC 5819).
    Counted,
    Plain,
}

/// How much of each row is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    #[default]
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
    /// When something came over it last.
    pub(crate) heard_at: Time,
    /// Since when it takes commands.
    pub(crate) signed_in_at: Option<Time>,
    /// The server was heard to offer ID, be it only before the login.
    pub(crate) offers_id: bool,
    /// The server was told who asks.
    pub(crate) is_introduced: bool,
    /// How the password went out.
    pub(crate) way: Way,
    /// Why the server refused the password before another way was tried.
    pub(crate) refused: Option<Problem>,
    /// It did not end by the server's doing, as far as that can be told.
    pub(crate) is_server_blameless: bool,
    /// The command that was sent first of those that it left unanswered.
    ended_over: Option<(CommandId, Purpose)>,
    purposes: BTreeMap<CommandId, Purpose>,
}

impl Link {
    pub(crate) fn new(id: LinkId, connection: Connection, now: Time) -> Self {
        Self {
            id,
            connection,
            stage: Stage::Connecting,
            heard: Heard::Nothing,
            refuses_idle: false,
            selected: None,
            problem: None,
            heard_at: now,
            signed_in_at: None,
            offers_id: false,
            is_introduced: false,
            way: Way::Plain,
            refused: None,
            is_server_blameless: false,
            ended_over: None,
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

    /// A command is unanswered, and the link is gone.
    pub(crate) fn left_unanswered(&mut self, id: CommandId, purpose: Purpose) {
        // IDLE waits for as long as the link lives; whatever else there is was asked after it.
        let is_first = match self.ended_over {
            None | Some((_, Purpose::Idle)) => true,
            Some((first, _)) => id < first && purpose != Purpose::Idle,
        };
        if is_first {
            self.ended_over = Some((id, purpose));
        }
    }

    /// The link is given up with all that was asked on it.
    pub(crate) fn leave_all_unanswered(&mut self) {
        for (id, purpose) in std::mem::take(&mut self.purposes) {
            self.left_unanswered(id, purpose);
        }
    }

    /// What the server ended the link over: the command that it had to answer next. Commands go out in the order in
    /// which they were asked.
    pub(crate) fn ended_over(&self) -> Option<Purpose> {
        let is_blamed = self.stage == Stage::SignedIn && !self.is_server_blameless;
        self.ended_over.filter(|_| is_blamed).map(|(_, purpose)| purpose)
    }

    /// Whether it took commands for long enough at this time that its end says nothing of the next one.
    pub(crate) fn has_lived(&self, now: Time) -> bool {
        self.signed_in_at.is_some_and(|at| now - at >= A_LIFE)
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

/// A link that lived this long was no failure.
const A_LIFE: Duration = Duration::from_secs(60);
