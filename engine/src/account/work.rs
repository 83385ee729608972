//! What the account is at, beside its links: each part in a file of its own, and none knows another.

use crate::account::blanks::Blanks;
use crate::account::details::Details;
use crate::account::files::Files;
use crate::account::reads::Reads;
use crate::account::rows::RowFetch;
use crate::account::schedule::Schedule;
use crate::account::trials::Trials;
use crate::link::Patience;

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(super) schedule: Schedule,
    pub(super) rows: RowFetch,
    pub(super) blanks: Blanks,
    pub(super) details: Details,
    pub(super) reads: Reads,
    pub(super) files: Files,
    /// What was refused, or ended a link.
    pub(super) trials: Trials,
    /// The server wants to be asked less.
    pub(super) patience: Patience,
}
