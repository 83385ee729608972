//! Leaving IDLE around other commands and entering it again. RFC 9051 section 6.3.13.
//!
//! Some servers accept IDLE and say nothing in it (GNU Mailutils' imap4d), and nobody can tell one from a quiet mailbox.
//! So where nothing was heard, a NOOP asks at the renewal; where that brings news, IDLE is renewed as often as a server
//! without it is polled, until it says something again.

use super::{CommandId, Connection, Deadlines, Event, Tag};
use crate::Time;
use crate::imap::{Capability, Item, Misuse, Response, command};
use std::time::Duration;

/// Whether somebody wants to idle, and how far that has come.
#[derive(Debug, Default)]
pub(super) struct Idling {
    /// The command that wants it.
    pub(super) wish: Option<CommandId>,
    pub(super) phase: Phase,
    hearing: Hearing,
    /// How many messages there are, as was told last: some servers repeat it at every NOOP, and that is no news.
    exists: Option<u32>,
}

/// What is known of whether the server says anything in IDLE.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Hearing {
    /// Nothing was heard since IDLE was entered.
    #[default]
    Nothing,
    /// It said something in this IDLE.
    Something,
    /// IDLE is being left for a NOOP, since nothing was heard.
    Asking,
    /// A NOOP brought what IDLE had kept back.
    Mute,
}

/// How far the server is into IDLE.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not in it.
    #[default]
    Out,
    /// Not in it, and not before a time: the server ended the last one by itself.
    Resting { until: Time },
    /// IDLE is sent; the `+` has not come.
    Entering { tag: Tag },
    /// The server tells its news.
    In { tag: Tag, renew_at: Time },
    /// DONE is sent; the tagged OK has not come.
    Leaving { tag: Tag },
    /// The server lacks IDLE: a NOOP at times stands in for it.
    Polling { next: Time },
}

impl Idling {
    /// Whether other commands may be sent.
    pub(super) fn is_out_of_the_way(&self) -> bool {
        matches!(self.phase, Phase::Out | Phase::Resting { .. } | Phase::Polling { .. })
    }

    /// The tag of the IDLE that the server still has to answer.
    pub(super) fn tag(&self) -> Option<Tag> {
        match self.phase {
            Phase::Entering { tag } | Phase::In { tag, .. } | Phase::Leaving { tag } => Some(tag),
            Phase::Out | Phase::Resting { .. } | Phase::Polling { .. } => None,
        }
    }

    /// The server told of a change in the open mailbox.
    pub(super) fn note_news(&mut self, response: &Response<'_>) {
        let is_news = match response {
            Response::Exists(count) => self.exists.replace(*count) != Some(*count),
            Response::Expunge(_) => {
                self.exists = self.exists.map(|count| count.saturating_sub(1));
                true
            }
            Response::Vanished { .. } | Response::Fetch(_) | Response::MailboxStatus(_) => true,
            _ => false,
        };
        self.hearing = match (self.phase, self.hearing) {
            (Phase::In { .. }, _) if is_news => Hearing::Something,
            (_, Hearing::Asking) if is_news => Hearing::Mute,
            (_, hearing) => hearing,
        };
    }

    /// Another mailbox is open, with so many messages.
    pub(super) fn note_exists(&mut self, count: u32) {
        self.exists = Some(count);
    }

    /// The server is in IDLE: for how long.
    fn stay(&mut self, deadlines: &Deadlines) -> Duration {
        if self.hearing == Hearing::Mute {
            return deadlines.poll.min(deadlines.idle_renewal);
        }
        self.hearing = Hearing::Nothing;
        deadlines.idle_renewal.min(LONGEST_IDLE)
    }

    /// The server entered IDLE.
    pub(super) fn entered(&mut self, tag: Tag, deadlines: &Deadlines, now: Time) {
        let renew_at = now + self.stay(deadlines);
        self.phase = Phase::In { tag, renew_at };
    }

    /// Whether an answer is due, so that silence means that the server is gone.
    pub(super) fn awaits_answer(&self) -> bool {
        matches!(self.phase, Phase::Entering { .. } | Phase::Leaving { .. })
    }

    /// When something is to be done though nothing arrives.
    pub(super) fn timeout(&self) -> Option<Time> {
        match self.phase {
            Phase::Resting { until } => self.wish.map(|_| until),
            Phase::In { renew_at, .. } => Some(renew_at),
            Phase::Polling { next } => Some(next),
            Phase::Out | Phase::Entering { .. } | Phase::Leaving { .. } => None,
        }
    }
}

impl Connection {
    /// Enters IDLE where it is wanted and nothing else is to do, leaves it where something is.
    pub(super) fn steer_idle(&mut self, now: Time) {
        match self.idling.phase {
            Phase::Out if !self.flight.is_busy() => self.enter_idle(now),
            Phase::Resting { until } if !self.flight.is_busy() && until <= now => self.enter_idle(now),
            Phase::In { tag, .. } if self.flight.is_queued() || self.idling.wish.is_none() => {
                self.leave_idle(tag, now);
            }
            Phase::Polling { .. } if self.idling.wish.is_none() => self.idling.phase = Phase::Out,
            _ => {}
        }
    }

    fn enter_idle(&mut self, now: Time) {
        let Some(id) = self.idling.wish else { return };
        let mut task = command::Idle.into_task();
        if !task.allowed_in(self.session.state) {
            self.idling.wish = None;
            return self.settle(Some(id), Err(Misuse::WrongState(self.session.state).into()));
        }
        if !self.session.has(&Capability::Idle) && !self.session.has(&Capability::Imap4Rev2) {
            self.idling.phase = Phase::Polling { next: now + self.config.deadlines.poll };
            return self.outbox.event(Event::Item(id, Item::Idling));
        }
        // The command has no arguments, so there is nothing that could not be written.
        if let Ok((tag, _)) = self.write(task.as_mut(), now) {
            self.idling.phase = Phase::Entering { tag };
        }
    }

    fn leave_idle(&mut self, tag: Tag, now: Time) {
        // RFC 9051 6.3.13: DONE ends it, without a tag.
        self.outbox.transmit(tag, b"DONE\r\n".to_vec());
        self.idling.phase = Phase::Leaving { tag };
        self.progress_at = now;
    }

    /// Leaves IDLE before the server tires of it (it is entered again by itself), or asks for news without it.
    pub(super) fn renew_idle(&mut self, now: Time) {
        match self.idling.phase {
            Phase::In { tag, renew_at } if renew_at <= now => {
                if self.idling.hearing != Hearing::Something {
                    if self.idling.hearing == Hearing::Nothing {
                        self.idling.hearing = Hearing::Asking;
                    }
                    self.flight.ask_first(command::Noop);
                }
                self.leave_idle(tag, now);
            }
            Phase::Polling { next } if next <= now => {
                self.flight.ask_first(command::Noop);
                self.idling.phase = Phase::Polling { next: now + self.config.deadlines.poll };
            }
            _ => {}
        }
    }
}

/// RFC 9051 section 6.3.13: a server may end an IDLE of 29 minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(28 * 60);
