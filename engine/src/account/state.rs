//! What is known of a link beside its connection.

use crate::account::numbers::Selection;
use crate::border::MailboxId;

/// What is known of a link beside its connection.
#[derive(Debug, Default)]
pub(crate) struct LineState {
    /// The mailbox that is selected and answered for.
    pub(crate) selection: Option<Selection>,
    /// The server refused IDLE, for all that it offers it.
    pub(crate) refuses_idle: bool,
    /// The client was named to the server (ID).
    pub(crate) is_introduced: bool,
    /// It is of no more use: it is closed once what came over it is taken in.
    pub(crate) spent: Option<Spent>,
}

/// How soon the next link may come after one that is of no more use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spent {
    ForNow,
    /// It would be of as little use.
    ForLong,
}

impl LineState {
    /// The mailbox that is selected.
    pub(crate) fn mailbox(&self) -> Option<MailboxId> {
        self.selection.as_ref().map(Selection::mailbox)
    }
}
