//! COPY: put messages into another mailbox as well. RFC 9051 section 6.4.7; always by UID.

use super::super::connection::{Footprint, Messages, State, Touch};
use super::super::writer::Writer;
use super::super::{CommandError, MailboxName, UidSet};
use super::{Server, Task};

/// Copies messages of the open mailbox, with their flags, into another. Every server has it.
///
/// [`Done::Ok`](super::super::Done::Ok) ends it; its code is
/// [`Code::CopyUid`](super::super::Code::CopyUid) where the server has UIDPLUS. Either all are copied or none
/// is. Where the mailbox is not there, the refusal's code is
/// [`Code::TryCreate`](super::super::Code::TryCreate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Which messages.
    pub set: UidSet,
    /// Where to.
    pub mailbox: MailboxName,
}

impl Copy {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for Copy {
    /// The copies have the flags that the originals have then, so a change of these comes before or after.
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::WriteFlags(Messages::Uids(self.set.clone()))])
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, _server: &Server<'_>) -> Result<(), CommandError> {
        line.arg("UID COPY ").set(&self.set)?.words(" ").mailbox(&self.mailbox)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Uid;
    use crate::imap::transcript::check_selected;

    #[test]
    fn names_what_and_where_to() {
        let set = UidSet::from(Uid::new(3).unwrap()..=Uid::new(5).unwrap());
        check_selected(
            "UIDPLUS",
            &[Copy { set, mailbox: MailboxName::try_from("Ablage 2026").unwrap() }.into()],
            "U: send
             C: A2 UID COPY 3:5 \"Ablage 2026\"
             S: A2 NO [TRYCREATE] no such mailbox
             E: #0 Error the server refused: no such mailbox",
        );
    }
}
