//! GETACL: who may do what with a mailbox. RFC 4314 section 3.3.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Response};

/// Asks who may do what with a mailbox. One needs the right `a` there.
///
/// [`Item::Acl`] brings the list, [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 4314 section 3.3].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::GetAcl};
///
/// let who = GetAcl { mailbox: MailboxName::inbox() };
/// assert_eq!(sent("ACL", who), ["GETACL INBOX"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: without ACL, rights are nothing that a client
/// can see.
///
/// [RFC 4314 section 3.3]: https://www.rfc-editor.org/rfc/rfc4314#section-3.3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAcl {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl GetAcl {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for GetAcl {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("ACL", self.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Acl)?;
        line.arg("GETACL ").mailbox(&self.mailbox)?;
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no ACL")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Acl(acl) if acl.mailbox == self.mailbox)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::Acl(acl) = response {
            answers.push(Item::Acl(acl));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn lists_who_may_do_what() {
        let get = || GetAcl { mailbox: MailboxName::inbox() }.into();
        check_authenticated(
            "ACL",
            &[get()],
            "U: send
             C: A1 GETACL INBOX
             S: * ACL INBOX ann lrswipkxtea bob lr -eve r
             S: A1 OK done
             E: #0 Acl INBOX ann=lrswipkxtea bob=lr -eve=r
             E: #0 Ok done",
        );
        check_authenticated("", &[get()], "U: send\nE: #0 Error the server lacks ACL");
    }
}
