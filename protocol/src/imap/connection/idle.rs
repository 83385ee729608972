//! Leaving IDLE around other commands and entering it again. RFC 9051 section 6.3.13.

use super::{CommandId, Tag};
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
