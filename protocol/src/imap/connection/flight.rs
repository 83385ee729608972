//! The commands between being asked and being answered: a queue of those that wait, a list of those that are
//! sent, and when one passes from the first to the second.

use super::{CommandId, Connection};
use crate::Time;
use crate::imap::command::Ask;
use crate::imap::command::shared::Footprint;
use crate::imap::command::shared::{Step, Task, Transition};
use crate::imap::writer::{Literals, Piece, Writer};
use crate::imap::{CommandError, Misuse, SeqNo};
use std::collections::VecDeque;
use std::fmt;

/// Names a sent command towards the server. Counted up, so that a server can't confuse two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag(u64);

impl Tag {
    /// Reads back what [`Display`](fmt::Display) wrote, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let tag = Self(text.strip_prefix('A')?.parse().ok()?);
        (tag.to_string() == text).then_some(tag)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{}", self.0)
    }
}

/// A command that is not sent yet. Without an owner it is the connection's own.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) owner: Option<CommandId>,
    pub(super) task: Box<dyn Task>,
    /// Its message numbers, if it has any, are those of other messages now.
    is_stale: bool,
}

impl Waiting {
    pub(super) fn new(owner: Option<CommandId>, task: Box<dyn Task>) -> Self {
        Self { owner, task, is_stale: false }
    }
}

/// A command that is sent, in whole or up to a literal. Without an owner its answer is for nobody.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) tag: Tag,
    pub(super) owner: Option<CommandId>,
    pub(super) task: Box<dyn Task>,
    /// What is not sent of it, from where something is waited for.
    pub(super) pieces: VecDeque<Piece>,
    /// When it was sent, or the server last got on with it.
    pub(super) since: Time,
    /// Whether a response came that is part of its answer.
    pub(super) is_answered: bool,
    footprint: Footprint,
    is_stale: bool,
}

/// A command that the end of the connection left without an answer.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) owner: CommandId,
    pub(super) task: Box<dyn Task>,
    pub(super) sent: bool,
}

/// All commands that are under way.
#[derive(Debug, Default)]
pub(super) struct Flight {
    queue: VecDeque<Waiting>,
    sent: VecDeque<Sent>,
    last_tag: u64,
}

impl Flight {
    pub(super) fn ask(&mut self, command: Waiting) {
        self.queue.push_back(command);
    }

    /// Asks for the connection itself, before everything that waits.
    pub(super) fn ask_first(&mut self, command: impl Ask) {
        self.queue.push_front(Waiting::new(None, command.asked().task));
    }

    /// The parts of a command, before everything that waits.
    fn ask_parts(&mut self, owner: Option<CommandId>, parts: Vec<Box<dyn Task>>) {
        for task in parts.into_iter().rev() {
            self.queue.push_front(Waiting::new(owner, task));
        }
    }

    /// Whether a command is sent and not answered.
    pub(super) fn is_airborne(&self) -> bool {
        !self.sent.is_empty()
    }

    /// Whether any command is sent or waits.
    pub(super) fn is_busy(&self) -> bool {
        self.is_airborne() || !self.queue.is_empty()
    }

    /// Whether LOGOUT is sent, so that BYE is part of its answer.
    pub(super) fn is_logging_out(&self) -> bool {
        self.sent.iter().any(|sent| sent.task.transition(true) == Some(Transition::LoggedOut))
    }

    /// Whether any command waits.
    pub(super) fn is_queued(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Whether the next bytes that go out would be taken for the rest of a literal.
    fn is_halfway(&self) -> bool {
        self.sent.back().is_some_and(|sent| !sent.pieces.is_empty())
    }

    /// The sent commands, oldest first.
    pub(super) fn sent_mut(&mut self) -> impl Iterator<Item = &mut Sent> {
        self.sent.iter_mut()
    }

    /// The newest one, which alone can be halfway or in an exchange.
    pub(super) fn newest_mut(&mut self) -> Option<&mut Sent> {
        self.sent.back_mut()
    }

    pub(super) fn find(&self, tag: Tag) -> Option<&Sent> {
        self.sent.iter().find(|sent| sent.tag == tag)
    }

    /// Takes out what is answered. What was behind it has had nothing of the server's time until now.
    pub(super) fn take(&mut self, tag: Tag, now: Time) -> Option<Sent> {
        let at = self.sent.iter().position(|sent| sent.tag == tag)?;
        let taken = self.sent.remove(at);
        if at == 0
            && let Some(next) = self.sent.front_mut()
        {
            next.since = now;
        }
        taken
    }

    /// Since when the command that was sent first has been waiting. What the server does for later ones does not
    /// help it.
    pub(super) fn waiting_since(&self) -> Option<Time> {
        self.sent.front().map(|sent| sent.since)
    }

    /// The server is at work, whatever for.
    pub(super) fn note_work(&mut self, now: Time) {
        for sent in &mut self.sent {
            sent.since = now;
        }
    }

    /// Messages went from the open mailbox: one of which the number is told, or some of which it is not (VANISHED).
    ///
    /// Numbers were chosen by what was known when their command was asked for, so they move with the messages, up to the
    /// command that leaves the mailbox.
    pub(super) fn renumber(&mut self, gone: Option<SeqNo>) {
        if self.sent.iter().any(|sent| sent.task.leaves_mailbox()) {
            return;
        }
        let sent = self.sent.iter_mut().map(|sent| (&mut sent.task, &mut sent.is_stale));
        let waiting = self.queue.iter_mut().map(|waiting| (&mut waiting.task, &mut waiting.is_stale));
        for (task, is_stale) in sent.chain(waiting).take_while(|(task, _)| !task.leaves_mailbox()) {
            *is_stale |= gone.is_none_or(|gone| !task.expunged(gone));
        }
    }

    /// Drops what waits; lets what is sent run on for nobody.
    pub(super) fn disown(&mut self, id: CommandId) {
        self.queue.retain(|waiting| waiting.owner != Some(id));
        for sent in self.sent.iter_mut().filter(|sent| sent.owner == Some(id)) {
            sent.owner = None;
            sent.task.cancelled();
        }
    }

    /// Forgets all: first what was sent, then what waits.
    pub(super) fn clear(&mut self) -> Vec<Ended> {
        let sent = self.sent.drain(..).map(|it| (it.owner, it.task, true));
        let waiting = self.queue.drain(..).map(|it| (it.owner, it.task, false));
        let all = sent.chain(waiting);
        all.filter_map(|(owner, task, sent)| Some(Ended { owner: owner?, task, sent })).collect()
    }

    fn next_tag(&mut self) -> Tag {
        self.last_tag += 1;
        Tag(self.last_tag)
    }

    /// The next command that the sent ones allow.
    fn take_next(&mut self, in_flight: usize) -> Option<(Waiting, Footprint)> {
        let footprint = self.queue.front()?.task.footprint();
        if self.sent.len() >= in_flight || self.sent.iter().any(|sent| sent.footprint.holds_up(&footprint)) {
            return None;
        }
        Some((self.queue.pop_front()?, footprint))
    }
}

impl Connection {
    /// Sends whatever may be sent now. Called after everything that happens.
    pub(super) fn pump(&mut self, now: Time) {
        use crate::imap::State::{Connecting, LoggedOut};
        if self.over || matches!(self.session.state, Connecting | LoggedOut) {
            return;
        }
        while self.idling.is_out_of_the_way() && !self.flight.is_halfway() {
            let Some((next, footprint)) = self.flight.take_next(self.config.in_flight) else { break };
            self.start(next, footprint, now);
        }
        self.steer_idle(now);
    }

    /// Writes a command, or settles it where it can't be written.
    fn start(&mut self, next: Waiting, footprint: Footprint, now: Time) {
        let Waiting { owner, mut task, is_stale } = next;
        if is_stale && footprint.numbered {
            return self.settle(owner, Err(CommandError::Renumbered));
        }
        if !task.allowed_in(self.session.state) {
            return self.settle(owner, Err(Misuse::WrongState(self.session.state).into()));
        }
        match self.write(task.as_mut(), now) {
            Err(error) => self.settle(owner, Err(error)),
            Ok((tag, pieces)) => {
                self.flight.sent.push_back(Sent {
                    tag,
                    owner,
                    task,
                    pieces,
                    since: now,
                    is_answered: false,
                    footprint,
                    is_stale: false,
                });
                self.proceed();
            }
        }
    }

    /// Writes the beginning of a command, and gives what follows it.
    pub(super) fn write(
        &mut self,
        task: &mut dyn Task,
        now: Time,
    ) -> Result<(Tag, VecDeque<Piece>), CommandError> {
        let tag = self.flight.next_tag();
        let literals = Literals::of(self.session.capabilities());
        let mut line = Writer::new(&tag.to_string(), literals, self.session.encoding());
        task.write(&mut line, &self.session.server(self.compression.is_some()))?;
        if task.changes_rights() {
            self.session.expect_change();
        }
        let mut pieces = line.finish();
        if let Some(Piece::Octets(first)) = pieces.pop_front() {
            self.outbox.transmit(tag, first);
        }
        if !self.flight.is_airborne() {
            self.progress_at = now;
        }
        Ok((tag, pieces))
    }

    /// What follows a tagged answer, for the command and for the session.
    pub(super) fn conclude(&mut self, sent: Sent, step: Step, success: bool, now: Time) {
        let Sent { owner, task, is_stale, .. } = sent;
        let transition = task.transition(success);
        match step {
            Step::Done(result) => self.settle(owner, result),
            // A cancelled one goes no further.
            Step::Again if owner.is_none() => {}
            Step::Again => self.flight.queue.push_front(Waiting { owner, task, is_stale }),
            Step::Then(done, parts) if parts.is_empty() || owner.is_none() => self.settle(owner, Ok(done)),
            Step::Then(done, parts) => {
                if let Some(id) = owner {
                    self.ledger.split(id, parts.len(), done);
                }
                self.flight.ask_parts(owner, parts);
            }
        }
        if let Some(transition) = transition {
            self.change(transition);
        }
        self.progress_at = now;
    }
}
