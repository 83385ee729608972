//! THREAD: find messages, by conversation. RFC 5256 section 3; always by UID.

mod containers;
mod forest;
mod ordered_subject;
mod references;

use crate::imap::command::message::FetchAttribute;
use crate::imap::command::search::SearchKey;
use crate::imap::command::search::collate::{self, Facts, Gather, Next};
use crate::imap::command::shared::{Answers, Footprint, Server, Step, Task};
use crate::imap::types::{SeqNo, Threads};
use crate::imap::writer::Writer;
use crate::imap::{Capability, Code, CommandError, Done, Response, ResponseText, State};

/// Finds messages of the open mailbox and puts each behind what it answers.
///
/// [`Done::Threads`] ends it. The threads stand in the order of their first messages' dates.
///
/// Source: [RFC 5256 section 3].
///
/// # Examples
/// ```
#[doc = include_str!("../../example.md")]
/// use postern_protocol::imap::command::{SearchKey, Thread, ThreadBy};
///
/// let conversations = Thread { by: ThreadBy::References, search: SearchKey::All };
/// assert_eq!(sent("THREAD=REFERENCES", conversations.clone())[0], "UID THREAD REFERENCES UTF-8 ALL");
/// assert_eq!(sent("", conversations), ["UID SEARCH ALL"], "and a FETCH of what it finds");
/// ```
///
/// # Where the server lacks it
/// A SEARCH and a FETCH of what links messages follow, and the client threads them, as RFC 5256 has it: with any
/// number of messages and any depth, in time that grows little faster than their number. Of a `References:` header
/// the first 4,096 octets are read. The same where the server says OK and tells nothing.
///
/// [RFC 5256 section 3]: https://www.rfc-editor.org/rfc/rfc5256#section-3
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// What makes messages one conversation.
    pub by: ThreadBy,
    /// What the messages must be like.
    pub search: SearchKey,
}

/// What makes messages one conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThreadBy {
    /// Their subjects: every answer stands right below the first message.
    OrderedSubject,
    /// Which answers which, and the subjects of those that say nothing of it.
    #[default]
    References,
    /// Which answers which, whatever the subjects are (`REFS`, of Dovecot and Cyrus).
    Refs,
}

impl ThreadBy {
    fn word(self) -> &'static str {
        match self {
            Self::OrderedSubject => "ORDEREDSUBJECT",
            Self::References => "REFERENCES",
            Self::Refs => "REFS",
        }
    }

    fn capability(self) -> Capability {
        match self {
            Self::OrderedSubject => Capability::ThreadOrderedSubject,
            Self::References => Capability::ThreadReferences,
            Self::Refs => Capability::ThreadRefs,
        }
    }

    fn reads(self) -> Vec<FetchAttribute> {
        let mut items = vec![FetchAttribute::InternalDate, FetchAttribute::Envelope];
        items.extend((self != Self::OrderedSubject).then(collate::references));
        items
    }

    /// RFC 5256 section 3: "there are no grandchildren in ORDEREDSUBJECT threading". Courier goes by an older draft, where
    /// each message stood below the one before it.
    fn flatten(self, threads: &mut Threads) {
        if self == Self::OrderedSubject {
            threads.nodes.iter_mut().for_each(|node| node.depth = node.depth.min(1));
        }
    }

    fn threads(self, mut facts: Vec<Facts>) -> Threads {
        // S11: a server may name a message twice.
        facts.sort_unstable_by_key(|facts| facts.uid);
        facts.dedup_by_key(|facts| facts.uid);
        match self {
            Self::OrderedSubject => ordered_subject::threads(&facts),
            Self::References => references::threads(&facts, references::Subjects::Merge),
            Self::Refs => references::threads(&facts, references::Subjects::Ignore),
        }
    }
}

impl Thread {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Threading { command: self, threads: None, own: None })
    }
}

#[derive(Debug)]
struct Threading {
    command: Thread,
    /// What the server told; none before it told anything.
    threads: Option<Threads>,
    /// The steps towards threading by ourselves.
    own: Option<Gather>,
}

impl Threading {
    fn thread_ourselves(&mut self) {
        self.own = Some(Gather::new(self.command.search.clone(), self.command.by.reads()));
    }

    fn follow(&mut self, next: Next) -> Step {
        match next {
            Next::Again => Step::Again,
            Next::Failed(error) => Step::Done(Err(error)),
            Next::Ready(facts) => Step::Done(Ok(Done::Threads(self.command.by.threads(facts)))),
        }
    }
}

impl Task for Threading {
    fn footprint(&self) -> Footprint {
        Gather::footprint(self.own.as_ref(), &self.command.search)
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::Selected
    }

    fn expunged(&mut self, gone: SeqNo) -> bool {
        match &mut self.own {
            Some(own) => own.expunged(gone),
            None => self.command.search.expunged(gone),
        }
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.own.is_none() && !server.has(&self.command.by.capability()) {
            self.thread_ourselves();
        }
        if let Some(own) = &mut self.own {
            return own.write(line, server);
        }
        line.arg("UID THREAD ").words(self.command.by.word()).words(" UTF-8 ");
        self.command.search.write(line, server)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match &self.own {
            Some(own) => own.wants(response),
            None => matches!(response, Response::Thread(_)),
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match (&mut self.own, response) {
            (Some(own), response) => own.take(response),
            (None, Response::Thread(mut threads)) => {
                self.command.by.flatten(&mut threads);
                self.threads.get_or_insert_default().nodes.extend(threads.nodes);
            }
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if let Some(own) = &mut self.own {
            let next = own.succeed(text);
            return self.follow(next);
        }
        // RFC 5256 section 4: THREAD is an answer also where it names nothing.
        let Some(threads) = self.threads.take() else {
            self.thread_ourselves();
            return Step::Again;
        };
        Step::Done(Ok(Done::Threads(threads)))
    }

    fn fail(&mut self, error: CommandError) -> Step {
        if let Some(own) = &mut self.own {
            let next = own.fail(error);
            return self.follow(next);
        }
        let CommandError::Refused(ResponseText { code: Some(Code::BadCharset(_)), .. }) = &error else {
            return Step::Done(Err(error));
        };
        self.thread_ourselves();
        Step::Again
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::transcript::check_selected;

    fn all(by: ThreadBy) -> [Command; 1] {
        [Thread { by, search: SearchKey::All }.into()]
    }

    #[test]
    fn the_server_threads_where_it_can() {
        check_selected(
            "THREAD=REFERENCES",
            &all(ThreadBy::References),
            "U: send
             C: A2 UID THREAD REFERENCES UTF-8 ALL
             S: * THREAD (2)(3 6 (4 23)(44 7 96))
             S: A2 OK done
             E: #0 Threads 2 3 .6 ..4 ...23 ..44 ...7 ....96",
        );
    }

    #[test]
    fn a_server_that_threads_without_telling_is_threaded_for() {
        check_selected(
            "THREAD=REFERENCES",
            &[all(ThreadBy::References), all(ThreadBy::References)].concat(),
            "U: send
             C: A2 UID THREAD REFERENCES UTF-8 ALL
             S: * THREAD
             S: A2 OK done
             E: #0 Threads
             U: send
             C: A3 UID THREAD REFERENCES UTF-8 ALL
             S: A3 OK done
             C: A4 UID SEARCH ALL
             S: * SEARCH
             S: A4 OK done
             E: #1 Threads",
        );
    }

    #[test]
    fn by_subject_there_are_no_grandchildren_on_courier() {
        check_selected(
            "THREAD=ORDEREDSUBJECT",
            &all(ThreadBy::OrderedSubject),
            "U: send
             C: A2 UID THREAD ORDEREDSUBJECT UTF-8 ALL
             S: * THREAD (1 3 5)(2)((4)(6))
             S: A2 OK done
             E: #0 Threads 1 .3 .5 2 ? .4 .6",
        );
    }

    #[test]
    fn the_client_threads_where_the_server_cannot() {
        check_selected(
            "THREAD=ORDEREDSUBJECT",
            &all(ThreadBy::References),
            "U: send
             C: A2 UID SEARCH ALL
             S: * SEARCH 5 6 7
             S: A2 OK done
             C: A3 UID FETCH 5:7 (INTERNALDATE ENVELOPE BODY.PEEK[HEADER.FIELDS (References)]<0.4096>)
             S: * 1 FETCH (UID 5 BODY[HEADER.FIELDS (REFERENCES)]<0> \"\" ENVELOPE (\"1 Nov 2026 10:00 +0000\" \"a\" NIL NIL NIL NIL NIL NIL NIL \"<5@h>\"))
             S: * 2 FETCH (UID 6 BODY[HEADER.FIELDS (REFERENCES)]<0> \"References: <5@h>\" ENVELOPE (\"2 Nov 2026 10:00 +0000\" \"b\" NIL NIL NIL NIL NIL NIL NIL \"<6@h>\"))
             S: * 3 FETCH (UID 7 BODY[HEADER.FIELDS (REFERENCES)]<0> NIL ENVELOPE (\"3 Nov 2026 10:00 +0000\" \"c\" NIL NIL NIL NIL NIL NIL \"<6@h>\" NIL))
             S: A3 OK done
             E: #0 Threads 5 .6 ..7",
        );
        check_selected(
            "",
            &all(ThreadBy::OrderedSubject),
            "U: send
             C: A2 UID SEARCH ALL
             S: * SEARCH 5 6
             S: A2 OK done
             C: A3 UID FETCH 5:6 (INTERNALDATE ENVELOPE)
             S: * 1 FETCH (UID 5 ENVELOPE (\"2 Nov 2026 10:00 +0000\" \"Re: a\" NIL NIL NIL NIL NIL NIL NIL NIL))
             S: * 2 FETCH (UID 6 ENVELOPE (\"1 Nov 2026 10:00 +0000\" \"a\" NIL NIL NIL NIL NIL NIL NIL NIL))
             S: A3 OK done
             E: #0 Threads 6 .5",
        );
    }
}
