//! COPY: put messages into another mailbox as well. RFC 9051 section 6.4.7; always by UID.

use crate::imap::command::message::copied::Copied;
use crate::imap::command::shared::{
    Answers, Batches, Footprint, Lookup, Messages, Server, Step, Task, Touch,
};
use crate::imap::writer::Writer;
use crate::imap::{Code, CommandError, Done, MailboxName, Response, ResponseText, State, Status, UidSet};

/// Copies messages of the open mailbox, with their flags, into another. Every server has it.
///
/// [`Done::Ok`] ends it; its code is [`Code::CopyUid`] where the server has UIDPLUS.
/// Either all are copied or none is. Where the mailbox is not there, the refusal's code is
/// [`Code::TryCreate`].
///
/// Source: [RFC 9051 section 6.4.7] and, by UID, [RFC 9051 section 6.4.9]; [RFC 4315 section 3] for where the copies
/// are.
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Copy;
/// use postern_protocol::imap::{MailboxName, Uid, UidSet};
///
/// let set: UidSet = [3, 4, 5].into_iter().filter_map(Uid::new).collect();
/// let copy = Copy { set, mailbox: MailboxName::try_from("Archive/2026")? };
/// assert_eq!(sent("UIDPLUS", copy), ["UID COPY 3:5 Archive/2026"]);
/// # Ok::<(), postern_protocol::imap::InvalidMailboxName>(())
/// ```
///
/// # Where the server lacks it
/// A server that copies only so many messages at a time (MESSAGELIMIT, RFC 9738) is asked for one batch after the
/// other. Where one fails, [`CommandError::Copied`] says that those before it are copied already.
///
/// [RFC 9051 section 6.4.7]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.7
/// [RFC 9051 section 6.4.9]: https://www.rfc-editor.org/rfc/rfc9051#section-6.4.9
/// [RFC 4315 section 3]: https://www.rfc-editor.org/rfc/rfc4315#section-3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Which messages.
    pub set: UidSet,
    /// Where to.
    pub mailbox: MailboxName,
}

impl Copy {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Copying { command: self, batches: None, lookup: None, copied: Copied::default() })
    }

    pub(super) fn write(&self, line: &mut Writer) -> Result<(), CommandError> {
        line.arg("UID COPY ").set(&self.set)?.words(" ").mailbox(&self.mailbox)?;
        Ok(())
    }
}

#[derive(Debug)]
struct Copying {
    command: Copy,
    /// What is left to copy, where it does not go at once.
    batches: Option<Batches>,
    /// While it must be found out which messages there are.
    lookup: Option<Lookup>,
    copied: Copied,
}

impl Task for Copying {
    /// The copies have the flags that the originals have then, so a change of these comes before or after.
    fn footprint(&self) -> Footprint {
        let mut touches = vec![Touch::WriteFlags(Messages::Uids(self.command.set.clone()))];
        touches.extend(self.lookup.is_some().then_some(Lookup::TOUCH));
        Footprint::of(touches)
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        match &mut self.lookup {
            Some(lookup) => lookup.write(line, server, &self.command.set),
            None => self.command.write(line),
        }
    }

    /// Where the copies are stands in the tagged OK, but for servers that tell it before.
    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Status { status: Status::Ok, text } => matches!(text.code, Some(Code::CopyUid { .. })),
            other => self.lookup.is_some() && Lookup::wants(other),
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match (response, &mut self.lookup) {
            (Response::Status { text, .. }, _) => self.copied.add(text),
            (other, Some(lookup)) => lookup.take(other),
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if let Some(step) = self.lookup.as_mut().and_then(Lookup::ask_again) {
            return step;
        }
        match (self.lookup.take(), &mut self.batches) {
            (Some(lookup), Some(batches)) => batches.fill(lookup.found),
            _ => self.copied.add(text.clone()),
        }
        match self.batches.as_mut().and_then(Batches::next) {
            Some(set) => self.command.set = set,
            None => return Step::Done(Ok(Done::Ok(self.copied.finish(text)))),
        }
        Step::Again
    }

    fn fail(&mut self, error: CommandError) -> Step {
        let first = self.batches.is_none();
        match Batches::after(&error).filter(|_| first) {
            Some(batches) => self.batches = Some(batches),
            None => return Step::Done(Err(self.copied.blame(error))),
        }
        self.lookup = Some(Lookup::default());
        Step::Again
    }

    fn cut_off(&mut self, error: CommandError) -> CommandError {
        self.copied.blame(error)
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

    /// RFC 9738 section 3.1: a COPY beyond the limit copies nothing, so it is made in batches.
    #[test]
    fn goes_in_batches_where_the_server_says_so() {
        let set = UidSet::from(Uid::new(3).unwrap()..=Uid::new(9).unwrap());
        check_selected(
            "UIDPLUS MESSAGELIMIT=2",
            &[Copy { set, mailbox: MailboxName::inbox() }.into()],
            "U: send
             C: A2 UID COPY 3:9 INBOX
             S: A2 NO [MESSAGELIMIT 2] too many
             C: A3 UID SEARCH UID 3:9
             S: * SEARCH 3 8 9
             S: A3 OK done
             C: A4 UID COPY 3,8 INBOX
             S: A4 OK [COPYUID 5 3,8 1:2] done
             C: A5 UID COPY 9 INBOX
             S: A5 OK [COPYUID 5 9 3] all done
             E: #0 Ok all done",
        );
    }
}
