//! SETMETADATA: write notes on a mailbox or on the server. RFC 5464 section 4.3.

use crate::imap::command::mailbox::get_metadata::require;
use crate::imap::command::shared::{Answer, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{CommandError, Entry, MailboxName, Misuse};

/// Writes or removes entries of a mailbox, or of the server.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it. A refusal's code is [`Code::Metadata`](crate::imap::Code::Metadata)
/// where a value is too large, or there are too many.
///
/// Source: [RFC 5464 section 4.3].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::SetMetadata;
/// use postern_protocol::imap::{Entry, MailboxName};
///
/// let comment = Entry { name: "/private/comment".into(), value: Some((*b"for Ann").into()) };
/// let set = SetMetadata { mailbox: MailboxName::inbox(), entries: vec![comment] };
/// assert_eq!(sent("METADATA", set), [r#"SETMETADATA INBOX (/private/comment "for Ann")"#]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: it needs METADATA, or METADATA-SERVER for the
/// entries of the server alone.
///
/// [RFC 5464 section 4.3]: https://www.rfc-editor.org/rfc/rfc5464#section-4.3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMetadata {
    /// Of which mailbox; the empty name is the server.
    pub mailbox: MailboxName,
    /// Names and what they are to hold; none removes the entry.
    pub entries: Vec<Entry>,
}

impl SetMetadata {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for SetMetadata {
    /// One at a time in each mailbox: two may be about the same entry.
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("METADATA", self.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        require(server, &self.mailbox)?;
        if self.entries.is_empty() {
            return Err(Misuse::EmptySet.into());
        }
        line.arg("SETMETADATA ").mailbox(&self.mailbox)?;
        for (at, entry) in self.entries.iter().enumerate() {
            line.words(if at == 0 { " (" } else { " " }).astring(entry.name.as_bytes())?;
            match &entry.value {
                Some(value) => line.words(" ").string(value)?,
                None => line.words(" NIL"),
            };
        }
        line.words(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    fn set(value: Option<&[u8]>) -> crate::imap::Command {
        let entry =
            |name: &str, value: Option<&[u8]>| Entry { name: name.into(), value: value.map(Into::into) };
        let entries = vec![entry("/private/comment", value), entry("/private/old", None)];
        SetMetadata { mailbox: MailboxName::inbox(), entries }.into()
    }

    #[test]
    fn writes_and_removes() {
        check_authenticated(
            "METADATA LITERAL+",
            &[set(Some(b"for Ann")), set(Some(b"a\r\nb")), set(Some(b"\0"))],
            "U: send
             C: A1 SETMETADATA INBOX (/private/comment \"for Ann\" /private/old NIL)
             S: A1 OK done
             E: #0 Ok done
             U: send
             C: A2 SETMETADATA INBOX (/private/comment {4+}
             C: a
             C: b /private/old NIL)
             S: A2 NO [METADATA TOOMANY] enough
             E: #1 Error the server refused: enough
             U: send
             E: #2 Error a string holds a character that no command can carry",
        );
        check_authenticated("", &[set(None)], "U: send\nE: #0 Error the server lacks METADATA");
    }
}
