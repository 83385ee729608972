//! MYRIGHTS: what one may do with a mailbox. RFC 4314 section 3.5.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Response};

/// Asks what the user may do with a mailbox.
///
/// [`Item::MyRights`] brings it, [`Done::Ok`](crate::imap::Done::Ok) ends it. [`List`](crate::imap::command::List) can ask the same of
/// many at once.
///
/// Source: [RFC 4314 section 3.5].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::MyRights};
///
/// let mine = MyRights { mailbox: MailboxName::inbox() };
/// assert_eq!(sent("ACL", mine), ["MYRIGHTS INBOX"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: what one may do shows when it is tried.
///
/// [RFC 4314 section 3.5]: https://www.rfc-editor.org/rfc/rfc4314#section-3.5
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyRights {
    /// With which mailbox.
    pub mailbox: MailboxName,
}

impl MyRights {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for MyRights {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::About("MYRIGHTS", self.mailbox.clone()))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Acl)?;
        line.arg("MYRIGHTS ").mailbox(&self.mailbox)?;
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no MYRIGHTS")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::MyRights(rights) if rights.mailbox == self.mailbox)
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::MyRights(rights) = response {
            answers.push(Item::MyRights(rights));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn tells_the_letters() {
        let ask = || MyRights { mailbox: MailboxName::inbox() }.into();
        check_authenticated(
            "ACL",
            &[ask()],
            "U: send
             C: A1 MYRIGHTS INBOX
             S: * MYRIGHTS INBOX rwiptsldaex
             S: A1 OK done
             E: #0 MyRights INBOX rwiptsldaex
             E: #0 Ok done",
        );
        // An OK alone does not mean "no rights".
        check_authenticated(
            "ACL",
            &[ask()],
            "U: send
             C: A1 MYRIGHTS INBOX
             S: A1 OK done
             E: #0 Error the server's answer could not be read: no MYRIGHTS",
        );
        check_authenticated("", &[ask()], "U: send\nE: #0 Error the server lacks ACL");
    }
}
