//! GETJMAPACCESS: where the same account is to be had over JMAP. RFC 9698.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, Response};

/// Asks for the address of the account's JMAP session resource (RFC 8620 section 2).
///
/// [`Item::JmapAccess`] brings it, [`Done::Ok`](crate::imap::Done::Ok) ends it. The same credentials are good there.
///
/// Source: [RFC 9698].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::GetJmapAccess;
///
/// assert_eq!(sent("JMAPACCESS", GetJmapAccess), ["GETJMAPACCESS"]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: the account may still be found by RFC 8620
/// section 2.2.
///
/// [RFC 9698]: https://www.rfc-editor.org/rfc/rfc9698
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GetJmapAccess;

impl GetJmapAccess {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for GetJmapAccess {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("JMAPACCESS"))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        server.require(Capability::JmapAccess)?;
        line.arg("GETJMAPACCESS");
        Ok(())
    }

    fn must_answer(&self) -> Option<&'static str> {
        Some("no JMAPACCESS")
    }

    fn wants(&self, response: &Response<'_>) -> bool {
        matches!(response, Response::JmapAccess(_))
    }

    fn take(&mut self, response: Response<'_>, answers: &mut Answers) {
        if let Response::JmapAccess(address) = response {
            answers.push(Item::JmapAccess(address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::transcript::check_authenticated;

    #[test]
    fn tells_the_address() {
        check_authenticated(
            "JMAPACCESS",
            &[GetJmapAccess.into()],
            "U: send
             C: A1 GETJMAPACCESS
             S: * JMAPACCESS \"https://example.com/jmap\"
             S: A1 OK done
             E: #0 JmapAccess https://example.com/jmap
             E: #0 Ok done",
        );
        check_authenticated("", &[GetJmapAccess.into()], "U: send\nE: #0 Error the server lacks JMAPACCESS");
    }
}
