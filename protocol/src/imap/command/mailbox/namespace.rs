//! NAMESPACE: where a user's own, other users' and shared mailboxes lie. RFC 9051 section 6.3.10, RFC 2342.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, ListItem, Namespaces, Response, ResponseText};

/// Asks for the namespaces: what the names of mailboxes begin with, and what parts their levels.
///
/// [`Done::Namespaces`] ends it.
///
/// Source: [RFC 9051 section 6.3.10], before that [RFC 2342].
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::Namespace;
/// use postern_protocol::imap::{Config, Connection, Done, Event, Output};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.handle_input(b"* PREAUTH [CAPABILITY IMAP4rev2] hi\r\n", now);
/// connection.send(Namespace, now);
/// while connection.poll_output().is_some() {}
/// connection.handle_input(b"* NAMESPACE ((\"\" \"/\")) NIL ((\"Public/\" \"/\"))\r\nA1 OK done\r\n", now);
/// let Some(Output::Event(Event::Done(_, Ok(Done::Namespaces(namespaces))))) = connection.poll_output() else {
///     panic!()
/// };
/// assert_eq!(&*namespaces.shared[0].prefix, "Public/");
/// ```
///
/// # Where the server lacks it
/// `LIST "" ""` tells the separator (RFC 9051 section 6.3.9), or that of the inbox where nothing comes of it, as Twisted's
/// server has it; and one personal namespace without a prefix stands for the whole.
///
/// [RFC 9051 section 6.3.10]: https://www.rfc-editor.org/rfc/rfc9051#section-6.3.10
/// [RFC 2342]: https://www.rfc-editor.org/rfc/rfc2342
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Namespace;

impl Namespace {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Asking { by: By::Namespace, found: None })
    }
}

#[derive(Debug)]
struct Asking {
    by: By,
    found: Option<Namespaces>,
}

/// What is written next, or was last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Namespace,
    List,
    ListInbox,
}

impl Asking {
    /// One without a prefix.
    fn take_delimiter(&mut self, delimiter: Option<char>) {
        let personal = crate::imap::Namespace { prefix: "".into(), delimiter, extensions: vec![] };
        self.found = Some(Namespaces { personal: vec![personal], ..Namespaces::default() });
    }
}

impl Task for Asking {
    /// The answer may be a LIST.
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::List)])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if self.by == By::Namespace && !server.has_or_rev2(&Capability::Namespace) {
            self.by = By::List;
        }
        line.arg(match self.by {
            By::Namespace => "NAMESPACE",
            By::List => "LIST \"\" \"\"",
            By::ListInbox => "LIST \"\" INBOX",
        });
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        match response {
            Response::Namespace(_) => self.by == By::Namespace,
            Response::List(_) => self.by != By::Namespace,
            _ => false,
        }
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        match response {
            Response::Namespace(namespaces) => self.found = Some(namespaces),
            Response::List(ListItem { delimiter, .. }) => self.take_delimiter(delimiter),
            _ => {}
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        match (self.found.take(), self.by) {
            (Some(found), _) => Step::Done(Ok(Done::Namespaces(found))),
            (None, By::List) => {
                self.by = By::ListInbox;
                Step::Again
            }
            (None, _) => Step::Done(Err(CommandError::Malformed("no namespaces"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn the_server_tells() {
        check_authenticated(
            "NAMESPACE",
            &[Namespace.into()],
            r##"U: send
             C: A1 NAMESPACE
             S: * NAMESPACE (("" "/")("#mh/" "/")) (("~" "/")) NIL
             S: A1 OK done
             E: #0 Namespaces personal: "" "#mh/" other: "~" shared:"##,
        );
    }

    #[test]
    fn or_list_tells_what_parts_the_levels() {
        check_authenticated(
            "",
            &[Namespace.into()],
            r#"U: send
             C: A1 LIST "" ""
             S: * LIST (\Noselect) "." ""
             S: A1 OK done
             E: #0 Namespaces personal: "" other: shared:"#,
        );
    }

    #[test]
    fn or_the_inbox_tells_it() {
        check_authenticated(
            "",
            &[Namespace.into()],
            r#"U: send
             C: A1 LIST "" ""
             S: A1 OK done
             C: A2 LIST "" INBOX
             S: * LIST () "." INBOX
             S: A2 OK done
             E: #0 Namespaces personal: "" other: shared:"#,
        );
    }

    #[test]
    fn no_answer_is_an_error() {
        check_authenticated(
            "NAMESPACE",
            &[Namespace.into()],
            "U: send
             C: A1 NAMESPACE
             S: A1 OK done
             E: #0 Error the server's answer could not be read: no namespaces",
        );
    }
}
