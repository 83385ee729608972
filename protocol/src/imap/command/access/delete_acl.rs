//! DELETEACL: forget what someone may do with a mailbox. RFC 4314 section 3.2.

use crate::imap::command::shared::{Footprint, Server, Task};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, MailboxName};

/// Takes someone off the list of those who may do something with a mailbox. One needs the right `a` there.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 4314 section 3.2].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::DeleteAcl};
///
/// let no_more = DeleteAcl { mailbox: MailboxName::inbox(), identifier: "bob".into() };
/// assert_eq!(sent("ACL", no_more), ["DELETEACL INBOX bob"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: there is no other way to rights.
///
/// [RFC 4314 section 3.2]: https://www.rfc-editor.org/rfc/rfc4314#section-3.2
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAcl {
    /// Of which mailbox.
    pub mailbox: MailboxName,
    /// Who.
    pub identifier: String,
}

impl DeleteAcl {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for DeleteAcl {
    /// Alone: it decides what the commands behind it may do.
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Acl)?;
        line.arg("DELETEACL ").mailbox(&self.mailbox)?.words(" ").astring(self.identifier.as_bytes())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn names_whom() {
        let forget = || DeleteAcl { mailbox: MailboxName::inbox(), identifier: "-eve".into() }.into();
        check_authenticated(
            "ACL",
            &[forget()],
            "U: send
             C: A1 DELETEACL INBOX -eve
             S: A1 OK done
             E: #0 Ok done",
        );
        check_authenticated("", &[forget()], "U: send\nE: #0 Error the server lacks ACL");
    }
}
