//! GETQUOTAROOT: how much room a mailbox has. RFC 9208 section 4.1.2, RFC 2087.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, MailboxName, Response};

/// Asks which quota roots count a mailbox, and how full each is.
///
/// [`Item::QuotaRoot`] names them, one [`Item::Quota`] for each tells how full it is,
/// [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9208 section 4.1.2], before that [RFC 2087].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::{MailboxName, command::GetQuotaRoot};
///
/// let room = GetQuotaRoot { mailbox: MailboxName::inbox() };
/// assert_eq!(sent("QUOTA", room), ["GETQUOTAROOT INBOX"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: how much room there is shows when there is none.
///
/// [RFC 9208 section 4.1.2]: https://www.rfc-editor.org/rfc/rfc9208#section-4.1.2
/// [RFC 2087]: https://www.rfc-editor.org/rfc/rfc2087
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetQuotaRoot {
    /// Which mailbox.
    pub mailbox: MailboxName,
}

impl GetQuotaRoot {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for GetQuotaRoot {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("QUOTA"))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Quota)?;
        line.arg("GETQUOTAROOT ").mailbox(&self.mailbox)?;
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no QUOTAROOT")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Quota(_) | Response::QuotaRoot(_))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        match response {
            Response::QuotaRoot(root) => answers.push(Item::QuotaRoot(root)),
            Response::Quota(quota) => answers.push(Item::Quota(quota)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn the_roots_and_their_room() {
        let ask = || GetQuotaRoot { mailbox: MailboxName::inbox() }.into();
        check_authenticated(
            "QUOTA QUOTA=RES-STORAGE",
            &[ask()],
            "U: send
             C: A1 GETQUOTAROOT INBOX
             S: * QUOTAROOT INBOX \"User quota\"
             S: * QUOTA \"User quota\" (STORAGE 10 512)
             S: A1 OK done
             E: #0 QuotaRoot INBOX User quota
             E: #0 Quota \"User quota\" STORAGE 10/512
             E: #0 Ok done",
        );
        check_authenticated("", &[ask()], "U: send\nE: #0 Error the server lacks QUOTA");
    }
}
