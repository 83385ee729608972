//! ID: exchange names and versions, for the log. RFC 2971.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Step, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Done, Response, ResponseText, State};

/// Tells the server who this is, and asks who it is. Some servers (163.com) want it before SELECT.
///
/// [`Done::Id`] ends it with the server's fields, none where it told nothing.
///
/// Source: [RFC 2971].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::Id;
///
/// let id = Id { fields: vec![("name".into(), "Postern".into())] };
/// assert_eq!(sent("ID", id), [r#"ID ("name" "Postern")"#]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: nothing hangs on it. Where it was offered before the login
/// alone, it is sent all the same: 163.com is such a server, and opens no mailbox without it.
///
/// [RFC 2971]: https://www.rfc-editor.org/rfc/rfc2971
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Id {
    /// Field names and values, such as `name` and `version`; none tells nothing. At most 30, names at most 30
    /// octets and values 1,024 (RFC 2971 section 3.3).
    pub fields: Vec<(String, String)>,
}

impl Id {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Asking { command: self, answer: Vec::new() })
    }
}

#[derive(Debug)]
struct Asking {
    command: Id,
    answer: Vec<(String, Option<String>)>,
}

impl Task for Asking {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Id)])
    }

    fn allowed_in(&self, _state: State) -> bool {
        true
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !server.takes_id {
            return Err(CommandError::Unsupported(Capability::Id));
        }
        line.arg("ID ");
        if self.command.fields.is_empty() {
            line.words("NIL");
            return Ok(());
        }
        for (at, (name, value)) in self.command.fields.iter().enumerate() {
            line.words(if at == 0 { "(" } else { " " });
            line.string(name.as_bytes())?.words(" ").string(value.as_bytes())?;
        }
        line.words(")");
        Ok(())
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Id(_))
    }

    fn take(&mut self, response: Response<'_>, _answers: &mut Answers) {
        if let Response::Id(fields) = response {
            self.answer = fields
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.into(), value.map(Into::into)))
                .collect();
        }
    }

    fn succeed(&mut self, _text: ResponseText) -> Step {
        Step::Done(Ok(Done::Id(std::mem::take(&mut self.answer))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Login;
    use crate::imap::transcript::{check, check_authenticated};

    #[test]
    fn names_go_both_ways() {
        let fields = vec![("name".into(), "Postern".into()), ("version".into(), "1.0".into())];
        check_authenticated(
            "ID",
            &[Id { fields }.into()],
            "U: send
             C: A1 ID (\"name\" \"Postern\" \"version\" \"1.0\")
             S: * ID (\"name\" \"Dovecot\" \"os\" NIL)
             S: A1 OK done
             E: #0 Id [(\"name\", Some(\"Dovecot\")), (\"os\", None)]",
        );
    }

    #[test]
    fn nil_where_there_is_nothing_to_tell() {
        check_authenticated(
            "ID",
            &[Id::default().into()],
            "U: send
             C: A1 ID NIL
             S: * ID NIL
             S: A1 OK done
             E: #0 Id []",
        );
    }

    #[test]
    fn what_was_offered_before_the_login_is_taken_after_it() {
        let login = Login { user: "ann".into(), password: "secret".into() };
        check(
            &[login.into(), Id::default().into()],
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 ID] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN \"ann\" \"secret\"
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: Capabilities
             E: #0 Ok in
             U: send
             C: A2 ID NIL
             S: * ID NIL
             S: A2 OK done
             E: #1 Id []",
        );
    }

    #[test]
    fn unsupported() {
        check_authenticated("", &[Id::default().into()], "U: send\nE: #0 Error the server lacks ID");
    }
}
