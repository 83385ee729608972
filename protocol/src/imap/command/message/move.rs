//! MOVE: put messages into another mailbox instead. RFC 6851, RFC 9051 section 6.4.8; always by UID.

use crate::imap::command::message::copied::Copied;
use crate::imap::command::message::{Copy, Expunge, Store, StoreAction};
use crate::imap::command::shared::{Answers, Batches, Footprint, Lookup, Server, Step, Stop, Task};
use crate::imap::writer::Writer;
use crate::imap::{
    Capability, Code, CommandError, Done, Flag, MailboxName, Response, ResponseText, State, Status, UidSet,
};

/// Moves messages of the open mailbox, with their flags, into another.
///
/// [`Done::Ok`] ends it, with the code [`Code::CopyUid`] where the server has UIDPLUS; that the messages are gone
/// from here is told as events.
///
/// Source: [RFC 6851], [RFC 9051 section 6.4.8].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Move;
/// use postern_protocol::imap::{MailboxName, Uid, UidSet};
///
/// let to_trash = Move { set: UidSet::from(Uid::new(7).unwrap()), mailbox: MailboxName::try_from("Trash")? };
/// assert_eq!(sent("MOVE", to_trash.clone()), ["UID MOVE 7 Trash"]);
/// assert_eq!(
///     sent("UIDPLUS", to_trash),
///     ["UID COPY 7 Trash", r"UID STORE 7 +FLAGS.SILENT (\Deleted)", "UID EXPUNGE 7"]
/// );
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// COPY, STORE of `\Deleted`, UID EXPUNGE (RFC 6851 section 3.3); it fails with the first of them that does, with
/// [`CommandError::Copied`] once the copies are there. Where the server lacks UIDPLUS too, the messages stay here
/// marked `\Deleted`: the plain EXPUNGE would remove what others marked as well. A server that takes only so many
/// messages at a time (MESSAGELIMIT, RFC 9738) is asked for the rest, batch by batch.
///
/// [RFC 6851]: https://www.rfc-editor.org/rfc/rfc6851
/// [RFC 9051 section 6.4.8]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.8
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Which messages.
    pub set: UidSet,
    /// Where to.
    pub mailbox: MailboxName,
}

impl Move {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Moving {
            command: self,
            stage: Stage::Move,
            can_expunge: false,
            batches: None,
            lookup: Lookup::default(),
            copied: Copied::default(),
            stop: Stop::default(),
        })
    }
}

#[derive(Debug)]
struct Moving {
    command: Move,
    stage: Stage,
    can_expunge: bool,
    /// What is left to move, where it does not go at once.
    batches: Option<Batches>,
    lookup: Lookup,
    /// What the server said of the copies.
    copied: Copied,
    stop: Stop,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Move,
    Copy,
    Mark,
    Expunge,
    /// A SEARCH for what is to be moved.
    Lookup,
}

impl Moving {
    /// The stage behind this one, for the same messages.
    fn next_stage(&self) -> Option<Stage> {
        match self.stage {
            Stage::Copy => Some(Stage::Mark),
            Stage::Mark if self.can_expunge => Some(Stage::Expunge),
            _ => None,
        }
    }
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
            Stage::Copy => Copy { set, mailbox }.write(line),
            Stage::Mark => {
                let mark = Store::new(set, StoreAction::Add, vec![Flag::Deleted]);
                Store { silent: true, ..mark }.write(line, server)
            }
            Stage::Expunge => Expunge { set: Some(set) }.write(line, server),
            Stage::Lookup => self.lookup.write(line, server, &set),
        }
    }

    /// RFC 6851 4.3: where the copies are is told before they are gone from here, so not with the tagged OK.
    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Status { status: Status::Ok, text } => matches!(text.code, Some(Code::CopyUid { .. })),
            other => self.stage == Stage::Lookup && Lookup::wants(other),
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::Status { text, .. } => self.copied.add(text),
            other => self.lookup.take(other),
        }
    }

    fn stop(&mut self) -> Option<&mut Stop> {
        Some(&mut self.stop)
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if self.stage == Stage::Copy {
            self.copied.add(text.clone());
        }
        if self.stage == Stage::Lookup
            && let Some(step) = self.lookup.ask_again()
        {
            return step;
        }
        if let Some(next) = self.next_stage() {
            self.stage = next;
            return Step::Again;
        }
        if self.stage == Stage::Lookup
            && let Some(batches) = &mut self.batches
        {
            batches.fill(std::mem::take(&mut self.lookup.found));
        }
        let batch = self.batches.as_mut().and_then(Batches::next);
        let Some(set) = self.stop.rest(&self.command.set, &text).or(batch) else {
            return Step::Done(Ok(Done::Ok(self.copied.finish(text))));
        };
        self.command.set = set;
        self.stage = Stage::Move;
        Step::Again
    }

    fn fail(&mut self, error: CommandError) -> Step {
        let first = self.batches.is_none();
        match Batches::after(&error).filter(|_| first) {
            Some(batches) => self.batches = Some(batches),
            None => return Step::Done(Err(self.copied.blame(error))),
        }
        self.stage = Stage::Lookup;
        Step::Again
    }

    fn cut_off(&mut self, error: CommandError) -> CommandError {
        self.copied.blame(error)
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

    /// Whoever asks again must know that there are copies.
    #[test]
    fn what_fails_after_the_copies_says_so() {
        check_selected(
            "UIDPLUS",
            &to_archive(),
            "U: send
             C: A2 UID COPY 7 Archive
             S: A2 OK [COPYUID 38505 7 1] copied
             C: A3 UID STORE 7 +FLAGS.SILENT (\\Deleted)
             S: A3 NO [NOPERM] not yours
             E: #0 Error the messages were copied, but: the server refused: not yours",
        );
    }

    #[test]
    fn a_lost_link_tells_of_the_copies() {
        check_selected(
            "UIDPLUS",
            &to_archive(),
            "U: send
             C: A2 UID COPY 7 Archive
             S: A2 OK [COPYUID 38505 7 1] copied
             C: A3 UID STORE 7 +FLAGS.SILENT (\\Deleted)
             U: closed
             E: #0 Error the messages were copied, but: the connection is closed
             E: Closed the link ended",
        );
    }

    /// RFC 9738: the rest beyond the limit is moved, too, whichever way the server tells of it.
    #[test]
    fn all_are_moved_where_the_server_takes_few_at_a_time() {
        let set = UidSet::from(Uid::new(3).unwrap()..=Uid::new(9).unwrap());
        let all = || [Move { set: set.clone(), mailbox: MailboxName::inbox() }.into()];
        check_selected(
            "MOVE MESSAGELIMIT=2",
            &all(),
            "U: send
             C: A2 UID MOVE 3:9 INBOX
             S: * OK [COPYUID 5 8:9 1:2] moved
             S: A2 OK [MESSAGELIMIT 2 8] not all
             C: A3 UID MOVE 3:7 INBOX
             S: * OK [COPYUID 5 3 3] moved
             S: A3 OK done
             E: #0 Ok moved",
        );
        check_selected(
            "UIDPLUS MESSAGELIMIT=2",
            &all(),
            "U: send
             C: A2 UID COPY 3:9 INBOX
             S: A2 NO [MESSAGELIMIT 2] too many
             C: A3 UID SEARCH UID 3:9
             S: * SEARCH 3 4 7
             S: A3 OK done
             C: A4 UID COPY 3:4 INBOX
             S: A4 OK copied
             C: A5 UID STORE 3:4 +FLAGS.SILENT (\\Deleted)
             S: A5 OK marked
             C: A6 UID EXPUNGE 3:4
             S: A6 OK gone
             C: A7 UID COPY 7 INBOX
             S: A7 NO [OVERQUOTA] full
             E: #0 Error the messages were copied, but: the server refused: full",
        );
    }
}
