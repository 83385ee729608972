//! Where copies are, after one command or several. RFC 4315 section 3. A COPYUID whose sides are not equally long names
//! nothing that can be relied on, and is dropped.

use crate::imap::{Code, CommandError, ResponseText, UidSet};

/// What the server said to copies that were made in several steps, as if it had been one.
#[derive(Debug, Default)]
pub(super) struct Copied {
    text: Option<ResponseText>,
}

impl Copied {
    /// Adds what it said to one step: the words of the last, and all its COPYUIDs as one.
    pub(super) fn add(&mut self, mut next: ResponseText) {
        next.code = next.code.filter(|code| !is_uneven(code));
        let Some(text) = &mut self.text else {
            self.text = Some(next);
            return;
        };
        text.text = next.text;
        match (&mut text.code, next.code) {
            (
                Some(Code::CopyUid { uid_validity, from, to }),
                Some(Code::CopyUid { uid_validity: same, from: more, to: its }),
            ) if *uid_validity == same && !more.without(from).is_empty() => {
                extend(from, &more);
                extend(to, &its);
            }
            (Some(Code::CopyUid { .. }), _) => {}
            (code, next) => *code = next,
        }
    }

    /// An error that comes too late to leave everything as it was.
    pub(super) fn blame(&mut self, error: CommandError) -> CommandError {
        match self.text.take() {
            Some(copies) => CommandError::Copied { copies: copies.into(), error: error.into() },
            None => error,
        }
    }

    /// All that was said; `last` where nothing was before it.
    pub(super) fn finish(&mut self, last: ResponseText) -> ResponseText {
        if self.text.is_none() {
            self.add(last);
        }
        self.text.take().unwrap_or_default()
    }
}

/// RFC 4315 section 3: the n-th of the one set became the n-th of the other.
fn is_uneven(code: &Code) -> bool {
    matches!(code, Code::CopyUid { from, to, .. } if from.count() != to.count() || from.is_empty())
}

fn extend(set: &mut UidSet, more: &UidSet) {
    more.ranges().for_each(|range| set.push_range(*range.start(), *range.end()));
}

#[cfg(test)]
mod tests {
    use crate::Time;
    use crate::imap::command::{Copy, Move};
    use crate::imap::transcript::check_selected;
    use crate::imap::{
        Code, Command, CommandError, Config, Connection, Done, Event, MailboxName, Output, Uid, UidSet,
    };

    /// What the server's answer to a copy or move of 3:5 is told as.
    fn told(command: impl Into<Command>, answer: &str) -> Option<Code> {
        let mut connection = Connection::new(Config::default(), Time::ZERO);
        let say = |connection: &mut Connection, line: &str| {
            connection.handle_input(format!("{line}\r\n").as_bytes(), Time::ZERO);
            let mut told = None;
            while let Some(output) = connection.poll_output() {
                if let Output::Event(Event::Done(_, done)) = output {
                    told = Some(done);
                }
            }
            told
        };
        say(&mut connection, "* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS MOVE] hi");
        let inbox = crate::imap::command::Select::new(MailboxName::inbox(), Default::default());
        connection.send(inbox, Time::ZERO);
        while connection.poll_output().is_some() {}
        say(&mut connection, "A1 OK open");
        connection.send(command.into(), Time::ZERO);
        while connection.poll_output().is_some() {}
        let mut done = None;
        for line in answer.split('|') {
            done = say(&mut connection, line);
        }
        match done {
            Some(Ok(Done::Ok(text))) => text.code,
            Some(Err(CommandError::Copied { copies, .. })) => copies.code,
            other => panic!("{other:?}"),
        }
    }

    fn three() -> UidSet {
        UidSet::from(Uid::new(3).unwrap()..=Uid::new(5).unwrap())
    }

    #[test]
    fn a_copyuid_of_unequal_lengths_is_dropped() {
        let copy = || Copy { set: three(), mailbox: MailboxName::inbox() };
        let r#move = || Move { set: three(), mailbox: MailboxName::inbox() };
        assert!(matches!(told(copy(), "A2 OK [COPYUID 1 3:5 7:9] done"), Some(Code::CopyUid { .. })));
        for code in ["1 3:5 7:8", "1 3:4 7:9", "1 3:5 7", "1 3 7:4294967295"] {
            assert_eq!(told(copy(), &format!("A2 OK [COPYUID {code}] done")), None, "{code}");
            assert_eq!(told(r#move(), &format!("A2 OK [COPYUID {code}] done")), None, "{code}");
            assert_eq!(told(r#move(), &format!("* OK [COPYUID {code}] copied|A2 OK done")), None, "{code}");
        }
    }

    /// RFC 4315 has it in the tagged OK; one that comes before it is no worse.
    #[test]
    fn a_copyuid_before_the_ok_counts() {
        let copy = Copy { set: three(), mailbox: MailboxName::inbox() };
        let code = told(copy, "* OK [COPYUID 1 3:5 7:9] copied|A2 OK done");
        assert!(matches!(code, Some(Code::CopyUid { .. })), "{code:?}");
    }

    #[test]
    fn an_uneven_copyuid_is_dropped_from_what_is_half_done() {
        check_selected(
            "UIDPLUS",
            &[Move { set: three(), mailbox: MailboxName::inbox() }.into()],
            "U: send
             C: A2 UID COPY 3:5 INBOX
             S: A2 OK [COPYUID 1 3:5 7] copied
             C: A3 UID STORE 3:5 +FLAGS.SILENT (\\Deleted)
             S: A3 NO read-only
             E: #0 Error the messages were copied, but: the server refused: read-only",
        );
    }
}
