//! One thing asked of the server: what comes of its answer.

use crate::account::desk::Desk;
use crate::account::key::JobKey;
use crate::link::{Link, Task};
use postern_protocol::imap::{CommandError, Done, Item};
use std::fmt::Debug;

/// One command that was sent. What it asks for is in its file of `jobs`, and so is what its answer writes.
///
/// What is missing after it is asked for anew by `plan`: a job never starts another, and one that failed with its link
/// needs no word of its own.
pub(crate) trait Job: Debug {
    /// What it is, so that it is not started twice, and can be set aside.
    fn key(&self) -> JobKey;

    /// Part of its answer. Data of messages on the foreground link was taken in before.
    fn item(&mut self, _item: Item, _desk: &mut Desk<'_, '_>) {}

    /// The end of its answer.
    fn done(&mut self, result: &Result<Done, CommandError>, desk: &mut Desk<'_, '_>);
}

impl Task for Box<dyn Job> {
    type Key = JobKey;

    fn key(&self) -> JobKey {
        (**self).key()
    }

    fn only_waits(&self) -> bool {
        (**self).key() == JobKey::Idle
    }
}

/// A link that runs jobs.
pub(crate) type JobLink = Link<Box<dyn Job>>;
