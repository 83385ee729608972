//! SELECT and EXAMINE: open a mailbox. RFC 9051 sections 6.3.2 and 6.3.3; RFC 7162 section 3.1.8 for CONDSTORE.

use super::super::connection::{Footprint, Selected};
use super::super::writer::Writer;
use super::super::{
    Capability, Code, CommandError, Done, MailboxName, Response, ResponseText, SeqNo, Status,
};
use super::{Answers, Server, Step, Task, Transition};

/// Opens a mailbox; the one that was open is closed, also where this fails.
///
/// [`Done::Selected`] ends it with all that the server told. CONDSTORE is asked
/// for where the server has it, so that flags come with their modification sequences from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// Which mailbox.
    pub mailbox: MailboxName,
    /// Whether anything is to be changed in it.
    pub mode: Mode,
}

/// Whether a mailbox is opened to change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// SELECT. The server may still allow reading only: see [`Selected::read_only`].
    #[default]
    ReadWrite,
    /// EXAMINE: nothing changes, not even `\Recent`.
    ReadOnly,
}

impl Select {
    /// Opens a mailbox of which nothing is known yet.
    #[must_use]
    pub fn new(mailbox: MailboxName, mode: Mode) -> Self {
        Self { mailbox, mode }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        let selected = Selected { read_only: self.mode == Mode::ReadOnly, ..Selected::default() };
        Box::new(Selecting { command: self, selected })
    }
}

#[derive(Debug)]
struct Selecting {
    command: Select,
    selected: Selected,
}

impl Selecting {
    fn note(&mut self, code: &Code) {
        match code {
            Code::UidValidity(validity) => self.selected.uid_validity = Some(*validity),
            Code::UidNext(uid) => self.selected.uid_next = Some(*uid),
            Code::Unseen(seq) => self.selected.unseen = SeqNo::new(*seq),
            Code::HighestModSeq(mod_seq) => self.selected.highest_mod_seq = Some(*mod_seq),
            Code::PermanentFlags(flags) => self.selected.permanent_flags = Some(flags.iter().collect()),
            Code::ReadOnly => self.selected.read_only = true,
            _ => {}
        }
    }
}

impl Task for Selecting {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        line.words(match self.command.mode {
            Mode::ReadWrite => " SELECT ",
            Mode::ReadOnly => " EXAMINE ",
        });
        line.mailbox(&self.command.mailbox)?;
        if server.has(&Capability::CondStore) {
            line.arg("(CONDSTORE)");
        }
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Exists(_) | Response::Flags(_) => true,
            Response::Status { status: Status::Ok, text } => {
                text.code.as_ref().is_some_and(is_about_the_mailbox)
            }
            // RFC 3501 knew \Recent; nobody needs the count.
            Response::Recent(_) => true,
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::Exists(count) => self.selected.exists = count,
            Response::Flags(flags) => self.selected.flags = flags.iter().collect(),
            Response::Status { text, .. } => {
                if let Some(code) = &text.code {
                    self.note(code);
                }
            }
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if let Some(code) = &text.code {
            self.note(code);
        }
        Step::Done(Ok(Done::Selected(std::mem::take(&mut self.selected))))
    }

    /// RFC 9051 6.3.2: a SELECT that fails leaves no mailbox open.
    fn transition(&self, success: bool) -> Option<Transition> {
        Some(if success {
            Transition::Selected(self.command.mailbox.clone())
        } else {
            Transition::Deselected
        })
    }
}

/// Whether an untagged OK tells something of the mailbox that is being opened.
fn is_about_the_mailbox(code: &Code) -> bool {
    matches!(
        code,
        Code::UidValidity(_)
            | Code::UidNext(_)
            | Code::Unseen(_)
            | Code::HighestModSeq(_)
            | Code::NoModSeq
            | Code::PermanentFlags(_)
            | Code::UidNotSticky
            | Code::Closed
            | Code::MailboxId(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::command::Noop;
    use crate::imap::transcript::{check_authenticated, check_selected};

    fn select(name: &str, mode: Mode) -> Command {
        Select { mailbox: MailboxName::try_from(name).unwrap(), mode }.into()
    }

    #[test]
    fn all_that_the_server_tells_comes_in_one() {
        check_authenticated(
            "CONDSTORE",
            &[select("INBOX", Mode::ReadWrite)],
            "U: send
             C: A1 SELECT INBOX (CONDSTORE)
             S: * FLAGS (\\Seen \\Deleted)
             S: * OK [PERMANENTFLAGS (\\Seen \\*)] limited
             S: * 172 EXISTS
             S: * 1 RECENT
             S: * OK [UNSEEN 12] first
             S: * OK [UIDVALIDITY 3857529045] valid
             S: * OK [UIDNEXT 4392] next
             S: * OK [HIGHESTMODSEQ 715194045007] seq
             S: A1 OK [READ-WRITE] open
             E: #0 Selected exists=172 validity=Some(3857529045) next=Some(4392) read_only=false",
        );
    }

    #[test]
    fn examine_reads_only_and_so_may_select() {
        check_authenticated(
            "",
            &[select("a b", Mode::ReadOnly), select("c", Mode::ReadWrite)],
            "U: send
             C: A1 EXAMINE \"a b\"
             S: * 0 EXISTS
             S: A1 OK open
             E: #0 Selected exists=0 validity=None next=None read_only=true
             U: send
             C: A2 SELECT c
             S: * 1 EXISTS
             S: A2 OK [READ-ONLY] open
             E: #1 Selected exists=1 validity=None next=None read_only=true",
        );
    }

    /// It changes what the next command means, so nothing is pipelined behind it.
    #[test]
    fn what_comes_behind_waits() {
        check_selected(
            "",
            &[Noop.into(), select("b", Mode::ReadWrite), Noop.into()],
            "U: send
             C: A2 NOOP
             U: send
             U: send
             S: A2 OK done
             E: #0 Ok done
             C: A3 SELECT b
             S: A3 NO [NONEXISTENT] gone
             E: #1 Error the server refused: gone
             C: A4 NOOP
             S: A4 OK done
             E: #2 Ok done",
        );
    }
}
