//! APPEND: store messages in a mailbox. RFC 9051 section 6.3.12; RFC 3502 for many at once, RFC 7889 for how large,
//! RFC 4315 for where they went.

use crate::imap::command::message::NewMessage;
use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{
    Appended, Capability, Code, CommandError, Done, MailboxName, Misuse, Response, ResponseText, Status,
};
use std::collections::VecDeque;

/// Stores messages in a mailbox, one or many.
///
/// [`Done::Appended`] ends it, with the UIDs where the server has UIDPLUS. A refusal with
/// [`Code::TryCreate`] says that the mailbox has to be made first; one with
/// [`Code::OverQuota`] or [`Code::TooBig`], that there is
/// no room.
///
/// A message in memory goes out as one; [`NewMessage::stream`] is asked for in pieces, and never held:
/// [`Item::Wanted`](crate::imap::Item::Wanted) says how much of it may be handed to
/// [`Connection::append_chunk`](crate::imap::Connection::append_chunk) next.
///
/// Cancelling before the first [`Item::Wanted`](crate::imap::Item::Wanted) of a stream costs nothing. From there on
/// a literal can't be taken back: the connection closes, the server drops what it has, and nothing is stored.
///
/// Source: [RFC 9051 section 6.3.12]; [RFC 3502] for many at once, [RFC 7889] for the limit, [RFC 4315 section 3] for
/// the UIDs, [RFC 4469] for messages that the server puts together.
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Append, NewMessage};
/// use postern_protocol::imap::{Config, Connection, Done, Event, Item, MailboxName, Output};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS LITERAL+] hi\r\n", now);
///
/// let mut message: &[u8] = b"Subject: Tea\r\n\r\nAt four?\r\n";
/// let append = connection.send(Append::new(MailboxName::inbox(), NewMessage::stream(26)), now);
/// let mut sent = Vec::new();
/// while let Some(output) = connection.poll_output() {
///     match output {
///         Output::Transmit(bytes) => sent.extend(bytes),
///         Output::Event(Event::Item(id, Item::Wanted(octets))) if id == append => {
///             let (chunk, rest) = message.split_at(message.len().min(octets));
///             connection.append_chunk(append, chunk, now)?;
///             message = rest;
///         }
///         _ => {}
///     }
/// }
/// assert_eq!(sent, b"A1 APPEND INBOX () {26+}\r\nSubject: Tea\r\n\r\nAt four?\r\n\r\n");
///
/// connection.handle_input(b"A1 OK [APPENDUID 38505 3955] done\r\n", now);
/// let Some(Output::Event(Event::Done(_, Ok(Done::Appended(appended))))) = connection.poll_output() else {
///     panic!()
/// };
/// assert_eq!(appended.uids.to_string(), "3955");
/// # Ok::<(), postern_protocol::imap::Misuse>(())
/// ```
///
/// # Where the server lacks it
/// | the server lacks | then |
/// | --- | --- |
/// | LITERAL+, LITERAL- | each message waits for the server's leave (RFC 9051 section 4.3) |
/// | MULTIAPPEND | one APPEND a message; [`CommandError::Partial`] where some are stored and one is not, or the link ended |
/// | APPENDLIMIT | nobody knows before the server says so; where it has it, [`CommandError::TooLarge`] before a byte goes out |
/// | UIDPLUS | [`Appended::uids`] is empty: search for the `Message-ID` |
/// | CATENATE, BINARY, UTF8=ACCEPT | [`CommandError::Unsupported`]: fetch the parts, or encode the message, and append the whole |
///
/// [RFC 9051 section 6.3.12]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.12
/// [RFC 3502]: https://www.rfc-editor.org/rfc/rfc3502
/// [RFC 7889]: https://www.rfc-editor.org/rfc/rfc7889
/// [RFC 4315 section 3]: https://www.rfc-editor.org/rfc/rfc4315#section-3
/// [RFC 4469]: https://www.rfc-editor.org/rfc/rfc4469
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Where to.
    pub mailbox: MailboxName,
    /// What, in this order.
    pub messages: Vec<NewMessage>,
}

impl Append {
    /// Stores one message.
    #[must_use]
    pub fn new(mailbox: MailboxName, message: impl Into<NewMessage>) -> Self {
        Self { mailbox, messages: vec![message.into()] }
    }

    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Appending::new(self))
    }
}

/// An APPEND under way.
#[derive(Debug)]
pub(super) struct Appending {
    mailbox: MailboxName,
    /// What is not written yet.
    left: VecDeque<NewMessage>,
    limit: Limit,
    /// What is stored already.
    done: Appended,
    /// How many messages the command that was written last has.
    under_way: u32,
    /// Where these are, where the server told it before it was through.
    told_before: Option<Code>,
}

/// How large a message the mailbox takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Unknown,
    /// STATUS was asked for it.
    Asked,
    Known(Option<u64>),
}

impl Appending {
    pub(super) fn new(command: Append) -> Self {
        let Append { mailbox, messages } = command;
        let done = Appended::default();
        let left = messages.into();
        Self { mailbox, left, limit: Limit::Unknown, done, under_way: 0, told_before: None }
    }

    /// What the server says of all mailboxes at once, or whether it has to be asked for this one.
    fn learn_limit(&mut self, server: &Server<'_>) {
        if self.limit != Limit::Unknown {
            return;
        }
        // RFC 7889 2 and 3: a value holds for all mailboxes; without one, STATUS tells.
        self.limit = match server.append_limit() {
            Some(None) => Limit::Asked,
            told => Limit::Known(told.flatten()),
        };
    }
}

impl Task for Appending {
    fn footprint(&self) -> Footprint {
        match self.limit {
            // It may turn out to begin with STATUS.
            Limit::Unknown | Limit::Asked => {
                Footprint::of([Touch::Answer(Answer::About("STATUS", self.mailbox.clone()))])
            }
            Limit::Known(_) => Footprint::of([]),
        }
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        self.learn_limit(server);
        let Limit::Known(limit) = self.limit else {
            line.arg("STATUS ").mailbox(&self.mailbox)?.arg("(APPENDLIMIT)");
            return Ok(());
        };
        if self.left.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        self.left.iter().try_for_each(|message| message.check(limit, server))?;
        line.arg("APPEND ").mailbox(&self.mailbox)?;
        let at_once = if server.has(&Capability::MultiAppend) { self.left.len() } else { 1 };
        self.under_way = 0;
        for message in self.left.drain(..at_once) {
            message.write(line)?;
            self.under_way += 1;
        }
        Ok(())
    }

    /// Where the messages are stands in the tagged OK, but for servers that tell it before.
    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::MailboxStatus(status) => self.limit == Limit::Asked && status.mailbox == self.mailbox,
            Response::Status { status: Status::Ok, text } => {
                matches!(text.code, Some(Code::AppendUid { .. }))
            }
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::MailboxStatus(status) => self.limit = Limit::Known(status.append_limit),
            Response::Status { text, .. } => self.told_before = text.code,
            _ => {}
        }
    }

    fn succeed(&mut self, text: ResponseText) -> Step {
        if self.under_way == 0 {
            // STATUS said nothing of it: then there is no limit, or the APPEND will tell.
            if self.limit == Limit::Asked {
                self.limit = Limit::Known(None);
            }
            return Step::Again;
        }
        let code = text.code.or(self.told_before.take());
        self.done.take(self.under_way, ResponseText { code, ..text });
        if self.left.is_empty() {
            Step::Done(Ok(Done::Appended(std::mem::take(&mut self.done))))
        } else {
            Step::Again
        }
    }

    fn fail(&mut self, error: CommandError) -> Step {
        if self.under_way == 0 {
            // A mailbox that has no STATUS may still take messages, or say better why not.
            self.limit = Limit::Known(None);
            return Step::Again;
        }
        Step::Done(Err(self.done.partial(error)))
    }

    fn cut_off(&mut self, error: CommandError) -> CommandError {
        self.done.partial(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;
    use crate::imap::command::{CatenatePart, Enable, Form, Octets};
    use crate::imap::transcript::{check_authenticated, check_selected};
    use crate::imap::{Command, Config, Connection, DateTime, Event, Flag, Item, Output};

    fn to_drafts(messages: impl Into<Vec<NewMessage>>) -> [Command; 1] {
        let mailbox = MailboxName::try_from("Drafts").unwrap();
        [Append { mailbox, messages: messages.into() }.into()]
    }

    fn message(text: &str) -> NewMessage {
        NewMessage::from(text.as_bytes().to_vec())
    }

    #[test]
    fn a_message_waits_for_leave() {
        let date = DateTime { unix_seconds: 837_595_805, offset_minutes: -420 };
        let message =
            message("Subject: Tea\r\n\r\nFour?\r\n").flags([Flag::Draft, Flag::Seen]).received(date);
        check_authenticated(
            "UIDPLUS",
            &to_drafts([message]),
            r#"U: send
             C: A1 APPEND Drafts (\Draft \Seen) "17-Jul-1996 02:30:05 -0700" {23}
             S: + go on
             C: Subject: Tea
             C:
             C: Four?
             C:
             S: A1 OK [APPENDUID 38505 3955] done
             E: #0 Appended 1 validity=38505 3955"#,
        );
    }

    #[test]
    fn or_goes_at_once_where_the_server_lets_it() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([message("abc")]),
            "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: A1 OK done
             E: #0 Appended 1 validity=?",
        );
        let long = "x".repeat(4097);
        let short = message(&long[..4096]);
        check_authenticated(
            "LITERAL-",
            &[to_drafts([short]), to_drafts([message(&long)])].concat(),
            &format!(
                "U: send
                 C: A1 APPEND Drafts () {{4096+}}
                 C: {}
                 S: A1 OK done
                 E: #0 Appended 1 validity=?
                 U: send
                 C: A2 APPEND Drafts () {{4097}}
                 S: + go on
                 C: {long}
                 S: A2 OK done
                 E: #1 Appended 1 validity=?",
                &long[1..]
            ),
        );
    }

    #[test]
    fn an_appenduid_that_does_not_fit_its_messages_is_dropped() {
        for (code, told) in [
            ("1 5:6", "validity=1 5:6"),
            ("1 5", "validity=?"),
            ("1 5:7", "validity=?"),
            ("0 5:6", "validity=?"),
        ] {
            check_authenticated(
                "LITERAL+ MULTIAPPEND",
                &to_drafts([message("abc"), message("def")]),
                &format!(
                    "U: send
                     C: A1 APPEND Drafts () {{3+}}
                     C: abc () {{3+}}
                     C: def
                     S: A1 OK [APPENDUID {code}] done
                     E: #0 Appended 2 {told}"
                ),
            );
        }
        // One after the other, and the first is not told: the second UID would be taken for the first message's.
        check_authenticated(
            "LITERAL+",
            &to_drafts([message("abc"), message("def")]),
            "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: A1 OK done
             C: A2 APPEND Drafts () {3+}
             C: def
             S: A2 OK [APPENDUID 1 6] done
             E: #0 Appended 2 validity=?",
        );
    }

    #[test]
    fn an_appenduid_before_the_ok_counts() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([message("abc")]),
            "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: * OK [APPENDUID 1 5] stored
             S: A1 OK done
             E: #0 Appended 1 validity=1 5",
        );
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        check_authenticated(
            "",
            &to_drafts([message("abc")]),
            "U: send
             C: A1 APPEND Drafts () {3}
             S: A1 NO [TRYCREATE] no such mailbox
             E: #0 Error the server refused: no such mailbox",
        );
    }

    /// The message is handed in as it is wanted; what follows it goes out behind it, and only then.
    #[test]
    fn a_stream_goes_out_as_it_comes_in() {
        let noop = crate::imap::command::Noop;
        check_selected(
            "",
            &[&to_drafts([NewMessage::stream(12)])[..], &[noop.into()]].concat(),
            "U: send
             C: A2 APPEND Drafts () {12}
             U: send
             U: chunk 0 early
             E: no octets are wanted
             S: + go on
             E: #0 Wanted 12
             U: chunk 0 one|
             C: one
             U: chunk 0 two|34
             C: two
             C: 34
             C: A3 NOOP
             U: chunk 0 late
             E: no octets are wanted
             S: * 10 EXISTS
             S: A2 OK [APPENDUID 1 5] done
             S: A3 OK done
             E: Exists 10
             E: #0 Appended 1 validity=1 5
             E: #1 Ok done",
        );
    }

    /// S12: a count is kept, or the link is cut: what comes behind can't be taken for a command.
    #[test]
    fn s12_too_many_octets_close_the_connection() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7+}
             E: #0 Wanted 7
             U: chunk 0 four|
             C: four
             U: chunk 0 A2 LOGOUT|
             E: #0 Error the message is larger than it was said to be
             E: Closed a message was given up halfway
             E: hang up
             E: the message is larger than it was said to be",
        );
    }

    #[test]
    fn s12_too_few_octets_close_the_connection() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7+}
             E: #0 Wanted 7
             U: chunk 0 four|
             C: four
             U: cancel 0
             E: #0 Error cancelled
             E: Closed a message was given up halfway
             E: hang up",
        );
    }

    #[test]
    fn cancelled_before_the_leave_it_may_still_be_refused() {
        check_authenticated(
            "",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7}
             U: cancel 0
             E: #0 Error cancelled
             S: A1 NO [TRYCREATE] no such mailbox",
        );
        check_authenticated(
            "",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7}
             U: cancel 0
             E: #0 Error cancelled
             S: + go on
             E: Closed a message was given up halfway
             E: hang up",
        );
    }

    /// Nobody can tell whether the server reads on to the end of the literal.
    #[test]
    fn s12_an_answer_in_the_middle_of_a_literal_ends_the_connection() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7+}
             E: #0 Wanted 7
             S: A1 NO [OVERQUOTA] full
             E: #0 Error the server refused: full
             E: Closed the server broke the protocol: an answer before the command was written
             E: hang up",
        );
    }

    #[test]
    fn a_source_that_dries_up_ends_in_time() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([NewMessage::stream(7)]),
            "U: send
             C: A1 APPEND Drafts () {7+}
             E: #0 Wanted 7
             U: wait 59
             U: chunk 0 four|
             C: four
             U: wait 60
             E: #0 Error the server did not answer in time
             E: Closed the server did not answer in time
             E: hang up",
        );
    }

    #[test]
    fn many_go_at_once() {
        let messages = [message("abc").flags([Flag::Seen]), NewMessage::stream(4)];
        check_authenticated(
            "MULTIAPPEND LITERAL+",
            &to_drafts(messages),
            "U: send
             C: A1 APPEND Drafts (\\Seen) {3+}
             C: abc () {4+}
             E: #0 Wanted 4
             U: chunk 0 wxyz
             C: wxyz
             S: A1 OK [APPENDUID 1 5:6] done
             E: #0 Appended 2 validity=1 5:6",
        );
    }

    #[test]
    fn or_one_after_the_other() {
        check_authenticated(
            "LITERAL+",
            &to_drafts([message("abc"), message("def")]),
            "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: A1 OK [APPENDUID 1 5] done
             C: A2 APPEND Drafts () {3+}
             C: def
             S: A2 OK [APPENDUID 1 6] done
             E: #0 Appended 2 validity=1 5:6",
        );
        check_authenticated(
            "LITERAL+",
            &to_drafts([message("abc"), message("def")]),
            "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: A1 OK [APPENDUID 1 5] done
             C: A2 APPEND Drafts () {3+}
             C: def
             S: A2 NO [OVERQUOTA] full
             E: #0 Error 1 of the messages are stored, but: the server refused: full",
        );
    }

    /// Whoever asks again on the next link must not store the first one twice.
    #[test]
    fn a_lost_link_tells_what_is_stored() {
        let first = "U: send
             C: A1 APPEND Drafts () {3+}
             C: abc
             S: A1 OK [APPENDUID 1 5] done
             C: A2 APPEND Drafts () {3+}
             C: def";
        for (end, why, closed) in [
            ("U: closed", "the connection is closed", "the link ended"),
            (
                "U: wait 60",
                "the server did not answer in time",
                "the server did not answer in time\nE: hang up",
            ),
        ] {
            check_authenticated(
                "LITERAL+",
                &to_drafts([message("abc"), message("def")]),
                &format!(
                    "{first}
                     {end}
                     E: #0 Error 1 of the messages are stored, but: {why}
                     E: Closed {closed}"
                ),
            );
        }
    }

    /// The example of RFC 4469 appendix A, cut short.
    #[test]
    fn the_server_joins_parts() {
        let text = |text: &str| CatenatePart::Text(Octets::Here(text.into()));
        let url = |url: &str| CatenatePart::Url(url.into());
        let forward = || {
            NewMessage::catenate([
                url("/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER"),
                text("\r\n--XX\r\n"),
                url("/Drafts/;UID=20/;section=1"),
            ])
        };
        check_authenticated(
            "CATENATE LITERAL+",
            &to_drafts([forward().flags([Flag::Seen])]),
            "U: send
             C: A1 APPEND Drafts (\\Seen) CATENATE (URL /Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER TEXT {8+}
             C:
             C: --XX
             C:  URL /Drafts/;UID=20/;section=1)
             S: A1 NO [BADURL \"/Drafts/;UID=20/;section=1\"] gone
             E: #0 Error the server refused: gone",
        );
        check_authenticated(
            "LITERAL+",
            &to_drafts([forward()]),
            "U: send
             E: #0 Error the server lacks CATENATE",
        );
    }

    #[test]
    fn what_is_too_large_is_not_sent() {
        check_authenticated(
            "LITERAL+ APPENDLIMIT=3",
            &[to_drafts([message("abcd")]), to_drafts([message("abc"), NewMessage::stream(4)])].concat(),
            "U: send
             E: #0 Error the server takes no message of more than 3 octets
             U: send
             E: #1 Error the server takes no message of more than 3 octets",
        );
    }

    /// RFC 7889 section 3.2: each mailbox may have a limit of its own.
    #[test]
    fn the_limit_of_one_mailbox_is_asked_for() {
        check_authenticated(
            "LITERAL+ APPENDLIMIT",
            &[to_drafts([message("abcd")]), to_drafts([message("abc")])].concat(),
            "U: send
             C: A1 STATUS Drafts (APPENDLIMIT)
             S: * STATUS Drafts (APPENDLIMIT 3)
             S: A1 OK done
             E: #0 Error the server takes no message of more than 3 octets
             U: send
             C: A3 STATUS Drafts (APPENDLIMIT)
             S: A3 NO no such mailbox
             C: A4 APPEND Drafts () {3+}
             C: abc
             S: A4 NO [TRYCREATE] no such mailbox
             E: #1 Error the server refused: no such mailbox",
        );
    }

    #[test]
    fn octets_of_any_kind_go_as_literal8() {
        let messages = [message("a\0b"), message("abc").form(Form::Binary)];
        check_authenticated(
            "BINARY LITERAL+ MULTIAPPEND",
            &to_drafts(messages.clone()),
            "U: send
             C: A1 APPEND Drafts () ~{3+}
             C: a\0b () ~{3+}
             C: abc
             S: A1 OK done
             E: #0 Appended 2 validity=?",
        );
        for message in messages {
            check_authenticated(
                "LITERAL+",
                &to_drafts([message]),
                "U: send
                 E: #0 Error the server lacks BINARY",
            );
        }
    }

    /// RFC 6855 section 4.
    #[test]
    fn headers_in_utf8_say_so() {
        let message = message("Subject: T\u{e9}\r\n").form(Form::Utf8);
        let enable = Enable { capabilities: vec![Capability::Utf8Accept] };
        check_authenticated(
            "ENABLE UTF8=ACCEPT LITERAL+",
            &[&[enable.into()], &to_drafts([message.clone()])[..]].concat(),
            "U: send
             C: A1 ENABLE UTF8=ACCEPT
             S: * ENABLED UTF8=ACCEPT
             S: A1 OK done
             E: #0 Enabled UTF8=ACCEPT
             U: send
             C: A2 APPEND Drafts () UTF8 (~{14+}
             C: Subject: T\u{e9}
             C: )
             S: A2 OK done
             E: #1 Appended 1 validity=?",
        );
        check_authenticated(
            "LITERAL+",
            &to_drafts([message]),
            "U: send\nE: #0 Error the server lacks UTF8=ACCEPT",
        );
    }

    /// 8 MiB, of which no more than one window is here at a time.
    #[test]
    fn a_stream_is_never_held() {
        const SIZE: u64 = 8 << 20;
        let mut connection = Connection::new(Config::default(), Time::ZERO);
        connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+] hi\r\n", Time::ZERO);
        let id = connection.send(Append::new(MailboxName::inbox(), NewMessage::stream(SIZE)), Time::ZERO);
        let (mut sent, mut handed_in) = (0, 0);
        while let Some(output) = connection.poll_output() {
            match output {
                Output::Transmit(bytes) => {
                    assert!(bytes.len() <= (64 << 10) + 2, "no more than a window and the line end");
                    sent += bytes.len() as u64;
                }
                Output::Event(Event::Item(_, Item::Wanted(octets))) => {
                    connection.append_chunk(id, &vec![b'x'; octets], Time::ZERO).unwrap();
                    handed_in += octets as u64;
                }
                _ => {}
            }
        }
        assert_eq!(handed_in, SIZE);
        assert_eq!(sent, SIZE + ("A1 APPEND INBOX () {8388608+}\r\n".len() + "\r\n".len()) as u64);
    }

    #[test]
    fn nothing_is_sent_of_what_cannot_be_written() {
        for (messages, error) in [
            (vec![], "nothing was asked for"),
            (vec![message("")], "the message is empty"),
            (vec![NewMessage::stream(0)], "the message is empty"),
            (vec![message("abc"), message("def").flags([Flag::Recent])], "only the server sets this flag"),
        ] {
            check_authenticated("", &to_drafts(messages), &format!("U: send\nE: #0 Error {error}"));
        }
    }
}
