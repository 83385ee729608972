//! A link of the account with what only its mailbox and its jobs make of it.

use crate::account::job::JobLink;
use crate::account::key::JobKey;
use crate::account::state::LineState;
use postern_protocol::imap::Capability;

/// One link in use.
#[derive(Debug)]
pub(crate) struct Line {
    pub(super) link: JobLink,
    pub(super) state: LineState,
}

impl Line {
    pub(super) fn new(link: JobLink) -> Self {
        Self { link, state: LineState::default() }
    }

    /// Whether a job of this kind is unanswered.
    pub(super) fn any(&self, is_meant: impl Fn(JobKey) -> bool) -> bool {
        self.link.keys().any(is_meant)
    }

    /// Whether it takes commands.
    pub(super) fn is_ready(&self) -> bool {
        self.link.is_ready()
    }

    pub(super) fn has(&self, capability: &Capability) -> bool {
        self.link.capabilities().contains(capability)
    }
}
