//! GETQUOTA: how much room a quota root has. RFC 9208 section 4.1.1, RFC 2087.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, Response};

/// Asks how much of a quota root is taken, and how much there is.
///
/// [`Item::Quota`] brings it, [`Done::Ok`](crate::imap::Done::Ok) ends it. Which roots a mailbox has tells
/// [`GetQuotaRoot`](crate::imap::command::GetQuotaRoot).
///
/// Source: [RFC 9208 section 4.1.1], before that [RFC 2087].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::GetQuota;
///
/// let room = GetQuota { root: String::new() };
/// assert_eq!(sent("QUOTA", room), [r#"GETQUOTA """#]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: how much room there is shows when there is none.
///
/// [RFC 9208 section 4.1.1]: https://www.rfc-editor.org/rfc/rfc9208#section-4.1.1
/// [RFC 2087]: https://www.rfc-editor.org/rfc/rfc2087
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetQuota {
    /// The root's name; often empty.
    pub root: String,
}

impl GetQuota {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for GetQuota {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("QUOTA"))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::Quota)?;
        line.arg("GETQUOTA ").astring(self.root.as_bytes())?;
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no QUOTA")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::Quota(_))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::Quota(quota) = response {
            answers.push(Item::Quota(quota));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn each_thing_that_is_limited() {
        let ask = || GetQuota { root: String::new() }.into();
        check_authenticated(
            "QUOTA",
            &[ask()],
            "U: send
             C: A1 GETQUOTA \"\"
             S: * QUOTA \"\" (STORAGE 10 512 MESSAGE 3 100)
             S: A1 OK done
             E: #0 Quota \"\" STORAGE 10/512 MESSAGE 3/100
             E: #0 Ok done",
        );
        check_authenticated("", &[ask()], "U: send\nE: #0 Error the server lacks QUOTA");
    }
}
