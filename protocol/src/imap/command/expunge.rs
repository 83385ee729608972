//! EXPUNGE: remove what is marked `\Deleted`. RFC 9051 sections 6.4.3 and 6.4.9, RFC 4315.

use super::super::connection::{Footprint, State};
use super::super::writer::Writer;
use super::super::{Capability, CommandError, UidSet};
use super::{Server, Task};

/// Removes for good the messages that are marked `\Deleted`: those of a set, or all.
///
/// Each is told as [`Event::Expunge`](super::super::Event::Expunge) or
/// [`Event::Vanished`](super::super::Event::Vanished); [`Done::Ok`](super::super::Done::Ok) ends it. A set
/// needs UIDPLUS: where the server lacks it, nothing is sent and
/// [`CommandError::Unsupported`] ends it, since the plain command would remove what others marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expunge {
    /// Which messages, of those that are marked; none for all.
    pub set: Option<UidSet>,
}

impl Expunge {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Expunge {
    /// Alone: what it removes hangs on the flags, and every number after it on what it removes.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let Some(set) = &self.set else {
            line.arg("EXPUNGE");
            return Ok(());
        };
        if !server.has_or_rev2(&Capability::UidPlus) {
            return Err(CommandError::Unsupported(Capability::UidPlus));
        }
        line.arg("UID EXPUNGE ").set(set)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    #[test]
    fn all_or_some() {
        let some = || Expunge { set: Uid::new(7).map(UidSet::from) };
        check_selected(
            "UIDPLUS",
            &[Expunge::default().into(), some().into()],
            "U: send
             C: A2 EXPUNGE
             S: * 3 EXPUNGE
             S: * 3 EXPUNGE
             S: A2 OK done
             E: Expunge 3
             E: Expunge 3
             E: #0 Ok done
             U: send
             C: A3 UID EXPUNGE 7
             S: A3 OK done
             E: #1 Ok done",
        );
        check_selected("", &[some().into()], "U: send\nE: #0 Error the server lacks UIDPLUS");
    }
}
