//! REPLACE: store a message in the place of another. RFC 8508; always by UID.

use crate::imap::command::message::{Expunge, NewMessage, Store, StoreAction};
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task};
use crate::imap::writer::Writer;
use crate::imap::{
    Appended, Capability, Code, CommandError, Done, Flag, MailboxName, Misuse, Response, ResponseText, State,
    Status, Uid, UidSet,
};

/// Stores a message, most often the next version of a draft, and removes another from the open mailbox.
///
/// [`Done::Appended`] ends it, as for [`Append`](crate::imap::command::Append); a message may be streamed as there, too.
///
/// Source: [RFC 8508].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Mode, NewMessage, Replace, Select};
/// use postern_protocol::imap::{Config, Connection, Flag, MailboxName, Uid};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// let drafts = MailboxName::try_from("Drafts")?;
/// connection.send(Select::new(drafts.clone(), Mode::ReadWrite), now);
/// let message = NewMessage::from(b"Subject: Tea, at five\r\n\r\n".to_vec()).flags([Flag::Draft]);
/// connection.send(Replace { uid: Uid::new(20).unwrap(), mailbox: drafts, message }, now);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// APPEND, then STORE of `\Deleted` and UID EXPUNGE for the one old message and no other. It fails with the first of them
/// that does, with [`CommandError::Partial`] once the new message is stored. Where the server lacks UIDPLUS too, the old
/// message stays here marked `\Deleted`: the plain EXPUNGE would remove what others marked as well.
///
/// [RFC 8508]: https://www.rfc-editor.org/rfc/rfc8508
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replace {
    /// The message that goes, of the open mailbox.
    pub uid: Uid,
    /// Where the new one is stored: most often the open mailbox itself.
    pub mailbox: MailboxName,
    /// The new one.
    pub message: NewMessage,
}

impl Replace {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let Self { uid, mailbox, message } = self;
        Box::new(Replacing {
            old: UidSet::from(uid),
            mailbox,
            message: Some(message),
            stage: Stage::Replace,
            can_expunge: false,
            done: Appended::default(),
            told_before: None,
        })
    }
}

#[derive(Debug)]
struct Replacing {
    old: UidSet,
    mailbox: MailboxName,
    /// Until it is written.
    message: Option<NewMessage>,
    stage: Stage,
    can_expunge: bool,
    done: Appended,
    /// Where the new message is, once that was told.
    told_before: Option<Code>,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Replace,
    Append,
    Mark,
    Expunge,
}

impl Task for Replacing {
    /// Alone: numbers move, and the steps of the fallback must not be parted.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.stage == Stage::Replace && !server.has(&Capability::Replace) {
            self.stage = Stage::Append;
            self.can_expunge = server.has_or_rev2(&Capability::UidPlus);
        }
        let set = self.old.clone();
        match self.stage {
            Stage::Replace | Stage::Append => {
                let message = self.message.take().ok_or(Misuse::EmptyMessage)?;
                message.check(server.append_limit().flatten(), server)?;
                if self.stage == Stage::Replace {
                    line.arg("UID REPLACE ").set(&set)?.words(" ");
                } else {
                    line.arg("APPEND ");
                }
                line.mailbox(&self.mailbox)?;
                Ok(message.write(line)?)
            }
            Stage::Mark => {
                let (action, flags) = (StoreAction::Add, vec![Flag::Deleted]);
                Store { silent: true, ..Store::new(set, action, flags) }.write(line, server)
            }
            Stage::Expunge => Expunge { set: Some(set) }.write(line, server),
        }
    }

    /// RFC 8508 4.3: where the new message is is told before the old one goes, so not with the tagged OK.
    fn wants(&self, response: &Response<'_>) -> bool {
        self.stage == Stage::Replace
            && matches!(
                response,
                Response::Status {
                    status: Status::Ok,
                    text: ResponseText { code: Some(Code::AppendUid { .. }), .. }
                }
            )
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Status { text, .. } = response {
            self.told_before = text.code;
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        self.stage = match self.stage {
            Stage::Append => {
                self.done.take(1, text);
                Stage::Mark
            }
            Stage::Mark if self.can_expunge => Stage::Expunge,
            Stage::Replace => {
                let code = text.code.or(self.told_before.take());
                self.done.take(1, ResponseText { code, ..text });
                return Step::Done(Ok(Done::Appended(std::mem::take(&mut self.done))));
            }
            Stage::Mark | Stage::Expunge => {
                return Step::Done(Ok(Done::Appended(std::mem::take(&mut self.done))));
            }
        };
        Step::Again
    }

    fn fail(&mut self, error: CommandError) -> Step {
        Step::Done(Err(self.done.partial(error)))
    }

    fn cut_off(&mut self, error: CommandError) -> CommandError {
        self.done.partial(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check_selected;

    fn replace(message: NewMessage) -> [Command; 1] {
        let mailbox = MailboxName::try_from("Drafts").unwrap();
        [Replace { uid: Uid::new(4).unwrap(), mailbox, message: message.flags([Flag::Draft]) }.into()]
    }

    fn draft() -> [Command; 1] {
        replace(NewMessage::from(b"abc".to_vec()))
    }

    /// RFC 8508 section 4.3.
    #[test]
    fn at_once_where_the_server_can() {
        check_selected(
            "REPLACE UIDPLUS LITERAL+",
            &draft(),
            "U: send
             C: A2 UID REPLACE 4 Drafts (\\Draft) {3+}
             C: abc
             S: * OK [APPENDUID 1 2000] ready
             S: * 5 EXISTS
             S: * 4 EXPUNGE
             S: A2 OK replaced
             E: Exists 5
             E: Expunge 4
             E: #0 Appended 1 validity=1 2000",
        );
    }

    #[test]
    fn a_stream_replaces_as_well() {
        check_selected(
            "REPLACE LITERAL+",
            &replace(NewMessage::stream(3)),
            "U: send
             C: A2 UID REPLACE 4 Drafts (\\Draft) {3+}
             E: #0 Wanted 3
             U: chunk 0 abc
             C: abc
             S: A2 OK [APPENDUID 1 2000] replaced
             E: #0 Appended 1 validity=1 2000",
        );
    }

    #[test]
    fn step_by_step_where_it_cannot() {
        check_selected(
            "UIDPLUS LITERAL+",
            &draft(),
            "U: send
             C: A2 APPEND Drafts (\\Draft) {3+}
             C: abc
             S: A2 OK [APPENDUID 1 2000] stored
             C: A3 UID STORE 4 +FLAGS.SILENT (\\Deleted)
             S: A3 OK marked
             C: A4 UID EXPUNGE 4
             S: * 4 EXPUNGE
             S: A4 OK gone
             E: Expunge 4
             E: #0 Appended 1 validity=1 2000",
        );
    }

    #[test]
    fn and_leaves_the_old_one_marked_where_a_single_one_cannot_be_removed() {
        check_selected(
            "LITERAL+",
            &draft(),
            "U: send
             C: A2 APPEND Drafts (\\Draft) {3+}
             C: abc
             S: A2 OK stored
             C: A3 UID STORE 4 +FLAGS.SILENT (\\Deleted)
             S: A3 OK marked
             E: #0 Appended 1 validity=?",
        );
    }

    /// The old message goes only once the new one is there.
    #[test]
    fn what_is_not_stored_replaces_nothing() {
        check_selected(
            "UIDPLUS LITERAL+",
            &draft(),
            "U: send
             C: A2 APPEND Drafts (\\Draft) {3+}
             C: abc
             S: A2 NO [OVERQUOTA] full
             E: #0 Error the server refused: full",
        );
        check_selected(
            "UIDPLUS LITERAL+",
            &draft(),
            "U: send
             C: A2 APPEND Drafts (\\Draft) {3+}
             C: abc
             S: A2 OK stored
             C: A3 UID STORE 4 +FLAGS.SILENT (\\Deleted)
             S: A3 NO read only
             E: #0 Error 1 of the messages are stored, but: the server refused: read only",
        );
    }
}
