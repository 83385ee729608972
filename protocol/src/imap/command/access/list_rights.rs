//! LISTRIGHTS: what someone may be allowed to do with a mailbox. RFC 4314 section 3.4.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Response};

/// Asks which rights someone has anyway, and which they may be given. One needs the right `a` there.
///
/// [`Item::ListRights`] brings them, [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 4314 section 3.4].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::ListRights};
///
/// let which = ListRights { mailbox: MailboxName::inbox(), identifier: "bob".into() };
/// assert_eq!(sent("ACL", which), ["LISTRIGHTS INBOX bob"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: there is no other way to rights.
///
/// [RFC 4314 section 3.4]: https://www.rfc-editor.org/rfc/rfc4314#section-3.4
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRights {
    /// Of which mailbox.
    pub mailbox: MailboxName,
    /// Who.
    pub identifier: String,
}

impl ListRights {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for ListRights {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("LISTRIGHTS", self.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Acl)?;
        line.arg("LISTRIGHTS ").mailbox(&self.mailbox)?.words(" ").astring(self.identifier.as_bytes())?;
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no LISTRIGHTS")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::ListRights(rights) if rights.mailbox == self.mailbox)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::ListRights(rights) = response {
            answers.push(Item::ListRights(rights));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn what_goes_together_and_what_is_always_there() {
        let list = || ListRights { mailbox: MailboxName::inbox(), identifier: "bob".into() }.into();
        check_authenticated(
            "ACL",
            &[list()],
            "U: send
             C: A1 LISTRIGHTS INBOX bob
             S: * LISTRIGHTS INBOX bob la r swicdkxte
             S: A1 OK done
             E: #0 ListRights INBOX bob la+r+swicdkxte
             E: #0 Ok done",
        );
        check_authenticated("", &[list()], "U: send\nE: #0 Error the server lacks ACL");
    }
}
