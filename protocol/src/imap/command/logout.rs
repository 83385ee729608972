//! LOGOUT: the polite end. RFC 9051 section 6.1.3.

use super::super::CommandError;
use super::super::connection::{Footprint, State};
use super::super::writer::Writer;
use super::{Server, Task, Transition};

/// Ends the session. Every server has it.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it, then [`Output::Close`](super::super::Output::Close) and
/// [`Event::Closed`](super::super::Event::Closed) follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Logout;

impl Logout {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Logout {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, _state: State) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("LOGOUT");
        Ok(())
    }

    fn transition(&self, _success: bool) -> Option<Transition> {
        Some(Transition::LoggedOut)
    }
}
