//! SETQUOTA: give a quota root more room, or less. RFC 9208 section 4.1.3, RFC 2087.

use crate::imap::command::shared::{Answer, Answers, Footprint, Server, Task, Touch};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Item, Response};

/// Sets the limits of a quota root, which takes an administrator's rights.
///
/// [`Item::Quota`] tells what they are now, [`Done::Ok`](crate::imap::Done::Ok) ends it.
///
/// Source: [RFC 9208 section 4.1.3], before that [RFC 2087].
///
/// # Examples
/// ```
#[doc = include_str!("../example.md")]
/// use postern_protocol::imap::command::SetQuota;
///
/// let half_a_gigabyte = SetQuota { root: String::new(), limits: vec![("STORAGE".into(), 512 * 1024)] };
/// assert_eq!(sent("QUOTA QUOTASET", half_a_gigabyte), [r#"SETQUOTA "" (STORAGE 524288)"#]);
/// ```
///
/// # Where the server lacks it
/// Nothing is sent and [`CommandError::Unsupported`] ends it: it must have QUOTASET, or QUOTA alone as of
/// RFC 2087.
///
/// [RFC 9208 section 4.1.3]: https://www.rfc-editor.org/rfc/rfc9208#section-4.1.3
/// [RFC 2087]: https://www.rfc-editor.org/rfc/rfc2087
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetQuota {
    /// The root's name; often empty.
    pub root: String,
    /// What is limited, such as `STORAGE` in units of 1,024 octets, and to how much. What is not named is not limited.
    pub limits: Vec<(String, u64)>,
}

impl SetQuota {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(self)
    }
}

impl Task for SetQuota {
    fn footprint(&self) -> Footprint {
        Footprint::of([Touch::Answer(Answer::Named("QUOTA"))])
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        // RFC 9208 3.1.1: a server of RFC 2087 has no capability for each resource.
        let is_old = !server.capabilities.iter().any(|it| matches!(it, Capability::QuotaResource(_)));
        if !is_old || !server.has(&Capability::Quota) {
            server.require(Capability::QuotaSet)?;
        }
        line.arg("SETQUOTA ").astring(self.root.as_bytes())?.words(" (");
        for (at, (name, limit)) in self.limits.iter().enumerate() {
            line.words(if at == 0 { "" } else { " " }).atom(name)?.words(" ").number(*limit);
        }
        line.words(")");
        Ok(())
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

    fn set(name: &str) -> crate::imap::Command {
        SetQuota { root: "a".into(), limits: vec![(name.into(), 512), ("MESSAGE".into(), 9)] }.into()
    }

    #[test]
    fn names_each_limit() {
        for capabilities in ["QUOTA", "QUOTA QUOTASET QUOTA=RES-STORAGE"] {
            check_authenticated(
                capabilities,
                &[set("STORAGE")],
                "U: send
                 C: A1 SETQUOTA a (STORAGE 512 MESSAGE 9)
                 S: * QUOTA a (STORAGE 10 512)
                 S: A1 OK done
                 E: #0 Quota \"a\" STORAGE 10/512
                 E: #0 Ok done",
            );
        }
        for capabilities in ["", "QUOTA QUOTA=RES-STORAGE"] {
            check_authenticated(
                capabilities,
                &[set("STORAGE")],
                "U: send\nE: #0 Error the server lacks QUOTASET",
            );
        }
    }

    #[test]
    fn s12_a_name_cannot_carry_a_command() {
        check_authenticated("QUOTA", &[set("a)\r\nA9 LOGOUT")], "U: send\nE: #0 Error a name is not an atom");
    }
}
