//! GETMETADATA: read notes on a mailbox or on the server. RFC 5464 section 4.2.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Misuse, Response};

/// Reads entries of a mailbox, or of the server.
///
/// [`Item::Metadata`] brings them, in one or several; [`Done::Ok`](crate::imap::Done::Ok) ends it, with the code
/// [`Code::Metadata`](crate::imap::Code::Metadata) where some were left out for their size.
///
/// Source: [RFC 5464 section 4.2].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::MailboxName;
/// use postern_protocol::imap::command::{Depth, GetMetadata};
///
/// let comment = GetMetadata {
///     mailbox: MailboxName::inbox(),
///     entries: vec!["/private/comment".into()],
///     max_size: Some(1024),
///     depth: Depth::Entry,
/// };
/// assert_eq!(sent("METADATA", comment), ["GETMETADATA (MAXSIZE 1024) INBOX (/private/comment)"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: it needs METADATA, or METADATA-SERVER for the
/// entries of the server alone.
///
/// [RFC 5464 section 4.2]: https://www.rfc-editor.org/rfc/rfc5464#section-4.2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetMetadata {
    /// Of which mailbox; the empty name is the server.
    pub mailbox: MailboxName,
    /// Which: `/private/comment`, `/shared/vendor/...`.
    pub entries: Vec<String>,
    /// Values of more octets than this are left out.
    pub max_size: Option<u32>,
    /// How far below each entry to go.
    pub depth: Depth,
}

/// How far below an entry to go. RFC 5464 section 4.2.2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// The entry alone.
    #[default]
    Entry,
    /// Those right below it, too.
    Children,
    /// All below it, too.
    Subtree,
}

/// The capability without which the server has no entries of this mailbox.
pub(super) fn require(server: &Server<'_>, mailbox: &MailboxName) -> Result<(), CommandError> {
    if mailbox.as_str().is_empty() && server.has(&Capability::MetadataServer) {
        return Ok(());
    }
    server.require(Capability::Metadata)
}

/// `entry / "(" entry *(SP entry) ")"`
pub(super) fn write_entries(line: &mut Writer, entries: &[String]) -> Result<(), CommandError> {
    for (at, entry) in entries.iter().enumerate() {
        line.words(if at == 0 { "(" } else { " " }).astring(entry.as_bytes())?;
    }
    line.words(")");
    if entries.is_empty() { Err(Misuse::EmptySet.into()) } else { Ok(()) }
}

impl GetMetadata {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for GetMetadata {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("METADATA", self.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        require(server, &self.mailbox)?;
        line.arg("GETMETADATA ");
        let depth = match self.depth {
            Depth::Entry => "",
            Depth::Children => "DEPTH 1",
            Depth::Subtree => "DEPTH infinity",
        };
        if let Some(size) = self.max_size {
            line.words("(MAXSIZE ")
                .number(size)
                .words(if depth.is_empty() { "" } else { " " })
                .words(depth)
                .words(") ");
        } else if !depth.is_empty() {
            line.words("(").words(depth).words(") ");
        }
        line.mailbox(&self.mailbox)?;
        write_entries(line.words(" "), &self.entries)
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Metadata(metadata) if metadata.mailbox == self.mailbox)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::Metadata(metadata) = response {
            answers.push(Item::Metadata(metadata));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    fn get(mailbox: &str, max_size: Option<u32>, depth: Depth) -> crate::imap::Command {
        let entries = vec!["/shared/comment".into(), "/private/a b".into()];
        GetMetadata { mailbox: MailboxName::try_from(mailbox).unwrap(), entries, max_size, depth }.into()
    }

    #[test]
    fn entries_and_options() {
        check_authenticated(
            "METADATA",
            &[
                get("INBOX", None, Depth::Entry),
                get("", Some(1024), Depth::Subtree),
                get("a", None, Depth::Children),
            ],
            "U: send
             C: A1 GETMETADATA INBOX (/shared/comment \"/private/a b\")
             S: * METADATA INBOX (/shared/comment \"x y\" /private/none NIL)
             S: * METADATA other /shared/comment
             S: A1 OK [METADATA LONGENTRIES 2199] some were long
             E: #0 Metadata INBOX /shared/comment=x y /private/none
             E: Metadata other /shared/comment
             E: #0 Ok some were long
             U: send
             C: A2 GETMETADATA (MAXSIZE 1024 DEPTH infinity) \"\" (/shared/comment \"/private/a b\")
             S: A2 OK done
             E: #1 Ok done
             U: send
             C: A3 GETMETADATA (DEPTH 1) a (/shared/comment \"/private/a b\")
             S: A3 OK done
             E: #2 Ok done",
        );
    }

    #[test]
    fn the_server_may_have_entries_of_its_own_alone() {
        check_authenticated(
            "METADATA-SERVER",
            &[get("INBOX", None, Depth::Entry), get("", None, Depth::Entry)],
            "U: send
             E: #0 Error the server lacks METADATA
             U: send
             C: A2 GETMETADATA \"\" (/shared/comment \"/private/a b\")
             S: A2 OK done
             E: #1 Ok done",
        );
    }
}
