//! IDLE: be told of changes as they happen. RFC 9051 section 6.3.13, RFC 2177.

use super::super::CommandError;
use super::super::connection::Footprint;
use super::super::writer::Writer;
use super::{Server, Task};

/// Keeps the server telling its news, as events, until it is cancelled.
///
/// It gives way by itself: where another command is sent, the connection leaves IDLE, and enters it again once
/// all is answered. [`Item::Idling`](super::super::Item::Idling) comes whenever the server is listening. It is
/// renewed before the server gives up on it ([`Deadlines::idle_renewal`](super::super::Deadlines)), and ends
/// with [`CommandError::Cancelled`](super::super::CommandError::Cancelled), or with the connection. Where the
/// server lacks IDLE, a NOOP now and then stands in for it ([`Deadlines::poll`](super::super::Deadlines)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Idle;

impl Idle {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

/// When IDLE is entered and left is the connection's to know.
impl Task for Idle {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("IDLE");
        Ok(())
    }
}
