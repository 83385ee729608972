//! MOVE: put messages into another mailbox instead. RFC 6851, RFC 9051 section 6.4.8; always by UID.

use super::super::connection::{Footprint, State};
use super::super::writer::Writer;
use super::super::{
    Capability, Code, CommandError, Done, Flag, MailboxName, Response, ResponseText, Status, UidSet,
};
use super::{Answers, Copy, Expunge, Server, Step, Store, StoreAction, Task};

/// Moves messages of the open mailbox, with their flags, into another.
///
/// [`Done::Ok`] ends it, with the code
/// [`Code::CopyUid`] where the server has UIDPLUS; that the messages are gone from
/// here is told as events.
///
/// Where the server lacks MOVE: COPY, STORE of `\Deleted`, UID EXPUNGE (RFC 6851 section 3.3), and it fails
/// with the first of them that does. Where it lacks UIDPLUS too, the messages stay here marked `\Deleted`: the
/// plain EXPUNGE would remove what others marked as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Which messages.
    pub set: UidSet,
    /// Where to.
    pub mailbox: MailboxName,
}

impl Move {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Moving { command: self, stage: Stage::Move, can_expunge: false, copied: None })
    }
}

#[derive(Debug)]
struct Moving {
    command: Move,
    stage: Stage,
    can_expunge: bool,
    /// What the server said to the COPY: where the copies are.
    copied: Option<ResponseText>,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Move,
    Copy,
    Mark,
    Expunge,
}

impl Task for Moving {
    /// Alone: numbers move, and the steps of the fallback must not be parted.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        let Move { set, mailbox } = &self.command;
        let (set, mailbox) = (set.clone(), mailbox.clone());
        if self.stage == Stage::Move && !server.has_or_rev2(&Capability::Move) {
            self.stage = Stage::Copy;
            self.can_expunge = server.has_or_rev2(&Capability::UidPlus);
        }
        match self.stage {
            Stage::Move => {
                line.arg("UID MOVE ").set(&set)?.words(" ").mailbox(&mailbox)?;
                Ok(())
            }
            Stage::Copy => Copy { set, mailbox }.write(line, server),
            Stage::Mark => {
                let (action, flags) = (StoreAction::Add, vec![Flag::Deleted]);
                Store { set, action, flags, silent: true }.write(line, server)
            }
            Stage::Expunge => Expunge { set: Some(set) }.write(line, server),
        }
    }

    /// RFC 6851 4.3: where the copies are is told before they are gone from here, so not with the tagged OK.
    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(
            response,
            Response::Status {
                status: Status::Ok,
                text: ResponseText { code: Some(Code::CopyUid { .. }), .. }
            }
        )
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Status { text, .. } = response {
            self.copied = Some(text);
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        self.stage = match self.stage {
            Stage::Copy => {
                self.copied = Some(text);
                Stage::Mark
            }
            Stage::Mark if self.can_expunge => Stage::Expunge,
            Stage::Move | Stage::Mark | Stage::Expunge => {
                return Step::Done(Ok(Done::Ok(self.copied.take().unwrap_or(text))));
            }
        };
        Step::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_selected;
    use crate::imap::{Command, Uid};

    fn to_archive() -> [Command; 1] {
        let set = UidSet::from(Uid::new(7).unwrap());
        [Move { set, mailbox: MailboxName::try_from("Archive").unwrap() }.into()]
    }

    #[test]
    fn at_once_where_the_server_can() {
        check_selected(
            "MOVE UIDPLUS",
            &to_archive(),
            "U: send
             C: A2 UID MOVE 7 Archive
             S: * OK [COPYUID 38505 7 1] moved
             S: * 3 EXPUNGE
             S: A2 OK done
             E: Expunge 3
             E: #0 Ok moved",
        );
    }

    #[test]
    fn step_by_step_where_it_cannot() {
        check_selected(
            "UIDPLUS",
            &to_archive(),
            "U: send
             C: A2 UID COPY 7 Archive
             S: A2 OK [COPYUID 38505 7 1] copied
             C: A3 UID STORE 7 +FLAGS.SILENT (\\Deleted)
             S: A3 OK marked
             C: A4 UID EXPUNGE 7
             S: * 3 EXPUNGE
             S: A4 OK gone
             E: Expunge 3
             E: #0 Ok copied",
        );
    }

    /// Without UIDPLUS nothing is expunged, since others' messages would go too.
    #[test]
    fn and_leaves_it_marked_where_a_single_one_cannot_be_removed() {
        check_selected(
            "",
            &to_archive(),
            "U: send
             C: A2 UID COPY 7 Archive
             S: A2 OK copied
             C: A3 UID STORE 7 +FLAGS.SILENT (\\Deleted)
             S: A3 OK marked
             E: #0 Ok copied",
        );
    }

    #[test]
    fn a_step_that_fails_ends_it() {
        check_selected(
            "UIDPLUS",
            &to_archive(),
            "U: send
             C: A2 UID COPY 7 Archive
             S: A2 NO [OVERQUOTA] full
             E: #0 Error the server refused: full",
        );
    }
}
