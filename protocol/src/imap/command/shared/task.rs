//! What every command is, seen from the connection: something that is written, takes the answers that are
//! meant for it, and ends.

use crate::imap::command::shared::{Footprint, Stop};
use crate::imap::writer::Writer;
use crate::imap::{
    BodyStart, Capabilities, Capability, CommandError, Done, Item, MailboxName, Misbehaviour, Response,
    ResponseText, Security, SeqNo, State,
};
use std::fmt;
use std::ops::Range;

/// One running command. It sees no tag, no queue and no time.
pub(crate) trait Task: fmt::Debug + Send {
    /// What it must not be pipelined with.
    fn footprint(&self) -> Footprint;

    /// The states that it may be sent in.
    fn allowed_in(&self, state: State) -> bool {
        matches!(state, State::Authenticated | State::Selected)
    }

    /// A message is gone from the open mailbox: numbers among the arguments go on naming the messages that they named
    /// (RFC 9051 section 7.5.1). False where they name none any more.
    fn expunged(&mut self, _gone: SeqNo) -> bool {
        true
    }

    /// Whether the open mailbox is left by it, so that numbers in what comes behind it are another one's.
    fn leaves_mailbox(&self) -> bool {
        false
    }

    /// Writes the command behind its tag. An error ends it before anything is sent.
    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError>;

    /// Whether an untagged response is part of the answer.
    fn wants(&self, _response: &Response<'_>) -> bool {
        false
    }

    /// Takes a response that it wants.
    fn take(&mut self, _response: Response<'_>, _answers: &mut Answers) {}

    /// What to tell where the server stops at its limit; none where it does not matter.
    fn stop(&mut self) -> Option<&mut Stop> {
        None
    }

    /// The response that it is there for, and without which an OK is none: "no MYRIGHTS".
    fn must_answer(&self) -> Option<&'static str> {
        None
    }

    /// Whether FETCH responses are its answer, so that one that can't be read was likely meant for it.
    fn reads_messages(&self) -> bool {
        false
    }

    /// Whether a body that begins to stream is part of the answer.
    fn wants_body(&self, _body: &BodyStart) -> bool {
        false
    }

    /// Which octets of a body that it wants were asked for, of those that come.
    fn octets_of(&self, body: &BodyStart) -> Range<u64> {
        0..body.size
    }

    /// Answers the server's `+`, given its text: the line to send without its end.
    fn answer_challenge(&mut self, _challenge: &[u8]) -> Result<Vec<u8>, Misbehaviour> {
        Err(Misbehaviour::UnexpectedContinuation)
    }

    /// It was cancelled after it was sent: nobody waits for its answer, and what it has not said yet need not be said.
    fn cancelled(&mut self) {}

    /// What is wrong with a tagged OK that comes now: the server still has to ask, or to prove itself.
    fn refuse_success(&self) -> Option<Misbehaviour> {
        None
    }

    /// Whether what the server can do may be another thing after it succeeded.
    fn changes_rights(&self) -> bool {
        false
    }

    /// The server said OK.
    fn succeed(&mut self, text: ResponseText) -> Step {
        Step::Done(Ok(Done::Ok(text)))
    }

    /// What the end of an answer tells in between its parts and [`Done`]. Called after [`succeed`](Self::succeed).
    fn last_items(&mut self, _answers: &mut Answers) {}

    /// The server said NO or BAD.
    fn fail(&mut self, error: CommandError) -> Step {
        Step::Done(Err(error))
    }

    /// The connection ended before the answer: what to tell, and with it what is done all the same.
    fn cut_off(&mut self, error: CommandError) -> CommandError {
        error
    }

    /// What its success or failure makes of the session.
    fn transition(&self, _success: bool) -> Option<Transition> {
        None
    }
}

/// What comes after a tagged answer.
#[derive(Debug)]
pub(crate) enum Step {
    /// The command is settled.
    Done(Result<Done, CommandError>),
    /// It must be written once more: its next step, before anything that waits.
    Again,
    /// It is settled once these are; what they find is part of its answer, their failures are not.
    Then(Done, Vec<Box<dyn Task>>),
}

/// A change of the session's state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Transition {
    /// Signed in.
    Authenticated,
    /// This mailbox is open.
    Selected(MailboxName),
    /// No mailbox is open any more.
    Deselected,
    /// Nobody is signed in any more.
    Unauthenticated,
    /// Both sides deflate from here on.
    Compressed,
    /// The server will hang up.
    LoggedOut,
}

/// What a command may know of the server when it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server<'a> {
    pub(crate) capabilities: &'a Capabilities,
    /// What ENABLE turned on.
    pub(crate) enabled: &'a Capabilities,
    /// ID is offered now, or was before the login.
    pub(crate) takes_id: bool,
    pub(crate) state: State,
    pub(crate) login_over: Security,
    /// COMPRESS is on.
    pub(crate) is_compressed: bool,
}

impl Server<'_> {
    pub(crate) fn has(&self, capability: &Capability) -> bool {
        let has = |it| self.capabilities.contains(it);
        // RFC 6855 6: who says the one need not say the other.
        has(capability) || (*capability == Capability::Utf8Accept && has(&Capability::Utf8Only))
    }

    /// The largest message that APPEND takes, in octets, where the server says that there is one; the inner none
    /// where each mailbox has its own (RFC 7889).
    pub(crate) fn append_limit(&self) -> Option<Option<u64>> {
        self.capabilities.iter().find_map(|capability| match capability {
            Capability::AppendLimit(limit) => Some(*limit),
            _ => None,
        })
    }

    /// For a command that nothing stands in for.
    pub(crate) fn require(&self, capability: Capability) -> Result<(), CommandError> {
        if self.has(&capability) { Ok(()) } else { Err(CommandError::Unsupported(capability)) }
    }

    pub(crate) fn is_enabled(&self, capability: &Capability) -> bool {
        self.enabled.contains(capability)
    }

    /// Whether a search has to name the charset of its strings. RFC 6855 section 3: with `UTF8=ACCEPT` on, that is an
    /// error. In `IMAP4rev2` it would be UTF-8 unless named otherwise, but Cyrus 3.10 takes it for US-ASCII all the same,
    /// and finds nothing.
    pub(crate) fn wants_charset(&self) -> bool {
        !self.is_enabled(&Capability::Utf8Accept)
    }

    /// Either revision that has it built in, or the capability by name.
    pub(crate) fn has_or_rev2(&self, capability: &Capability) -> bool {
        self.has(capability) || self.has(&Capability::Imap4Rev2)
    }
}

/// Where a task puts what it found.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) items: Vec<Item>,
}

impl Answers {
    pub(crate) fn push(&mut self, item: Item) {
        self.items.push(item);
    }
}
