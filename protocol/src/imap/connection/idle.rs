//! Leaving IDLE around other commands and entering it again. RFC 9051 section 6.3.13.

use super::super::{Capability, Misuse, command};
use super::{CommandId, Connection, Event, Item, Tag};
use crate::Time;

/// Whether somebody wants to idle, and how far that has come.
#[derive(Debug, Default)]
pub(super) struct Idling {
    /// The command that wants it.
    pub(super) wish: Option<CommandId>,
    pub(super) phase: Phase,
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
            Phase::In { tag, renew_at } if renew_at <= now => self.leave_idle(tag, now),
            Phase::Polling { next } if next <= now => {
                self.flight.ask_first(command::Noop);
                self.idling.phase = Phase::Polling { next: now + self.config.deadlines.poll };
            }
            _ => {}
        }
    }
}
